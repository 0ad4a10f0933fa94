//! Webhooks as the loopback forges send them: real requests, really signed, one after another.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER};
use ring::hmac::{HMAC_SHA256, Key, sign};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use url::Url;

/// Where a forge sends its webhooks, and what it signs them with.
#[derive(Debug, Clone)]
pub(super) struct Target {
    url: Url,
    pub(super) secret: String,
}

/// A webhook: what is sent, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where to.
    pub url: Url,
    /// The headers, besides those of every request.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The status of the answer; 0 when there was none.
    pub status: u16,
}

impl Webhook {
    /// Sends it, again if it was sent before; tells the status of the answer.
    pub async fn send(&self) -> u16 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the loopback forge is an outside service, and asks nobody but this machine"
        )]
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build();
        let Ok(client) = client else { return 0 };
        let mut request = client.post(self.url.clone()).body(self.body.clone());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answered = request.send().await;
        answered.map_or(0, |answer| answer.status().as_u16())
    }
}

/// The webhooks of one forge.
#[derive(Debug)]
pub(super) struct Hooks {
    target: Mutex<Option<Target>>,
    sent: Arc<Mutex<Vec<Webhook>>>,
    queue: UnboundedSender<Webhook>,
    sender: JoinHandle<()>,
}

impl Hooks {
    /// A forge that has nobody to tell yet.
    #[expect(
        clippy::disallowed_methods,
        reason = "the task is stopped when its owner is dropped"
    )]
    pub(super) fn start() -> Self {
        let (queue, mut waiting) = unbounded_channel::<Webhook>();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&sent);
        let sender = tokio::spawn(async move {
            while let Some(mut webhook) = waiting.recv().await {
                webhook.status = webhook.send().await;
                log.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(webhook);
            }
        });
        Self {
            target: Mutex::new(None),
            sent,
            queue,
            sender,
        }
    }

    pub(super) fn aim(&self, url: &Url, secret: &str) {
        let target = Target {
            url: url.clone(),
            secret: secret.to_owned(),
        };
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
    }

    /// Sends what is made for the target, if there is one.
    pub(super) fn send(&self, make: impl FnOnce(&Target) -> Option<Webhook>) {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(webhook) = target.as_ref().and_then(make) {
            // Only a forge that is being dropped has no queue.
            let _ = self.queue.send(webhook);
        }
    }

    pub(super) fn sent(&self) -> Vec<Webhook> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.clone()
    }
}

impl Drop for Hooks {
    fn drop(&mut self) {
        self.sender.abort();
    }
}

impl Target {
    /// A webhook with these headers.
    pub(super) fn webhook(&self, headers: &[(&str, &str)], body: Vec<u8>) -> Webhook {
        let all = [("content-type", "application/json")];
        let all = all.iter().chain(headers);
        Webhook {
            url: self.url.clone(),
            headers: all
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body,
            status: 0,
        }
    }
}

/// HMAC-SHA256 in hex digits.
#[must_use]
pub fn hex_hmac(secret: &str, body: &[u8]) -> String {
    HEXLOWER.encode(sign(&Key::new(HMAC_SHA256, secret.as_bytes()), body).as_ref())
}

/// A signature after the Standard Webhooks; the secret is Base64.
pub(super) fn standard(secret: &str, id: &str, time: &str, body: &[u8]) -> String {
    let key = BASE64.decode(secret.as_bytes()).unwrap_or_default();
    let message = [id.as_bytes(), b".", time.as_bytes(), b".", body].concat();
    let tag = sign(&Key::new(HMAC_SHA256, &key), &message);
    format!("v1,{}", BASE64.encode(tag.as_ref()))
}
