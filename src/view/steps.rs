//! What the names of a run's steps tell, when its reports cannot be read: no grade, what failed, and
//! who can change that.

use crate::{
    app::{
        ports::Run,
        read_steps::{Lack, Steps},
    },
    domain::{course::Course, locale::Locale},
    text,
    view::{
        Embed, Message, grade,
        limits::{self, cut, join_lines},
        quiz::section_menu,
        untrusted,
    },
};

/// The answer to a run that is known by its steps alone; one that is recorded is not taken again.
#[must_use]
pub fn view(
    course: &Course,
    run: &Run,
    steps: &Steps,
    is_recorded: bool,
    locale: Locale,
) -> Message {
    let code = course
        .find_part(&steps.practice)
        .map_or(steps.practice.as_str(), |part| &part.code);
    let mut lines = vec![text!(locale, "steps-weaker"), String::new()];
    if steps.failed.is_empty() {
        lines.push(text!(locale, "steps-passed", count = steps.jobs));
    } else {
        lines.push(text!(locale, "steps-failed"));
    }
    lines.extend(steps.failed.iter().map(|failed| {
        let job = untrusted::line(&failed.job, 60);
        match &failed.step {
            Some(step) => format!("- {job} · {}", untrusted::line(step, 80)),
            None => format!("- {job}"),
        }
    }));
    let (host, repository) = (run.host.as_str(), run.repository.as_str());
    let ask = match (steps.lack, is_recorded) {
        (Lack::Token, false) => text!(locale, "steps-operator", host = host),
        (Lack::Token, true) => text!(locale, "steps-operator-later", host = host),
        (Lack::Permission, false) => text!(locale, "steps-permission", repository = repository),
        (Lack::Permission, true) => {
            text!(locale, "steps-permission-later", repository = repository)
        }
    };
    lines.extend([String::new(), ask]);
    let anchors = steps
        .pointers
        .iter()
        .map(|pointer| pointer.section.as_str());
    let rows = section_menu(
        course,
        anchors,
        &text!(locale, "grade-open-section"),
        locale,
    );
    let embed = Embed {
        title: cut(
            &text!(locale, "steps-title", practice = code),
            limits::TITLE,
        ),
        description: join_lines(&lines, limits::DESCRIPTION, |count| {
            text!(locale, "trust-more", count = count)
        }),
        fields: grade::pointers(course, &steps.pointers, locale)
            .into_iter()
            .collect(),
        footer: grade::footer(run, locale),
        ..Embed::default()
    };
    Message {
        embeds: vec![embed],
        rows: rows.into_iter().collect(),
        ..Message::default()
    }
}
