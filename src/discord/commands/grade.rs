//! `/grade review`, `/grade set`, `/grade audit`: what an instructor looks at, decides, and has graded again.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, Permissions};

use super::{Access, Answering, Command, choose_part, define, option};
use crate::{
    app::{
        App,
        audit_grade::audit_grade,
        caller::Caller,
        error::Failure,
        list_reviews::list_reviews,
        set_grade::{SetGrade, set_grade},
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::{Course, Part},
    text,
    view::{self, Message},
};

/// The subcommands of `/grade`.
#[derive(Debug, Clone, Copy)]
pub enum Grade {
    /// `/grade review`.
    Review,
    /// `/grade set`.
    Set,
    /// `/grade audit`.
    Audit,
}

#[async_trait]
impl Command for Grade {
    fn name(&self) -> &'static str {
        match self {
            Self::Review => "grade review",
            Self::Set => "grade set",
            Self::Audit => "grade audit",
        }
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        let review = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-grade-review"),
            |l| text!(l, "cmd-grade-review-about"),
        );
        let member = option(
            CommandOptionType::User,
            |l| text!(l, "cmd-grade-member"),
            |l| text!(l, "cmd-grade-member-about"),
        );
        let practice = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-submit-practice"),
            |l| text!(l, "cmd-grade-practice-about"),
        );
        let graded = |part: &&Part| {
            part.practice
                .as_ref()
                .is_some_and(|task| !task.reports.is_empty())
        };
        let practice = choose_part(practice, course.parts.iter().filter(graded));
        let audit = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-grade-audit"),
            |l| text!(l, "cmd-grade-audit-about"),
        )
        .add_sub_option(member.clone().required(true))
        .add_sub_option(practice.clone().required(true));
        let mut grade = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-grade-grade"),
            |l| text!(l, "cmd-grade-grade-about"),
        );
        for band in &course.assessment.bands {
            grade = grade.add_string_choice(&band.grade, &band.grade);
        }
        let reason = option(
            CommandOptionType::String,
            |l| text!(l, "cmd-grade-reason"),
            |l| text!(l, "cmd-grade-reason-about"),
        );
        let set = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-grade-set"),
            |l| text!(l, "cmd-grade-set-about"),
        )
        .add_sub_option(member.required(true))
        .add_sub_option(practice.required(true))
        .add_sub_option(grade.required(true))
        .add_sub_option(reason.required(true).min_length(3).max_length(300));
        define(|l| text!(l, "cmd-grade"), |l| text!(l, "cmd-grade-about"))
            .default_member_permissions(Permissions::MANAGE_GUILD)
            .add_option(review)
            .add_option(set)
            .add_option(audit)
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
        if matches!(self, Self::Review) {
            return Ok(view::review::view(
                &list_reviews(app, caller).await?,
                locale,
            ));
        }
        let text = |name| call.option(name).unwrap_or_default();
        let member = text("member").parse().unwrap_or_default();
        if matches!(self, Self::Audit) {
            let asked = audit_grade(app, caller, member, text("practice"), reply_to).await?;
            return Ok(view::audit::asked(&asked, locale));
        }
        let asked = SetGrade {
            member,
            practice: text("practice"),
            grade: text("grade"),
            reason: text("reason"),
        };
        Ok(view::review::set(
            &set_grade(app, caller, asked).await?,
            locale,
        ))
    }
}
