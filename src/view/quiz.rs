//! A quiz: one question at a time, then the mark with what to read again.

use crate::{
    app::start_quiz::QuizStep,
    domain::{
        locale::Locale,
        quiz::{DrawnChoice, DrawnKind, DrawnQuestion, Given, Mark},
    },
    store::AttemptRow,
    text,
    view::{
        Button, Colour, Embed, Menu, MenuOption, Message, Modal, Row, Style, custom_id,
        limits::{self, cut, cut_markdown},
        untrusted,
    },
};

/// Letters before choices.
const LETTERS: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

/// The next question, or the result when every question has an answer.
#[must_use]
pub fn view(step: &QuizStep<'_>, locale: Locale) -> Message {
    match (step.next_position(), step.attempt.mark) {
        (Some(position), _) => ask(step, position, locale),
        (None, Some(mark)) => result(step, mark, locale),
        (None, None) => Message::default(),
    }
}

fn topic(step: &QuizStep<'_>, locale: Locale) -> String {
    let id = &step.attempt.bank_id;
    let title = step
        .course
        .find_bank(id)
        .map(|bank| bank.title.text(locale))
        .unwrap_or_default();
    let code = id.to_uppercase();
    if title.is_empty() {
        code
    } else {
        format!("{code} · {title}")
    }
}

fn ask(step: &QuizStep<'_>, position: usize, locale: Locale) -> Message {
    let Some(question) = step.attempt.questions.get(position) else {
        return Message::default();
    };
    let (how, choices) = match &question.kind {
        DrawnKind::Choose { several, choices } => {
            let how = if *several {
                text!(locale, "quiz-choose-several")
            } else {
                text!(locale, "quiz-choose-one")
            };
            (how, list_choices(choices, locale))
        }
        DrawnKind::Short { .. } => (text!(locale, "quiz-type"), String::new()),
    };
    let prompt = question.prompt.text(locale);
    let room =
        limits::DESCRIPTION.saturating_sub(limits::width(&choices) + limits::width(&how) + 8);
    let description = [cut_markdown(prompt, room), choices, format!("*{how}*")]
        .join("\n\n")
        .replace("\n\n\n\n", "\n\n");
    let embed = Embed {
        title: text!(
            locale,
            "quiz-question",
            number = position + 1,
            total = step.attempt.questions.len()
        ),
        description,
        footer: text!(
            locale,
            "quiz-pass-mark",
            topic = topic(step, locale),
            pass = step.attempt.pass_mark.percent()
        ),
        ..Embed::default()
    };
    let content = if step.is_resumed {
        text!(locale, "quiz-resumed")
    } else {
        String::new()
    };
    Message {
        content,
        embeds: vec![embed],
        rows: controls(&step.attempt, position, question, locale),
        ..Message::default()
    }
}

fn list_choices(choices: &[DrawnChoice], locale: Locale) -> String {
    let lines: Vec<String> = choices
        .iter()
        .zip(LETTERS)
        .map(|(choice, letter)| format!("**{letter}.** {}", choice.text.text(locale)))
        .collect();
    lines.join("\n")
}

fn controls(
    attempt: &AttemptRow,
    position: usize,
    question: &DrawnQuestion,
    locale: Locale,
) -> Vec<Row> {
    let (attempt, position) = (attempt.id.simple().to_string(), position.to_string());
    let id = |name: &str, more: &[&str]| {
        let args: Vec<&str> = [attempt.as_str(), position.as_str()]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        custom_id::build(name, &args)
    };
    match &question.kind {
        DrawnKind::Choose {
            several: false,
            choices,
        } if choices.len() <= 5 => {
            let buttons = (0..choices.len()).zip(LETTERS).map(|(choice, letter)| {
                Button::new(
                    id("quiz-press", &[&choice.to_string()]),
                    letter,
                    Style::Secondary,
                )
            });
            vec![Row::Buttons(buttons.collect())]
        }
        DrawnKind::Choose { several, choices } => {
            let options =
                choices
                    .iter()
                    .zip(LETTERS)
                    .enumerate()
                    .map(|(number, (choice, letter))| MenuOption {
                        value: number.to_string(),
                        label: cut(
                            &format!("{letter}. {}", choice.text.text(locale)),
                            limits::OPTION,
                        ),
                        description: String::new(),
                        chosen: false,
                    });
            let options: Vec<MenuOption> = options.collect();
            let most = if *several {
                u8::try_from(options.len()).unwrap_or(1)
            } else {
                1
            };
            let placeholder = text!(locale, "quiz-choose-here");
            vec![Row::Menu(Menu {
                custom_id: id("quiz-select", &[]),
                placeholder,
                most,
                options,
            })]
        }
        DrawnKind::Short { .. } => {
            let button = Button::new(
                id("quiz-type", &[]),
                text!(locale, "quiz-type-button"),
                Style::Primary,
            );
            vec![Row::Buttons(vec![button])]
        }
    }
}

