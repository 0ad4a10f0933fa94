//! Webhooks: the end of a run brings its grade at once, and nobody else's word brings anything.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use discord_loopback::Actor;
use docent::{
    app::{
        finish_submission::{FINISH_SUBMISSION, SubmissionJob},
        ports::Clock,
    },
    play::{
        gitea::{self, ActionsRun, Dialect, LoopbackGitea},
        gitlab::{self, LoopbackGitLab, PipelineSpec},
        hooks::{Webhook, hex_hmac},
        wire::Fault,
    },
    store::{Enqueue, Store},
    wiring::SystemClock,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::submit::wait_for;
use crate::world::{Bot, Sample, World, samples_folder};

const RUN: u64 = 7_100_000_950;
const SECRET: &str = "a secret that nobody guesses";
const LISTEN: (&str, &str) = ("HTTP_LISTEN", "127.0.0.1:0");
/// How long a look is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a look at a run takes whose answer is late; shorter than the patience of the bot.
const LONG_LOOK: Duration = Duration::from_secs(8);
const REPORTS: [&str; 4] = [
    "back-reports",
    "front-reports",
    "e2e-reports",
    "grade-reports",
];

/// The one submission that waits, with its next look a minute away.
struct Waiting {
    store: Store,
    submission: Uuid,
}

impl Waiting {
    /// Hands in a run that is still going, and moves the next look at it.
    async fn hand_in(world: &World, person: &Actor, link: &str) -> Self {
        let answered = person.slash("submit").opt("link", link).await;
        answered.expect("an answer");
        let store = Store::connect(world.postgres.url(), 1)
            .await
            .expect("the database");
        let mut tx = store.begin().await.expect("a transaction");
        let now = SystemClock.now();
        let waiting = store
            .list_stranded(&mut tx, now + TimeDelta::hours(1), 10)
            .await
            .expect("submissions");
        let [submission] = waiting[..] else {
            panic!("one submission waits, not {}", waiting.len())
        };
        let key = store
            .find_waiting_job(&mut tx, FINISH_SUBMISSION, submission)
            .await
            .expect("the queue")
            .expect("a job that waits");
        let job = Enqueue {
            identifier: FINISH_SUBMISSION,
            payload: &SubmissionJob {
                submission,
                tries: 5,
                to: None,
            },
            key: Some(&key),
            run_at: now + TimeDelta::minutes(1),
            max_attempts: 8,
        };
        store.enqueue(&mut tx, job).await.expect("a job");
        store.commit(tx).await.expect("a commit");
        Self { store, submission }
    }

    /// Has it looked at now, as if a minute had passed; the look after it is a minute away again.
    async fn look_now(&self) {
        let mut tx = self.store.begin().await.expect("a transaction");
        let key = self
            .store
            .find_waiting_job(&mut tx, FINISH_SUBMISSION, self.submission)
            .await
            .expect("the queue")
            .expect("a job that waits");
        let job = Enqueue {
            identifier: FINISH_SUBMISSION,
            payload: &SubmissionJob {
                submission: self.submission,
                tries: 5,
                to: None,
            },
            key: Some(&key),
            run_at: SystemClock.now(),
            max_attempts: 8,
        };
        self.store.enqueue(&mut tx, job).await.expect("a job");
        self.store.commit(tx).await.expect("a commit");
    }

    /// How many webhooks have woken it.
    async fn woken(&self) -> i64 {
        let mut tx = self.store.begin().await.expect("a transaction");
        let counted = self.store.count_deliveries(&mut tx, self.submission).await;
        counted.expect("a number")
    }
}

/// A webhook of GitHub's, signed as it should be.
fn of_github(bot: &Bot, event: &str, body: &Value) -> Webhook {
    let body = body.to_string().into_bytes();
    let signature = format!("sha256={}", hex_hmac(SECRET, &body));
    let headers = [
        ("x-github-delivery", Uuid::now_v7().to_string()),
        ("x-github-event", event.to_owned()),
        ("x-hub-signature-256", signature),
    ];
    Webhook {
        url: bot.url("/hooks/github"),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
        body,
        status: 0,
    }
}

fn ended(repository: u64, run: u64) -> Value {
    json!({ "action": "completed", "workflow_run": { "id": run }, "repository": { "id": repository } })
}

async fn graded_soon(person: &Actor, since: Instant) {
    wait_for(person, "ADVANCED: S").await;
    let took = since.elapsed();
    assert!(
        took < Duration::from_secs(30),
        "the next look was a minute away, and the grade took {took:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_run_brings_its_grade_whichever_process_hears_of_it() {
    let world = World::new().await;
    let bot = Bot::start_with(&world, &[("DISCORD_SHARDS", "0-0/2")]).await;
    let own = [
        ("DISCORD_SHARDS", "1-1/2"),
        LISTEN,
        ("GITHUB_WEBHOOK_SECRET", SECRET),
    ];
    let hearing = Bot::start_with(&world, &own).await;
    let (github, anna) = (&world.github, world.person("anna"));
    github.send_webhooks(&hearing.url("/hooks/github"), SECRET);
    let link = Sample::read("01-perfect")
        .running()
        .numbered(RUN)
        .add_to(github);
    let waiting = Waiting::hand_in(&world, &anna, &link).await;
    let since = Instant::now();
    github.complete_run(RUN, "success").expect("a run");
    graded_soon(&anna, since).await;
    let sent = github.webhooks();
    let statuses: Vec<u16> = sent.iter().map(|webhook| webhook.status).collect();
    assert_eq!(statuses, [202, 202], "its begin and its end");
    let mut again = sent.last().expect("the end").clone();
    assert_eq!(again.send().await, 202, "a replay is heard");
    for (name, value) in &mut again.headers {
        if name == "x-github-delivery" {
            *value = Uuid::now_v7().to_string();
        }
    }
    assert_eq!(again.send().await, 202, "under another name too");
    assert_eq!(waiting.woken().await, 1, "and does nothing");
    waiting.store.close().await;
    hearing.stop().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_while_the_run_is_being_looked_at_is_not_lost() {
    let world = World::with_settings(&[LISTEN, ("GITHUB_WEBHOOK_SECRET", SECRET)]).await;
    let bot = Bot::start(&world).await;
    let (github, anna) = (&world.github, world.person("anna"));
    let link = Sample::read("01-perfect")
        .running()
        .numbered(RUN)
        .add_to(github);
    let waiting = Waiting::hand_in(&world, &anna, &link).await;
    let asked = github.wire().requests().len();
    github.wire().spoil_next(Fault::Late(LONG_LOOK));
    waiting.look_now().await;
    let begun = Instant::now();
    while github.wire().requests().len() == asked {
        assert!(begun.elapsed() < PATIENCE, "nobody looks at the run");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The answer that the run still goes on is on its way.
    github.send_webhooks(&bot.url("/hooks/github"), SECRET);
    let since = Instant::now();
    github.complete_run(RUN, "success").expect("a run");
    while waiting.woken().await == 0 {
        assert!(since.elapsed() < LONG_LOOK, "it comes during the look");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    graded_soon(&anna, since).await;
    waiting.store.close().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_or_not_of_the_run_wakes_nobody() {
    let world = World::with_settings(&[LISTEN, ("GITHUB_WEBHOOK_SECRET", SECRET)]).await;
    let bot = Bot::start(&world).await;
    let anna = world.person("anna");
    let sample = Sample::read("01-perfect").running().numbered(RUN);
    let repository = &sample.recorded.run["repository"]["id"];
    let repository = repository.as_u64().expect("a number");
    let link = sample.add_to(&world.github);
    let waiting = Waiting::hand_in(&world, &anna, &link).await;
    let right = of_github(&bot, "workflow_run", &ended(repository, RUN));

    let mut wrong = right.clone();
    wrong.headers[2].1 = format!("sha256={}", hex_hmac("another secret", &wrong.body));
    assert_eq!(wrong.send().await, 401, "a signature with another secret");
    wrong.headers.remove(2);
    assert_eq!(wrong.send().await, 401, "no signature");
    let mut changed = right.clone();
    changed.body.push(b' ');
    assert_eq!(changed.send().await, 401, "a body that was changed");

    let told = |event: &'static str, body: Value| of_github(&bot, event, &body);
    let unknown = told("workflow_run", ended(repository, RUN + 1));
    assert_eq!(unknown.send().await, 202, "a run that nobody handed in");
    let foreign = told("workflow_run", ended(repository + 1, RUN));
    assert_eq!(foreign.send().await, 202, "a run of a foreign repository");
    let ping = told("ping", json!({ "zen": "Keep it logically awesome." }));
    assert_eq!(ping.send().await, 202, "a ping");
    let push = told("push", json!({ "ref": "refs/heads/main" }));
    assert_eq!(push.send().await, 202, "another event");
    let odd = told("workflow_run", json!([1, 2, 3]));
    assert_eq!(odd.send().await, 400, "no run in it");
    let deep = Webhook {
        body: vec![b'['; 200_000],
        ..right.clone()
    };
    assert_eq!(deep.send().await, 401, "depth that is not signed");
    let huge = Webhook {
        body: vec![b' '; 5 * 1024 * 1024],
        ..right.clone()
    };
    let refused = huge.send().await;
    assert!(matches!(refused, 413 | 0), "a huge body: {refused}");
    let elsewhere = Webhook {
        url: bot.url("/hooks/gitlab"),
        ..right.clone()
    };
    assert_eq!(elsewhere.send().await, 404, "a forge without a secret here");
    let got = reqwest::get(right.url.clone()).await.expect("an answer");
    assert_eq!(got.status(), 405, "GET");
    assert_eq!(waiting.woken().await, 0, "none of these did anything");

    assert_eq!(right.send().await, 202);
    assert_eq!(right.send().await, 202, "a replay");
    assert_eq!(waiting.woken().await, 1);
    let early = anna.slash("submit").opt("link", link.as_str()).await;
    let early = early.expect("an answer").text();
    assert!(
        !early.contains("ADVANCED: S"),
        "the webhook's word is not believed, the run still goes on: {early}"
    );
    world.github.complete_run(RUN, "success").expect("a run");
    wait_for(&anna, "ADVANCED: S").await;
    waiting.store.close().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gitlab_is_heard_with_its_token_and_with_its_signature() {
    let signing = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
    for secret in [SECRET, signing] {
        let forge = LoopbackGitLab::start().await.expect("a loopback GitLab");
        let project = "study/2026/practice";
        let mut going = PipelineSpec::new(project, 47);
        "running".clone_into(&mut going.status);
        forge.add_pipeline(&going);
        let api = forge.api_url().to_string();
        let world = World::with_settings(&[
            ("GITLAB_API_URL", &api),
            ("GITLAB_HOST", gitlab::HOST),
            ("GITLAB_TOKEN", gitlab::TOKEN),
            ("GITLAB_WEBHOOK_SECRET", secret),
            LISTEN,
        ])
        .await;
        let bot = Bot::start(&world).await;
        forge.send_webhooks(&bot.url("/hooks/gitlab"), secret);
        let anna = world.person("anna");
        let link = format!("https://{}/{project}/-/pipelines/47", gitlab::HOST);
        let waiting = Waiting::hand_in(&world, &anna, &link).await;
        forge.add_pipeline(&going);
        let since = Instant::now();
        forge.add_pipeline(
            &REPORTS
                .iter()
                .fold(PipelineSpec::new(project, 47), |spec, name| {
                    spec.with_job(name, "success", &archive(name))
                }),
        );
        graded_soon(&anna, since).await;
        assert_eq!(waiting.woken().await, 1, "that it goes on wakes nobody");
        let mut wrong = forge.webhooks().pop().expect("the end");
        for (name, value) in &mut wrong.headers {
            if name == "x-gitlab-token" || name == "webhook-signature" {
                value.push('x');
            }
        }
        assert_eq!(wrong.send().await, 401);
        waiting.store.close().await;
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gitea_and_forgejo_are_heard() {
    for (dialect, number) in [(Dialect::Gitea, 7001), (Dialect::Forgejo, 3)] {
        let forge = LoopbackGitea::start(dialect).await.expect("a loopback");
        let repository = "ann/practice";
        let mut going = ActionsRun::new(repository, 7001, 3);
        "running".clone_into(&mut going.status);
        forge.add_run(going);
        let api = forge.api_url().to_string();
        let world = World::with_settings(&[
            ("GITEA_API_URL", &api),
            ("GITEA_HOST", gitea::HOST),
            ("GITEA_TOKEN", gitea::TOKEN),
            ("GITEA_WEBHOOK_SECRET", SECRET),
            LISTEN,
        ])
        .await;
        let bot = Bot::start(&world).await;
        forge.send_webhooks(&bot.url("/hooks/gitea"), SECRET);
        let ben = world.person("ben");
        let link = format!("https://{}/{repository}/actions/runs/{number}", gitea::HOST);
        let waiting = Waiting::hand_in(&world, &ben, &link).await;
        let since = Instant::now();
        let run = ActionsRun::new(repository, 7001, 3);
        forge.add_run(
            REPORTS
                .iter()
                .fold(run, |run, name| run.with_artifact(name, &archive(name))),
        );
        graded_soon(&ben, since).await;
        waiting.store.close().await;
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_well_while_its_database_is() {
    let world = World::with_settings(&[LISTEN]).await;
    let bot = Bot::start(&world).await;
    let health = bot.url("/healthz");
    let answered = reqwest::get(health.clone()).await.expect("an answer");
    assert_eq!(answered.status(), 200);
    assert_eq!(answered.text().await.expect("a text"), "ok\n");
    let hooks = reqwest::Client::new().post(bot.url("/hooks/github"));
    let answered = hooks.body("{}").send().await.expect("an answer");
    assert_eq!(answered.status(), 404, "no webhook has a secret");
    world.postgres.stop().await;
    let answered = reqwest::get(health).await.expect("an answer");
    assert_eq!(answered.status(), 503);
    drop(bot);
    world.discord.shutdown().await;
}

fn archive(name: &str) -> Vec<u8> {
    let folder = samples_folder("01-perfect");
    std::fs::read(folder.join(format!("{name}.zip"))).expect("a zip")
}
