//! Grading a commit once more in the instructors' repository, a step at a time.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::{
    app::run_audit::{AUDIT, AuditJob, Step, find_audit_notice, run_audit},
    view,
};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunAudit(AuditJob);

impl TaskHandler for RunAudit {
    const IDENTIFIER: &'static str = AUDIT;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(AUDIT, async {
            if self.0.step == Step::Tell {
                tell(shop, &self.0).await
            } else {
                Ok(run_audit(&shop.app, &self.0).await?)
            }
        })
        .await
    }
}

async fn tell(shop: &Workshop, job: &AuditJob) -> anyhow::Result<()> {
    let Some((reply_to, row)) = find_audit_notice(&shop.app, job.audit).await? else {
        return Ok(());
    };
    if let Some(message) = view::audit::ended(&row, reply_to.locale) {
        let nonce = format!("a-{}", job.audit.simple());
        let now = shop.app.clock.now();
        let in_server = view::news::in_server(reply_to.user_id, reply_to.locale);
        shop.outbox
            .deliver(&reply_to, &message, &in_server, &nonce, now)
            .await?;
    }
    Ok(())
}
