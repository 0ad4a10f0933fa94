//! GitHub Apps: who they are by their signature, where they are installed, and the tokens they get.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use ring::signature::{RsaKeyPair, RsaPublicKeyComponents};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use serde::Deserialize;
use serde_json::{Value, json};

use super::world::{TokenRecord, World, missing, now, stamp};
use super::{APP_KEY, LoopbackError};
use crate::ci::jwt;
use crate::play::http::{Asked, Reply, decode as undo, hex_digest};

/// How far ahead a token of the App itself may end.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// An App with its installations.
#[derive(Debug, Default)]
pub(super) struct AppRecord {
    slug: String,
    /// Modulus and exponent of its public key.
    key: (Vec<u8>, Vec<u8>),
    installations: BTreeMap<u64, Installation>,
}

/// An App at an account.
#[derive(Debug)]
struct Installation {
    account: Value,
    since: DateTime<Utc>,
    repositories: BTreeSet<u64>,
    suspended: bool,
}

#[derive(Deserialize)]
struct Claims {
    iss: Value,
    iat: i64,
    exp: i64,
}

impl World {
    pub(super) fn add_app(&mut self, id: &str, slug: &str) {
        let key = PrivateKeyDer::from_pem_slice(APP_KEY.as_bytes()).ok();
        let key = key.and_then(|key| RsaKeyPair::from_der(key.secret_der()).ok());
        let public = |key: RsaKeyPair| {
            let RsaPublicKeyComponents { n, e } = key.public().into();
            (n, e)
        };
        let record = AppRecord {
            slug: slug.to_owned(),
            key: key.map(public).unwrap_or_default(),
            installations: BTreeMap::new(),
        };
        self.apps.insert(id.to_owned(), record);
    }

    /// Installs an App for some repositories of one owner.
    pub(super) fn install_app(
        &mut self,
        app: &str,
        repositories: &[&str],
    ) -> Result<u64, LoopbackError> {
        let mut ids = BTreeSet::new();
        let mut account = Value::Null;
        for name in repositories {
            let repository = self.repository(name)?;
            ids.insert(repository.id);
            account = repository.body.get("owner").cloned().unwrap_or_default();
        }
        let id = self.new_id();
        let record = self.apps.get_mut(app).ok_or_else(|| missing("App", app))?;
        let installation = Installation {
            account,
            since: now(),
            repositories: ids,
            suspended: false,
        };
        record.installations.insert(id, installation);
        Ok(id)
    }

    pub(super) fn suspend_app(&mut self, app: &str) -> Result<(), LoopbackError> {
        let record = self.apps.get_mut(app).ok_or_else(|| missing("App", app))?;
        for installation in record.installations.values_mut() {
            installation.suspended = true;
        }
        Ok(())
    }

    /// Answers what only Apps ask; `None` for everything else.
    pub(super) fn app_answer(&mut self, asked: &Asked) -> Option<Reply> {
        let pieces: Vec<String> = asked.path.split('/').skip(1).map(undo).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let about = match (asked.method.as_str(), pieces.as_slice()) {
            ("GET", ["app"]) => About::Itself,
            ("GET", ["repos", owner, name, "installation"]) => {
                About::Repository(format!("{owner}/{name}"))
            }
            ("POST", ["app", "installations", id, "access_tokens"]) => {
                About::Token(id.parse().unwrap_or(0))
            }
            _ => return None,
        };
        let app = match self.who_signed(asked) {
            Ok(app) => app,
            Err(why) => return Some(Reply::refusal(401, why)),
        };
        Some(match about {
            About::Itself => self.identity(&app),
            About::Repository(name) => self.place(&app, &name),
            About::Token(id) => self.issue(&app, id),
        })
    }

