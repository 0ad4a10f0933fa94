//! The device flow: codes that a person types at GitHub, and a client that asks whether they have.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::LoopbackError;
use super::bodies::{PROFILE, fill};
use super::world::{TokenRecord, World, missing};
use crate::play::http::{Asked, Reply, hex_digest};

/// How long a code is good.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// The seconds that are added when a client asks too often.
const SLOWER: i64 = 5;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a person said of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Nothing,
    No,
    /// Yes, with this account.
    Yes(u64, String),
}

/// One device that asks.
#[derive(Debug)]
pub(super) struct Device {
    user_code: String,
    said: Said,
    until: DateTime<Utc>,
    pause: i64,
    asked_at: Option<DateTime<Utc>>,
}

/// The device flow of one client.
#[derive(Debug, Default)]
pub(super) struct Devices {
    client_id: Option<String>,
    /// Seconds between two questions.
    pause: i64,
    slow_down: bool,
    by_code: BTreeMap<String, Device>,
}

impl Devices {
    pub(super) fn enable(&mut self, client_id: &str, pause: i64) {
        self.client_id = Some(client_id.to_owned());
        self.pause = pause;
    }

    pub(super) const fn slow_down(&mut self) {
        self.slow_down = true;
    }

    fn typed(&mut self, user_code: &str) -> Result<&mut Device, LoopbackError> {
        let mut all = self.by_code.values_mut();
        all.find(|device| device.user_code == user_code)
            .ok_or_else(|| missing("code", user_code))
    }
}

impl World {
    /// A person types a code and agrees with their account, or refuses.
    pub(super) fn type_code(
        &mut self,
        user_code: &str,
        account: Option<(u64, &str)>,
    ) -> Result<(), LoopbackError> {
        let said = account.map_or(Said::No, |(id, login)| Said::Yes(id, login.to_owned()));
        self.devices.typed(user_code)?.said = said;
        Ok(())
    }

    /// Answers what the device flow asks; `None` for everything else.
    pub(super) fn device_answer(&mut self, asked: &Asked) -> Option<Reply> {
        if asked.method != "POST" {
            return None;
        }
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(&asked.body)
            .into_owned()
            .collect();
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        match asked.path.as_str() {
            "/login/device/code" => Some(self.new_device(field("client_id"), field("scope"))),
            "/login/oauth/access_token" => {
                let known = self.devices.client_id.as_deref() == Some(field("client_id"));
                if !known {
                    return Some(error("incorrect_client_credentials"));
                }
                if field("grant_type") != GRANT {
                    return Some(error("unsupported_grant_type"));
                }
                Some(self.asked_again(field("device_code")))
            }
            _ => None,
        }
    }

    fn new_device(&mut self, client_id: &str, scope: &str) -> Reply {
        if self.devices.client_id.as_deref() != Some(client_id) {
            return Reply::refusal(404, "Not Found");
        }
        if !scope.is_empty() {
            self.violations
                .push(format!("a device asked for the scope {scope}"));
        }
        let (number, now) = (self.new_id(), self.now());
        let code = hex_digest(number.to_string().as_bytes());
        let letters: String = code.to_uppercase().chars().take(8).collect();
        let user_code = format!(
            "{}-{}",
            letters.get(..4).unwrap_or(""),
            letters.get(4..).unwrap_or("")
        );
        let device = Device {
            user_code: user_code.clone(),
            said: Said::Nothing,
            until: now + LIFE,
            pause: self.devices.pause,
            asked_at: None,
        };
        let code: String = code.chars().take(40).collect();
        self.devices.by_code.insert(code.clone(), device);
        Reply::json(
            200,
            &json!({
                "device_code": code, "user_code": user_code,
                "verification_uri": format!("{}/login/device", self.html),
                "expires_in": LIFE.num_seconds(), "interval": self.devices.pause,
            }),
        )
    }

    fn asked_again(&mut self, code: &str) -> Reply {
        let now = self.now();
        let ordered = std::mem::take(&mut self.devices.slow_down);
        let Some(device) = self.devices.by_code.get_mut(code) else {
            return error("incorrect_device_code");
        };
        let soon = device
            .asked_at
            .is_some_and(|before| now - before < TimeDelta::seconds(device.pause));
        device.asked_at = Some(now);
        if now >= device.until {
            return error("expired_token");
        }
        if soon {
            self.violations
                .push("a device asked again before its interval".to_owned());
        }
        if soon || ordered {
            device.pause += SLOWER;
            let body = json!({ "error": "slow_down", "interval": device.pause });
            return Reply::json(200, &body);
        }
        match device.said.clone() {
            Said::Nothing => error("authorization_pending"),
            Said::No => error("access_denied"),
            Said::Yes(id, login) => {
                self.devices.by_code.remove(code);
                let token = format!("ghu_{}", hex_digest(code.as_bytes()));
                let record = TokenRecord {
                    user: Some((id, login)),
                    ..TokenRecord::new(false)
                };
                self.tokens.insert(token.clone(), record);
                let body = json!({ "access_token": token, "token_type": "bearer", "scope": "" });
                Reply::json(200, &body)
            }
        }
    }

    /// Whose a token is.
    pub(super) fn token_user(&self, asked: &Asked) -> Reply {
        let record = asked.token().and_then(|token| self.tokens.get(token));
        let user = record.and_then(|record| record.user.clone());
        let profile =
            |(id, login): (u64, String)| fill(PROFILE, &[], self.user(id, &login).ok()?).ok();
        match user.and_then(profile) {
            Some(body) => Reply::json(200, &body),
            _ => Reply::refusal(401, "Requires authentication"),
        }
    }
}

/// GitHub answers 200 whatever it says, and writes the rest into the body.
fn error(word: &str) -> Reply {
    let body: Value = json!({
        "error": word, "error_description": "See the documentation.",
        "error_uri": "https://docs.github.com/developers/apps/authorizing-oauth-apps",
    });
    Reply::json(200, &body)
}
