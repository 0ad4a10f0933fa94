//! The class report: one row a learner.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Store, StoreError, Tx};

/// What one learner of a cohort has done.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnerRow {
    /// Discord id, also the cursor.
    pub discord_id: i64,
    /// Name in the guild.
    pub name: String,
    /// Banks passed.
    pub banks_passed: Vec<String>,
    /// Checklist items ticked.
    pub ticked: i64,
    /// The grade that counts by practice: `{"basic": "S"}`.
    pub grades: Value,
    /// When the learner last did anything that was recorded.
    pub last_seen: DateTime<Utc>,
}

impl Store {
    /// The learners of a cohort after a cursor, by Discord id; at most `limit`. In the practices named
    /// the last grade counts, in the others the best.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_learners(
        &self,
        tx: &mut Tx,
        guild: i64,
        course: &str,
        last_counts: &[String],
        after: i64,
        limit: i64,
    ) -> Result<Vec<LearnerRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select m.discord_id, m.name,
                 coalesce((select array_agg(distinct a.bank_id) from attempt a join mark k on k.attempt_id = a.id
                   where a.enrolment_id = e.id and k.passed), '{}') as "banks_passed!",
                 (select count(*) from (select distinct on (item_id) ticked from tick
                   where enrolment_id = e.id order by item_id, id desc) t where t.ticked) as "ticked!",
                 coalesce((select jsonb_object_agg(b.practice_id, b.grade) from
                   (select distinct on (g.practice_id) g.practice_id, g.grade
                    from submission_member sm join submission s on s.id = sm.submission_id join lateral
                     (select * from grade where submission_id = s.id order by id desc limit 1) g on true
                    where sm.enrolment_id = e.id
                    order by g.practice_id, case when g.practice_id = any($5) then s.recorded_at end desc,
                      g.score_bp desc) b), '{}') as "grades!",
                 greatest(e.recorded_at,
                   (select max(recorded_at) from reading where enrolment_id = e.id),
                   (select max(recorded_at) from tick where enrolment_id = e.id),
                   (select max(w.recorded_at) from answer w join attempt a on a.id = w.attempt_id
                     where a.enrolment_id = e.id),
                   (select max(recorded_at) from submission where enrolment_id = e.id)) as "last_seen!"
               from enrolment e join member m on m.id = e.member_id join cohort c on c.id = e.cohort_id
               where c.guild_id = $1 and c.course_id = $2 and e.role = 'learner' and m.discord_id > $3
               order by m.discord_id limit $4"#,
            guild,
            course,
            after,
            limit,
            last_counts
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| LearnerRow {
                discord_id: row.discord_id,
                name: row.name,
                banks_passed: row.banks_passed,
                ticked: row.ticked,
                grades: row.grades,
                last_seen: row.last_seen,
            })
            .collect())
    }
}
