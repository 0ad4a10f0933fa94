//! Banks of questions: three formats, one draft, one set of rules.

mod check;
mod data;
mod draft;
mod markdown;
mod question;

use super::{
    SourceFile,
    diagnostic::{Diagnostics, Place},
    document::Document,
    tree::Form,
};
use crate::domain::{course::Course, locale::Locale, quiz::Bank};
use draft::DraftBank;

/// The banks of a course, in the order of its parts and modules. The course must have its parts already.
pub fn read_banks(files: &[SourceFile], course: &Course, out: &mut Diagnostics) -> Vec<Bank> {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut drafts: Vec<DraftBank> = Vec::new();
    for file in sorted {
        let Some(bank) = read_file(file, course, out) else {
            continue;
        };
        match drafts.iter_mut().find(|known| known.id == bank.id) {
            Some(known) => known.absorb(bank, out),
            None => drafts.push(bank),
        }
    }
    drafts.sort_by_key(|bank| position(course, &bank.id));
    check::check_banks(&drafts, course, out);
    let mut ids = Vec::new();
    drafts
        .into_iter()
        .map(|draft| finish(draft, course, &mut ids, out))
        .collect()
}

/// The place of a bank among modules in order, each part after its modules.
fn position(course: &Course, id: &str) -> usize {
    let owners = course.parts.iter().flat_map(|part| {
        part.modules
            .iter()
            .map(|module| &module.id)
            .chain([&part.id])
    });
    owners
        .into_iter()
        .position(|owner| owner == id)
        .unwrap_or(usize::MAX)
}

fn read_file(file: &SourceFile, course: &Course, out: &mut Diagnostics) -> Option<DraftBank> {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    if stem.eq_ignore_ascii_case("readme") {
        return None;
    }
    let document = Document::decode(file, out)?;
    let (stem, locale) = stem_and_language(stem);
    let first = course.locales.first().copied().unwrap_or(Locale::En);
    let own = locale.unwrap_or(first);
    let mut form = Form {
        file: &file.path,
        code: "bad-bank",
        own,
        locales: &course.locales,
        out,
    };
    match extension.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => data::read_yaml(&document, &stem, &mut form),
        "json" => data::read_json(&document, &stem, &mut form),
        "md" => Some(markdown::read_markdown(document, &stem, &mut form)),
        _ => {
            let message = format!("`{name}` is no bank");
            let place = Place::new(&file.path, 1);
            out.warning(
                "unreadable-file",
                &place,
                message,
                "Name banks `*.yaml`, `*.json` or `*.md`, and keep other files elsewhere.",
            );
            None
        }
    }
}

/// `al2.en` is the English of `al2`.
fn stem_and_language(stem: &str) -> (String, Option<Locale>) {
    let found = stem.rsplit_once('.').and_then(|(stem, code)| {
        let locale = Locale::ALL
            .into_iter()
            .find(|locale| locale.code() == code)?;
        Some((stem.to_lowercase(), Some(locale)))
    });
    found.unwrap_or_else(|| (stem.to_lowercase(), None))
}

fn finish(
    draft: DraftBank,
    course: &Course,
    ids: &mut Vec<(String, Place)>,
    out: &mut Diagnostics,
) -> Bank {
    let owner = course.find_module(&draft.id).map(|module| &module.title);
    let owner = owner.or_else(|| course.find_part(&draft.id).map(|part| &part.title));
    let mut title = owner.cloned().unwrap_or_default();
    for (locale, text) in draft.title.iter() {
        title.insert(locale, text.clone());
    }
    let questions = draft.questions.into_iter().filter_map(|draft| {
        question::check_unique(&draft, ids, out);
        question::finish(draft, course, out)
    });
    let questions: Vec<_> = questions.collect();
    check::check_lengths(&questions, &draft.place, &draft.id, course, out);
    Bank {
        id: draft.id,
        title,
        draw: draft
            .draw
            .map_or(course.assessment.quiz.min_questions, |(draw, _)| draw),
        includes: draft.includes.into_iter().map(|(id, _)| id).collect(),
        questions,
    }
}
