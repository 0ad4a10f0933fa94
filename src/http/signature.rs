//! Whether a delivery is signed with the secret of its webhook. Every comparison takes the same time.
//!
//! GitHub, Gitea and Forgejo sign the body by HMAC-SHA256. GitLab shows its secret token, or with a signing token
//! (`whsec_..`) signs id, time and body, after the Standard Webhooks.

use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use ring::hmac::{HMAC_SHA256, Key, sign, verify};
use secrecy::ExposeSecret;

use super::Hook;
use crate::app::ports::Provider;

/// How far the time of a signature may be from now.
const DRIFT: TimeDelta = TimeDelta::minutes(5);
/// What a signing token of GitLab begins with.
const SIGNING_TOKEN: &str = "whsec_";

/// Whether the delivery is from someone who knows the secret.
pub(super) fn is_right(hook: &Hook, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> bool {
    let secret = hook.secret.expose_secret();
    let shown = |name: &str| text(headers, name);
    match hook.provider {
        Provider::GitHub => is_hex(secret, shown("x-hub-signature-256"), body),
        Provider::Gitea => {
            let own = shown("x-gitea-signature").or_else(|| shown("x-forgejo-signature"));
            is_hex(secret, own, body)
        }
        Provider::GitLab => match secret.strip_prefix(SIGNING_TOKEN) {
            Some(key) => is_standard(key, headers, body, now).unwrap_or(false),
            None => is_secret(secret, shown("x-gitlab-token")),
        },
    }
}

/// HMAC of the body in hex digits, with `sha256=` before it at GitHub.
fn is_hex(secret: &str, signature: Option<&str>, body: &[u8]) -> bool {
    let signature = signature.map(|text| text.strip_prefix("sha256=").unwrap_or(text));
    let signature = signature.and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok());
    signature.is_some_and(|tag| verify(&key(secret.as_bytes()), body, &tag).is_ok())
}

/// The secret itself. Its HMAC is compared, so that neither letters nor length can be timed.
fn is_secret(secret: &str, shown: Option<&str>) -> bool {
    let key = key(secret.as_bytes());
    let shown = shown.map(|shown| sign(&key, shown.as_bytes()));
    shown.is_some_and(|tag| verify(&key, secret.as_bytes(), tag.as_ref()).is_ok())
}

/// `v1,` and the HMAC of `id.time.body` in Base64; there may be several, for a secret that is being changed.
fn is_standard(secret: &str, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Option<bool> {
    let secret = BASE64.decode(secret.as_bytes()).ok()?;
    let (id, time) = (
        text(headers, "webhook-id")?,
        text(headers, "webhook-timestamp")?,
    );
    let signed_at = DateTime::from_timestamp(time.parse().ok()?, 0)?;
    if (now - signed_at).abs() > DRIFT {
        return Some(false);
    }
    let message = [id.as_bytes(), b".", time.as_bytes(), b".", body].concat();
    let key = key(&secret);
    let mut signatures = text(headers, "webhook-signature")?.split(' ');
    Some(signatures.any(|signature| {
        let tag = signature.strip_prefix("v1,");
        let tag = tag.and_then(|tag| BASE64.decode(tag.as_bytes()).ok());
        tag.is_some_and(|tag| verify(&key, &message, &tag).is_ok())
    }))
}

fn key(secret: &[u8]) -> Key {
    Key::new(HMAC_SHA256, secret)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's documentation, "Validating webhook deliveries".
    const GITHUB: (&str, &str, &str) = (
        "It's a Secret to Everybody",
        "Hello, World!",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
    /// The example of the Standard Webhooks' libraries.
    const STANDARD: (&str, &str, i64, &str, &str) = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );

    fn hook(provider: Provider, secret: &str) -> Hook {
        Hook {
            provider,
            host: "git.example.org".to_owned(),
            secret: secret.to_owned().into(),
        }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn github_signs_the_body() {
        let (secret, body, signature) = GITHUB;
        let hook = hook(Provider::GitHub, secret);
        let right =
            |pairs: &[_], body: &str| is_right(&hook, &headers(pairs), body.as_bytes(), at(0));
        let signed = ("x-hub-signature-256", signature);
        assert!(right(&[signed], body));
        assert!(!right(&[signed], "Hello, World?"));
        assert!(!right(&[], body));
        assert!(!right(&[("x-hub-signature-256", "sha256=")], body));
        assert!(!right(&[("x-hub-signature-256", "sha256=757107")], body));
        assert!(!right(&[("x-hub-signature", signature)], body));
    }

    #[test]
    fn gitea_and_forgejo_sign_without_a_prefix() {
        let (secret, body, signature) = GITHUB;
        let hook = hook(Provider::Gitea, secret);
        let bare = signature.trim_start_matches("sha256=");
        for name in ["x-gitea-signature", "x-forgejo-signature"] {
            assert!(is_right(
                &hook,
                &headers(&[(name, bare)]),
                body.as_bytes(),
                at(0)
            ));
        }
    }

    #[test]
    fn gitlab_shows_its_secret_token() {
        let hook = hook(Provider::GitLab, "a long secret of ours");
        let right =
            |shown: &str| is_right(&hook, &headers(&[("x-gitlab-token", shown)]), b"", at(0));
        assert!(right("a long secret of ours"));
        assert!(!right("a long secret of our"));
        assert!(!right("a long secret of ours "));
        assert!(!right(""));
    }

    #[test]
    fn gitlab_with_a_signing_token_signs_id_time_and_body() {
        let (secret, id, time, body, signature) = STANDARD;
        let hook = hook(Provider::GitLab, secret);
        let right = |id: &str, time: i64, signature: &str, now: i64| {
            let time = time.to_string();
            let sent = headers(&[
                ("webhook-id", id),
                ("webhook-timestamp", &time),
                ("webhook-signature", signature),
                ("x-gitlab-token", secret),
            ]);
            is_right(&hook, &sent, body.as_bytes(), at(now))
        };
        assert!(right(id, time, signature, time + 10));
        let several = format!("v1,AAAA v2,x {signature}");
        assert!(right(id, time, &several, time));
        assert!(!right("msg_other", time, signature, time));
        assert!(!right(id, time + 1, signature, time));
        assert!(
            !right(id, time, "v1,AAAA", time),
            "the token alone is not enough"
        );
        assert!(
            !right(id, time, signature, time + 301),
            "a replay of yesterday"
        );
    }
}
