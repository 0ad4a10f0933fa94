//! Without the right to download, a run is answered by its steps: weaker, marked, and never a grade.

use discord_loopback::{Actor, Reply};
use docent::play::github::{JobSpec, RunSpec};

use super::{hand_in::world_of, settled, submit::wait_for};
use crate::world::{Bot, Forge, REPO, World, message, reports};

async fn submit(person: &Actor, link: &str) -> Reply {
    let answered = person.slash("submit").opt("link", link).await;
    answered.expect("an answer to a link")
}

async fn reader(forge: &Forge, own: &[(&'static str, &str)]) -> (World, Bot) {
    let world = world_of(forge, false, own).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

/// A run of two jobs, of which one failed in the named step.
fn failing(step: &str) -> RunSpec {
    let ended = |word: &str| Some(word.to_owned());
    let job = |name: &str, end: &str, steps: &[(&str, &str)]| JobSpec {
        name: name.to_owned(),
        conclusion: ended(end),
        steps: steps
            .iter()
            .map(|(name, end)| ((*name).to_owned(), ended(end)))
            .collect(),
    };
    RunSpec {
        conclusion: ended("failure"),
        artifacts: reports("06-lint-errors"),
        jobs: vec![
            job("test", "success", &[("Run pytest", "success")]),
            job(
                "style",
                "failure",
                &[("Set up job", "success"), (step, "failure")],
            ),
        ],
        ..RunSpec::new(REPO, 7001)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_steps_answer_and_nothing_is_recorded() {
    let forge = Forge::all().await.remove(0);
    let Forge::GitHub(github) = &forge else {
        panic!("GitHub comes first")
    };
    github
        .add_run(failing("@everyone **ruff format** --check"))
        .expect("a run");
    let (world, bot) = reader(&forge, &[]).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let link = format!("https://github.com/{REPO}/actions/runs/7001");
    let told = submit(&anna, &link).await;
    insta::assert_snapshot!("steps_ru_failed", settled(&told.text()));
    let told = submit(&ben, &link).await;
    insta::assert_snapshot!("steps_en_failed", settled(&told.text()));
    assert!(told.ephemeral);
    let progress = ben.slash("progress").await.expect("progress").text();
    assert!(!progress.contains("ADVANCED: **"), "{progress}");
    assert!(
        !forge
            .wire()
            .requests()
            .iter()
            .any(|asked| asked.path.ends_with("/zip") || asked.authorized),
        "no download is tried"
    );
    forge.assert_clean();
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_download_and_a_forge_that_wants_one_lead_to_steps_too() {
    for forge in Forge::all().await {
        let link = forge.add(7001, "success", &reports("01-perfect"));
        let token = if let Forge::GitHub(github) = &forge {
            github.add_token("reader", false);
            vec![("GITHUB_TOKEN", "reader")]
        } else {
            Vec::new()
        };
        let (world, bot) = reader(&forge, &token).await;
        let told = submit(&world.person("ben"), &link).await.text();
        if matches!(forge, Forge::GitLab(_)) {
            assert!(told.contains("ADVANCED: S"), "GitLab needs none: {told}");
        } else {
            let name = format!("steps_en_passed_{}", forge.name());
            insta::assert_snapshot!(name, settled(&told));
        }
        forge.assert_clean();
        world.end(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_waited_for_is_answered_by_its_steps_and_by_what_the_bot_lacks() {
    let reader_token = [("GITHUB_TOKEN", "reader")];
    for (lack, own) in [("token", [].as_slice()), ("permission", &reader_token)] {
        let forge = Forge::all().await.remove(0);
        let Forge::GitHub(github) = &forge else {
            panic!("GitHub comes first")
        };
        github.add_token("reader", false);
        let link = forge.add(7001, "in_progress", &[]);
        let (world, bot) = reader(&forge, own).await;
        let ben = world.person("ben");
        submit(&ben, &link).await;
        github.add_run(failing("Lint with ruff")).expect("a run");
        let told = wait_for(&ben, "By steps only").await;
        assert!(told.text().contains("style · Lint with ruff"));
        let told = settled(told.text());
        insta::assert_snapshot!(format!("steps_en_waited_{lack}"), told);
        let again = submit(&ben, &link).await;
        let again = settled(message(&again).text());
        insta::assert_snapshot!(format!("steps_en_again_{lack}"), again);
        world.end(bot).await;
    }
}
