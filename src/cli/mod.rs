//! The command line: one file a subcommand.

mod check;
mod doctor;
mod facts;
mod grade;
mod manifest;
mod migrate;
mod new;
#[cfg(feature = "play")]
mod play;
mod regrade;
mod run;
mod sheet;
mod tree;
mod verify;
mod watch;
mod worker;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use crate::{config::Settings, telemetry};

/// A course assistant for Discord: lessons, quizzes, checklists, and practice graded from CI.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try everything on this machine: no Discord account, no token, no database
    #[cfg(feature = "play")]
    Play(PlayArguments),
    /// Be the bot: needs `DISCORD_TOKEN`; with `DATABASE_URL` any number of processes may run
    Run,
    /// Do background jobs only
    Worker,
    /// Bring the database up to date and stop
    Migrate,
    /// Check a course: a folder, or a single Markdown outline
    Check(check::CheckArguments),
    /// Begin something of your own
    #[command(subcommand)]
    New(new::New),
    /// Grade the reports of a CI run from files
    Grade(grade::GradeArguments),
    /// Write the evidence of a grade to a file
    #[command(subcommand)]
    Export(verify::Export),
    /// Work a grade out again from its evidence
    #[command(subcommand)]
    Verify(verify::Verify),
    /// Work stored submissions out again with the rubric as it is now
    Regrade(regrade::RegradeArguments),
    /// Write down the protected files and given tests of a practice's starter
    Manifest(manifest::ManifestArguments),
    /// Check the settings, the course, the database and Discord, and say what is wrong
    Doctor,
}

/// Arguments of `play`.
#[derive(Debug, Default, clap::Args)]
struct PlayArguments {
    /// Port of the page [default: 8787, or any free one when that is taken]
    #[arg(long)]
    port: Option<u16>,
    /// Folder of data that a restart finds again [default: `DOCENT_DATA`, or `data`]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

/// Runs the program; what goes wrong is one sentence on standard error.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the command line's own output")]
fn complain(error: &anyhow::Error) {
    eprintln!("docent: {error:#}");
}

fn dispatch(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = Settings::load()?;
    let command = arguments
        .command
        .unwrap_or_else(|| default_command(&settings));
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a crypto provider was installed before");
    }
    match command {
        Command::Check(arguments) if arguments.watch => {
            in_runtime(succeed(watch::run(arguments.folder(&settings)?)))
        }
        Command::Check(arguments) => check::run(&settings, &arguments),
        Command::New(new::New::Course(arguments)) => new::run(&settings, arguments),
        Command::Grade(arguments) => grade::run(&settings, &arguments),
        Command::Manifest(arguments) => manifest::run(&settings, &arguments),
        #[cfg(feature = "play")]
        Command::Play(arguments) => {
            telemetry::start(&settings, true)?;
            in_runtime(succeed(play::run(settings, arguments)))
        }
        Command::Run => {
            telemetry::start(&settings, false)?;
            in_runtime(succeed(run::run(settings)))
        }
        Command::Worker => {
            telemetry::start(&settings, false)?;
            in_runtime(succeed(worker::run(settings)))
        }
        Command::Migrate => {
            telemetry::start(&settings, true)?;
            in_runtime(succeed(migrate::run(settings)))
        }
        Command::Doctor => in_runtime(succeed(doctor::run(settings))),
        Command::Export(what) => in_runtime(verify::export(settings, what)),
        Command::Verify(what) => in_runtime(verify::check(settings, what)),
        Command::Regrade(arguments) => in_runtime(succeed(regrade::run(settings, arguments))),
    }
}

/// Without a subcommand: the bot when it has a token, else `play`.
fn default_command(settings: &Settings) -> Command {
    #[cfg(feature = "play")]
    if settings.discord_token.is_none() {
        return Command::Play(PlayArguments::default());
    }
    let _ = settings;
    Command::Run
}

fn in_runtime(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

/// What ends well when it ends without an error.
async fn succeed(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    work.await.map(|()| ExitCode::SUCCESS)
}

/// A token that is cancelled by Ctrl-C or by a polite request to end.
fn stop_on_signal(tasks: &tokio_util::task::TaskTracker) -> CancellationToken {
    let stop = CancellationToken::new();
    let trigger = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = wait_for_signal() => trigger.cancel(),
            () = trigger.cancelled() => {}
        }
    });
    stop
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    let _ = tokio::signal::ctrl_c().await;
}
