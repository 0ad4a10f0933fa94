//! A member's progress: the next step first.

use crate::{
    app::show_progress::{NextStep, Progress},
    domain::locale::Locale,
    text,
    view::{
        self, Embed, Message,
        limits::{self, cut},
        message::Field,
    },
};

/// The next step, then what is done.
#[must_use]
pub fn view(progress: &Progress<'_>, locale: Locale) -> Message {
    let embed = Embed {
        title: text!(locale, "progress-title"),
        description: next(&progress.next_step(), locale),
        fields: vec![
            lessons(progress, locale),
            quizzes(progress, locale),
            checklist(progress, locale),
            practice(progress, locale),
        ]
        .into_iter()
        .chain(terms(progress, locale))
        .collect(),
        footer: cut(progress.course.title.text(locale), limits::FOOTER),
        ..Embed::default()
    };
    Message {
        embeds: vec![embed],
        ..Message::default()
    }
}

fn next(step: &NextStep<'_>, locale: Locale) -> String {
    let named = |code: &str, title: &str| format!("**{code} · {title}**");
    match step {
        NextStep::Read(module) => {
            text!(
                locale,
                "progress-next-lesson",
                module = named(&module.code, module.title.text(locale))
            )
        }
        NextStep::Quiz(module) => {
            text!(
                locale,
                "progress-next-quiz",
                topic = named(&module.code, module.title.text(locale))
            )
        }
        NextStep::Checklist(part) => {
            text!(
                locale,
                "progress-next-checklist",
                part = named(&part.code, part.title.text(locale))
            )
        }
        NextStep::Practice(part) => {
            text!(
                locale,
                "progress-next-practice",
                practice = named(&part.code, part.title.text(locale))
            )
        }
        NextStep::Waiting => text!(locale, "progress-next-waiting"),
        NextStep::Nothing => text!(locale, "progress-next-nothing"),
    }
}

fn lessons(progress: &Progress<'_>, locale: Locale) -> Field {
    let marks: Vec<String> = progress
        .course
        .modules()
        .map(|module| {
            format!(
                "{} {}",
                if progress.readings.contains(&module.id) {
                    "✅"
                } else {
                    "⬜"
                },
                module.code
            )
        })
        .collect();
    field(text!(locale, "progress-lessons"), &marks, locale)
}

fn quizzes(progress: &Progress<'_>, locale: Locale) -> Field {
    let marks: Vec<String> = progress
        .attempts
        .iter()
        .map(|row| {
            let mark = if row.passed { "✅" } else { "❌" };
            let best = text!(
                locale,
                "progress-quiz-best",
                topic = row.bank_id.to_uppercase(),
                correct = row.best.correct,
                total = row.best.total
            );
            format!("{mark} {best}")
        })
        .collect();
    field(text!(locale, "progress-quizzes"), &marks, locale)
}

fn checklist(progress: &Progress<'_>, locale: Locale) -> Field {
    let (done, total) = progress.count_ticks();
    field(
        text!(locale, "progress-checklist"),
        &[text!(locale, "items", done = done, total = total)],
        locale,
    )
}

fn practice(progress: &Progress<'_>, locale: Locale) -> Field {
    let grades: Vec<String> = progress
        .grades
        .iter()
        .map(|row| {
            let code = progress
                .course
                .find_part(&row.practice_id)
                .map_or(row.practice_id.as_str(), |part| &part.code);
            text!(
                locale,
                "progress-grade",
                practice = code,
                grade = row.grade.as_str(),
                percent = row.score.percent()
            )
        })
        .collect();
    field(text!(locale, "progress-practice"), &grades, locale)
}

/// Due times and attempts of the practices that have them.
fn terms(progress: &Progress<'_>, locale: Locale) -> Option<Field> {
    let lines: Vec<String> = progress
        .standings
        .iter()
        .filter_map(|(practice, standing)| {
            let lines = view::terms::standing(standing, locale);
            let part = progress.course.find_part(&practice.id);
            let code = part.map_or(practice.id.as_str(), |part| &part.code);
            (!lines.is_empty()).then(|| format!("**{code}** · {}", lines.join(" ")))
        })
        .collect();
    (!lines.is_empty()).then(|| Field {
        name: text!(locale, "progress-terms"),
        value: cut(&lines.join("\n"), limits::FIELD),
        inline: false,
    })
}

fn field(name: String, lines: &[String], locale: Locale) -> Field {
    let value = if lines.is_empty() {
        text!(locale, "progress-none")
    } else {
        cut(&lines.join("\n"), limits::FIELD)
    };
    Field {
        name,
        value,
        inline: true,
    }
}
