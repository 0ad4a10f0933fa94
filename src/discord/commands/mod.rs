//! Slash commands: one file each, and this list.

mod admin;
mod checklist;
mod grade;
mod group;
mod groups;
mod help;
mod lesson;
mod link;
mod progress;
mod quiz;
mod report;
mod submit;

use async_trait::async_trait;
use serenity::all::{
    CommandOptionType, CreateCommand, CreateCommandOption, InstallationContext, InteractionContext,
};

use crate::{
    app::{App, caller::Caller, error::Failure, submit_run::ReplyTo},
    discord::incoming::Call,
    domain::{
        course::{Course, Part},
        locale::Locale,
    },
    view::{Message, limits},
};

/// Every command.
#[must_use]
pub fn all() -> Vec<Box<dyn Command>> {
    let mut all: Vec<Box<dyn Command>> = vec![
        Box::new(lesson::Lesson),
        Box::new(quiz::Quiz),
        Box::new(checklist::Checklist),
        Box::new(submit::Submit),
        Box::new(link::Link),
        Box::new(group::Group),
        Box::new(progress::Progress),
        Box::new(help::Help),
        Box::new(report::Report),
        Box::new(admin::Queue),
    ];
    for one in groups::Groups::ALL {
        all.push(Box::new(one));
    }
    for one in grade::Grade::ALL {
        all.push(Box::new(one));
    }
    all
}

/// Who may run a command. It is checked at every call, whatever Discord's own settings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone in the guild.
    Everyone,
    /// Instructors.
    Instructors,
}

/// How a command is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answering {
    /// Acknowledged at once, because the work asks others and may take long.
    pub deferred: bool,
    /// Seen only by the one who asked.
    pub private: bool,
}

impl Answering {
    /// At once and privately.
    pub const PRIVATE: Self = Self {
        deferred: false,
        private: true,
    };
}

/// A suggestion while an option is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent.
    pub value: String,
}

/// A slash command.
#[async_trait]
pub trait Command: Send + Sync {
    /// Its name with its subcommand's, as calls carry it.
    fn name(&self) -> &'static str;
    /// Name, options and their localisations, as Discord registers them.
    fn definition(&self, course: &Course) -> CreateCommand;
    /// Whether a course has a use for it; Discord shows only commands that are.
    fn is_offered(&self, _course: &Course) -> bool {
        true
    }
    /// Who may run it.
    fn access(&self) -> Access;
    /// How it is answered.
    fn answer(&self, call: &Call) -> Answering;
    /// Does it.
    ///
    /// # Errors
    /// Refusals and faults of its use case.
    async fn run(
        &self,
        app: &App,
        caller: &Caller,
        call: &Call,
        reply_to: &ReplyTo,
    ) -> Result<Message, Failure>;
    /// Suggestions for the option being typed.
    fn complete(&self, _course: &Course, _locale: Locale, _typed: &str) -> Vec<Choice> {
        Vec::new()
    }
}

/// The names of a text in every locale of Discord that Docent speaks.
const NAMES: [(&str, Locale); 3] = [
    ("en-US", Locale::En),
    ("en-GB", Locale::En),
    ("ru", Locale::Ru),
];

/// A command of guilds, with its name and description in every language.
fn define(name: impl Fn(Locale) -> String, about: impl Fn(Locale) -> String) -> CreateCommand {
    let mut command = CreateCommand::new(name(Locale::En))
        .description(about(Locale::En))
        .contexts(vec![InteractionContext::Guild])
        .integration_types(vec![InstallationContext::Guild]);
    for (code, locale) in NAMES {
        command = command
            .name_localized(code, name(locale))
            .description_localized(code, about(locale));
    }
    command
}

/// An option, with its name and description in every language.
fn option(
    kind: CommandOptionType,
    name: impl Fn(Locale) -> String,
    about: impl Fn(Locale) -> String,
) -> CreateCommandOption {
    let mut option = CreateCommandOption::new(kind, name(Locale::En), about(Locale::En));
    for (code, locale) in NAMES {
        option = option
            .name_localized(code, name(locale))
            .description_localized(code, about(locale));
    }
    option
}

/// An option whose choices are parts of the course, by id.
fn choose_part<'a>(
    mut option: CreateCommandOption,
    parts: impl Iterator<Item = &'a Part>,
) -> CreateCommandOption {
    for part in parts.take(limits::OPTIONS) {
        let name = |locale| {
            let name = format!("{} · {}", part.code, part.title.text(locale));
            limits::cut(&name, limits::OPTION)
        };
        let localised = NAMES.map(|(code, locale)| (code, name(locale)));
        option = option.add_string_choice_localized(name(Locale::En), &part.id, localised);
    }
    option
}

/// Choices whose name holds what was typed; those that begin with it first, near misses last.
fn suggest(all: impl Iterator<Item = Choice>, typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let mut ranked: Vec<(u8, Choice)> = all
        .filter_map(|choice| {
            let name = choice.name.to_lowercase();
            let rank = if name.starts_with(&typed) {
                0
            } else if name.contains(&typed) {
                1
            } else if name
                .split_whitespace()
                .any(|word| strsim::jaro_winkler(word, &typed) > 0.85)
            {
                2
            } else {
                return None;
            };
            Some((rank, choice))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked
        .into_iter()
        .map(|(_, choice)| choice)
        .take(limits::OPTIONS)
        .collect()
}
