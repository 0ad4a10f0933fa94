//! The issuer of the loopback forges: it signs tokens for jobs with a key that vouches for nothing
//! outside this machine.

use serde_json::Value;

use super::http::Reply;
use crate::ci::jwt;

/// RSA, 2048 bits, DER in PKCS #1.
const KEY: &[u8] = include_bytes!("issuer.der");
/// The public half, as every issuer shows its keys.
const KEYS: &str = include_str!("issuer.jwks.json");
/// The name of the key.
const NAME: &str = "loopback-1";

/// The keys, for everybody.
pub(super) fn keys() -> Reply {
    let keys = serde_json::from_str(KEYS);
    Reply::json(200, &keys.unwrap_or_default())
}

/// A token with these claims, signed with RS256; the issuer is added when it is left out.
pub(super) fn sign(issuer: &str, mut claims: Value) -> String {
    if let Some(fields) = claims.as_object_mut() {
        fields.entry("iss").or_insert_with(|| issuer.into());
    }
    jwt::sign(&claims, KEY, Some(NAME)).unwrap_or_default()
}
