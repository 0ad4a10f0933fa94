//! Each state that a run can be in has its own answer.

use chrono::{DateTime, TimeDelta, Utc};
use discord_loopback::Actor;
use docent::play::github::{JobSpec, LoopbackGitHub, RunSpec};
use serde_json::json;

use super::{settled, submit::wait_for};
use crate::world::{Bot, Forge, REPO, World, reports};

/// What each forge calls the states that differ.
struct Words {
    going: &'static [&'static str],
    failed: &'static str,
    /// Ended, and nothing was uploaded.
    empty: &'static [&'static str],
}

const fn words(forge: &Forge) -> Words {
    match forge {
        Forge::GitHub(_) => Words {
            going: &["queued", "in_progress"],
            failed: "failure",
            empty: &[
                "success",
                "failure",
                "neutral",
                "cancelled",
                "skipped",
                "timed_out",
                "action_required",
                "stale",
                "startup_failure",
            ],
        },
        Forge::GitLab(_) => Words {
            going: &["created", "pending", "scheduled", "running", "canceling"],
            failed: "failed",
            empty: &["success", "failed", "canceled", "skipped", "manual"],
        },
        Forge::Gitea(_) | Forge::Forgejo(_) => Words {
            going: &["waiting", "blocked", "running"],
            failed: "failure",
            empty: &["success", "failure", "cancelled", "skipped"],
        },
    }
}

async fn submit(person: &Actor, link: &str) -> String {
    let answered = person.slash("submit").opt("link", link).await;
    settled(&answered.expect("an answer to a link").text())
}

async fn reader(forge: &Forge) -> (World, Bot) {
    let settings = forge.settings(true);
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let world = World::with_settings(&settings).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_a_run_has_its_answer_in_both_languages() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let words = words(&forge);
        let mut seen = Vec::new();
        let mut number = 7000;
        for state in words.empty {
            number += 1;
            let link = forge.add(number, state, &[]);
            for person in [&anna, &ben] {
                seen.push(format!(
                    "{state}, no reports\n  {}",
                    submit(person, &link).await
                ));
            }
        }
        let link = forge.add(7100, "success", &reports("01-perfect"));
        forge.expire(7100);
        let missing = link.replace("7100", "7404").replace("6100", "6404");
        for person in [&anna, &ben] {
            seen.push(format!("expired\n  {}", submit(person, &link).await));
            seen.push(format!("no such run\n  {}", submit(person, &missing).await));
        }
        for (number, state) in (7200..).zip(words.going) {
            let link = forge.add(number, state, &[]);
            seen.push(format!("{state}\n  {}", submit(&ben, &link).await));
        }
        let link = forge.add(7300, words.failed, &reports("02-one-failing-test"));
        let failed = submit(&anna, &link).await;
        assert!(failed.contains("ADVANCED: C"), "{failed}");
        insta::assert_snapshot!(format!("run_states_{}", forge.name()), seen.join("\n"));
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_waited_for_ends_in_a_grade_or_in_a_sentence() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let going = words(&forge).going[0];
        let link = forge.add(7001, going, &[]);
        let waiting = submit(&anna, &link).await;
        assert!(waiting.starts_with("Принято"), "{waiting}");
        let link = forge.add(7002, going, &[]);
        submit(&ben, &link).await;
        forge.add(7001, "success", &reports("01-perfect"));
        forge.delete(7002);
        wait_for(&anna, "ADVANCED: S").await;
        let gone = wait_for(&ben, "it was deleted").await;
        assert_eq!(
            settled(gone.text()),
            format!(
                "I could not grade the run of `{REPO}`: The run is no longer on the CI server: it was deleted. \
                 Run the workflow again and hand in the new run."
            )
        );
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_shown_is_told_from_a_run_that_is_not_there() {
    for forge in Forge::all().await {
        let link = forge.add(7001, "success", &reports("01-perfect"));
        if matches!(forge, Forge::GitHub(_)) {
            forge.make_private();
        }
        let elsewhere = link.replace(REPO, "student-ann/not-there");
        let (world, bot) = reader(&forge).await;
        let mut seen = Vec::new();
        for name in ["anna", "ben"] {
            seen.push(submit(&world.person(name), &elsewhere).await);
        }
        assert!(seen[0].starts_with("Репозиторий `student-ann/not-there` мне не виден"));
        assert!(seen[1].starts_with("I cannot see `student-ann/not-there`"));
        let ben = world.person("ben");
        let own = submit(&ben, &link).await;
        if let Forge::GitHub(github) = &forge {
            assert!(own.starts_with("I cannot see `student-ann/practice`"));
            github
                .grant(docent::play::github::TOKEN, REPO)
                .expect("a token");
            assert!(submit(&ben, &link).await.contains("ADVANCED: S"));
        } else {
            assert!(own.contains("ADVANCED: S"), "{own}");
        }
        forge.assert_clean();
        world.end(bot).await;
    }
}

fn started() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().expect("a time")
}

