//! Each state that a run can be in has its own answer.

use super::{
    hand_in::{reader, submit},
    settled,
    submit::wait_for,
};
use crate::world::{End, Forge, REPO, reports};

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

#[tokio::test(flavor = "multi_thread")]
async fn how_a_run_ended_without_fault_of_its_member_is_told_and_costs_no_attempt() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let mut seen = Vec::new();
        let ends = [
            End::TimedOut,
            End::NotStarted,
            End::BadFile,
            End::Infrastructure,
        ];
        for (number, end) in (7001..).zip(ends) {
            let Some(link) = forge.add_ended(number, end) else {
                seen.push(format!("{end:?}\n  not told"));
                continue;
            };
            for person in [&anna, &ben] {
                seen.push(format!("{end:?}\n  {}", submit(person, &link).await));
            }
        }
        insta::assert_snapshot!(format!("run_ends_{}", forge.name()), seen.join("\n"));
        let link = forge.add(7100, "success", &reports("01-perfect"));
        let graded = submit(&ben, &link).await;
        assert!(graded.contains("ADVANCED: S"), "{graded}");
        let progress = ben.slash("progress").await.expect("progress").text();
        insta::assert_snapshot!("run_ends_progress", settled(&progress));
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_nobody_took_in_a_day_is_told_from_one_that_hangs() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let going = words(&forge).going;
        let running = if going.contains(&"running") {
            "running"
        } else {
            "in_progress"
        };
        let waits = forge.add(7001, going[0], &[]);
        let hangs = forge.add(7002, running, &[]);
        submit(&anna, &waits).await;
        submit(&ben, &hangs).await;
        let pool = sqlx::PgPool::connect(world.postgres.url()).await;
        let aged = "update submission set recorded_at = recorded_at - interval '25 hours'";
        let aged = sqlx::query(aged)
            .execute(&pool.expect("the database"))
            .await;
        assert_eq!(aged.expect("rows").rows_affected(), 2);
        let seen = [
            wait_for(&anna, "Не удалось").await,
            wait_for(&ben, "could not grade").await,
        ];
        let seen = seen.map(|one| settled(one.text())).join("\n");
        insta::assert_snapshot!("run_states_after_a_day", seen);
        forge.assert_clean();
        world.end(bot).await;
    }
}
