//! The evidence bundle of a grade: one JSON file that holds all a grade rests on, and a digest over it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::ports::Run,
    domain::{digest, trust::Facts},
    store::{AuditEvidence, GradeRecord, StoredReport},
};

/// The key of the digest over everything else.
const SEAL: &str = "digest";
/// The form of the file; raised when an older Docent could misread a newer one.
pub const FORMAT: u32 = 1;

/// Everything a grade rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The form of the file: [`FORMAT`].
    pub format: u32,
    /// Version of the Docent that wrote it.
    pub docent: String,
    /// The grade that was asked for.
    pub grade: i64,
    /// Its submission.
    pub submission: Uuid,
    /// When that was handed in.
    pub handed_in_at: DateTime<Utc>,
    /// The run as it was handed in.
    pub run: Run,
    /// What the provider said of it.
    pub facts: Facts,
    /// What its reports said, with the digests of the files.
    pub reports: Vec<StoredReport>,
    /// What the grades of audits rest on, by the audit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub audits: BTreeMap<Uuid, AuditEvidence>,
    /// The rules of its grades, by digest, as they are stored.
    pub rubrics: BTreeMap<String, Value>,
    /// Every grade of the submission, the oldest first.
    pub grades: Vec<GradeRecord>,
}

/// Why a file is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It is not JSON of this shape.
    #[error("this is not an evidence bundle: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It has no digest.
    #[error("this is not an evidence bundle: it has no `digest`")]
    Unsealed,
    /// A newer Docent wrote it.
    #[error(
        "the bundle has the form {0}, and this Docent reads {FORMAT}: verify it with the Docent that wrote it, or a newer one"
    )]
    Newer(u32),
}

/// A bundle out of a file, and whether the file is as it was written.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The bundle.
    pub bundle: Bundle,
    /// The digest in the file.
    pub sealed: String,
    /// The digest of what is in the file now.
    pub found: String,
}

impl Bundle {
    /// The bundle as the bytes of a file, with the digest over it.
    ///
    /// # Errors
    /// Never in practice: a bundle is plain values.
    pub fn seal(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut body = serde_json::to_value(self)?;
        let digest = digest::of_json(&body);
        if let Some(fields) = body.as_object_mut() {
            fields.insert(SEAL.to_owned(), Value::String(digest));
        }
        serde_json::to_vec_pretty(&body)
    }

    /// Reads a file back.
    ///
    /// # Errors
    /// When it is no bundle, or one of a newer form.
    pub fn open(bytes: &[u8]) -> Result<Opened, BundleError> {
        let mut body: Value = serde_json::from_slice(bytes)?;
        let form = body.get("format").and_then(Value::as_u64).unwrap_or(0);
        if form > u64::from(FORMAT) {
            return Err(BundleError::Newer(u32::try_from(form).unwrap_or(u32::MAX)));
        }
        let fields = body.as_object_mut();
        let Some(Value::String(sealed)) = fields.and_then(|fields| fields.shift_remove(SEAL))
        else {
            return Err(BundleError::Unsealed);
        };
        let found = digest::of_json(&body);
        Ok(Opened {
            bundle: serde_json::from_value(body)?,
            sealed,
            found,
        })
    }

    /// The run of the audit that a grade rests on; `None` when it rests on the run that was handed in, or the
    /// audit's is not there.
    #[must_use]
    pub fn audit_of(&self, record: &GradeRecord) -> Option<&AuditEvidence> {
        self.audits.get(record.audit.as_ref()?)
    }

    /// The grade that was asked for.
    #[must_use]
    pub fn asked(&self) -> Option<&GradeRecord> {
        self.grades.iter().find(|record| record.id == self.grade)
    }
}
