//! A course of a folder: settings, lessons by language, banks.

use super::{
    CourseFiles, Reading, SourceFile,
    assessment::{Rules, read_rules, settle},
    bank::read_banks,
    check::{check_draft, check_section},
    diagnostic::{Diagnostics, Place},
    document::Document,
    draft::DraftCourse,
    integrity::complete,
    merge::merge,
    outline::read_outline,
    page::Page,
    segment::segments,
    settings::{Settings, read_settings},
    suggest::did_you_mean,
};
use crate::domain::{course::Course, locale::Locale};

/// The name of the settings.
const SETTINGS: &str = "course.toml";

/// The course of its files, with everything that is wrong with them.
#[must_use]
pub fn read_course(files: &CourseFiles) -> Reading {
    let mut out = Diagnostics::default();
    let course = read(files, &mut out);
    Reading {
        course,
        diagnostics: out.into_sorted(),
    }
}

fn read(files: &CourseFiles, out: &mut Diagnostics) -> Option<Course> {
    let settings = find_settings(files, out);
    let root = root(files);
    let id = settings
        .as_ref()
        .and_then(|settings| settings.id.clone())
        .unwrap_or_else(|| name_of(&root));
    let locales = languages(files, &root, settings.as_ref(), out);
    let drafts: Vec<_> = locales
        .iter()
        .filter_map(|locale| draft(files, &root, *locale, out))
        .collect();
    for draft in &drafts {
        check_draft(draft, out);
    }
    let assessment = assessment(&drafts, settings.as_ref(), out);
    let found = drafts
        .first()
        .is_some_and(|draft| draft.modules().next().is_some());
    let mut course = merge(&id, &drafts, assessment, out)?;
    if let Some(settings) = settings {
        grade(&mut course, settings, files, &root, out);
    }
    course.banks = read_banks(&files.banks, &course, out);
    found.then_some(course)
}

/// The settings: the `course.toml` nearest to the root.
fn find_settings(files: &CourseFiles, out: &mut Diagnostics) -> Option<Settings> {
    let Some(file) = settings_file(files) else {
        let place = Place::new(&format!("{}{SETTINGS}", root(files)), 1);
        let fix = "Add the file with `id` and `locales`.";
        out.error(
            "missing-course-toml",
            &place,
            format!("the course has no `{SETTINGS}`"),
            fix,
        );
        return None;
    };
    read_settings(&Document::decode(file, out)?, out)
}

fn settings_file(files: &CourseFiles) -> Option<&SourceFile> {
    let named = files
        .content
        .iter()
        .filter(|file| file.path.rsplit('/').next() == Some(SETTINGS));
    named.min_by_key(|file| file.path.matches('/').count())
}

/// The folder of the course with its last slash: where the settings are, else above the languages.
fn root(files: &CourseFiles) -> String {
    if let Some(file) = settings_file(files) {
        return file
            .path
            .strip_suffix(SETTINGS)
            .unwrap_or_default()
            .to_owned();
    }
    let above = |file: &SourceFile| {
        let (folder, name) = file.path.rsplit_once('/')?;
        let (above, language) = folder.rsplit_once('/').unwrap_or(("", folder));
        let lesson =
            is_markdown(name) && Locale::ALL.iter().any(|locale| locale.code() == language);
        lesson.then(|| {
            if above.is_empty() {
                String::new()
            } else {
                format!("{above}/")
            }
        })
    };
    files
        .content
        .iter()
        .filter_map(above)
        .min_by_key(String::len)
        .unwrap_or_default()
}

fn name_of(root: &str) -> String {
    let name = slug::slugify(
        root.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default(),
    );
    if name.is_empty() {
        "course".to_owned()
    } else {
        name
    }
}

fn is_markdown(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("md"))
}

/// The lessons of a language in name order.
fn lessons<'a>(files: &'a CourseFiles, root: &str, locale: Locale) -> Vec<&'a SourceFile> {
    let folder = format!("{root}{locale}/");
    let is_lesson = |file: &&SourceFile| {
        file.path
            .strip_prefix(&folder)
            .is_some_and(|name| !name.contains('/') && is_markdown(name))
    };
    let mut found: Vec<_> = files.content.iter().filter(is_lesson).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The languages with lessons, in the order of the settings; without settings those that have a folder.
