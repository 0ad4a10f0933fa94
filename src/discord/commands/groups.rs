//! `/admin groups`, `group`, `move`, `dissolve`: groups in the hands of an instructor.

use std::ops::Range;

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::{
    Access, Answering, Command,
    admin::define_admin,
    group::{PEOPLE, most, person, practice},
    option,
};
use crate::{
    app::{
        App,
        arrange_group::{Arrange, dissolve_group, list_groups, move_member, put_together},
        caller::Caller,
        error::{Failure, TermsRefusal},
        form_group::group_practices,
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// The subcommands of `/admin` about groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// `/admin groups`.
    List,
    /// `/admin group`.
    Form,
    /// `/admin move`.
    Move,
    /// `/admin dissolve`.
    Dissolve,
}

impl Groups {
    /// Every subcommand, as they are listed.
    pub const ALL: [Self; 4] = [Self::List, Self::Form, Self::Move, Self::Dissolve];

    /// How it is defined.
    pub fn subcommand(self, course: &Course) -> CreateCommandOption {
        let kind = CommandOptionType::SubCommand;
        let whom = |l| text!(l, "cmd-admin-member-about");
        let member = || person(0, whom).required(true);
        match self {
            Self::List => option(
                kind,
                |l| text!(l, "cmd-admin-groups"),
                |l| text!(l, "cmd-admin-groups-about"),
            )
            .add_sub_option(practice(course)),
            Self::Form => {
                let form = option(
                    kind,
                    |l| text!(l, "cmd-admin-group"),
                    |l| text!(l, "cmd-admin-group-about"),
                );
                let add = CreateCommandOption::add_sub_option;
                let people = |places: Range<usize>| {
                    places.map(|place| person(place, whom).required(place < 2))
                };
                let form = people(0..2).fold(form, add);
                let form = form
                    .add_sub_option(reason())
                    .add_sub_option(practice(course));
                people(2..PEOPLE.len().min(most(course))).fold(form, add)
            }
            Self::Move => option(
                kind,
                |l| text!(l, "cmd-admin-move"),
                |l| text!(l, "cmd-admin-move-about"),
            )
            .add_sub_option(member())
            .add_sub_option(reason())
            .add_sub_option(option(
                CommandOptionType::User,
                |l| text!(l, "cmd-admin-to"),
                |l| text!(l, "cmd-admin-to-about"),
            ))
            .add_sub_option(practice(course)),
            Self::Dissolve => option(
                kind,
                |l| text!(l, "cmd-admin-dissolve"),
                |l| text!(l, "cmd-admin-dissolve-about"),
            )
            .add_sub_option(member())
            .add_sub_option(reason())
            .add_sub_option(practice(course)),
        }
    }
}

#[async_trait]
impl Command for Groups {
    fn name(&self) -> &'static str {
        match self {
            Self::List => "admin groups",
            Self::Form => "admin group",
            Self::Move => "admin move",
            Self::Dissolve => "admin dissolve",
        }
    }

    fn is_offered(&self, course: &Course) -> bool {
        group_practices(course).next().is_some()
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        define_admin(course)
    }

    fn access(&self) -> Access {
        Access::Instructors
    }

    fn answer(&self, _call: &Call) -> Answering {
        Answering::PRIVATE
    }

    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let locale = caller.locale;
        let practice = call.option("practice");
        let asked = Arrange {
            practice,
            reason: call.option("reason").unwrap_or_default(),
            channel: reply_to.channel_id,
        };
        let member = || call.person("member").ok_or(TermsRefusal::NoPerson);
        Ok(match self {
            Self::List => view::groups::list(&list_groups(app, caller, practice).await?, locale),
            Self::Form => {
                let named = PEOPLE.into_iter();
                let named = named.filter(|name| call.option(name).is_some());
                let people: Option<Vec<_>> = named.map(|name| call.person(name)).collect();
                let people = people.ok_or(TermsRefusal::NoPerson)?;
                let done = put_together(app, caller, asked, &people).await?;
                view::groups::formed(&done, locale)
            }
            Self::Move => {
                let to = match call.option("to") {
                    Some(_) => Some(call.person("to").ok_or(TermsRefusal::NoPerson)?),
                    None => None,
                };
                let done = move_member(app, caller, asked, member()?, to).await?;
                view::groups::moved(&done, locale)
            }
            Self::Dissolve => {
                let done = dissolve_group(app, caller, asked, member()?).await?;
                view::groups::dissolved(&done, locale)
            }
        })
    }
}

fn reason() -> CreateCommandOption {
    let reason = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-grade-reason"),
        |l| text!(l, "cmd-admin-reason-about"),
    );
    reason.required(true).min_length(3).max_length(300)
}
