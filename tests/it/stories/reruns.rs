//! Runs that are started again, in whole or in part, and runs of forks: at every forge.

use super::{
    hand_in::{reader, submit},
    settled,
    submit::wait_for,
};
use crate::world::{Forge, REPO};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_again_is_graded_by_its_own_reports_and_half_of_one_is_not() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let link = forge.add_first(7001, "01-perfect");
        forge.run_half_again(7001, 2, "01-perfect");
        let mut seen = vec![submit(&anna, &link).await, submit(&ben, &link).await];
        forge.run_again(7001, 3, "02-one-failing-test");
        seen.push(submit(&ben, &link).await);
        insta::assert_snapshot!(format!("run_again_{}", forge.name()), seen.join("\n\n"));
        let graded = seen.pop().expect("a grade");
        assert!(graded.contains("ADVANCED: C"), "{graded}");
        let again = submit(&ben, &link).await;
        assert!(
            again.starts_with("You handed in this run before"),
            "{again}"
        );
        let taken = submit(&anna, &link).await;
        assert!(
            taken.starts_with("Этот запуск уже сдал другой участник"),
            "{taken}"
        );
        forge.run_again(7001, 4, "01-perfect");
        let better = submit(&ben, &link).await;
        assert!(better.contains("ADVANCED: S"), "{better}");
        assert!(better.contains("This is attempt 4 of the run"), "{better}");
        if let Forge::GitHub(_) = &forge {
            let earlier = submit(&ben, &format!("{link}/attempts/1")).await;
            assert!(
                earlier.contains("ADVANCED: S") && !earlier.contains("attempt 1 of the run"),
                "{earlier}"
            );
        }
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_started_again_while_it_is_waited_for_is_handed_in_once_more() {
    for forge in Forge::all().await.into_iter().skip(1) {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        for (number, person) in [(7001, &anna), (7002, &ben)] {
            let link = forge.add(number, "running", &[]);
            submit(person, &link).await;
            forge.add_first(number, "01-perfect");
            forge.run_again(number, 2, "02-one-failing-test");
        }
        let seen = [
            wait_for(&anna, "Не удалось").await,
            wait_for(&ben, "could not grade").await,
        ];
        let seen = seen.map(|one| settled(one.text())).join("\n");
        insta::assert_snapshot!("run_again_while_waited_for", seen);
        let link = forge.add_first(7003, "01-perfect").replace("7003", "7002");
        let link = link.replace("6003", "6002");
        let graded = submit(&ben, &link).await;
        assert!(
            graded.contains("ADVANCED: C") && graded.contains("attempt 2 of the run"),
            "{graded}"
        );
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_gitlabs_own_machines_failed_is_run_again_within_the_attempt() {
    let forge = Forge::all().await.remove(1);
    let Forge::GitLab(gitlab) = &forge else {
        panic!("GitLab comes second")
    };
    let (world, bot) = reader(&forge).await;
    let ben = world.person("ben");
    let link = forge.add_first(7001, "01-perfect");
    let failed = serde_json::json!({
        "status": "failed", "failure_reason": "runner_system_failure", "artifacts_file": null,
        "artifacts": [], "artifacts_expire_at": null,
    });
    gitlab.set_fields(REPO, 7001, Some("back-reports"), failed);
    gitlab.set_fields(REPO, 7001, None, serde_json::json!({ "status": "failed" }));
    let told = submit(&ben, &link).await;
    assert!(told.starts_with("A fault of the CI server"), "{told}");
    forge.run_half_again(7001, 1, "01-perfect");
    gitlab.set_fields(REPO, 7001, None, serde_json::json!({ "status": "success" }));
    let graded = submit(&ben, &link).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    assert!(!graded.contains("of the run: only"), "{graded}");
    assert!(graded.contains("Run 7001, attempt 1,"), "{graded}");
    forge.assert_clean();
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_a_fork_is_graded_and_never_counts_as_proved() {
    for forge in Forge::all().await {
        let (world, bot) = reader(&forge).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let verdict = |graded: String| {
            let line = graded.lines().find(|line| line.contains("ℹ️"));
            line.unwrap_or_else(|| panic!("no verdict: {graded}"))
                .to_owned()
        };
        let mut seen = Vec::new();
        for (number, person, sample, of_fork) in [
            (7001, &anna, "02-one-failing-test", true),
            (7002, &ben, "01-perfect", true),
            (7003, &ben, "01-perfect", false),
        ] {
            let link = forge.add_of_request(number, sample, of_fork);
            let whose = if of_fork { "of a fork" } else { "of its own" };
            seen.push(format!(
                "{whose}\n  {}",
                verdict(submit(person, &link).await)
            ));
        }
        insta::assert_snapshot!("run_of_a_fork", seen.join("\n"));
        forge.assert_clean();
        world.end(bot).await;
    }
}
