//! A Gitea or a Forgejo on this machine: the part of their REST API that grading needs.
//!
//! Both dialects are spoken, each with its own field names; links bear a run's id or its place in
//! the repository, as the versions of the originals do.

mod answer;
mod bodies;
mod rerun;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::hooks::{Hooks, Webhook};
use super::http;
use super::wire::{Fault, Wire};

/// A token that may read every repository.
pub const TOKEN: &str = "loopback-gitea";
/// The web host that the loopback's pages pretend to be on.
pub const HOST: &str = "git.example.org";

/// Whose field names and links are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Gitea, whose links bear the id of a run.
    #[default]
    Gitea,
    /// Forgejo, whose links bear a run's place in its repository.
    Forgejo,
}

/// A run to be added.
#[derive(Debug, Clone)]
pub struct ActionsRun {
    /// `owner/name`; a public repository is made when there is none.
    pub repository: String,
    /// The run's id.
    pub id: u64,
    /// Its place in the repository, counted from one.
    pub index: u64,
    /// `success`, `failure`, `cancelled`, `running`, `waiting`.
    pub status: String,
    /// The commit.
    pub sha: String,
    /// The number and the name of who started it.
    pub user: (u64, String),
    /// Names and bytes of what it uploaded.
    pub artifacts: Vec<(String, Vec<u8>)>,
    /// Names of its jobs.
    pub jobs: Vec<String>,
    /// The number of the pull request that it runs for.
    pub pull: Option<u64>,
    /// Whether a runner has taken it.
    pub taken: bool,
}

impl ActionsRun {
    /// A run that has passed, without artifacts.
    #[must_use]
    pub fn new(repository: &str, id: u64, index: u64) -> Self {
        Self {
            repository: repository.to_owned(),
            id,
            index,
            status: "success".to_owned(),
            sha: format!("{id:040x}"),
            user: (42, "ann".to_owned()),
            artifacts: Vec::new(),
            jobs: vec!["test".to_owned()],
            pull: None,
            taken: true,
        }
    }

    /// The same run with one more artifact.
    #[must_use]
    pub fn with_artifact(mut self, name: &str, bytes: &[u8]) -> Self {
        self.artifacts.push((name.to_owned(), bytes.to_vec()));
        self
    }
}

#[derive(Debug)]
struct Stored {
    run: ActionsRun,
    /// When its newest attempt started.
    started: chrono::DateTime<chrono::Utc>,
    expired: bool,
    rerun: rerun::Rerun,
}

#[derive(Debug)]
struct Repository {
    id: u64,
    name: String,
    private: bool,
    runs: BTreeMap<u64, Stored>,
    pulls: BTreeMap<u64, String>,
    /// Pull requests to the repository that each comes from, where it is another; below nothing for one that is gone.
    forks: BTreeMap<u64, i64>,
    /// Commits to their files, each with its blob.
    trees: BTreeMap<String, Vec<(String, String)>>,
}

#[derive(Debug, Default)]
struct World {
    dialect: Dialect,
    api: String,
    repositories: Vec<Repository>,
    tokens: BTreeSet<String>,
    violations: Vec<String>,
}

/// A running loopback Gitea; it stops when dropped.
#[derive(Debug)]
pub struct LoopbackGitea {
    world: Arc<Mutex<World>>,
    wire: Wire,
    api: Url,
    server: tokio::task::JoinHandle<()>,
    hooks: Hooks,
}

impl LoopbackGitea {
    /// Starts on any free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(dialect: Dialect) -> std::io::Result<Self> {
        let (listener, base) = http::listen(0).await?;
        let api = base.join("api/v1").map_err(std::io::Error::other)?;
        let world = Arc::new(Mutex::new(World {
            dialect,
            api: api.to_string(),
            tokens: BTreeSet::from([TOKEN.to_owned()]),
            ..World::default()
        }));
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

    /// Adds a repository, or changes whether one is private.
    pub fn add_repository(&self, name: &str, private: bool) {
        self.world().repository(name).private = private;
    }

    /// Adds a run, or puts it in the place of the one with its id.
    pub fn add_run(&self, run: ActionsRun) {
        let mut world = self.world();
        let started = answer::now();
        let stored = Stored {
            started,
            expired: false,
            rerun: rerun::Rerun::none(&run, started),
            run,
        };
        let (name, id) = (stored.run.repository.clone(), stored.run.id);
        world.repository(&name).runs.insert(id, stored);
        self.hooks.send(|target| world.run_event(&name, id, target));
    }

    /// Opens a pull request whose head is a commit.
    pub fn add_pull(&self, repository: &str, number: u64, sha: &str) {
        let mut world = self.world();
        let pulls = &mut world.repository(repository).pulls;
        pulls.insert(number, sha.to_owned());
    }

    /// Says which files a commit has: path and git blob id.
    pub fn add_tree(&self, repository: &str, sha: &str, files: &[(String, String)]) {
        let mut world = self.world();
        let trees = &mut world.repository(repository).trees;
        trees.insert(sha.to_owned(), files.to_vec());
    }

    /// Removes a run.
    pub fn delete_run(&self, repository: &str, run: u64) {
        self.world().repository(repository).runs.remove(&run);
    }

    /// Deletes the bytes of a run's artifacts, as time does.
    pub fn expire_artifacts(&self, repository: &str, run: u64) {
        let mut world = self.world();
        if let Some(stored) = world.repository(repository).runs.get_mut(&run) {
            stored.expired = true;
        }
    }

    /// Answers the next request with this status. Several calls queue up.
    pub fn fail_next(&self, status: u16) {
        self.wire.spoil_next(Fault::status(status, &[]));
    }

    /// The wire to it, on which faults can be ordered.
    #[must_use]
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// What a careful client would not have done.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.world().violations.clone()
    }
}

impl Drop for LoopbackGitea {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    fn repository(&mut self, name: &str) -> &mut Repository {
        let known = self
            .repositories
            .iter()
            .position(|known| known.name == name);
        let at = known.unwrap_or_else(|| {
            let id = 500 + self.repositories.len() as u64;
            self.repositories.push(Repository {
                id,
                name: name.to_owned(),
                private: false,
                runs: BTreeMap::new(),
                pulls: BTreeMap::new(),
                forks: BTreeMap::new(),
                trees: BTreeMap::new(),
            });
            self.repositories.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found or pushed just now")]
        &mut self.repositories[at]
    }
}
