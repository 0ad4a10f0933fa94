//! What a signed delivery tells: which one it is, and which run has ended. All else in it is not read.

use axum::http::HeaderMap;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::app::ports::{Delivery, Provider};

/// Letters of the longest name of a delivery.
const MAX_ID: usize = 100;

/// What a delivery tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Which one it is.
    pub(super) delivery: Delivery,
    /// The number of the repository and that of its run, when it has ended.
    pub(super) ended: Option<(u64, u64)>,
}

/// Reads a delivery; `None` when it makes no sense.
pub(super) fn read(provider: Provider, headers: &HeaderMap, body: &[u8]) -> Option<Told> {
    let first = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| headers.get(*name));
        found.next().and_then(|value| value.to_str().ok())
    };
    let (ids, events): (&[&str], &[&str]) = match provider {
        Provider::GitHub => (&["x-github-delivery"], &["x-github-event"]),
        Provider::GitLab => (
            &["webhook-id", "idempotency-key", "x-gitlab-event-uuid"],
            &["x-gitlab-event"],
        ),
        Provider::Gitea => (
            &["x-gitea-delivery", "x-forgejo-delivery"],
            &["x-forgejo-event", "x-gitea-event"],
        ),
    };
    let id = first(ids).filter(|id| !id.is_empty() && id.len() <= MAX_ID)?;
    let event = first(events)?;
    let ended = match provider {
        Provider::GitHub | Provider::Gitea if event == "workflow_run" => run_event(body).ok()?,
        Provider::Gitea if event.starts_with("action_run") => action_run(body).ok()?,
        Provider::GitLab if event == "Pipeline Hook" => pipeline(body).ok()?,
        _ => None,
    };
    Some(Told {
        delivery: Delivery {
            id: id.to_owned(),
            body_sha256: Sha256::digest(body).to_vec(),
        },
        ended,
    })
}

#[derive(Deserialize)]
struct Numbered {
    id: u64,
}

#[derive(Deserialize)]
struct RunEvent {
    action: String,
    workflow_run: Numbered,
    repository: Numbered,
}

/// GitHub's event, and Gitea's after it.
fn run_event(body: &[u8]) -> serde_json::Result<Option<(u64, u64)>> {
    let told: RunEvent = serde_json::from_slice(body)?;
    let ended = told.action == "completed";
    Ok(ended.then_some((told.repository.id, told.workflow_run.id)))
}

#[derive(Deserialize)]
struct Pipeline {
    object_attributes: Attributes,
    project: Numbered,
}

#[derive(Deserialize)]
struct Attributes {
    id: u64,
    status: String,
}

/// GitLab tells of every change of a pipeline.
fn pipeline(body: &[u8]) -> serde_json::Result<Option<(u64, u64)>> {
    let told: Pipeline = serde_json::from_slice(body)?;
    let attributes = told.object_attributes;
    let ended = matches!(
        attributes.status.as_str(),
        "success" | "failed" | "canceled" | "skipped" | "manual"
    );
    Ok(ended.then_some((told.project.id, attributes.id)))
}

#[derive(Deserialize)]
struct ActionRun {
    run: Run,
    repository: Option<Numbered>,
}

#[derive(Deserialize)]
struct Run {
    id: u64,
    repository: Option<Numbered>,
}

/// Forgejo tells of a run only when it has ended.
fn action_run(body: &[u8]) -> serde_json::Result<Option<(u64, u64)>> {
    let told: ActionRun = serde_json::from_slice(body)?;
    let repository = told.repository.or(told.run.repository);
    Ok(repository.map(|repository| (repository.id, told.run.id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(provider: Provider, sent: &[(&'static str, &str)], body: &str) -> Option<Told> {
        let headers = sent.iter();
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        read(provider, &headers.collect(), body.as_bytes())
    }

    fn github(event: &str, body: &str) -> Result<Option<(u64, u64)>, &'static str> {
        let sent = [("x-github-delivery", "72d3162e"), ("x-github-event", event)];
        let told = told(Provider::GitHub, &sent, body);
        told.map(|told| told.ended).ok_or("it makes no sense")
    }

    #[test]
    fn only_the_end_of_a_run_counts() {
        let body = |action: &str| {
            format!(r#"{{"action":"{action}","workflow_run":{{"id":7}},"repository":{{"id":3}}}}"#)
        };
        assert_eq!(github("workflow_run", &body("completed")), Ok(Some((3, 7))));
        assert_eq!(github("workflow_run", &body("in_progress")), Ok(None));
        assert_eq!(
            github("ping", r#"{"zen":"Keep it logically awesome."}"#),
            Ok(None)
        );
        assert_eq!(github("workflow_run", "[]").ok(), None);
        assert_eq!(github("workflow_run", &"[".repeat(100_000)).ok(), None);
        assert_eq!(
            told(Provider::GitHub, &[("x-github-event", "ping")], "{}"),
            None
        );
    }

    #[test]
    fn gitlab_tells_every_change_of_a_pipeline() {
        let ended = |status: &str| {
            let sent = [
                ("idempotency-key", "f5e5f430"),
                ("x-gitlab-event", "Pipeline Hook"),
            ];
            let body = format!(
                r#"{{"object_kind":"pipeline","object_attributes":{{"id":31,"status":"{status}"}},"project":{{"id":1}}}}"#
            );
            told(Provider::GitLab, &sent, &body).unwrap().ended
        };
        assert_eq!(ended("success"), Some((1, 31)));
        assert_eq!(ended("canceled"), Some((1, 31)));
        assert_eq!(ended("running"), None);
        assert_eq!(ended("pending"), None);
    }

    #[test]
    fn forgejo_names_the_repository_beside_the_run_or_in_it() {
        for body in [
            r#"{"action":"success","run":{"id":12,"repository":{"id":5}}}"#,
            r#"{"action":"success","run":{"id":12},"repository":{"id":5}}"#,
        ] {
            let sent = [
                ("x-forgejo-delivery", "f6266f16"),
                ("x-forgejo-event", "action_run_success"),
                ("x-gitea-event", "action_run_success"),
            ];
            let told = told(Provider::Gitea, &sent, body).unwrap();
            assert_eq!(told.ended, Some((5, 12)));
        }
    }
}
