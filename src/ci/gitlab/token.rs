//! Tokens that GitLab signs for the jobs of a pipeline, and the variables that could mislead such a job.
//! Source: GitLab's documentation of ID tokens, and the classes `JwtV2` and `ClaimMapper` of its source.

use chrono::DateTime;
use serde::Deserialize;

use super::GitLab;
use crate::app::ports::{CiError, JobClaims, Run, Signature};
use crate::ci::client::MAX_JSON;

/// Where the instance shows its keys.
pub(super) const KEYS: &[&str] = &["oauth", "discovery", "keys"];

/// Claims of a job's token, as GitLab writes them: numbers are texts there.
#[derive(Debug, Deserialize)]
struct Wire {
    aud: String,
    iat: i64,
    project_id: String,
    pipeline_id: String,
    job_id: String,
    #[serde(default)]
    sha: String,
    ci_config_ref_uri: Option<String>,
    user_access_level: Option<String>,
    #[serde(default)]
    runner_environment: String,
}

/// A variable of a pipeline, without its value.
#[derive(Debug, Deserialize)]
struct Variable {
    key: String,
}

impl GitLab {
    /// Who signed a token, and what it says.
    pub(super) async fn read_token(&self, token: &str) -> Result<Signature, CiError> {
        let claims = self.issuer.read::<Wire>(token).await?;
        Ok(claims
            .and_then(Wire::into_claims)
            .map_or(Signature::Broken, |claims| {
                Signature::SignedJob(Box::new(claims))
            }))
    }

    /// Names of the variables a pipeline was started with; `None` when the token may not see them.
    pub(super) async fn fetch_variables(&self, run: &Run) -> Result<Option<Vec<String>>, CiError> {
        let (project, pipeline) = (run.repository_id.to_string(), run.run_id.to_string());
        let url = self.url(&project, &["pipelines", &pipeline, "variables"])?;
        // Not kept: their values are none of ours.
        let body = match self.api.fetch(url, MAX_JSON).await {
            Ok(fetched) => fetched.body,
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => return Ok(None),
            Err(error) => return Err(error),
        };
        let listed: Vec<Variable> =
            serde_json::from_slice(&body).map_err(|error| CiError::Malformed(error.to_string()))?;
        Ok(Some(listed.into_iter().map(|one| one.key).collect()))
    }
}

impl Wire {
    fn into_claims(self) -> Option<JobClaims> {
        Some(JobClaims {
            audience: self.aud,
            project_id: self.project_id.parse().ok()?,
            pipeline_id: self.pipeline_id.parse().ok()?,
            job_id: self.job_id.parse().ok()?,
            sha: self.sha,
            config: self.ci_config_ref_uri,
            role: self.user_access_level,
            runner: self.runner_environment,
            issued_at: DateTime::from_timestamp(self.iat, 0)?,
        })
    }
}
