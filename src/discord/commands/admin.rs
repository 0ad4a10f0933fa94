//! `/admin`: the queue, for those who run the course.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, Permissions};

use super::{Access, Answering, Command, define, option};
use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        submit_run::ReplyTo,
        tend_queue::{retry_queue, show_queue},
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/admin queue`.
pub struct Queue;

#[async_trait]
impl Command for Queue {
    fn name(&self) -> &'static str {
        "admin queue"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        let retry = option(
            CommandOptionType::Boolean,
            |l| text!(l, "cmd-admin-queue-retry"),
            |l| text!(l, "cmd-admin-queue-retry-about"),
        );
        let queue = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-admin-queue"),
            |l| text!(l, "cmd-admin-queue-about"),
        );
        define(|l| text!(l, "cmd-admin"), |l| text!(l, "cmd-admin-about"))
            .default_member_permissions(Permissions::MANAGE_GUILD)
            .add_option(queue.add_sub_option(retry))
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
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        let retried = match call.option("retry") {
            Some("true") => Some(retry_queue(app).await?),
            _ => None,
        };
        let report = show_queue(app).await?;
        Ok(view::queue::view(&report, retried, caller.locale))
    }
}
