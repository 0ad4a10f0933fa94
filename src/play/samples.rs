//! Sample runs to hand in: real reports of real tools.

use std::time::Duration;

use include_dir::{Dir, include_dir};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::domain::course::Course;

use super::github::{LoopbackError, LoopbackGitHub, Overrides, Recorded};

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples");

/// How long the run takes that is still going.
const RUNNING: Duration = Duration::from_secs(20);
/// The repository of the sample runs.
const REPOSITORY: &str = "student-ann/alembic-practice";

/// The course whose practices they hand in.
const COURSE: &str = "alembic";
/// What stands in their place in another course.
const NONE: &str = "Примеры запусков есть только у курса, который идёт с Docent. Отчёты своей практики проверьте командой \
                    `docent grade`. · Only the course that comes with Docent has sample runs. Try the reports of your own \
                    practice with `docent grade`.";

/// A sample run and what it shows.
struct Sample {
    folder: &'static str,
    practice: String,
    english: String,
    russian: String,
}

/// Every folder of samples, by name; its `sample.json` says what it shows.
fn shown() -> impl Iterator<Item = Sample> {
    let mut folders: Vec<&str> = SAMPLES
        .dirs()
        .filter_map(|dir| dir.path().to_str())
        .collect();
    folders.sort_unstable();
    folders.into_iter().map(|folder| {
        let about = body(folder, "sample");
        let word = |place: &str| {
            let text = about.pointer(place).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Sample {
            folder,
            practice: word("/practice").to_uppercase(),
            english: word("/title/en"),
            russian: word("/title/ru"),
        }
    })
}

/// The sample that the run still going is like.
const PERFECT: &str = "01-perfect";

/// The run that is still going when it is handed in: the perfect one, under another number.
const STILL_RUNNING: u64 = 7_000_000_900;

/// Loads every sample into the loopback GitHub.
///
/// # Errors
/// When a sample is not what GitHub gives.
pub fn load(github: &LoopbackGitHub) -> Result<(), LoopbackError> {
    for sample in shown() {
        let run = github.add_recorded(recorded(sample.folder), &Overrides::default())?;
        annotate(github, run, sample.folder)?;
        github.add_tree(REPOSITORY, body(sample.folder, "tree"))?;
    }
    let mut running = recorded(PERFECT);
    if let Some(run) = running.run.as_object_mut() {
        run.insert("status".to_owned(), "in_progress".into());
        run.insert("conclusion".to_owned(), Value::Null);
    }
    let run = github.add_recorded(
        running,
        &Overrides {
            run_id: Some(STILL_RUNNING),
            ..Overrides::default()
        },
    )?;
    annotate(github, run, PERFECT)
}

/// What the jobs of a sample have written down.
fn annotate(github: &LoopbackGitHub, run: u64, folder: &str) -> Result<(), LoopbackError> {
    let written = body(folder, "annotations");
    for one in written.as_array().into_iter().flatten() {
        let word = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        github.annotate(run, word("job"), word("title"), word("message"))?;
    }
    Ok(())
}

/// Completes the run that is still going, a while after it was first asked for.
pub async fn finish_running(github: &LoopbackGitHub, stop: CancellationToken) {
    let wanted = format!("/runs/{STILL_RUNNING}");
    let finish = async {
        while !github
            .requests()
            .iter()
            .any(|request| request.path.contains(&wanted))
        {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tokio::time::sleep(RUNNING).await;
        if let Err(error) = github.complete_run(STILL_RUNNING, "success") {
            tracing::error!(%error, "the sample run could not be completed");
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = finish => {}
    }
}

/// The message that shows the samples, or says that a course has none.
pub fn message(course: &Course) -> String {
    if course.id != COURSE {
        return NONE.to_owned();
    }
    let mut lines =
        vec!["Примеры запусков: `/сдать ссылка:…` · Sample runs: `/submit link:…`".to_owned()];
    for sample in shown() {
        let sample_run = recorded(sample.folder).run;
        let link = sample_run
            .get("html_url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        lines.push(format!(
            "- {}: {} · {}\n{link}",
            sample.practice, sample.english, sample.russian
        ));
    }
    lines.push(format!(
        "- still going · ещё идёт\nhttps://github.com/{REPOSITORY}/actions/runs/{STILL_RUNNING}"
    ));
    lines.join("\n")
}

fn recorded(folder: &str) -> Recorded {
    Recorded {
        run: body(folder, "run"),
        jobs: body(folder, "jobs"),
        artifacts: body(folder, "artifacts"),
        tree: Some(body(folder, "tree")).filter(|tree| !tree.is_null()),
        zips: zips(folder),
    }
}

fn body(folder: &str, name: &str) -> Value {
    let file = SAMPLES.get_file(format!("{folder}/{name}.json"));
    file.and_then(|file| serde_json::from_slice(file.contents()).ok())
        .unwrap_or_default()
}

fn zips(folder: &str) -> Vec<(String, Vec<u8>)> {
    let files = SAMPLES
        .get_dir(folder)
        .map(Dir::files)
        .into_iter()
        .flatten();
    files
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".zip")?;
            Some((name.to_owned(), file.contents().to_vec()))
        })
        .collect()
}
