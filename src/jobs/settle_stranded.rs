//! Ending submissions whose job is lost, every hour.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::app::tend_queue::settle_stranded;

/// The job.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SettleStranded {}

impl TaskHandler for SettleStranded {
    const IDENTIFIER: &'static str = "settle_stranded";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(Self::IDENTIFIER, async {
            let count = settle_stranded(&shop.app).await?;
            if count > 0 {
                tracing::warn!(count, "submissions had lost their job and were ended");
            }
            Ok(())
        })
        .await
    }
}
