//! What a real run left behind, brought in as it stands or under other names and numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::LoopbackError;
use super::bodies::{self, number, text};
use super::world::{Attempt, Repository, Stored, World, stamp};

const REAL_API: &str = "https://api.github.com";

/// The bodies of one run, as GitHub gave them.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The run.
    pub run: Value,
    /// The list of its jobs.
    pub jobs: Value,
    /// The list of its artifacts.
    pub artifacts: Value,
    /// The files of its commit, as the trees of GitHub's API; `None` shows none.
    pub tree: Option<Value>,
    /// The bytes of the artifacts, by name.
    pub zips: Vec<(String, Vec<u8>)>,
}

/// What is to be different from the recording.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `owner/name`; the owner's login becomes the actor's too.
    pub repository: Option<String>,
    /// The number of the actor's account, who is also the owner.
    pub actor_id: Option<u64>,
    /// The run's number.
    pub run_id: Option<u64>,
    /// When the attempt started; every time moves along.
    pub started_at: Option<DateTime<Utc>>,
}

/// How a recording is changed.
struct Changes {
    names: Vec<(String, String)>,
    numbers: BTreeMap<u64, u64>,
    shift: TimeDelta,
}

impl World {
    pub(super) fn add_recorded(
        &mut self,
        mut recorded: Recorded,
        overrides: &Overrides,
    ) -> Result<u64, LoopbackError> {
        let changes = self.changes(&recorded, overrides)?;
        for body in [
            &mut recorded.run,
            &mut recorded.jobs,
            &mut recorded.artifacts,
        ] {
            changes.apply(body);
        }
        if let Some(id) = overrides.actor_id {
            let owner = json!({ "owner": { "id": id } });
            bodies::lay_over(
                &mut recorded.run,
                json!({
                    "actor": { "id": id }, "triggering_actor": { "id": id },
                    "repository": owner, "head_repository": owner,
                }),
            );
        }
        self.store(recorded)
    }

    fn changes(
        &mut self,
        recorded: &Recorded,
        wanted: &Overrides,
    ) -> Result<Changes, LoopbackError> {
        let run = &recorded.run;
        let full_name = text(run, "/repository/full_name");
        let (login, name) = full_name
            .split_once('/')
            .ok_or(LoopbackError::Recording("repository.full_name"))?;
        let mut names = vec![(REAL_API.to_owned(), self.api.clone())];
        let mut numbers = BTreeMap::new();
        if let Some(other) = &wanted.repository {
            let (new_login, new_name) = other
                .split_once('/')
                .ok_or_else(|| LoopbackError::Repository(other.clone()))?;
            names.push((full_name.to_owned(), other.clone()));
            names.push((login.to_owned(), new_login.to_owned()));
            names.push((name.to_owned(), new_name.to_owned()));
            let known = self
                .find_repository(other)
                .and_then(|at| self.repositories.get(at));
            let id = known.map(|repository| repository.id);
            let id = id.unwrap_or_else(|| self.new_id());
            numbers.insert(number(run, "/repository/id"), id);
        }
        if let Some(id) = wanted.run_id {
            numbers.insert(number(run, "/id"), id);
            for item in
                listed(&recorded.jobs, "jobs").chain(listed(&recorded.artifacts, "artifacts"))
            {
                let fresh = self.new_id();
                numbers.insert(number(item, "/id"), fresh);
            }
        }
        let started = DateTime::parse_from_rfc3339(text(run, "/run_started_at"))
            .map_err(|_| LoopbackError::Recording("run_started_at"))?;
        let shift = wanted
            .started_at
            .map_or_else(TimeDelta::zero, |at| at - started.to_utc());
        Ok(Changes {
            names,
            numbers,
            shift,
        })
    }

    fn store(&mut self, recorded: Recorded) -> Result<u64, LoopbackError> {
        let Recorded {
            run,
            jobs,
            artifacts,
            tree,
            zips,
        } = recorded;
        let id = number(&run, "/id");
        let attempt = u32::try_from(number(&run, "/run_attempt").max(1)).unwrap_or(1);
        let repository = self.recorded_repository(&run)?;
        let commit = json!({
            "sha": run.get("head_sha"), "parents": [],
            "tree": { "sha": run.pointer("/head_commit/tree_id") },
            "message": run.pointer("/head_commit/message"),
        });
        repository
            .commits
            .insert(text(&run, "/head_sha").to_owned(), commit);
        if let Some(tree) = tree {
            let sha = text(&run, "/head_commit/tree_id").to_owned();
            repository.trees.insert(sha, tree);
        }
        let record = repository.runs.entry(id).or_default();
        record.artifacts = listed(&artifacts, "artifacts")
            .map(|body| {
                let found = zips.iter().find(|(name, _)| name == text(body, "/name"));
                let bytes = found.map(|(_, bytes)| bytes.clone()).unwrap_or_default();
                let mut body = body.clone();
                bodies::lay_over(&mut body, json!({ "size_in_bytes": bytes.len() }));
                Stored { body, bytes }
            })
            .collect();
        let jobs = listed(&jobs, "jobs").cloned().collect();
        record.attempts.insert(attempt, Attempt { run, jobs });
        Ok(id)
    }

    /// The repository the recording belongs to, made from its body when it is new.
    fn recorded_repository(&mut self, run: &Value) -> Result<&mut Repository, LoopbackError> {
        let full_name = text(run, "/repository/full_name");
        if self.find_repository(full_name).is_none() {
            let body = run.get("repository").cloned().unwrap_or_default();
            let private = body.get("private") == Some(&Value::Bool(true));
            let id = number(&body, "/id");
            self.repositories
                .push(Repository::new(id, full_name, private, body));
        }
        self.find_repository(full_name)
            .and_then(|at| self.repositories.get_mut(at))
            .ok_or(LoopbackError::Recording("repository"))
    }
}

impl Changes {
    fn apply(&self, body: &mut Value) {
        match body {
            Value::Number(old) => {
                if let Some(new) = old.as_u64().and_then(|old| self.numbers.get(&old)) {
                    *body = json!(new);
                }
            }
            Value::String(old) => *old = self.text(old),
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.apply(field)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Times move, names change as a whole or inside addresses, and so do numbers in addresses.
    fn text(&self, old: &str) -> String {
        if let Ok(time) = DateTime::parse_from_rfc3339(old) {
            return stamp(time.to_utc() + self.shift);
        }
        if let Some((_, new)) = self.names.iter().find(|(name, _)| name == old) {
            return new.clone();
        }
        if !old.contains("://") && !old.contains("github.com") {
            return old.to_owned();
        }
        let renamed = self
            .names
            .iter()
            .fold(old.to_owned(), |text, (from, to)| text.replace(from, to));
        self.renumbered(&renamed)
    }

    /// Whole runs of digits that are a known number.
    fn renumbered(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for piece in text.split_inclusive(|letter: char| !letter.is_ascii_digit()) {
            let digits = piece.trim_end_matches(|letter: char| !letter.is_ascii_digit());
            let new = digits
                .parse()
                .ok()
                .and_then(|old: u64| self.numbers.get(&old));
            match new {
                Some(new) => {
                    written.push_str(&new.to_string());
                    written.push_str(piece.strip_prefix(digits).unwrap_or_default());
                }
                None => written.push_str(piece),
            }
        }
        written
    }
}

fn listed<'a>(list: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    list.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
