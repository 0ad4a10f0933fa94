//! Facts of reading and ticking.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Store, StoreError, Tx};

impl Store {
    /// Records that a module was opened; only the first time is a fact.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_reading(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        module: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into reading (enrolment_id, module_id) values ($1, $2) on conflict do nothing",
            enrolment,
            module
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The modules a member has opened.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_readings(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<BTreeSet<String>, StoreError> {
        let rows = sqlx::query_scalar!(
            "select module_id from reading where enrolment_id = $1 limit 1000",
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Records that an item was ticked or unticked, when that is news.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_tick(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        item: &str,
        ticked: bool,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into tick (enrolment_id, item_id, ticked)
             select $1, $2, $3 where $3 is distinct from coalesce(
                (select ticked from tick where enrolment_id = $1 and item_id = $2 order by id desc limit 1), false)",
            enrolment,
            item,
            ticked
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The items a member has ticked, by their newest facts.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_ticks(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<BTreeMap<String, bool>, StoreError> {
        let rows = sqlx::query!(
            "select distinct on (item_id) item_id, ticked from tick where enrolment_id = $1
             order by item_id, id desc limit 1000",
            enrolment
        )
        .fetch_all(&mut **tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.item_id, row.ticked))
            .collect())
    }
}
