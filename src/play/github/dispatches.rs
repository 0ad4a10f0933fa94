//! Workflows that are started by hand.

use serde_json::{Value, json};

use super::bodies::{self, text};
use super::world::World;
use super::{LoopbackError, RunSpec};
use crate::play::http::{Asked, Reply};

/// A workflow that somebody has started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// The number of the run that came of it.
    pub run: u64,
    /// The repository.
    pub repository: String,
    /// The file of the workflow.
    pub workflow: String,
    /// The branch.
    pub reference: String,
    /// What it was started with.
    pub inputs: Value,
}

impl World {
    /// Starts a workflow, whose run goes on until a test ends it.
    pub(super) fn dispatch(&mut self, repository: &str, file: &str, asked: &Asked) -> Reply {
        let token = asked.token().and_then(|token| self.tokens.get(token));
        if !token.is_some_and(|record| record.starts) {
            return Reply::refusal(403, "Resource not accessible by personal access token");
        }
        let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else {
            return Reply::refusal(400, "Problems parsing JSON");
        };
        let tells = body.get("return_run_details") == Some(&Value::Bool(true));
        if tells && !self.tells_runs {
            return Reply::refusal(422, "return_run_details is not a permitted key.");
        }
        match self.start(repository, file, &body) {
            Ok(run) if tells => Reply::json(
                200,
                &json!({
                    "workflow_run_id": run,
                    "run_url": format!("{}/repos/{repository}/actions/runs/{run}", self.api),
                    "html_url": format!("{}/{repository}/actions/runs/{run}", self.html),
                }),
            ),
            Ok(_) => {
                let mut reply = Reply::json(204, &Value::Null);
                reply.body.clear();
                reply
            }
            Err(error) => Reply::refusal(422, &error.to_string()),
        }
    }

    fn start(&mut self, repository: &str, file: &str, body: &Value) -> Result<u64, LoopbackError> {
        let run = self.new_id();
        let inputs = body.get("inputs").cloned().unwrap_or_default();
        let mut spec = RunSpec::new(repository, run).running();
        "workflow_dispatch".clone_into(&mut spec.event);
        spec.workflow_path = format!(".github/workflows/{file}");
        spec.started_at = Some(super::world::now());
        self.add_run(spec)?;
        let title = format!("audit {}", text(&inputs, "/id"));
        for attempt in self.run(run)?.attempts.values_mut() {
            bodies::lay_over(&mut attempt.run, json!({ "display_title": title }));
        }
        self.dispatches.push(Dispatch {
            run,
            repository: repository.to_owned(),
            workflow: file.to_owned(),
            reference: text(body, "/ref").to_owned(),
            inputs,
        });
        Ok(run)
    }
}
