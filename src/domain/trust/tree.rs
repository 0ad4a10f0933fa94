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
    /// Whether the provider left some out because there are too many.
    pub truncated: bool,
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
    #[serde(rename = "type")]
    kind: String,
}

impl Tree {
    /// The tree of a JSON answer of GitHub's API.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        let wire: Wire = serde_json::from_slice(json).ok()?;
        let entries = wire.tree.into_iter().filter(|entry| entry.kind != "tree");
        Some(Self {
            sha: wire.sha,
            files: entries
                .map(|entry| (entry.path, entry.sha.to_lowercase()))
                .collect(),
            truncated: wire.truncated,
        })
    }
}
