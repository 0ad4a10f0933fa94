//! `/progress`: how far a member is.

use async_trait::async_trait;
use serenity::all::CreateCommand;

use super::{Access, Answering, Command, define};
use crate::{
    app::{App, caller::Caller, error::Failure, show_progress::show_progress, submit_run::ReplyTo},
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/progress`.
pub struct Progress;

#[async_trait]
impl Command for Progress {
    fn name(&self) -> &'static str {
        "progress"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        define(
            |l| text!(l, "cmd-progress"),
            |l| text!(l, "cmd-progress-about"),
        )
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
        Ok(view::progress::view(
            &show_progress(app, caller).await?,
            caller.locale,
        ))
    }
}
