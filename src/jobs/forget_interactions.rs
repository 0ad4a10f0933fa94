//! Forgetting old interactions, webhooks and codes, every night.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};

/// The job.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetInteractions {}

impl TaskHandler for ForgetInteractions {
    const IDENTIFIER: &'static str = "forget_interactions";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(Self::IDENTIFIER, async {
            shop.app.store.forget_old_interactions().await?;
            shop.app.store.forget_old_deliveries().await?;
            shop.app.store.forget_ended_device_links().await?;
            Ok(())
        })
        .await
    }
}
