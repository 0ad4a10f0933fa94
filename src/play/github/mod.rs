//! A GitHub on this machine: the part of its REST API that grading needs, with state.
//!
//! It is as strict as the original: it wants a user agent, counts requests, asks for a token
//! before it gives an artifact away even on a public repository, hides private repositories, and
//! hands artifacts out through a signed address that lives one minute and refuses a request that
//! carries a token. What the original would shrug at and a careful client would not do is
//! recorded as a violation.

mod answer;
mod apps;
mod bodies;
mod desk;
mod device;
mod dispatches;
mod downloads;
mod lists;
mod making;
mod merging;
mod recorded;
mod spec;
#[cfg(test)]
mod tests;
mod webhook;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use serde_json::Value;
use url::Url;

pub use super::wire::RequestLog;
pub use dispatches::Dispatch;
pub use recorded::{Overrides, Recorded};
pub use spec::{JobSpec, RunSpec};

use super::hooks::{Hooks, Webhook};
use super::http;
use super::issuer;
use super::wire::{Fault, Wire};
use world::{TokenRecord, World};

/// A token that may read every public repository and download its artifacts.
pub const TOKEN: &str = "loopback-token";
/// The private key of every App of the loopback. It guards nothing.
pub const APP_KEY: &str = include_str!("app.pem");
/// The web host that the loopback's pages pretend to be on.
pub const HOST: &str = "github.com";

