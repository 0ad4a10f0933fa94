//! The pipeline event, as GitLab sends it at every change of a pipeline.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{HOST, World};
use crate::play::hooks::{Target, Webhook, standard};

impl World {
    /// What is told of a pipeline as it is now.
    pub(super) fn pipeline_event(
        &mut self,
        path: &str,
        id: u64,
        now: DateTime<Utc>,
        target: &Target,
    ) -> Option<Webhook> {
        let project = self.project(path);
        let pipeline = project.pipelines.get(&id)?;
        let field = |name: &str| pipeline.get(name).cloned().unwrap_or_default();
        let builds = project.jobs.values().map(|(job, _)| job);
        let builds: Vec<Value> = builds
            .filter(|job| job.pointer("/pipeline/id") == Some(&json!(id)))
            .map(|job| {
                json!({
                    "id": job.get("id"), "name": job.get("name"), "status": job.get("status"),
                    "stage": job.get("stage"), "when": "on_success", "manual": false,
                })
            })
            .collect();
        let body = json!({
            "object_kind": "pipeline",
            "object_attributes": {
                "id": id, "iid": field("iid"), "name": field("name"), "ref": field("ref"), "tag": false,
                "sha": field("sha"), "source": field("source"), "status": field("status"),
                "detailed_status": field("status"), "created_at": field("created_at"),
                "finished_at": field("finished_at"), "url": field("web_url"),
            },
            "user": field("user"),
            "project": {
                "id": project.id, "name": path.rsplit('/').next(), "path_with_namespace": path,
                "web_url": format!("https://{HOST}/{path}"), "default_branch": "main",
            },
            "commit": { "id": field("sha") },
            "builds": builds,
        });
        Some(event(&body, now, target))
    }
}

/// The event with the secret token shown, or signed with a signing token.
fn event(body: &Value, now: DateTime<Utc>, target: &Target) -> Webhook {
    let body = body.to_string().into_bytes();
    let (id, time) = (Uuid::now_v7().to_string(), now.timestamp().to_string());
    let signature = target
        .secret
        .strip_prefix("whsec_")
        .map(|secret| standard(secret, &id, &time, &body));
    let mut headers = vec![
        ("user-agent", "GitLab/19.5.0"),
        ("x-gitlab-event", "Pipeline Hook"),
        ("x-gitlab-event-uuid", id.as_str()),
        ("x-gitlab-instance", "https://gitlab.example.org"),
        ("idempotency-key", &id),
    ];
    match &signature {
        Some(signature) => headers.extend([
            ("webhook-id", id.as_str()),
            ("webhook-timestamp", &time),
            ("webhook-signature", signature),
        ]),
        None => headers.push(("x-gitlab-token", &target.secret)),
    }
    target.webhook(&headers, body)
}
