//! Submissions graded a second by the real program's workers, one and three of them: real jobs in a real Postgres,
//! and a loopback GitHub over HTTP, beside the bare time of fetching and reading the same reports.
//!
//! The figures to watch are the ratios: wall times differ from machine to machine.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark starts its own tasks, fails loudly and prints its figures"
)]

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use discord_loopback::{Loopback, Person};
use docent::{
    app::{
        App,
        evidence::{Upload, gather, to_store},
        finish_submission::{FINISH_SUBMISSION, SubmissionJob},
        submit_run::ReplyTo,
    },
    config::Settings,
    domain::{locale::Locale, trust::Facts},
    play::github::{LoopbackGitHub, Overrides, Recorded, TOKEN},
    store::{Enqueue, NewSubmission, Newcomer, Role},
    wiring::{Database, open_app},
};
use local_postgres::{LocalPostgres, Options};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Submissions of one measurement: GitHub answers 5,000 requests an hour, and so does the loopback one.
const SUBMISSIONS: u64 = 120;
/// Who hands them in; grades of one member are recorded one after the other.
const MEMBERS: u64 = 20;
/// As many as one worker does at a time.
const AT_ONCE: u64 = 4;
/// The first run of the first measurement.
const FIRST_RUN: u64 = 8_000_000_000;

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

/// The name of a member.
fn member(number: u64) -> String {
    format!("member{number}")
}

