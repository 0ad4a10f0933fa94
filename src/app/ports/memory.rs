//! What all processes together remember of providers.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// An answer of a provider that need not be sent again while it has not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The provider's tag of it.
    pub tag: String,
    /// The bytes.
    pub body: Vec<u8>,
    /// The `Link` header, which leads to the next page of a list.
    pub link: Option<String>,
}

/// What all processes together remember of providers. It may forget anything at any time.
#[async_trait]
pub trait CiMemory: Send + Sync + fmt::Debug {
    /// The answer kept under a key.
    async fn find_answer(&self, key: &[u8]) -> Option<KeptAnswer>;
    /// Keeps an answer.
    async fn keep_answer(&self, key: &[u8], answer: &KeptAnswer);
    /// Until when an account must not ask, when that is still to come.
    async fn find_pause(&self, account: &[u8]) -> Option<DateTime<Utc>>;
    /// Lets nobody ask for an account until then.
    async fn record_pause(&self, account: &[u8], until: DateTime<Utc>);
}
