//! The rules between modules, checked on the text of `src`: who may name whom, where SQL, HTTP,
//! clocks and files may be, and how long a file may grow. docs/ARCHITECTURE.md explains them.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use rules::{Applies, LAYERS, LIMITS, Layer, Limit, MOST_LINES, find_layer, is_within};
use scan::{blank, has_word, names, without_tests};

mod documents;
mod rules;
mod scan;

/// One broken rule.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    path: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// A source file with its place among the modules.
struct Source {
    /// `src/app/start_quiz.rs`.
    path: String,
    /// `app::start_quiz`.
    module: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let inner = path
            .trim_start_matches("src/")
            .trim_end_matches(".rs")
            .trim_end_matches("/mod");
        Self {
            path: path.to_owned(),
            module: inner.replace('/', "::"),
            text: text.to_owned(),
        }
    }

    /// Files of tests may do what tests need.
    fn is_test(&self) -> bool {
        self.module.split("::").any(|part| part == "tests")
    }

    /// The code with comments, texts and test modules blanked: same lines, nothing else to find.
    fn code(&self) -> String {
        without_tests(&blank(&self.text))
    }

    fn breach(&self, line: usize, rule: impl Into<String>) -> Breach {
        Breach {
            path: self.path.clone(),
            line,
            rule: rule.into(),
        }
    }
}

/// Every rule on one file.
fn check(source: &Source) -> Vec<Breach> {
    let mut breaches = check_shape(source);
    if !source.is_test() {
        let code = source.code();
        breaches.extend(check_names(source, &code));
        breaches.extend(
            LIMITS
                .iter()
                .flat_map(|limit| check_limit(source, &code, limit)),
        );
    }
    breaches
}

fn check_shape(source: &Source) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let lines = source.text.lines().count();
    if lines > MOST_LINES {
        breaches.push(source.breach(
            lines,
            format!("a file has at most {MOST_LINES} lines: split it by what it says"),
        ));
    }
    let purpose = source
        .text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//! "));
    if purpose.is_none_or(|purpose| purpose.trim().is_empty()) {
        breaches.push(source.breach(1, "a file begins with its purpose: `//! ..`"));
    }
    breaches
}

fn check_names(source: &Source, code: &str) -> Vec<Breach> {
    let Some(layer) = find_layer(&source.module) else {
        return vec![source.breach(
            1,
            format!("`{}` is in no layer: add it to LAYERS", source.module),
        )];
    };
    let own = source.module.split("::").next().unwrap_or_default();
    let among = |name: &str, paths: &[&str]| paths.iter().any(|path| is_within(name, path));
    let allowed = |name: &str| {
        is_within(name, own) || (among(name, layer.may_name) && !among(name, layer.but_not))
    };
    let named = names(code).into_iter().filter(|(_, name)| !allowed(name));
    named
        .map(|(line, name)| {
            source.breach(line, format!("`{}` may not name `crate::{name}`", layer.of))
        })
        .collect()
}

fn check_limit(source: &Source, code: &str, limit: &Limit) -> Vec<Breach> {
    let among = |modules: &[&str]| {
        modules
            .iter()
            .any(|module| is_within(&source.module, module))
    };
    let applies = match &limit.applies {
        Applies::Inside(modules) => among(modules),
        Applies::Outside(modules) => !among(modules),
    };
    if !applies {
        return Vec::new();
    }
    let found = code.lines().enumerate().filter_map(|(at, line)| {
        let text = limit.texts.iter().find(|text| has_word(line, text))?;
        Some(source.breach(
            at + 1,
            format!("{}: found `{text}`; {}", limit.rule, limit.instead),
        ))
    });
    found.collect()
}

/// Every file under `src`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).ok()?;
        let path = path
            .strip_prefix(root)
            .ok()?
            .to_string_lossy()
            .replace('\\', "/");
        Some(Source::new(&path, &text))
    };
    paths.iter().filter_map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            paths.push(path);
        }
    }
}

