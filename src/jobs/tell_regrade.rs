//! Telling a member of grades that were worked out again.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::{
    app::tell_regrade::{TELL_REGRADE, TellRegrade as Job, find_regrade_notice},
    view,
};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TellRegrade(Job);

impl TaskHandler for TellRegrade {
    const IDENTIFIER: &'static str = TELL_REGRADE;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(TELL_REGRADE, tell(shop, &self.0)).await
    }
}

async fn tell(shop: &Workshop, job: &Job) -> anyhow::Result<()> {
    let Some(notice) = find_regrade_notice(&shop.app, job).await? else {
        return Ok(());
    };
    let message = view::regrade::told(&notice);
    let first = job.grades.first().copied().unwrap_or_default();
    // Each of a group is told by a message of their own.
    let nonce = format!("{first}-{}", job.enrolment.simple());
    shop.outbox
        .deliver(
            &notice.reply_to,
            &message,
            &view::grade::in_server(notice.reply_to.user_id, notice.reply_to.locale),
            &nonce,
            shop.app.clock.now(),
        )
        .await?;
    Ok(())
}
