//! How far submissions can be trusted, and what instructors decided about them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Store, StoreError, Tx, grades::Entry};
use crate::{
    app::ports::Run,
    domain::{
        grading::GradeSheet,
        trust::{Facts, Level},
    },
};

/// A graded submission, as an instructor looks at it.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// Its id.
    pub submission: Uuid,
    /// Discord id of the member.
    pub discord_id: i64,
    /// Their name in the guild.
    pub name: String,
    /// The run.
    pub run: Run,
    /// Number of its newest grade.
    pub grade: i64,
    /// That grade.
    pub sheet: GradeSheet,
    /// When it was handed in.
    pub recorded_at: DateTime<Utc>,
}

/// The columns of a graded submission, as both queries select them.
struct ReviewColumns {
    submission: Uuid,
    discord_id: i64,
    name: String,
    run: Value,
    grade: i64,
    sheet: Value,
    recorded_at: DateTime<Utc>,
}

impl TryFrom<ReviewColumns> for ReviewRow {
    type Error = StoreError;

    fn try_from(row: ReviewColumns) -> Result<Self, StoreError> {
        Ok(Self {
            submission: row.submission,
            discord_id: row.discord_id,
            name: row.name,
            run: serde_json::from_value(row.run).map_err(StoreError::inconsistent("submission"))?,
            grade: row.grade,
            sheet: serde_json::from_value(row.sheet).map_err(StoreError::inconsistent("grade"))?,
            recorded_at: row.recorded_at,
        })
    }
}

impl Store {
    /// Records how far a submission can be trusted.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn record_trust(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        level: Level,
        facts: &Facts,
    ) -> Result<(), StoreError> {
        let facts = serde_json::to_value(facts).map_err(StoreError::inconsistent("trust"))?;
        sqlx::query!(
            "insert into trust (submission_id, level, facts) values ($1, $2, $3) on conflict do nothing",
            submission,
            level.code(),
            facts
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The page of the first run with all of these reports, each named once, that anyone else handed in
    /// to the course than the members of these enrolments; `None` of no reports.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_same_reports(
        &self,
        tx: &mut Tx,
        counts_for: &[Uuid],
        course: &str,
        digests: &[String],
    ) -> Result<Option<String>, StoreError> {
        if digests.is_empty() {
            return Ok(None);
        }
        let found = sqlx::query_scalar!(
            r#"select s.run ->> 'html_url' from submission s
               join enrolment e on e.id = s.enrolment_id join cohort c on c.id = e.cohort_id
               where c.course_id = $2 and e.member_id <> all (select member_id from enrolment where id = any($1))
                 and (select count(distinct r.digest) from report r
                      where r.submission_id = s.id and r.audit_id is null and r.digest = any($3)) = cardinality($3)
               order by s.recorded_at limit 1"#,
            counts_for,
            course,
            digests
        )
        .fetch_optional(&mut **tx)
        .await?;
        Ok(found.flatten())
    }

    /// The page of the first graded run with the very files of this one that anyone else handed in to the
    /// course than the members of these enrolments: of the same tree, or where the provider tells none, of
    /// the same commit.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_same_files(
        &self,
        tx: &mut Tx,
        counts_for: &[Uuid],
        course: &str,
        run: &Run,
    ) -> Result<Option<String>, StoreError> {
        let files = run.tree_sha.as_ref().unwrap_or(&run.head_sha);
        let found = sqlx::query_scalar!(
            r#"select s.run ->> 'html_url' from submission s
               join enrolment e on e.id = s.enrolment_id join cohort c on c.id = e.cohort_id
               where coalesce(s.run ->> 'tree_sha', s.run ->> 'head_sha') = $3 and c.course_id = $2
                 and e.member_id <> all (select member_id from enrolment where id = any($1))
                 and exists (select 1 from grade g where g.submission_id = s.id)
               order by s.recorded_at limit 1"#,
            counts_for,
            course,
            files
        )
        .fetch_optional(&mut **tx)
        .await?;
        Ok(found.flatten())
    }

    /// Submissions of a cohort that need review, or of which an audit that nobody asked for gave another
    /// letter, and that have no instructor's grade yet; the oldest first.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_reviews(
        &self,
        tx: &mut Tx,
        guild: i64,
        course: &str,
        limit: i64,
    ) -> Result<Vec<ReviewRow>, StoreError> {
        let rows = sqlx::query_as!(
            ReviewColumns,
            r#"select s.id as submission, m.discord_id, m.name, s.run, g.id as grade, g.sheet, s.recorded_at
               from trust t join submission s on s.id = t.submission_id
               join enrolment e on e.id = s.enrolment_id join member m on m.id = e.member_id
               join cohort c on c.id = e.cohort_id
               join lateral (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where c.guild_id = $1 and c.course_id = $2
                 and (coalesce(g.sheet->'trust'->>'level', t.level) = 'needs_review' and g.author in ('docent', 'regrade') or exists
                   (select 1 from audit a where a.id = g.audit_id and a.reply_to is null
                      and jsonb_array_length(g.sheet->'trust'->'reasons') > 0))
               order by s.recorded_at limit $3"#,
            guild,
            course,
            limit
        )
        .fetch_all(&mut **tx)
        .await?;
        rows.into_iter().map(ReviewRow::try_from).collect()
    }

    /// The submission of a member that an instructor means: the oldest that waits for review, else
    /// the newest that is graded. All of theirs are held until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be reached or the row cannot be read.
    pub async fn find_graded(
        &self,
        tx: &mut Tx,
        guild: i64,
        course: &str,
        member: i64,
        practice: &str,
    ) -> Result<Option<ReviewRow>, StoreError> {
        // First the lock, then the look: a statement that waits for a lock still sees what was before it.
        sqlx::query!(
            "select s.id from submission s join enrolment e on e.id = s.enrolment_id
             join member m on m.id = e.member_id join cohort c on c.id = e.cohort_id
             where c.guild_id = $1 and c.course_id = $2 and m.discord_id = $3 order by s.id for update of s",
            guild,
            course,
            member
        )
        .fetch_all(&mut **tx)
        .await?;
        let row = sqlx::query_as!(
            ReviewColumns,
            r#"select s.id as submission, m.discord_id, m.name, s.run, g.id as grade, g.sheet, s.recorded_at
               from submission_member sm join submission s on s.id = sm.submission_id
               join enrolment e on e.id = sm.enrolment_id join member m on m.id = e.member_id
               join cohort c on c.id = e.cohort_id left join trust t on t.submission_id = s.id
               join lateral (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where c.guild_id = $1 and c.course_id = $2 and m.discord_id = $3 and g.practice_id = $4
               order by (coalesce(g.sheet->'trust'->>'level', t.level, '') = 'needs_review' and g.author in ('docent', 'regrade')) desc,
                 case when coalesce(g.sheet->'trust'->>'level', t.level, '') = 'needs_review' and g.author in ('docent', 'regrade')
                   then s.recorded_at end, s.recorded_at desc
               limit 1"#,
            guild,
            course,
            member,
            practice
        )
        .fetch_optional(&mut **tx)
        .await?;
        row.map(ReviewRow::try_from).transpose()
    }

    /// Records a grade that an instructor set; the earlier ones stay. Answers with its number.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_set_grade(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        sheet: &GradeSheet,
        author: i64,
        reason: &str,
    ) -> Result<i64, StoreError> {
        let author = author.to_string();
        let entry = Entry {
            author: &author,
            reason: Some(reason),
            ..Entry::default()
        };
        self.insert_grade(tx, submission, sheet, entry).await
    }
}
