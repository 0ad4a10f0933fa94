//! Paths as a reader of the repository knows them.

use std::sync::LazyLock;

use regex::Regex;

/// Where runners check a repository out, up to and including the repository's folder.
static CHECKOUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        "^(?:",
        "/home/runner/work/[^/]+/[^/]+|/Users/runner/work/[^/]+/[^/]+|",
        "[A-Za-z]:/a/[^/]+/[^/]+|/__w/[^/]+/[^/]+|/github/workspace|",
        "/.*?/(?:_work|actions-runner/work)/[^/]+/[^/]+|",
        "/builds/[^/]+/[^/]+|/workspace/[^/]+/[^/]+",
        ")/"
    ))
    .ok()
});

/// A path relative to the repository when it starts with a known runner's checkout folder.
///
/// Knows GitHub's hosted, container and self-hosted runners, GitLab's `/builds/GROUP/PROJECT/`
/// and Gitea's `/workspace/OWNER/REPO/`. Backslashes become slashes, `file://` and `./` go.
#[must_use]
pub fn shorten_path(path: &str) -> String {
    let path = path.strip_prefix("file://").unwrap_or(path);
    let path = path.replace('\\', "/");
    let found = CHECKOUT.as_ref().and_then(|checkout| checkout.find(&path));
    let short = found.map_or(path.as_str(), |prefix| {
        path.get(prefix.end()..).unwrap_or(&path)
    });
    let mut short = short;
    while let Some(rest) = short.strip_prefix("./") {
        short = rest.trim_start_matches('/');
    }
    short.to_owned()
}

#[cfg(test)]
mod tests {
    use super::shorten_path;

    #[test]
    fn runner_folders_are_dropped() {
        for (long, short) in [
            ("/home/runner/work/x/x/back/app/main.py", "back/app/main.py"),
            ("/builds/group/project/app/main.py", "app/main.py"),
            ("D:\\a\\x\\x\\front\\src\\a.ts", "front/src/a.ts"),
            ("file:///home/runner/work/x/x/a.js", "a.js"),
            ("/opt/ci/_work/x/x/a.js", "a.js"),
            ("/__w/x/x/a.js", "a.js"),
            ("././app\\main.py", "app/main.py"),
            ("/srv/app/main.py", "/srv/app/main.py"),
            ("", ""),
        ] {
            assert_eq!(shorten_path(long), short);
        }
    }
}
