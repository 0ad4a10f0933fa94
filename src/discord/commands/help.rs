//! `/help`: what Docent can do.

use async_trait::async_trait;
use serenity::all::CreateCommand;

use super::{Access, Answering, Command, define};
use crate::{
    app::{App, caller::Caller, error::Failure, submit_run::ReplyTo},
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/help`.
pub struct Help;

#[async_trait]
impl Command for Help {
    fn name(&self) -> &'static str {
        "help"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        define(|l| text!(l, "cmd-help"), |l| text!(l, "cmd-help-about"))
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
        _call: &Call,
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        Ok(view::help::view(
            app.library.default_course(),
            caller.is_instructor,
            caller.locale,
        ))
    }
}