/// The form for a typed answer.
#[must_use]
pub fn form(step: &QuizStep<'_>, position: usize, locale: Locale) -> Modal {
    let total = step.attempt.questions.len();
    let id = step.attempt.id.simple().to_string();
    Modal {
        custom_id: custom_id::build("quiz-typed", &[&id, &position.to_string()]),
        title: cut(
            &text!(
                locale,
                "quiz-question",
                number = position + 1,
                total = total
            ),
            limits::MODAL,
        ),
        label: cut(&text!(locale, "quiz-type-label"), limits::MODAL),
    }
}

fn result(step: &QuizStep<'_>, mark: Mark, locale: Locale) -> Message {
    let attempt = &step.attempt;
    let passed = mark.passes(attempt.pass_mark);
    let percent = mark.share().percent();
    let (title, colour, next) = if passed {
        let title = text!(
            locale,
            "quiz-passed",
            correct = mark.correct,
            total = mark.total,
            percent = percent
        );
        (title, Colour::Good, text!(locale, "quiz-next-step"))
    } else {
        let title = text!(
            locale,
            "quiz-failed",
            correct = mark.correct,
            total = mark.total,
            percent = percent,
            pass = attempt.pass_mark.percent()
        );
        (title, Colour::Poor, text!(locale, "quiz-failed-step"))
    };
    let wrong = wrong_answers(attempt);
    let head = if wrong.is_empty() {
        format!("{}\n{next}", text!(locale, "quiz-all-right"))
    } else {
        next
    };
    let mut lines: Vec<String> = wrong
        .iter()
        .map(|(position, question)| explain(step, *position, question, locale))
        .collect();
    if !lines.is_empty() {
        lines.insert(0, format!("**{}**", text!(locale, "quiz-wrong-title")));
    }
    let room = limits::DESCRIPTION.saturating_sub(limits::width(&head) + 2);
    let list = limits::join_lines(&lines, room, |count| {
        text!(locale, "quiz-more-wrong", count = count)
    });
    let embed = Embed {
        title: cut(&title, limits::TITLE),
        description: format!("{head}\n\n{list}"),
        colour,
        // The verdict once more, for it scrolls away above a long list.
        footer: cut(
            &format!("{} · {}/{}", topic(step, locale), mark.correct, mark.total),
            limits::FOOTER,
        ),
        ..Embed::default()
    };
    Message {
        embeds: vec![embed],
        rows: after(step, &wrong, passed, locale),
        ..Message::default()
    }
}

fn wrong_answers(attempt: &AttemptRow) -> Vec<(usize, &DrawnQuestion)> {
    let is_wrong = |(position, question): &(usize, &DrawnQuestion)| {
        attempt
            .answers
            .get(position)
            .is_none_or(|given| !question.is_right(given))
    };
    attempt
        .questions
        .iter()
        .enumerate()
        .filter(is_wrong)
        .collect()
}

/// One wrong answer: what was asked, given and right, why, and the section to read.
fn explain(
    step: &QuizStep<'_>,
    position: usize,
    question: &DrawnQuestion,
    locale: Locale,
) -> String {
    let prompt = question
        .prompt
        .text(locale)
        .split("```")
        .next()
        .unwrap_or_default();
    let asked = cut_markdown(
        &prompt.split_whitespace().collect::<Vec<_>>().join(" "),
        160,
    );
    let given = step.attempt.answers.get(&position);
    let mut lines = vec![format!("**{}.** {asked}", position + 1)];
    lines.push(text!(
        locale,
        "quiz-your-answer",
        answer = given_text(question, given, locale)
    ));
    lines.push(text!(
        locale,
        "quiz-right-answer",
        answer = right_text(question, locale)
    ));
    let why = why(question, given, locale);
    if !why.is_empty() {
        lines.push(cut_markdown(&why, 300));
    }
    if let Some((module, section)) = step.course.find_section(&question.section) {
        let section = format!("{} · {}", module.code, section.title.text(locale));
        lines.push(format!(
            "📖 {}",
            text!(locale, "quiz-read", section = section)
        ));
    }
    lines.join("\n") + "\n"
}

