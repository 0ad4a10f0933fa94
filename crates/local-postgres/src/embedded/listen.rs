//! Who hears what. The engine has one listener, its only session; behind it are many.

use std::collections::{BTreeSet, HashMap};

use super::sql::Listen;

/// The channels and their listening clients.
#[derive(Debug, Default)]
pub struct Listeners {
    channels: HashMap<String, BTreeSet<u64>>,
}

impl Listeners {
    /// Follows what a client has done; returns the SQL that brings the engine's own list in
    /// line with what the other clients still want to hear.
    pub fn follow(&mut self, client: u64, changes: Vec<Listen>) -> Option<String> {
        let mut less = false;
        for change in changes {
            match change {
                Listen::To(channel) => {
                    self.channels.entry(channel).or_default().insert(client);
                }
                Listen::Not(channel) => {
                    less = true;
                    if let Some(clients) = self.channels.get_mut(&channel) {
                        clients.remove(&client);
                    }
                }
                Listen::Nothing => {
                    less = true;
                    self.remove(client);
                }
            }
        }
        // The engine has stopped listening for everyone.
        less.then(|| self.restore())
    }

    /// Forgets a client that has gone; SQL as above when it listened to anything.
    pub fn forget(&mut self, client: u64) -> Option<String> {
        let listened = self
            .channels
            .values()
            .any(|clients| clients.contains(&client));
        self.remove(client);
        listened.then(|| self.restore())
    }

    /// The clients that hear this channel.
    pub fn on(&self, channel: &str) -> impl Iterator<Item = u64> + '_ {
        self.channels.get(channel).into_iter().flatten().copied()
    }

    fn remove(&mut self, client: u64) {
        for clients in self.channels.values_mut() {
            clients.remove(&client);
        }
    }

    fn restore(&mut self) -> String {
        self.channels.retain(|_, clients| !clients.is_empty());
        let mut channels: Vec<&String> = self.channels.keys().collect();
        channels.sort();
        let again = channels
            .into_iter()
            .map(|channel| format!("; LISTEN \"{}\"", channel.replace('"', "\"\"")));
        std::iter::once("UNLISTEN *".to_owned())
            .chain(again)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(channel: &str) -> Listen {
        Listen::To(channel.to_owned())
    }

    #[test]
    fn every_listener_of_a_channel_hears_it() {
        let mut listeners = Listeners::default();
        assert_eq!(listeners.follow(1, vec![to("a")]), None);
        listeners.follow(2, vec![to("a"), to("b")]);
        assert_eq!(listeners.on("a").collect::<Vec<_>>(), [1, 2]);
        assert_eq!(listeners.on("nothing").count(), 0);
    }

    #[test]
    fn one_client_leaving_does_not_deafen_another() {
        let mut listeners = Listeners::default();
        listeners.follow(1, vec![to("a"), to("b\"c")]);
        listeners.follow(2, vec![to("a")]);
        let sql = listeners.follow(2, vec![Listen::Nothing]).unwrap();
        assert_eq!(sql, r#"UNLISTEN *; LISTEN "a"; LISTEN "b""c""#);
        assert_eq!(listeners.forget(2), None);
        assert_eq!(listeners.forget(1).unwrap(), "UNLISTEN *");
    }
}
