//! Handing in a run of one forge.

use discord_loopback::Actor;

use super::settled;
use crate::world::{Bot, Forge, World};

/// What a person reads when they hand in a link, without what differs from run to run.
pub async fn submit(person: &Actor, link: &str) -> String {
    let answered = person.slash("submit").opt("link", link).await;
    settled(&answered.expect("an answer to a link").text())
}

/// A world whose bot reads the runs of one forge, with its token.
pub async fn reader(forge: &Forge) -> (World, Bot) {
    let world = world_of(forge, true, &[]).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

/// A world whose bots know one forge, with these settings besides.
pub async fn world_of(forge: &Forge, has_token: bool, own: &[(&'static str, &str)]) -> World {
    let settings = forge.settings(has_token);
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(own.iter().copied())
        .collect();
    World::with_settings(&settings).await
}