fn given_text(question: &DrawnQuestion, given: Option<&Given>, locale: Locale) -> String {
    match (&question.kind, given) {
        (DrawnKind::Choose { choices, .. }, Some(Given::Chosen(chosen))) => {
            let texts = chosen.iter().filter_map(|position| choices.get(*position));
            texts
                .map(|choice| choice.text.text(locale))
                .collect::<Vec<_>>()
                .join("; ")
        }
        (_, Some(Given::Typed(text))) => untrusted::code(text, 100),
        _ => "—".to_owned(),
    }
}

fn right_text(question: &DrawnQuestion, locale: Locale) -> String {
    match &question.kind {
        DrawnKind::Choose { choices, .. } => {
            let right = choices.iter().filter(|choice| choice.correct);
            right
                .map(|choice| choice.text.text(locale))
                .collect::<Vec<_>>()
                .join("; ")
        }
        DrawnKind::Short { accept, .. } => accept
            .first()
            .map(|text| format!("`{text}`"))
            .unwrap_or_default(),
    }
}

/// Why the chosen answer is wrong, else why the right one is right.
fn why(question: &DrawnQuestion, given: Option<&Given>, locale: Locale) -> String {
    if let (DrawnKind::Choose { choices, .. }, Some(Given::Chosen(chosen))) =
        (&question.kind, given)
    {
        let wrong = chosen
            .iter()
            .filter_map(|position| choices.get(*position))
            .find(|choice| !choice.correct);
        if let Some(because) = wrong
            .map(|choice| choice.because.text(locale))
            .filter(|text| !text.is_empty())
        {
            return because.to_owned();
        }
    }
    let explanation = question.explanation.text(locale);
    if !explanation.is_empty() {
        return explanation.to_owned();
    }
    match &question.kind {
        DrawnKind::Choose { choices, .. } => choices
            .iter()
            .find(|choice| choice.correct)
            .map(|choice| choice.because.text(locale).to_owned())
            .unwrap_or_default(),
        DrawnKind::Short { .. } => String::new(),
    }
}

/// Another go when it was not passed, and the sections of wrong answers to open.
fn after(
    step: &QuizStep<'_>,
    wrong: &[(usize, &DrawnQuestion)],
    passed: bool,
    locale: Locale,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let anchors = wrong.iter().map(|(_, question)| question.section.as_str());
    if let Some(menu) = section_menu(
        step.course,
        anchors,
        &text!(locale, "quiz-read-section"),
        locale,
    ) {
        rows.push(menu);
    }
    if !passed {
        let id = custom_id::build("quiz-start", &[&step.attempt.bank_id]);
        rows.push(Row::Buttons(vec![Button::new(
            id,
            text!(locale, "quiz-again"),
            Style::Primary,
        )]));
    }
    rows
}

/// A menu that opens sections of the course, each once; `None` when there is none to open.
#[must_use]
pub fn section_menu<'a>(
    course: &crate::domain::course::Course,
    anchors: impl Iterator<Item = &'a str>,
    placeholder: &str,
    locale: Locale,
) -> Option<Row> {
    let mut options: Vec<MenuOption> = Vec::new();
    for anchor in anchors {
        let Some((module, section)) = course.find_section(anchor) else {
            continue;
        };
        if options.len() < limits::OPTIONS && !options.iter().any(|option| option.value == anchor) {
            options.push(MenuOption {
                value: anchor.to_owned(),
                label: cut(section.title.text(locale), limits::OPTION),
                description: cut(
                    &format!("{} · {}", module.code, module.title.text(locale)),
                    limits::OPTION,
                ),
                chosen: false,
            });
        }
    }
    let placeholder = cut(placeholder, limits::PLACEHOLDER);
    let custom_id = custom_id::build("section", &[]);
    let options = Some(options).filter(|options| !options.is_empty())?;
    Some(Row::Menu(Menu {
        custom_id,
        placeholder,
        most: 1,
        options,
    }))
}