#[test]
fn every_file_keeps_the_rules_of_its_layer() {
    let sources = sources();
    assert!(
        sources.len() > 50,
        "the files of `src` were not found: {}",
        sources.len()
    );
    let breaches: Vec<String> = sources
        .iter()
        .flat_map(check)
        .map(|breach| breach.to_string())
        .collect();
    assert!(
        breaches.is_empty(),
        "{} rules of docs/ARCHITECTURE.md are broken:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}

#[test]
fn every_layer_of_the_table_is_there() {
    let sources = sources();
    let is_there = |layer: &&Layer| {
        sources
            .iter()
            .any(|source| is_within(&source.module, layer.of))
    };
    let gone: Vec<&str> = LAYERS
        .iter()
        .filter(|layer| !is_there(layer))
        .map(|layer| layer.of)
        .collect();
    assert_eq!(
        gone,
        Vec::<&str>::new(),
        "LAYERS names modules that do not exist"
    );
}

#[test]
fn a_file_that_breaks_the_rules_is_told_each_with_path_and_line() {
    let bad = Source::new(
        "src/domain/clock.rs",
        "use std::fs;\nuse crate::{\n    domain::course::Course,\n    store::{Store, Tx},\n};\n\npub async fn now() {\n    chrono::Utc::now();\n}\n",
    );
    let told: Vec<String> = check(&bad).iter().map(ToString::to_string).collect();
    let expected = [
        "src/domain/clock.rs:1: a file begins with its purpose",
        "src/domain/clock.rs:4: `domain` may not name `crate::store::Store`",
        "src/domain/clock.rs:4: `domain` may not name `crate::store::Tx`",
        "src/domain/clock.rs:7: pure modules do not wait: found `async fn`",
        "src/domain/clock.rs:8: pure modules have no clock: found `Utc::now`",
        "src/domain/clock.rs:1: pure modules touch no file and no network: found `std::fs`",
    ];
    for (said, wanted) in told.iter().zip(expected) {
        assert!(said.starts_with(wanted), "{said}\n  is not\n{wanted}");
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
}

#[test]
fn sql_http_and_discord_stay_in_their_adapters() {
    let refused =
        |path: &str, line: &str| check(&Source::new(path, &format!("//! A file.\n{line}\n"))).len();
    assert_eq!(refused("src/app/start_quiz.rs", "use sqlx::PgPool;"), 1);
    assert_eq!(refused("src/store/members.rs", "use sqlx::PgPool;"), 0);
    assert_eq!(
        refused("src/jobs/worker.rs", "let client = reqwest::Client::new();"),
        1
    );
    assert_eq!(
        refused(
            "src/ci/client/mod.rs",
            "let client = reqwest::Client::new();"
        ),
        0
    );
    assert_eq!(
        refused("src/app/start_quiz.rs", "use serenity::all::UserId;"),
        1
    );
    assert_eq!(
        refused("src/discord/commands/quiz.rs", "app.store.begin().await?;"),
        1
    );
    assert_eq!(
        refused("src/ci/github.rs", "use crate::app::{App, ports::Run};"),
        1
    );
    assert_eq!(
        refused(
            "src/jobs/deliver_grade.rs",
            "use crate::discord::dispatch::Dispatcher;"
        ),
        1
    );
    assert_eq!(refused("src/view/quiz.rs", "use super::super::app;"), 1);
    assert_eq!(
        refused("src/view/quiz.rs", "use crate::store::{AttemptRow, Store};"),
        1
    );
    assert_eq!(
        refused("src/view/quiz.rs", "#[path = \"odd.rs\"]\nmod quiz;"),
        1
    );
    assert_eq!(refused("src/novelty/mod.rs", "pub fn new() {}"), 1);
}

#[test]
fn words_in_comments_texts_and_tests_break_nothing() {
    let text = "//! Not `crate::store`.\n// crate::discord\nconst A: &str = \"crate::ci sqlx:: \\\" tokio::\";\n\
                const B: &str = r#\"crate::jobs \"sqlx::\" \"#;\nmod mysqlx {}\n\
                #[cfg(test)]\nmod tests {\n    use crate::store::Store;\n}\n";
    assert_eq!(check(&Source::new("src/domain/words.rs", text)), []);
}

#[test]
fn a_long_file_is_refused() {
    let text = format!("//! Long.\n{}", "fn f() {}\n".repeat(MOST_LINES));
    let told = check(&Source::new("src/domain/long.rs", &text));
    assert_eq!(told.len(), 1);
    assert!(
        told.iter()
            .all(|breach| breach.rule.contains("at most 500 lines"))
    );
}

#[test]
fn groups_in_braces_are_taken_apart_at_every_depth() {
    let code = "use crate::{app::{App, error::{Failure, Refusal as No}}, view::{self, Message}};\nfn f() -> crate::store::Tx {}\n";
    let found: Vec<String> = names(code)
        .into_iter()
        .map(|(line, name)| format!("{line} {name}"))
        .collect();
    assert_eq!(
        found,
        [
            "1 app::App",
            "1 app::error::Failure",
            "1 app::error::Refusal",
            "1 view::Message",
            "1 view::self",
            "2 store::Tx",
        ]
    );
}
