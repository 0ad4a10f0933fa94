//! Audits: commits that are graded once more, in runs of the instructors' own.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{NewGrade, Store, StoreError, StoredReport, Tx, grades::Entry};
use crate::{
    app::ports::Run,
    domain::{grading::GradeSheet, trust::Facts},
};

/// What is kept of the run of an audit: a grade that rests on it is worked out from this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvidence {
    /// The run, in the instructors' repository.
    pub run: Run,
    /// What is known of it and of the commit.
    pub facts: Facts,
    /// What its reports said.
    pub reports: Vec<StoredReport>,
}

/// An audit with what it is about.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// The submission.
    pub submission: Uuid,
    /// Where the instructor is answered; nobody asked for a sampled one.
    pub reply_to: Option<serde_json::Value>,
    /// Course of the submission.
    pub course_id: String,
    /// Name of the member.
    pub name: String,
    /// The run that was handed in.
    pub run: Run,
    /// What its provider said of it.
    pub facts: Facts,
    /// The newest grade.
    pub sheet: GradeSheet,
    /// How it ended; `None` while it goes on.
    pub end: Option<AuditEnd>,
}

/// How an audit ended.
#[derive(Debug, Clone)]
pub enum AuditEnd {
    /// With a grade.
    Graded {
        /// The number of the grade.
        grade: i64,
        /// The run it is from.
        run: Box<Run>,
        /// The grade before.
        before: Box<GradeSheet>,
    },
    /// With no grade, and why.
    Failed {
        /// The word of the reason.
        code: String,
    },
}

impl Store {
    /// Records that a submission is to be graded once more; `false` when that is under way already.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_audit(
        &self,
        tx: &mut Tx,
        id: Uuid,
        submission: Uuid,
        reply_to: Option<serde_json::Value>,
    ) -> Result<bool, StoreError> {
        // Two who ask at once wait for each other here.
        sqlx::query!(
            "select id from submission where id = $1 for update",
            submission
        )
        .fetch_optional(&mut **tx)
        .await?;
        let done = sqlx::query!(
            "insert into audit (id, submission_id, reply_to) select $1::uuid, $2::uuid, $3::jsonb where not exists
               (select 1 from audit a where a.submission_id = $2
                and not exists (select 1 from audit_end e where e.audit_id = a.id))",
            id,
            submission,
            reply_to
        )
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// One audit; `None` when there is none of this id.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn find_audit(&self, tx: &mut Tx, id: Uuid) -> Result<Option<AuditRow>, StoreError> {
        let row = sqlx::query!(
            r#"select a.submission_id, a.reply_to, c.course_id, m.name, s.run, g.sheet,
                 (select facts from trust t where t.submission_id = s.id) as facts,
                 z.grade_id as "grade_id?", z.run as "end_run?", z.code as "code?", z.audit_id as "ended?",
                 (select sheet from grade b where b.submission_id = s.id and b.id < z.grade_id
                  order by b.id desc limit 1) as before
               from audit a join submission s on s.id = a.submission_id
               join enrolment e on e.id = s.enrolment_id join cohort c on c.id = e.cohort_id
               join member m on m.id = e.member_id left join audit_end z on z.audit_id = a.id
               join lateral (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where a.id = $1"#,
            id
        )
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let end = match (row.ended, row.grade_id, row.end_run, row.before, row.code) {
            (None, ..) => None,
            (Some(_), Some(grade), Some(run), Some(before), _) => Some(AuditEnd::Graded {
                grade,
                run: serde_json::from_value(run).map_err(StoreError::inconsistent("audit_end"))?,
                before: serde_json::from_value(before)
                    .map_err(StoreError::inconsistent("grade"))?,
            }),
            (Some(_), .., code) => Some(AuditEnd::Failed {
                code: code.unwrap_or_default(),
            }),
        };
        let facts = row.facts.map(serde_json::from_value).transpose();
        Ok(Some(AuditRow {
            submission: row.submission_id,
            reply_to: row.reply_to,
            course_id: row.course_id,
            name: row.name,
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("submission"))?,
            facts: facts
                .map_err(StoreError::inconsistent("trust"))?
                .unwrap_or_default(),
            sheet: serde_json::from_value(row.sheet).map_err(StoreError::inconsistent("grade"))?,
            end,
        }))
    }

    /// Records the grade of an audit, which counts from now on, with the run, the reports, the facts and the
    /// rules it rests on; `None` when the audit had ended before.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_audited(
        &self,
        tx: &mut Tx,
        audit: Uuid,
        submission: Uuid,
        new: NewGrade<'_>,
        run: &Run,
    ) -> Result<Option<i64>, StoreError> {
        let run = serde_json::to_value(run).map_err(StoreError::inconsistent("audit_end"))?;
        let facts =
            serde_json::to_value(new.facts).map_err(StoreError::inconsistent("audit_end"))?;
        // First the lock, then the look: a statement that waits for a lock still sees what was before it.
        sqlx::query!("select id from audit where id = $1 for update", audit)
            .fetch_optional(&mut **tx)
            .await?;
        let has_ended = sqlx::query_scalar!(
            r#"select exists (select 1 from audit_end where audit_id = $1) as "has_ended!""#,
            audit
        )
        .fetch_one(&mut **tx)
        .await?;
        if has_ended {
            return Ok(None);
        }
        self.record_reports(tx, submission, Some(audit), new.reports)
            .await?;
        let rubric = self.record_rules(tx, new.rules).await?;
        let entry = Entry::worked_out(Some(&rubric), Some(audit));
        let grade = self.insert_grade(tx, submission, new.sheet, entry).await?;
        sqlx::query!(
            "insert into audit_end (audit_id, grade_id, run, facts) values ($1, $2, $3, $4)",
            audit,
            grade,
            run,
            facts
        )
        .execute(&mut **tx)
        .await?;
        Ok(Some(grade))
    }

    /// What the grade of an audit rests on; `None` for audits from before it was kept, and those without a grade.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn find_audit_evidence(
        &self,
        tx: &mut Tx,
        audit: Uuid,
    ) -> Result<Option<AuditEvidence>, StoreError> {
        let row = sqlx::query!(
            r#"select a.submission_id, z.run as "run!", z.facts as "facts!"
               from audit_end z join audit a on a.id = z.audit_id
               where z.audit_id = $1 and z.run is not null and z.facts is not null"#,
            audit
        )
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(AuditEvidence {
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("audit_end"))?,
            facts: serde_json::from_value(row.facts)
                .map_err(StoreError::inconsistent("audit_end"))?,
            reports: self
                .list_reports(tx, row.submission_id, Some(audit))
                .await?,
        }))
    }

    /// Records that an audit ended without a grade.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_audit_failure(
        &self,
        tx: &mut Tx,
        audit: Uuid,
        code: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into audit_end (audit_id, code) values ($1, $2) on conflict do nothing",
            audit,
            code
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
