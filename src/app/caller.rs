//! Who asks.

use crate::{domain::locale::Locale, store::Role};

/// The person behind an interaction, as Discord vouches for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The guild where it happens.
    pub guild_id: i64,
    /// The person.
    pub discord_id: i64,
    /// The name shown in the guild.
    pub name: String,
    /// The language of the answer.
    pub locale: Locale,
    /// Whether Discord says they may manage the guild, or they hold the instructors' role.
    pub is_instructor: bool,
}

/// Someone whom a caller named, as Discord vouches for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub discord_id: i64,
    /// The name shown in the guild.
    pub name: String,
}

impl Caller {
    /// The role to enrol with.
    #[must_use]
    pub const fn role(&self) -> Role {
        if self.is_instructor {
            Role::Instructor
        } else {
            Role::Learner
        }
    }
}
