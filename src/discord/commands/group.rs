//! `/group`: handing in a practice together.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

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
    domain::{course::Course, locale::Locale},
    text,
    view::{self, Message},
};

/// Names of the options for people: as many as the largest group may still need.
pub const PEOPLE: [&str; 5] = ["member", "member2", "member3", "member4", "member5"];

/// The option for a practice that groups may hand in.
pub fn practice(course: &Course) -> CreateCommandOption {
    let practice = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-submit-practice"),
        |l| text!(l, "cmd-group-practice-about"),
    );
    let parts = course
        .parts
        .iter()
        .filter(|part| group_practices(course).any(|task| task.id == part.id));
    choose_part(practice, parts)
}

/// Members of the largest group that a course has.
pub fn most(course: &Course) -> usize {
    let sizes = group_practices(course).map(|task| task.terms.group_size);
    sizes.max().unwrap_or(1) as usize
}

/// The option for a person, by its place among [`PEOPLE`].
pub fn person(place: usize, about: impl Fn(Locale) -> String) -> CreateCommandOption {
    let numbered = |name: String| match place {
        0 => name,
        place => format!("{name}{}", place + 1),
    };
    option(
        CommandOptionType::User,
        |l| numbered(text!(l, "cmd-grade-member")),
        about,
    )
}

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
        let command = define(|l| text!(l, "cmd-group"), |l| text!(l, "cmd-group-about"))
            .add_option(practice(course));
        let others = most(course).saturating_sub(1);
        (0..PEOPLE.len().min(others)).fold(command, |command, place| {
            let about = |l| text!(l, "cmd-group-member-about");
            command.add_option(person(place, about))
        })
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
