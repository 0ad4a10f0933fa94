//! Runs to hand in: real reports of real tools.

use std::{
    io::{Cursor, Read as _, Write as _},
    path::{Path, PathBuf},
};

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

    /// The same work of somebody else: a run of its own number, of other files, and reports of another moment.
    pub fn of_another(mut self, run: u64) -> Self {
        let tree = Value::from(format!("{run:040}"));
        self.recorded.run["head_commit"]["tree_id"] = tree.clone();
        for body in [&mut self.tree, &mut self.recorded.tree]
            .into_iter()
            .flatten()
        {
            body["sha"] = tree.clone();
        }
        for (_, bytes) in &mut self.recorded.zips {
            *bytes = written_later(bytes);
        }
        let artifacts = self.recorded.artifacts["artifacts"].as_array_mut();
        for artifact in artifacts.expect("artifacts") {
            artifact["digest"] = Value::Null;
        }
        self.numbered(run)
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

/// A zip whose files say the same in other bytes: a line feed more.
fn written_later(bytes: &[u8]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut entry = old.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut text = Vec::new();
        entry.read_to_end(&mut text).expect("its bytes");
        text.push(b'\n');
        let options = zip::write::SimpleFileOptions::default();
        new.start_file(name, options).expect("an entry");
        new.write_all(&text).expect("its bytes");
    }
    new.finish().expect("a zip").into_inner()
}

/// Puts a recorded run into a loopback GitHub and gives its link.
pub fn link(github: &LoopbackGitHub, name: &str) -> String {
    Sample::read(name).add_to(github)
}
