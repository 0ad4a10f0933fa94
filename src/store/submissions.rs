//! Submissions, their reports and grades.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Partner, Store, StoreError, Tx};
use crate::{
    app::ports::Run,
    domain::{grading::GradeSheet, score::BasisPoints},
};

/// A submission to record.
#[derive(Debug, Clone)]
pub struct NewSubmission<'a> {
    /// Its id.
    pub id: Uuid,
    /// Who hands in: a run belongs to one member.
    pub by: Partner,
    /// The practice the member chose; `None` leaves it to the reports.
    pub practice_id: Option<&'a str>,
    /// The run.
    pub run: &'a Run,
    /// Where the answer goes when it comes later.
    pub reply_to: serde_json::Value,
    /// When it was handed in.
    pub at: DateTime<Utc>,
    /// For whom it counts; the one who hands in is among them.
    pub partners: &'a [Partner],
}

/// What became of an attempt to hand in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// It is recorded.
    Recorded,
    /// The same member or group handed in this very attempt of the run before: the id of that submission.
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
    pub by: Partner,
    /// For whom it counts.
    pub counts_for: Vec<Uuid>,
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
            new.by.member_id
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
        if !new.partners.iter().any(|one| one.member_id == owner) {
            return Ok(ClaimOutcome::Taken);
        }
        let attempt = i32::try_from(run.attempt).unwrap_or(i32::MAX);
        let body = serde_json::to_value(run).map_err(StoreError::inconsistent("submission"))?;
        let done = sqlx::query!(
            "insert into submission (id, enrolment_id, practice_id, provider, host, repository, run_id, attempt, run, reply_to, recorded_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (provider, host, run_id, attempt) do nothing",
            new.id,
            new.by.enrolment_id,
            new.practice_id,
            provider,
            run.host,
            run.repository,
            run_id,
            attempt,
            body,
            new.reply_to,
            new.at
        )
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 1 {
            let enrolments = new.partners.iter().map(|one| one.enrolment_id);
            self.share_submission(tx, new.id, &enrolments.collect::<Vec<_>>())
                .await?;
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

    /// What an earlier submission of this run means for members who hand in together; `None` when there is none.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_claim(
        &self,
        tx: &mut Tx,
        run: &Run,
        members: &[Uuid],
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
            _ if !members.contains(&claim.member_id) => Some(ClaimOutcome::Taken),
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
            r#"select s.enrolment_id, e.member_id, s.practice_id, s.run, s.reply_to, s.recorded_at, c.course_id,
                 array(select m.enrolment_id from submission_member m where m.submission_id = s.id) as "counts_for!",
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
            by: Partner {
                enrolment_id: row.enrolment_id,
                member_id: row.member_id,
            },
            counts_for: row.counts_for,
            course_id: row.course_id,
            practice_id: row.practice_id,
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("submission"))?,
            reply_to: row.reply_to,
            recorded_at: row.recorded_at,
            is_settled: row.is_settled,
        }))
    }

    /// Which of the graded submissions of its practice a graded submission is, from 1, among all that count
    /// for any of those it counts for: attempts are a group's; 0 when it has no grade.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_attempt(&self, tx: &mut Tx, submission: Uuid) -> Result<u32, StoreError> {
        let count = sqlx::query_scalar!(
            r#"select count(distinct g.submission_id) as "count!"
               from (select practice_id, id from grade where submission_id = $1 order by id limit 1) own
               join submission_member mate on mate.submission_id = $1
               join submission_member m on m.enrolment_id = mate.enrolment_id
               join grade g on g.submission_id = m.submission_id and g.practice_id = own.practice_id and g.id <= own.id"#,
            submission
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
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

    /// The grade of a member that counts in each practice: the best, and in those named the last.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_counted_grades(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        last_counts: &[String],
    ) -> Result<Vec<GradeRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select distinct on (g.practice_id) g.practice_id, g.score_bp, g.grade, g.recorded_at
               from submission_member m join submission s on s.id = m.submission_id join lateral
                 (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where m.enrolment_id = $1
               order by g.practice_id, case when g.practice_id = any($2) then s.recorded_at end desc,
                 g.score_bp desc, g.recorded_at limit 100"#,
            enrolment,
            last_counts
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
            r#"select count(*) as "count!" from submission_member m join submission s on s.id = m.submission_id
               where m.enrolment_id = $1
               and not exists (select 1 from grade g where g.submission_id = s.id)
               and not exists (select 1 from submission_failure f where f.submission_id = s.id)"#,
            enrolment
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(count)
    }
}
