//! An interaction as Docent sees it, whichever transport brought it.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use serenity::all::{
    ActionRowComponent, CommandDataOption, CommandDataOptionValue, CommandInteraction,
    ComponentInteraction, ComponentInteractionDataKind, Interaction, Member, MessageFlags,
    ModalInteraction, Permissions,
};

use crate::{
    app::{
        caller::{Caller, Person},
        submit_run::ReplyTo,
    },
    domain::locale::Locale,
};

/// For how long an interaction's token answers; Discord's own limit is 15 minutes.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(14);

/// One interaction.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its id; a repeated delivery has the same.
    pub id: u64,
    /// The token that answers it.
    pub token: String,
    /// Where answers that come later go.
    pub reply_to: ReplyTo,
    /// Who; `None` outside a guild.
    pub caller: Option<Caller>,
    /// What.
    pub kind: Kind,
}

/// What was done.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A command was run.
    Command(Call),
    /// A command's option is being typed.
    Complete(Call),
    /// A button or menu was used.
    Press(Press),
    /// A form was sent; its values are those of its texts.
    Form(Press),
    /// Anything else.
    Other,
}

/// A command with its options.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Its name, with that of its subcommand: `report class`.
    pub name: String,
    /// Options as text, by their default names.
    pub options: BTreeMap<String, String>,
    /// The option being typed, with its text so far.
    pub focused: Option<(String, String)>,
    /// The people among the options, by id; bots are left out.
    pub people: BTreeMap<String, Person>,
}

/// A press of a button, a choice of a menu, or a form.
#[derive(Debug, Clone)]
pub struct Press {
    /// The custom id.
    pub custom_id: String,
    /// What was chosen or typed.
    pub values: Vec<String>,
    /// Whether only the presser sees the message.
    pub is_private: bool,
}

impl Call {
    /// An option's text.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// An option's person; `None` for a bot.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.get(self.option(name)?)
    }
}

/// What an instructor is, by Discord's word: may manage the guild, or holds the named role.
#[derive(Debug, Clone, Copy, Default)]
pub struct Instructors {
    /// The role, when the operator set one.
    pub role: Option<u64>,
}

impl Instructors {
    fn includes(self, member: &Member) -> bool {
        let may_manage = member.permissions.is_some_and(|held| {
            held.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
        });
        may_manage
            || self
                .role
                .is_some_and(|role| member.roles.iter().any(|held| held.get() == role))
    }
}

/// Reads an interaction; `None` for a ping, which no person is behind.
#[must_use]
pub fn read(
    interaction: &Interaction,
    instructors: Instructors,
    fallback: Locale,
) -> Option<Incoming> {
    match interaction {
        Interaction::Command(command) => {
            let kind = Kind::Command(read_call(command));
            Some(Head::of_command(command).into_incoming(kind, instructors, fallback))
        }
        Interaction::Autocomplete(command) => {
            let kind = Kind::Complete(read_call(command));
            Some(Head::of_command(command).into_incoming(kind, instructors, fallback))
        }
        Interaction::Component(press) => {
            let kind = Kind::Press(read_press(press));
            Some(Head::of_component(press).into_incoming(kind, instructors, fallback))
        }
        Interaction::Modal(form) => {
            let kind = Kind::Form(read_form(form));
            Some(Head::of_modal(form).into_incoming(kind, instructors, fallback))
        }
        _ => None,
    }
}

/// What every kind of interaction begins with.
struct Head<'a> {
    id: u64,
    token: &'a str,
    locale: &'a str,
    channel_id: u64,
    guild_id: Option<u64>,
    user: &'a serenity::all::User,
    member: Option<&'a Member>,
}

macro_rules! head {
    ($interaction:expr, $member:expr) => {
        Head {
            id: $interaction.id.get(),
            token: &$interaction.token,
            locale: &$interaction.locale,
            channel_id: $interaction.channel_id.get(),
            guild_id: $interaction.guild_id.map(|id| id.get()),
            user: &$interaction.user,
            member: $member,
        }
    };
}

