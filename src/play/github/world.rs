//! The state: repositories with their runs, tokens, and what has been asked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};

use super::apps::AppRecord;
use super::bodies::{self, fill};
use super::device::Devices;
use super::dispatches::Dispatch;
use super::downloads::Ticket;
use super::{HOST, LoopbackError, TOKEN};

/// What a token may do.
#[derive(Debug)]
pub(super) struct TokenRecord {
    /// The private repositories it sees, by number.
    pub(super) private: BTreeSet<u64>,
    /// Whether it may read artifacts.
    pub(super) actions: bool,
    /// Whether it may start workflows.
    pub(super) starts: bool,
    /// The only repositories whose artifacts it may read, by number; `None` for all.
    pub(super) only: Option<BTreeSet<u64>>,
    /// When it ends.
    pub(super) until: Option<DateTime<Utc>>,
    /// Whose it is, by number and name.
    pub(super) user: Option<(u64, String)>,
}

impl TokenRecord {
    pub(super) const fn new(actions: bool) -> Self {
        Self {
            private: BTreeSet::new(),
            actions,
            starts: false,
            only: None,
            until: None,
            user: None,
        }
    }
}

/// A repository and all it holds.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) full_name: String,
    pub(super) private: bool,
    pub(super) body: Value,
    pub(super) runs: BTreeMap<u64, RunRecord>,
    pub(super) commits: BTreeMap<String, Value>,
    pub(super) trees: BTreeMap<String, Value>,
    pub(super) pulls: BTreeMap<u64, Value>,
    /// What jobs have written down, by the job's number.
    pub(super) annotations: BTreeMap<u64, Vec<Value>>,
}

/// A run with all its attempts.
#[derive(Debug, Default)]
pub(super) struct RunRecord {
    pub(super) attempts: BTreeMap<u32, Attempt>,
    pub(super) artifacts: Vec<Stored>,
}

impl RunRecord {
    pub(super) fn latest(&self) -> Option<&Attempt> {
        self.attempts.values().next_back()
    }
}

/// One attempt: its body and its jobs.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) run: Value,
    pub(super) jobs: Vec<Value>,
}

/// An artifact with its bytes.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) body: Value,
    pub(super) bytes: Vec<u8>,
}

/// Everything the loopback GitHub knows.
#[derive(Debug)]
pub(super) struct World {
    pub(super) api: String,
    pub(super) html: String,
    next_id: u64,
    pub(super) repositories: Vec<Repository>,
    /// Old names, in small letters, to the number of the repository.
    pub(super) moved: BTreeMap<String, u64>,
    pub(super) tokens: BTreeMap<String, TokenRecord>,
    pub(super) devices: Devices,
    pub(super) apps: BTreeMap<String, AppRecord>,
    /// How long the token of an installation is good.
    pub(super) token_life: TimeDelta,
    /// How far the clock is ahead that tokens and codes end by.
    pub(super) ahead: TimeDelta,
    pub(super) tickets: BTreeMap<String, Ticket>,
    pub(super) dispatches: Vec<Dispatch>,
    /// Whether it answers a dispatch with the run it has started, as newer servers do.
    pub(super) tells_runs: bool,
    pub(super) detour: Option<String>,
    pub(super) chunked: bool,
    pub(super) spent: BTreeMap<String, u32>,
    pub(super) window_end: DateTime<Utc>,
    pub(super) violations: Vec<String>,
}

impl World {
    pub(super) fn new(api: &str) -> Self {
        Self {
            api: api.to_owned(),
            html: format!("https://{HOST}"),
            next_id: 80_000_000_000,
            repositories: Vec::new(),
            moved: BTreeMap::new(),
            tokens: BTreeMap::from([(TOKEN.to_owned(), TokenRecord::new(true))]),
            devices: Devices::default(),
            apps: BTreeMap::new(),
            token_life: TimeDelta::hours(1),
            ahead: TimeDelta::zero(),
            tickets: BTreeMap::new(),
            dispatches: Vec::new(),
            tells_runs: true,
            detour: None,
            chunked: false,
            spent: BTreeMap::new(),
            window_end: now() + TimeDelta::hours(1),
            violations: Vec::new(),
        }
    }

    /// A number no one bears yet.
    pub(super) const fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn find_repository(&self, name: &str) -> Option<usize> {
        self.repositories
            .iter()
            .position(|repository| repository.full_name.eq_ignore_ascii_case(name))
    }

