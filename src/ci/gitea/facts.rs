//! Gitea's and Forgejo's bodies to the facts of the use cases.

use url::Url;

use super::wire;
use crate::app::ports::{Artifact, CiError, Conclusion, Job, Provider, Run, RunStatus, Step};

/// A run, after its repository has been compared with the one that was asked for.
///
/// `source` is the repository that its commit comes from. Its jobs tell what older servers leave out.
pub(super) fn run(
    body: &wire::Run,
    repository: &wire::Repository,
    host: &str,
    source: Option<u64>,
    jobs: &[wire::Job],
) -> Result<Run, CiError> {
    if body
        .repository
        .as_ref()
        .is_some_and(|own| own.id != repository.id)
    {
        return Err(CiError::Forged(
            "the run belongs to another repository".to_owned(),
        ));
    }
    let name = &repository.full_name;
    let lacks = |what: &str| CiError::Malformed(format!("a run without {what}"));
    let number = page_number(body, host, name).ok_or_else(|| lacks("its own page"))?;
    let created_at = body
        .created_at()
        .or_else(|| jobs.iter().filter_map(wire::Job::created_at).min())
        .or_else(|| body.started_at())
        .ok_or_else(|| lacks("a time"))?;
    let of_jobs = || jobs.iter().filter_map(wire::Job::attempt).max();
    let attempt = body.attempt().or_else(of_jobs).unwrap_or(1);
    let actor = body.actor().ok_or_else(|| lacks("an actor"))?;
    let (status, conclusion) = status(body);
    Ok(Run {
        provider: Provider::Gitea,
        host: host.to_owned(),
        html_url: format!("https://{host}/{name}/actions/runs/{number}"),
        repository: name.clone(),
        repository_id: repository.id,
        head_repository_id: source,
        run_id: body.id,
        attempt,
        workflow_path: body.workflow().to_owned(),
        event: body.event.clone().unwrap_or_default(),
        head_sha: body.sha().to_owned(),
        tree_sha: None,
        head_branch: body.branch().map(str::to_owned),
        actor_id: actor.id,
        actor_login: actor.login.clone(),
        status,
        conclusion,
        created_at,
        started_at: body.started_at().unwrap_or(created_at),
        updated_at: body.updated_at().unwrap_or(created_at),
        workflows: None,
    })
}

/// The number in the address of a run's own page, when that page is in this repository.
pub(super) fn page_number(run: &wire::Run, host: &str, repository: &str) -> Option<u64> {
    let page = Url::parse(&run.html_url).ok()?;
    // A server behind a proxy may not know its port or scheme; its name it must know.
    let here = page
        .host_str()
        .is_some_and(|own| own.eq_ignore_ascii_case(host));
    let path = page.path().to_ascii_lowercase();
    let own = format!("/{}/actions/runs/", repository.to_ascii_lowercase());
    let rest = path.strip_prefix(&own).filter(|_| here)?;
    rest.split('/').next()?.parse().ok()
}

/// How far it has come, and how it ended. Forgejo says both with one word.
pub(super) fn status(run: &wire::Run) -> (RunStatus, Option<Conclusion>) {
    match words(&run.status, run.conclusion.as_deref()) {
        // Nobody took it until it was ended, by a person or by the server.
        (status, Some(Conclusion::Cancelled)) if run.started_at().is_none() => {
            (status, Some(Conclusion::NotStarted))
        }
        (RunStatus::Queued, None) if run.need_approval == Some(true) => {
            (RunStatus::Completed, Some(Conclusion::ActionRequired))
        }
        told => told,
    }
}

fn words(status: &str, conclusion: Option<&str>) -> (RunStatus, Option<Conclusion>) {
    let word = if status == "completed" {
        conclusion.unwrap_or("")
    } else {
        status
    };
    let ended = |conclusion| (RunStatus::Completed, Some(conclusion));
    match word {
        "success" => ended(Conclusion::Success),
        "failure" => ended(Conclusion::Failure),
        "cancelled" => ended(Conclusion::Cancelled),
        "skipped" => ended(Conclusion::Skipped),
        "running" | "in_progress" => (RunStatus::InProgress, None),
        _ if status == "completed" => ended(Conclusion::Other),
        _ => (RunStatus::Queued, None),
    }
}

pub(super) fn job(body: wire::Job) -> Job {
    let (status, conclusion) = words(&body.status, body.conclusion.as_deref());
    let (started_at, completed_at) = body.times();
    // One that was skipped has not run in any attempt.
    let attempt = body
        .attempt()
        .filter(|_| conclusion != Some(Conclusion::Skipped));
    let step = |step: wire::Step| Step {
        number: step.number,
        conclusion: words(&step.status, step.conclusion.as_deref()).1,
        name: step.name,
    };
    Job {
        id: body.id,
        name: body.name,
        status,
        conclusion,
        steps: body
            .steps
            .unwrap_or_default()
            .into_iter()
            .map(step)
            .collect(),
        attempt,
        runner_group: body.runner_name,
        is_hosted: None,
        labels: body.labels.or(body.runs_on).unwrap_or_default(),
        started_at,
        completed_at,
    }
}

pub(super) fn artifact(body: wire::Artifact, run: &Run) -> Artifact {
    let uploaded_at = body.uploaded_at();
    Artifact {
        id: body.id,
        name: body.name,
        size_in_bytes: body.size_in_bytes,
        expired: body.expired,
        digest: body.digest,
        created_at: uploaded_at.unwrap_or(run.updated_at),
        head_sha: run.head_sha.clone(),
        run_id: run.run_id,
        job: None,
    }
}
