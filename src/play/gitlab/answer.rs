//! The routes: a path of the API to what is known about it.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::bodies::{self, filled, kept};
use super::{HOST, JobSpec, PipelineSpec, Project, World};
use crate::play::http::{self, Asked, Reply, Sent, decode};

/// What a list shows of a pipeline.
const LISTED: [&str; 11] = [
    "name",
    "id",
    "iid",
    "project_id",
    "sha",
    "ref",
    "status",
    "source",
    "created_at",
    "updated_at",
    "web_url",
];
/// Query parameters that some answer depends on.
const PARAMETERS: [&str; 7] = [
    "per_page",
    "page",
    "sha",
    "ref",
    "status",
    "include_retried",
    "recursive",
];

impl http::World for World {
    fn answer(&mut self, asked: &Asked) -> Reply {
        if let Some(reply) = self.answer_issuer(&asked.path) {
            return reply;
        }
        let token = asked.header("private-token");
        if token.is_some_and(|token| !self.tokens.contains(token)) {
            return refusal(401, "401 Unauthorized");
        }
        let unknown = asked.query.iter().map(|(name, _)| name.as_str());
        for name in unknown.filter(|name| !PARAMETERS.contains(name)) {
            self.violations
                .push(format!("{}: unknown parameter {name}", asked.path));
        }
        let pieces: Vec<String> = asked.path.split('/').skip(1).map(decode).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match pieces.as_slice() {
            ["api", "v4", "projects", name, rest @ ..] if asked.method == "GET" => {
                let seen = |project: &&Project| {
                    let named =
                        project.path.eq_ignore_ascii_case(name) || *name == project.id.to_string();
                    named && (token.is_some() || !project.private)
                };
                match self.projects.iter().find(seen) {
                    Some(project) => self.in_project(project, rest, asked),
                    None => refusal(404, "404 Project Not Found"),
                }
            }
            _ => {
                self.violations
                    .push(format!("unknown route {} {}", asked.method, asked.path));
                refusal(404, "404 Not Found")
            }
        }
    }
}

impl World {
    fn in_project(&self, project: &Project, rest: &[&str], asked: &Asked) -> Reply {
        let api = self.api.as_str();
        let found = |body: Option<Value>| match body {
            Some(body) => Reply::json(200, &body),
            None => refusal(404, "404 Not found"),
        };
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        match rest {
            [] => {
                let has_token = asked.header("private-token").is_some();
                let mut projects = self.projects.iter();
                let parent = projects.find(|one| Some(one.id) == project.fork_of);
                Reply::json(200, &bodies::project(api, project, parent, has_token))
            }
            ["pipelines"] => {
                let fits = |pipeline: &&Value| {
                    let same = |name| {
                        asked
                            .query(name)
                            .is_none_or(|wanted| text(pipeline, name) == wanted)
                    };
                    same("sha") && same("ref")
                };
                let listed = project.pipelines.values().rev().filter(fits);
                let listed = listed.map(|pipeline| kept(pipeline, &LISTED));
                page(api, asked, listed.collect())
            }
            ["pipelines", id] => found(project.pipelines.get(&number(id)).cloned()),
            ["pipelines", id, "jobs"] if project.pipelines.contains_key(&number(id)) => {
                let replaced_too = asked.query("include_retried") == Some("true");
                page(api, asked, project.jobs_of(number(id), replaced_too))
            }
            ["pipelines", id, "variables"] if project.pipelines.contains_key(&number(id)) => {
                project.list_variables(number(id))
            }
            ["jobs", id] => found(project.jobs.get(&number(id)).map(|(body, _)| body.clone())),
            ["jobs", id, "artifacts"] => {
                let archive = project
                    .jobs
                    .get(&number(id))
                    .and_then(|(_, zip)| zip.clone());
                match archive {
                    Some(body) => Reply {
                        status: 200,
                        headers: vec![("content-type".to_owned(), "application/zip".to_owned())],
                        body,
                        sent: Sent::AtOnce,
                    },
                    None => refusal(404, "404 Not Found"),
                }
            }
            ["merge_requests", id] => {
                let request = project.merge_requests.get(&number(id));
                found(request.map(|head| request_body(project, number(id), head)))
            }
            ["merge_requests", id, "pipelines"] => self.of_request(project, number(id), asked),
            ["repository", "tree"] => {
                match asked.query("ref").and_then(|sha| project.trees.get(sha)) {
                    Some(files) => {
                        let entry = |(path, id): &(String, String)| {
                            let name = path.rsplit('/').next().unwrap_or_default();
                            json!({ "id": id, "name": name, "type": "blob", "path": path, "mode": "100644" })
                        };
                        page(api, asked, files.iter().map(entry).collect())
                    }
                    None => refusal(404, "404 Tree Not Found"),
                }
            }
            ["repository", "commits", name] => {
                let mut pipelines = project.pipelines.values();
                let found_at = pipelines.find(|pipeline| text(pipeline, "sha").starts_with(name));
                found(found_at.map(|pipeline| commit_page(project, pipeline)))
            }
            _ => refusal(404, "404 Not Found"),
        }
    }

