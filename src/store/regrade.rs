//! What regrading and the history of grades need: the newest grade of each submission, and all before it.

use uuid::Uuid;

use super::{GradeRecord, Store, StoreError, Tx};
use crate::app::ports::Run;

/// A member with graded submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradedMember {
    /// Their enrolment.
    pub enrolment: Uuid,
    /// Their Discord id.
    pub discord_id: i64,
    /// Their name in the guild.
    pub name: String,
    /// The guild.
    pub guild_id: i64,
}

/// The newest grade of a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestGrade {
    /// The submission.
    pub submission: Uuid,
    /// The grade.
    pub record: GradeRecord,
}

/// One grade in the history of a member's practice.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    /// The submission.
    pub submission: Uuid,
    /// Its run.
    pub run: Run,
    /// The grade.
    pub record: GradeRecord,
}

impl Store {
    /// Members of a course with graded submissions, in pages: of one guild or all, one member or all,
    /// those after an enrolment.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_graded_members(
        &self,
        tx: &mut Tx,
        course: &str,
        guild: Option<i64>,
        member: Option<i64>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<GradedMember>, StoreError> {
        Ok(sqlx::query_as!(
            GradedMember,
            "select e.id as enrolment, m.discord_id, m.name, c.guild_id
             from enrolment e join member m on m.id = e.member_id join cohort c on c.id = e.cohort_id
             where c.course_id = $1 and ($2::bigint is null or c.guild_id = $2)
               and ($3::bigint is null or m.discord_id = $3) and e.id > $4
               and exists (select 1 from submission s join grade g on g.submission_id = s.id
                           where s.enrolment_id = e.id)
             order by e.id limit $5",
            course,
            guild,
            member,
            after,
            limit
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Holds a member's submissions until the transaction ends, so that no grade of theirs is set or
    /// worked out meanwhile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hold_submissions(&self, tx: &mut Tx, enrolment: Uuid) -> Result<(), StoreError> {
        sqlx::query!(
            "select id from submission where enrolment_id = $1 order by id for update",
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(())
    }

    /// The newest grade of each submission of a member, in the order they were handed in.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_latest_grades(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Vec<LatestGrade>, StoreError> {
        let rows = sqlx::query!(
            r#"select s.id as submission, g.id, g.recorded_at, g.author, g.reason, g.asked_by, g.rubric_digest, g.sheet
               from submission s join lateral
                 (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where s.enrolment_id = $1 order by s.recorded_at, s.id limit 1000"#,
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(|row| {
            Ok(LatestGrade {
                submission: row.submission,
                record: GradeRecord {
                    id: row.id,
                    recorded_at: row.recorded_at,
                    author: row.author,
                    reason: row.reason,
                    asked_by: row.asked_by,
                    rubric: row.rubric_digest,
                    sheet: serde_json::from_value(row.sheet)
                        .map_err(StoreError::inconsistent("grade"))?,
                },
            })
        });
        read.collect()
    }

    /// Every grade that counts for a member in a practice, the newest first.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_grade_history(
        &self,
        tx: &mut Tx,
        guild: i64,
        course: &str,
        member: i64,
        practice: &str,
        limit: i64,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select s.id as submission, s.run, g.id, g.recorded_at, g.author, g.reason, g.asked_by, g.rubric_digest,
                 g.sheet
               from grade g join submission s on s.id = g.submission_id
               join submission_member sm on sm.submission_id = s.id
               join enrolment e on e.id = sm.enrolment_id join member m on m.id = e.member_id
               join cohort c on c.id = e.cohort_id
               where c.guild_id = $1 and c.course_id = $2 and m.discord_id = $3 and g.practice_id = $4
               order by g.id desc limit $5"#,
            guild,
            course,
            member,
            practice,
            limit
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(|row| {
            Ok(HistoryRow {
                submission: row.submission,
                run: serde_json::from_value(row.run)
                    .map_err(StoreError::inconsistent("submission"))?,
                record: GradeRecord {
                    id: row.id,
                    recorded_at: row.recorded_at,
                    author: row.author,
                    reason: row.reason,
                    asked_by: row.asked_by,
                    rubric: row.rubric_digest,
                    sheet: serde_json::from_value(row.sheet)
                        .map_err(StoreError::inconsistent("grade"))?,
                },
            })
        });
        read.collect()
    }

    /// Where answers to a member go: as of their newest submission.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_reply_to(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Option<serde_json::Value>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select reply_to from submission where enrolment_id = $1 order by recorded_at desc, id desc limit 1",
            enrolment
        )
        .fetch_optional(&mut **tx)
        .await?)
    }
}
