//! What the bridge says in its own name.

use crate::wire;

/// Greets a client: no password, these settings, ready.
pub fn greeting(server_version: &str, client: u64) -> Vec<u8> {
    let settings = [
        ("server_version", server_version),
        ("server_encoding", "UTF8"),
        ("client_encoding", "UTF8"),
        ("DateStyle", "ISO, MDY"),
        ("IntervalStyle", "postgres"),
        ("TimeZone", "UTC"),
        ("integer_datetimes", "on"),
        ("standard_conforming_strings", "on"),
    ];
    let mut bytes = wire::encode(b'R', &0_u32.to_be_bytes());
    for (name, value) in settings {
        wire::put(
            &mut bytes,
            b'S',
            &[name.as_bytes(), b"\0", value.as_bytes(), b"\0"],
        );
    }
    // The number is for the client's logs; there is nothing to cancel with it.
    let number = u32::try_from(client).unwrap_or(u32::MAX).to_be_bytes();
    wire::put(&mut bytes, b'K', &[&number, &[0; 4]]);
    wire::put(&mut bytes, b'Z', &[b"I"]);
    bytes
}

/// An error after which the connection is closed.
pub fn fatal(code: &str, text: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [(b'S', "FATAL"), (b'V', "FATAL"), (b'C', code), (b'M', text)] {
        body.push(field);
        body.extend(value.bytes().chain([0]));
    }
    body.push(0);
    wire::encode(b'E', &body)
}

/// Every connection ends because the engine is stopped on purpose.
pub fn stopping() -> Vec<u8> {
    fatal("57P01", "the embedded Postgres is being stopped")
}

/// Every connection ends because the engine has failed.
pub fn failed() -> Vec<u8> {
    fatal(
        "57P02",
        "the embedded Postgres failed; its log has the reason",
    )
}

/// One connection ends because it kept the others waiting.
pub fn idle_too_long() -> Vec<u8> {
    fatal(
        "25P03",
        "the transaction was left idle for too long and has been rolled back",
    )
}
