//! A lesson, page by page.

use crate::{
    app::show_lesson::Lesson,
    domain::{course::Module, locale::Locale},
    text,
    view::{
        Button, Embed, Menu, MenuOption, Message, Row, Style, custom_id,
        limits::{self, cut},
        pages::paginate,
    },
};

/// Room for the text of one page: comfortable to read on a phone, and below Discord's limit.
const PAGE: usize = 2400;

struct Page<'a> {
    anchor: &'a str,
    title: &'a str,
    body: String,
    is_first_of_section: bool,
}

/// A page to show, and whether it is the lesson's last.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The page.
    pub message: Message,
    /// Whether the lesson ends with it.
    pub is_last: bool,
}

/// One page of a lesson; without a number, the page where the lesson's anchor begins.
#[must_use]
pub fn view(lesson: &Lesson<'_>, page: Option<usize>, locale: Locale) -> Shown {
    let module = lesson.module;
    let pages = pages(module, locale);
    let begin = lesson
        .anchor
        .as_deref()
        .and_then(|anchor| pages.iter().position(|page| page.anchor == anchor))
        .unwrap_or(0);
    let last = pages.len().saturating_sub(1);
    let number = page.unwrap_or(begin).min(last);
    let is_last = number == last;
    let Some(shown) = pages.get(number) else {
        return Shown {
            message: Message::default(),
            is_last,
        };
    };
    let name = format!("{} · {}", module.code, module.title.text(locale));
    let embed = Embed {
        title: cut(shown.title, limits::TITLE),
        description: shown.body.clone(),
        footer: text!(
            locale,
            "lesson-page",
            module = name,
            page = number + 1,
            pages = pages.len()
        ),
        ..Embed::default()
    };
    let content = if lesson.is_new_member {
        text!(locale, "lesson-enrolled")
    } else {
        String::new()
    };
    let mut rows = vec![turn(module, number, pages.len(), has_quiz(lesson), locale)];
    if pages.len() > 2 {
        rows.push(jump(module, &pages, number, locale));
    }
    let message = Message {
        content,
        embeds: vec![embed],
        rows,
        ..Message::default()
    };
    Shown { message, is_last }
}

fn has_quiz(lesson: &Lesson<'_>) -> bool {
    lesson.course.find_bank(&lesson.module.id).is_some()
}

fn pages(module: &Module, locale: Locale) -> Vec<Page<'_>> {
    let sections = module.sections.iter().flat_map(|section| {
        paginate(section.body.text(locale), PAGE)
            .into_iter()
            .enumerate()
            .map(|(part, body)| Page {
                anchor: &section.anchor,
                title: section.title.text(locale),
                body,
                is_first_of_section: part == 0,
            })
    });
    sections.collect()
}

fn turn(module: &Module, number: usize, pages: usize, has_quiz: bool, locale: Locale) -> Row {
    let id = |name: &str, page: usize| custom_id::build(name, &[&module.id, &page.to_string()]);
    let is_last = number + 1 >= pages;
    let back = Button::new(
        id("lesson-back", number.saturating_sub(1)),
        text!(locale, "lesson-back"),
        Style::Secondary,
    )
    .disabled(number == 0);
    let next_style = if is_last {
        Style::Secondary
    } else {
        Style::Primary
    };
    let next = Button::new(
        id("lesson-next", number + 1),
        text!(locale, "lesson-next"),
        next_style,
    )
    .disabled(is_last);
    let mut buttons = vec![back, next];
    if has_quiz {
        let style = if is_last {
            Style::Primary
        } else {
            Style::Secondary
        };
        let id = custom_id::build("quiz-start", &[&module.id]);
        buttons.push(Button::new(id, text!(locale, "lesson-quiz"), style));
    }
    Row::Buttons(buttons)
}

fn jump(module: &Module, pages: &[Page<'_>], number: usize, locale: Locale) -> Row {
    let current = pages.get(number).map(|page| page.anchor);
    let options = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.is_first_of_section)
        .take(limits::OPTIONS)
        .map(|(position, page)| MenuOption {
            value: position.to_string(),
            label: cut(page.title, limits::OPTION),
            description: String::new(),
            chosen: current == Some(page.anchor),
        })
        .collect();
    Row::Menu(Menu {
        custom_id: custom_id::build("lesson-jump", &[&module.id]),
        placeholder: text!(locale, "lesson-jump"),
        most: 1,
        options,
    })
}
