//! Whoever signs tokens for the jobs of a CI server: its public keys, kept in the shared memory.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use url::Url;

use super::api::{Api, SettingsError, open_client};
use super::jwt;
use crate::app::ports::{CiError, CiMemory};

/// An issuer of tokens.
#[derive(Debug)]
pub(super) struct Issuer {
    api: Api,
    /// As the tokens name it.
    name: String,
    /// Where its keys are, from its own address.
    keys: &'static [&'static str],
}

impl Issuer {
    /// The issuer at an address; `private` lets its name lead into one's own network.
    pub(super) fn open(
        address: &Url,
        keys: &'static [&'static str],
        private: bool,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let client = open_client(address, Vec::new(), private)?;
        let api = Api::new(client, memory, address.clone(), HeaderMap::new(), None)?;
        let name = address.as_str().trim_end_matches('/').to_owned();
        Ok(Self { api, name, keys })
    }

    /// What a token says; `None` when it is not signed by this issuer.
    ///
    /// # Errors
    /// When the keys cannot be had.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<Option<T>, CiError> {
        let url = self.api.url(self.keys)?;
        let (keys, _): (JwkSet, _) = self.api.fetch_one(url).await?;
        Ok(jwt::read(token, &keys, &self.name))
    }
}
