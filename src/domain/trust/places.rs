//! New files where none should be: by their path, and by what a careless file system takes it for.

use std::collections::{HashMap, HashSet};

use super::{Policy, Reason, Release, StandIn, Tree};
use crate::domain::pattern::{PathPattern, fold_path};

/// The protected files of a release by their folded paths.
#[derive(Debug)]
pub(super) struct Given<'a>(HashMap<String, &'a str>);

impl<'a> Given<'a> {
    pub fn of(policy: &Policy, release: &'a Release) -> Self {
        let paths = release.files.keys().filter(|path| policy.protects(path));
        Self(
            paths
                .map(|path| (fold_path(path).into_owned(), path.as_str()))
                .collect(),
        )
    }

    /// Whether a workflow is among them.
    fn has_workflow(&self) -> bool {
        self.0.values().any(|path| is_workflow(path))
    }

    /// The given file that a careless file system would not tell from this new one.
    pub fn find_twin(&self, path: &str) -> Option<&'a str> {
        self.0.get(&*fold_path(path)).copied()
    }
}

/// What of a commit a policy looks at: facts keep no other files of it.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    policy: &'a Policy,
    /// Folded paths of the files of all releases.
    given: HashSet<String>,
}

impl<'a> Sight<'a> {
    pub fn of(policy: &'a Policy) -> Self {
        let releases = policy.manifest.releases.iter();
        let paths = releases.flat_map(|release| release.files.keys());
        Self {
            policy,
            given: paths.map(|path| fold_path(path).into_owned()).collect(),
        }
    }

    /// Whether a path is of interest: given, hardly told from a given one, meant by a glob, or a
    /// workflow.
    pub fn sees(&self, path: &str) -> bool {
        self.given.contains(&*fold_path(path))
            || PathPattern::any_like(&self.policy.protect, path)
            || PathPattern::any_like(&self.policy.forbid, path)
            || is_in_workflows(path)
    }
}

/// What is to say about a file that no release has; `None` when members may add it.
pub(super) fn look_at_new(
    policy: &Policy,
    given: &Given<'_>,
    tree: &Tree,
    path: &str,
) -> Option<Reason> {
    let stand_in = tree.stand_ins.get(path);
    // A link or a submodule may be a whole folder.
    let inside = stand_in.map(|_| format!("{path}/_"));
    let is_any = |means: &dyn Fn(&str) -> bool| means(path) || inside.as_deref().is_some_and(means);
    let path = path.to_owned();
    if is_any(&|path| PathPattern::any_like(&policy.forbid, path)) {
        return Some(Reason::Forbidden { path });
    }
    if let Some(twin) = given.find_twin(&path) {
        let given = twin.to_owned();
        return Some(Reason::Twin { path, given });
    }
    if !policy.protect.is_empty() && is_any(&|path| policy.protects_like(path)) {
        return Some(Reason::Added { path });
    }
    // Beside a given workflow, one of the member's own may upload reports under the same names.
    if policy.workflow.is_none()
        && given.has_workflow()
        && is_any(&is_in_workflows)
        && !PathPattern::any_like(&policy.editable, &path)
    {
        return Some(Reason::Added { path });
    }
    let hides = stand_in == Some(&StandIn::Submodule) && !policy.forbid.is_empty();
    hides.then_some(Reason::Submodule { path })
}

/// Whether a CI server runs what is in such a file.
pub(super) fn is_workflow(path: &str) -> bool {
    path == ".gitlab-ci.yml" || is_in_workflows(path)
}

/// Whether every file beside this one is a workflow, too.
fn is_in_workflows(path: &str) -> bool {
    let folders = [
        ".github/workflows/",
        ".gitea/workflows/",
        ".forgejo/workflows/",
    ];
    folders.iter().any(|folder| path.starts_with(folder))
}
