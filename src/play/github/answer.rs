//! The routes: a path of the API to what is known about it.

use serde_json::{Value, json};

use super::bodies::{self, fill, number, text};
use super::lists;
use super::world::{Attempt, Repository, RunRecord, Stored, World, workflow_id};
use crate::play::http::{Asked, Reply, decode};

impl World {
    pub(super) fn route(&mut self, asked: &Asked) -> Reply {
        let pieces: Vec<String> = asked
            .path
            .split('/')
            .filter(|piece| !piece.is_empty())
            .map(decode)
            .collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match pieces.as_slice() {
            [
                "repos",
                owner,
                name,
                "actions",
                "workflows",
                file,
                "dispatches",
            ] if asked.method == "POST" => self.dispatch(&format!("{owner}/{name}"), file, asked),
            _ if asked.method != "GET" => self.unknown(asked),
            ["repos", owner, name, rest @ ..] => {
                let full_name = format!("{owner}/{name}");
                match self.find_repository(&full_name) {
                    Some(at) => self.in_repository(at, rest, asked),
                    None => self.moved_away(&full_name, rest),
                }
            }
            ["repositories", id, rest @ ..] => {
                let id = id.parse().ok();
                let found = self.repositories.iter();
                match found
                    .map(|repository| repository.id)
                    .position(|known| Some(known) == id)
                {
                    Some(at) => self.in_repository(at, rest, asked),
                    None => not_found(),
                }
            }
            _ => self.unknown(asked),
        }
    }

    /// A path that GitHub would not know, or that this loopback does not.
    fn unknown(&mut self, asked: &Asked) -> Reply {
        self.violations
            .push(format!("unknown route {} {}", asked.method, asked.path));
        not_found()
    }

    fn moved_away(&self, full_name: &str, rest: &[&str]) -> Reply {
        let Some(id) = self.moved.get(&full_name.to_ascii_lowercase()) else {
            return not_found();
        };
        let mut location = format!("{}/repositories/{id}", self.api);
        for piece in rest {
            location.push('/');
            location.push_str(piece);
        }
        let body = json!({ "message": "Moved Permanently", "url": location });
        Reply::json(301, &body).with("location", location)
    }

    fn in_repository(&mut self, at: usize, rest: &[&str], asked: &Asked) -> Reply {
        let Some(repository) = self.repositories.get(at) else {
            return not_found();
        };
        if repository.private && !self.sees(repository.id, asked) {
            return not_found();
        }
        if let ["actions", "artifacts", id, "zip"] = rest {
            return self.download(at, id, asked);
        }
        match look_up(&self.api, repository, rest, asked) {
            Answer::Found(body) => Reply::json(200, &body),
            Answer::Listed(listed) => {
                let reply = Reply::json(200, &listed.body);
                match listed.link {
                    Some(link) => reply.with("link", link),
                    None => reply,
                }
            }
            Answer::Missing => not_found(),
            Answer::Unknown => self.unknown(asked),
            Answer::Wrong => Reply::refusal(422, "No commit found for the given reference"),
        }
    }

    fn sees(&self, repository: u64, asked: &Asked) -> bool {
        let record = asked.token().and_then(|token| self.tokens.get(token));
        record.is_some_and(|record| record.private.contains(&repository))
    }

    /// The way to an artifact's bytes: a token first, then a signed address elsewhere.
    fn download(&mut self, at: usize, id: &str, asked: &Asked) -> Reply {
        let Some(token) = asked.token() else {
            return Reply::refusal(401, "Requires authentication");
        };
        if !self.tokens.get(token).is_some_and(|record| record.actions) {
            return Reply::refusal(403, "Resource not accessible by personal access token");
        }
        let found = self.repositories.get(at);
        let only = self
            .tokens
            .get(token)
            .and_then(|record| record.only.as_ref());
        if only.is_some_and(|only| found.is_none_or(|found| !only.contains(&found.id))) {
            return Reply::refusal(403, "Resource not accessible by integration");
        }
        let Some(stored) = found.and_then(|repository| artifact(repository, id)) else {
            return not_found();
        };
        if stored.body.get("expired") == Some(&Value::Bool(true)) {
            return Reply::refusal(410, "Artifact has expired");
        }
        let bytes = stored.bytes.clone();
        let location = self.sign(bytes);
        let mut reply = Reply::json(302, &Value::Null).with("location", location);
        reply.body.clear();
        reply
    }
}

