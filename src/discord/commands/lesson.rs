//! `/lesson`: reading a module.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Choice, Command, define, option, suggest};
use crate::{
    app::{App, caller::Caller, error::Failure, show_lesson::show_lesson, submit_run::ReplyTo},
    discord::{components::lesson::turn_to, incoming::Call},
    domain::{course::Course, locale::Locale},
    text,
    view::{Message, limits},
};

/// `/lesson`.
pub struct Lesson;

#[async_trait]
impl Command for Lesson {
    fn name(&self) -> &'static str {
        "lesson"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        let module = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-lesson-module"),
            |l| text!(l, "cmd-lesson-module-about"),
        );
        let share = option(
            CommandOptionType::Boolean,
            |l| text!(l, "cmd-lesson-share"),
            |l| text!(l, "cmd-lesson-share-about"),
        );
        define(|l| text!(l, "cmd-lesson"), |l| text!(l, "cmd-lesson-about"))
            .add_option(module.required(true).set_autocomplete(true))
            .add_option(share)
    }

    fn access(&self) -> Access {
        Access::Everyone
    }

    fn answer(&self, call: &Call) -> Answering {
        Answering {
            deferred: false,
            private: call.option("share") != Some("true"),
        }
    }

    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let lesson = show_lesson(app, caller, call.option("module").unwrap_or_default()).await?;
        turn_to(app, caller, &lesson, None).await
    }

    fn complete(&self, course: &Course, locale: Locale, typed: &str) -> Vec<Choice> {
        let modules = course.modules().map(|module| Choice {
            name: limits::cut(
                &format!("{} · {}", module.code, module.title.text(locale)),
                limits::OPTION,
            ),
            value: module.id.clone(),
        });
        suggest(modules, typed)
    }
}
