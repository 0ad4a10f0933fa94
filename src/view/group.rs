//! A group that hands in a practice together, with buttons for those who are invited.

use crate::{
    app::{error::GroupRefusal, form_group::Group},
    domain::locale::Locale,
    text,
    view::{Button, Message, Row, Style, custom_id, untrusted},
};

/// The group as everyone in the channel sees it; those invited are called. Its buttons keep its language.
#[must_use]
pub fn shown(group: &Group<'_>, locale: Locale) -> Message {
    let invited: Vec<_> = group.members.iter().filter(|one| !one.has_joined).collect();
    let id = group.id.to_string();
    let buttons = vec![
        Button::new(
            custom_id::build("group-join", &[&id, locale.code()]),
            text!(locale, "group-join"),
            Style::Primary,
        ),
        Button::new(
            custom_id::build("group-decline", &[&id, locale.code()]),
            text!(locale, "group-decline"),
            Style::Secondary,
        ),
    ];
    Message {
        content: words(group, locale),
        mentions: invited.iter().map(|member| member.discord_id).collect(),
        rows: if invited.is_empty() {
            Vec::new()
        } else {
            vec![Row::Buttons(buttons)]
        },
        ..Message::default()
    }
}

/// The group as one of its members sees it.
#[must_use]
pub fn own(group: &Group<'_>, locale: Locale) -> Message {
    let practice = group.practice.id.to_uppercase();
    if group.members.is_empty() {
        let most = group.practice.terms.group_size;
        return Message::plain(text!(
            locale,
            "group-none",
            practice = practice,
            most = most
        ));
    }
    let leave = Button::new(
        custom_id::build("group-leave", &[&group.id.to_string()]),
        text!(locale, "group-leave"),
        Style::Secondary,
    );
    Message {
        content: words(group, locale),
        rows: vec![Row::Buttons(vec![leave])],
        ..Message::default()
    }
}

/// The answer to who left.
#[must_use]
pub fn left(group: &Group<'_>, locale: Locale) -> Message {
    let practice = group.practice.id.to_uppercase();
    Message::plain(text!(locale, "group-left", practice = practice))
}

fn words(group: &Group<'_>, locale: Locale) -> String {
    let names = |wanted: bool| {
        let names = group.members.iter().filter(|one| one.has_joined == wanted);
        let names: Vec<String> = names
            .map(|member| {
                if wanted {
                    untrusted::line(&member.name, 40)
                } else {
                    format!("<@{}>", member.discord_id)
                }
            })
            .collect();
        names.join(", ")
    };
    let practice = group.practice.id.to_uppercase();
    let mut said = text!(
        locale,
        "group-members",
        practice = practice,
        names = names(true)
    );
    let invited = names(false);
    if !invited.is_empty() {
        said.push('\n');
        said.push_str(&text!(locale, "group-invited", names = invited));
    }
    said
}

/// What stands above a grade that another of the group has handed in.
#[must_use]
pub fn handed_in(name: &str, locale: Locale) -> String {
    text!(locale, "group-handed-in", name = untrusted::line(name, 40))
}

/// Why a group is not formed.
#[must_use]
pub fn refusal(refusal: &GroupRefusal, locale: Locale) -> String {
    match refusal {
        GroupRefusal::Alone { known } if known.is_empty() => {
            text!(locale, "group-alone-everywhere")
        }
        GroupRefusal::Alone { known } => {
            text!(locale, "group-alone", known = known.join(", "))
        }
        GroupRefusal::Which { known } => {
            text!(locale, "group-which", known = known.join(", "))
        }
        GroupRefusal::Full { most } => text!(locale, "group-full", most = *most),
        GroupRefusal::InAnother { name } => {
            text!(locale, "group-in-another", name = untrusted::line(name, 40))
        }
        GroupRefusal::JoinedAlready => text!(locale, "group-joined-already"),
        GroupRefusal::NotYours => text!(locale, "group-not-yours"),
        GroupRefusal::Gone => text!(locale, "group-gone"),
        GroupRefusal::TooFew => text!(locale, "groups-too-few"),
        GroupRefusal::NoRoom { most } => text!(locale, "groups-no-room", most = *most),
        GroupRefusal::HasGroup { name } => {
            text!(locale, "groups-has-one", name = untrusted::line(name, 40))
        }
        GroupRefusal::NoGroup { name } => {
            text!(locale, "groups-has-none", name = untrusted::line(name, 40))
        }
        GroupRefusal::Together { name } => {
            text!(locale, "groups-together", name = untrusted::line(name, 40))
        }
        GroupRefusal::Changed => text!(locale, "groups-changed"),
    }
}
