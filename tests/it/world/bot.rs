//! The bot of a world: within the test, or the real program beside it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use docent::{
    app::{
        App,
        ports::{CiProvider, Clock},
    },
    config::Settings,
    wiring::{Bot as Wired, Database, open_app},
};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::World;

/// The bot within the test.
pub struct Bot {
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Bot {
    /// Starts the bot and waits until it is online with its commands registered.
    pub async fn start(world: &World) -> Self {
        Self::start_with(world, &[]).await
    }

    /// The same, with settings of its own besides those of the world.
    pub async fn start_with(world: &World, own: &[(&'static str, &str)]) -> Self {
        Self::start_changed(world, own, |_| {}).await
    }

    /// The same, by another clock than the machine's.
    pub async fn start_by(
        world: &World,
        own: &[(&'static str, &str)],
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::start_changed(world, own, |app| app.clock = clock).await
    }

    /// The same, reading CI runs through a provider that a test made.
    pub async fn start_reading(
        world: &World,
        own: &[(&'static str, &str)],
        ci: Arc<dyn CiProvider>,
    ) -> Self {
        Self::start_changed(world, own, |app| app.ci = ci).await
    }

    async fn start_changed(
        world: &World,
        own: &[(&'static str, &str)],
        change: impl FnOnce(&mut App),
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let settings =
            Settings::from_values(world.settings().into_iter().chain(own)).expect("good settings");
        let database = Database::open(&settings).await.expect("the database");
        database.migrate().await.expect("migrations");
        let mut app = open_app(&settings, database.store.clone()).expect("the course");
        change(&mut app);
        let bot = Wired::introduce(&settings, app)
            .await
            .expect("Discord knows the bot");
        let stop = CancellationToken::new();
        let (ready, mut is_ready) = watch::channel(false);
        let stopping = stop.clone();
        let running = tokio::spawn(async move {
            let ended = bot.run(ready, stopping).await;
            database.close().await;
            ended
        });
        is_ready
            .wait_for(|ready| *ready)
            .await
            .expect("the bot comes online");
        Self { stop, running }
    }

    /// Stops the bot politely.
    pub async fn stop(self) {
        self.stop.cancel();
        self.running
            .await
            .expect("the bot does not panic")
            .expect("the bot ends well");
    }
}

/// The real program.
pub struct Process(Child);

impl Process {
    /// Starts `docent run` and waits until it says that it is connected.
    pub async fn start(world: &World) -> Self {
        let mut command = Self::command(world, "run");
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let words = BufReader::new(child.stderr.take().expect("its words"));
        let (connected, is_connected) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut connected = Some(connected);
            for line in words.lines().map_while(Result::ok) {
                if line.contains("connected to Discord") {
                    connected.take().map(|connected| connected.send(()));
                }
            }
        });
        let online = tokio::time::timeout(Duration::from_secs(30), is_connected).await;
        online
            .expect("the program comes online in time")
            .expect("the program comes online");
        Self(child)
    }

    /// Starts `docent worker` with settings of its own besides those of the world, and does not wait.
    pub fn worker(world: &World, own: &[(&str, &str)]) -> Self {
        let mut command = Self::command(world, "worker");
        let child = command
            .envs(own.iter().copied())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("the program starts"))
    }

    fn command(world: &World, subcommand: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docent"));
        command
            .arg(subcommand)
            .env_clear()
            .envs(world.settings())
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Kills the program as a power cut would.
    pub fn kill(mut self) {
        self.0.kill().expect("the program is killed");
        self.0.wait().expect("the program is gone");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
