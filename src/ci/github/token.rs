//! Tokens that GitHub signs for the jobs of a run.

use chrono::DateTime;
use serde::Deserialize;

use crate::app::ports::{CiError, Claims, Signature};
use crate::ci::issuer::Issuer;

/// Where the issuer's keys are.
pub(super) const KEYS: &[&str] = &[".well-known", "jwks"];

/// Claims of a job's token, as GitHub writes them: numbers are texts there.
#[derive(Debug, Deserialize)]
struct Wire {
    aud: String,
    iat: i64,
    repository_id: String,
    run_id: String,
    run_attempt: String,
    sha: String,
    #[serde(default)]
    job_workflow_ref: String,
    #[serde(default)]
    job_workflow_sha: String,
    #[serde(default)]
    runner_environment: String,
}

/// Who signed a token, and what it says.
pub(super) async fn check(issuer: &Issuer, token: &str) -> Result<Signature, CiError> {
    let claims = issuer.read::<Wire>(token).await?;
    Ok(claims
        .and_then(Wire::into_claims)
        .map_or(Signature::Broken, |claims| {
            Signature::Signed(Box::new(claims))
        }))
}

impl Wire {
    fn into_claims(self) -> Option<Claims> {
        Some(Claims {
            audience: self.aud,
            repository_id: self.repository_id.parse().ok()?,
            run_id: self.run_id.parse().ok()?,
            attempt: self.run_attempt.parse().ok()?,
            sha: self.sha,
            workflow: self.job_workflow_ref,
            workflow_sha: self.job_workflow_sha,
            runner: self.runner_environment,
            issued_at: DateTime::from_timestamp(self.iat, 0)?,
        })
    }
}
