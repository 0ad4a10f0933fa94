//! The tree of a commit: every file with its git blob id.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The files of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Its own id, where the provider tells it.
    #[serde(default)]
    pub sha: Option<String>,
    /// Path from the root to git blob id; a symbolic link and a submodule count as files.
    pub files: BTreeMap<String, String>,
    /// Those of `files` that stand for something else, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stand_ins: BTreeMap<String, StandIn>,
    /// Whether the provider left some out because there are too many.
    pub truncated: bool,
}

/// What an entry of a tree stands for when it is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandIn {
    /// A symbolic link: the file or folder it names.
    Link,
    /// A submodule: all files of a commit of another repository.
    Submodule,
}

impl StandIn {
    /// What git's mode of an entry says: `120000` is a link, `160000` a submodule.
    #[must_use]
    pub fn of_mode(mode: &str) -> Option<Self> {
        match mode {
            "120000" => Some(Self::Link),
            "160000" => Some(Self::Submodule),
            _ => None,
        }
    }
}

/// An entry of a tree, as providers list it.
#[derive(Debug)]
pub struct TreeEntry {
    /// Its path from the root.
    pub path: String,
    /// Its git id.
    pub sha: String,
    /// Its git mode; empty where the provider does not tell.
    pub mode: String,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    sha: Option<String>,
    tree: Vec<WireEntry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct WireEntry {
    path: String,
    sha: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Tree {
    /// The tree of a JSON answer of GitHub's API.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        let wire: Wire = serde_json::from_slice(json).ok()?;
        let entries = wire.tree.into_iter().filter(|entry| entry.kind != "tree");
        let tree = Self::of_entries(entries.map(|entry| TreeEntry {
            path: entry.path,
            sha: entry.sha,
            mode: entry.mode,
        }));
        Some(Self {
            sha: wire.sha,
            truncated: wire.truncated,
            ..tree
        })
    }

    /// The tree of these entries, folders left out.
    #[must_use]
    pub fn of_entries(entries: impl Iterator<Item = TreeEntry>) -> Self {
        let mut tree = Self::default();
        for entry in entries {
            if let Some(stand_in) = StandIn::of_mode(&entry.mode) {
                tree.stand_ins.insert(entry.path.clone(), stand_in);
            }
            tree.files.insert(entry.path, entry.sha.to_lowercase());
        }
        tree
    }
}
