//! Starting a workflow by hand, and finding the run that came of it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{GitHub, wire};
use crate::app::ports::{Audit, CiError, Run, Starter};

/// What starts a workflow.
#[derive(Serialize)]
struct Start<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    inputs: BTreeMap<&'a str, &'a str>,
    /// Servers that know it answer with the run's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_run_details: Option<bool>,
}

/// The answer of a server that tells which run it has started.
#[derive(Deserialize)]
struct Started {
    workflow_run_id: Option<u64>,
}

#[async_trait]
impl Starter for GitHub {
    async fn start(&self, target: &Audit, inputs: &[(&str, &str)]) -> Result<Option<u64>, CiError> {
        let path = ["actions", "workflows", &target.workflow, "dispatches"];
        let url = self.url(&target.repository, &path)?;
        let mut start = Start {
            reference: &target.reference,
            inputs: inputs.iter().copied().collect(),
            return_run_details: Some(true),
        };
        let answer = match self.api.post(url.clone(), &start).await {
            // An older server refuses what it does not know, and has started nothing.
            Err(CiError::Malformed(_)) => {
                start.return_run_details = None;
                self.api.post(url, &start).await?
            }
            other => other?,
        };
        let started: Option<Started> = serde_json::from_slice(&answer).ok();
        Ok(started.and_then(|started| started.workflow_run_id))
    }

    async fn find_started(&self, target: &Audit, word: &str) -> Result<Option<u64>, CiError> {
        let path = ["actions", "workflows", &target.workflow, "runs"];
        let mut url = self.url(&target.repository, &path)?;
        url.query_pairs_mut()
            .append_pair("event", "workflow_dispatch")
            .append_pair("per_page", "50");
        let (runs, _): (wire::Runs, _) = self.fetch_one(url).await?;
        let is_named = |run: &&wire::Run| {
            let title = run.display_title.as_deref().unwrap_or_default();
            title.contains(word)
        };
        Ok(runs.workflow_runs.iter().find(is_named).map(|run| run.id))
    }

    async fn load_started(&self, target: &Audit, run: u64) -> Result<Run, CiError> {
        let run = self.load_run(&target.repository, run, None).await?;
        let file = run.workflow_path.rsplit('/').next().unwrap_or_default();
        if run.event != "workflow_dispatch" || file != target.workflow {
            return Err(CiError::Forged("a run of another workflow".to_owned()));
        }
        Ok(run)
    }
}
