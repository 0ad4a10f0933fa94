//! Attempts at quizzes, their answers and marks.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::domain::{
    quiz::{DrawnQuestion, Given, Mark},
    score::BasisPoints,
};

/// An attempt with the answers given so far.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptRow {
    /// Id of the attempt.
    pub id: Uuid,
    /// The bank it was drawn from.
    pub bank_id: String,
    /// The share that passes.
    pub pass_mark: BasisPoints,
    /// The questions as drawn.
    pub questions: Vec<DrawnQuestion>,
    /// Answers by position.
    pub answers: BTreeMap<usize, Given>,
    /// The mark, once every question has an answer.
    pub mark: Option<Mark>,
}

/// The best and the newest mark of a member in one bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSummary {
    /// The bank.
    pub bank_id: String,
    /// The best mark.
    pub best: Mark,
    /// Whether any attempt passed.
    pub passed: bool,
    /// Finished attempts.
    pub attempts: i64,
}

impl Store {
    /// Records a new attempt.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_attempt(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        attempt: &AttemptRow,
        seed: u64,
    ) -> Result<(), StoreError> {
        let questions = serde_json::to_value(&attempt.questions)
            .map_err(StoreError::inconsistent("attempt"))?;
        sqlx::query!(
            "insert into attempt (id, enrolment_id, bank_id, seed, pass_mark_bp, questions)
             values ($1, $2, $3, $4, $5, $6)",
            attempt.id,
            enrolment,
            attempt.bank_id,
            seed.cast_signed(),
            i32::try_from(attempt.pass_mark.get()).unwrap_or(10_000),
            questions
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The newest unfinished attempt of a member, at one bank or at any.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_open_attempt(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        bank: Option<&str>,
    ) -> Result<Option<AttemptRow>, StoreError> {
        let id = sqlx::query_scalar!(
            "select a.id from attempt a left join mark m on m.attempt_id = a.id
             where a.enrolment_id = $1 and ($2::text is null or a.bank_id = $2) and m.attempt_id is null
             order by a.recorded_at desc limit 1",
            enrolment,
            bank
        )
        .fetch_optional(&mut **tx)
        .await?;
        match id {
            Some(id) => self.find_attempt(tx, enrolment, id).await,
            None => Ok(None),
        }
    }

    /// One attempt of a member; `None` when it is not theirs.
    ///
    /// # Errors
    /// When the database cannot be reached or the row cannot be read.
    pub async fn find_attempt(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        id: Uuid,
    ) -> Result<Option<AttemptRow>, StoreError> {
        let row = sqlx::query!(
            r#"select a.bank_id, a.pass_mark_bp, a.questions, m.correct as "correct?", m.total as "total?"
               from attempt a left join mark m on m.attempt_id = a.id
               where a.id = $1 and a.enrolment_id = $2"#,
            id,
            enrolment
        )
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let answers = sqlx::query!(
            "select position, given from answer where attempt_id = $1 limit 100",
            id
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut given = BTreeMap::new();
        for answer in answers {
            let value =
                serde_json::from_value(answer.given).map_err(StoreError::inconsistent("answer"))?;
            given.insert(
                usize::try_from(answer.position).unwrap_or(usize::MAX),
                value,
            );
        }
        Ok(Some(AttemptRow {
            id,
            bank_id: row.bank_id,
            pass_mark: BasisPoints::saturating(row.pass_mark_bp.unsigned_abs()),
            questions: serde_json::from_value(row.questions)
                .map_err(StoreError::inconsistent("attempt"))?,
            answers: given,
            mark: row
                .correct
                .zip(row.total)
                .map(|(correct, total)| mark(correct, total)),
        }))
    }

    /// Records an answer; false when the question already has one, which then stands.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_answer(
        &self,
        tx: &mut Tx,
        attempt: Uuid,
        position: usize,
        given: &Given,
    ) -> Result<bool, StoreError> {
        let given = serde_json::to_value(given).map_err(StoreError::inconsistent("answer"))?;
        let done = sqlx::query!(
            "insert into answer (attempt_id, position, given) values ($1, $2, $3) on conflict do nothing",
            attempt,
            i32::try_from(position).unwrap_or(i32::MAX),
            given
        )
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Records the mark of a finished attempt; the first stands.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_mark(
        &self,
        tx: &mut Tx,
        attempt: Uuid,
        mark: Mark,
        passed: bool,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into mark (attempt_id, correct, total, passed) values ($1, $2, $3, $4) on conflict do nothing",
            attempt,
            i32::try_from(mark.correct).unwrap_or(i32::MAX),
            i32::try_from(mark.total).unwrap_or(i32::MAX),
            passed
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// What a member reached in each bank.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_attempts(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Vec<AttemptSummary>, StoreError> {
        let rows = sqlx::query!(
            r#"select distinct on (a.bank_id) a.bank_id, m.correct, m.total,
                 bool_or(m.passed) over (partition by a.bank_id) as "passed!",
                 count(*) over (partition by a.bank_id) as "attempts!"
               from attempt a join mark m on m.attempt_id = a.id where a.enrolment_id = $1
               order by a.bank_id, m.correct::numeric / m.total desc, m.recorded_at limit 1000"#,
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| AttemptSummary {
                bank_id: row.bank_id,
                best: mark(row.correct, row.total),
                passed: row.passed,
                attempts: row.attempts,
            })
            .collect())
    }
}

fn mark(correct: i32, total: i32) -> Mark {
    Mark {
        correct: correct.unsigned_abs(),
        total: total.unsigned_abs(),
    }
}
