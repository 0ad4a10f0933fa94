//! Linking an account by agreeing at the provider: the member types a code there, and a job asks whether they have.

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Fault},
        ports::{CiError, DeviceFlow, DevicePoll},
        submit_run::ReplyTo,
    },
    store::{DeviceLinkRow, Enqueue, StoreError, Tx},
};

/// The job that asks whether a member has agreed.
pub const POLL_DEVICE: &str = "poll_device";
/// The job that tells the member how it ended.
pub const TELL_LINKED: &str = "tell_linked";
/// A code with less left is not shown again.
const WORTH_SHOWING: TimeDelta = TimeDelta::minutes(2);
/// The pause after the provider failed.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(30);

/// The arguments of the first job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceJob {
    /// Id of what the member was asked.
    pub link: Uuid,
}

/// The arguments of the second job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkedJob {
    /// Where to.
    pub reply_to: ReplyTo,
    /// How it ended.
    pub end: DeviceEnd,
}

/// A code, and where a member types it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The page.
    pub page: String,
    /// What is typed.
    pub letters: String,
}

/// How a member's agreeing ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceEnd {
    /// The account is theirs.
    Linked {
        /// Its name.
        login: String,
        /// The host it is at.
        host: String,
    },
    /// The account is another member's.
    Taken {
        /// Its name.
        login: String,
    },
    /// They said no.
    Refused,
    /// They did not answer in time.
    Expired,
}

/// Gives a member a code to type; the same one while it has time left. `None` when the provider gives none.
///
/// # Errors
/// Only faults.
pub async fn ask_for_consent(
    app: &App,
    caller: &Caller,
    reply_to: &ReplyTo,
    flow: &dyn DeviceFlow,
) -> Result<Option<Code>, Failure> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let member = app.enrol(&mut tx, caller).await?.member_id;
    let reply = serde_json::to_value(reply_to).map_err(|error| Fault::Broken(error.to_string()))?;
    let shown = app
        .store
        .find_device_link(&mut tx, member, now + WORTH_SHOWING)
        .await?
        .filter(|shown| shown.host == flow.host());
    if let Some(shown) = shown {
        app.store
            .answer_device_link_to(&mut tx, shown.id, &reply)
            .await?;
        app.store.commit(tx).await?;
        return Ok(Some(Code {
            page: flow.page(),
            letters: shown.user_code,
        }));
    }
    app.store.commit(tx).await?;
    let code = match flow.begin().await {
        Ok(code) => code,
        Err(error) => {
            tracing::warn!(%error, "no code could be had: is the device flow of GITHUB_CLIENT_ID enabled?");
            return Ok(None);
        }
    };
    let row = DeviceLinkRow {
        id: Uuid::now_v7(),
        member_id: member,
        host: flow.host().to_owned(),
        device_code: code.device_code.expose_secret().to_owned(),
        user_code: code.user_code.clone(),
        pause_s: code.pause_s,
        expires_at: now + code.life,
        reply_to: reply,
    };
    let mut tx = app.store.begin().await?;
    app.store.record_device_link(&mut tx, &row).await?;
    ask_again(app, &mut tx, row.id, TimeDelta::seconds(row.pause_s.into())).await?;
    app.store.commit(tx).await?;
    Ok(Some(Code {
        page: flow.page(),
        letters: code.user_code,
    }))
}

/// Asks the provider once whether the member has agreed, and ends it or asks again later.
///
/// # Errors
/// A fault of the database; the queue then tries again.
pub async fn poll_device(app: &App, job: &DeviceJob) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let found = app.store.load_device_link(&mut tx, job.link).await?;
    app.store.commit(tx).await?;
    let Some(row) = found else { return Ok(()) };
    let answered = match &app.consent {
        Some(flow) if row.expires_at > app.clock.now() && flow.host() == row.host => {
            let code = SecretString::from(row.device_code.clone());
            flow.poll(&code, row.pause_s).await
        }
        _ => Ok(DevicePoll::Expired),
    };
    let mut tx = app.store.begin().await?;
    if app
        .store
        .load_device_link(&mut tx, job.link)
        .await?
        .is_none()
    {
        return Ok(());
    }
    let end = match answered {
        Ok(DevicePoll::Pending { pause_s }) => {
            app.store.slow_device_link(&mut tx, row.id, pause_s).await?;
            let pause = TimeDelta::seconds(pause_s.into());
            ask_again(app, &mut tx, row.id, pause).await?;
            return Ok(app.store.commit(tx).await?);
        }
        Err(error) => {
            tracing::warn!(%error, "the provider was asked whether a member has agreed");
            let pause = match error {
                CiError::RateLimited { until } => (until - app.clock.now()).max(AFTER_FAILURE),
                _ => AFTER_FAILURE,
            };
            ask_again(app, &mut tx, row.id, pause).await?;
            return Ok(app.store.commit(tx).await?);
        }
        Ok(DevicePoll::Agreed(account)) => {
            if app
                .store
                .link_account(&mut tx, row.member_id, &account, None)
                .await?
            {
                DeviceEnd::Linked {
                    login: account.login,
                    host: account.host,
                }
            } else {
                // What was tried is undone; that it was tried is told.
                drop(tx);
                tx = app.store.begin().await?;
                DeviceEnd::Taken {
                    login: account.login,
                }
            }
        }
        Ok(DevicePoll::Refused) => DeviceEnd::Refused,
        Ok(DevicePoll::Expired) => DeviceEnd::Expired,
    };
    finish(app, tx, &row, end).await
}

/// Forgets the code, and tells the member.
async fn finish(app: &App, mut tx: Tx, row: &DeviceLinkRow, end: DeviceEnd) -> Result<(), Fault> {
    app.store.forget_device_link(&mut tx, row.id).await?;
    let reply_to = serde_json::from_value(row.reply_to.clone()).map_err(|error| {
        Fault::Store(StoreError::Inconsistent {
            table: "device_link",
            reason: error.to_string(),
        })
    })?;
    let job = Enqueue {
        identifier: TELL_LINKED,
        payload: &LinkedJob { reply_to, end },
        key: Some(&format!("{TELL_LINKED}:{}", row.id)),
        run_at: app.clock.now(),
        max_attempts: 8,
    };
    app.store.enqueue(&mut tx, job).await?;
    Ok(app.store.commit(tx).await?)
}

async fn ask_again(app: &App, tx: &mut Tx, link: Uuid, pause: TimeDelta) -> Result<(), StoreError> {
    let job = Enqueue {
        identifier: POLL_DEVICE,
        payload: &DeviceJob { link },
        key: None,
        run_at: app.clock.now() + pause,
        max_attempts: 8,
    };
    app.store.enqueue(tx, job).await
}
