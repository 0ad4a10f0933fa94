//! What linking an account needs from a provider at which its owner agrees.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;
use secrecy::SecretString;

use super::{CiError, Provider, Run};

/// An account at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The provider.
    pub provider: Provider,
    /// The web host.
    pub host: String,
    /// Its number, which never changes.
    pub id: u64,
    /// Its name, which may.
    pub login: String,
}

impl Run {
    /// The account that started it.
    #[must_use]
    pub fn account(&self) -> Account {
        Account {
            provider: self.provider,
            host: self.host.clone(),
            id: self.actor_id,
            login: self.actor_login.clone(),
        }
    }
}

/// A code that a member types at a provider to agree.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// What the provider is asked with.
    pub device_code: SecretString,
    /// What the member types.
    pub user_code: String,
    /// How long both are good.
    pub life: TimeDelta,
    /// Seconds between two questions, at least.
    pub pause_s: i32,
}

/// Whether a member has agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DevicePoll {
    /// Not yet.
    Pending {
        /// Seconds until it may be asked again.
        pause_s: i32,
    },
    /// With this account.
    Agreed(Account),
    /// They said no.
    Refused,
    /// The code has run out.
    Expired,
}

/// A provider at which a member agrees by typing a code. Nothing is asked for but whose the account is.
#[async_trait]
pub trait DeviceFlow: Send + Sync + fmt::Debug {
    /// The web host.
    fn host(&self) -> &str;
    /// The page where the code is typed.
    fn page(&self) -> String;
    /// A new code.
    async fn begin(&self) -> Result<DeviceCode, CiError>;
    /// Whether the member has agreed; `pause_s` is what it was at the last question.
    async fn poll(&self, device_code: &SecretString, pause_s: i32) -> Result<DevicePoll, CiError>;
}
