//! Banks in YAML and JSON.

use super::draft::{DraftBank, DraftChoice, DraftQuestion, KINDS, Kind};
use crate::{
    content::{
        document::Document,
        tree::{
            Fields, Form, Node, SyntaxError, Value, localized, name_of, parse_json, parse_yaml,
            text_of,
        },
    },
    domain::locale::Localized,
};

const BANK: [&str; 5] = ["id", "title", "draw", "includes", "questions"];
const QUESTION: [&str; 9] = [
    "id",
    "section",
    "kind",
    "prompt",
    "choices",
    "answer",
    "accept",
    "tolerance",
    "explanation",
];
const CHOICE: [&str; 4] = ["id", "text", "correct", "because"];

/// The bank of a YAML file; `stem` is its id unless it gives one.
pub fn read_yaml(document: &Document, stem: &str, form: &mut Form<'_>) -> Option<DraftBank> {
    read(parse_yaml(document), "bad-yaml", stem, form)
}

/// The bank of a JSON file.
pub fn read_json(document: &Document, stem: &str, form: &mut Form<'_>) -> Option<DraftBank> {
    read(parse_json(document), "bad-json", stem, form)
}

fn read(
    root: Result<Node, SyntaxError>,
    code: &'static str,
    stem: &str,
    form: &mut Form<'_>,
) -> Option<DraftBank> {
    match root {
        Ok(root) => bank(&root, stem, form),
        Err(error) => {
            let place = form.place(error.line);
            out_of_shape(code, &place, error.message, form);
            None
        }
    }
}

fn out_of_shape(
    code: &'static str,
    place: &crate::content::diagnostic::Place,
    message: String,
    form: &mut Form<'_>,
) {
    form.out.error(
        code,
        place,
        message,
        "Correct the file; the line is where the reader stopped.",
    );
}

fn bank(root: &Node, stem: &str, form: &mut Form<'_>) -> Option<DraftBank> {
    let fields = Fields::open(root, "the bank", &BANK, form)?;
    let draw = fields.number("draw", form);
    let draw_at = form.place(fields.get("draw").map_or(fields.line, |node| node.line));
    fields.require("questions", form);
    Some(DraftBank {
        place: form.place(fields.line),
        id: fields
            .optional_text("id", form)
            .unwrap_or_else(|| stem.to_owned())
            .to_lowercase(),
        title: fields.localized("title", form),
        draw: draw.map(|draw| (draw, draw_at)),
        includes: fields
            .texts("includes", form)
            .into_iter()
            .map(|(id, line)| (id.to_lowercase(), form.place(line)))
            .collect(),
        questions: fields
            .list("questions", form)
            .iter()
            .filter_map(|node| question(node, form))
            .collect(),
    })
}

fn question(node: &Node, form: &mut Form<'_>) -> Option<DraftQuestion> {
    let fields = Fields::open(node, "a question", &QUESTION, form)?;
    let id = fields.text("id", form);
    let section = fields.text("section", form);
    let section_at = form.place(fields.get("section").map_or(fields.line, |node| node.line));
    fields.require("prompt", form);
    let question = DraftQuestion {
        place: form.place(fields.line),
        id: id?,
        section: section.map(|anchor| (anchor, section_at)),
        kind: kind(&fields, form),
        prompt: fields.localized("prompt", form),
        choices: fields
            .list("choices", form)
            .iter()
            .filter_map(|node| choice(node, form))
            .collect(),
        answer: one_or_more(&fields, "answer", form)
            .into_iter()
            .map(|(id, line)| (id, form.place(line)))
            .collect(),
        accept: accepted(&fields, form),
        tolerance: fields.number("tolerance", form),
        explanation: fields.localized("explanation", form),
    };
    Some(question)
}

fn kind(fields: &Fields<'_>, form: &mut Form<'_>) -> Option<Kind> {
    let name = fields.optional_text("kind", form)?;
    let line = fields.get("kind").map_or(fields.line, |node| node.line);
    name_of(&name, line, "kind", &KINDS, form)
}

fn choice(node: &Node, form: &mut Form<'_>) -> Option<DraftChoice> {
    let place = form.place(node.line);
    if !matches!(node.value, Value::Map(_)) {
        // A bare text is a choice whose rightness `answer` tells.
        let text = localized(node, "choices", form);
        return Some(DraftChoice {
            place,
            id: None,
            text,
            correct: false,
            because: Localized::default(),
        });
    }
    let fields = Fields::open(node, "a choice", &CHOICE, form)?;
    fields.require("text", form);
    Some(DraftChoice {
        place,
        id: fields.optional_text("id", form),
        text: fields.localized("text", form),
        correct: fields.flag("correct", false, form),
        because: fields.localized("because", form),
    })
}

/// A text or a list of texts.
fn one_or_more(fields: &Fields<'_>, key: &str, form: &mut Form<'_>) -> Vec<(String, u32)> {
    match fields.get(key) {
        None => Vec::new(),
        Some(Node {
            value: Value::List(_),
            ..
        }) => fields.texts(key, form),
        Some(node) => text_of(node, key, form)
            .map(|text| (text, node.line))
            .into_iter()
            .collect(),
    }
}

/// Accepted answers: a text, a list, or a list by language, which are all accepted in every language.
fn accepted(fields: &Fields<'_>, form: &mut Form<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(Node {
        value: Value::Map(_),
        ..
    }) = fields.get("accept")
    {
        let codes = crate::domain::locale::Locale::ALL.map(crate::domain::locale::Locale::code);
        let node = fields.get("accept");
        if let Some(by_language) =
            node.and_then(|node| Fields::open(node, "`accept`", &codes, form))
        {
            all = codes
                .into_iter()
                .flat_map(|code| one_or_more(&by_language, code, form))
                .collect();
        }
    } else {
        all.extend(one_or_more(fields, "accept", form));
    }
    let mut texts: Vec<String> = Vec::new();
    for (text, _) in all {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
