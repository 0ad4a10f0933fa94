//! Telling a member how their agreeing at a CI provider ended.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::{
    app::link_device::{LinkedJob, TELL_LINKED},
    view,
};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TellLinked(LinkedJob);

impl TaskHandler for TellLinked {
    const IDENTIFIER: &'static str = TELL_LINKED;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(TELL_LINKED, tell(shop, &self.0)).await
    }
}

async fn tell(shop: &Workshop, job: &LinkedJob) -> anyhow::Result<()> {
    let (to, now) = (&job.reply_to, shop.app.clock.now());
    // Whoever has waited so long looks by `/link` what is linked.
    if now >= to.token_until {
        return Ok(());
    }
    let message = view::account::ended(&job.end, to.locale);
    let in_server = view::news::in_server(to.user_id, to.locale);
    shop.outbox
        .deliver(to, &message, &in_server, "linked", now)
        .await?;
    Ok(())
}
