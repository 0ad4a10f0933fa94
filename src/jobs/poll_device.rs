//! Asking a CI provider whether a member has agreed.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::app::link_device::{DeviceJob, POLL_DEVICE, poll_device};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PollDevice(DeviceJob);

impl TaskHandler for PollDevice {
    const IDENTIFIER: &'static str = POLL_DEVICE;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(POLL_DEVICE, async {
            poll_device(&shop.app, &self.0)
                .await
                .map_err(anyhow::Error::from)
        })
        .await
    }
}
