//! Tokens that GitHub signs for the jobs of a run, checked against the keys of its issuer.

use std::sync::Arc;

use chrono::DateTime;
use jsonwebtoken::jwk::JwkSet;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use url::Url;

use crate::app::ports::{CiError, CiMemory, Claims, Signature};
use crate::ci::api::{Api, SettingsError, open_client};
use crate::ci::jwt;

/// The issuer of GitHub's tokens.
#[derive(Debug)]
pub(super) struct Issuer {
    api: Api,
    /// As the tokens name it.
    name: String,
}

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

impl Issuer {
    /// The issuer at an address; `private` lets its name lead into one's own network.
    pub(super) fn open(
        address: &Url,
        private: bool,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let client = open_client(address, Vec::new(), private)?;
        let api = Api::new(client, memory, address.clone(), HeaderMap::new(), None)?;
        let name = address.as_str().trim_end_matches('/').to_owned();
        Ok(Self { api, name })
    }

    /// Who signed a token, and what it says.
    pub(super) async fn check(&self, token: &str) -> Result<Signature, CiError> {
        let url = self.api.url(&[".well-known", "jwks"])?;
        let (keys, _): (JwkSet, _) = self.api.fetch_one(url).await?;
        let claims = jwt::read::<Wire>(token, &keys, &self.name).and_then(Wire::into_claims);
        Ok(claims.map_or(Signature::Broken, |claims| {
            Signature::Signed(Box::new(claims))
        }))
    }
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
