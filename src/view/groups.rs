//! Groups as an instructor sees them, and what became of a change.

use crate::{
    app::arrange_group::{Arranged, GroupList},
    domain::locale::Locale,
    store::GroupMember,
    text,
    view::{
        Embed, Message,
        limits::{self, cut, join_lines},
        untrusted,
    },
};

/// Every group of a practice.
#[must_use]
pub fn list(list: &GroupList<'_>, locale: Locale) -> Message {
    let practice = list.practice.id.to_uppercase();
    let count = list.groups.len();
    let mut lines = vec![if count == 0 {
        text!(locale, "groups-none")
    } else {
        text!(locale, "groups-head", count = count)
    }];
    lines.extend(list.groups.iter().map(|members| entry(members, locale)));
    lines.push(text!(locale, "groups-how"));
    Message {
        embeds: vec![Embed {
            title: cut(
                &text!(locale, "groups-title", practice = practice),
                limits::TITLE,
            ),
            description: join_lines(&lines, limits::DESCRIPTION, |count| {
                text!(locale, "groups-more", count = count)
            }),
            ..Embed::default()
        }],
        ..Message::default()
    }
}

fn entry(members: &[GroupMember], locale: Locale) -> String {
    let (joined, invited) = (names(members, true), names(members, false));
    if invited.is_empty() {
        text!(locale, "groups-entry", names = joined)
    } else {
        text!(
            locale,
            "groups-entry-invited",
            names = joined,
            invited = invited
        )
    }
}

fn names(members: &[GroupMember], joined: bool) -> String {
    let members = members.iter().filter(|one| one.has_joined == joined);
    let names: Vec<String> = members.map(|one| untrusted::line(&one.name, 40)).collect();
    names.join(", ")
}

/// The answer to the instructor who put a group together.
#[must_use]
pub fn formed(done: &Arranged<'_>, locale: Locale) -> Message {
    let said = text!(
        locale,
        "groups-formed",
        practice = done.group.practice.id.to_uppercase(),
        names = names(&done.group.members, true)
    );
    with_told(&said, done, locale)
}

/// The answer to the instructor who moved a member.
#[must_use]
pub fn moved(done: &Arranged<'_>, locale: Locale) -> Message {
    let name = untrusted::line(done.name.as_deref().unwrap_or_default(), 40);
    let practice = done.group.practice.id.to_uppercase();
    let said = if done.group.members.is_empty() {
        text!(locale, "groups-moved-out", name = name, practice = practice)
    } else {
        text!(
            locale,
            "groups-moved",
            name = name,
            practice = practice,
            names = names(&done.group.members, true)
        )
    };
    with_told(&said, done, locale)
}

/// The answer to the instructor who dissolved a group.
#[must_use]
pub fn dissolved(done: &Arranged<'_>, locale: Locale) -> Message {
    let said = text!(
        locale,
        "groups-dissolved",
        name = untrusted::line(done.name.as_deref().unwrap_or_default(), 40),
        practice = done.group.practice.id.to_uppercase()
    );
    with_told(&said, done, locale)
}

fn with_told(said: &str, done: &Arranged<'_>, locale: Locale) -> Message {
    let told = text!(locale, "groups-told", count = done.told);
    Message::plain(format!("{said} {told}"))
}
