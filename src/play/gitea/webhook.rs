//! The events of runs: Gitea's `workflow_run`, and Forgejo's `action_run_..` when one has ended.

use serde_json::json;
use uuid::Uuid;

use super::{Dialect, World};
use crate::play::hooks::{Target, Webhook, hex_hmac};

impl World {
    /// What is told of a run as it is now; Forgejo is silent until it has ended.
    pub(super) fn run_event(&self, repository: &str, id: u64, target: &Target) -> Option<Webhook> {
        let found = self.repositories.iter();
        let repository = found.clone().find(|known| known.name == repository)?;
        let stored = repository.runs.get(&id)?;
        let has_ended = !matches!(
            stored.run.status.as_str(),
            "running" | "waiting" | "blocked"
        );
        let (run, about) = (
            self.run_body(repository, stored),
            self.repository_body(repository),
        );
        let (event, body) = match self.dialect {
            Dialect::Gitea => {
                let action = if has_ended {
                    "completed"
                } else {
                    "in_progress"
                };
                let body = json!({
                    "action": action, "workflow_run": run, "workflow": {}, "repository": about,
                    "sender": self.user_body(stored.run.user.0, &stored.run.user.1),
                });
                ("workflow_run".to_owned(), body)
            }
            Dialect::Forgejo if has_ended => {
                let body = json!({
                    "action": stored.run.status, "run": run, "prior_status": "running",
                    "repository": about,
                });
                (format!("action_run_{}", stored.run.status), body)
            }
            Dialect::Forgejo => return None,
        };
        let body = body.to_string().into_bytes();
        let (id, signature) = (Uuid::now_v7().to_string(), hex_hmac(&target.secret, &body));
        let hub = format!("sha256={signature}");
        let mut headers = vec![
            ("x-gitea-delivery", id.as_str()),
            ("x-gitea-event", &event),
            ("x-gitea-signature", &signature),
            ("x-github-delivery", &id),
            ("x-github-event", &event),
            ("x-hub-signature-256", &hub),
        ];
        if self.dialect == Dialect::Forgejo {
            headers.extend([
                ("x-forgejo-delivery", id.as_str()),
                ("x-forgejo-event", &event),
                ("x-forgejo-signature", &signature),
            ]);
        }
        Some(target.webhook(&headers, body))
    }
}