/// Everything around the workers.
struct Bench {
    discord: Loopback,
    github: LoopbackGitHub,
    postgres: LocalPostgres,
    settings: Vec<(&'static str, String)>,
    app: App,
}

async fn measure() {
    let options = Options {
        database: "docent".to_owned(),
        ..Options::throwaway()
    };
    let postgres = local_postgres::start(options).await.expect("a Postgres");
    let discord = Loopback::builder().guild("Group", |guild| guild.text_channel("general"));
    let discord = (0..MEMBERS)
        .map(member)
        .fold(discord, |discord, name| {
            discord.person(Person::new(&name).locale("ru"))
        })
        .start()
        .await
        .expect("a loopback Discord");
    let github = LoopbackGitHub::start(0).await.expect("a loopback GitHub");
    let values = vec![
        ("DISCORD_TOKEN", discord.bot_token()),
        ("DISCORD_API_URL", discord.api_url()),
        ("DISCORD_GATEWAY_URL", discord.gateway_url()),
        ("DATABASE_URL", postgres.url().to_owned()),
        ("DOCENT_CONNECTIONS", "8".to_owned()),
        ("GITHUB_TOKEN", TOKEN.to_owned()),
        ("GITHUB_API_URL", github.api_url().to_string()),
    ];
    let settings = Settings::from_values(values.clone()).expect("good settings");
    let database = Database::open(&settings).await.expect("the database");
    database.migrate().await.expect("migrations");
    let app = open_app(&settings, database.store.clone()).expect("the course");
    let bench = Bench {
        discord,
        github,
        postgres,
        settings: values,
        app,
    };
    println!(
        "Postgres: {}, {SUBMISSIONS} submissions of 01-perfect by {MEMBERS} members, {AT_ONCE} at once in each worker",
        bench.postgres.engine()
    );
    let bare = bench.read_bare(FIRST_RUN).await;
    let one = bench.grade(FIRST_RUN + SUBMISSIONS, 1).await;
    let three = bench.grade(FIRST_RUN + 2 * SUBMISSIONS, 3).await;
    println!("ratio, three workers to one: {:.2}", three / one);
    println!(
        "ratio, fetching and reading alone to grading: {:.2} with one worker, {:.2} with three",
        bare / one,
        bare / three
    );
    bench.discord.shutdown().await;
    database.close().await;
    bench.postgres.stop().await;
}

impl Bench {
    /// Puts a recorded run into the loopback GitHub under this number.
    fn add_run(&self, run: u64) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/01-perfect");
        let body = |name: &str| {
            let bytes = std::fs::read(folder.join(name)).expect("a recorded body");
            serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")
        };
        let mut zips = Vec::new();
        for entry in std::fs::read_dir(&folder)
            .expect("a recorded run")
            .flatten()
        {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "zip") {
                let stem = path
                    .file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                zips.push((stem, std::fs::read(&path).expect("a zip")));
            }
        }
        let recorded = Recorded {
            run: body("run.json"),
            jobs: body("jobs.json"),
            artifacts: body("artifacts.json"),
            tree: folder
                .join("tree.json")
                .is_file()
                .then(|| body("tree.json")),
            zips,
        };
        let overrides = Overrides {
            run_id: Some(run),
            ..Overrides::default()
        };
        self.github
            .add_recorded(recorded, &overrides)
            .expect("a run");
    }

    fn link(run: u64) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/01-perfect/run.json");
        let body = std::fs::read(folder).expect("a recorded body");
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let repository = body["repository"]["full_name"]
            .as_str()
            .expect("a name")
            .to_owned();
        format!("https://github.com/{repository}/actions/runs/{run}")
    }

    /// Runs fetched and read with the program's own provider and readers, without jobs, grades and database.
    async fn read_bare(&self, first: u64) -> f64 {
        (first..first + SUBMISSIONS).for_each(|run| self.add_run(run));
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for lane in 0..AT_ONCE {
            let app = self.app.clone();
            tasks.spawn(async move {
                for run in (first..first + SUBMISSIONS)
                    .skip(usize::try_from(lane).expect("a lane"))
                    .step_by(4)
                {
                    fetch_and_read(&app, &Self::link(run)).await;
                }
            });
        }
        tasks.join_all().await;
        report("fetching and reading alone", begun.elapsed())
    }

    /// The same runs by jobs and real workers, until the last grade is recorded.
    async fn grade(&self, first: u64, workers: usize) -> f64 {
        (first..first + SUBMISSIONS).for_each(|run| self.add_run(run));
        let pool = self.app.store.pool();
        let count = async |what: &'static str| -> i64 {
            let counted = sqlx::query_scalar(what).fetch_one(pool).await;
            counted.expect("a count")
        };
        let before = count("select count(*) from grade").await;
        let known = "select count(*) from graphile_worker._private_workers";
        let alive = count(known).await;
        let mut crew: Vec<Worker> = (0..workers)
            .map(|_| Worker::start(&self.settings))
            .collect();
        while count(known).await < alive + i64::try_from(workers).expect("a number") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let jobs = self.record(first).await;
        let begun = Instant::now();
        let mut tx = self.app.store.begin().await.expect("a transaction");
        for submission in jobs {
            let job = Enqueue {
                identifier: FINISH_SUBMISSION,
                payload: &SubmissionJob {
                    submission,
                    tries: 0,
                    to: None,
                },
                key: Some(&format!("finish:{submission}")),
                run_at: Utc::now(),
                max_attempts: 8,
            };
            self.app.store.enqueue(&mut tx, job).await.expect("a job");
        }
        self.app.store.commit(tx).await.expect("committed");
        let all = before + i64::try_from(SUBMISSIONS).expect("a number");
        while count("select count(*) from grade").await < all {
            assert!(
                begun.elapsed() < Duration::from_mins(5),
                "the workers grade"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let took = begun.elapsed();
        while count(
            "select count(*) from graphile_worker.jobs where task_identifier like '%\\_grade'",
        )
        .await
            > 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        crew.iter_mut().for_each(Worker::stop);
        report(&format!("graded by {workers} worker(s)"), took)
    }

    /// Submissions that wait for their grade.
    async fn record(&self, first: u64) -> Vec<Uuid> {
        let mut ids = Vec::new();
        for run in first..first + SUBMISSIONS {
            let name = member(run % MEMBERS);
            let who = Newcomer {
                guild_id: 1,
                course_id: &self.app.library.default_course().id,
                discord_id: self.discord.user(&name).id().cast_signed(),
                name: &name,
                role: Role::Learner,
            };
            let reply_to = ReplyTo {
                user_id: who.discord_id,
                channel_id: 1,
                token: "gone".to_owned(),
                token_until: Utc::now() - TimeDelta::hours(1),
                locale: Locale::Ru,
            };
            let link = self.app.ci.parse_link(&Self::link(run)).expect("a link");
            let run = self.app.ci.find_run(&link).await.expect("a run");
            let mut tx = self.app.store.begin().await.expect("a transaction");
            let enrolment = self
                .app
                .store
                .enrol(&mut tx, who)
                .await
                .expect("an enrolment");
            let new = NewSubmission {
                id: Uuid::now_v7(),
                by: enrolment.partner(),
                practice_id: Some("advanced"),
                run: &run,
                reply_to: serde_json::to_value(&reply_to).expect("JSON"),
                at: Utc::now(),
                partners: &[enrolment.partner()],
            };
            ids.push(new.id);
            self.app
                .store
                .record_submission(&mut tx, new)
                .await
                .expect("a submission");
            self.app.store.commit(tx).await.expect("committed");
        }
        ids
    }
}

async fn fetch_and_read(app: &App, link: &str) {
    let link = app.ci.parse_link(link).expect("a link");
    let run = app.ci.find_run(&link).await.expect("a run");
    let practice = app
        .library
        .default_course()
        .find_practice("advanced")
        .expect("a practice");
    app.ci.load_tree(&run).await.expect("a tree");
    let mut uploads = Vec::new();
    for artifact in app.ci.list_artifacts(&run).await.expect("artifacts") {
        let body = app
            .ci
            .download_artifact(&run, &artifact)
            .await
            .expect("an artifact");
        uploads.push(Upload::unpack(&artifact.name, &body).expect("a zip"));
    }
    let evidence = gather(practice, &uploads, Facts::default());
    assert!(!to_store(&evidence).is_empty(), "reports");
}

fn report(what: &str, took: Duration) -> f64 {
    let rate = f64::from(u32::try_from(SUBMISSIONS).unwrap_or(u32::MAX)) / took.as_secs_f64();
    println!("{what:<28} {rate:>8.1}/s");
    rate
}

/// The real program, `docent worker`.
struct Worker(Child);

impl Worker {
    fn start(settings: &[(&'static str, String)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docent"));
        command
            .arg("worker")
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (*name, value)))
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self(command.spawn().expect("the program starts"))
    }

    fn stop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}
