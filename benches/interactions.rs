//! Interactions a second and their latency, through the loopback Discord and with Postgres writes,
//! beside the bare SQL of the same writes on the same database in the same run.
//!
//! The figure to watch is the ratio: wall times differ from machine to machine.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark starts its own tasks, fails loudly and prints its figures"
)]

use std::time::{Duration, Instant};

use discord_loopback::{Actor, Loopback, Person};
use docent::{
    config::Settings,
    domain::locale::Locale,
    store::{Newcomer, Role, Store},
    wiring::{Bot, Database, open_app},
};
use local_postgres::Options;
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// People who press buttons at the same time.
const PEOPLE: usize = 16;
/// Presses of each.
const PRESSES: usize = 60;

/// How long each of a number of things took, and all of them together.
struct Timing {
    wall: Duration,
    each: Vec<Duration>,
}

impl Timing {
    fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.each.len()).unwrap_or(u32::MAX)) / self.wall.as_secs_f64()
    }

    fn report(mut self, name: &str) -> f64 {
        self.each.sort();
        let at = |percent: usize| self.each[(self.each.len() - 1) * percent / 100].as_micros();
        let rate = self.per_second();
        println!(
            "{name:<28} {rate:>8.0}/s   p50 {:>7} us   p99 {:>7} us",
            at(50),
            at(99)
        );
        rate
    }
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let options = Options {
        database: "docent".to_owned(),
        ..Options::throwaway()
    };
    let postgres = local_postgres::start(options).await.expect("a Postgres");
    let mut world = Loopback::builder().guild("Group", |guild| guild.text_channel("general"));
    for number in 0..PEOPLE {
        world = world.person(Person::new(&format!("person{number}")).locale("en-US"));
    }
    let discord = world.start().await.expect("a loopback Discord");
    let settings = Settings::from_values([
        ("DISCORD_TOKEN", discord.bot_token()),
        ("DISCORD_API_URL", discord.api_url()),
        ("DISCORD_GATEWAY_URL", discord.gateway_url()),
        ("DATABASE_URL", postgres.url().to_owned()),
        ("DOCENT_CONNECTIONS", postgres.max_connections().to_string()),
    ]);
    let settings = settings.expect("good settings");
    let database = Database::open(&settings).await.expect("the database");
    database.migrate().await.expect("migrations");
    let app = open_app(&settings, database.store.clone()).expect("the course");
    let bot = Bot::introduce(&settings, app).await.expect("the bot");
    let stop = CancellationToken::new();
    let (ready, mut is_ready) = watch::channel(false);
    let running = tokio::spawn(bot.run(ready, stop.clone()));
    is_ready
        .wait_for(|ready| *ready)
        .await
        .expect("the bot comes online");

    println!(
        "Postgres: {}, {PEOPLE} people, {PRESSES} presses each",
        postgres.engine()
    );
    let one = press(&discord, 1).await.report("interactions, one by one");
    let bare_one = write(&database.store, 1)
        .await
        .report("bare SQL, one by one");
    let many = press(&discord, PEOPLE)
        .await
        .report("interactions, together");
    let bare_many = write(&database.store, PEOPLE)
        .await
        .report("bare SQL, together");
    println!(
        "ratio, bare SQL to interactions: {:.2} one by one, {:.2} together",
        bare_one / one,
        bare_many / many
    );

    stop.cancel();
    running
        .await
        .expect("the bot does not panic")
        .expect("the bot ends well");
    discord.shutdown().await;
    database.close().await;
    postgres.stop().await;
}

/// People tick and untick their checklists; each press is an interaction with its writes.
async fn press(discord: &Loopback, people: usize) -> Timing {
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for number in 0..people {
        tasks.spawn(press_as(
            discord
                .user(&format!("person{number}"))
                .in_channel("general"),
        ));
    }
    let each = tasks.join_all().await.concat();
    Timing {
        wall: begun.elapsed(),
        each,
    }
}

async fn press_as(person: Actor) -> Vec<Duration> {
    let list = person.slash("checklist").await.expect("a checklist");
    let mut shown = list.message.expect("a message");
    let mut each = Vec::with_capacity(PRESSES);
    for press in 0..PRESSES {
        let begun = Instant::now();
        let label = shown.buttons().remove(press % 3);
        let reply = person.click(&shown, &label).await.expect("a tick");
        each.push(begun.elapsed());
        shown = reply.message.expect("the list");
    }
    each
}

/// The same writes without Discord: the interaction's row, the enrolment's look-up, the tick.
async fn write(store: &Store, people: usize) -> Timing {
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for number in 0..people {
        tasks.spawn(write_as(
            store.clone(),
            i64::try_from(number).expect("a number"),
        ));
    }
    let each = tasks.join_all().await.concat();
    Timing {
        wall: begun.elapsed(),
        each,
    }
}

async fn write_as(store: Store, person: i64) -> Vec<Duration> {
    let mut each = Vec::with_capacity(PRESSES);
    for press in 0..PRESSES {
        let begun = Instant::now();
        let interaction = person * 1_000_000 + i64::try_from(press).expect("a number");
        store
            .record_interaction(-1 - interaction)
            .await
            .expect("a row");
        let (discord_id, name) = (person + 1, Locale::En.code());
        store
            .remember_member(discord_id, name, Locale::En)
            .await
            .expect("a row");
        let who = Newcomer {
            guild_id: 1,
            course_id: "alembic",
            discord_id,
            name,
            role: Role::Learner,
        };
        let mut tx = store.begin().await.expect("a transaction");
        let enrolment = store.enrol(&mut tx, who).await.expect("an enrolment");
        store
            .hold_enrolment(&mut tx, enrolment.id)
            .await
            .expect("its row");
        let ticked = (press / 3) % 2 == 0;
        let item = format!("basic-{}", press % 3 + 1);
        store
            .record_tick(&mut tx, enrolment.id, &item, ticked)
            .await
            .expect("a tick");
        store
            .list_ticks(&mut tx, enrolment.id)
            .await
            .expect("ticks");
        store.commit(tx).await.expect("committed");
        each.push(begun.elapsed());
    }
    each
}
