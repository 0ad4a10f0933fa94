//! A Discord on loopback: REST, gateway and a web page on one port of 127.0.0.1.
//!
//! A bot connects to it as it connects to Discord; tests act as people through [`Actor`]. See the
//! README for the routes and for what is true to Discord and what is not.

#![recursion_limit = "256"]

mod actor;
mod builder;
mod clock;
mod control;
mod faults;
mod gateway;
mod ids;
mod person;
mod rest;
mod server;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use actor::call::{Autocomplete, Choice, OptValue, Slash};
pub use actor::reply::{Modal, Reply, ReplyKind};
pub use actor::view::MessageView;
pub use actor::{Actor, ActorError};
pub use builder::{Builder, GuildSpec};
pub use clock::Clock;
pub use faults::FaultRule;
pub use gateway::control::GatewayControl;
pub use ids::Id;
pub use person::Person;
pub use world::journal::{LogEntry, Violation};
pub use world::permissions;
pub use world::raise::Refused;
use world::save::write_state;
use world::{Settings, Shared, World};

/// How long waiting for the bot lasts.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a loopback could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    #[error(
        "port {port} of 127.0.0.1 cannot be opened ({source}); choose another port, or 0 for a free one"
    )]
    /// The port could not be opened.
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The state file could not be read.
    #[error("the state file {} cannot be read ({why}); move it away to start afresh", path.display())]
    StateFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// A running loopback. It stops when it is shut down or dropped.
#[derive(Debug)]
pub struct Loopback {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
    keeper: Option<JoinHandle<()>>,
}

/// Adds faults to REST.
#[derive(Clone, Debug)]
pub struct FaultControl {
    shared: Arc<Shared>,
}

impl FaultControl {
    /// Adds a rule after those in force.
    pub fn add(&self, rule: FaultRule) {
        self.shared.with(|world| world.faults.add(rule));
    }

    /// Drops all rules.
    pub fn clear(&self) {
        self.shared.with(|world| world.faults.set(Vec::new()));
    }
}

