//! GitHub's bodies to the facts of the use cases.

use super::wire;
use crate::app::ports::{
    Artifact, CalledWorkflow, CiError, Conclusion, Job, Provider, Run, RunStatus, Step,
};

/// The group of GitHub's own machines; nobody else's machine can join it.
const HOSTED_GROUP: &str = "GitHub Actions";

/// A run, after its repository has been compared with the one that was asked for.
///
/// `redirected` says that GitHub itself led there: the repository was renamed, and the new name
/// counts.
pub(super) fn run(
    body: wire::Run,
    host: &str,
    repository: &str,
    redirected: bool,
) -> Result<Run, CiError> {
    let full_name = body.repository.full_name.clone();
    if !redirected && !full_name.eq_ignore_ascii_case(repository) {
        return Err(CiError::Forged(
            "the run belongs to another repository".to_owned(),
        ));
    }
    let attempt = body.attempt();
    let actor = body.actor;
    let actor = actor.ok_or_else(|| CiError::Malformed("a run without an actor".to_owned()))?;
    Ok(Run {
        provider: Provider::GitHub,
        html_url: format!(
            "https://{host}/{full_name}/actions/runs/{}/attempts/{attempt}",
            body.id
        ),
        host: host.to_owned(),
        repository: full_name,
        repository_id: body.repository.id,
        head_repository_id: body.head_repository.map(|head| head.id),
        run_id: body.id,
        attempt,
        workflow_path: without_reference(&body.path),
        event: body.event,
        head_sha: body.head_sha,
        tree_sha: body.head_commit.and_then(|commit| commit.tree_id),
        head_branch: body.head_branch,
        actor_id: actor.id,
        actor_login: actor.login,
        status: status(body.status.as_deref()),
        conclusion: body.conclusion.as_deref().map(conclusion),
        created_at: body.created_at,
        started_at: body.started_at.unwrap_or(body.created_at),
        updated_at: body.updated_at,
        workflows: body.workflows.map(|called| {
            let called = called.into_iter().map(|one| CalledWorkflow {
                path: one.path,
                sha: one.sha,
            });
            called.collect()
        }),
    })
}

/// `.github/workflows/ci.yml@main` without what follows the `@`.
fn without_reference(path: &str) -> String {
    path.split('@').next().unwrap_or_default().to_owned()
}

pub(super) fn job(body: wire::Job) -> Job {
    let group = body.runner_group_name.as_deref();
    let group = group.filter(|group| !group.is_empty());
    let own_label = || body.labels.iter().any(|label| label == "self-hosted");
    Job {
        is_hosted: group.map(|group| group == HOSTED_GROUP && !own_label()),
        id: body.id,
        name: body.name,
        status: status(Some(&body.status)),
        conclusion: body.conclusion.as_deref().map(conclusion),
        steps: body.steps.into_iter().map(step).collect(),
        runner_group: body.runner_group_name,
        labels: body.labels,
        attempt: None,
        started_at: body.started_at,
        completed_at: body.completed_at,
    }
}

fn step(body: wire::Step) -> Step {
    Step {
        number: body.number,
        name: body.name,
        conclusion: body.conclusion.as_deref().map(conclusion),
    }
}

/// An artifact of this run and this commit; any other is none of ours.
pub(super) fn artifact(body: wire::Artifact, run: &Run) -> Option<Artifact> {
    let origin = body.workflow_run?;
    let ours = origin.id == Some(run.run_id) && origin.head_sha.as_deref() == Some(&run.head_sha);
    let created_at = body.created_at.filter(|_| ours)?;
    Some(Artifact {
        id: body.id,
        name: body.name,
        size_in_bytes: body.size_in_bytes,
        expired: body.expired,
        digest: body.digest,
        created_at,
        head_sha: run.head_sha.clone(),
        run_id: run.run_id,
        job: None,
    })
}

/// Whatever is neither ended nor running waits: `queued`, `waiting`, `requested`, `pending`.
fn status(word: Option<&str>) -> RunStatus {
    match word {
        Some("completed") => RunStatus::Completed,
        Some("in_progress") => RunStatus::InProgress,
        _ => RunStatus::Queued,
    }
}

fn conclusion(word: &str) -> Conclusion {
    match word {
        "success" => Conclusion::Success,
        "failure" => Conclusion::Failure,
        "neutral" => Conclusion::Neutral,
        "cancelled" => Conclusion::Cancelled,
        "skipped" => Conclusion::Skipped,
        "timed_out" => Conclusion::TimedOut,
        "action_required" => Conclusion::ActionRequired,
        "stale" => Conclusion::Stale,
        "startup_failure" => Conclusion::StartupFailure,
        _ => Conclusion::Other,
    }
}
