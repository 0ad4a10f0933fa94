//! `/quiz`: taking a quiz, or going on with one.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Choice, Command, define, option, suggest};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        start_quiz::{ordered_banks, start_quiz},
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::{course::Course, locale::Locale},
    text,
    view::{self, Message, limits},
};

/// `/quiz`.
pub struct Quiz;

#[async_trait]
impl Command for Quiz {
    fn name(&self) -> &'static str {
        "quiz"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        let topic = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-quiz-topic"),
            |l| text!(l, "cmd-quiz-topic-about"),
        );
        define(|l| text!(l, "cmd-quiz"), |l| text!(l, "cmd-quiz-about"))
            .add_option(topic.set_autocomplete(true))
    }

    fn access(&self) -> Access {
        Access::Everyone
    }

    fn answer(&self, _call: &Call) -> Answering {
        Answering::PRIVATE
    }

    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let step = start_quiz(app, caller, call.option("topic")).await?;
        Ok(view::quiz::view(&step, caller.locale))
    }

    fn complete(&self, course: &Course, locale: Locale, typed: &str) -> Vec<Choice> {
        let banks = ordered_banks(course).map(|bank| Choice {
            name: limits::cut(
                &format!("{} · {}", bank.id.to_uppercase(), bank.title.text(locale)),
                limits::OPTION,
            ),
            value: bank.id.clone(),
        });
        suggest(banks, typed)
    }
}
