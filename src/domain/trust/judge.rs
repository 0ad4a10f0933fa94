//! Judging: facts and policy in, a verdict out.

use super::places::{Given, look_at_new};
use super::{CalledWorkflow, Facts, Level, PinnedWorkflow, Policy, Reason, Release, Tree, Verdict};

/// Events that run a workflow of another commit than the one they name, or that anyone can raise.
const EVENTS_NOT_GRADED: [&str; 4] = [
    "workflow_run",
    "schedule",
    "repository_dispatch",
    "pull_request_target",
];

/// Whether runs started by an event are graded at all.
#[must_use]
pub fn is_graded_event(event: &str) -> bool {
    !EVENTS_NOT_GRADED.contains(&event)
}

/// The verdict on a run. `left_out` counts given tests that a green run did not name.
#[must_use]
pub fn judge(policy: Option<&Policy>, facts: &Facts, left_out: u32) -> Verdict {
    let mut reasons = Vec::new();
    let event = facts.event.as_deref().unwrap_or_default();
    if !is_graded_event(event) {
        reasons.push(Reason::Event {
            event: event.to_owned(),
        });
    }
    let mut release = None;
    match policy.filter(|policy| !policy.manifest.releases.is_empty()) {
        None => reasons.push(Reason::NoManifest),
        Some(policy) => {
            release = match_release(policy, facts, &mut reasons);
            if facts.is_merge {
                reasons.push(Reason::Merge);
            }
        }
    }
    if let Some(pinned) = policy.and_then(|policy| policy.workflow.as_ref()) {
        reasons.extend(check_workflow(pinned, facts.workflows.as_deref()));
    }
    if left_out > 0 {
        reasons.push(Reason::TestsLeftOut { count: left_out });
    }
    if policy.is_some_and(|policy| policy.hosted_runner) {
        reasons.extend(check_machines(facts.own_machines.as_deref()));
    }
    reasons.extend(facts.shared.reasons());
    Verdict {
        level: reasons
            .iter()
            .map(Reason::level)
            .max()
            .unwrap_or(Level::Verified),
        release: release.map(|release| release.name.clone()),
        reasons,
    }
}

/// The release of the starter that a run is of: the one from which least differs, the newest of those.
#[must_use]
pub fn find_release<'a>(policy: &'a Policy, tree: &Tree) -> Option<&'a Release> {
    let by_distance = policy.manifest.releases.iter().rev();
    by_distance.min_by_key(|release| compare(policy, release, tree).len())
}

fn match_release<'a>(
    policy: &'a Policy,
    facts: &Facts,
    reasons: &mut Vec<Reason>,
) -> Option<&'a Release> {
    let Some(tree) = &facts.tree else {
        reasons.push(Reason::TreeUnknown);
        return None;
    };
    let release = find_release(policy, tree)?;
    let differences = compare(policy, release, tree);
    if tree.truncated {
        // What is left out cannot be told from what is gone.
        reasons.push(Reason::TreeTruncated);
        let seen = differences.into_iter();
        reasons.extend(seen.filter(|one| !matches!(one, Reason::Gone { .. })));
    } else {
        reasons.extend(differences);
    }
    let mut protected = release.files.keys();
    if policy.workflow.is_none() && !protected.any(|path| is_workflow(path)) {
        reasons.push(Reason::WorkflowOpen);
    }
    Some(release)
}

fn is_workflow(path: &str) -> bool {
    let folders = [
        ".github/workflows/",
        ".gitea/workflows/",
        ".forgejo/workflows/",
    ];
    path == ".gitlab-ci.yml" || folders.iter().any(|folder| path.starts_with(folder))
}

/// What differs between a release and the files of a commit, by path.
fn compare(policy: &Policy, release: &Release, tree: &Tree) -> Vec<Reason> {
    let given = release
        .files
        .iter()
        .filter(|(path, _)| policy.protects(path));
    let mut differences: Vec<Reason> = given
        .filter_map(|(path, sha)| match tree.files.get(path) {
            None => Some(Reason::Gone { path: path.clone() }),
            Some(now) if !now.eq_ignore_ascii_case(sha) => {
                Some(Reason::Changed { path: path.clone() })
            }
            Some(_) => None,
        })
        .collect();
    let beside = Given::of(policy, release);
    let new = tree.files.keys();
    let new = new.filter(|path| !release.files.contains_key(*path));
    differences.extend(new.filter_map(|path| look_at_new(policy, &beside, tree, path)));
    differences
}

fn check_machines(own: Option<&[String]>) -> Vec<Reason> {
    let Some(own) = own else {
        return vec![Reason::MachinesUnknown];
    };
    let jobs = own.iter().cloned();
    jobs.map(|job| Reason::OwnMachine { job }).collect()
}

fn check_workflow(pinned: &PinnedWorkflow, called: Option<&[CalledWorkflow]>) -> Option<Reason> {
    let Some(called) = called else {
        return Some(Reason::WorkflowsUnknown);
    };
    let wanted = format!("{}/{}", pinned.repository, pinned.path);
    let mut of_practice = called.iter().filter(|one| {
        let path = one.path.split('@').next().unwrap_or_default();
        path.eq_ignore_ascii_case(&wanted)
    });
    let Some(first) = of_practice.next() else {
        return Some(Reason::WorkflowNotCalled { workflow: wanted });
    };
    let is_trusted = |one: &CalledWorkflow| {
        let mut shas = pinned.shas.iter();
        shas.any(|sha| sha.eq_ignore_ascii_case(&one.sha))
    };
    // Every call counts: one of another commit may have written the reports.
    let other = std::iter::once(first)
        .chain(of_practice)
        .find(|one| !is_trusted(one));
    other.map(|one| Reason::WorkflowAtOtherCommit {
        sha: one.sha.clone(),
    })
}
