//! Telling a member of a grade that came later.

use anyhow::Context as _;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Workshop, worker::report};
use crate::{
    app::finish_submission::{DELIVER_GRADE, SubmissionJob, find_notice},
    view::{self, grade::Graded},
};

/// The job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliverGrade(SubmissionJob);

impl TaskHandler for DeliverGrade {
    const IDENTIFIER: &'static str = DELIVER_GRADE;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(shop) = context.get_ext::<Workshop>() else {
            return Err("no workshop".to_owned());
        };
        report(DELIVER_GRADE, deliver(shop, &self.0)).await
    }
}

async fn deliver(shop: &Workshop, job: &SubmissionJob) -> anyhow::Result<()> {
    let Some(notice) = find_notice(&shop.app, job).await? else {
        return Ok(());
    };
    let course = shop
        .app
        .library
        .find_course(&notice.course_id)
        .context("the course is no longer loaded")?;
    let locale = notice.reply_to.locale;
    let mut message = match (&notice.result, &notice.steps) {
        (Ok(sheet), _) => {
            let graded = Graded {
                course,
                run: &notice.run,
                sheet,
                standing: &notice.standing,
                attempt: notice.attempt,
            };
            view::grade::view(&graded, locale)
        }
        (Err(_), Some(steps)) => view::steps::view(course, &notice.run, steps, true, locale),
        (Err(code), None) => view::refusal::failed_submission(&notice, code, locale),
    };
    if let Some(name) = &notice.by {
        message.content = view::group::handed_in(name, locale);
    }
    // Each of a group is told by a message of their own.
    let whose = job.submission.as_u128() ^ job.to.map_or(0, |mate| mate.as_u128());
    let nonce = format!("{}-{}", job.tries, Uuid::from_u128(whose).simple());
    shop.outbox
        .deliver(
            &notice.reply_to,
            &message,
            &view::grade::in_server(notice.reply_to.user_id, locale),
            &nonce,
            shop.app.clock.now(),
        )
        .await?;
    Ok(())
}
