//! Grades, the rules they were worked out by, and the evidence they rest on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::domain::{
    digest,
    grading::{GradeSheet, Rules},
    trust::Facts,
};

/// The author of the grades that are worked out.
pub const DOCENT: &str = "docent";

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

/// A grade to record, with all it rests on.
#[derive(Debug, Clone, Copy)]
pub struct NewGrade<'a> {
    /// The sheet.
    pub sheet: &'a GradeSheet,
    /// The reports.
    pub reports: &'a [StoredReport],
    /// What the provider said of the run.
    pub facts: &'a Facts,
    /// The rules.
    pub rules: &'a Rules,
}

/// A grade as it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeRecord {
    /// Its number, by which people name it.
    pub id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// `docent`, or the Discord id of the instructor who set it.
    pub author: String,
    /// Why there is this row after another.
    pub reason: Option<String>,
    /// The instructor who had it worked out again.
    pub asked_by: Option<i64>,
    /// The digest of the rules it was worked out by.
    pub rubric: Option<String>,
    /// The sheet.
    pub sheet: GradeSheet,
}

impl GradeRecord {
    /// Whether it was worked out and not set.
    #[must_use]
    pub fn is_worked_out(&self) -> bool {
        self.author == DOCENT
    }
}

impl Store {
    /// Records the first grade of a submission, with the reports, facts and rules it rests on.
    ///
    /// # Errors
    /// When the database cannot be reached, or the submission has been graded.
    pub async fn record_grade(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        new: NewGrade<'_>,
    ) -> Result<(), StoreError> {
        if let Some(trust) = &new.sheet.trust {
            self.record_trust(tx, submission, trust.level, new.facts)
                .await?;
        }
        for report in new.reports {
            let (body, unreadable) = match &report.said {
                Said::Body(body) => (Some(body), None),
                Said::Unreadable(why) => (None, Some(why.as_str())),
            };
            sqlx::query!(
                "insert into report (submission_id, artifact, path, side, digest, body, unreadable)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
                submission,
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
        self.record_worked_out(tx, submission, new.sheet, new.rules, None, None)
            .await?;
        Ok(())
    }

    /// Records a grade that was worked out, with its rules; gives its number. A later one of the
    /// same submission has a reason.
    ///
    /// # Errors
    /// When the database cannot be reached, or a first grade is not the first.
    pub async fn record_worked_out(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        sheet: &GradeSheet,
        rules: &Rules,
        reason: Option<&str>,
        asked_by: Option<i64>,
    ) -> Result<i64, StoreError> {
        let rubric = self.record_rules(tx, rules).await?;
        let body = serde_json::to_value(sheet).map_err(StoreError::inconsistent("grade"))?;
        Ok(sqlx::query_scalar!(
            "insert into grade (submission_id, practice_id, rubric_version, score_bp, grade, sheet, rubric_digest,
                                reason, asked_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
            submission,
            sheet.practice,
            i32::try_from(sheet.rubric_version).unwrap_or(i32::MAX),
            i32::try_from(sheet.score_bp.get()).unwrap_or(10_000),
            sheet.grade,
            body,
            rubric,
            reason,
            asked_by
        )
        .fetch_one(&mut **tx)
        .await?)
    }

    /// Keeps rules, once; gives their digest.
    async fn record_rules(&self, tx: &mut Tx, rules: &Rules) -> Result<String, StoreError> {
        let body = serde_json::to_value(rules).map_err(StoreError::inconsistent("rubric"))?;
        let digest = digest::of_json(&body);
        sqlx::query!(
            "insert into rubric (digest, course_id, practice_id, version, body) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
            digest,
            rules.course,
            rules.practice.id,
            i32::try_from(rules.practice.rubric.version).unwrap_or(i32::MAX),
            body
        )
        .execute(&mut **tx)
        .await?;
        Ok(digest)
    }

    /// Stored rules as they were written; their digest is that of this value.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_rules(&self, tx: &mut Tx, digest: &str) -> Result<Option<Value>, StoreError> {
        Ok(
            sqlx::query_scalar!("select body from rubric where digest = $1", digest)
                .fetch_optional(&mut **tx)
                .await?,
        )
    }

    /// The submission of a grade.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_graded_submission(
        &self,
        tx: &mut Tx,
        grade: i64,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(
            sqlx::query_scalar!("select submission_id from grade where id = $1", grade)
                .fetch_optional(&mut **tx)
                .await?,
        )
    }

    /// Every grade of a submission, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_grades(
        &self,
        tx: &mut Tx,
        submission: Uuid,
    ) -> Result<Vec<GradeRecord>, StoreError> {
        let rows = sqlx::query!(
            "select id, recorded_at, author, reason, asked_by, rubric_digest, sheet from grade
             where submission_id = $1 order by id limit 1000",
            submission
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(|row| {
            Ok(GradeRecord {
                id: row.id,
                recorded_at: row.recorded_at,
                author: row.author,
                reason: row.reason,
                asked_by: row.asked_by,
                rubric: row.rubric_digest,
                sheet: serde_json::from_value(row.sheet)
                    .map_err(StoreError::inconsistent("grade"))?,
            })
        });
        read.collect()
    }

    /// The reports of a submission.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_reports(
        &self,
        tx: &mut Tx,
        submission: Uuid,
    ) -> Result<Vec<StoredReport>, StoreError> {
        let rows = sqlx::query!(
            "select artifact, path, side, digest, body, unreadable from report
             where submission_id = $1 order by artifact, path limit 1000",
            submission
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

    /// What the provider said of the run of a submission; nothing of one graded before that was kept.
    ///
    /// # Errors
    /// When the database cannot be reached or the row cannot be read.
    pub async fn find_facts(&self, tx: &mut Tx, submission: Uuid) -> Result<Facts, StoreError> {
        let facts = sqlx::query_scalar!(
            "select facts from trust where submission_id = $1",
            submission
        )
        .fetch_optional(&mut **tx)
        .await?;
        let facts = facts
            .map(serde_json::from_value)
            .transpose()
            .map_err(StoreError::inconsistent("trust"))?;
        Ok(facts.unwrap_or_default())
    }
}