    /// The App whose key signed the request's token.
    fn who_signed(&mut self, asked: &Asked) -> Result<String, &'static str> {
        const UNREADABLE: &str = "A JSON web token could not be decoded";
        let token = asked.token().ok_or(UNREADABLE)?;
        let claims = token.split('.').nth(1).ok_or(UNREADABLE)?;
        let claims = BASE64URL_NOPAD.decode(claims.as_bytes());
        let claims = claims.map_err(|_| UNREADABLE)?;
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| UNREADABLE)?;
        let issuer = match &claims.iss {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let app = self.apps.get(&issuer).ok_or("Integration not found")?;
        jwt::install();
        let key = DecodingKey::from_rsa_raw_components(&app.key.0, &app.key.1);
        let mut asked_for = Validation::new(Algorithm::RS256);
        // The times are judged below, by the rules of GitHub.
        asked_for.validate_exp = false;
        asked_for.validate_aud = false;
        decode::<Value>(token, &key, &asked_for).map_err(|_| UNREADABLE)?;
        let now = now();
        if claims.iat > now.timestamp() {
            return Err(
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            );
        }
        if claims.exp <= now.timestamp() || claims.exp > (now + LONGEST).timestamp() {
            return Err("'Expiration time' claim ('exp') is too far in the future");
        }
        Ok(issuer)
    }

    fn identity(&self, app: &str) -> Reply {
        let Some((record, owner)) = self.apps.get(app).zip(self.user(7, "school").ok()) else {
            return not_found();
        };
        let body = json!({
            "id": app.parse::<u64>().unwrap_or(0), "slug": record.slug, "name": record.slug,
            "node_id": "MDExOkludGVncmF0aW9uMQ==", "client_id": "Iv1.loopback",
            "owner": owner, "description": "", "external_url": "https://example.com",
            "html_url": format!("{}/apps/{}", self.html, record.slug),
            "created_at": stamp(now()), "updated_at": stamp(now()),
            "permissions": { "actions": "read", "checks": "read", "contents": "read", "metadata": "read" },
            "events": ["workflow_run"], "installations_count": record.installations.len(),
        });
        Reply::json(200, &body)
    }

    fn place(&self, app: &str, name: &str) -> Reply {
        let repository = self
            .find_repository(name)
            .and_then(|at| self.repositories.get(at));
        let Some((record, repository)) = self.apps.get(app).zip(repository) else {
            return not_found();
        };
        let mut all = record.installations.iter();
        let found = all.find(|(_, one)| one.repositories.contains(&repository.id));
        let Some((id, installation)) = found else {
            return not_found();
        };
        let body = json!({
            "id": id, "app_id": app.parse::<u64>().unwrap_or(0), "app_slug": record.slug,
            "account": installation.account, "target_id": installation.account.get("id"),
            "target_type": "User", "html_url": format!("{}/settings/installations/{id}", self.html),
            "repositories_url": format!("{}/installation/repositories", self.api),
            "repository_selection": "selected",
            "access_tokens_url": format!("{}/app/installations/{id}/access_tokens", self.api),
            "permissions": { "actions": "read", "checks": "read", "contents": "read", "metadata": "read" },
            "events": ["workflow_run"], "single_file_name": null,
            "created_at": stamp(installation.since), "updated_at": stamp(installation.since),
            "suspended_at": installation.suspended.then(|| stamp(now())),
            "suspended_by": installation.suspended.then_some(&installation.account),
        });
        Reply::json(200, &body)
    }

    /// A token for the repositories of an installation: a long one, as they are since 2026.
    fn issue(&mut self, app: &str, id: u64) -> Reply {
        let until = self.now() + self.token_life;
        let number = self.new_id();
        let Some(installation) = self
            .apps
            .get(app)
            .and_then(|app| app.installations.get(&id))
        else {
            return not_found();
        };
        if installation.suspended {
            return Reply::refusal(403, "This installation has been suspended");
        }
        let secret = hex_digest(format!("{app} {id} {number}").as_bytes());
        let token = format!(
            "ghs_{app}_eyJ{}.{}.{}",
            secret.repeat(3),
            secret,
            secret.repeat(4)
        );
        let record = TokenRecord {
            until: Some(until),
            only: Some(installation.repositories.clone()),
            private: installation.repositories.clone(),
            ..TokenRecord::new(true)
        };
        self.tokens.insert(token.clone(), record);
        let body = json!({
            "token": token, "expires_at": stamp(until), "repository_selection": "selected",
            "permissions": { "actions": "read", "checks": "read", "contents": "read", "metadata": "read" },
        });
        Reply::json(201, &body)
    }

    /// The clock of this world, which can be put forward.
    pub(super) fn now(&self) -> DateTime<Utc> {
        now() + self.ahead
    }
}

/// What an App asks about.
enum About {
    Itself,
    Repository(String),
    Token(u64),
}

fn not_found() -> Reply {
    Reply::refusal(404, "Not Found")
}
