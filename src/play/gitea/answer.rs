//! The routes, in both dialects.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Dialect, HOST, Repository, Stored, World};
use crate::play::http::{self, Asked, Reply, Sent, decode};

/// What a server writes for a time that has not come.
pub(super) const NEVER: &str = "0001-01-01T00:00:00Z";

impl http::World for World {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let token = asked.token();
        let unreadable = asked.header("authorization").is_some() && token.is_none();
        if unreadable || token.is_some_and(|token| !self.tokens.contains(token)) {
            return refusal(401, "invalid username, password or token");
        }
        let pieces: Vec<String> = asked.path.split('/').skip(1).map(decode).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match pieces.as_slice() {
            ["api", "v1", "repos", owner, name, rest @ ..] if asked.method == "GET" => {
                let name = format!("{owner}/{name}");
                let seen = |known: &&Repository| {
                    known.name.eq_ignore_ascii_case(&name) && (token.is_some() || !known.private)
                };
                match self.repositories.iter().find(seen) {
                    Some(repository) => self.in_repository(repository, rest, asked),
                    None => refusal(404, "The target couldn't be found."),
                }
            }
            _ => {
                self.violations
                    .push(format!("unknown route {} {}", asked.method, asked.path));
                refusal(404, "Not found.")
            }
        }
    }
}

impl World {
    fn in_repository(&self, repository: &Repository, rest: &[&str], asked: &Asked) -> Reply {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        let missing = || refusal(404, "The target couldn't be found.");
        match rest {
            [] => Reply::json(200, &self.repository_body(repository)),
            ["pulls", id] => match repository.pulls.get(&number(id)) {
                Some(sha) => {
                    let body = self.pull_body(repository, number(id), sha);
                    Reply::json(200, &repository.pull_now(number(id), body))
                }
                None => missing(),
            },
            ["git", "trees", sha] => match repository.trees.get(*sha) {
                Some(files) => {
                    let git = format!("{}/repos/{}/git", self.api, repository.name);
                    Reply::json(200, &tree_body(&git, sha, files))
                }
                None => missing(),
            },
            ["actions", "runs"] => self.listed(repository, asked),
            ["actions", "runs", id, rest @ ..] => match (repository.runs.get(&number(id)), rest) {
                (Some(stored), []) => Reply::json(200, &self.run_now(repository, stored)),
                (Some(stored), ["jobs"]) => self.wrapped("jobs", self.jobs_now(repository, stored)),
                (Some(stored), ["artifacts"]) => {
                    let all = 0..stored.run.artifacts.len();
                    let bodies = all.filter_map(|at| self.artifact_now(repository, stored, at));
                    self.wrapped("artifacts", bodies.collect())
                }
                _ => missing(),
            },
            ["actions", "artifacts", id, "zip"] => {
                if asked.token().is_none() {
                    return refusal(401, "token is required");
                }
                let (run, at) = (number(id) / 100, number(id) % 100);
                let stored = repository.runs.get(&run).filter(|stored| !stored.expired);
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                match stored.and_then(|stored| stored.run.artifacts.get(at)) {
                    Some((_, bytes)) => Reply {
                        status: 200,
                        headers: vec![("content-type".to_owned(), "application/zip".to_owned())],
                        body: bytes.clone(),
                        sent: Sent::AtOnce,
                    },
                    None => missing(),
                }
            }
            _ => missing(),
        }
    }

    /// Forgejo filters by place and commit; Gitea by branch and commit, and ignores the rest.
    fn listed(&self, repository: &Repository, asked: &Asked) -> Reply {
        let fits = |stored: &&Stored| {
            let commit = asked
                .query("head_sha")
                .is_none_or(|sha| stored.run.sha == sha);
            let place = self.dialect == Dialect::Gitea
                || asked
                    .query("run_number")
                    .is_none_or(|at| stored.run.index.to_string() == at);
            let branch = self.dialect == Dialect::Forgejo
                || asked.query("branch").is_none_or(|branch| branch == "main");
            commit && place && branch
        };
        let runs = repository.runs.values().rev().filter(fits);
        let runs: Vec<Value> = runs
            .map(|stored| self.run_now(repository, stored))
            .collect();
        Reply::json(
            200,
            &json!({ "total_count": runs.len(), "workflow_runs": runs }),
        )
    }

    /// Gitea lists inside an object, Forgejo does not.
    fn wrapped(&self, key: &str, items: Vec<Value>) -> Reply {
        match self.dialect {
            Dialect::Gitea => Reply::json(200, &json!({ "total_count": items.len(), key: items })),
            Dialect::Forgejo => Reply::json(200, &Value::Array(items)),
        }
    }

