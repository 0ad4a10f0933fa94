//! Linking an account at GitHub by typing a code there.

use chrono::TimeDelta;
use discord_loopback::Actor;
use docent::store::Store;

use serde_json::json;

use super::{link, submit::wait_for};
use crate::world::{Bot, Forge, REPO, Sample, World};

const CLIENT: &str = "Iv23liLoopback";
const ANNAS_ACCOUNT: (u64, &str) = (42, "student-ann");

/// A world whose members agree at GitHub; its bot asks every second.
async fn world_with_codes() -> (World, Bot) {
    let world = World::with_settings(&[("GITHUB_CLIENT_ID", CLIENT)]).await;
    world.github.enable_device_flow(CLIENT, 1);
    let web = world.github.api_url().to_string();
    let bot = Bot::start_with(&world, &[("GITHUB_WEB_URL", &web)]).await;
    (world, bot)
}

/// Asks for a code; tells it, and what was shown.
async fn ask(person: &Actor) -> (String, String) {
    let text = person.slash("link").await.expect("an answer").text();
    let pattern = regex::Regex::new("[0-9A-F]{4}-[0-9A-F]{4}").expect("a pattern");
    let code = pattern.find(&text).expect("a code").as_str().to_owned();
    let shown = text.replace(&code, "CODE");
    (code, shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_agrees_and_the_account_is_theirs_alone() {
    let (world, bot) = world_with_codes().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (code, shown) = ask(&anna).await;
    insta::assert_snapshot!("consent_ru_asked", shown);
    assert_eq!(ask(&anna).await.0, code, "the code stays the same");
    world.github.slow_down();
    world
        .github
        .type_code(&code, Some(ANNAS_ACCOUNT))
        .expect("the code");
    let told = wait_for(&anna, "Готово").await;
    assert!(told.ephemeral);
    insta::assert_snapshot!("consent_ru_linked", told.text());
    let (code, shown) = ask(&ben).await;
    insta::assert_snapshot!("consent_en_asked", shown);
    world
        .github
        .type_code(&code, Some(ANNAS_ACCOUNT))
        .expect("the code");
    let told = wait_for(&ben, "another member").await;
    insta::assert_snapshot!("consent_en_taken", told.text());
    let run = Sample::read("01-perfect").add_to(&world.github);
    let refused = ben.slash("submit").opt("link", run.as_str()).await;
    let refused = refused.expect("an answer").text();
    assert!(
        refused.contains("student-ann"),
        "a run of Anna's account is Anna's: {refused}"
    );
    let (_, shown) = ask(&anna).await;
    assert!(shown.contains("Сейчас привязан: student-ann"), "{shown}");
    let posts = world.github.requests();
    let asked = posts.iter().filter(|one| one.path == "/user").count();
    assert_eq!(asked, 2, "each token was asked once whose it is");
    assert_eq!(world.github.violations(), [] as [String; 0], "no haste");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_and_a_code_that_runs_out_link_nothing() {
    let (world, bot) = world_with_codes().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (code, _) = ask(&anna).await;
    world.github.type_code(&code, None).expect("the code");
    let told = wait_for(&anna, "Ничего не привязано").await;
    insta::assert_snapshot!("consent_ru_refused", told.text());
    ask(&ben).await;
    world.github.advance(TimeDelta::minutes(16));
    let told = wait_for(&ben, "Nothing was linked").await;
    insta::assert_snapshot!("consent_en_expired", told.text());
    let (again, shown) = ask(&anna).await;
    assert_ne!(again, code, "a new one");
    assert!(!shown.contains("привязан:"), "{shown}");
    let store = Store::connect(world.postgres.url(), 1)
        .await
        .expect("the database");
    let mut tx = store.begin().await.expect("a transaction");
    let left = store.count_device_links(&mut tx).await.expect("a number");
    assert_eq!(left, 1, "of the codes that ended none is kept");
    drop(tx);
    store.close().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_forges_each_is_named_and_the_member_chooses_one() {
    let mut forges = Forge::all().await;
    let (gitlab, gitea) = (forges.remove(1), forges.remove(1));
    let settings = [gitlab.settings(true), gitea.settings(true)].concat();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let world = World::with_settings(&settings).await;
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (_, shown) = link::ask(&anna).await;
    insta::assert_snapshot!("link_ru_several", shown);
    let (branch, shown) = link::ask(&ben).await;
    insta::assert_snapshot!("link_en_several", shown);
    let run = gitlab.add(7001, "success", &[]);
    let Forge::GitLab(loopback) = &gitlab else {
        panic!("GitLab comes second")
    };
    loopback.set_fields(REPO, 7001, None, json!({ "ref": branch }));
    let linked = ben.slash("link").opt("run", run.as_str()).await;
    insta::assert_snapshot!("link_en_chosen", linked.expect("an answer").text());
    bot.stop().await;

    world.github.enable_device_flow(CLIENT, 1);
    let web = world.github.api_url().to_string();
    let own = [("GITHUB_CLIENT_ID", CLIENT), ("GITHUB_WEB_URL", &*web)];
    let bot = Bot::start_with(&world, &own).await;
    let told = |text: String, branch: &str| {
        let pattern = regex::Regex::new("[0-9A-F]{4}-[0-9A-F]{4}").expect("a pattern");
        pattern
            .replace(&text.replace(branch, "BRANCH"), "CODE")
            .replace(&web, "https://github.com/")
    };
    for (person, name) in [(&anna, "consent_ru_several"), (&ben, "consent_en_several")] {
        let (branch, _) = link::ask(person).await;
        let text = person.slash("link").await.expect("an answer").text();
        insta::assert_snapshot!(name, told(text, &branch));
    }
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_github_gives_no_code_the_branch_does() {
    let world = World::with_settings(&[("GITHUB_CLIENT_ID", "unknown")]).await;
    let web = world.github.api_url().to_string();
    let bot = Bot::start_with(&world, &[("GITHUB_WEB_URL", &web)]).await;
    let text = world.person("ben").slash("link").await.expect("an answer");
    assert!(text.text().contains("docent-"), "{}", text.text());
    world.end(bot).await;
}