/// What a lookup brought.
enum Answer {
    Found(Value),
    Listed(lists::Listed),
    Missing,
    Wrong,
    Unknown,
}

impl From<Option<&Value>> for Answer {
    fn from(found: Option<&Value>) -> Self {
        found.cloned().map_or(Self::Missing, Self::Found)
    }
}

fn look_up(api: &str, repository: &Repository, rest: &[&str], asked: &Asked) -> Answer {
    let list = |key, items| Answer::Listed(lists::page(api, asked, key, items));
    match rest {
        [] => repository_page(repository).map_or(Answer::Missing, Answer::Found),
        ["actions", "runs"] => list("workflow_runs", runs(repository, asked, |_| true)),
        ["actions", "runs", run, rest @ ..] => {
            match parse(run).and_then(|id| repository.runs.get(&id)) {
                Some(record) => in_run(api, record, rest, asked),
                None => Answer::Missing,
            }
        }
        ["actions", "jobs", id] => Answer::from(job(repository, id)),
        ["actions", "artifacts", id] => {
            Answer::from(artifact(repository, id).map(|stored| &stored.body))
        }
        ["actions", "workflows", file, rest @ ..] => {
            in_workflow(api, repository, file, rest, asked)
        }
        ["check-runs", id] => {
            match job(repository, id).map(|job| check_run(api, repository, job)) {
                Some(Ok(check)) => Answer::Found(check),
                _ => Answer::Missing,
            }
        }
        ["check-runs", id, "annotations"] => match job(repository, id) {
            Some(job) => {
                let written = repository.annotations.get(&number(job, "/id"));
                Answer::Found(json!(written.cloned().unwrap_or_default()))
            }
            None => Answer::Missing,
        },
        ["pulls", id] => Answer::from(parse(id).and_then(|id| repository.pulls.get(&id))),
        ["git", "commits", sha] => Answer::from(repository.commits.get(*sha)),
        ["git", "trees", sha] => Answer::from(repository.trees.get(*sha)),
        ["commits", reference] => {
            let found = repository.commits.iter();
            let found = found.filter(|(sha, _)| sha.starts_with(*reference));
            match found.map(|(_, commit)| commit).next() {
                Some(commit) => Answer::Found(commit_page(repository, commit)),
                None => Answer::Wrong,
            }
        }
        _ => Answer::Unknown,
    }
}

fn in_run(api: &str, record: &RunRecord, rest: &[&str], asked: &Asked) -> Answer {
    let list = |key, items| Answer::Listed(lists::page(api, asked, key, items));
    let attempt = |text: &str| {
        let number = text.parse().ok();
        number.and_then(|number: u32| record.attempts.get(&number))
    };
    let all = |attempts: &mut dyn Iterator<Item = &Attempt>| {
        attempts.flat_map(|attempt| attempt.jobs.clone()).collect()
    };
    match rest {
        [] => Answer::from(record.latest().map(|latest| &latest.run)),
        ["jobs"] if asked.query("filter") == Some("all") => {
            list("jobs", all(&mut record.attempts.values()))
        }
        ["jobs"] => list("jobs", all(&mut record.latest().into_iter())),
        ["attempts", number] => Answer::from(attempt(number).map(|attempt| &attempt.run)),
        ["attempts", number, "jobs"] => match attempt(number) {
            Some(attempt) => list("jobs", attempt.jobs.clone()),
            None => Answer::Missing,
        },
        ["artifacts"] => {
            let name = asked.query("name");
            let named =
                |stored: &&Stored| name.is_none_or(|name| text(&stored.body, "/name") == name);
            let kept = record.artifacts.iter().filter(named);
            list(
                "artifacts",
                kept.map(|stored| stored.body.clone()).collect(),
            )
        }
        _ => Answer::Unknown,
    }
}

fn in_workflow(
    api: &str,
    repository: &Repository,
    file: &str,
    rest: &[&str],
    asked: &Asked,
) -> Answer {
    let of_file = |run: &Value| {
        let path = text(run, "/path").split('@').next().unwrap_or_default();
        path.rsplit('/').next() == Some(file) || workflow_id(path).to_string() == file
    };
    let found = runs(repository, asked, of_file);
    match (rest, found.first()) {
        (["runs"], _) => Answer::Listed(lists::page(api, asked, "workflow_runs", found)),
        ([], Some(run)) => {
            let path = text(run, "/path");
            let id = workflow_id(path).to_string();
            let words = [
                ("%API%", api),
                ("%HTML%", "https://github.com"),
                ("%REPO%", &repository.full_name),
                ("%WORKFLOW%", &id),
                ("%PATH%", path),
            ];
            let fields = json!({ "id": workflow_id(path), "path": path });
            fill(bodies::WORKFLOW, &words, fields).map_or(Answer::Missing, Answer::Found)
        }
        ([], None) => Answer::Missing,
        _ => Answer::Unknown,
    }
}

