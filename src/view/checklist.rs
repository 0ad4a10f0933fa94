//! A checklist with a button an item.

use crate::{
    app::show_checklist::ChecklistState,
    domain::locale::Locale,
    text,
    view::{
        Button, Colour, Embed, Message, Row, Style, custom_id,
        limits::{self, cut},
    },
};

/// Buttons of one row, and rows of one message.
const ROW: usize = 5;
const MOST: usize = 25;

/// The checklist, with what a press of each button does.
#[must_use]
pub fn view(state: &ChecklistState<'_>, locale: Locale) -> Message {
    let is_ticked = |id: &str| state.ticks.get(id).copied().unwrap_or(false);
    let items = &state.checklist.items;
    let done = items.iter().filter(|item| is_ticked(&item.id)).count();
    let lines: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(number, item)| {
            let mark = if is_ticked(&item.id) { "✅" } else { "⬜" };
            format!("{mark} **{}.** {}", number + 1, item.text.text(locale))
        })
        .collect();
    let head = if done == items.len() {
        text!(locale, "checklist-done", done = done, total = items.len())
    } else {
        text!(locale, "checklist-open", done = done, total = items.len())
    };
    let embed = Embed {
        title: cut(
            &text!(locale, "checklist-title", part = state.part.code.as_str()),
            limits::TITLE,
        ),
        description: cut(
            &format!("{head}\n\n{}", lines.join("\n")),
            limits::DESCRIPTION,
        ),
        colour: if done == items.len() {
            Colour::Good
        } else {
            Colour::Plain
        },
        ..Embed::default()
    };
    let buttons: Vec<Button> = items
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(number, item)| {
            let ticked = is_ticked(&item.id);
            let id = custom_id::build("tick", &[&item.id, if ticked { "0" } else { "1" }]);
            let label = cut(
                &format!("{}. {}", number + 1, plain(item.text.text(locale))),
                limits::BUTTON,
            );
            Button::new(
                id,
                label,
                if ticked {
                    Style::Success
                } else {
                    Style::Secondary
                },
            )
        })
        .collect();
    let per_row = if items.len() <= ROW { 1 } else { ROW };
    let rows = buttons
        .chunks(per_row)
        .map(|row| Row::Buttons(row.to_vec()))
        .collect();
    Message {
        embeds: vec![embed],
        rows,
        ..Message::default()
    }
}

/// Markdown's marks mean nothing on a button.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '`' | '*')).collect()
}