    pub(super) fn run_body(&self, repository: &Repository, stored: &Stored) -> Value {
        let run = &stored.run;
        let (status, conclusion, ended) = gitea_words(stored);
        let user = self.user_body(run.user.0, &run.user.1);
        let page = |number| format!("https://{HOST}/{}/actions/runs/{number}", repository.name);
        match self.dialect {
            Dialect::Gitea => told(json!({
                "id": run.id, "html_url": page(run.id), "display_title": "Practice",
                "url": format!("{}/repos/{}/actions/runs/{}", self.api, repository.name, run.id),
                "path": "practice.yml@refs/heads/main", "event": "push", "run_attempt": 1,
                "run_number": run.index, "head_sha": run.sha, "head_branch": "main",
                "status": status, "conclusion": conclusion,
                "actor": user, "trigger_actor": user,
                "repository": self.repository_body(repository),
                "head_repository": self.repository_body(repository),
                "started_at": stamp(stored.started), "completed_at": ended,
            })),
            Dialect::Forgejo => json!({
                "ScheduleID": 0, "approved_by": 0, "commit_sha": run.sha,
                "created": stamp(stored.started), "duration": 40_000_000_000_u64, "event": "push",
                "event_payload": "{}", "html_url": page(run.index), "id": run.id,
                "index_in_repo": run.index, "is_fork_pull_request": false,
                "is_ref_deleted": false, "need_approval": false, "prettyref": "main",
                "repository": self.repository_body(repository), "started": stamp(stored.started),
                "status": run.status, "stopped": ended, "title": "Practice",
                "trigger_event": "push", "trigger_user": user,
                "updated": stamp(stored.started + TimeDelta::seconds(40)),
                "workflow_id": "practice.yml",
            }),
        }
    }

    pub(super) fn artifact_body(
        &self,
        repository: &Repository,
        stored: &Stored,
        at: usize,
    ) -> Option<Value> {
        let (name, bytes) = stored.run.artifacts.get(at)?;
        let id = stored.run.id * 100 + u64::try_from(at).ok()?;
        let url = format!(
            "{}/repos/{}/actions/artifacts/{id}",
            self.api, repository.name
        );
        let mut body = json!({
            "id": id, "name": name, "size_in_bytes": bytes.len(), "expired": stored.expired,
            "archive_download_url": format!("{url}/zip"),
            "created_at": stamp(stored.started + TimeDelta::seconds(30)),
            "updated_at": stamp(stored.started + TimeDelta::seconds(30)),
            "expires_at": stamp(stored.started + TimeDelta::days(90)),
        });
        let own = match self.dialect {
            Dialect::Gitea => json!({
                "url": url,
                // Three fields are known; the others are as they are when nothing has been said.
                "workflow_run": {
                    "id": stored.run.id, "repository_id": repository.id, "head_sha": stored.run.sha,
                    "url": "", "html_url": "", "display_title": "", "path": "", "event": "",
                    "run_attempt": 0, "run_number": 0, "status": "",
                    "started_at": NEVER, "completed_at": NEVER,
                },
            }),
            Dialect::Forgejo => json!({ "run_id": stored.run.id }),
        };
        http::lay_over(&mut body, own);
        Some(body)
    }

    pub(super) fn job_body(&self, repository: &Repository, stored: &Stored) -> Value {
        let (run, id) = (&stored.run, stored.run.id + 1);
        let api = format!("{}/repos/{}/actions", self.api, repository.name);
        let (status, conclusion, ended) = gitea_words(stored);
        match self.dialect {
            Dialect::Gitea => told(json!({
                "id": id, "url": format!("{api}/jobs/{id}"), "run_id": run.id,
                "html_url": format!("https://{HOST}/{}/actions/runs/{}/jobs/0", repository.name, run.id),
                "run_url": format!("{api}/runs/{}", run.id), "name": "test",
                "labels": ["ubuntu-latest"], "run_attempt": 1, "head_sha": run.sha,
                "head_branch": "main", "status": status, "conclusion": conclusion,
                "runner_id": 1, "runner_name": "docker", "steps": [],
                "created_at": stamp(stored.started), "started_at": stamp(stored.started),
                "completed_at": ended,
            })),
            Dialect::Forgejo => json!({
                "id": id, "attempt": 1, "handle": format!("{id:032x}"), "name": "test",
                "html_url": format!("https://{HOST}/{}/actions/runs/{}/jobs/0", repository.name, run.index),
                "needs": null, "owner_id": 42, "repo_id": repository.id, "run_id": run.id,
                "runs_on": ["docker"], "status": run.status, "steps": [], "task_id": id,
            }),
        }
    }
}

/// Gitea leaves out a conclusion that has not come.
fn told(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|name, field| name != "conclusion" || !field.is_null());
    }
    body
}

/// Gitea's words for how far a run has come, how it ended, and when.
fn gitea_words(stored: &Stored) -> (&'static str, Value, String) {
    let going = match stored.run.status.as_str() {
        "running" => Some("in_progress"),
        "waiting" => Some("queued"),
        "blocked" => Some("waiting"),
        _ => None,
    };
    match going {
        Some(status) => (status, Value::Null, NEVER.to_owned()),
        None => (
            "completed",
            json!(stored.run.status),
            stamp(stored.started + TimeDelta::seconds(40)),
        ),
    }
}

fn tree_body(git: &str, sha: &str, files: &[(String, String)]) -> Value {
    let entry = |(path, id): &(String, String)| {
        json!({
            "path": path, "sha": id, "type": "blob", "mode": "100644", "size": 1,
            "url": format!("{git}/blobs/{id}"),
        })
    };
    let entries: Vec<Value> = files.iter().map(entry).collect();
    json!({
        "sha": sha, "url": format!("{git}/trees/{sha}"), "tree": entries, "truncated": false,
        "page": 1, "total_count": files.len(),
    })
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "message": message, "url": format!("https://{HOST}/api/swagger") }),
    )
}

pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) fn now() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the loopback Gitea is an outside service with a clock of its own"
    )]
    Utc::now()
}
