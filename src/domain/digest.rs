//! Digests: SHA-256 in hex, of bytes and of JSON.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The digest of bytes, 64 hex digits.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of a JSON value, whatever the order of its keys: a database may turn them.
#[must_use]
pub fn of_json(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    of_bytes(sorted.to_string().as_bytes())
}

/// Bytes in hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_means_nothing_and_that_of_a_list_does() {
        let digest = of_json(&json!({"a": 1, "b": {"c": [1, 2], "d": null}}));
        assert_eq!(
            digest,
            of_json(&json!({"b": {"d": null, "c": [1, 2]}, "a": 1}))
        );
        assert_ne!(
            digest,
            of_json(&json!({"a": 1, "b": {"c": [2, 1], "d": null}}))
        );
        assert_eq!(digest.len(), 64);
    }
}
