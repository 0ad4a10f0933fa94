//! When practices are due, and how often they were handed in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Tx, grades::Entry};
use crate::domain::grading::GradeSheet;

/// The reason of a grade that was worked out anew because its due time was moved.
pub const DUE_TIME: &str = "due time";

/// The times set for a practice besides the course's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetDates {
    /// The server's.
    pub server: Option<DateTime<Utc>>,
    /// The latest of the members' own.
    pub extension: Option<DateTime<Utc>>,
}

/// A time that an instructor gives a member.
#[derive(Debug, Clone, Copy)]
pub struct NewDate<'a> {
    /// The practice.
    pub practice: &'a str,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Discord id of the instructor.
    pub author: i64,
}

/// A grade that Docent worked out for late work, and for whom it counts.
#[derive(Debug, Clone)]
pub struct LateGradeRow {
    /// The submission.
    pub submission: Uuid,
    /// The newest sheet.
    pub sheet: GradeSheet,
    /// The digest of the rules it was worked out by.
    pub rubric: Option<String>,
    /// The audit whose run it rests on.
    pub audit: Option<Uuid>,
    /// The members for whom it counts.
    pub enrolments: Vec<Uuid>,
}

impl Store {
    /// Holds members' enrolments until the transaction ends, in one order for everybody, and keeps the
    /// due times of their server from changing meanwhile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hold_enrolments(
        &self,
        tx: &mut Tx,
        enrolments: &[Uuid],
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "select e.id from enrolment e join cohort c on c.id = e.cohort_id
             where e.id = any($1) order by e.id for update of e for share of c",
            enrolments
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(())
    }

    /// The times set for a practice for members of one server.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_dates(
        &self,
        tx: &mut Tx,
        enrolments: &[Uuid],
        practice: &str,
    ) -> Result<SetDates, StoreError> {
        let row = sqlx::query!(
            r#"select
                 (select d.due_at from due_date d join enrolment e on e.cohort_id = d.cohort_id
                  where e.id = any($1) and d.practice_id = $2 order by d.id desc limit 1) as server,
                 (select max(x.due_at) from
                   (select distinct on (enrolment_id) due_at from extension
                    where enrolment_id = any($1) and practice_id = $2 order by enrolment_id, id desc) x) as extension"#,
            enrolments,
            practice
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(SetDates {
            server: row.server,
            extension: row.extension,
        })
    }

    /// When members handed a practice in, as far as it took an attempt: what is graded or waits for
    /// its grade. What failed for good took none, nor does the submission that is left out.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_attempts_taken(
        &self,
        tx: &mut Tx,
        enrolments: &[Uuid],
        practice: &str,
        leave_out: Option<Uuid>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select s.recorded_at from submission s left join lateral
               (select practice_id from grade where submission_id = s.id order by id desc limit 1) g on true
             where exists (select 1 from submission_member m
                           where m.submission_id = s.id and m.enrolment_id = any($1))
               and coalesce(g.practice_id, s.practice_id) = $2 and s.id is distinct from $3
               and (g.practice_id is not null
                    or not exists (select 1 from submission_failure f where f.submission_id = s.id))
             order by s.recorded_at limit 10000",
            enrolments,
            practice,
            leave_out
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Holds the due times of a server until the transaction ends; it waits for hand-ins that are being graded.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hold_cohort(&self, tx: &mut Tx, cohort: Uuid) -> Result<(), StoreError> {
        sqlx::query!("select id from cohort where id = $1 for update", cohort)
            .fetch_optional(&mut **tx)
            .await?;
        Ok(())
    }

    /// Sets when a practice is due in a server, or removes the server's own time. It waits for hand-ins that
    /// are being graded.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_due_date(
        &self,
        tx: &mut Tx,
        cohort: Uuid,
        practice: &str,
        due_at: Option<DateTime<Utc>>,
        author: i64,
    ) -> Result<(), StoreError> {
        self.hold_cohort(tx, cohort).await?;
        sqlx::query!(
            "insert into due_date (cohort_id, practice_id, due_at, author) values ($1, $2, $3, $4)",
            cohort,
            practice,
            due_at,
            author
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Sets when a practice is due for one member.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_extension(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        new: NewDate<'_>,
        reason: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into extension (enrolment_id, practice_id, due_at, author, reason) values ($1, $2, $3, $4, $5)",
            enrolment,
            new.practice,
            new.due_at,
            new.author,
            reason
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The grades of a practice that lost points by lateness and that no instructor has set: of one
    /// member, or of everyone in the cohort. They are held until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be reached or a row cannot be read.
    pub async fn list_late_grades(
        &self,
        tx: &mut Tx,
        cohort: Uuid,
        enrolment: Option<Uuid>,
        practice: &str,
    ) -> Result<Vec<LateGradeRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select s.id, g.sheet, g.rubric_digest, g.audit_id, array(select m.enrolment_id from submission_member m
                 where m.submission_id = s.id order by m.enrolment_id) as "enrolments!"
               from submission s join enrolment e on e.id = s.enrolment_id
               join lateral (select * from grade where submission_id = s.id order by id desc limit 1) g on true
               where e.cohort_id = $1 and g.practice_id = $2 and g.author in ('docent', 'regrade')
                 and (g.sheet #>> '{late,penalty_bp}')::integer > 0
                 and ($3::uuid is null or exists (select 1 from submission_member m
                      where m.submission_id = s.id and m.enrolment_id = $3))
               order by s.id for update of s"#,
            cohort,
            practice,
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(|row| {
            Ok(LateGradeRow {
                submission: row.id,
                sheet: serde_json::from_value(row.sheet)
                    .map_err(StoreError::inconsistent("grade"))?,
                rubric: row.rubric_digest,
                audit: row.audit_id,
                enrolments: row.enrolments,
            })
        });
        read.collect()
    }

    /// Records a late grade worked out anew for another due time, by the rules of the one before it; the
    /// earlier ones stay.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_moved(
        &self,
        tx: &mut Tx,
        late: &LateGradeRow,
        sheet: &GradeSheet,
    ) -> Result<(), StoreError> {
        let entry = Entry {
            reason: Some(DUE_TIME),
            ..Entry::worked_out(late.rubric.as_deref(), late.audit)
        };
        self.insert_grade(tx, late.submission, sheet, entry).await?;
        Ok(())
    }
}
