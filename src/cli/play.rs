//! `docent play`: everything on this machine.

use std::process::Stdio;

use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::PlayArguments;
use crate::{cli::stop_on_signal, config::Settings, play::Play};

/// Starts the play, says where it is, and runs until it is asked to stop.
pub async fn run(mut settings: Settings, arguments: PlayArguments) -> anyhow::Result<()> {
    if let Some(data) = arguments.data {
        settings.data = data;
    }
    let tasks = TaskTracker::new();
    let stop = stop_on_signal(&tasks);
    say("Docent is getting ready…");
    let (ready, mut is_ready) = watch::channel(false);
    let play = Play::open(&settings, arguments.port).await?;
    let page = play.page_url();
    let engine = play.engine();
    let greeter = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = greeter.cancelled() => {}
            found = is_ready.wait_for(|ready| *ready) => {
                if found.is_ok() {
                    greet(&page, &engine);
                    if arguments.open {
                        open_browser(&page);
                    }
                }
            }
        }
    });
    let ended = play.run(ready, stop).await;
    say("Docent has stopped; your data is kept.");
    ended
}

fn greet(page: &str, engine: &str) {
    say(&format!(
        "Docent is ready: {page}\n  Try: 1. /lesson  2. /quiz  3. /submit with a link from #ci-runs   (Postgres: {engine}; Ctrl-C stops)"
    ));
}

/// Opens the page; where no browser can be started, the address is on the screen anyway.
fn open_browser(page: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(opener)
        .arg(page)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        say(&format!("No browser could be opened: go to {page}"));
    }
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn say(line: &str) {
    println!("{line}");
}
