//! Answering the questions of a quiz.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Component, Reaction, Use};
use crate::{
    app::{
        App,
        answer_question::{answer_question, find_question},
        caller::Caller,
        error::{Failure, Refusal},
        start_quiz::start_quiz,
    },
    domain::quiz::Given,
    view,
};

/// Questions of quizzes.
pub struct Quiz;

#[async_trait]
impl Component for Quiz {
    fn names(&self) -> &'static [&'static str] {
        &[
            "quiz-start",
            "quiz-press",
            "quiz-select",
            "quiz-type",
            "quiz-typed",
        ]
    }

    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure> {
        if used.name == "quiz-start" {
            let step = start_quiz(app, caller, Some(used.arg(0))).await?;
            return Ok(Reaction::Reply(view::quiz::view(&step, caller.locale)));
        }
        let attempt = Uuid::try_parse(used.arg(0)).map_err(|_| Refusal::Stale)?;
        let position: usize = used.arg(1).parse().map_err(|_| Refusal::Stale)?;
        if used.name == "quiz-type" {
            let step = find_question(app, caller, attempt).await?;
            // An answered question has no form: the next one is shown instead.
            return Ok(if step.next_position() == Some(position) {
                Reaction::Form(view::quiz::form(&step, position, caller.locale))
            } else {
                Reaction::Update(view::quiz::view(&step, caller.locale))
            });
        }
        let step = answer_question(app, caller, attempt, position, &given(used)?).await?;
        Ok(Reaction::Update(view::quiz::view(&step, caller.locale)))
    }
}

fn given(used: &Use) -> Result<Given, Refusal> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| Refusal::BadAnswer);
    match used.name.as_str() {
        "quiz-press" => Ok(Given::Chosen(vec![number(used.arg(2))?])),
        "quiz-select" => {
            let chosen: Result<Vec<usize>, Refusal> =
                used.values.iter().map(|value| number(value)).collect();
            chosen.map(Given::Chosen)
        }
        _ => Ok(Given::Typed(used.value().to_owned())),
    }
}
