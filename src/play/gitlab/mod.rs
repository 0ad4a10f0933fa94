//! A GitLab on this machine: the part of its REST API that grading needs, with state.
//!
//! Private projects answer 404 to those who may not see them, a wrong token 401, and artifacts
//! that were deleted 404, as the original does.

mod answer;
mod bodies;
mod proofs;
mod retry;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use url::Url;

use super::hooks::{Hooks, Webhook};
use super::http;
use super::wire::{Fault, Wire};

/// A token that may read every project.
pub const TOKEN: &str = "glpat-loopback";
/// The web host that the loopback's pages pretend to be on.
pub const HOST: &str = "gitlab.example.org";

/// A pipeline to be added, with its jobs and what each uploaded.
#[derive(Debug, Clone)]
pub struct PipelineSpec {
    /// `group/project`; a public project is made when there is none.
    pub project: String,
    /// The pipeline's number.
    pub id: u64,
    /// `success`, `failed`, `running` and so on.
    pub status: String,
    /// The commit.
    pub sha: String,
    /// The number and the name of who started it.
    pub user: (u64, String),
    /// Its jobs.
    pub jobs: Vec<JobSpec>,
}

/// A job of a pipeline.
#[derive(Debug, Clone)]
pub struct JobSpec {
    /// Its name.
    pub name: String,
    /// How far it has come, or how it ended.
    pub status: String,
    /// The name and the bytes of the archive it uploaded.
    pub archive: Option<(String, Vec<u8>)>,
}

impl PipelineSpec {
    /// A pipeline that has passed, without jobs.
    #[must_use]
    pub fn new(project: &str, id: u64) -> Self {
        Self {
            project: project.to_owned(),
            id,
            status: "success".to_owned(),
            sha: format!("{id:040x}"),
            user: (42, "ann".to_owned()),
            jobs: Vec::new(),
        }
    }

    /// The same pipeline with one more job, which uploaded an archive under its own name.
    #[must_use]
    pub fn with_job(mut self, name: &str, status: &str, archive: &[u8]) -> Self {
        self.jobs.push(JobSpec {
            name: name.to_owned(),
            status: status.to_owned(),
            archive: Some((format!("{name}.zip"), archive.to_vec())),
        });
        self
    }
}

#[derive(Debug)]
struct Project {
    id: u64,
    path: String,
    private: bool,
    /// The project that it is a fork of.
    fork_of: Option<u64>,
    pipelines: BTreeMap<u64, Value>,
    jobs: BTreeMap<u64, (Value, Option<Vec<u8>>)>,
    /// The head of each, and the project it comes from as long as that is there.
    merge_requests: BTreeMap<u64, (String, Option<u64>)>,
    /// Commits to their files, each with its blob.
    trees: BTreeMap<String, Vec<(String, String)>>,
    /// Where its pipelines are configured, as its settings say.
    config: String,
    /// Pipelines to the variables they were started with; `None` where they are hidden.
    variables: BTreeMap<u64, Option<Vec<Value>>>,
}

#[derive(Debug, Default)]
struct World {
    api: String,
    next_id: u64,
    projects: Vec<Project>,
    tokens: BTreeSet<String>,
    violations: Vec<String>,
}

/// A running loopback GitLab; it stops when dropped.
#[derive(Debug)]
pub struct LoopbackGitLab {
    world: Arc<Mutex<World>>,
    wire: Wire,
    api: Url,
    server: tokio::task::JoinHandle<()>,
    hooks: Hooks,
}

impl LoopbackGitLab {
    /// Starts on any free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> std::io::Result<Self> {
        let (listener, base) = http::listen(0).await?;
        let api = base.join("api/v4").map_err(std::io::Error::other)?;
        let world = World {
            api: api.to_string(),
            next_id: 100,
            tokens: BTreeSet::from([TOKEN.to_owned()]),
            ..World::default()
        };
        let world = Arc::new(Mutex::new(world));
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

    /// Sends a signed webhook to this address whenever a pipeline changes.
    pub fn send_webhooks(&self, url: &Url, secret: &str) {
        self.hooks.aim(url, secret);
    }

