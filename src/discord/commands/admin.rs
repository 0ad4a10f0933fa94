//! `/admin`: what those see to who run the course; here the queue.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption, Permissions};

use super::{Access, Answering, Command, define, groups::Groups, option};
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

/// `/admin` with all its subcommands, which are defined together.
pub fn define_admin(course: &Course) -> CreateCommand {
    let command = define(|l| text!(l, "cmd-admin"), |l| text!(l, "cmd-admin-about"))
        .default_member_permissions(Permissions::MANAGE_GUILD)
        .add_option(Queue::subcommand());
    let groups = Groups::ALL.into_iter().filter(|one| one.is_offered(course));
    groups.fold(command, |command, one| {
        command.add_option(one.subcommand(course))
    })
}

/// `/admin queue`.
pub struct Queue;

impl Queue {
    fn subcommand() -> CreateCommandOption {
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
        queue.add_sub_option(retry)
    }
}

#[async_trait]
impl Command for Queue {
    fn name(&self) -> &'static str {
        "admin queue"
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
