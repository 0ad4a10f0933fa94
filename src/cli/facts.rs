//! The facts of a run out of saved answers of GitHub's API.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::tree::load_tree;
use crate::domain::trust::{CalledWorkflow, Facts};

/// The facts that lie in any of the folders; what is not there is not known.
pub fn load_facts(folders: &[PathBuf]) -> anyhow::Result<Facts> {
    let find = |names: &[&str]| {
        let mut places = folders
            .iter()
            .flat_map(|folder| names.iter().map(|name| folder.join(name)));
        places.find(|place| place.is_file())
    };
    let tree = find(&["git/tree.json", "tree.json", "api/github/tree.json"]);
    let run = find(&["api/github/run.json", "run.json"]);
    let mut facts = Facts::default();
    let mut wanted = None;
    if let Some(run) = &run {
        let run = load_json(run)?;
        let text = |pointer| run.pointer(pointer).and_then(Value::as_str);
        text("/head_sha")
            .unwrap_or_default()
            .clone_into(&mut facts.head_sha);
        facts.event = text("/event").map(str::to_owned);
        facts.is_merge = text("/event") == Some("pull_request");
        facts.workflows = run
            .get("referenced_workflows")
            .and_then(Value::as_array)
            .map(|called| called.iter().filter_map(workflow).collect());
        wanted = text("/head_commit/tree_id").map(str::to_owned);
    }
    if let Some(tree) = &tree {
        let tree = load_tree(tree)?;
        if let (Some(wanted), Some(told)) = (&wanted, &tree.sha)
            && wanted != told
        {
            bail!("the tree is {told}, and the run tested {wanted}: save both of the same run");
        }
        facts.tree = Some(tree);
    }
    Ok(facts)
}

fn load_json(path: &Path) -> anyhow::Result<Value> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}

fn workflow(body: &Value) -> Option<CalledWorkflow> {
    let text = |key| body.get(key)?.as_str().map(str::to_owned);
    Some(CalledWorkflow {
        path: text("path")?,
        sha: text("sha")?,
    })
}
