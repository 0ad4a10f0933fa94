//! The memory of a process without a database: none.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::app::ports::{CiMemory, KeptAnswer};

/// Forgets everything at once.
#[derive(Debug, Clone, Copy)]
pub struct NoMemory;

#[async_trait]
impl CiMemory for NoMemory {
    async fn find_answer(&self, _key: &[u8]) -> Option<KeptAnswer> {
        None
    }

    async fn keep_answer(&self, _key: &[u8], _answer: &KeptAnswer) {}

    async fn find_pause(&self, _account: &[u8]) -> Option<DateTime<Utc>> {
        None
    }

    async fn record_pause(&self, _account: &[u8], _until: DateTime<Utc>) {}
}
