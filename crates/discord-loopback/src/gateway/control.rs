//! What a test does to the gateway.

use std::sync::Arc;

use serde_json::json;

use super::hub::{Frame, Session};
use crate::world::Shared;

/// Disturbs every session that is connected now (or, where said, what comes next).
#[derive(Clone, Debug)]
pub struct GatewayControl {
    pub(crate) shared: Arc<Shared>,
}

impl GatewayControl {
    /// Asks the bot to reconnect and resume (op 7).
    pub fn reconnect(&self) {
        self.send(&Frame::Payload(
            json!({"op": 7, "d": null, "s": null, "t": null}).to_string(),
        ));
    }

    /// Declares the session invalid (op 9). With `false` it cannot be resumed.
    pub fn invalid_session(&self, resumable: bool) {
        self.send(&Frame::Payload(
            json!({"op": 9, "d": resumable, "s": null, "t": null}).to_string(),
        ));
        if !resumable {
            self.shared.with(|world| {
                for session in world.hub.sessions.values_mut() {
                    session.link = None;
                    session.lost = None;
                }
                world.hub.sessions.clear();
                world.bot_presence();
            });
        }
    }

    /// Closes with this code; 0 closes without one.
    pub fn close(&self, code: u16) {
        self.send(&Frame::Close((code != 0).then_some(code), ""));
    }

    /// Cuts the TCP connections.
    pub fn drop_tcp(&self) {
        self.send(&Frame::Drop);
    }

    /// From now on heartbeats are not acknowledged.
    pub fn stop_acking(&self) {
        self.shared.with(|world| world.hub.acking = false);
    }

    /// Heartbeats are acknowledged again.
    pub fn start_acking(&self) {
        self.shared.with(|world| world.hub.acking = true);
    }

    /// The next event is sent twice with the same number.
    pub fn duplicate_next_event(&self) {
        self.shared.with(|world| world.hub.duplicates += 1);
    }

    /// How often bots have identified and resumed.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        self.shared
            .look(|world| (world.hub.identifies, world.hub.resumes))
    }

    fn send(&self, frame: &Frame) {
        self.shared.with(|world| {
            let links = world
                .hub
                .sessions
                .values()
                .filter_map(|session: &Session| session.link.as_ref());
            for (_, link) in links {
                let _ = link.send(frame.clone());
            }
        });
    }
}
