//! `/checklist`: seeing and ticking a checklist.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Command, choose_part, define, option};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        show_checklist::{parts_with_checklist, show_checklist},
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/checklist`.
pub struct Checklist;

#[async_trait]
impl Command for Checklist {
    fn name(&self) -> &'static str {
        "checklist"
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        let part = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-checklist-part"),
            |l| text!(l, "cmd-checklist-part-about"),
        );
        let part = choose_part(part, parts_with_checklist(course).map(|(part, _)| part));
        define(
            |l| text!(l, "cmd-checklist"),
            |l| text!(l, "cmd-checklist-about"),
        )
        .add_option(part)
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
        let state = show_checklist(app, caller, call.option("part")).await?;
        Ok(view::checklist::view(&state, caller.locale))
    }
}
