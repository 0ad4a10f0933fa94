//! What the reports of runs said, normalised: of runs that were handed in, and of audits.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Store, StoreError, Tx};

/// One report of a run, normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredReport {
    /// Name of the artifact.
    pub artifact: String,
    /// Path inside it.
    pub path: String,
    /// The side it measures.
    pub side: String,
    /// SHA-256 of the file, in hex.
    pub digest: String,
    /// What it said.
    #[serde(flatten)]
    pub said: Said,
}

/// What a file said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The report in it, normalised.
    Body(Value),
    /// Nothing: why it could not be read.
    Unreadable(String),
}

impl Store {
    /// Keeps the reports of a run: of the one that was handed in, or of an audit of it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn record_reports(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        audit: Option<Uuid>,
        reports: &[StoredReport],
    ) -> Result<(), StoreError> {
        for report in reports {
            let (body, unreadable) = match &report.said {
                Said::Body(body) => (Some(body), None),
                Said::Unreadable(why) => (None, Some(why.as_str())),
            };
            sqlx::query!(
                "insert into report (submission_id, audit_id, artifact, path, side, digest, body, unreadable)
                 values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
                submission,
                audit,
                report.artifact,
                report.path,
                report.side,
                report.digest,
                body,
                unreadable
            )
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    /// The reports of a submission: of the run that was handed in, or of an audit of it.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_reports(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        audit: Option<Uuid>,
    ) -> Result<Vec<StoredReport>, StoreError> {
        let rows = sqlx::query!(
            "select artifact, path, side, digest, body, unreadable from report
             where submission_id = $1 and audit_id is not distinct from $2 order by artifact, path limit 1000",
            submission,
            audit
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| StoredReport {
                artifact: row.artifact,
                path: row.path,
                side: row.side,
                digest: row.digest,
                said: match row.body {
                    Some(body) => Said::Body(body),
                    None => Said::Unreadable(row.unreadable.unwrap_or_default()),
                },
            })
            .collect())
    }
}
