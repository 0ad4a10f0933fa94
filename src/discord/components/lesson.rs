//! Turning the pages of a lesson, and opening a section from a quiz or a grade.

use async_trait::async_trait;

use super::{Component, Reaction, Use};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        show_lesson::{Lesson as Opened, finish_lesson, show_lesson, show_section},
    },
    view::{self, Message},
};

/// Pages of lessons.
pub struct Lesson;

#[async_trait]
impl Component for Lesson {
    fn names(&self) -> &'static [&'static str] {
        &["lesson-back", "lesson-next", "lesson-jump", "section"]
    }

    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure> {
        if used.name == "section" {
            let lesson = show_section(app, caller, used.value()).await?;
            return Ok(Reaction::Reply(turn_to(app, caller, &lesson, None).await?));
        }
        let page = if used.name == "lesson-jump" {
            used.value()
        } else {
            used.arg(1)
        };
        let lesson = show_lesson(app, caller, used.arg(0)).await?;
        let message = turn_to(app, caller, &lesson, Some(page.parse().unwrap_or(0))).await?;
        // A lesson shared with the channel stays where it is: whoever turns a page gets a private copy.
        Ok(if used.is_private {
            Reaction::Update(message)
        } else {
            Reaction::Reply(message)
        })
    }
}

/// Shows a page; with the last one the lesson has been read.
///
/// # Errors
/// Only faults.
pub async fn turn_to(
    app: &App,
    caller: &Caller,
    lesson: &Opened<'_>,
    page: Option<usize>,
) -> Result<Message, Failure> {
    let shown = view::lesson::view(lesson, page, caller.locale);
    if shown.is_last {
        finish_lesson(app, caller, lesson.module).await?;
    }
    Ok(shown.message)
}
