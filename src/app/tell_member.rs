//! Telling members what they did not ask for: by a job, in the language they use.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{App, caller::Caller, error::Fault, submit_run::ReplyTo},
    domain::locale::Locale,
    store::{Enqueue, StoreError, Tx},
};

/// The job that tells a member.
pub const TELL_MEMBER: &str = "tell_member";

/// What a member is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum News {
    /// An instructor gave them more time.
    Extended {
        /// The practice.
        practice: String,
        /// When it is due for them now.
        due_at: DateTime<Utc>,
        /// Why, in the instructor's words.
        reason: String,
        /// Their grades that went up by it.
        raised: usize,
    },
    /// Their grades went up, because the due time was moved or removed for their server or their group.
    DueMoved {
        /// The practice.
        practice: String,
        /// When it is due for them now; `None` when it is due at no time.
        due_at: Option<DateTime<Utc>>,
        /// The grades that went up.
        raised: usize,
    },
    /// An instructor saw to their group.
    Grouped {
        /// The practice.
        practice: String,
        /// Who is in the group with them now, themselves included; nobody when they hand in alone.
        names: Vec<String>,
        /// Why, in the instructor's words.
        reason: String,
    },
}

/// The arguments of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellJob {
    /// Tells this message from every other.
    pub id: Uuid,
    /// Whom.
    pub to: ReplyTo,
    /// What.
    pub news: News,
}

/// Has a member told, once the transaction commits; `channel` is where they are called when they take no
/// direct messages.
///
/// # Errors
/// A fault of the database.
pub async fn tell_member(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    channel: i64,
    enrolment: Uuid,
    news: News,
) -> Result<(), Fault> {
    let job = TellJob {
        id: Uuid::now_v7(),
        to: address(app, tx, enrolment, channel, caller.locale).await?,
        news,
    };
    let enqueue = Enqueue {
        identifier: TELL_MEMBER,
        payload: &job,
        key: Some(&format!("{TELL_MEMBER}:{}", job.id)),
        run_at: app.clock.now(),
        max_attempts: 8,
    };
    Ok(app.store.enqueue(tx, enqueue).await?)
}

/// Where a member is told what they did not ask for: directly, else in a channel.
///
/// # Errors
/// When the database cannot be reached.
pub async fn address(
    app: &App,
    tx: &mut Tx,
    enrolment: Uuid,
    channel_id: i64,
    fallback: Locale,
) -> Result<ReplyTo, StoreError> {
    let to = app.store.find_recipient(tx, enrolment).await?;
    let locale = to.locale.and_then(|code| Locale::from_discord(&code));
    Ok(ReplyTo {
        user_id: to.discord_id,
        channel_id,
        token: String::new(),
        token_until: DateTime::UNIX_EPOCH,
        locale: locale.unwrap_or(fallback),
    })
}
