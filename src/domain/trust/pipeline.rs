//! GitLab's part: where a pipeline took its configuration from, and the token of one of its jobs.
//!
//! GitLab names no pinned commit in its tokens, and works out `ci_config_ref_uri` from the project's
//! settings at the time it signs. So a token proves something only of whoever cannot change those
//! settings, nor give a pipeline variables: these may run any program in any job.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Claim, Facts, PinnedWorkflow, Policy, Reason, Release, signature::is_during};

/// The file of a pipeline whose project names no other.
const USUAL_FILE: &str = ".gitlab-ci.yml";
/// Roles that may neither change a project's settings nor its variables.
const ROLES_WITHOUT_SETTINGS: [&str; 4] = ["guest", "planner", "reporter", "developer"];

/// What GitLab tells of a pipeline beside what every provider tells of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The web host: `gitlab.com`.
    pub host: String,
    /// The project: `school/2026/ann`.
    pub project: String,
    /// The configuration that the project names: `.gitlab-ci.yml`, or `grade.yml@school/ci`.
    pub config: String,
    /// Jobs that bear the name of the signing one; of those that ran again, the last.
    #[serde(default)]
    pub signing: Vec<SigningJob>,
    /// Names of the variables it was started with; `None` when nobody asked, or the token may not see them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<Vec<String>>,
}

/// A job that bears the name of the signing one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningJob {
    /// Its number.
    pub id: u64,
    /// Whether it ran on a machine of the provider's; `None` when the provider does not tell.
    pub is_hosted: Option<bool>,
}

/// What GitLab says in a token about the job it was made for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobClaims {
    /// For whom the job asked to sign.
    pub audience: String,
    /// The project's number.
    pub project_id: u64,
    /// The pipeline's number.
    pub pipeline_id: u64,
    /// The job's number.
    pub job_id: u64,
    /// The commit.
    pub sha: String,
    /// The configuration, `gitlab.com/school/ann//.gitlab-ci.yml@refs/heads/main`; older servers leave it
    /// out when it is another project's.
    pub config: Option<String>,
    /// The role in the project of the account that started the job; newer servers tell it.
    pub role: Option<String>,
    /// Who owns the machine: `gitlab-hosted`.
    pub runner: String,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
}

/// Whose file a configuration is.
enum Source<'a> {
    /// The commit's own, at this path.
    Own(&'a str),
    /// Another project's.
    Of(&'a str),
    /// Somewhere on the web.
    Web,
}

impl Pipeline {
    fn source(&self) -> Source<'_> {
        if self.config.contains("://") {
            return Source::Web;
        }
        match self.config.split_once('@') {
            None => Source::Own(&self.config),
            // What follows a colon is a branch of that project.
            Some((_, rest)) => Source::Of(rest.split(':').next().unwrap_or_default()),
        }
    }

    /// What is to say about the configuration; `None` when members cannot change it.
    pub(super) fn check_config(
        &self,
        policy: &Policy,
        release: Option<&Release>,
    ) -> Option<Reason> {
        let releases = release.map_or(policy.manifest.releases.as_slice(), std::slice::from_ref);
        if releases.is_empty() {
            return None;
        }
        let is_given = |path: &str| {
            policy.protects(path) && releases.iter().any(|one| one.files.contains_key(path))
        };
        let pinned = policy.workflow.as_ref();
        match self.source() {
            Source::Own(path) if is_given(path) => None,
            Source::Own(USUAL_FILE) => Some(Reason::WorkflowOpen),
            Source::Of(project)
                if pinned.is_some_and(|one| one.repository.eq_ignore_ascii_case(project)) =>
            {
                None
            }
            Source::Own(_) | Source::Of(_) | Source::Web => Some(Reason::OtherConfig {
                path: self.config.clone(),
            }),
        }
    }

    /// Whether the project belongs to the group of the pinned workflow.
    fn is_in_group_of(&self, pinned: &PinnedWorkflow) -> bool {
        let group = |path: &str| path.split_once('/').map(|(group, _)| group.to_lowercase());
        group(&self.project).is_some_and(|own| group(&pinned.repository) == Some(own))
    }
}

impl JobClaims {
    /// The first claim that does not fit the pipeline and its signing job.
    pub(super) fn find_misfit(&self, pipeline: &Pipeline, facts: &Facts) -> Option<Claim> {
        let Some(run) = &facts.run else {
            return Some(Claim::Run);
        };
        let job = match pipeline.signing.as_slice() {
            [job] if job.id == self.job_id => Some(job),
            _ => None,
        };
        let is_run = self.project_id == run.repository_id
            && self.pipeline_id == run.run_id
            && self.sha.eq_ignore_ascii_case(&facts.head_sha);
        // On a server of one's own the token does not tell its machines from anybody's.
        let is_hosted =
            self.runner == "gitlab-hosted" || job.is_some_and(|job| job.is_hosted == Some(true));
        let checks = [
            (self.audience == facts.graded.audience(), Claim::Reports),
            (is_run, Claim::Run),
            (job.is_some(), Claim::Job),
            (self.fits_config(pipeline), Claim::Workflow),
            (is_hosted, Claim::Runner),
            (is_during(self.issued_at, run), Claim::Time),
        ];
        let misfit = checks.into_iter().find(|(fits, _)| !fits);
        misfit.map(|(_, claim)| claim)
    }

    fn fits_config(&self, pipeline: &Pipeline) -> bool {
        match &self.config {
            None => matches!(pipeline.source(), Source::Of(_)),
            Some(config) => {
                let Pipeline {
                    host,
                    project,
                    config: file,
                    ..
                } = pipeline;
                config.starts_with(&format!("{host}/{project}//{file}@"))
            }
        }
    }

    /// Why the token proves nothing though all of it fits: the job may have been made to do something else.
    pub(super) fn find_lack(&self, pipeline: &Pipeline, pinned: &PinnedWorkflow) -> Option<Reason> {
        let role = self.role.as_deref().unwrap_or_default();
        if !ROLES_WITHOUT_SETTINGS.contains(&role) || !pipeline.is_in_group_of(pinned) {
            return Some(Reason::SettingsOpen);
        }
        pipeline
            .variables
            .is_none()
            .then_some(Reason::VariablesUnknown)
    }
}
