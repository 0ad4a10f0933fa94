//! From a short description to the complete bodies of a run, its jobs, its commit, its artifacts.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::bodies::{self, fill};
use super::world::{Attempt, Stored, World, missing, now, stamp, workflow_id};
use super::{JobSpec, LoopbackError, RunSpec};
use crate::play::http::hex_digest;

impl World {
    pub(super) fn add_run(&mut self, spec: RunSpec) -> Result<(), LoopbackError> {
        if self.find_repository(&spec.repository).is_none() {
            self.add_repository(&spec.repository, spec.owner_id, false)?;
        }
        let started = spec
            .started_at
            .unwrap_or_else(|| now() - TimeDelta::minutes(5));
        let run = self.run_body(&spec, started)?;
        let default = JobSpec {
            name: "practice".to_owned(),
            conclusion: spec.conclusion.clone(),
            steps: vec![("Run the tests".to_owned(), spec.conclusion.clone())],
        };
        let specs = if spec.jobs.is_empty() {
            vec![default]
        } else {
            spec.jobs.clone()
        };
        let jobs = specs
            .iter()
            .map(|job| self.job_body(&run, job))
            .collect::<Result<Vec<_>, _>>()?;
        let commit = self.commit_body(&run)?;
        let repository = self.repository(&spec.repository)?;
        repository.commits.insert(spec.head_sha, commit);
        let record = repository.runs.entry(spec.run_id).or_default();
        record.attempts.insert(spec.attempt, Attempt { run, jobs });
        for (name, bytes) in spec.artifacts {
            self.upload_at(spec.run_id, &name, bytes, started + TimeDelta::seconds(90))?;
        }
        Ok(())
    }