/// An attempt whose jobs are `test`, which uploads the back end's reports, and `front`.
fn attempt(number: u32, artifacts: &[(String, Vec<u8>)]) -> RunSpec {
    let job = |name: &str| JobSpec {
        name: name.to_owned(),
        conclusion: Some("success".to_owned()),
        steps: vec![("Upload the reports".to_owned(), Some("success".to_owned()))],
    };
    RunSpec {
        attempt: number,
        started_at: Some(started() + TimeDelta::hours(i64::from(number))),
        artifacts: artifacts.to_vec(),
        jobs: vec![job("test"), job("front")],
        ..RunSpec::new(REPO, 7001)
    }
}

/// Says that a job of the latest attempt was not run again: it keeps its times.
fn was_not_run_again(github: &LoopbackGitHub, job: &str) {
    for (field, minute) in [("/started_at", 0), ("/completed_at", 2)] {
        let at = started() + TimeDelta::hours(1) + TimeDelta::minutes(minute);
        let at = json!(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        github
            .set_field(7001, Some(job), field, at)
            .expect("a field of a job");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_again_is_graded_by_its_own_reports_and_half_of_one_is_not() {
    let forge = Forge::all().await.remove(0);
    let Forge::GitHub(github) = &forge else {
        panic!("GitHub comes first")
    };
    let (world, bot) = reader(&forge).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let perfect = reports("01-perfect");
    github.add_run(attempt(1, &perfect)).expect("a run");
    github.add_run(attempt(2, &perfect[..1])).expect("a run");
    was_not_run_again(github, "front");
    let link = format!("https://github.com/{REPO}/actions/runs/7001");
    let mut seen = vec![submit(&anna, &link).await, submit(&ben, &link).await];
    github.add_run(attempt(3, &perfect)).expect("a run");
    seen.push(submit(&ben, &link).await);
    let earlier = submit(&ben, &format!("{link}/attempts/1")).await;
    assert!(
        earlier.contains("ADVANCED: S") && !earlier.contains("attempt 1 of the run"),
        "{earlier}"
    );
    insta::assert_snapshot!("run_states_again", seen.join("\n\n"));
    forge.assert_clean();
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_a_fork_is_graded_and_never_counts_as_proved() {
    let forge = Forge::all().await.remove(0);
    let Forge::GitHub(github) = &forge else {
        panic!("GitHub comes first")
    };
    let (world, bot) = reader(&forge).await;
    let link = forge.add(7001, "success", &reports("01-perfect"));
    github
        .set_field(7001, None, "/head_repository/id", json!(4242))
        .expect("a field");
    let graded = submit(&world.person("ben"), &link).await;
    let said = "Preliminary: not everything could be compared (the commit comes from another repository, such as a fork).";
    assert!(graded.contains(said), "{graded}");
    world.end(bot).await;
}
