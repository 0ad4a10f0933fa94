//! `POST /hooks/github`, `/hooks/gitlab`, `/hooks/gitea`: the signature first, then the run, then a nudge.

use std::time::{Duration, Instant};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};

use super::{Desk, Hook, delivery, signature};
use crate::app::{
    error::Fault,
    ports::EndedRun,
    wake_run::{Woken, wake_run},
};

/// Most bytes of a delivery. Of a run with hundreds of jobs GitLab sends about one byte in ten of it.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a sender has for its body.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a delivery is not taken.
#[derive(Debug)]
enum Refused {
    /// No forge of that name has a secret here.
    NoHook,
    /// It is too long, or came too slowly.
    TooLong,
    /// It is not signed with the secret.
    Unsigned,
    /// It is signed and makes no sense.
    Malformed,
    /// The database failed.
    Fault(Fault),
}

/// What became of a delivery that is signed.
enum Taken {
    /// It tells of the end of a run.
    Ended(Woken),
    /// It tells of something else.
    Nothing,
}

/// Takes one delivery, answers at once, and logs it in one line.
pub(super) async fn take(
    State(desk): State<Desk>,
    Path(forge): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> (StatusCode, &'static str) {
    let begun = Instant::now();
    let taken = read(&desk, &forge, &headers, body).await;
    let (status, said, outcome) = match &taken {
        Ok(Taken::Ended(woken)) => (StatusCode::ACCEPTED, "thank you\n", woken.code()),
        Ok(Taken::Nothing) => (
            StatusCode::ACCEPTED,
            "not about the end of a run\n",
            "nothing",
        ),
        Err(Refused::NoHook) => (StatusCode::NOT_FOUND, "no such webhook\n", "no-hook"),
        Err(Refused::TooLong) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "too long, or too slow\n",
            "too-long",
        ),
        Err(Refused::Unsigned) => (
            StatusCode::UNAUTHORIZED,
            "the signature does not fit the secret of this webhook\n",
            "unsigned",
        ),
        Err(Refused::Malformed) => (
            StatusCode::BAD_REQUEST,
            "this is no delivery of that forge\n",
            "malformed",
        ),
        Err(Refused::Fault(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "try again later\n",
            "fault",
        ),
    };
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let forge = desk
        .hook(&forge)
        .map_or("unknown", |hook| hook.provider.code());
    if let Err(Refused::Fault(error)) = &taken {
        tracing::error!(hook = forge, outcome, %error, duration_ms, "webhook");
    } else {
        tracing::info!(hook = forge, outcome, duration_ms, "webhook");
    }
    (status, said)
}

async fn read(desk: &Desk, forge: &str, headers: &HeaderMap, body: Body) -> Result<Taken, Refused> {
    let hook = desk.hook(forge).ok_or(Refused::NoHook)?;
    let body = receive(body).await?;
    if !signature::is_right(hook, headers, &body, desk.app.clock.now()) {
        return Err(Refused::Unsigned);
    }
    let told = delivery::read(hook.provider, headers, &body).ok_or(Refused::Malformed)?;
    let delivery::Told { delivery, ended } = told;
    let Some((repository_id, run_id)) = ended else {
        return Ok(Taken::Nothing);
    };
    let run = EndedRun {
        provider: hook.provider,
        host: hook.host.clone(),
        repository_id,
        run_id,
    };
    let woken = wake_run(&desk.app, &run, &delivery).await;
    woken.map(Taken::Ended).map_err(Refused::Fault)
}

async fn receive(body: Body) -> Result<Bytes, Refused> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        _ => Err(Refused::TooLong),
    }
}

impl Desk {
    fn hook(&self, forge: &str) -> Option<&Hook> {
        self.hooks.iter().find(|hook| hook.provider.code() == forge)
    }
}
