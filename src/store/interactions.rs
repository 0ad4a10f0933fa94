//! Interactions already acted on.

use super::{Store, StoreError};

impl Store {
    /// Records that an interaction is being acted on; false when it already was.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_interaction(&self, interaction: i64) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "insert into handled_interaction (interaction_id) values ($1) on conflict do nothing",
            interaction
        )
        .execute(self.pool())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets interactions older than a day: Discord's tokens live for 15 minutes.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_old_interactions(&self) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "delete from handled_interaction where recorded_at < now() - interval '1 day'"
        )
        .execute(self.pool())
        .await?;
        Ok(done.rows_affected())
    }
}
