//! What happens to a pipeline after it was made: its jobs are run again, and its fields are what a test says.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{LoopbackGitLab, Project, answer::stamp};
use crate::play::http;

impl LoopbackGitLab {
    /// Runs the named jobs of a pipeline again, a minute after all else: each is a new job, which uploads this
    /// archive, and the earlier one stays with what it has uploaded.
    pub fn retry(&self, project: &str, pipeline: u64, jobs: &[(&str, &str, &[u8])]) {
        let mut world = self.world();
        let ids: Vec<u64> = jobs.iter().map(|_| world.new_id()).collect();
        let project = world.project(project);
        let of_pipeline = project.jobs_of(pipeline, true);
        let ended = of_pipeline
            .iter()
            .filter_map(|job| time_of(job, "finished_at"));
        let Some(start) = ended.max().map(|at| at + TimeDelta::minutes(1)) else {
            return;
        };
        for (id, (name, status, archive)) in ids.into_iter().zip(jobs) {
            let mut of_name = of_pipeline.iter().rev();
            let Some(earlier) = of_name.find(|job| job.get("name") == Some(&json!(name))) else {
                continue;
            };
            let mut job = earlier.clone();
            let (begun, ended) = (stamp(start), stamp(start + TimeDelta::seconds(40)));
            let own = json!({
                "id": id, "status": status,
                "artifacts_file": { "filename": format!("{name}.zip"), "size": archive.len() },
                "created_at": begun, "started_at": begun, "finished_at": ended,
            });
            http::lay_over(&mut job, own);
            leave_out(&mut job);
            project.jobs.insert(id, (job, Some(archive.to_vec())));
        }
        if let Some(body) = project.pipelines.get_mut(&pipeline) {
            let ended = stamp(start + TimeDelta::seconds(40));
            http::lay_over(body, json!({ "updated_at": ended, "finished_at": ended }));
        }
    }

    /// Lays fields over a pipeline, or over its newest job of a name.
    pub fn set_fields(&self, project: &str, pipeline: u64, job: Option<&str>, fields: Value) {
        let mut world = self.world();
        let project = world.project(project);
        let body = match job {
            None => project.pipelines.get_mut(&pipeline),
            Some(name) => {
                let mut newest = project.jobs.values_mut().rev().map(|(body, _)| body);
                newest.find(|body| is_of(body, pipeline) && body.get("name") == Some(&json!(name)))
            }
        };
        if let Some(body) = body {
            http::lay_over(body, fields);
            leave_out(body);
        }
    }
}

impl Project {
    /// The jobs of a pipeline in the order of their numbers, with or without those that were replaced.
    pub(super) fn jobs_of(&self, pipeline: u64, replaced_too: bool) -> Vec<Value> {
        let jobs = self.jobs.values().map(|(body, _)| body);
        let jobs: Vec<&Value> = jobs.filter(|body| is_of(body, pipeline)).collect();
        let is_newest = |(at, body): &(usize, &&Value)| {
            let mut later = jobs.iter().skip(at + 1);
            replaced_too || later.all(|other| other.get("name") != body.get("name"))
        };
        let kept = jobs.iter().enumerate().filter(is_newest);
        kept.map(|(_, body)| (*body).clone()).collect()
    }
}

/// Takes away what GitLab does not send: the reason of a failure that was none, a file that is not there.
fn leave_out(job: &mut Value) {
    let Some(fields) = job.as_object_mut() else {
        return;
    };
    if fields.get("status") != Some(&json!("failed")) {
        fields.remove("failure_reason");
    }
    if fields.get("artifacts_file").is_some_and(Value::is_null) {
        fields.remove("artifacts_file");
    }
}

fn is_of(job: &Value, pipeline: u64) -> bool {
    job.pointer("/pipeline/id") == Some(&json!(pipeline))
}

fn time_of(body: &Value, field: &str) -> Option<DateTime<Utc>> {
    body.get(field)?.as_str()?.parse().ok()
}
