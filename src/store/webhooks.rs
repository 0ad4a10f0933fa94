//! Webhooks of CI providers, and the waiting submissions they wake.

use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::app::ports::{Delivery, EndedRun};

impl Store {
    /// The submissions of a run that have neither a grade nor a failure, held until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_unsettled(
        &self,
        tx: &mut Tx,
        run: &EndedRun,
    ) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select s.id from submission s
             where s.provider = $1 and s.host = $2 and s.run_id = $3 and s.run ->> 'repository_id' = $4
               and not exists (select 1 from grade g where g.submission_id = s.id)
               and not exists (select 1 from submission_failure f where f.submission_id = s.id)
             order by s.id limit 100 for update of s",
            run.provider.code(),
            run.host,
            run.run_id.cast_signed(),
            run.repository_id.to_string()
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Records that a delivery tells of a submission's run; `false` when it came before.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_delivery(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        submission: Uuid,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "insert into webhook_delivery (submission_id, delivery, body_sha256) values ($1, $2, $3)
             on conflict do nothing",
            submission,
            delivery.id,
            delivery.body_sha256
        )
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// How many deliveries have told of a submission's run.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_deliveries(&self, tx: &mut Tx, submission: Uuid) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"select count(*) as "count!" from webhook_delivery where submission_id = $1"#,
            submission
        )
        .fetch_one(&mut **tx)
        .await?)
    }

    /// Forgets deliveries older than a week: what they tell of has ended by then.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_old_deliveries(&self) -> Result<(), StoreError> {
        sqlx::query!("delete from webhook_delivery where recorded_at < now() - interval '7 days'")
            .execute(self.pool())
            .await?;
        Ok(())
    }
}
