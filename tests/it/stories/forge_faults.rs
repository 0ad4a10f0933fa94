//! Whatever a forge does wrong, the member hears one sentence, and no token leaves the forge.

use std::time::Duration;

use docent::play::{github::LoopbackGitHub, wire::Fault};

use super::{hand_in::submit, submit::wait_for};
use crate::world::{Bot, Forge, World, reports};

fn faults(elsewhere: &str) -> Vec<(&'static str, Fault)> {
    let limit = [
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "4102444800"),
    ];
    vec![
        ("401", Fault::status(401, &[])),
        ("403", Fault::status(403, &[])),
        ("403, the limit is spent", Fault::status(403, &limit)),
        (
            "403, a secondary limit",
            Fault::status(403, &[("retry-after", "60")]),
        ),
        ("404", Fault::status(404, &[])),
        ("410", Fault::status(410, &[])),
        ("429", Fault::status(429, &[("retry-after", "60")])),
        ("500", Fault::status(500, &[])),
        ("503", Fault::status(503, &[])),
        ("slow", Fault::Slow(Duration::from_secs(3))),
        ("cut off", Fault::CutOff),
        ("a redirect loop", Fault::RedirectLoop),
        (
            "a redirect to another host",
            Fault::Redirect(elsewhere.to_owned()),
        ),
        (
            "a redirect inside",
            Fault::Redirect("http://169.254.169.254/latest".to_owned()),
        ),
        ("a page for people", Fault::Page),
        ("truncated", Fault::Truncated),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_forge_has_its_sentence_and_records_nothing() {
    let elsewhere = LoopbackGitHub::start(0).await.expect("another host");
    for forge in Forge::all().await {
        let link = forge.add(7001, "success", &reports("01-perfect"));
        let world = World::new().await;
        let bot = Bot::start_reading(&world, &[], forge.provider()).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let mut seen = Vec::new();
        for (name, fault) in faults(elsewhere.api_url().as_str()) {
            forge.wire().spoil("", fault);
            for person in [&anna, &ben] {
                seen.push(format!("{name}\n  {}", submit(person, &link).await));
            }
            assert!(forge.wire().mend() > 0, "{name} hits nothing");
        }
        insta::assert_snapshot!(format!("forge_faults_{}", forge.name()), seen.join("\n"));
        let graded = submit(&anna, &link).await;
        assert!(graded.contains("ADVANCED: S"), "{graded}");
        forge.assert_clean();
        world.end(bot).await;
    }
    assert_eq!(elsewhere.requests(), [], "the other host is never asked");
}

/// Where a download can go wrong: its name, and a part of its path.
const fn places(forge: &Forge) -> &'static [(&'static str, &'static str)] {
    match forge {
        Forge::GitHub(_) => &[("redirect", "/zip"), ("storage", "/blobs/")],
        Forge::GitLab(_) => &[("api", "/artifacts")],
        Forge::Gitea(_) | Forge::Forgejo(_) => &[("api", "/zip")],
    }
}

/// A redirect has no body that could be cut.
fn can_be(fault: &Fault, place: &str) -> bool {
    place != "redirect" || !matches!(fault, Fault::CutOff | Fault::Truncated)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_a_download_is_told_or_waited_out() {
    let elsewhere = LoopbackGitHub::start(0).await.expect("another host");
    for forge in Forge::all().await {
        let world = World::new().await;
        let bot = Bot::start_reading(&world, &[], forge.provider()).await;
        let ben = world.person("ben");
        // What comes whole at the second try is graded at once.
        let (_, path) = places(&forge).last().expect("a place");
        let link = forge.add(7000, "success", &reports("01-perfect"));
        forge.wire().spoil_once(path, Fault::Truncated);
        let said = submit(&world.person("anna"), &link).await;
        assert!(said.contains("ADVANCED: S"), "{said}");
        assert_eq!(forge.wire().mend(), 1, "one answer is cut");
        let mut numbers = 7001..;
        for (place, path) in places(&forge) {
            let mut seen = Vec::new();
            let faults = faults(elsewhere.api_url().as_str());
            for (name, fault) in faults.into_iter().filter(|(_, one)| can_be(one, place)) {
                let number = numbers.next().expect("a number");
                let link = forge.add(number, "success", &reports("01-perfect"));
                forge.wire().spoil(path, fault);
                seen.push(format!("{name}\n  {}", submit(&ben, &link).await));
                assert!(forge.wire().mend() > 0, "{name} hits nothing");
            }
            let name = format!("forge_downloads_{}_{place}", forge.name());
            insta::assert_snapshot!(name, seen.join("\n"));
        }
        // One that was waited out is graded by itself.
        wait_for(&ben, "ADVANCED: S").await;
        forge.assert_clean();
        world.end(bot).await;
    }
    assert_eq!(elsewhere.requests(), [], "the other host is never asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_one_bot_is_told_is_kept_by_another_on_the_same_database() {
    let forge = Forge::all().await.remove(0);
    let link = forge.add(7001, "success", &reports("01-perfect"));
    let settings = forge.settings(true);
    let own: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let world = World::with_settings(&own).await;
    let other =
        World::with_settings(&[own.as_slice(), &[("DATABASE_URL", world.postgres.url())]].concat())
            .await;
    let bots = (Bot::start(&world).await, Bot::start(&other).await);
    forge
        .wire()
        .spoil_next(Fault::status(429, &[("retry-after", "600")]));
    let told = submit(&world.person("ben"), &link).await;
    let asked = forge.wire().requests().len();
    let spared = submit(&other.person("ben"), &link).await;
    assert!(told.contains("asks me to slow down"), "{told}");
    assert_eq!(told, spared);
    assert_eq!(
        forge.wire().requests().len(),
        asked,
        "nobody asks in the pause"
    );
    other.end(bots.1).await;
    world.end(bots.0).await;
}