fn languages(
    files: &CourseFiles,
    root: &str,
    settings: Option<&Settings>,
    out: &mut Diagnostics,
) -> Vec<Locale> {
    let present: Vec<_> = Locale::ALL
        .into_iter()
        .filter(|locale| !lessons(files, root, *locale).is_empty())
        .collect();
    let Some(settings) = settings.filter(|settings| !settings.locales.is_empty()) else {
        if present.is_empty() {
            let place = Place::new(&format!("{root}{SETTINGS}"), 1);
            let message = "no language has lessons".to_owned();
            out.error(
                "missing-language-folder",
                &place,
                message,
                "Add a folder `ru` or `en` with Markdown files.",
            );
        }
        return present;
    };
    for locale in settings
        .locales
        .iter()
        .filter(|locale| !present.contains(locale))
    {
        let message =
            format!("the course speaks `{locale}`, but `{root}{locale}/` has no Markdown files");
        out.error(
            "missing-language-folder",
            &settings.locales_at,
            message,
            "Write the lessons, or take the language out of `locales`.",
        );
    }
    for locale in present
        .iter()
        .filter(|locale| !settings.locales.contains(locale))
    {
        let message =
            format!("`{root}{locale}/` has lessons, but `locales` leaves the language out");
        out.warning(
            "unlisted-language",
            &settings.locales_at,
            message,
            format!("Add `{locale}` to `locales`."),
        );
    }
    settings
        .locales
        .iter()
        .copied()
        .filter(|locale| present.contains(locale))
        .collect()
}

fn draft(
    files: &CourseFiles,
    root: &str,
    locale: Locale,
    out: &mut Diagnostics,
) -> Option<DraftCourse> {
    let documents: Vec<_> = lessons(files, root, locale)
        .into_iter()
        .filter_map(|file| Document::decode(file, out))
        .collect();
    let pages: Vec<_> = documents
        .into_iter()
        .map(|document| Page::read(document, out))
        .collect();
    let start = pages.first()?.document.start();
    Some(read_outline(locale, start, &segments(&pages), out))
}

/// The rules of assessment; languages that state other rules than the author's own are told of.
fn assessment(
    drafts: &[DraftCourse],
    settings: Option<&Settings>,
    out: &mut Diagnostics,
) -> crate::domain::assessment::Assessment {
    let mut own = Rules::default();
    let mut place = settings
        .map(|settings| settings.place.clone())
        .unwrap_or_default();
    for (index, draft) in drafts.iter().enumerate() {
        let rules = read_rules(&draft.assessment, out);
        let Some((start, _)) = draft.assessment.first() else {
            continue;
        };
        if index == 0 || own == Rules::default() {
            own = rules;
            place = start.clone();
        } else if rules != own {
            let message = format!(
                "the rules of assessment in `{}` are not those on line {} of {}",
                draft.locale, place.line, place.file
            );
            out.error(
                "assessment-differs",
                start,
                message,
                "State the same numbers, grades and tools in every language.",
            );
        }
    }
    settle(
        own,
        settings
            .map(|settings| settings.rules.clone())
            .unwrap_or_default(),
        &place,
        out,
    )
}

/// Gives practices their rubrics and the course its remediation.
fn grade(
    course: &mut Course,
    settings: Settings,
    files: &CourseFiles,
    root: &str,
    out: &mut Diagnostics,
) {
    let mut seen = Vec::new();
    for practice in settings.practices {
        if seen.contains(&practice.id) {
            let message = format!("the practice `{}` is set up twice", practice.id);
            out.error(
                "duplicate-practice",
                &practice.place,
                message,
                "Keep one [[practice]] of this id.",
            );
        }
        seen.push(practice.id.clone());
        let integrity = practice
            .integrity
            .map(|integrity| complete(integrity, &files.content, root, out));
        let tasks = course
            .parts
            .iter_mut()
            .filter_map(|part| part.practice.as_mut());
        if let Some(task) = tasks.into_iter().find(|task| task.id == practice.id) {
            task.reports = practice.reports;
            task.rubric = practice.rubric;
            task.integrity = integrity;
            task.terms = practice.terms;
            task.show = practice.show;
        } else {
            let known: Vec<_> = course.practices().map(|task| task.id.clone()).collect();
            let message = format!("no part `{}` has a practice", practice.id);
            let fix = if known.is_empty() {
                "Add a heading `### Practice` to the part.".to_owned()
            } else {
                did_you_mean(&practice.id, known.iter().map(String::as_str))
            };
            out.error("unknown-part", &practice.place, message, fix);
        }
    }
    for (place, rule) in settings.remediation {
        check_section(course, &rule.section, &place, "the remediation", out);
        course.remediation.push(rule);
    }
}
