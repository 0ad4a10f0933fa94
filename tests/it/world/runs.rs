//! Runs to hand in: real reports of real tools.

use std::path::{Path, PathBuf};

use docent::play::github::{LoopbackGitHub, Overrides, Recorded};
use serde_json::Value;

/// A recorded run, to be changed before it is handed in.
pub struct Sample {
    pub recorded: Recorded,
    pub overrides: Overrides,
    /// The files of its commit, when they were recorded.
    pub tree: Option<Value>,
}

/// The folder of a recorded run: one that `docent play` shows, or one for the stories alone.
pub fn folder(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = root.join("samples").join(name);
    if shown.is_dir() {
        shown
    } else {
        root.join("tests/data/runs").join(name)
    }
}

impl Sample {
    /// Reads a recorded run.
    pub fn read(name: &str) -> Self {
        let folder = folder(name);
        let body = |file: &str| -> Value {
            let text = std::fs::read(folder.join(file)).expect("a recorded body");
            serde_json::from_slice(&text).expect("JSON")
        };
        let mut zips = Vec::new();
        for entry in std::fs::read_dir(&folder)
            .expect("a recorded run")
            .flatten()
        {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "zip") {
                let stem = path
                    .file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                zips.push((stem, std::fs::read(&path).expect("a zip")));
            }
        }
        let tree = folder
            .join("tree.json")
            .is_file()
            .then(|| body("tree.json"));
        let (run, jobs, artifacts) = (body("run.json"), body("jobs.json"), body("artifacts.json"));
        Self {
            recorded: Recorded {
                run,
                jobs,
                artifacts,
                tree: std::fs::read(folder.join("tree.json"))
                    .ok()
                    .map(|text| serde_json::from_slice(&text).expect("JSON")),
                zips,
            },
            overrides: Overrides::default(),
            tree,
        }
    }

    /// The same run, still going.
    pub fn running(mut self) -> Self {
        self.recorded.run["status"] = "in_progress".into();
        self.recorded.run["conclusion"] = Value::Null;
        self
    }

    /// The same run under another number.
    pub fn numbered(mut self, run: u64) -> Self {
        self.overrides.run_id = Some(run);
        self
    }

    /// Puts the run into a loopback GitHub and gives its link.
    pub fn add_to(self, github: &LoopbackGitHub) -> String {
        let repository = self.recorded.run["repository"]["full_name"]
            .as_str()
            .expect("a name")
            .to_owned();
        let run = github
            .add_recorded(self.recorded, &self.overrides)
            .expect("a whole recording");
        if let Some(tree) = self.tree {
            github.add_tree(&repository, tree).expect("a tree");
        }
        format!("https://github.com/{repository}/actions/runs/{run}")
    }
}

/// Puts a recorded run into a loopback GitHub and gives its link.
pub fn link(github: &LoopbackGitHub, name: &str) -> String {
    Sample::read(name).add_to(github)
}