impl Loopback {
    /// An empty loopback to furnish.
    pub fn builder() -> Builder {
        Builder::default()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "shutdown waits for both tasks by their handles"
    )]
    pub(crate) fn serve(world: World, settings: Settings, listener: TcpListener) -> Self {
        let shared = Arc::new(Shared::new(world, settings));
        let (stop, stopped) = watch::channel(false);
        let router = server::router(Arc::clone(&shared));
        let mut until = stopped.clone();
        let server = tokio::spawn(async move {
            let end = async move {
                let _ = until.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(listener, router)
                .with_graceful_shutdown(end)
                .await
            {
                tracing::error!(%error, "the loopback's server ended");
            }
        });
        let keeper = tokio::spawn(keep_state(Arc::clone(&shared), stopped));
        Self {
            shared,
            stop,
            server: Some(server),
            keeper: Some(keeper),
        }
    }

    /// `http://127.0.0.1:PORT`, for a proxy or API setting of the bot.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.shared.settings.port)
    }

    /// `ws://127.0.0.1:PORT`.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.shared.settings.port)
    }

    /// The page with this run's token.
    #[must_use]
    pub fn page_url(&self) -> String {
        format!(
            "{}/?token={}",
            self.api_url(),
            self.shared.settings.page_token
        )
    }

    /// The token of the page's API.
    #[must_use]
    pub fn page_token(&self) -> &str {
        &self.shared.settings.page_token
    }

    /// The token that the bot must show.
    #[must_use]
    pub fn bot_token(&self) -> String {
        self.shared.look(|world| world.bot.token.clone())
    }

    /// The id of the application and of the bot's user.
    #[must_use]
    pub fn application_id(&self) -> Id {
        self.shared.look(|world| world.bot.id)
    }

    /// The id of a guild by name; the first one for `""`.
    #[must_use]
    pub fn guild_id(&self, name: &str) -> Option<Id> {
        self.shared.look(|world| {
            world
                .guilds
                .iter()
                .find(|one| name.is_empty() || one.name == name)
                .map(|one| one.id)
        })
    }

    /// The id of a channel or thread by name.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<Id> {
        self.shared
            .look(|world| world.channel_named(name).map(|one| one.id))
    }

    /// The id of a role by name.
    #[must_use]
    pub fn role_id(&self, name: &str) -> Option<Id> {
        self.shared.look(|world| {
            world
                .guilds
                .iter()
                .flat_map(|guild| &guild.roles)
                .find(|role| role.name == name)
                .map(|role| role.id)
        })
    }

    /// The names of a person's roles.
    #[must_use]
    pub fn roles_of(&self, handle: &str) -> Vec<String> {
        self.shared.look(|world| {
            let Some(id) = world.human_named(handle).map(|human| human.id) else {
                return Vec::new();
            };
            let guilds = world.guilds.iter();
            guilds
                .filter_map(|guild| guild.member(id).map(|member| (guild, member)))
                .flat_map(|(guild, member)| {
                    member
                        .roles
                        .iter()
                        .filter_map(|id| guild.role(*id))
                        .map(|role| role.name.clone())
                })
                .collect()
        })
    }

    /// The person of this handle. A wrong handle shows in the first action.
    #[must_use]
    pub fn user(&self, handle: &str) -> Actor {
        Actor::new(Arc::clone(&self.shared), handle)
    }

    /// As an administrator would in the guild's settings: everybody may run this command, so the
    /// bot's own check is what stands between.
    pub fn allow_command_for_everyone(&self, name: &str) {
        self.shared
            .with(|world| world.commands.for_everyone.insert(name.to_owned()));
    }

    /// The registered commands as Discord objects, global ones first.
    #[must_use]
    pub fn commands(&self) -> Vec<serde_json::Value> {
        self.shared.look(|world| {
            world
                .commands
                .by_scope
                .values()
                .flatten()
                .cloned()
                .collect()
        })
    }

    /// What real Discord would have refused.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.look(|world| world.journal.violations.clone())
    }

    /// Forgets the violations so far.
    pub fn clear_violations(&self) {
        self.shared.with(|world| world.journal.violations.clear());
    }

    /// # Panics
    /// When the bot did something that real Discord would have refused.
    pub fn assert_clean(&self) {
        let found: Vec<String> = self.violations().iter().map(ToString::to_string).collect();
        assert!(
            found.is_empty(),
            "Discord would have refused this:\n{}\n\nWhat happened:\n{}",
            found.join("\n"),
            self.transcript()
        );
    }

    /// What people and the bot did, readable.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared.look(|world| {
            world
                .journal
                .story
                .iter()
                .cloned()
                .collect::<Vec<_>>()
                .join("\n")
        })
    }

    /// The inspector's lines, newest last.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared
            .look(|world| world.journal.log.iter().cloned().collect())
    }

    /// Waits until a shard has a session; false when none has within 30 seconds.
    pub async fn bot_online(&self) -> bool {
        self.shared
            .wait_for(PATIENCE, |world| world.hub.online().then_some(()))
            .await
            .is_some()
    }

    /// Waits until some command is registered; false when none is within 30 seconds.
    pub async fn wait_commands_registered(&self) -> bool {
        let some = |world: &mut World| {
            world
                .commands
                .by_scope
                .values()
                .any(|list| !list.is_empty())
                .then_some(())
        };
        self.shared.wait_for(PATIENCE, some).await.is_some()
    }

    /// Spoils REST answers.
    #[must_use]
    pub fn faults(&self) -> FaultControl {
        FaultControl {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Disturbs the gateway.
    #[must_use]
    pub fn gateway(&self) -> GatewayControl {
        GatewayControl {
            shared: Arc::clone(&self.shared),
        }
    }

    /// The clock of this loopback.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.shared.look(|world| world.clock.clone())
    }

    /// Ends all connections, writes the state file and frees the port.
    pub async fn shutdown(mut self) {
        self.end();
        for task in [self.keeper.take(), self.server.take()]
            .into_iter()
            .flatten()
        {
            let abort = task.abort_handle();
            if tokio::time::timeout(Duration::from_secs(3), task)
                .await
                .is_err()
            {
                abort.abort();
            }
        }
    }

    fn end(&self) {
        self.gateway().close(1001);
        self.shared.with(|world| world.listeners.clear());
        self.stop.send_replace(true);
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writes the state file a moment after a change, and once at the end.
async fn keep_state(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut bell = shared.bell();
    loop {
        let ending = tokio::select! {
            _ = bell.changed() => false,
            _ = stopped.wait_for(|stop| *stop) => true,
        };
        if !ending {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let due = shared.look(|world| {
            let due = world.unsaved && world.state_file.is_some();
            world.unsaved = false;
            due.then(|| {
                (
                    world.state_file.clone().unwrap_or_default(),
                    world.to_saved(),
                )
            })
        });
        if let Some((path, state)) = due
            && let Err(error) = write_state(&path, &state)
        {
            tracing::error!(%error, path = %path.display(), "the state file cannot be written");
        }
        if ending {
            return;
        }
    }
}