    fn run_body(&mut self, spec: &RunSpec, started: DateTime<Utc>) -> Result<Value, LoopbackError> {
        let (id, workflow) = (spec.run_id.to_string(), workflow_id(&spec.workflow_path));
        let login = spec
            .repository
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let actor = self.user(spec.owner_id, &login)?;
        let first = self.run(spec.run_id).ok().and_then(|record| {
            let attempt = record.attempts.values().next()?;
            Some(bodies::text(&attempt.run, "/created_at").to_owned())
        });
        let repository = self.repository(&spec.repository)?.body.clone();
        let workflow_text = workflow.to_string();
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", &spec.repository),
            ("%RUN%", &id),
            ("%WORKFLOW%", &workflow_text),
            ("%LOGIN%", &login),
        ];
        let ended = if spec.status == "completed" {
            TimeDelta::minutes(2)
        } else {
            TimeDelta::zero()
        };
        let previous = (spec.attempt > 1).then(|| {
            let before = spec.attempt - 1;
            format!(
                "{}/repos/{}/actions/runs/{id}/attempts/{before}",
                self.api, spec.repository
            )
        });
        let fields = json!({
            "id": spec.run_id, "check_suite_id": spec.run_id, "workflow_id": workflow,
            "head_branch": spec.head_branch, "head_sha": spec.head_sha, "path": spec.workflow_path,
            "event": spec.event, "status": spec.status, "conclusion": spec.conclusion,
            "run_attempt": spec.attempt, "created_at": first.unwrap_or_else(|| stamp(started)),
            "run_started_at": stamp(started), "updated_at": stamp(started + ended),
            "previous_attempt_url": previous, "actor": actor, "triggering_actor": actor,
            "head_commit": {
                "id": spec.head_sha, "tree_id": hex_digest(spec.head_sha.as_bytes()).chars().take(40).collect::<String>(),
                "timestamp": stamp(started),
            },
            "repository": repository, "head_repository": repository,
            "head_repository_id": repository.get("id"),
        });
        Ok(fill(bodies::RUN, &words, fields)?)
    }

    fn job_body(&mut self, run: &Value, spec: &JobSpec) -> Result<Value, LoopbackError> {
        let id = self.new_id();
        let (run_id, job_id) = (bodies::number(run, "/id").to_string(), id.to_string());
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", bodies::text(run, "/repository/full_name")),
            ("%RUN%", &run_id),
            ("%JOB%", &job_id),
        ];
        let started = bodies::text(run, "/run_started_at");
        let ended = spec
            .conclusion
            .as_ref()
            .map(|_| bodies::text(run, "/updated_at"));
        let status = if spec.conclusion.is_some() {
            "completed"
        } else {
            "in_progress"
        };
        let steps: Vec<Value> = (1_u32..)
            .zip(&spec.steps)
            .map(|(number, (name, conclusion))| {
                json!({
                    "name": name, "number": number, "conclusion": conclusion,
                    "status": if conclusion.is_some() { "completed" } else { "queued" },
                    "started_at": started, "completed_at": ended,
                })
            })
            .collect();
        let fields = json!({
            "id": id, "run_id": run.get("id"), "head_sha": run.get("head_sha"),
            "head_branch": run.get("head_branch"), "run_attempt": run.get("run_attempt"),
            "name": spec.name, "status": status, "conclusion": spec.conclusion, "steps": steps,
            "created_at": started, "started_at": started, "completed_at": ended,
        });
        Ok(fill(bodies::JOB, &words, fields)?)
    }

    fn commit_body(&self, run: &Value) -> Result<Value, LoopbackError> {
        let (sha, tree) = (
            bodies::text(run, "/head_sha"),
            bodies::text(run, "/head_commit/tree_id"),
        );
        let date = bodies::text(run, "/head_commit/timestamp");
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", bodies::text(run, "/repository/full_name")),
            ("%LOGIN%", bodies::text(run, "/actor/login")),
            ("%SHA%", sha),
            ("%TREE%", tree),
        ];
        let fields = json!({
            "sha": sha, "tree": { "sha": tree },
            "author": { "date": date }, "committer": { "date": date },
        });
        Ok(fill(bodies::COMMIT, &words, fields)?)
    }

    pub(super) fn upload(
        &mut self,
        run: u64,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<u64, LoopbackError> {
        self.upload_at(run, name, bytes, now())
    }

    fn upload_at(
        &mut self,
        run: u64,
        name: &str,
        bytes: Vec<u8>,
        at: DateTime<Utc>,
    ) -> Result<u64, LoopbackError> {
        let id = self.new_id();
        let record = self.run(run)?;
        let latest = record.latest().map(|attempt| attempt.run.clone());
        let latest = latest.ok_or_else(|| missing("run", run.to_string()))?;
        let number = id.to_string();
        let words = [
            ("%API%", self.api.as_str()),
            ("%REPO%", bodies::text(&latest, "/repository/full_name")),
            ("%ARTIFACT%", &number),
        ];
        let fields = json!({
            "id": id, "name": name, "size_in_bytes": bytes.len(),
            "digest": format!("sha256:{}", hex_digest(&bytes)),
            "created_at": stamp(at), "updated_at": stamp(at),
            "expires_at": stamp(at + TimeDelta::days(90)),
            "workflow_run": {
                "id": run, "head_sha": latest.get("head_sha"),
                "head_branch": latest.get("head_branch"),
                "repository_id": latest.pointer("/repository/id"),
                "head_repository_id": latest.pointer("/head_repository/id"),
            },
        });
        let body = fill(bodies::ARTIFACT, &words, fields)?;
        self.run(run)?.artifacts.push(Stored { body, bytes });
        Ok(id)
    }

    pub(super) fn add_pull(
        &mut self,
        repository: &str,
        number: u64,
        sha: &str,
    ) -> Result<(), LoopbackError> {
        let (id, text) = (self.new_id(), number.to_string());
        let repo = bodies::repository_page(&self.repository(repository)?.body)?;
        let owner = repo.get("owner").cloned().unwrap_or_default();
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", repository),
            ("%LOGIN%", bodies::text(&owner, "/login")),
            ("%PULL%", &text),
            ("%SHA%", sha),
        ];
        let at = stamp(now());
        let fields = json!({
            "id": id, "number": number, "user": owner, "created_at": at, "updated_at": at,
            "head": { "sha": sha, "repo": repo, "user": owner },
            "base": { "repo": repo, "user": owner },
        });
        let body = fill(bodies::PULL, &words, fields)?;
        self.repository(repository)?.pulls.insert(number, body);
        Ok(())
    }
}
