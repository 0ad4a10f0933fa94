//! `/grade`: what an instructor looks at, what they decide of grades and due times, and what they have graded again.

use async_trait::async_trait;
use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption, Permissions};

use super::{Access, Answering, Command, choose_part, define, option};
use crate::{
    app::{
        App,
        audit_grade::audit_grade,
        caller::Caller,
        error::{Failure, TermsRefusal},
        list_reviews::list_reviews,
        set_due_date::{Extend, extend_due_date, set_due_date},
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
    /// `/grade extend`.
    Extend,
    /// `/grade due`.
    Due,
    /// `/grade audit`.
    Audit,
}

#[async_trait]
impl Command for Grade {
    fn name(&self) -> &'static str {
        match self {
            Self::Review => "grade review",
            Self::Set => "grade set",
            Self::Extend => "grade extend",
            Self::Due => "grade due",
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
        )
        .required(true);
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
        let practice = choose_part(practice, course.parts.iter().filter(graded)).required(true);
        let audit = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-grade-audit"),
            |l| text!(l, "cmd-grade-audit-about"),
        )
        .add_sub_option(member.clone().required(true))
        .add_sub_option(practice.clone());
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
        )
        .required(true)
        .min_length(3)
        .max_length(300);
        let set = option(
            CommandOptionType::SubCommand,
            |l| text!(l, "cmd-grade-set"),
            |l| text!(l, "cmd-grade-set-about"),
        )
        .add_sub_option(member.clone())
        .add_sub_option(practice.clone())
        .add_sub_option(grade.required(true))
        .add_sub_option(reason.clone());
        define(|l| text!(l, "cmd-grade"), |l| text!(l, "cmd-grade-about"))
            .default_member_permissions(Permissions::MANAGE_GUILD)
            .add_option(review)
            .add_option(set)
            .add_option(audit)
            .add_option(extend(member, practice.clone(), reason))
            .add_option(due(practice))
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
        let channel = reply_to.channel_id;
        let text = |name| call.option(name).unwrap_or_default();
        Ok(match self {
            Self::Review => view::review::view(&list_reviews(app, caller).await?, locale),
            Self::Set => {
                let asked = SetGrade {
                    member: text("member").parse().unwrap_or_default(),
                    practice: text("practice"),
                    grade: text("grade"),
                    reason: text("reason"),
                };
                view::review::set(&set_grade(app, caller, asked).await?, locale)
            }
            Self::Audit => {
                let member = text("member").parse().unwrap_or_default();
                let asked = audit_grade(app, caller, member, text("practice"), reply_to).await?;
                view::audit::asked(&asked, locale)
            }
            Self::Extend => {
                let asked = Extend {
                    member: call.person("member").ok_or(TermsRefusal::NoPerson)?,
                    practice: text("practice"),
                    until: call.option("until"),
                    days: call.option("days").and_then(|days| days.parse().ok()),
                    reason: text("reason"),
                };
                view::terms::set(&extend_due_date(app, caller, asked, channel).await?, locale)
            }
            Self::Due => {
                let set = set_due_date(app, caller, text("practice"), text("until"), channel);
                view::terms::set(&set.await?, locale)
            }
        })
    }
}

fn extend(
    member: CreateCommandOption,
    practice: CreateCommandOption,
    reason: CreateCommandOption,
) -> CreateCommandOption {
    let days = option(
        CommandOptionType::Integer,
        |l| text!(l, "cmd-grade-days"),
        |l| text!(l, "cmd-grade-days-about"),
    );
    option(
        CommandOptionType::SubCommand,
        |l| text!(l, "cmd-grade-extend"),
        |l| text!(l, "cmd-grade-extend-about"),
    )
    .add_sub_option(member)
    .add_sub_option(practice)
    .add_sub_option(reason)
    .add_sub_option(days.min_int_value(1).max_int_value(365))
    .add_sub_option(until())
}

fn due(practice: CreateCommandOption) -> CreateCommandOption {
    option(
        CommandOptionType::SubCommand,
        |l| text!(l, "cmd-grade-due"),
        |l| text!(l, "cmd-grade-due-about"),
    )
    .add_sub_option(practice)
    .add_sub_option(until().required(true))
}

fn until() -> CreateCommandOption {
    let until = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-grade-until"),
        |l| text!(l, "cmd-grade-until-about"),
    );
    until.max_length(40)
}
