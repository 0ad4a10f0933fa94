//! `docent new course`: a small course to begin with, which checks clean.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::LazyLock,
};

use anyhow::{Context as _, ensure};
use include_dir::{Dir, include_dir};
use regex::{Captures, Regex};

use crate::{config::Settings, domain::locale::Locale};

static COURSE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/new/course");

/// `@(Тесты|Tests)` in a settings file: a text in Russian and in English.
#[expect(
    clippy::expect_used,
    reason = "a literal pattern, used by every test of this file"
)]
static TEXT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"@\(([^|)]*)\|([^)]*)\)").expect("a pattern"));

/// What can be begun.
#[derive(Debug, clap::Subcommand)]
pub enum New {
    /// Write a small valid course into a new folder
    Course(CourseArguments),
}

/// The course to write.
#[derive(Debug, clap::Args)]
pub struct CourseArguments {
    /// Folder of the course; its last part is the title
    name: PathBuf,
    /// Languages, the author's own first: `ru`, `en` or `ru,en` [default: `DOCENT_LOCALE`]
    #[arg(long, value_delimiter = ',')]
    lang: Vec<Locale>,
}

/// Writes a course into a folder that is not there yet or empty, and says what to do next.
pub fn run(settings: &Settings, arguments: CourseArguments) -> anyhow::Result<ExitCode> {
    let folder = arguments.name.as_path();
    let mut languages = arguments.lang;
    if languages.is_empty() {
        languages.push(settings.locale);
    }
    let shown = folder.display();
    let is_empty =
        !folder.exists() || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    ensure!(
        is_empty,
        "there is something at {shown} already: choose another name"
    );
    fs::create_dir_all(folder).with_context(|| format!("{shown} cannot be made"))?;
    let title = title_of(folder)?;
    let id = slug::slugify(&title);
    ensure!(
        !id.is_empty(),
        "`{title}` has no letter or digit to make an id of: choose another name"
    );
    let files = files(&title, &id, &languages);
    for (path, text) in &files {
        let path = folder.join(path);
        write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    say(&format!(
        "Wrote {} files of the course `{id}` to {shown}. Next:\n  \
         docent check {shown} --watch        names every mistake as you save\n  \
         DOCENT_CONTENT={shown} docent play  reads the course in a Discord on this machine\n\
         How courses are written: docs/AUTHORING.md.",
        files.len()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The name of a folder; `.` has one too.
fn title_of(folder: &Path) -> anyhow::Result<String> {
    let full = folder
        .canonicalize()
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let name = full.file_name().unwrap_or_default();
    Ok(name.to_string_lossy().into_owned())
}

/// The files of the course in the languages asked for.
fn files(title: &str, id: &str, languages: &[Locale]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![&COURSE];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        found.extend(folder.files());
    }
    let others = Locale::ALL
        .into_iter()
        .filter(|locale| !languages.contains(locale));
    let others: Vec<String> = others.map(|locale| locale.to_string()).collect();
    let is_wanted = |path: &Path| {
        let text = path.to_string_lossy();
        !text
            .split(['/', '\\', '.'])
            .any(|word| others.iter().any(|other| other == word))
    };
    found
        .into_iter()
        .filter(|file| is_wanted(file.path()))
        .filter_map(|file| {
            let text = fill(file.contents_utf8()?, title, id, languages);
            Some((file.path().to_owned(), text))
        })
        .collect()
}

/// A template with its words in place.
fn fill(template: &str, title: &str, id: &str, languages: &[Locale]) -> String {
    let listed: Vec<String> = languages
        .iter()
        .map(|locale| format!("\"{locale}\""))
        .collect();
    let text = TEXT.replace_all(template, |found: &Captures<'_>| {
        let (russian, english) = (&found[1], &found[2]);
        match languages {
            [Locale::Ru] => format!("\"{russian}\""),
            [Locale::En] => format!("\"{english}\""),
            _ => format!("{{ ru = \"{russian}\", en = \"{english}\" }}"),
        }
    });
    text.replace("@locales", &listed.join(", "))
        .replace("@id", id)
        .replace("@title", title)
}

/// Writes a file that must not be there.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn say(text: &str) {
    println!("{text}");
}