/// Why something cannot be added to the loopback GitHub.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    /// The port is taken or not allowed.
    #[error(
        "the loopback GitHub cannot listen on port {port}: choose another port, or 0 for any free one"
    )]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// A repository's name is not `owner/name`.
    #[error("a repository is named owner/name, and {0:?} is not")]
    Repository(String),
    /// Nothing bears this number.
    #[error("the loopback GitHub has no {what} {id}")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// Its number or name.
        id: String,
    },
    /// A recorded body lacks something.
    #[error("the recorded body lacks {0}")]
    Recording(&'static str),
    /// A template of the loopback is broken.
    #[error("a template of the loopback GitHub is broken")]
    Template(#[from] serde_json::Error),
}

/// A running loopback GitHub; it stops when dropped.
#[derive(Debug)]
pub struct LoopbackGitHub {
    world: Arc<Mutex<World>>,
    wire: Wire,
    api: Url,
    server: tokio::task::JoinHandle<()>,
    hooks: Hooks,
}

impl LoopbackGitHub {
    /// Starts on 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    /// [`LoopbackError::Listen`] when the port cannot be had.
    pub async fn start(port: u16) -> Result<Self, LoopbackError> {
        let (listener, api) = http::listen(port)
            .await
            .map_err(|source| LoopbackError::Listen { port, source })?;
        let world = Arc::new(Mutex::new(World::new(api.as_str().trim_end_matches('/'))));
        let wire = Wire::default();
        let server = http::spawn(listener, Arc::clone(&world), wire.clone());
        Ok(Self {
            world,
            wire,
            api,
            server,
            hooks: Hooks::start(),
        })
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address to set as the provider's API.
    #[must_use]
    pub fn api_url(&self) -> Url {
        self.api.clone()
    }

    /// Sends a signed webhook to this address whenever a run changes.
    pub fn send_webhooks(&self, url: &Url, secret: &str) {
        self.hooks.aim(url, secret);
    }

    /// The webhooks that were sent, in order.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Webhook> {
        self.hooks.sent()
    }

    /// Tells of a run as it is now.
    fn tell(&self, run: u64) {
        self.hooks
            .send(|target| self.world().run_event(run, target));
    }

    /// Adds a repository, private or public; one that exists changes its visibility.
    ///
    /// # Errors
    /// [`LoopbackError::Repository`] when the name is not `owner/name`.
    pub fn add_repository(
        &self,
        repository: &str,
        owner_id: u64,
        private: bool,
    ) -> Result<(), LoopbackError> {
        self.world().add_repository(repository, owner_id, private)
    }

    /// Gives a repository another name; the old one redirects.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a repository.
    pub fn rename_repository(&self, from: &str, to: &str) -> Result<(), LoopbackError> {
        self.world().rename_repository(from, to)
    }

    /// Makes a token known; `actions` is the permission to read artifacts.
    pub fn add_token(&self, token: &str, actions: bool) {
        let record = TokenRecord::new(actions);
        self.world().tokens.insert(token.to_owned(), record);
    }

    /// Lets a known token start workflows.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a token.
    pub fn allow_dispatch(&self, token: &str) -> Result<(), LoopbackError> {
        let mut world = self.world();
        let record = world.tokens.get_mut(token);
        let record = record.ok_or_else(|| world::missing("token", "of that name"))?;
        record.starts = true;
        Ok(())
    }

    /// Answers a dispatch as older servers do: without the run it has started.
    pub fn hide_dispatched_runs(&self) {
        self.world().tells_runs = false;
    }

    /// The workflows that were started by hand, in order.
    #[must_use]
    pub fn dispatches(&self) -> Vec<Dispatch> {
        self.world().dispatches.clone()
    }

    /// Lets a known token see a private repository.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a token.
    pub fn grant(&self, token: &str, repository: &str) -> Result<(), LoopbackError> {
        self.world().grant(token, repository)
    }

    /// Makes an App known, with [`APP_KEY`] as its key.
    pub fn add_app(&self, id: &str, slug: &str) {
        self.world().add_app(id, slug);
    }

    /// Installs an App for repositories of one owner; returns the number of the installation.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such an App or repository.
    pub fn install_app(&self, app: &str, repositories: &[&str]) -> Result<u64, LoopbackError> {
        self.world().install_app(app, repositories)
    }

    /// Suspends an App wherever it is installed.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such an App.
    pub fn suspend_app(&self, app: &str) -> Result<(), LoopbackError> {
        self.world().suspend_app(app)
    }

    /// Gives tokens of installations this long from now on, in place of an hour.
    pub fn set_token_life(&self, life: TimeDelta) {
        self.world().token_life = life;
    }

    /// Lets members agree to a client by codes, which asks so many seconds apart.
    pub fn enable_device_flow(&self, client_id: &str, pause_s: i64) {
        self.world().devices.enable(client_id, pause_s);
    }

    /// Types a code as a person with this account does, and agrees; or refuses without one.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a code.
    pub fn type_code(
        &self,
        user_code: &str,
        account: Option<(u64, &str)>,
    ) -> Result<(), LoopbackError> {
        self.world().type_code(user_code, account)
    }

    /// Tells the next device that asks to slow down.
    pub fn slow_down(&self) {
        self.world().devices.slow_down();
    }

    /// Puts the clock that tokens and codes end by forward.
    pub fn advance(&self, by: TimeDelta) {
        let mut world = self.world();
        world.ahead += by;
    }

    /// Adds a run with its jobs and artifacts; a further attempt of a known run joins it.
    ///
    /// # Errors
    /// [`LoopbackError::Repository`] when the name is not `owner/name`.
    pub fn add_run(&self, spec: RunSpec) -> Result<(), LoopbackError> {
        let run = spec.run_id;
        self.world().add_run(spec)?;
        self.tell(run);
        Ok(())
    }

    /// Adds what a real run left behind, as it stands or under other names and numbers.
    /// Returns the number the run bears here.
    ///
    /// # Errors
    /// [`LoopbackError::Recording`] when a body lacks what every body of GitHub has.
    pub fn add_recorded(
        &self,
        recorded: Recorded,
        overrides: &Overrides,
    ) -> Result<u64, LoopbackError> {
        let run = self.world().add_recorded(recorded, overrides)?;
        self.tell(run);
        Ok(run)
    }

    /// Lets a job of the latest attempt of a run write something down; titles may repeat.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run or job.
    pub fn annotate(
        &self,
        run: u64,
        job: &str,
        title: &str,
        message: &str,
    ) -> Result<(), LoopbackError> {
        self.world().annotate(run, job, title, message)
    }

    /// Where the issuer of tokens is.
    #[must_use]
    pub fn issuer_url(&self) -> String {
        format!("{}/oidc", self.world().api)
    }

    /// A token with these claims, signed by the issuer.
    #[must_use]
    pub fn sign_token(&self, claims: Value) -> String {
        issuer::sign(&self.issuer_url(), claims)
    }

    /// Ends the latest attempt of a run and of its jobs.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run.
    pub fn complete_run(&self, run: u64, conclusion: &str) -> Result<(), LoopbackError> {
        self.world().complete_run(run, conclusion)?;
        self.tell(run);
        Ok(())
    }

    /// Uploads an artifact from the latest attempt of a run; returns its number.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run.
    pub fn add_artifact(&self, run: u64, name: &str, bytes: Vec<u8>) -> Result<u64, LoopbackError> {
        self.world().upload(run, name, bytes)
    }

    /// Swaps the stored bytes of an artifact and leaves its digest as it was.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such an artifact.
    pub fn tamper_artifact(
        &self,
        run: u64,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), LoopbackError> {
        self.world().tamper(run, name, bytes)
    }

    /// Changes a field of a stored body, to imitate an answer that lies.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such an artifact.
    pub fn set_artifact_field(
        &self,
        run: u64,
        name: &str,
        pointer: &str,
        value: Value,
    ) -> Result<(), LoopbackError> {
        self.world().set_artifact_field(run, name, pointer, value)
    }

    /// Changes a field of the latest attempt of a run, or of one of its jobs by its name.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run, job or field.
    pub fn set_field(
        &self,
        run: u64,
        job: Option<&str>,
        pointer: &str,
        value: Value,
    ) -> Result<(), LoopbackError> {
        self.world().set_field(run, job, pointer, value)
    }

    /// Deletes the bytes of a run's artifacts, as time does after ninety days.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run.
    pub fn expire_artifacts(&self, run: u64) -> Result<(), LoopbackError> {
        self.world().expire_artifacts(run)
    }

    /// Removes a run with everything it has.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a run.
    pub fn delete_run(&self, run: u64) -> Result<(), LoopbackError> {
        self.world().delete_run(run)
    }

    /// Opens a pull request whose head is a commit.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a repository.
    pub fn add_pull(
        &self,
        repository: &str,
        number: u64,
        head_sha: &str,
    ) -> Result<(), LoopbackError> {
        self.world().add_pull(repository, number, head_sha)
    }

    /// Stores a git tree, the body as GitHub gives it.
    ///
    /// # Errors
    /// [`LoopbackError::Missing`] without such a repository.
    pub fn add_tree(&self, repository: &str, tree: Value) -> Result<(), LoopbackError> {
        self.world().add_tree(repository, tree)
    }

    /// Answers the next request, of the API or of a download, with this status and headers.
    /// Several calls queue up.
    pub fn fail_next(&self, status: u16, headers: &[(&str, &str)]) {
        self.wire.spoil_next(Fault::status(status, headers));
    }

    /// The wire to it, on which faults can be ordered.
    #[must_use]
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Sends the next download to this address instead of the own storage.
    pub fn redirect_next_download(&self, location: &str) {
        self.world().detour = Some(location.to_owned());
    }

    /// Sends downloads in pieces without saying how long they are.
    pub fn hide_lengths(&self) {
        self.world().chunked = true;
    }

    /// Lets all signed addresses given out so far run out.
    pub fn expire_downloads(&self) {
        self.world().tickets.clear();
    }

    /// What has been asked so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestLog> {
        self.wire.requests()
    }

    /// What a careful client would not have done.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.world().violations.clone()
    }
}

impl Drop for LoopbackGitHub {
    fn drop(&mut self) {
        self.server.abort();
    }
}