    /// The webhooks that were sent, in order.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Webhook> {
        self.hooks.sent()
    }

    /// Adds a project, or changes whether one is private.
    pub fn add_project(&self, path: &str, private: bool) {
        let mut world = self.world();
        world.project(path).private = private;
    }

    /// Makes a project a fork of another, and gives its number.
    pub fn add_fork(&self, path: &str, of: &str) -> u64 {
        let mut world = self.world();
        let parent = world.project(of).id;
        let fork = world.project(path);
        fork.fork_of = Some(parent);
        fork.id
    }

    /// Adds a pipeline with its jobs, or puts it in the place of the one with its number.
    pub fn add_pipeline(&self, spec: &PipelineSpec) {
        self.world().add(spec);
        let (path, id) = (&spec.project, spec.id);
        self.hooks
            .send(|target| self.world().pipeline_event(path, id, answer::now(), target));
    }

    /// Opens a merge request whose head is a commit of the project itself.
    pub fn add_merge_request(&self, project: &str, number: u64, sha: &str) {
        let mut world = self.world();
        let project = world.project(project);
        let head = (sha.to_owned(), Some(project.id));
        project.merge_requests.insert(number, head);
    }

    /// Opens a merge request whose head is a commit of another project; `None` for one that is gone.
    pub fn add_merge_request_from(
        &self,
        project: &str,
        number: u64,
        sha: &str,
        source: Option<u64>,
    ) {
        let mut world = self.world();
        let requests = &mut world.project(project).merge_requests;
        requests.insert(number, (sha.to_owned(), source));
    }

    /// Says which files a commit has: path and git blob id.
    pub fn add_tree(&self, project: &str, sha: &str, files: &[(String, String)]) {
        let mut world = self.world();
        let trees = &mut world.project(project).trees;
        trees.insert(sha.to_owned(), files.to_vec());
    }

    /// Removes a pipeline with its jobs.
    pub fn delete_pipeline(&self, project: &str, pipeline: u64) {
        let mut world = self.world();
        let project = world.project(project);
        project.pipelines.remove(&pipeline);
        let is_of = |body: &Value| body.pointer("/pipeline/id") == Some(&json!(pipeline));
        project.jobs.retain(|_, (body, _)| !is_of(body));
    }

    /// Deletes all archives of a pipeline, as time does.
    pub fn expire_artifacts(&self, project: &str, pipeline: u64) {
        let mut world = self.world();
        for (body, archive) in world.project(project).jobs.values_mut() {
            let is_of = body.pointer("/pipeline/id") == Some(&json!(pipeline));
            let fields = body.as_object_mut().filter(|_| is_of);
            if let (Some(fields), Some(_)) = (fields, archive.take_if(|_| is_of)) {
                fields.remove("artifacts_file");
                fields.insert("artifacts".to_owned(), json!([]));
            }
        }
    }

    /// Answers the next request with this status and headers. Several calls queue up.
    pub fn fail_next(&self, status: u16, headers: &[(&str, &str)]) {
        self.wire.spoil_next(Fault::status(status, headers));
    }

    /// The wire to it, on which faults can be ordered.
    #[must_use]
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// The paths that were asked, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        let asked = self.wire.requests().into_iter();
        asked.map(|asked| asked.path).collect()
    }

    /// What a careful client would not have done.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.world().violations.clone()
    }
}

impl Drop for LoopbackGitLab {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    const fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn project(&mut self, path: &str) -> &mut Project {
        let known = self.projects.iter().position(|known| known.path == path);
        let at = known.unwrap_or_else(|| {
            let id = self.new_id();
            self.projects.push(Project {
                id,
                path: path.to_owned(),
                private: false,
                fork_of: None,
                pipelines: BTreeMap::new(),
                jobs: BTreeMap::new(),
                merge_requests: BTreeMap::new(),
                trees: BTreeMap::new(),
                config: String::new(),
                variables: BTreeMap::new(),
            });
            self.projects.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found or pushed just now")]
        &mut self.projects[at]
    }
}
