//! Runs at GitLab, Gitea and Forgejo are handed in as those at GitHub are.

use discord_loopback::Actor;
use docent::play::{
    gitea::{self, ActionsRun, Dialect, LoopbackGitea},
    gitlab::{self, LoopbackGitLab, PipelineSpec},
};

use super::settled;
use crate::world::{Bot, World, samples_folder};

const PROJECT: &str = "study/2026/practice";
const REPO: &str = "ann/practice";
const REPORTS: [&str; 4] = [
    "back-reports",
    "front-reports",
    "e2e-reports",
    "grade-reports",
];

fn archive(sample: &str, name: &str) -> Vec<u8> {
    std::fs::read(samples_folder(sample).join(format!("{name}.zip"))).expect("a zip")
}

fn pipeline(id: u64, sample: &str) -> PipelineSpec {
    REPORTS
        .iter()
        .fold(PipelineSpec::new(PROJECT, id), |spec, name| {
            spec.with_job(name, "success", &archive(sample, name))
        })
}

fn actions(id: u64, index: u64, sample: &str) -> ActionsRun {
    REPORTS
        .iter()
        .fold(ActionsRun::new(REPO, id, index), |run, name| {
            run.with_artifact(name, &archive(sample, name))
        })
}

async fn submit(person: &Actor, link: &str) -> String {
    let answered = person.slash("submit").opt("link", link).await;
    answered.expect("an answer to a link").text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_of_gitlab_is_graded_and_the_links_of_all_hosts_are_named() {
    let forge = LoopbackGitLab::start().await.expect("a loopback GitLab");
    forge.add_pipeline(&pipeline(47, "01-perfect"));
    forge.add_pipeline(&pipeline(48, "06-lint-errors"));
    let api = forge.api_url().to_string();
    let world = World::with_settings(&[
        ("GITLAB_API_URL", &api),
        ("GITLAB_HOST", gitlab::HOST),
        ("GITLAB_TOKEN", gitlab::TOKEN),
    ])
    .await;
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let at = |path: &str| format!("https://{}/{PROJECT}/-/{path}", gitlab::HOST);
    let perfect = submit(&anna, &at("pipelines/47")).await;
    assert!(perfect.contains("ADVANCED: S"), "{perfect}");
    let linted = submit(&ben, &at("pipelines/48/builds")).await;
    insta::assert_snapshot!("forges_gitlab_en", settled(&linted));
    let taken = submit(&ben, &at("pipelines/47")).await;
    insta::assert_snapshot!("forges_gitlab_taken_en", settled(&taken));
    let other = submit(&anna, "https://git.example.net/a/b/-/pipelines/1").await;
    insta::assert_snapshot!("forges_other_host_ru", other);
    forge.add_pipeline(&pipeline(49, "01-perfect"));
    forge.expire_artifacts(PROJECT, 49);
    let expired = submit(&anna, &at("pipelines/49")).await;
    insta::assert_snapshot!("forges_gitlab_expired_ru", expired);
    let missing = submit(&ben, &at("pipelines/404")).await;
    insta::assert_snapshot!("forges_gitlab_missing_en", missing);
    assert_eq!(forge.violations(), [] as [String; 0]);
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_still_going_is_graded_when_it_ends() {
    let forge = LoopbackGitLab::start().await.expect("a loopback GitLab");
    let mut going = PipelineSpec::new(PROJECT, 47);
    "running".clone_into(&mut going.status);
    forge.add_pipeline(&going);
    let api = forge.api_url().to_string();
    let settings = [
        ("GITLAB_API_URL", api.as_str()),
        ("GITLAB_HOST", gitlab::HOST),
        ("GITLAB_TOKEN", gitlab::TOKEN),
    ];
    let world = World::with_settings(&settings).await;
    let bot = Bot::start(&world).await;
    let anna = world.person("anna");
    let link = format!("https://{}/{PROJECT}/-/pipelines/47", gitlab::HOST);
    let waiting = submit(&anna, &link).await;
    insta::assert_snapshot!("forges_gitlab_waiting_ru", settled(&waiting));
    forge.add_pipeline(&pipeline(47, "01-perfect"));
    super::submit::wait_for(&anna, "ADVANCED: S").await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_gitea_and_of_forgejo_is_graded() {
    for (dialect, number) in [(Dialect::Gitea, 7001), (Dialect::Forgejo, 3)] {
        let forge = LoopbackGitea::start(dialect).await.expect("a loopback");
        forge.add_run(actions(7001, 3, "04-missing-downgrade"));
        let api = forge.api_url().to_string();
        let settings = [
            ("GITEA_API_URL", api.as_str()),
            ("GITEA_HOST", gitea::HOST),
            ("GITEA_TOKEN", gitea::TOKEN),
        ];
        let world = World::with_settings(&settings).await;
        let bot = Bot::start(&world).await;
        let link = format!("https://{}/{REPO}/actions/runs/{number}", gitea::HOST);
        let graded = submit(&world.person("ben"), &link).await;
        assert!(graded.contains("ADVANCED: C"), "{dialect:?}: {graded}");
        assert_eq!(forge.violations(), [] as [String; 0]);
        world.end(bot).await;
    }
}
