//! Messages that come later than their question: as a private follow-up while the question's
//! token lives, then as a direct message, and where those are closed as a word in the channel.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use serenity::{
    all::{ApplicationId, ChannelId},
    http::{LightMethod, Route},
};

use crate::{
    app::submit_run::ReplyTo,
    discord::{
        body::Body,
        rest::{Rest, RestError},
    },
    view::Message,
};

/// Discord's code for a person who takes no direct messages.
const DIRECT_MESSAGES_CLOSED: i64 = 50_007;

/// Sends what comes later.
#[derive(Clone)]
pub struct Outbox {
    /// The executor.
    pub rest: Arc<Rest>,
    /// The application whose tokens these are.
    pub application: ApplicationId,
}

impl Outbox {
    /// Delivers a message to a member, else says `in_server` where they asked. `nonce` is the same for every try, so that a repeated post
    /// shows once.
    ///
    /// # Errors
    /// When Discord cannot be reached or refuses every way.
    pub async fn deliver(
        &self,
        to: &ReplyTo,
        message: &Message,
        in_server: &str,
        nonce: &str,
        now: DateTime<Utc>,
    ) -> Result<(), RestError> {
        if now < to.token_until {
            match self.follow_up(to, message).await {
                Err(RestError::Refused { .. }) => {}
                other => return other,
            }
        }
        match self.write_directly(to, message, nonce).await {
            Err(error) if error.code() == DIRECT_MESSAGES_CLOSED => {
                self.announce(to, in_server, nonce).await
            }
            other => other,
        }
    }

    async fn follow_up(&self, to: &ReplyTo, message: &Message) -> Result<(), RestError> {
        let route = Route::WebhookFollowupMessages {
            application_id: self.application,
            token: &to.token,
        };
        self.rest
            .send(route, LightMethod::Post, Body::new(message).private(true))
            .await
            .map(drop)
    }

    async fn write_directly(
        &self,
        to: &ReplyTo,
        message: &Message,
        nonce: &str,
    ) -> Result<(), RestError> {
        let recipient = json!({ "recipient_id": to.user_id.to_string() });
        let channel = self
            .rest
            .send(Route::UserMeDmChannels, LightMethod::Post, Some(recipient))
            .await?;
        let id = channel
            .get("id")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok())
            .unwrap_or(1_u64);
        self.post(ChannelId::new(id), message, nonce).await
    }

    /// Says in the channel that there is something to know.
    async fn announce(&self, to: &ReplyTo, words: &str, nonce: &str) -> Result<(), RestError> {
        let message = Message {
            mentions: vec![to.user_id],
            ..Message::plain(words)
        };
        self.post(
            ChannelId::new(to.channel_id.cast_unsigned()),
            &message,
            nonce,
        )
        .await
    }

    async fn post(
        &self,
        channel_id: ChannelId,
        message: &Message,
        nonce: &str,
    ) -> Result<(), RestError> {
        let nonce: String = nonce.chars().take(25).collect();
        let body = Body::new(message).once(nonce);
        self.rest
            .send(
                Route::ChannelMessages { channel_id },
                LightMethod::Post,
                body,
            )
            .await
            .map(drop)
    }
}
