//! Accounts at CI providers, and whose they are.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::app::ports::Account;

/// A linked account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The web host.
    pub host: String,
    /// The number of the account there.
    pub account_id: i64,
    /// Its name when it was linked.
    pub login: String,
}

impl Store {
    /// The branch a member was asked to push, while it counts.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_nonce(
        &self,
        tx: &mut Tx,
        member: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select branch from account_nonce where member_id = $1 and expires_at > $2",
            member,
            now
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// Asks a member to push a branch, in the place of an earlier one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_nonce(
        &self,
        tx: &mut Tx,
        member: Uuid,
        branch: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into account_nonce (member_id, branch, expires_at) values ($1, $2, $3)
             on conflict (member_id) do update set branch = excluded.branch, expires_at = excluded.expires_at",
            member,
            branch,
            expires_at
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// A member's accounts.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_accounts(
        &self,
        tx: &mut Tx,
        member: Uuid,
    ) -> Result<Vec<AccountRow>, StoreError> {
        Ok(sqlx::query_as!(
            AccountRow,
            r#"select a.host, a.account_id, coalesce((
                   select e.login from account_event e
                   where e.host = a.host and e.account_id = a.account_id and e.member_id = a.member_id
                   order by e.recorded_at desc limit 1), '') as "login!"
               from linked_account a where a.member_id = $1 order by a.host"#,
            member
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Whose an account is, when it is linked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_account_owner(
        &self,
        tx: &mut Tx,
        account: &Account,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select member_id from linked_account where host = $1 and account_id = $2",
            account.host,
            account.id.cast_signed()
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// Links an account to a member, in the place of the member's earlier one at that host; `false` when it is
    /// linked to another member. `proof` is the run that proved it, if it was a run. The nonce is spent.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn link_account(
        &self,
        tx: &mut Tx,
        member: Uuid,
        account: &Account,
        proof: Option<u64>,
    ) -> Result<bool, StoreError> {
        let (provider, number) = (account.provider.code(), account.id.cast_signed());
        sqlx::query!(
            "delete from linked_account where host = $1 and member_id = $2 and account_id <> $3",
            account.host,
            member,
            number
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            "insert into linked_account (member_id, provider, host, account_id) values ($1, $2, $3, $4)
             on conflict do nothing",
            member,
            provider,
            account.host,
            number
        )
        .execute(&mut **tx)
        .await?;
        if self.find_account_owner(tx, account).await? != Some(member) {
            return Ok(false);
        }
        sqlx::query!("delete from account_nonce where member_id = $1", member)
            .execute(&mut **tx)
            .await?;
        sqlx::query!(
            "insert into account_event (id, member_id, provider, host, account_id, login, run_id)
             values ($1, $2, $3, $4, $5, $6, $7)",
            Uuid::now_v7(),
            member,
            provider,
            account.host,
            number,
            account.login,
            proof.map(u64::cast_signed)
        )
        .execute(&mut **tx)
        .await?;
        Ok(true)
    }
}
