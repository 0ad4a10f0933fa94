//! `/grade`: what an instructor looks at, what they decide of grades and due times, what they have graded again, and
//! what a changed rubric changes.

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
        regrade::regrade_guild,
        set_due_date::{Extend, ServerDue, extend_due_date, set_due_date},
        set_grade::{SetGrade, set_grade},
        show_grade_history::show_grade_history,
        submit_run::ReplyTo,
    },
    discord::incoming::Call,
    domain::course::{Course, Part},
    text,
    view::{self, Message},
};

/// The subcommands of `/grade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// `/grade history`.
    History,
    /// `/grade dryrun`.
    DryRun,
    /// `/grade regrade`.
    Regrade,
}

impl Grade {
    /// Every subcommand, as they are listed.
    pub const ALL: [Self; 8] = [
        Self::Review,
        Self::Set,
        Self::History,
        Self::Extend,
        Self::Due,
        Self::Audit,
        Self::DryRun,
        Self::Regrade,
    ];
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
            Self::History => "grade history",
            Self::DryRun => "grade dryrun",
            Self::Regrade => "grade regrade",
        }
    }

    fn definition(&self, course: &Course) -> CreateCommand {
        let command = define(|l| text!(l, "cmd-grade"), |l| text!(l, "cmd-grade-about"))
            .default_member_permissions(Permissions::MANAGE_GUILD);
        Self::ALL.iter().fold(command, |command, one| {
            command.add_option(one.subcommand(course))
        })
    }

    fn access(&self) -> Access {
        Access::Instructors
    }

    fn answer(&self, _call: &Call) -> Answering {
        Answering {
            // Every stored submission is worked out.
            deferred: matches!(self, Self::DryRun | Self::Regrade),
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
        let locale = caller.locale;
        let channel = reply_to.channel_id;
        let text = |name| call.option(name).unwrap_or_default();
        let member = call.option("member").and_then(|id| id.parse::<i64>().ok());
        let shown = match self {
            Self::Review => view::review::view(&list_reviews(app, caller).await?, locale),
            Self::Set => {
                let asked = SetGrade {
                    member: member.unwrap_or_default(),
                    practice: text("practice"),
                    grade: text("grade"),
                    reason: text("reason"),
                };
                view::review::set(&set_grade(app, caller, asked).await?, locale)
            }
            Self::Audit => {
                let member = member.unwrap_or_default();
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
                let asked = match (call.option("until"), call.option("remove")) {
                    (Some(until), None | Some("false")) => ServerDue::Until(until),
                    (None, Some("true")) => ServerDue::Remove,
                    _ => return Err(TermsRefusal::SetOrRemove.into()),
                };
                let set = set_due_date(app, caller, text("practice"), asked, channel);
                view::terms::set(&set.await?, locale)
            }
            Self::History => {
                let member = member.unwrap_or_default();
                let history = show_grade_history(app, caller, member, text("practice")).await?;
                view::history::view(&history, locale)
            }
            Self::DryRun | Self::Regrade => {
                let apply = *self == Self::Regrade;
                let done = regrade_guild(app, caller, member, apply).await?;
                view::regrade::view(&done, locale)
            }
        };
        Ok(shown)
    }
}

impl Grade {
    fn subcommand(self, course: &Course) -> CreateCommandOption {
        let kind = CommandOptionType::SubCommand;
        match self {
            Self::Review => option(
                kind,
                |l| text!(l, "cmd-grade-review"),
                |l| text!(l, "cmd-grade-review-about"),
            ),
            Self::Set => option(
                kind,
                |l| text!(l, "cmd-grade-set"),
                |l| text!(l, "cmd-grade-set-about"),
            )
            .add_sub_option(member().required(true))
            .add_sub_option(practice(course))
            .add_sub_option(letter(course))
            .add_sub_option(reason()),
            Self::Extend => extend(member().required(true), practice(course), reason()),
            Self::Due => due(practice(course)),
            Self::Audit => option(
                kind,
                |l| text!(l, "cmd-grade-audit"),
                |l| text!(l, "cmd-grade-audit-about"),
            )
            .add_sub_option(member().required(true))
            .add_sub_option(practice(course)),
            Self::History => option(
                kind,
                |l| text!(l, "cmd-grade-history"),
                |l| text!(l, "cmd-grade-history-about"),
            )
            .add_sub_option(member().required(true))
            .add_sub_option(practice(course)),
            Self::DryRun => option(
                kind,
                |l| text!(l, "cmd-grade-dryrun"),
                |l| text!(l, "cmd-grade-dryrun-about"),
            )
            .add_sub_option(only_member()),
            Self::Regrade => option(
                kind,
                |l| text!(l, "cmd-grade-regrade"),
                |l| text!(l, "cmd-grade-regrade-about"),
            )
            .add_sub_option(only_member()),
        }
    }
}

fn member() -> CreateCommandOption {
    option(
        CommandOptionType::User,
        |l| text!(l, "cmd-grade-member"),
        |l| text!(l, "cmd-grade-member-about"),
    )
}

fn only_member() -> CreateCommandOption {
    option(
        CommandOptionType::User,
        |l| text!(l, "cmd-grade-member"),
        |l| text!(l, "cmd-grade-regrade-member-about"),
    )
}

fn practice(course: &Course) -> CreateCommandOption {
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
    choose_part(practice, course.parts.iter().filter(graded)).required(true)
}

fn letter(course: &Course) -> CreateCommandOption {
    let grade = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-grade-grade"),
        |l| text!(l, "cmd-grade-grade-about"),
    );
    let bands = course.assessment.bands.iter();
    let grade = bands.fold(grade, |grade, band| {
        grade.add_string_choice(&band.grade, &band.grade)
    });
    grade.required(true)
}

fn reason() -> CreateCommandOption {
    let reason = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-grade-reason"),
        |l| text!(l, "cmd-grade-reason-about"),
    );
    reason.required(true).min_length(3).max_length(300)
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
    .add_sub_option(until())
    .add_sub_option(option(
        CommandOptionType::Boolean,
        |l| text!(l, "cmd-grade-remove"),
        |l| text!(l, "cmd-grade-remove-about"),
    ))
}

fn until() -> CreateCommandOption {
    let until = option(
        CommandOptionType::String,
        |l| text!(l, "cmd-grade-until"),
        |l| text!(l, "cmd-grade-until-about"),
    );
    until.max_length(40)
}
