//! GitLab's bodies to the facts of the use cases.

use super::{tries::Tries, wire};
use crate::app::ports::{
    Artifact, CiError, Conclusion, Job, Provider, Run, RunStatus, Tree, TreeEntry,
};

/// The file of a pipeline whose project names no other.
const USUAL_FILE: &str = ".gitlab-ci.yml";

/// A pipeline, after its project has been compared with the one that was asked for.
///
/// `source` is the project that its commit comes from.
pub(super) fn run(
    body: wire::Pipeline,
    project: &wire::Project,
    host: &str,
    source: Option<u64>,
    jobs: &Tries,
) -> Result<Run, CiError> {
    if body.project_id != project.id {
        return Err(CiError::Forged(
            "the pipeline belongs to another project".to_owned(),
        ));
    }
    let (status, conclusion) = status(&body.status);
    let conclusion = match conclusion {
        Some(Conclusion::Failure) => Some(why_failed(&body, &jobs.newest)),
        other => other,
    };
    let user = body.user;
    let user = user.ok_or_else(|| CiError::Malformed("a pipeline without a user".to_owned()))?;
    let path = project.ci_config_path.as_deref();
    let path = path.filter(|path| !path.is_empty()).unwrap_or(USUAL_FILE);
    Ok(Run {
        provider: Provider::GitLab,
        host: host.to_owned(),
        html_url: format!(
            "https://{host}/{}/-/pipelines/{}",
            project.path_with_namespace, body.id
        ),
        repository: project.path_with_namespace.clone(),
        repository_id: project.id,
        head_repository_id: source,
        run_id: body.id,
        attempt: jobs.attempt,
        workflow_path: path.to_owned(),
        event: body.source.unwrap_or_default(),
        head_sha: body.sha,
        tree_sha: None,
        head_branch: body.branch,
        actor_id: user.id,
        actor_login: user.username,
        status,
        conclusion,
        created_at: body.created_at,
        started_at: jobs.began.or(body.started_at).unwrap_or(body.created_at),
        updated_at: body.updated_at.unwrap_or(body.created_at),
        workflows: None,
    })
}

/// How far it has come, and how it ended.
///
/// A pipeline with a manual job left ends as `manual`; one that waits for its time is `scheduled`.
pub(super) fn status(word: &str) -> (RunStatus, Option<Conclusion>) {
    let ended = |conclusion| (RunStatus::Completed, Some(conclusion));
    match word {
        "success" => ended(Conclusion::Success),
        "failed" => ended(Conclusion::Failure),
        "canceled" => ended(Conclusion::Cancelled),
        "skipped" => ended(Conclusion::Skipped),
        "manual" => ended(Conclusion::ActionRequired),
        "running" | "canceling" => (RunStatus::InProgress, None),
        _ => (RunStatus::Queued, None),
    }
}

/// What made a pipeline fail, by the reasons of its jobs; faults of the machines come first.
fn why_failed(body: &wire::Pipeline, jobs: &[wire::Job]) -> Conclusion {
    if body.yaml_errors.is_some() {
        return Conclusion::StartupFailure;
    }
    let needed = jobs.iter().filter(|job| job.allow_failure != Some(true));
    let reasons: Vec<Conclusion> = needed.filter_map(reason).collect();
    let told = [
        Conclusion::Infrastructure,
        Conclusion::NotStarted,
        Conclusion::TimedOut,
    ];
    let first = told.into_iter().find(|how| reasons.contains(how));
    first.unwrap_or(Conclusion::Failure)
}

/// Why a job failed; `None` for one that did not.
fn reason(job: &wire::Job) -> Option<Conclusion> {
    if job.status != "failed" {
        return None;
    }
    Some(match job.failure_reason.as_deref().unwrap_or_default() {
        "job_execution_timeout"
        | "job_execution_server_timeout"
        | "server_timeout_running"
        | "server_timeout_canceling" => Conclusion::TimedOut,
        "ci_quota_exceeded"
        | "no_matching_runner"
        | "runner_unsupported"
        | "stuck_pending_with_matching_runners"
        | "stuck_pending_no_matching_runners" => Conclusion::NotStarted,
        // Older servers say so of a job that nobody took and of one that fell silent.
        "stuck_or_timeout_failure" if job.started_at.is_none() => Conclusion::NotStarted,
        "stuck_or_timeout_failure"
        | "runner_system_failure"
        | "runner_configuration_error"
        | "runner_external_dependency_failure"
        | "runner_interrupted"
        | "scheduler_failure"
        | "data_integrity_failure"
        | "job_router_failure"
        | "api_failure"
        | "no_updates_running"
        | "no_updates_canceling" => Conclusion::Infrastructure,
        _ => Conclusion::Failure,
    })
}

/// Whether a job said nothing of the work: it never ran, or a fault of the machines ended it.
pub(super) fn said_nothing(job: &wire::Job) -> bool {
    let reason = reason(job);
    matches!(
        reason,
        Some(Conclusion::Infrastructure | Conclusion::NotStarted)
    )
}

pub(super) fn job(body: wire::Job) -> Job {
    let (status, conclusion) = match reason(&body) {
        Some(how) => (RunStatus::Completed, Some(how)),
        None => status(&body.status),
    };
    let kind = body.runner.as_ref();
    let kind = kind.and_then(|runner| runner.runner_type.as_deref());
    Job {
        is_hosted: kind.map(|kind| kind == "instance_type"),
        id: body.id,
        name: body.name,
        status,
        conclusion,
        steps: Vec::new(),
        runner_group: body.runner.and_then(|runner| runner.description),
        labels: body.tag_list,
        attempt: None,
        started_at: body.started_at,
        completed_at: body.finished_at,
    }
}

/// The archive of a job; a job that never uploaded has none, one whose archive was deleted keeps
/// the time of that.
pub(super) fn artifact(job: &wire::Job, run: &Run) -> Option<Artifact> {
    let (name, size, expired) = match &job.artifacts_file {
        Some(file) => {
            let stem = file.filename.strip_suffix(".zip").unwrap_or(&file.filename);
            // `artifacts` is what GitLab calls the archive of a job that gave it no name.
            let name = if stem == "artifacts" { &job.name } else { stem };
            (name.to_owned(), file.size.unwrap_or(0), false)
        }
        None if job.artifacts_expire_at.is_some() => (job.name.clone(), 0, true),
        None => return None,
    };
    Some(Artifact {
        id: job.id,
        name,
        size_in_bytes: size,
        expired,
        digest: None,
        created_at: job.finished_at.unwrap_or(job.created_at),
        head_sha: run.head_sha.clone(),
        run_id: run.run_id,
        job: Some(job.name.clone()),
    })
}

/// The files of a commit.
pub(super) fn tree(entries: Vec<wire::Entry>) -> Tree {
    let files = entries.into_iter().filter(|entry| entry.kind != "tree");
    Tree::of_entries(files.map(|entry| TreeEntry {
        path: entry.path,
        sha: entry.id,
        mode: entry.mode,
    }))
}