    /// The pipelines of a request's newest commit; a fork's own are listed with it, under the fork's number.
    fn of_request(&self, project: &Project, request: u64, asked: &Asked) -> Reply {
        let Some((sha, source)) = project.merge_requests.get(&request) else {
            return refusal(404, "404 Not found");
        };
        let source = self.projects.iter().filter(|one| Some(one.id) == *source);
        let elsewhere = source.filter(|one| one.id != project.id);
        let all = elsewhere
            .chain([project])
            .flat_map(|one| one.pipelines.values().rev());
        let of_head = all.filter(|pipeline| text(pipeline, "sha") == sha);
        page(&self.api, asked, of_head.map(basic_pipeline).collect())
    }
}

/// One page: twenty items, a hundred at most, with the way to the next.
fn page(api: &str, asked: &Asked, items: Vec<Value>) -> Reply {
    let wanted = |name: &str, usual| {
        let text = asked.query(name);
        text.and_then(|text| text.parse::<usize>().ok())
            .unwrap_or(usual)
    };
    let (size, at) = (
        wanted("per_page", 20).clamp(1, 100),
        wanted("page", 1).max(1),
    );
    let more = items.len() > size * at;
    let shown: Vec<Value> = items.into_iter().skip(size * (at - 1)).take(size).collect();
    let reply = Reply::json(200, &Value::Array(shown));
    if !more {
        return reply;
    }
    let path = asked.path.trim_start_matches("/api/v4");
    let kept = asked.query.iter().filter(|(name, _)| name != "page");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("page", &(at + 1).to_string())
        .finish();
    let next = format!("<{api}{path}?{query}>; rel=\"next\"");
    reply.with("link", next)
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message }))
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A pipeline as it is told beside its jobs and in the list of a merge request: without its name.
fn basic_pipeline(pipeline: &Value) -> Value {
    kept(pipeline, LISTED.get(1..).unwrap_or_default())
}

fn request_body(project: &Project, number: u64, (sha, source): &(String, Option<u64>)) -> Value {
    json!({
        "id": 9_000 + number, "iid": number, "project_id": project.id, "title": "Practice",
        "state": "opened", "source_branch": "practice", "target_branch": "main", "sha": sha,
        "source_project_id": source, "target_project_id": project.id,
        "web_url": format!("https://{HOST}/{}/-/merge_requests/{number}", project.path),
    })
}

/// A commit of a pipeline, with where it stands.
fn commit_page(project: &Project, pipeline: &Value) -> Value {
    let at = text(pipeline, "created_at");
    let login = pipeline.pointer("/user/username").and_then(Value::as_str);
    let mut body = bodies::commit(
        project,
        text(pipeline, "sha"),
        login.unwrap_or_default(),
        at,
    );
    let more = json!({
        "stats": { "additions": 1, "deletions": 0, "total": 1 }, "project_id": project.id,
        "status": pipeline.get("status"), "last_pipeline": basic_pipeline(pipeline),
    });
    http::lay_over(&mut body, more);
    body
}

impl World {
    pub(super) fn add(&mut self, spec: &PipelineSpec) {
        let project = self.project(&spec.project);
        let (project_id, path) = (project.id, project.path.clone());
        project
            .jobs
            .retain(|_, (body, _)| body.pointer("/pipeline/id") != Some(&json!(spec.id)));
        let started = now();
        let ended = (!matches!(spec.status.as_str(), "running" | "pending" | "created"))
            .then(|| stamp(started + TimeDelta::seconds(40)));
        let pipeline_id = spec.id.to_string();
        let (id, login) = (spec.user.0, spec.user.1.as_str());
        let pipeline = filled(
            bodies::PIPELINE,
            &[("%PROJECT%", &path), ("%PIPELINE%", &pipeline_id)],
            json!({
                "id": spec.id, "project_id": project_id, "sha": spec.sha, "status": spec.status,
                "user": bodies::basic_user(id, login),
                "created_at": stamp(started), "started_at": stamp(started), "finished_at": ended,
                "updated_at": ended.clone().unwrap_or_else(|| stamp(started)),
            }),
        );
        let (basic, user) = (basic_pipeline(&pipeline), bodies::user(id, login));
        let commit = bodies::commit(project, &spec.sha, login, &stamp(started));
        project.pipelines.insert(spec.id, pipeline);
        for JobSpec {
            name,
            status,
            archive,
        } in &spec.jobs
        {
            let id = self.new_id();
            let mut job = filled(
                bodies::JOB,
                &[("%PROJECT%", &path), ("%JOB%", &id.to_string())],
                json!({
                    "id": id, "name": name, "status": status, "commit": commit, "pipeline": basic,
                    "user": user, "created_at": stamp(started), "started_at": stamp(started),
                    "finished_at": ended,
                }),
            );
            if status == "failed" {
                http::lay_over(&mut job, json!({ "failure_reason": "script_failure" }));
            }
            if let (Some((filename, bytes)), Some(fields)) = (archive, job.as_object_mut()) {
                let file = json!({ "filename": filename, "size": bytes.len() });
                let listed = json!([{
                    "file_type": "archive", "size": bytes.len(), "filename": filename,
                    "file_format": "zip",
                }]);
                fields.insert("artifacts_file".to_owned(), file);
                fields.insert("artifacts".to_owned(), listed);
                let until = stamp(started + TimeDelta::days(30));
                fields.insert("artifacts_expire_at".to_owned(), json!(until));
            }
            let bytes = archive.as_ref().map(|(_, bytes)| bytes.clone());
            self.project(&path).jobs.insert(id, (job, bytes));
        }
    }
}

/// GitLab's way to write a time.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn now() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the loopback GitLab is an outside service with a clock of its own"
    )]
    Utc::now()
}