/// The latest attempts of all runs that the query lets through, newest first.
fn runs(repository: &Repository, asked: &Asked, also: impl Fn(&Value) -> bool) -> Vec<Value> {
    let is = |name: &str, actual: &str| asked.query(name).is_none_or(|wanted| wanted == actual);
    let latest = repository.runs_of().values().filter_map(RunRecord::latest);
    let mut kept: Vec<Value> = latest
        .map(|attempt| &attempt.run)
        .filter(|run| {
            let (status, end) = (text(run, "/status"), text(run, "/conclusion"));
            is("head_sha", text(run, "/head_sha"))
                && is("branch", text(run, "/head_branch"))
                && is("event", text(run, "/event"))
                && is("actor", text(run, "/actor/login"))
                && is(
                    "check_suite_id",
                    &number(run, "/check_suite_id").to_string(),
                )
                && (is("status", status) || is("status", end))
                && also(run)
        })
        .cloned()
        .collect();
    kept.sort_by_key(|run| {
        let key = (text(run, "/created_at").to_owned(), number(run, "/id"));
        std::cmp::Reverse(key)
    });
    kept
}

fn job<'a>(repository: &'a Repository, id: &str) -> Option<&'a Value> {
    let id = parse(id)?;
    let attempts = repository
        .runs
        .values()
        .flat_map(|run| run.attempts.values());
    attempts
        .flat_map(|attempt| &attempt.jobs)
        .find(|job| number(job, "/id") == id)
}

fn artifact<'a>(repository: &'a Repository, id: &str) -> Option<&'a Stored> {
    let id = parse(id)?;
    let mut stored = repository.runs.values().flat_map(|run| &run.artifacts);
    stored.find(|stored| number(&stored.body, "/id") == id)
}

/// A check run of Actions is its job, told again.
fn check_run(api: &str, repository: &Repository, job: &Value) -> Result<Value, serde_json::Error> {
    let (id, run) = (
        number(job, "/id").to_string(),
        number(job, "/run_id").to_string(),
    );
    let words = [
        ("%API%", api),
        ("%HTML%", "https://github.com"),
        ("%REPO%", &repository.full_name),
        ("%RUN%", &run),
        ("%JOB%", &id),
    ];
    let fields = json!({
        "id": job.get("id"), "head_sha": job.get("head_sha"), "name": job.get("name"),
        "status": job.get("status"), "conclusion": job.get("conclusion"),
        "started_at": job.get("started_at"), "completed_at": job.get("completed_at"),
        "check_suite": { "id": job.get("run_id") },
    });
    fill(bodies::CHECK_RUN, &words, fields)
}

/// A repository with the counts that only its own page shows.
fn repository_page(repository: &Repository) -> Result<Value, serde_json::Error> {
    let mut page = bodies::repository_page(&repository.body)?;
    let counts = json!({ "network_count": 0, "subscribers_count": 1 });
    bodies::lay_over(&mut page, counts);
    Ok(page)
}

/// A commit as a page of the repository, around the commit of git.
fn commit_page(repository: &Repository, commit: &Value) -> Value {
    let mut inner = commit.clone();
    let outer = ["sha", "node_id", "html_url", "parents"];
    let mut page: serde_json::Map<String, Value> = outer
        .iter()
        .map(|name| {
            let field = inner
                .as_object_mut()
                .and_then(|fields| fields.remove(*name));
            ((*name).to_owned(), field.unwrap_or_default())
        })
        .collect();
    let url = text(commit, "/url").replace("/git/commits/", "/commits/");
    page.insert("comments_url".to_owned(), json!(format!("{url}/comments")));
    page.insert("url".to_owned(), json!(url));
    bodies::lay_over(&mut inner, json!({ "comment_count": 0 }));
    page.insert("commit".to_owned(), inner);
    let owner = repository.body.get("owner").cloned().unwrap_or_default();
    page.insert("author".to_owned(), owner.clone());
    page.insert("committer".to_owned(), owner);
    Value::Object(page)
}

fn parse(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn not_found() -> Reply {
    Reply::refusal(404, "Not Found")
}
