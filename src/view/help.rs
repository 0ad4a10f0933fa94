//! What Docent can do.

use crate::{
    app::form_group::group_practices,
    domain::{course::Course, locale::Locale},
    text,
    view::{
        Embed, Message,
        limits::{self, cut},
    },
};

/// Three things to begin with, and what else there is.
#[must_use]
pub fn view(course: &Course, is_instructor: bool, locale: Locale) -> Message {
    let rules = course.assessment.quiz;
    let mut body = text!(
        locale,
        "help-body",
        min = rules.min_questions,
        max = rules.max_questions,
        pass = rules.pass_mark_bp.percent()
    );
    if group_practices(course).next().is_some() {
        body.push(' ');
        body.push_str(&text!(locale, "help-group"));
    }
    if is_instructor {
        body.push_str("\n\n");
        body.push_str(&text!(locale, "help-instructor"));
    }
    let title = cut(
        &text!(locale, "help-title", course = course.title.text(locale)),
        limits::TITLE,
    );
    let embed = Embed {
        title,
        description: cut(&body, limits::DESCRIPTION),
        ..Embed::default()
    };
    Message {
        embeds: vec![embed],
        ..Message::default()
    }
}
