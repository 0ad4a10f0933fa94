//! Banks in Markdown, one language a file.

use std::ops::Range;

use super::draft::{DraftBank, DraftChoice, DraftQuestion, KINDS, Kind};
use crate::{
    content::{
        document::Document,
        heading::clean,
        page::{Block, BlockKind, Heading, ListItem, Page},
        suggest::did_you_mean,
        tree::{Form, name_of},
    },
    domain::locale::Localized,
};

const ATTRIBUTES: [&str; 3] = ["section", "kind", "tolerance"];
const HEADER: [&str; 3] = ["draw", "includes", "id"];

/// The bank of a Markdown file; `stem` is its id unless the lines under its title give one.
pub fn read_markdown(document: Document, stem: &str, form: &mut Form<'_>) -> DraftBank {
    let page = Page::read(document, form.out);
    let mut bank = DraftBank {
        place: page.document.start(),
        id: stem.to_owned(),
        title: Localized::default(),
        draw: None,
        includes: Vec::new(),
        questions: Vec::new(),
    };
    let is_question =
        |block: &Block| matches!(&block.kind, BlockKind::Heading(heading) if heading.level == 2);
    let first = page
        .blocks
        .iter()
        .position(is_question)
        .unwrap_or(page.blocks.len());
    let (head, mut rest) = page.blocks.split_at_checked(first).unwrap_or((&[], &[]));
    for block in head {
        read_head(&page, block, &mut bank, form);
    }
    while let Some((
        Block {
            range,
            kind: BlockKind::Heading(heading),
        },
        after,
    )) = rest.split_first()
    {
        let end = after.iter().position(is_question).unwrap_or(after.len());
        let (body, next) = after.split_at_checked(end).unwrap_or((after, &[]));
        bank.questions
            .extend(read_question(&page, range, heading, body, form));
        rest = next;
    }
    bank
}

/// The title of the bank, or the lines such as `draw: 10` under it.
fn read_head(page: &Page, block: &Block, bank: &mut DraftBank, form: &mut Form<'_>) {
    match &block.kind {
        BlockKind::Heading(heading) if heading.level == 1 => {
            bank.title.insert(form.own, clean(&heading.text));
        }
        BlockKind::Paragraph => {
            let mut offset = block.range.start;
            for line in page
                .document
                .slice(block.range.clone())
                .split_inclusive('\n')
            {
                read_header_line(page, offset, line.trim(), bank, form);
                offset += line.len();
            }
        }
        _ => {}
    }
}

fn read_header_line(
    page: &Page,
    offset: usize,
    line: &str,
    bank: &mut DraftBank,
    form: &mut Form<'_>,
) {
    let place = page.document.place(offset);
    let word =
        |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let Some((key, value)) = line.split_once(':').filter(|(key, _)| word(key.trim())) else {
        return;
    };
    let value = value.trim();
    match key.trim() {
        "draw" => match value.parse() {
            Ok(draw) => bank.draw = Some((draw, place)),
            Err(_) => form.wrong(
                place.line,
                format!("`draw` is `{value}`, not a whole number"),
                "Write `draw: 10`.",
            ),
        },
        "includes" => {
            let ids = value
                .trim_matches(['[', ']'])
                .split(',')
                .map(|id| id.trim().to_lowercase());
            bank.includes.extend(
                ids.filter(|id| !id.is_empty())
                    .map(|id| (id, place.clone())),
            );
        }
        "id" => value.to_lowercase().clone_into(&mut bank.id),
        other => {
            let message = format!("the bank has an unknown key `{other}`");
            form.out
                .error("unknown-key", &place, message, did_you_mean(other, HEADER));
        }
    }
}

fn read_question(
    page: &Page,
    range: &Range<usize>,
    heading: &Heading,
    body: &[Block],
    form: &mut Form<'_>,
) -> Option<DraftQuestion> {
    let place = page.place(range);
    let id = clean(&heading.text);
    if id.is_empty() || id.chars().any(char::is_whitespace) {
        let fix = "Write `## question-id {section=anchor}`.";
        form.wrong(
            place.line,
            format!("`{id}` is not the id of a question"),
            fix,
        );
        return None;
    }
    let mut question = DraftQuestion {
        place,
        id,
        section: None,
        kind: None,
        prompt: Localized::default(),
        choices: Vec::new(),
        answer: Vec::new(),
        accept: Vec::new(),
        tolerance: None,
        explanation: Localized::default(),
    };
    read_attributes(heading, &mut question, form);
    read_body(page, body, &mut question, form);
    Some(question)
}