impl<'a> Head<'a> {
    fn of_command(command: &'a CommandInteraction) -> Self {
        head!(command, command.member.as_deref())
    }

    fn of_component(press: &'a ComponentInteraction) -> Self {
        head!(press, press.member.as_ref())
    }

    fn of_modal(form: &'a ModalInteraction) -> Self {
        head!(form, form.member.as_ref())
    }

    fn into_incoming(self, kind: Kind, instructors: Instructors, fallback: Locale) -> Incoming {
        let locale = Locale::from_discord(self.locale).unwrap_or(fallback);
        let name = self
            .member
            .and_then(|member| member.nick.as_deref())
            .or(self.user.global_name.as_deref())
            .unwrap_or(&self.user.name);
        let caller = self.guild_id.map(|guild| Caller {
            guild_id: guild.cast_signed(),
            discord_id: self.user.id.get().cast_signed(),
            name: name.to_owned(),
            locale,
            is_instructor: self
                .member
                .is_some_and(|member| instructors.includes(member)),
        });
        Incoming {
            id: self.id,
            token: self.token.to_owned(),
            reply_to: ReplyTo {
                user_id: self.user.id.get().cast_signed(),
                channel_id: self.channel_id.cast_signed(),
                token: self.token.to_owned(),
                token_until: created_at(self.id) + TOKEN_LIFE,
                locale,
            },
            caller,
            kind,
        }
    }
}

/// When a snowflake was made.
fn created_at(id: u64) -> chrono::DateTime<Utc> {
    let millis = (id >> 22) + 1_420_070_400_000;
    chrono::DateTime::from_timestamp_millis(millis.cast_signed()).unwrap_or_default()
}

fn read_call(command: &CommandInteraction) -> Call {
    let mut call = Call {
        name: command.data.name.clone(),
        ..Call::default()
    };
    read_options(&command.data.options, &mut call);
    let resolved = &command.data.resolved;
    let people = resolved.users.values().filter(|user| !user.bot);
    call.people = people
        .map(|user| {
            let nick = resolved.members.get(&user.id).and_then(|m| m.nick.as_ref());
            let name = nick.or(user.global_name.as_ref()).unwrap_or(&user.name);
            let person = Person {
                discord_id: user.id.get().cast_signed(),
                name: name.clone(),
            };
            (user.id.to_string(), person)
        })
        .collect();
    call
}

fn read_options(options: &[CommandDataOption], call: &mut Call) {
    for option in options {
        let text = match &option.value {
            CommandDataOptionValue::SubCommand(inner)
            | CommandDataOptionValue::SubCommandGroup(inner) => {
                call.name = format!("{} {}", call.name, option.name);
                read_options(inner, call);
                continue;
            }
            CommandDataOptionValue::Autocomplete { value, .. } => {
                call.focused = Some((option.name.clone(), value.clone()));
                continue;
            }
            CommandDataOptionValue::String(text) => text.clone(),
            CommandDataOptionValue::Boolean(flag) => flag.to_string(),
            CommandDataOptionValue::User(person) => person.to_string(),
            CommandDataOptionValue::Integer(number) => number.to_string(),
            _ => continue,
        };
        call.options.insert(option.name.clone(), text);
    }
}

fn read_press(press: &ComponentInteraction) -> Press {
    let values = match &press.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.clone(),
        _ => Vec::new(),
    };
    Press {
        custom_id: press.data.custom_id.clone(),
        values,
        is_private: is_private(press.message.flags),
    }
}

fn read_form(form: &ModalInteraction) -> Press {
    let texts = form
        .data
        .components
        .iter()
        .flat_map(|row| &row.components)
        .filter_map(|component| match component {
            ActionRowComponent::InputText(input) => input.value.clone(),
            _ => None,
        });
    let flags = form.message.as_ref().and_then(|message| message.flags);
    Press {
        custom_id: form.data.custom_id.clone(),
        values: texts.collect(),
        is_private: is_private(flags),
    }
}

fn is_private(flags: Option<MessageFlags>) -> bool {
    flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}
