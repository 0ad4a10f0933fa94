//! What all processes together remember of the CI providers: answers with their tags, and how long
//! each account must wait.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::app::ports::{CiMemory, KeptAnswer};

impl Store {
    async fn load_answer(&self, key: &[u8]) -> Result<Option<KeptAnswer>, StoreError> {
        Ok(sqlx::query_as!(
            KeptAnswer,
            "select tag, body, link from ci_answer where key = $1",
            key
        )
        .fetch_optional(self.pool())
        .await?)
    }

    /// Keeps an answer, and forgets those that nobody has needed for a week.
    async fn store_answer(&self, key: &[u8], answer: &KeptAnswer) -> Result<(), StoreError> {
        sqlx::query!(
            "with old as (delete from ci_answer where kept_at < now() - interval '7 days' and key <> $1)
             insert into ci_answer (key, tag, body, link) values ($1, $2, $3, $4)
             on conflict (key) do update
             set tag = excluded.tag, body = excluded.body, link = excluded.link, kept_at = now()",
            key,
            answer.tag,
            answer.body,
            answer.link
        )
        .execute(self.pool())
        .await?;
        Ok(())
    }

    async fn load_pause(&self, account: &[u8]) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select until from ci_pause where account = $1 and until > now()",
            account
        )
        .fetch_optional(self.pool())
        .await?)
    }

    async fn store_pause(&self, account: &[u8], until: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into ci_pause (account, until) values ($1, $2)
             on conflict (account) do update set until = greatest(ci_pause.until, excluded.until)",
            account,
            until
        )
        .execute(self.pool())
        .await?;
        Ok(())
    }
}

/// A memory that fails is no memory: the provider is asked anew.
#[async_trait]
impl CiMemory for Store {
    async fn find_answer(&self, key: &[u8]) -> Option<KeptAnswer> {
        self.load_answer(key).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the memory of CI answers cannot be read");
            None
        })
    }

    async fn keep_answer(&self, key: &[u8], answer: &KeptAnswer) {
        if let Err(error) = self.store_answer(key, answer).await {
            tracing::warn!(%error, "an answer of the CI provider cannot be kept");
        }
    }

    async fn find_pause(&self, account: &[u8]) -> Option<DateTime<Utc>> {
        self.load_pause(account).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the pauses of CI providers cannot be read");
            None
        })
    }

    async fn record_pause(&self, account: &[u8], until: DateTime<Utc>) {
        if let Err(error) = self.store_pause(account, until).await {
            tracing::warn!(%error, "a pause of the CI provider cannot be kept");
        }
    }
}
