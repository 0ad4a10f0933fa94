//! Members who are asked to agree at a CI provider.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Tx};

/// What a member is asked.
#[derive(Clone)]
pub struct DeviceLinkRow {
    /// Its id.
    pub id: Uuid,
    /// Who is asked.
    pub member_id: Uuid,
    /// The host of the provider.
    pub host: String,
    /// What the provider is asked with.
    pub device_code: String,
    /// What the member types.
    pub user_code: String,
    /// Seconds between two questions.
    pub pause_s: i32,
    /// When the codes end.
    pub expires_at: DateTime<Utc>,
    /// Where the answer goes.
    pub reply_to: serde_json::Value,
}

impl std::fmt::Debug for DeviceLinkRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceLinkRow({})", self.id)
    }
}

impl Store {
    /// What a member is asked, if its codes last until a time.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_device_link(
        &self,
        tx: &mut Tx,
        member: Uuid,
        lasts_until: DateTime<Utc>,
    ) -> Result<Option<DeviceLinkRow>, StoreError> {
        Ok(sqlx::query_as!(
            DeviceLinkRow,
            "select id, member_id, host, device_code, user_code, pause_s, expires_at, reply_to
             from device_link where member_id = $1 and expires_at > $2",
            member,
            lasts_until
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// What was asked under an id, held until the transaction ends; `None` when it has ended.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn load_device_link(
        &self,
        tx: &mut Tx,
        id: Uuid,
    ) -> Result<Option<DeviceLinkRow>, StoreError> {
        Ok(sqlx::query_as!(
            DeviceLinkRow,
            "select id, member_id, host, device_code, user_code, pause_s, expires_at, reply_to
             from device_link where id = $1 for update",
            id
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// Asks a member, in the place of what they were asked before.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_device_link(
        &self,
        tx: &mut Tx,
        row: &DeviceLinkRow,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into device_link (id, member_id, host, device_code, user_code, pause_s, expires_at, reply_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (member_id) do update
             set id = excluded.id, host = excluded.host, device_code = excluded.device_code,
                 user_code = excluded.user_code, pause_s = excluded.pause_s,
                 expires_at = excluded.expires_at, reply_to = excluded.reply_to",
            row.id,
            row.member_id,
            row.host,
            row.device_code,
            row.user_code,
            row.pause_s,
            row.expires_at,
            row.reply_to
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Lets the answer go to where the member asked last.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn answer_device_link_to(
        &self,
        tx: &mut Tx,
        id: Uuid,
        reply_to: &serde_json::Value,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update device_link set reply_to = $2 where id = $1",
            id,
            reply_to
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Sets how many seconds are between two questions.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn slow_device_link(
        &self,
        tx: &mut Tx,
        id: Uuid,
        pause_s: i32,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update device_link set pause_s = $2 where id = $1",
            id,
            pause_s
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Forgets what was asked, with its codes.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_device_link(&self, tx: &mut Tx, id: Uuid) -> Result<(), StoreError> {
        sqlx::query!("delete from device_link where id = $1", id)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Forgets what was asked and has ended without its job.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_ended_device_links(&self) -> Result<(), StoreError> {
        sqlx::query!("delete from device_link where expires_at < now() - interval '1 hour'")
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// How many members are asked just now.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_device_links(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        Ok(
            sqlx::query_scalar!(r#"select count(*) as "count!" from device_link"#)
                .fetch_one(&mut **tx)
                .await?,
        )
    }
}
