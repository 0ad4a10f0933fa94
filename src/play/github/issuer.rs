//! The issuer that signs tokens for jobs, with a key that vouches for nothing outside this machine.

use serde_json::Value;

use super::world::World;
use crate::ci::jwt;
use crate::play::http::Reply;

/// RSA, 2048 bits, DER in PKCS #1.
const KEY: &[u8] = include_bytes!("issuer.der");
/// The public half, as every issuer shows its keys.
const KEYS: &str = include_str!("issuer.jwks.json");
/// The name of the key.
const NAME: &str = "loopback-1";
/// Where the keys are.
pub(super) const KEYS_PATH: &str = "/oidc/.well-known/jwks";

impl World {
    /// The keys, for everybody.
    pub(super) fn keys() -> Reply {
        let keys = serde_json::from_str(KEYS);
        Reply::json(200, &keys.unwrap_or_default())
    }

    /// Who the tokens say has signed them.
    pub(super) fn issuer(&self) -> String {
        format!("{}/oidc", self.api)
    }

    /// A token with these claims, signed as GitHub signs; the issuer is added when it is left out.
    pub(super) fn sign_token(&self, mut claims: Value) -> String {
        if let Some(fields) = claims.as_object_mut() {
            fields.entry("iss").or_insert_with(|| self.issuer().into());
        }
        jwt::sign(&claims, KEY, Some(NAME)).unwrap_or_default()
    }
}
