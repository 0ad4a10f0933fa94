//! Artifacts go out through a signed address that lives one minute.

use chrono::{DateTime, TimeDelta, Utc};

use super::world::{World, now};
use crate::play::http::{Asked, Reply, Sent};

/// A signed address: what it opens, and until when.
#[derive(Debug)]
pub(super) struct Ticket {
    bytes: Vec<u8>,
    until: DateTime<Utc>,
}

impl World {
    /// Signs an address for these bytes.
    pub(super) fn sign(&mut self, bytes: Vec<u8>) -> String {
        if let Some(detour) = self.detour.take() {
            return detour;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a signature must not be guessed, and is never drawn again"
        )]
        let signature = format!("{:032x}", rand::random::<u128>());
        let until = now() + TimeDelta::minutes(1);
        let location = format!("{}/blobs/{signature}?se={}", self.api, until.timestamp());
        self.tickets.insert(signature, Ticket { bytes, until });
        location
    }

    /// The storage: knows signatures and nothing of GitHub's tokens.
    pub(super) fn blob(&mut self, signature: &str, asked: &Asked) -> Reply {
        if asked.header("authorization").is_some() {
            self.violations
                .push("a token was sent to the storage of downloads".to_owned());
            return storage_refusal(400, "InvalidAuthenticationInfo");
        }
        let sent = if self.chunked {
            Sent::InPieces
        } else {
            Sent::AtOnce
        };
        match self.tickets.get(signature) {
            Some(ticket) if ticket.until >= now() => Reply {
                status: 200,
                headers: vec![("content-type".to_owned(), "application/zip".to_owned())],
                body: ticket.bytes.clone(),
                sent,
            },
            _ => storage_refusal(403, "AuthenticationFailed"),
        }
    }
}

fn storage_refusal(status: u16, code: &str) -> Reply {
    let xml =
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code></Error>");
    Reply {
        status,
        headers: vec![("content-type".to_owned(), "application/xml".to_owned())],
        body: xml.into_bytes(),
        sent: Sent::AtOnce,
    }
}