fn read_attributes(heading: &Heading, question: &mut DraftQuestion, form: &mut Form<'_>) {
    let line = question.place.line;
    for (key, value) in &heading.attributes {
        let value = value.trim_matches('"');
        match key.as_str() {
            "section" => question.section = Some((value.to_owned(), question.place.clone())),
            "kind" => question.kind = name_of(value, line, "kind", &KINDS, form),
            "tolerance" => match value.parse() {
                Ok(tolerance) => question.tolerance = Some(tolerance),
                Err(_) => form.wrong(
                    line,
                    format!("`tolerance` is `{value}`, not a whole number"),
                    "Write `tolerance=1`.",
                ),
            },
            other => {
                let message = format!(
                    "the question `{}` has an unknown key `{other}`",
                    question.id
                );
                form.out.error(
                    "unknown-key",
                    &question.place,
                    message,
                    did_you_mean(other, ATTRIBUTES),
                );
            }
        }
    }
    if question.section.is_none() {
        form.wrong(
            line,
            format!("the question `{}` has no `section`", question.id),
            "Write `{section=anchor}` after its id.",
        );
    }
}

/// The prompt up to the choices or accepted answers; block quotes after them explain.
fn read_body(page: &Page, body: &[Block], question: &mut DraftQuestion, form: &mut Form<'_>) {
    let mut prompt = Vec::new();
    let mut explanation = Vec::new();
    let mut answered = false;
    for block in body {
        match &block.kind {
            BlockKind::List(items) if items.iter().any(|item| item.checked.is_some()) => {
                answered = true;
                let choices: Vec<_> = items
                    .iter()
                    .filter_map(|item| read_choice(page, item, form))
                    .collect();
                question.choices.extend(choices);
            }
            BlockKind::Quote if answered || last_quote(body, block) => {
                answered = true;
                explanation.push(page.quoted(block.range.clone()));
            }
            BlockKind::Paragraph if has_accepted(page, block) => {
                answered = true;
                let (text, accepted) = split_accepted(&page.lines(block.range.clone()));
                if !text.is_empty() {
                    prompt.push(text);
                }
                question.accept.extend(accepted);
            }
            BlockKind::Rule => {}
            // Nothing but a comment.
            _ if page.source(block.range.clone()).is_empty() => {}
            _ if answered => {
                let place = page.place(&block.range);
                let message = format!(
                    "text after the answers of `{}` belongs to nothing",
                    question.id
                );
                form.wrong(
                    place.line,
                    message,
                    "Move it above the answers, or begin its lines with `>` to explain.",
                );
            }
            _ => prompt.push(page.source(block.range.clone())),
        }
    }
    if question.kind.is_none() && !question.accept.is_empty() {
        question.kind = Some(Kind::Short);
    }
    let texts: Vec<_> = prompt
        .into_iter()
        .filter(|text: &String| !text.is_empty())
        .collect();
    question.prompt.insert(form.own, texts.join("\n\n"));
    if !explanation.is_empty() {
        question
            .explanation
            .insert(form.own, explanation.join("\n\n"));
    }
}

/// Whether the quote ends a question without answers, so that a missing list is told once and not twice.
fn last_quote(body: &[Block], block: &Block) -> bool {
    body.len() > 1 && body.last().is_some_and(|last| last.range == block.range)
}

fn read_choice(page: &Page, item: &ListItem, form: &mut Form<'_>) -> Option<DraftChoice> {
    let place = page.place(&item.text);
    let text = page.line(item.text.clone());
    let Some(correct) = item.checked else {
        let text = text.trim_start_matches(['-', '*', '+', ' ']);
        form.wrong(
            place.line,
            format!("the choice `{text}` has no checkbox"),
            "Write `- [ ]` or `- [x]`.",
        );
        return None;
    };
    let mut because = Localized::default();
    if let Some(quote) = &item.quote {
        because.insert(form.own, page.quoted(quote.clone()));
    }
    Some(DraftChoice {
        place,
        id: None,
        text: Localized::only(form.own, text),
        correct,
        because,
    })
}

fn has_accepted(page: &Page, block: &Block) -> bool {
    page.document
        .slice(block.range.clone())
        .lines()
        .any(|line| line.trim_start().starts_with("= "))
}

/// A paragraph as its prose and its `= answer` lines.
fn split_accepted(source: &str) -> (String, Vec<String>) {
    let mut prose = Vec::new();
    let mut accepted = Vec::new();
    for line in source.lines() {
        match line.trim_start().strip_prefix("= ") {
            Some(answer) => accepted.push(answer.trim().trim_matches('`').to_owned()),
            None => prose.push(line),
        }
    }
    (prose.join("\n").trim().to_owned(), accepted)
}
