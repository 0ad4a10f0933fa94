//! Submissions, their reports and grades.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::{
    app::ports::Run,
    domain::{grading::GradeSheet, score::BasisPoints},
};

/// A submission to record.
#[derive(Debug, Clone)]
pub struct NewSubmission<'a> {
    /// Its id.
    pub id: Uuid,
    /// Who hands in.
    pub enrolment_id: Uuid,
    /// Their member id: a run belongs to one member.
    pub member_id: Uuid,
    /// The practice the member chose; `None` leaves it to the reports.
    pub practice_id: Option<&'a str>,
    /// The run.
    pub run: &'a Run,
    /// Where the answer goes when it comes later.
    pub reply_to: serde_json::Value,
}

/// What became of an attempt to hand in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// It is recorded.
    Recorded,
    /// The same member handed in this very attempt of the run before: the id of that submission.
    Repeated(Uuid),
    /// Another member handed in the run.
    Taken,
}

/// A recorded submission.
#[derive(Debug, Clone)]
pub struct SubmissionRow {
    /// Its id.
    pub id: Uuid,
    /// Who handed in.
    pub enrolment_id: Uuid,
    /// The course of their cohort.
    pub course_id: String,
    /// The practice the member chose.
    pub practice_id: Option<String>,
    /// The run as it was when it was handed in.
    pub run: Run,
    /// Where the answer goes.
    pub reply_to: serde_json::Value,
    /// When it was handed in.
    pub recorded_at: DateTime<Utc>,
    /// Whether it has a grade or has failed for good.
    pub is_settled: bool,
}

/// The newest grade of one submission.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeRow {
    /// The practice.
    pub practice_id: String,
    /// The score.
    pub score: BasisPoints,
    /// The letter.
    pub grade: String,
    /// When it was graded.
    pub recorded_at: DateTime<Utc>,
}

impl Store {
    /// Records a submission, unless its run was handed in before.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_submission(
        &self,
        tx: &mut Tx,
        new: NewSubmission<'_>,
    ) -> Result<ClaimOutcome, StoreError> {
        let run = new.run;
        let provider = run.provider.code();
        let run_id = run.run_id.cast_signed();
        sqlx::query!(
            "insert into run_claim (provider, host, run_id, member_id) values ($1, $2, $3, $4) on conflict do nothing",
            provider,
            run.host,
            run_id,
            new.member_id
        )
        .execute(&mut **tx)
        .await?;
        let owner = sqlx::query_scalar!(
            "select member_id from run_claim where provider = $1 and host = $2 and run_id = $3 for update",
            provider,
            run.host,
            run_id
        )
        .fetch_one(&mut **tx)
        .await?;
        if owner != new.member_id {
            return Ok(ClaimOutcome::Taken);
        }
        let attempt = i32::try_from(run.attempt).unwrap_or(i32::MAX);
        let body = serde_json::to_value(run).map_err(StoreError::inconsistent("submission"))?;
        let done = sqlx::query!(
            "insert into submission (id, enrolment_id, practice_id, provider, host, repository, run_id, attempt, run, reply_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (provider, host, run_id, attempt) do nothing",
            new.id,
            new.enrolment_id,
            new.practice_id,
            provider,
            run.host,
            run.repository,
            run_id,
            attempt,
            body,
            new.reply_to
        )
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(ClaimOutcome::Recorded);
        }
        let earlier = sqlx::query_scalar!(
            "select id from submission where provider = $1 and host = $2 and run_id = $3 and attempt = $4",
            provider,
            run.host,
            run_id,
            attempt
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(ClaimOutcome::Repeated(earlier))
    }

    /// What an earlier submission of this run means for a member; `None` when there is none.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_claim(
        &self,
        tx: &mut Tx,
        run: &Run,
        member: Uuid,
    ) -> Result<Option<ClaimOutcome>, StoreError> {
        let claim = sqlx::query!(
            r#"select c.member_id, s.id as "submission?" from run_claim c left join submission s
                 on s.provider = c.provider and s.host = c.host and s.run_id = c.run_id and s.attempt = $4
               where c.provider = $1 and c.host = $2 and c.run_id = $3"#,
            run.provider.code(),
            run.host,
            run.run_id.cast_signed(),
            i32::try_from(run.attempt).unwrap_or(i32::MAX)
        )
        .fetch_optional(&mut **tx)
        .await?;
        Ok(claim.and_then(|claim| match claim.submission {
            _ if claim.member_id != member => Some(ClaimOutcome::Taken),
            submission => submission.map(ClaimOutcome::Repeated),
        }))
    }

    /// Why a submission could not be graded.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_failure(
        &self,
        tx: &mut Tx,
        submission: Uuid,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select code from submission_failure where submission_id = $1",
            submission
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// One submission, held until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be reached or the row cannot be read.
    pub async fn find_submission(
        &self,
        tx: &mut Tx,
        id: Uuid,
    ) -> Result<Option<SubmissionRow>, StoreError> {
        // First the lock, then the look: a statement that waits for a lock still sees what was before it.
        sqlx::query!("select id from submission where id = $1 for update", id)
            .fetch_optional(&mut **tx)
            .await?;
        let row = sqlx::query!(
            r#"select s.enrolment_id, s.practice_id, s.run, s.reply_to, s.recorded_at, c.course_id,
                 (exists (select 1 from grade g where g.submission_id = s.id)
                  or exists (select 1 from submission_failure f where f.submission_id = s.id)) as "is_settled!"
               from submission s join enrolment e on e.id = s.enrolment_id join cohort c on c.id = e.cohort_id
               where s.id = $1"#,
            id
        )
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(SubmissionRow {
            id,
            enrolment_id: row.enrolment_id,
            course_id: row.course_id,
            practice_id: row.practice_id,
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("submission"))?,
            reply_to: row.reply_to,
            recorded_at: row.recorded_at,
            is_settled: row.is_settled,
        }))
    }

    /// Records that a submission cannot be graded, and why.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_failure(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        code: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into submission_failure (submission_id, code) values ($1, $2) on conflict do nothing",
            submission,
            code
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The newest grade of a submission, whole.
    ///
    /// # Errors
    /// When the database cannot be reached or the row cannot be read.
    pub async fn find_sheet(
        &self,
        tx: &mut Tx,
        submission: Uuid,
    ) -> Result<Option<GradeSheet>, StoreError> {
        let sheet = sqlx::query_scalar!(
            "select sheet from grade where submission_id = $1 order by id desc limit 1",
            submission
        )
        .fetch_optional(&mut **tx)
        .await?;
        sheet
            .map(serde_json::from_value)
            .transpose()
            .map_err(StoreError::inconsistent("grade"))
    }

    /// The best grade of a member in each practice.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_best_grades(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Vec<GradeRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select distinct on (g.practice_id) g.practice_id, g.score_bp, g.grade, g.recorded_at
               from submission s join lateral
                 (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where s.enrolment_id = $1 order by g.practice_id, g.score_bp desc, g.recorded_at limit 100"#,
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| GradeRow {
                practice_id: row.practice_id,
                score: BasisPoints::saturating(row.score_bp.unsigned_abs()),
                grade: row.grade,
                recorded_at: row.recorded_at,
            })
            .collect())
    }

    /// How many submissions of a member wait for their grade.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_waiting(&self, tx: &mut Tx, enrolment: Uuid) -> Result<i64, StoreError> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from submission s where s.enrolment_id = $1
               and not exists (select 1 from grade g where g.submission_id = s.id)
               and not exists (select 1 from submission_failure f where f.submission_id = s.id)"#,
            enrolment
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(count)
    }
}
