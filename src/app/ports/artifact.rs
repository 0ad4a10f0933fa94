//! What a run has uploaded.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::CiError;

/// A file a run has uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// The artifact's number.
    pub id: u64,
    /// The name the workflow gave it.
    pub name: String,
    /// Its size in bytes, as the provider says.
    pub size_in_bytes: u64,
    /// Whether the provider has deleted its bytes.
    pub expired: bool,
    /// `sha256:` and 64 hex digits, where the provider tells it.
    pub digest: Option<String>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// The commit of its run.
    pub head_sha: String,
    /// Its run.
    pub run_id: u64,
    /// The name of the job that uploaded it, where the provider tells it.
    #[serde(default)]
    pub job: Option<String>,
}

impl Artifact {
    /// Whether fewer bytes came than the provider has.
    #[must_use]
    pub const fn is_cut(&self, body: &[u8]) -> bool {
        (body.len() as u64) < self.size_in_bytes
    }

    /// What is to say of bytes that came cut: nobody who hands in can bring it about.
    #[must_use]
    pub fn cut(&self, body: &[u8]) -> CiError {
        let (length, stated) = (body.len(), self.size_in_bytes);
        CiError::Unavailable(format!("a download ended after {length} of {stated} bytes"))
    }
}
