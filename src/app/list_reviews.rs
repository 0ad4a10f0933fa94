//! The submissions that an instructor should look at.

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
    },
    domain::course::Course,
    store::ReviewRow,
};

/// Submissions of one answer.
pub const PAGE: usize = 10;
/// Submissions at most that the answer counts over.
const MOST: i64 = 500;

/// What waits for a person.
#[derive(Debug, Clone)]
pub struct Reviews<'a> {
    /// The course.
    pub course: &'a Course,
    /// The oldest of them.
    pub first: Vec<ReviewRow>,
    /// How many there are.
    pub total: usize,
}

/// Lists what waits for review in a guild.
///
/// # Errors
/// Refuses anyone who is not an instructor.
pub async fn list_reviews<'a>(app: &'a App, caller: &Caller) -> Result<Reviews<'a>, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let mut tx = app.store.begin().await?;
    let mut first = app
        .store
        .list_reviews(&mut tx, caller.guild_id, &course.id, MOST)
        .await?;
    app.store.commit(tx).await?;
    let total = first.len();
    first.truncate(PAGE);
    Ok(Reviews {
        course,
        first,
        total,
    })
}
