//! The gateway transport: serenity's client, told where to connect and nothing else.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serenity::{
    all::{
        ApplicationId, ClientBuilder, Context, Event, EventHandler, GatewayIntents, HttpBuilder,
        Interaction, RawEventHandler, Ready,
    },
    gateway::{GatewayError, ShardManager},
    http::{LightMethod, Route},
};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    discord::{
        dispatch::Dispatcher,
        incoming::{Instructors, read},
        rest::Rest,
    },
    domain::locale::Locale,
};

/// Where and as whom to connect.
#[derive(Clone)]
pub struct GatewaySettings {
    /// The bot's token.
    pub token: SecretString,
    /// Stands in for `https://discord.com`.
    pub api_url: Option<String>,
    /// Stands in for the gateway that Discord names.
    pub gateway_url: Option<String>,
    /// First and last shard of this process, and how many there are in all; all of them when unset.
    pub shards: Option<(u32, u32, u32)>,
    /// Who counts as an instructor.
    pub instructors: Instructors,
    /// The language of people whose own is not spoken.
    pub locale: Locale,
}

/// What Discord says of the gateway.
struct GatewayInfo {
    url: String,
    shards: u32,
}

/// Runs the gateway until `stop`; `ready` turns true with the first shard.
///
/// # Errors
/// When the token is refused or the gateway cannot be found at start.
pub async fn run(
    settings: &GatewaySettings,
    rest: &Rest,
    application: ApplicationId,
    dispatcher: Dispatcher,
    ready: watch::Sender<bool>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let info = find_gateway(settings, rest).await?;
    let mut http = HttpBuilder::new(settings.token.expose_secret())
        .application_id(application)
        .ratelimiter_disabled(true);
    if let Some(base) = &settings.api_url {
        http = http.proxy(base);
    }
    let tasks = TaskTracker::new();
    let handler = Handler {
        dispatcher,
        tasks: tasks.clone(),
        ready,
        instructors: settings.instructors,
        locale: settings.locale,
    };
    // Interactions arrive without any intent, and everything else Docent needs is in their payload.
    let mut client = ClientBuilder::new_with_http(http.build(), GatewayIntents::empty())
        .event_handler(handler)
        .raw_event_handler(Alarm)
        .await
        .context("the Discord client could not be made")?;
    *client.ws_url.lock().await = info.url;
    let stopper = stop_shards(Arc::clone(&client.shard_manager), stop);
    let ended = match settings.shards {
        Some((first, last, total)) => client.start_shard_range(first..last, total).await,
        None => client.start_shards(info.shards).await,
    };
    stopper.abort();
    tasks.close();
    tasks.wait().await;
    ended.map_err(explain)
}

fn stop_shards(shards: Arc<ShardManager>, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the gateway: aborted as soon as it has stopped"
    )]
    tokio::spawn(async move {
        stop.cancelled().await;
        shards.shutdown_all().await;
    })
}

/// Asks Discord for its gateway, through our own executor: serenity would fall back to the real
/// Discord when the answer fails.
async fn find_gateway(settings: &GatewaySettings, rest: &Rest) -> anyhow::Result<GatewayInfo> {
    let body = rest
        .send(Route::GatewayBot, LightMethod::Get, None)
        .await
        .context("Discord did not name its gateway")?;
    let url = match &settings.gateway_url {
        Some(url) => url.clone(),
        None => body
            .get("url")
            .and_then(|url| url.as_str())
            .ok_or_else(|| anyhow!("Discord named no gateway"))?
            .to_owned(),
    };
    let shards = body
        .get("shards")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(1);
    Ok(GatewayInfo {
        url,
        shards: u32::try_from(shards).unwrap_or(1),
    })
}

fn explain(error: serenity::Error) -> anyhow::Error {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => anyhow!(
            "Discord refused the token at the gateway: set DISCORD_TOKEN to the current token of the bot \
             (Developer Portal, Bot, Reset Token)"
        ),
        other => anyhow::Error::new(other).context("the gateway ended"),
    }
}

struct Handler {
    dispatcher: Dispatcher,
    tasks: TaskTracker,
    ready: watch::Sender<bool>,
    instructors: Instructors,
    locale: Locale,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _context: Context, data: Ready) {
        tracing::info!(shard = ?data.shard, "connected to Discord");
        self.ready.send_replace(true);
    }

    async fn interaction_create(&self, _context: Context, interaction: Interaction) {
        if let Some(incoming) = read(&interaction, self.instructors, self.locale) {
            let dispatcher = self.dispatcher.clone();
            self.tasks
                .spawn(async move { dispatcher.handle(incoming).await });
        }
    }
}

/// An interaction that serenity cannot read would otherwise vanish without a word.
struct Alarm;

#[async_trait]
impl RawEventHandler for Alarm {
    async fn raw_event(&self, _context: Context, event: Event) {
        if let Event::Unknown(unknown) = event
            && unknown.kind == "INTERACTION_CREATE"
        {
            tracing::error!("an interaction of an unknown shape was not answered");
        }
    }
}
