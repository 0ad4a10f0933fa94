//! Judging: facts and policy in, a verdict out.

use super::places::{Given, is_workflow, look_at_new};
use super::{
    CalledWorkflow, Facts, Level, PinnedWorkflow, Policy, Proof, Reason, Release, Signature, Tree,
    Verdict,
};

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
    if facts.fork {
        reasons.push(Reason::Fork);
    }
    reasons.extend(facts.astray.iter().map(|one| Reason::Astray {
        artifact: one.artifact.clone(),
        job: one.job.clone(),
    }));
    let mut release = None;
    match policy.filter(|policy| !policy.manifest.releases.is_empty()) {
        None => reasons.push(Reason::NoManifest),
        Some(policy) => {
            release = match_release(policy, facts, &mut reasons);
            if facts.is_merge && facts.merge_sha.is_none() {
                reasons.push(Reason::Merge);
            }
        }
    }
    let pinned = policy.and_then(|policy| policy.workflow.as_ref());
    reasons.extend(check_workflow(policy, release, facts));
    if left_out > 0 {
        reasons.push(Reason::TestsLeftOut { count: left_out });
    }
    if policy.is_some_and(|policy| policy.hosted_runner) {
        reasons.extend(check_machines(facts.own_machines.as_deref()));
    }
    reasons.extend(facts.shared.reasons());
    let mut proof = reasons.is_empty().then_some(Proof::ProtectedTree);
    if let (Some(policy), Some(pinned)) = (policy, pinned) {
        let graded = check_grader(pinned, facts);
        let signed = check_signature(pinned, facts);
        if proof.is_some() && graded.is_ok() {
            proof = Some(Proof::PinnedGrader);
        }
        if proof.is_some() && signed.is_ok() {
            proof = Some(Proof::Signed);
        }
        // A signature says all that the job states, and more.
        let wanted = match policy.require {
            Proof::PinnedGrader if signed.is_ok() => Proof::ProtectedTree,
            other => other,
        };
        reasons.extend(to_reasons(graded, wanted == Proof::PinnedGrader));
        reasons.extend(to_reasons(signed, wanted == Proof::Signed));
        if wanted == Proof::PinnedGrader && !protects_workflow(policy, release) {
            reasons.push(Reason::WorkflowOpen);
        }
    }
    let level = reasons.iter().map(Reason::level).max();
    let level = level.unwrap_or(Level::Verified);
    Verdict {
        level,
        release: release.map(|release| release.name.clone()),
        proof: proof.filter(|_| level <= Level::Advisory),
        reasons,
    }
}

/// Why something does not hold.
enum Lack {
    /// It is not there; that matters where the practice asks for it.
    Absent(Reason),
    /// It says something else than the run; that matters always.
    Wrong(Vec<Reason>),
}

fn to_reasons(checked: Result<(), Lack>, is_wanted: bool) -> Vec<Reason> {
    match checked {
        Err(Lack::Wrong(reasons)) => reasons,
        Err(Lack::Absent(reason)) if is_wanted => vec![reason],
        Err(Lack::Absent(_)) | Ok(()) => Vec::new(),
    }
}

/// Whether the job of the pinned workflow has stated the artifacts that were graded.
fn check_grader(pinned: &PinnedWorkflow, facts: &Facts) -> Result<(), Lack> {
    // Where called workflows are not told, no name of a job says whose it is.
    let (Some(job), Some(called)) = (&facts.grading, &facts.workflows) else {
        return Err(Lack::Absent(Reason::GraderUnknown));
    };
    if !called.iter().any(|one| pinned.is(&one.path)) {
        // Then no job of this run is of that workflow, whatever it is called.
        return Err(Lack::Absent(Reason::GraderSilent));
    }
    match job.stated.as_slice() {
        _ if job.jobs > 1 => Err(Lack::Wrong(vec![Reason::GraderUnclear])),
        [] => Err(Lack::Absent(Reason::GraderSilent)),
        [_] if job.jobs == 0 || !job.succeeded => Err(Lack::Absent(Reason::GraderSilent)),
        [stated] => {
            let differing = facts.graded.differing(stated);
            let differing: Vec<Reason> = differing
                .map(|artifact| Reason::OtherReports {
                    artifact: artifact.to_owned(),
                })
                .collect();
            if differing.is_empty() {
                Ok(())
            } else {
                Err(Lack::Wrong(differing))
            }
        }
        _ => Err(Lack::Wrong(vec![Reason::GraderUnclear])),
    }
}

/// Whether the provider has signed, for the job of the pinned workflow, the artifacts that were graded.
fn check_signature(pinned: &PinnedWorkflow, facts: &Facts) -> Result<(), Lack> {
    match &facts.signature {
        None => Err(Lack::Absent(Reason::NotSigned)),
        Some(Signature::Broken) => Err(Lack::Wrong(vec![Reason::SignatureBroken])),
        Some(Signature::SignedJob(claims)) => {
            let pipeline = facts.pipeline.as_ref();
            let Some(pipeline) = pipeline else {
                return Err(Lack::Absent(Reason::NotSigned));
            };
            if let Some(claim) = claims.find_misfit(pipeline, facts) {
                return Err(Lack::Wrong(vec![Reason::SignatureOfOther { claim }]));
            }
            let lack = claims.find_lack(pipeline, pinned);
            lack.map_or(Ok(()), |reason| Err(Lack::Absent(reason)))
        }
        Some(Signature::Signed(claims)) => {
            let misfit = claims.find_misfit(facts, pinned, &facts.graded);
            misfit.map_or(Ok(()), |claim| {
                Err(Lack::Wrong(vec![Reason::SignatureOfOther { claim }]))
            })
        }
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
    if facts.pipeline.is_none()
        && policy.workflow.is_none()
        && !protects_workflow(policy, Some(release))
    {
        reasons.push(Reason::WorkflowOpen);
    }
    Some(release)
}

fn protects_workflow(policy: &Policy, release: Option<&Release>) -> bool {
    let is_protected = |path: &String| is_workflow(path) && policy.protects(path);
    release.is_some_and(|release| release.files.keys().any(is_protected))
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

/// What is to say about the workflow that ran, and about what a pipeline was told to run besides.
fn check_workflow(
    policy: Option<&Policy>,
    release: Option<&Release>,
    facts: &Facts,
) -> Vec<Reason> {
    let Some(policy) = policy else {
        return Vec::new();
    };
    if let Some(pipeline) = &facts.pipeline {
        let names = pipeline.variables.clone().unwrap_or_default();
        let variables = (!names.is_empty()).then_some(Reason::Variables { names });
        let config = pipeline.check_config(policy, release);
        return config.into_iter().chain(variables).collect();
    }
    let called = facts.workflows.as_deref();
    let pinned = policy.workflow.as_ref();
    let reason = pinned.and_then(|pinned| check_called(pinned, called));
    reason.into_iter().collect()
}

fn check_called(pinned: &PinnedWorkflow, called: Option<&[CalledWorkflow]>) -> Option<Reason> {
    let Some(called) = called else {
        return Some(Reason::WorkflowsUnknown);
    };
    let mut of_practice = called.iter().filter(|one| pinned.is(&one.path));
    let Some(first) = of_practice.next() else {
        return Some(Reason::WorkflowNotCalled {
            workflow: format!("{}/{}", pinned.repository, pinned.path),
        });
    };
    // Every call counts: one of another commit may have written the reports.
    let other = std::iter::once(first)
        .chain(of_practice)
        .find(|one| !pinned.trusts(&one.sha));
    other.map(|one| Reason::WorkflowAtOtherCommit {
        sha: one.sha.clone(),
    })
}