    pub(super) fn repository(&mut self, name: &str) -> Result<&mut Repository, LoopbackError> {
        let found = self.find_repository(name);
        found
            .and_then(|at| self.repositories.get_mut(at))
            .ok_or_else(|| missing("repository", name))
    }

    pub(super) fn run(&mut self, run: u64) -> Result<&mut RunRecord, LoopbackError> {
        self.repositories
            .iter_mut()
            .find_map(|repository| repository.runs.get_mut(&run))
            .ok_or_else(|| missing("run", run.to_string()))
    }

    fn artifact(&mut self, run: u64, name: &str) -> Result<&mut Stored, LoopbackError> {
        let record = self.run(run)?;
        record
            .artifacts
            .iter_mut()
            .rev()
            .find(|stored| bodies::text(&stored.body, "/name") == name)
            .ok_or_else(|| missing("artifact", name))
    }

    pub(super) fn user(&self, id: u64, login: &str) -> Result<Value, LoopbackError> {
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%LOGIN%", login),
        ];
        Ok(fill(bodies::USER, &words, json!({ "id": id }))?)
    }

    pub(super) fn add_repository(
        &mut self,
        full_name: &str,
        owner_id: u64,
        private: bool,
    ) -> Result<(), LoopbackError> {
        let wrong = || LoopbackError::Repository(full_name.to_owned());
        let (login, name) = full_name.split_once('/').ok_or_else(wrong)?;
        if login.is_empty() || name.is_empty() || name.contains('/') {
            return Err(wrong());
        }
        if let Ok(known) = self.repository(full_name) {
            known.set_private(private);
            return Ok(());
        }
        let id = self.new_id();
        let owner = self.user(owner_id, login)?;
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", full_name),
            ("%NAME%", name),
        ];
        let fields = json!({ "id": id, "owner": owner, "private": private });
        let body = fill(bodies::REPOSITORY, &words, fields)?;
        self.repositories
            .push(Repository::new(id, full_name, private, body));
        Ok(())
    }

    pub(super) fn rename_repository(&mut self, from: &str, to: &str) -> Result<(), LoopbackError> {
        let repository = self.repository(from)?;
        let id = repository.id;
        let old = std::mem::replace(&mut repository.full_name, to.to_owned());
        let name = to.rsplit('/').next().unwrap_or(to).to_owned();
        let rename = |body: &mut Value| {
            bodies::replace_strings(body, &|text| text.replace(&old, to));
        };
        rename(&mut repository.body);
        bodies::lay_over(&mut repository.body, json!({ "name": name }));
        for record in repository.runs.values_mut() {
            for attempt in record.attempts.values_mut() {
                rename(&mut attempt.run);
                attempt.jobs.iter_mut().for_each(rename);
            }
            for stored in &mut record.artifacts {
                rename(&mut stored.body);
            }
        }
        self.moved.insert(from.to_ascii_lowercase(), id);
        Ok(())
    }

    pub(super) fn grant(&mut self, token: &str, repository: &str) -> Result<(), LoopbackError> {
        let id = self.repository(repository)?.id;
        let record = self.tokens.get_mut(token);
        let record = record.ok_or_else(|| missing("token", "of that name"))?;
        record.private.insert(id);
        Ok(())
    }

    pub(super) fn tamper(
        &mut self,
        run: u64,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), LoopbackError> {
        let stored = self.artifact(run, name)?;
        bodies::lay_over(&mut stored.body, json!({ "size_in_bytes": bytes.len() }));
        stored.bytes = bytes;
        Ok(())
    }

    pub(super) fn set_artifact_field(
        &mut self,
        run: u64,
        name: &str,
        pointer: &str,
        value: Value,
    ) -> Result<(), LoopbackError> {
        let field = self.artifact(run, name)?.body.pointer_mut(pointer);
        *field.ok_or_else(|| missing("field", pointer))? = value;
        Ok(())
    }

    pub(super) fn set_field(
        &mut self,
        run: u64,
        job: Option<&str>,
        pointer: &str,
        value: Value,
    ) -> Result<(), LoopbackError> {
        let latest = self.run(run)?.attempts.values_mut().next_back();
        let latest = latest.ok_or_else(|| missing("run", run.to_string()))?;
        let body = match job {
            None => Some(&mut latest.run),
            Some(name) => {
                let mut jobs = latest.jobs.iter_mut();
                jobs.find(|body| bodies::text(body, "/name") == name)
            }
        };
        let field = body.and_then(|body| body.pointer_mut(pointer));
        *field.ok_or_else(|| missing("field", pointer))? = value;
        Ok(())
    }

    pub(super) fn expire_artifacts(&mut self, run: u64) -> Result<(), LoopbackError> {
        for stored in &mut self.run(run)?.artifacts {
            bodies::lay_over(&mut stored.body, json!({ "expired": true }));
            stored.bytes.clear();
        }
        Ok(())
    }

    pub(super) fn delete_run(&mut self, run: u64) -> Result<(), LoopbackError> {
        self.repositories
            .iter_mut()
            .find_map(|repository| repository.runs.remove(&run))
            .map(|_| ())
            .ok_or_else(|| missing("run", run.to_string()))
    }

    pub(super) fn complete_run(&mut self, run: u64, conclusion: &str) -> Result<(), LoopbackError> {
        let record = self.run(run)?;
        let latest = record.attempts.values_mut().next_back();
        let latest = latest.ok_or_else(|| missing("run", run.to_string()))?;
        let at = stamp(now());
        let ended = json!({ "status": "completed", "conclusion": conclusion });
        bodies::lay_over(&mut latest.run, ended.clone());
        bodies::lay_over(&mut latest.run, json!({ "updated_at": at }));
        for job in &mut latest.jobs {
            bodies::lay_over(job, ended.clone());
            bodies::lay_over(job, json!({ "completed_at": at }));
            let steps = job.pointer_mut("/steps").and_then(Value::as_array_mut);
            for step in steps.into_iter().flatten() {
                bodies::lay_over(step, ended.clone());
                bodies::lay_over(step, json!({ "completed_at": at }));
            }
        }
        Ok(())
    }

    pub(super) fn annotate(
        &mut self,
        run: u64,
        job: &str,
        title: &str,
        message: &str,
    ) -> Result<(), LoopbackError> {
        let repository = self
            .repositories
            .iter_mut()
            .find(|repository| repository.runs.contains_key(&run))
            .ok_or_else(|| missing("run", run.to_string()))?;
        let latest = repository.runs.get(&run).and_then(RunRecord::latest);
        let jobs = latest.map(|attempt| attempt.jobs.as_slice());
        let found = jobs.unwrap_or_default().iter();
        let id = found
            .filter(|body| bodies::text(body, "/name") == job)
            .map(|body| bodies::number(body, "/id"))
            .next()
            .ok_or_else(|| missing("job", job))?;
        let body = json!({
            "path": ".github", "blob_href": "", "start_line": 1, "end_line": 1, "start_column": null,
            "end_column": null, "annotation_level": "notice", "title": title, "message": message,
            "raw_details": null,
        });
        repository.annotations.entry(id).or_default().push(body);
        Ok(())
    }

    pub(super) fn add_tree(&mut self, repository: &str, tree: Value) -> Result<(), LoopbackError> {
        let sha = bodies::text(&tree, "/sha").to_owned();
        if sha.is_empty() {
            return Err(LoopbackError::Recording("the sha of the tree"));
        }
        self.repository(repository)?.trees.insert(sha, tree);
        Ok(())
    }
}

impl Repository {
    pub(super) const fn runs_of(&self) -> &BTreeMap<u64, RunRecord> {
        &self.runs
    }

    pub(super) fn new(id: u64, full_name: &str, private: bool, body: Value) -> Self {
        Self {
            id,
            full_name: full_name.to_owned(),
            private,
            body,
            runs: BTreeMap::new(),
            commits: BTreeMap::new(),
            trees: BTreeMap::new(),
            pulls: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }

    fn set_private(&mut self, private: bool) {
        self.private = private;
        bodies::lay_over(&mut self.body, json!({ "private": private }));
    }
}

/// The number of a workflow, the same for the same file.
pub(super) fn workflow_id(path: &str) -> u64 {
    let letters = path.bytes().map(u64::from);
    letters.fold(7, |sum, letter| (sum * 31 + letter) % 1_000_000_007)
}

/// GitHub's way to write a time.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The clock of the loopback GitHub.
pub(super) fn now() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the loopback GitHub is an outside service with a clock of its own"
    )]
    let now = Utc::now();
    now.trunc_subsecs(0)
}

pub(super) fn missing(what: &'static str, id: impl Into<String>) -> LoopbackError {
    LoopbackError::Missing {
        what,
        id: id.into(),
    }
}
