//! `docent check --watch`: a course checked again after every save.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::check::{self, print};
use crate::{
    content::{Diagnostic, Reading},
    files::{Found, find_courses},
    wiring::read_found,
};

/// How often the files are read. A course is some hundred small files, so a look takes a few
/// milliseconds, and reading them needs no watcher that each system and network folder has its own way of.
const LOOK: Duration = Duration::from_millis(150);

/// What the path held at one look: courses, or why there are none.
type Look = Result<Vec<Found>, String>;

/// Checks the courses at a path, and after each save says what has changed, until Ctrl-C.
pub async fn run(path: PathBuf) -> anyhow::Result<()> {
    let mut checked = look(&path);
    let mut known = diagnostics(&checked);
    print(&full(&checked));
    let mut last = checked.clone();
    let ended = super::wait_for_signal();
    tokio::pin!(ended);
    loop {
        tokio::select! {
            () = &mut ended => return Ok(()),
            () = tokio::time::sleep(LOOK) => {}
        }
        let now = look(&path);
        // Editors write a file in steps: a course is judged when two looks have found the same.
        if now == last && now != checked {
            let found = diagnostics(&now);
            let text = difference(&known, &found);
            if now.is_err() || checked.is_err() {
                print(&full(&now));
            } else if !text.is_empty() {
                print(&format!("{text}\n{}", check::totals(&found)));
            }
            (checked, known) = (now.clone(), found);
        }
        last = now;
    }
}

fn look(path: &Path) -> Look {
    find_courses(path).map_err(|error| format!("{error:#}"))
}

fn readings(look: &Look) -> Vec<Reading> {
    look.iter().flatten().map(read_found).collect()
}

fn diagnostics(look: &Look) -> Vec<Diagnostic> {
    readings(look)
        .into_iter()
        .flat_map(|reading| reading.diagnostics)
        .collect()
}

fn full(look: &Look) -> String {
    match look {
        Ok(_) => check::as_text(&readings(look)),
        Err(words) => words.clone(),
    }
}

/// What is new, with `+`, and what is mended, with `-`. A mistake that only moved to another line is neither.
fn difference(before: &[Diagnostic], after: &[Diagnostic]) -> String {
    let mut rest: Vec<&Diagnostic> = before.iter().collect();
    let mut lines = Vec::new();
    for one in after {
        match rest.iter().position(|other| is_same(one, other)) {
            Some(at) => {
                rest.remove(at);
            }
            None => lines.push(format!("+ {one}")),
        }
    }
    let mended = rest.iter().map(|one| {
        format!(
            "- {}[{}] {}: {}",
            one.severity, one.code, one.file, one.message
        )
    });
    mended.chain(lines).collect::<Vec<_>>().join("\n")
}

fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    (a.severity, a.code, &a.file, &a.message) == (b.severity, b.code, &b.file, &b.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Severity;

    fn diagnostic(code: &'static str, line: u32) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            file: "a.md".to_owned(),
            line,
            message: "m".to_owned(),
            fix: "f".to_owned(),
        }
    }

    #[test]
    fn what_only_moved_is_not_told_and_one_of_two_alike_is() {
        let before = [diagnostic("x", 1), diagnostic("x", 2), diagnostic("y", 3)];
        let after = [diagnostic("x", 7), diagnostic("z", 8)];
        assert_eq!(
            difference(&before, &after),
            "- error[x] a.md: m\n- error[y] a.md: m\n+ error[z] a.md:8: m\n  fix: f"
        );
        assert_eq!(difference(&after, &after), "");
    }
}
