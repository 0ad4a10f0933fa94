//! What regrading and the history of grades need: the newest grade of each submission, and all before it.

use uuid::Uuid;

use super::{RecordedGrade, Store, StoreError, Tx, grades::GradeColumns};

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

impl Store {
    /// Members of a course who handed in graded submissions, in pages: of one guild or all, those after an
    /// enrolment; with a member, those whose submissions count for them.
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
             where c.course_id = $1 and ($2::bigint is null or c.guild_id = $2) and e.id > $4
               and exists (select 1 from submission s join grade g on g.submission_id = s.id
                           where s.enrolment_id = e.id and ($3::bigint is null or exists
                             (select 1 from submission_member sm join enrolment o on o.id = sm.enrolment_id
                              join member n on n.id = o.member_id
                              where sm.submission_id = s.id and n.discord_id = $3)))
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

    /// The newest grade of each submission that a member handed in, in the order they were handed in; with
    /// another member, of those that count for them.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_latest_grades(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        member: Option<i64>,
    ) -> Result<Vec<RecordedGrade>, StoreError> {
        let rows = sqlx::query_as!(
            GradeColumns,
            r#"select g.submission_id as submission, coalesce(z.run, s.run) as "run!", g.id, g.recorded_at, g.author,
                 g.reason, g.asked_by, g.rubric_digest as rubric, g.audit_id as audit, g.sheet
               from submission s join lateral
                 (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               left join audit_end z on z.audit_id = g.audit_id
               where s.enrolment_id = $1 and ($2::bigint is null or exists
                 (select 1 from submission_member sm join enrolment o on o.id = sm.enrolment_id
                  join member n on n.id = o.member_id where sm.submission_id = s.id and n.discord_id = $2))
               order by s.recorded_at, s.id limit 1000"#,
            enrolment,
            member
        )
        .fetch_all(&mut **tx)
        .await?;
        rows.into_iter().map(RecordedGrade::try_from).collect()
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
    ) -> Result<Vec<RecordedGrade>, StoreError> {
        let rows = sqlx::query_as!(
            GradeColumns,
            r#"select g.submission_id as submission, coalesce(z.run, s.run) as "run!", g.id, g.recorded_at, g.author,
                 g.reason, g.asked_by, g.rubric_digest as rubric, g.audit_id as audit, g.sheet
               from grade g join submission s on s.id = g.submission_id left join audit_end z on z.audit_id = g.audit_id
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
        rows.into_iter().map(RecordedGrade::try_from).collect()
    }

    /// Everyone for whom a submission counts.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_counted_for(
        &self,
        tx: &mut Tx,
        submission: Uuid,
    ) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select enrolment_id from submission_member where submission_id = $1 order by enrolment_id",
            submission
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Where answers went that concern a member: of the newest submission that counts for them, and whether
    /// they handed it in themselves.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_reply_to(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Option<(serde_json::Value, bool)>, StoreError> {
        let row = sqlx::query!(
            r#"select s.reply_to, s.enrolment_id = $1 as "is_own!"
               from submission_member m join submission s on s.id = m.submission_id
               where m.enrolment_id = $1 order by s.enrolment_id = $1 desc, s.recorded_at desc, s.id desc limit 1"#,
            enrolment
        )
        .fetch_optional(&mut **tx)
        .await?;
        Ok(row.map(|row| (row.reply_to, row.is_own)))
    }
}
