//! Ids as Discord makes them: snowflakes that carry their own time.

use std::fmt::Write as _;

use rand::Rng as _;

/// A snowflake. In JSON it is always a string.
pub type Id = u64;

/// The first millisecond that a snowflake can carry (2015-01-01).
pub const EPOCH_MS: i64 = 1_420_070_400_000;
/// Named things (guilds, channels, people) were all made in 2023.
const NAMED_FROM_MS: u64 = 252_460_800_000;
const NAMED_SPAN_MS: u64 = 31_536_000_000;

/// An id that depends only on the name, so that it is the same after a restart.
pub fn stable_id(parts: &[&str]) -> Id {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0x1f])) {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^= hash >> 32;
    let millis = NAMED_FROM_MS + hash % NAMED_SPAN_MS;
    (millis << 22) | ((hash >> 40) & 0x3f_ffff)
}

/// The snowflake of a moment (Unix milliseconds) with a counter in its low bits.
pub fn snowflake(unix_ms: i64, counter: u64) -> Id {
    let since = u64::try_from(unix_ms - EPOCH_MS).unwrap_or(0);
    (since << 22) | (counter & 0x3f_ffff)
}

/// The Unix milliseconds that a snowflake carries.
pub fn moment_of(id: Id) -> i64 {
    i64::try_from(id >> 22).unwrap_or(0) + EPOCH_MS
}

/// `bytes` random bytes in hexadecimal.
#[expect(clippy::disallowed_methods, reason = "tokens must not be guessed")]
pub fn random_token(bytes: usize) -> String {
    let mut rng = rand::rng();
    let drawn: Vec<u8> = (0..bytes).map(|_| rng.random()).collect();
    hex(&drawn)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_thing_keeps_its_id_and_differs_from_others() {
        assert_eq!(stable_id(&["guild", "a"]), stable_id(&["guild", "a"]));
        assert_ne!(stable_id(&["guild", "a"]), stable_id(&["guild", "b"]));
        assert_ne!(stable_id(&["ab", "c"]), stable_id(&["a", "bc"]));
    }

    #[test]
    fn a_snowflake_carries_its_moment() {
        assert_eq!(
            moment_of(snowflake(1_700_000_000_123, 7)),
            1_700_000_000_123
        );
    }
}
