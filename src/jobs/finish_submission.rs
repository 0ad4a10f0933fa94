//! Finishing submissions whose run was still going.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::app::finish_submission::{FINISH_SUBMISSION, SubmissionJob, finish_submission};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FinishSubmission(SubmissionJob);

impl TaskHandler for FinishSubmission {
    const IDENTIFIER: &'static str = FINISH_SUBMISSION;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(FINISH_SUBMISSION, async {
            finish_submission(&shop.app, &self.0)
                .await
                .map_err(anyhow::Error::from)
        })
        .await
    }
}
