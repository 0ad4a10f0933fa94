//! The tree of a commit out of files: a folder, or what GitHub's API says of it.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, bail};
use sha1::{Digest as _, Sha1};

use crate::{domain::trust::Tree, files::list_folder};

/// Folders that git never keeps, or that tools leave beside a project.
const LEFT_OUT: [&str; 6] = [
    ".git",
    "node_modules",
    ".venv",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
];

/// The tree at a path: a folder, or a JSON answer of `GET /git/trees/SHA?recursive=1`.
pub fn load_tree(path: &Path) -> anyhow::Result<Tree> {
    if path.is_dir() {
        let mut files = BTreeMap::new();
        collect(path, path, &mut files)?;
        return Ok(Tree {
            files,
            ..Tree::default()
        });
    }
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let Some(tree) = Tree::parse(&bytes) else {
        bail!(
            "{} is no tree: name a folder, or the answer of GitHub's API",
            path.display()
        );
    };
    Ok(tree)
}

fn collect(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for entry in list_folder(folder)? {
        let name = entry
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| LEFT_OUT.contains(&name.as_str())) {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, root, files)?;
        } else {
            let bytes = std::fs::read(&entry)
                .with_context(|| format!("{} cannot be read", entry.display()))?;
            let path = entry.strip_prefix(root).unwrap_or(&entry);
            files.insert(path.to_string_lossy().replace('\\', "/"), blob_id(&bytes));
        }
    }
    Ok(())
}

/// The id git gives a file: SHA-1 over a short header and its bytes.
fn blob_id(bytes: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    crate::domain::digest::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_file_is_the_one_git_gives_it() {
        assert_eq!(blob_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(
            blob_id(b"hello\n"),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
    }
}
