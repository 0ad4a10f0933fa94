//! `/submit`: handing in a practice.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Command, choose_part, define, option};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        submit_run::{ReplyTo, Submitted, submit_run},
    },
    discord::incoming::Call,
    domain::course::{Course, Part},
    text,
    view::{self, Message, grade::Graded},
};

/// `/submit`.
pub struct Submit;

#[async_trait]
impl Command for Submit {
    fn name(&self) -> &'static str {
        "submit"
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        let link = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-submit-link"),
            |l| text!(l, "cmd-submit-link-about"),
        );
        let practice = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-submit-practice"),
            |l| text!(l, "cmd-submit-practice-about"),
        );
        let graded = |part: &&Part| {
            part.practice
                .as_ref()
                .is_some_and(|task| !task.reports.is_empty())
        };
        let practice = choose_part(practice, course.parts.iter().filter(graded));
        define(|l| text!(l, "cmd-submit"), |l| text!(l, "cmd-submit-about"))
            .add_option(link.required(true).max_length(1000))
            .add_option(practice)
    }

    fn access(&self) -> Access {
        Access::Everyone
    }

    fn answer(&self, _call: &Call) -> Answering {
        Answering {
            deferred: true,
            private: true,
        }
    }

    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let link = call.option("link").unwrap_or_default();
        let outcome = submit_run(app, caller, link, call.option("practice"), reply_to).await?;
        Ok(match outcome {
            Submitted::Graded {
                course,
                run,
                attempt,
                sheet,
                standing,
            } => {
                let graded = Graded {
                    course,
                    run: &run,
                    sheet: &sheet,
                    standing: &standing,
                    attempt,
                };
                view::grade::view(&graded, caller.locale)
            }
            Submitted::StepsOnly { course, run, steps } => {
                view::steps::view(course, &run, &steps, false, caller.locale)
            }
            Submitted::Waiting { repository } => Message::plain(text!(
                caller.locale,
                "submit-waiting",
                repository = repository
            )),
            Submitted::Later { repository } => Message::plain(text!(
                caller.locale,
                "submit-later",
                repository = repository
            )),
        })
    }
}
