//! The worker: takes jobs from Postgres and does them, and is started again when it stops.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use backon::{BackoffBuilder, ExponentialBuilder};
use graphile_worker::{Cron, WorkerOptions, WorkerRecoveryConfig};
use tokio_util::sync::CancellationToken;

use super::{
    Workshop, deliver_grade::DeliverGrade, finish_submission::FinishSubmission,
    forget_interactions::ForgetInteractions, poll_device::PollDevice, run_audit::RunAudit,
    settle_stranded::SettleStranded, tell_linked::TellLinked, tell_member::TellMember,
    tell_regrade::TellRegrade,
};
use crate::{
    app::link_device::POLL_DEVICE,
    store::{JOB_SCHEMA, Store},
};

/// Jobs at a time in one process.
const CONCURRENCY: usize = 4;
/// How often a worker gives a sign of life, and looks for others that give none.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// After so long without one, a worker is dead and another takes its jobs. Should it live all the same, both do
/// them: jobs are written so that this changes nothing.
const DEAD_AFTER: Duration = Duration::from_mins(1);
/// How often the queue is looked at when no notification comes.
const POLL: Duration = Duration::from_millis(500);

/// Makes the queue's own tables.
///
/// # Errors
/// When the database cannot be reached.
pub async fn migrate(store: &Store) -> anyhow::Result<()> {
    let options = WorkerOptions::default()
        .schema(JOB_SCHEMA)
        .pg_pool(store.pool().clone());
    options
        .listen_os_shutdown_signals(false)
        .init()
        .await
        .map_err(|error| anyhow!("the job queue: {error}"))?;
    Ok(())
}

/// Works `until` it is cancelled. The queue gives up when the database goes away, so it is begun again, with
/// growing pauses.
pub async fn run(shop: Workshop, until: CancellationToken) {
    let fresh = || {
        ExponentialBuilder::default()
            .with_max_delay(Duration::from_secs(30))
            .without_max_times()
            .build()
    };
    let mut pauses = fresh();
    while !until.is_cancelled() {
        let begun = Instant::now();
        if let Err(error) = work(&shop, &until).await {
            tracing::error!(%error, "the job queue stopped and is begun again");
        }
        if begun.elapsed() > Duration::from_mins(1) {
            pauses = fresh();
        }
        let pause = pauses.next().unwrap_or(POLL);
        tokio::select! {
            () = until.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn work(shop: &Workshop, until: &CancellationToken) -> anyhow::Result<()> {
    let stopped = until.clone();
    let every_night =
        Cron::daily_at::<ForgetInteractions>(3, 17).map_err(|error| anyhow!("{error}"))?;
    let every_hour = Cron::hourly_at::<SettleStranded>(23).map_err(|error| anyhow!("{error}"))?;
    let worker = WorkerOptions::default()
        .schema(JOB_SCHEMA)
        .pg_pool(shop.app.store.pool().clone())
        .concurrency(CONCURRENCY)
        .poll_interval(POLL)
        .worker_recovery(
            WorkerRecoveryConfig::default()
                .heartbeat_interval(SIGN_OF_LIFE)
                .sweep_interval(SIGN_OF_LIFE)
                .sweep_threshold(DEAD_AFTER)
                .recovery_delay(Duration::from_secs(1)),
        )
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move { stopped.cancelled().await })
        .add_extension(shop.clone())
        .define_job::<FinishSubmission>()
        .define_job::<DeliverGrade>()
        .define_job::<TellMember>()
        .define_job::<ForgetInteractions>()
        .define_job::<SettleStranded>()
        .define_job::<RunAudit>()
        .define_job::<TellRegrade>()
        .define_job::<PollDevice>()
        .define_job::<TellLinked>()
        .with_cron(
            every_night
                .id("forget_interactions")
                .payload(ForgetInteractions::default())?,
        )
        .with_cron(
            every_hour
                .id("settle_stranded")
                .payload(SettleStranded::default())?,
        )
        .init()
        .await
        .map_err(|error| anyhow!("{error}"))?;
    worker.run().await.map_err(|error| anyhow!("{error}"))
}

/// Jobs that are done every few seconds: a line of each would hide the others.
const OFTEN: [&str; 1] = [POLL_DEVICE];

/// Does a job and logs it in one line; its error goes to the queue, which tries again.
pub async fn report(
    job: &'static str,
    work: impl Future<Output = anyhow::Result<()>> + Send,
) -> Result<(), String> {
    let begun = Instant::now();
    let result = work.await;
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match &result {
        Ok(()) if OFTEN.contains(&job) => {
            tracing::debug!(job, outcome = "done", duration_ms, "job");
        }
        Ok(()) => tracing::info!(job, outcome = "done", duration_ms, "job"),
        Err(error) => tracing::warn!(
            job,
            outcome = "failed",
            error = format!("{error:#}"),
            duration_ms,
            "job"
        ),
    }
    result.map_err(|error| error.to_string())
}
