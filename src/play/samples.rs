//! Sample runs to hand in: real reports of real tools.

use std::time::Duration;

use include_dir::{Dir, include_dir};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::github::{LoopbackError, LoopbackGitHub, Overrides, Recorded};

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples");

/// How long the run takes that is still going.
const RUNNING: Duration = Duration::from_secs(20);
/// The repository of the sample runs.
const REPOSITORY: &str = "student-ann/alembic-practice";

/// A sample run and what it shows.
struct Sample {
    folder: &'static str,
    english: &'static str,
    russian: &'static str,
}

const SAMPLES_SHOWN: [Sample; 7] = [
    Sample {
        folder: "01-perfect",
        english: "everything green",
        russian: "всё зелёное",
    },
    Sample {
        folder: "02-one-failing-test",
        english: "one test fails",
        russian: "падает один тест",
    },
    Sample {
        folder: "04-missing-downgrade",
        english: "no downgrade",
        russian: "нет downgrade",
    },
    Sample {
        folder: "06-lint-errors",
        english: "untidy code",
        russian: "неопрятный код",
    },
    Sample {
        folder: "08-e2e-failing",
        english: "browser tests fail",
        russian: "падают тесты в браузере",
    },
    Sample {
        folder: "12-flaky-retried",
        english: "green only on a retry",
        russian: "зелёное только с повтора",
    },
    Sample {
        folder: "16-no-tests-ran",
        english: "no test ran",
        russian: "ни один тест не запустился",
    },
];

/// The run that is still going when it is handed in: the perfect one, under another number.
const STILL_RUNNING: u64 = 7_000_000_900;

/// Loads every sample into the loopback GitHub.
///
/// # Errors
/// When a sample is not what GitHub gives.
pub fn load(github: &LoopbackGitHub) -> Result<(), LoopbackError> {
    for sample in &SAMPLES_SHOWN {
        github.add_recorded(recorded(sample.folder), &Overrides::default())?;
    }
    let mut running = recorded("01-perfect");
    if let Some(run) = running.run.as_object_mut() {
        run.insert("status".to_owned(), "in_progress".into());
        run.insert("conclusion".to_owned(), Value::Null);
    }
    github.add_recorded(
        running,
        &Overrides {
            run_id: Some(STILL_RUNNING),
            ..Overrides::default()
        },
    )?;
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

/// The message that shows the samples.
pub fn message() -> String {
    let mut lines =
        vec!["Примеры запусков: `/сдать ссылка:…` · Sample runs: `/submit link:…`".to_owned()];
    for sample in &SAMPLES_SHOWN {
        let sample_run = recorded(sample.folder).run;
        let link = sample_run
            .get("html_url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        lines.push(format!("- {} · {}\n{link}", sample.english, sample.russian));
    }
    lines.push(format!(
        "- still going · ещё идёт\nhttps://github.com/{REPOSITORY}/actions/runs/{STILL_RUNNING}"
    ));
    lines.join("\n")
}

fn recorded(folder: &str) -> Recorded {
    let body = |name: &str| -> Value {
        let file = SAMPLES.get_file(format!("{folder}/{name}.json"));
        file.and_then(|file| serde_json::from_slice(file.contents()).ok())
            .unwrap_or_default()
    };
    Recorded {
        run: body("run"),
        jobs: body("jobs"),
        artifacts: body("artifacts"),
        tree: Some(body("tree")).filter(|tree| !tree.is_null()),
        zips: zips(folder),
    }
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
