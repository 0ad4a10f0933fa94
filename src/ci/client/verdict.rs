//! What an answer other than a good one means.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::app::ports::CiError;

/// Most bytes of an error's body that are read.
pub(super) const MAX_MESSAGE: u64 = 64 * 1024;
/// The wait when the provider asks for one and does not say how long.
const DEFAULT_WAIT: TimeDelta = TimeDelta::minutes(1);
/// The longest wait that is believed.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);

/// The meaning of a request that brought no answer. The address stays out of the text: a signed
/// one is a secret.
pub(super) fn of_failure(error: reqwest::Error) -> CiError {
    if error.is_timeout() {
        return CiError::Timeout;
    }
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        reason = inner.to_string();
        cause = inner.source();
    }
    CiError::Unavailable(reason)
}

/// The meaning of a status that is not a success.
pub(super) fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> CiError {
    match status.as_u16() {
        401 => CiError::Unauthorized,
        403 | 429 if asks_to_wait(status, headers, body) => CiError::RateLimited {
            until: wait_until(headers, now()),
        },
        403 | 451 => CiError::Forbidden,
        404 => CiError::NotFound,
        408 => CiError::Timeout,
        410 => CiError::Expired,
        500.. => CiError::Unavailable(format!("status {}", status.as_u16())),
        other => CiError::Malformed(format!("status {other}")),
    }
}

/// The meaning of a failure at the storage of downloads, which knows no tokens: it refuses an address that
/// is no longer good, and the API gives a new one.
pub(super) fn of_storage(error: CiError) -> CiError {
    match error {
        CiError::Unauthorized | CiError::Forbidden => {
            CiError::Unavailable("the storage of downloads refused a signed address".to_owned())
        }
        other => other,
    }
}

/// A 403 is a limit when its headers or its message say so, and a refusal otherwise.
fn asks_to_wait(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    let spent = is_spent(headers);
    let said = || {
        String::from_utf8_lossy(body)
            .to_ascii_lowercase()
            .contains("rate limit")
    };
    status == StatusCode::TOO_MANY_REQUESTS || headers.contains_key(RETRY_AFTER) || spent || said()
}

/// `retry-after` first, as seconds or as a date, then the reset of a spent limit, then a minute.
fn wait_until(headers: &HeaderMap, now: DateTime<Utc>) -> DateTime<Utc> {
    let after = text(headers, "retry-after").and_then(|value| match value.parse::<u32>() {
        Ok(seconds) => Some(now + TimeDelta::seconds(i64::from(seconds))),
        Err(_) => Some(DateTime::parse_from_rfc2822(value).ok()?.to_utc()),
    });
    let spent = is_spent(headers);
    let reset = || {
        let seconds = either(headers, "ratelimit-reset")?.parse().ok()?;
        DateTime::from_timestamp(seconds, 0)
    };
    after
        .or_else(|| if spent { reset() } else { None })
        .unwrap_or(now + DEFAULT_WAIT)
        .clamp(now, now + LONGEST_WAIT)
}

/// Whether the headers say that no request is left in this window.
fn is_spent(headers: &HeaderMap) -> bool {
    either(headers, "ratelimit-remaining") == Some("0")
}

/// A header of GitHub's (with `x-`) or GitLab's (without).
fn either<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text(headers, &format!("x-{name}")).or_else(|| text(headers, name))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// When a spent window of requests ends, by the headers of a good answer.
pub(crate) fn spent_until(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    is_spent(headers).then(|| wait_until(headers, now()))
}

/// The time an answer arrived.
#[expect(
    clippy::disallowed_methods,
    reason = "a wait counts from the answer that asked for it"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderName;

    fn until(pairs: &[(&str, &str)]) -> i64 {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
            .collect();
        (wait_until(&headers, now) - now).num_seconds()
    }

    #[test]
    fn the_wait_is_the_one_the_provider_names() {
        assert_eq!(until(&[("retry-after", "30")]), 30);
        assert_eq!(
            until(&[("retry-after", "Mon, 12 Jan 1970 13:47:40 GMT")]),
            60
        );
        assert_eq!(
            until(&[
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1000120")
            ]),
            120
        );
        assert_eq!(
            until(&[
                ("x-ratelimit-remaining", "7"),
                ("x-ratelimit-reset", "1003600")
            ]),
            60,
            "a secondary limit does not wait for the reset of the primary one"
        );
        assert_eq!(until(&[("retry-after", "soon")]), 60);
        assert_eq!(until(&[("retry-after", "4000000000")]), 86_400);
        assert_eq!(
            until(&[("retry-after", "Mon, 12 Jan 1970 13:00:00 GMT")]),
            0
        );
    }

    #[test]
    fn a_plain_403_is_a_refusal_and_a_limit_is_a_wait() {
        let none = HeaderMap::new();
        let plain = of_answer(StatusCode::FORBIDDEN, &none, b"Resource not accessible");
        assert_eq!(plain, CiError::Forbidden);
        let body = b"You have exceeded a secondary rate limit.";
        let limited = of_answer(StatusCode::FORBIDDEN, &none, body);
        assert_eq!(limited.code(), "rate_limited");
        assert!(limited.is_transient());
        assert_eq!(of_answer(StatusCode::GONE, &none, b""), CiError::Expired);
        assert!(of_answer(StatusCode::BAD_GATEWAY, &none, b"").is_transient());
    }
}
