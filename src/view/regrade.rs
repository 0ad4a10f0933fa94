//! Who moves when a rubric changes: the answer first, then the list; and the word to each member.

use crate::{
    app::{
        regrade::{Mark, Move, Regraded},
        tell_regrade::RegradeNotice,
    },
    domain::locale::Locale,
    text,
    view::{
        Embed, Message,
        limits::{self, cut, join_lines},
        untrusted,
    },
};

/// What a regrade did, or would do.
#[must_use]
pub fn view(done: &Regraded<'_>, locale: Locale) -> Message {
    let mut lines = vec![answer(done, locale)];
    if done.set > 0 {
        lines.push(text!(locale, "regrade-set", count = done.set));
    }
    if done.unknown > 0 {
        lines.push(text!(locale, "regrade-unknown", count = done.unknown));
    }
    lines.push(text!(locale, "regrade-how"));
    let head = lines.join("\n");
    let entries: Vec<String> = done.moves.iter().map(|one| entry(one, locale)).collect();
    let unlisted = (done.up + done.down).saturating_sub(done.moves.len());
    let more = |count: usize| text!(locale, "regrade-more", count = count + unlisted);
    let room = limits::DESCRIPTION.saturating_sub(limits::width(&head) + 2);
    let mut description = head;
    if !entries.is_empty() {
        description.push_str("\n\n");
        description.push_str(&join_lines(&entries, room, more));
    }
    Message {
        embeds: vec![Embed {
            title: cut(&text!(locale, "regrade-title"), limits::TITLE),
            description,
            ..Embed::default()
        }],
        ..Message::default()
    }
}

fn answer(done: &Regraded<'_>, locale: Locale) -> String {
    let stay = done.stay;
    match (done.applied, done.up + done.down) {
        (false, 0) => text!(locale, "regrade-would-nothing", stay = stay),
        (true, 0) => text!(locale, "regrade-done-nothing", stay = stay),
        (false, _) => text!(
            locale,
            "regrade-would",
            up = done.up,
            down = done.down,
            stay = stay
        ),
        (true, _) => text!(
            locale,
            "regrade-done",
            up = done.up,
            down = done.down,
            stay = stay,
            told = done.told
        ),
    }
}

fn entry(one: &Move, locale: Locale) -> String {
    let Move { before, after, .. } = one;
    text!(
        locale,
        "regrade-entry",
        arrow = if after.score < before.score {
            "▼"
        } else {
            "▲"
        },
        name = untrusted::line(&one.name, 40),
        practice = one.practice.to_uppercase(),
        was = before.grade.as_str(),
        was_percent = before.score.percent(),
        grade = after.grade.as_str(),
        percent = after.score.percent(),
        id = one.grade.to_string()
    )
}

/// The word to a member whose grades were worked out again.
#[must_use]
pub fn told(notice: &RegradeNotice) -> Message {
    let locale = notice.reply_to.locale;
    let line = |(practice, before, after): &(String, Mark, Mark)| {
        text!(
            locale,
            "regrade-told-entry",
            practice = practice.to_uppercase(),
            was = before.grade.as_str(),
            was_percent = before.score.percent(),
            grade = after.grade.as_str(),
            percent = after.score.percent()
        )
    };
    let mut lines = vec![text!(locale, "regrade-told")];
    lines.extend(notice.moves.iter().map(line));
    lines.push(text!(locale, "regrade-told-next"));
    Message::plain(join_lines(&lines, limits::CONTENT, |count| {
        text!(locale, "regrade-more", count = count)
    }))
}
