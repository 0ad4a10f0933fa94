//! From any page of a repository to a run.

use super::{GitHub, facts, wire};
use crate::app::ports::{CiError, LinkTarget, Run, RunStatus};
use crate::ci::client::Fetched;
use crate::ci::link::{self, parse_link};

impl GitHub {
    pub(super) async fn follow(
        &self,
        repository: &str,
        target: &LinkTarget,
    ) -> Result<Run, CiError> {
        match target {
            LinkTarget::Run { run, attempt } => self.load_run(repository, *run, *attempt).await,
            LinkTarget::Job { run, job } => self.run_of_job(repository, *run, *job).await,
            LinkTarget::Artifact { run, artifact } => {
                self.run_of_artifact(repository, *run, *artifact).await
            }
            LinkTarget::CheckRun(check) => self.run_of_check(repository, *check).await,
            LinkTarget::PullRequest(number) => {
                let sha = self.head_of(repository, *number).await?;
                self.latest_run(repository, &["actions", "runs"], Some(("head_sha", &sha)))
                    .await
            }
            LinkTarget::Commit(sha) => {
                let sha = self.full_name(repository, sha).await?;
                self.latest_run(repository, &["actions", "runs"], Some(("head_sha", &sha)))
                    .await
            }
            LinkTarget::Branch(branch) => {
                self.latest_run(repository, &["actions", "runs"], Some(("branch", branch)))
                    .await
            }
            LinkTarget::Workflow(file) => {
                self.latest_run(repository, &["actions", "workflows", file, "runs"], None)
                    .await
            }
        }
    }

    /// The attempt a job ran in.
    async fn run_of_job(
        &self,
        repository: &str,
        run: Option<u64>,
        job: u64,
    ) -> Result<Run, CiError> {
        let url = self.url(repository, &["actions", "jobs", &job.to_string()])?;
        let (body, _): (wire::Job, Fetched) = self.fetch_one(url).await?;
        if body.id != job {
            return Err(CiError::Forged("another job was answered".to_owned()));
        }
        same_run(run, body.run_id)?;
        self.load_run(repository, body.run_id, body.run_attempt)
            .await
    }

    async fn run_of_artifact(
        &self,
        repository: &str,
        run: Option<u64>,
        artifact: u64,
    ) -> Result<Run, CiError> {
        let url = self.url(repository, &["actions", "artifacts", &artifact.to_string()])?;
        let (body, _): (wire::Artifact, Fetched) = self.fetch_one(url).await?;
        let origin = body.workflow_run.and_then(|origin| origin.id);
        let origin = origin.ok_or(CiError::NotFound)?;
        same_run(run, origin)?;
        self.load_run(repository, origin, None).await
    }

    /// A check run of Actions bears the number of its job; if there is no such job, the check
    /// run's own address of details is read as a link, on this host and in this repository.
    async fn run_of_check(&self, repository: &str, check: u64) -> Result<Run, CiError> {
        match self.run_of_job(repository, None, check).await {
            Err(CiError::NotFound) => {}
            other => return other,
        }
        let url = self.url(repository, &["check-runs", &check.to_string()])?;
        let (body, _): (wire::CheckRun, Fetched) = self.fetch_one(url).await?;
        let details = body.details_url.ok_or(CiError::NotFound)?;
        let hosts = [self.host.clone()];
        let link =
            parse_link(&details, &hosts, link::github::read).map_err(|_| CiError::NotFound)?;
        let here = link.repository.eq_ignore_ascii_case(repository);
        match link.target {
            LinkTarget::Run { run, attempt } if here => {
                self.load_run(repository, run, attempt).await
            }
            LinkTarget::Job { run, job } if here => self.run_of_job(repository, run, job).await,
            _ => Err(CiError::NotFound),
        }
    }

    /// What a "not found" means: the repository is not there or not shown, or it is and has no
    /// such run.
    pub(super) async fn what_is_missing(&self, repository: &str) -> CiError {
        let asked = async {
            let url = self.url(repository, &[])?;
            self.fetch_one::<wire::Numbered>(url).await
        };
        match asked.await {
            Ok(_) => CiError::NotFound,
            Err(CiError::NotFound) => CiError::Private,
            Err(error) => error,
        }
    }

    async fn head_of(&self, repository: &str, pull: u64) -> Result<String, CiError> {
        let url = self.url(repository, &["pulls", &pull.to_string()])?;
        let (pull, _): (wire::Pull, Fetched) = self.fetch_one(url).await?;
        Ok(pull.head.sha)
    }

    /// The forty digits behind a shortened commit name; lists of runs know only those.
    async fn full_name(&self, repository: &str, sha: &str) -> Result<String, CiError> {
        if sha.len() == 40 {
            return Ok(sha.to_owned());
        }
        let url = self.url(repository, &["commits", sha])?;
        let (commit, _): (wire::Head, Fetched) = self.fetch_one(url).await?;
        Ok(commit.sha)
    }

    /// The latest completed run of a list, or the latest one when none has completed: then the
    /// caller sees a run that is still going, and may wait for it.
    async fn latest_run(
        &self,
        repository: &str,
        path: &[&str],
        filter: Option<(&str, &str)>,
    ) -> Result<Run, CiError> {
        let mut url = self.url(repository, path)?;
        url.query_pairs_mut()
            .append_pair("per_page", "50")
            .append_pair("exclude_pull_requests", "true")
            .extend_pairs(filter);
        let (page, fetched): (wire::Runs, Fetched) = self.fetch_one(url).await?;
        let runs: Vec<Run> = page
            .workflow_runs
            .into_iter()
            .map(|body| facts::run(body, &self.host, repository, fetched.redirected))
            .collect::<Result<_, _>>()?;
        let completed = |run: &Run| run.status == RunStatus::Completed;
        runs.into_iter()
            .max_by_key(|run| (completed(run), run.created_at, run.run_id))
            .ok_or(CiError::NotFound)
    }
}

/// A link that names a run must name the one the page belongs to.
fn same_run(named: Option<u64>, actual: u64) -> Result<(), CiError> {
    if named.is_none_or(|named| named == actual) {
        Ok(())
    } else {
        Err(CiError::Forged(
            "the link names another run than its page belongs to".to_owned(),
        ))
    }
}
