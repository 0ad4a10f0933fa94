//! Grades, the rules they were worked out by, and the evidence they rest on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Store, StoreError, StoredReport, Tx};
use crate::{
    app::ports::Run,
    domain::{
        digest,
        grading::{GradeSheet, Rules},
        trust::Facts,
    },
};

/// The author of the grades that are worked out.
pub const DOCENT: &str = "docent";
/// The author of the grades that are worked out from the run of an audit.
pub const REGRADE: &str = "regrade";

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
    /// The audit whose run it rests on; `None` when it rests on the run that was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Uuid>,
    /// The sheet.
    pub sheet: GradeSheet,
}

impl GradeRecord {
    /// Whether it was worked out and not set.
    #[must_use]
    pub fn is_worked_out(&self) -> bool {
        self.author == DOCENT || self.is_audited()
    }

    /// Whether it was worked out from the run of an audit.
    #[must_use]
    pub fn is_audited(&self) -> bool {
        self.author == REGRADE
    }
}

/// A grade with its submission and its run.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedGrade {
    /// The submission.
    pub submission: Uuid,
    /// The run that it rests on: the one handed in, or that of an audit.
    pub run: Run,
    /// The grade.
    pub record: GradeRecord,
}

/// The columns of a grade: every query that reads grades selects these.
pub(super) struct GradeColumns {
    pub(super) submission: Uuid,
    pub(super) run: Value,
    pub(super) id: i64,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) author: String,
    pub(super) reason: Option<String>,
    pub(super) asked_by: Option<i64>,
    pub(super) rubric: Option<String>,
    pub(super) audit: Option<Uuid>,
    pub(super) sheet: Value,
}

impl TryFrom<GradeColumns> for RecordedGrade {
    type Error = StoreError;

    fn try_from(row: GradeColumns) -> Result<Self, StoreError> {
        Ok(Self {
            submission: row.submission,
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("submission"))?,
            record: GradeRecord {
                id: row.id,
                recorded_at: row.recorded_at,
                author: row.author,
                reason: row.reason,
                asked_by: row.asked_by,
                rubric: row.rubric,
                audit: row.audit,
                sheet: serde_json::from_value(row.sheet)
                    .map_err(StoreError::inconsistent("grade"))?,
            },
        })
    }
}

/// Why a grade was worked out again, for whom, and what it rests on.
#[derive(Debug, Clone, Copy)]
pub struct Again<'a> {
    /// Why there is this row after another.
    pub reason: &'a str,
    /// The instructor who asked for it.
    pub asked_by: Option<i64>,
    /// The audit whose run it rests on.
    pub audit: Option<Uuid>,
}

/// What a grade is recorded with beside its sheet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry<'a> {
    pub(super) author: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) asked_by: Option<i64>,
    pub(super) rubric: Option<&'a str>,
    pub(super) audit: Option<Uuid>,
}

impl<'a> Entry<'a> {
    /// A grade that was worked out, from the run that was handed in or from that of an audit.
    pub(super) fn worked_out(rubric: Option<&'a str>, audit: Option<Uuid>) -> Self {
        Self {
            author: if audit.is_some() { REGRADE } else { DOCENT },
            rubric,
            audit,
            ..Self::default()
        }
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
        self.record_reports(tx, submission, None, new.reports)
            .await?;
        let rubric = self.record_rules(tx, new.rules).await?;
        let entry = Entry::worked_out(Some(&rubric), None);
        self.insert_grade(tx, submission, new.sheet, entry).await?;
        Ok(())
    }

    /// Records a grade that was worked out again, with its rules; gives its number.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_again(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        sheet: &GradeSheet,
        rules: &Rules,
        again: Again<'_>,
    ) -> Result<i64, StoreError> {
        let rubric = self.record_rules(tx, rules).await?;
        let entry = Entry {
            reason: Some(again.reason),
            asked_by: again.asked_by,
            ..Entry::worked_out(Some(&rubric), again.audit)
        };
        self.insert_grade(tx, submission, sheet, entry).await
    }

    /// Adds a grade; the earlier ones stay. Gives its number.
    pub(super) async fn insert_grade(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        sheet: &GradeSheet,
        entry: Entry<'_>,
    ) -> Result<i64, StoreError> {
        let body = serde_json::to_value(sheet).map_err(StoreError::inconsistent("grade"))?;
        Ok(sqlx::query_scalar!(
            "insert into grade (submission_id, practice_id, rubric_version, score_bp, grade, sheet, author, reason,
                                asked_by, rubric_digest, audit_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
            submission,
            sheet.practice,
            i32::try_from(sheet.rubric_version).unwrap_or(i32::MAX),
            i32::try_from(sheet.score_bp.get()).unwrap_or(10_000),
            sheet.grade,
            body,
            entry.author,
            entry.reason,
            entry.asked_by,
            entry.rubric,
            entry.audit
        )
        .fetch_one(&mut **tx)
        .await?)
    }

    /// Keeps rules, once; gives their digest.
    pub(super) async fn record_rules(
        &self,
        tx: &mut Tx,
        rules: &Rules,
    ) -> Result<String, StoreError> {
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
        let rows = sqlx::query_as!(
            GradeColumns,
            r#"select g.submission_id as submission, coalesce(z.run, s.run) as "run!", g.id, g.recorded_at, g.author,
                 g.reason, g.asked_by, g.rubric_digest as rubric, g.audit_id as audit, g.sheet
               from grade g join submission s on s.id = g.submission_id left join audit_end z on z.audit_id = g.audit_id
               where g.submission_id = $1 order by g.id limit 1000"#,
            submission
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(RecordedGrade::try_from);
        read.map(|row| Ok(row?.record)).collect()
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
