//! Repositories that let a GitHub App in, and those that do not.

use chrono::TimeDelta;
use discord_loopback::Actor;
use docent::{
    config::Settings,
    play::github::{APP_KEY, LoopbackGitHub, TOKEN},
    wiring::{check_app, check_ci},
};

use super::settled;
use crate::world::{Bot, Sample, World};

const ID: &str = "424242";
const RUN: u64 = 7_100_000_970;
const ANNAS: &str = "student-ann/closed";
const BENS: &str = "student-ben/closed";

/// A perfect run in a private repository.
fn closed_run(github: &LoopbackGitHub, repository: &str, account: u64, run: u64) -> String {
    let mut sample = Sample::read("01-perfect").numbered(run);
    sample.tree = None;
    sample.overrides.repository = Some(repository.to_owned());
    sample.overrides.actor_id = Some(account);
    sample.add_to(github);
    github
        .add_repository(repository, account, true)
        .expect("a repository");
    format!("https://github.com/{repository}/actions/runs/{run}")
}

async fn submit(person: &Actor, link: &str) -> String {
    let answered = person.slash("submit").opt("link", link).await;
    settled(&answered.expect("an answer to a link").text())
}

/// How many requests were answered so.
fn count(github: &LoopbackGitHub, path_end: &str, status: u16) -> usize {
    let fits = |path: &str| path.ends_with(path_end);
    let requests = github.requests();
    requests
        .iter()
        .filter(|request| fits(&request.path) && request.status == status)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_repository_is_graded_where_the_app_is_installed() {
    let own = [
        ("GITHUB_TOKEN", ""),
        ("GITHUB_APP_ID", ID),
        ("GITHUB_APP_PRIVATE_KEY", APP_KEY),
    ];
    let world = World::with_settings(&own).await;
    let github = &world.github;
    github.add_app(ID, "docent-of-our-school");
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let link = closed_run(github, ANNAS, 42, RUN);
    insta::assert_snapshot!("app_ru_not_installed", submit(&anna, &link).await);
    insta::assert_snapshot!("app_en_not_installed", submit(&ben, &link).await);
    github.install_app(ID, &[ANNAS]).expect("an installation");
    let graded = submit(&anna, &link).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    let others = closed_run(github, BENS, 43, RUN + 1);
    let refused = submit(&ben, &others).await;
    assert!(
        refused.contains("docent-of-our-school/installations/new"),
        "another owner's repository stays closed: {refused}"
    );
    assert_eq!(count(github, "/access_tokens", 201), 1, "one token for all");
    github.suspend_app(ID).expect("an App");
    github.advance(TimeDelta::minutes(61));
    let again = closed_run(github, ANNAS, 42, RUN + 2);
    let refused = submit(&anna, &again).await;
    assert!(refused.contains("installations/new"), "{refused}");
    assert_eq!(github.violations(), [] as [String; 0]);
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_had_anew_after_its_hour_and_before_its_end() {
    let own = [("GITHUB_APP_ID", ID), ("GITHUB_APP_PRIVATE_KEY", APP_KEY)];
    let world = World::with_settings(&own).await;
    let github = &world.github;
    github.add_app(ID, "docent");
    let link = closed_run(github, ANNAS, 42, RUN);
    github.install_app(ID, &[ANNAS]).expect("an installation");
    github.set_token_life(TimeDelta::minutes(4));
    let bot = Bot::start(&world).await;
    let anna = world.person("anna");
    let had = || count(github, "/access_tokens", 201);
    let refused = || {
        let requests = github.requests();
        requests.iter().filter(|one| one.status == 401).count()
    };
    let graded = submit(&anna, &link).await;
    assert!(
        graded.contains("ADVANCED: S"),
        "the App goes before GITHUB_TOKEN, which may not see it: {graded}"
    );
    let short = had();
    assert!(short > 3, "one near its end is not used up");
    assert_eq!(refused(), 0);
    github.set_token_life(TimeDelta::hours(1));
    let link = closed_run(github, ANNAS, 42, RUN + 1);
    let graded = submit(&anna, &link).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    assert_eq!((had(), refused()), (short + 1, 0), "one lasts for all");
    github.advance(TimeDelta::minutes(61));
    let link = closed_run(github, ANNAS, 42, RUN + 2);
    let graded = submit(&anna, &link).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    assert_eq!(
        (had(), refused()),
        (short + 2, 1),
        "the old one was refused once, and another was had"
    );
    let public = Sample::read("01-perfect").add_to(github);
    let graded = submit(&world.person("ben"), &public).await;
    assert!(
        graded.contains("ADVANCED: S"),
        "where the App is not, GITHUB_TOKEN is: {graded}"
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_one_installation_stops_no_other() {
    let own = [
        ("GITHUB_TOKEN", ""),
        ("GITHUB_APP_ID", ID),
        ("GITHUB_APP_PRIVATE_KEY", APP_KEY),
    ];
    let world = World::with_settings(&own).await;
    let github = &world.github;
    github.add_app(ID, "docent");
    let links: Vec<String> = (0..3)
        .map(|run| closed_run(github, ANNAS, 42, RUN + run))
        .collect();
    let bens = closed_run(github, BENS, 43, RUN + 9);
    github.install_app(ID, &[ANNAS]).expect("an installation");
    github.install_app(ID, &[BENS]).expect("an installation");
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let graded = submit(&anna, &links[0]).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    github.fail_next(403, &[("retry-after", "3600")]);
    let waits = submit(&anna, &links[1]).await;
    assert!(waits.contains("не спешить"), "{waits}");
    // A new token is of the same account.
    github.advance(TimeDelta::minutes(61));
    let asked = github.requests().len();
    let waits = submit(&anna, &links[2]).await;
    assert!(waits.contains("не спешить"), "{waits}");
    assert_eq!(github.requests().len(), asked, "and nothing is asked");
    let graded = submit(&ben, &bens).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_app_is_told_to_the_operator_with_the_setting() {
    let world = World::new().await;
    world.github.add_app(ID, "docent");
    let settings = |id: &str, key: &str| {
        let own = [("GITHUB_APP_ID", id), ("GITHUB_APP_PRIVATE_KEY", key)];
        let own = own.map(|(name, value)| (name, value.to_owned()));
        Settings::from_values(world.settings().into_iter().chain(own)).expect("settings")
    };
    let right = check_app(&settings(ID, APP_KEY)).await;
    assert_eq!(right.expect("a name").as_deref(), Some("docent"));
    let on_one_line = APP_KEY.trim().replace('\n', "\\n");
    let right = check_app(&settings(ID, &on_one_line)).await;
    assert_eq!(right.expect("a name").as_deref(), Some("docent"));
    let wrong = check_app(&settings("1", APP_KEY)).await;
    let wrong = wrong.expect_err("another App").to_string();
    assert!(wrong.contains("GITHUB_APP_ID"), "{wrong}");
    let garbled = settings(
        ID,
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
    );
    let wrong = check_ci(&garbled).expect_err("no key").to_string();
    assert!(wrong.contains("GITHUB_APP_PRIVATE_KEY"), "{wrong}");
    let known = TOKEN;
    assert!(!wrong.contains(known) && !wrong.contains("AAAA"), "{wrong}");
    let missing = [
        ("GITHUB_APP_ID", ID.to_owned()),
        ("GITHUB_APP_PRIVATE_KEY", "/nowhere/app.pem".to_owned()),
    ];
    let missing = Settings::from_values(missing).expect_err("no file");
    assert!(format!("{missing:#}").contains("GITHUB_APP_PRIVATE_KEY"));
    world.discord.shutdown().await;
    world.postgres.stop().await;
}
