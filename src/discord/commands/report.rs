//! `/report class`: how the class is doing, for instructors.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, Permissions};

use super::{Access, Answering, Command, define, option};
use crate::{
    app::{
        App, caller::Caller, error::Failure, show_class_report::show_class_report,
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::Course,
    text,
    view::{self, Message},
};

/// `/report class`.
pub struct Report;

#[async_trait]
impl Command for Report {
    fn name(&self) -> &'static str {
        "report class"
    }

    fn definition(&self, _course: &Course) -> CreateCommand {
        let class = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-report-class"),
            |l| text!(l, "cmd-report-class-about"),
        );
        define(|l| text!(l, "cmd-report"), |l| text!(l, "cmd-report-about"))
            .default_member_permissions(Permissions::MANAGE_GUILD)
            .add_option(class)
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
        _call: &Call,
        _reply_to: &ReplyTo,
    ) -> Result<Message, Failure> {
        Ok(view::class::view(
            &show_class_report(app, caller, 0).await?,
            caller.locale,
        ))
    }
}
