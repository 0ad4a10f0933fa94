//! The event `workflow_run`, as GitHub sends it when a run begins, goes on and ends.

use serde_json::{Value, json};
use uuid::Uuid;

use super::bodies::{self, fill, text};
use super::world::{World, workflow_id};
use crate::play::hooks::{Target, Webhook, hex_hmac};

impl World {
    /// What is told of a run as it is now.
    pub(super) fn run_event(&mut self, run: u64, target: &Target) -> Option<Webhook> {
        let run = self.run(run).ok()?.latest()?.run.clone();
        let action = match text(&run, "/status") {
            "completed" => "completed",
            "in_progress" => "in_progress",
            _ => "requested",
        };
        let (path, repository) = (text(&run, "/path"), text(&run, "/repository/full_name"));
        let id = workflow_id(path).to_string();
        let words = [
            ("%API%", self.api.as_str()),
            ("%HTML%", &self.html),
            ("%REPO%", repository),
            ("%WORKFLOW%", &id),
            ("%PATH%", path),
        ];
        let fields = json!({ "id": workflow_id(path), "path": path });
        let workflow = fill(bodies::WORKFLOW, &words, fields).ok()?;
        let body = json!({
            "action": action, "workflow_run": run, "workflow": workflow,
            "repository": run.get("repository"), "sender": run.get("triggering_actor"),
        });
        Some(event("workflow_run", &body, target))
    }
}

/// A signed event.
pub(super) fn event(name: &str, body: &Value, target: &Target) -> Webhook {
    let body = body.to_string().into_bytes();
    let signature = format!("sha256={}", hex_hmac(&target.secret, &body));
    let headers = [
        ("user-agent", "GitHub-Hookshot/044aadd"),
        ("x-github-delivery", &Uuid::now_v7().to_string()),
        ("x-github-event", name),
        ("x-github-hook-id", "292430182"),
        ("x-github-hook-installation-target-type", "repository"),
        ("x-hub-signature-256", &signature),
    ];
    target.webhook(&headers, body)
}
