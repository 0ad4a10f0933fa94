//! GitLab's bodies to the facts of the use cases.

use super::wire;
use crate::app::ports::{
    Artifact, CiError, Conclusion, Job, Provider, Run, RunStatus, Tree, TreeEntry,
};

/// The file of a pipeline whose project names no other.
const USUAL_FILE: &str = ".gitlab-ci.yml";

/// A pipeline, after its project has been compared with the one that was asked for.
pub(super) fn run(
    body: wire::Pipeline,
    project: &wire::Project,
    host: &str,
) -> Result<Run, CiError> {
    if body.project_id != project.id {
        return Err(CiError::Forged(
            "the pipeline belongs to another project".to_owned(),
        ));
    }
    let user = body.user;
    let user = user.ok_or_else(|| CiError::Malformed("a pipeline without a user".to_owned()))?;
    let (status, conclusion) = status(&body.status);
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
        head_repository_id: Some(project.id),
        run_id: body.id,
        attempt: 1,
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
        started_at: body.started_at.unwrap_or(body.created_at),
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

pub(super) fn job(body: wire::Job) -> Job {
    let (status, conclusion) = status(&body.status);
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
