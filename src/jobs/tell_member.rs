//! Telling a member what they did not ask for.

use anyhow::Context as _;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{Workshop, worker::report};
use crate::{
    app::tell_member::{TELL_MEMBER, TellJob},
    view,
};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TellMember(TellJob);

impl TaskHandler for TellMember {
    const IDENTIFIER: &'static str = TELL_MEMBER;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(TELL_MEMBER, tell(shop, &self.0)).await
    }
}

async fn tell(shop: &Workshop, job: &TellJob) -> anyhow::Result<()> {
    let nonce = job.id.simple().to_string();
    let tail = nonce
        .get(8..)
        .context("the id of a message is 32 digits long")?;
    let to = &job.to;
    shop.outbox
        .deliver(
            to,
            &view::news::view(&job.news, to.locale),
            &view::news::in_server(to.user_id, to.locale),
            tail,
            shop.app.clock.now(),
        )
        .await?;
    Ok(())
}
