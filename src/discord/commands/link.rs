//! `/link`: which account at a CI provider is the member's.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand};

use super::{Access, Answering, Command, define, option};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        link_account::{ask_for_account, link_account},
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/link`.
pub struct Link;

#[async_trait]
impl Command for Link {
    fn name(&self) -> &'static str {
        "link"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        let run = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-link-run"),
            |l| text!(l, "cmd-link-run-about"),
        );
        define(|l| text!(l, "cmd-link"), |l| text!(l, "cmd-link-about"))
            .add_option(run.max_length(1000))
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
        let outcome = match call.option("run") {
            Some(link) => link_account(app, caller, link).await?,
            None => ask_for_account(app, caller, reply_to).await?,
        };
        Ok(view::account::view(&outcome, caller.locale))
    }
}
