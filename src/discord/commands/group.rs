//! `/group`: handing in a practice together.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Command, choose_part, define, option};
use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, TermsRefusal},
        form_group::{form_group, group_practices},
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// Names of the options for people: as many as the largest group may still need.
const PEOPLE: [&str; 5] = ["member", "member2", "member3", "member4", "member5"];

/// `/group`.
pub struct Group;

#[async_trait]
impl Command for Group {
    fn name(&self) -> &'static str {
        "group"
    }

    fn is_offered(&self, course: &Course) -> bool {
        group_practices(course).next().is_some()
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        let practice = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-submit-practice"),
            |l| text!(l, "cmd-group-practice-about"),
        );
        let parts = course
            .parts
            .iter()
            .filter(|part| group_practices(course).any(|task| task.id == part.id));
        let most = group_practices(course).map(|task| task.terms.group_size);
        let others = most.max().unwrap_or(1).saturating_sub(1) as usize;
        let mut command = define(|l| text!(l, "cmd-group"), |l| text!(l, "cmd-group-about"))
            .add_option(choose_part(practice, parts));
        for (place, _) in PEOPLE.iter().enumerate().take(others) {
            let numbered = |name: String| match place {
                0 => name,
                place => format!("{name}{}", place + 1),
            };
            command = command.add_option(option(
                CommandOptionType::User,
                |l| numbered(text!(l, "cmd-grade-member")),
                |l| text!(l, "cmd-group-member-about"),
            ));
        }
        command
    }

    fn access(&self) -> Access {
        Access::Everyone
    }

    fn answer(&self, call: &Call) -> Answering {
        Answering {
            deferred: false,
            private: PEOPLE.iter().all(|name| call.option(name).is_none()),
        }
    }

    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let mut people = Vec::new();
        for name in PEOPLE
            .into_iter()
            .filter(|name| call.option(name).is_some())
        {
            let person = call.person(name).ok_or(TermsRefusal::NoPerson)?;
            if person.discord_id != caller.discord_id {
                people.push(person);
            }
        }
        let group = form_group(app, caller, call.option("practice"), &people).await?;
        Ok(if people.is_empty() {
            view::group::own(&group, caller.locale)
        } else {
            view::group::shown(&group, caller.locale)
        })
    }
}
