//! Faults on order: what REST answers wrongly, late or not at all.

use serde::{Deserialize, Serialize};

/// One rule. It acts on the next `times` requests that fit and is then used up.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub struct FaultRule {
    /// HTTP method; empty fits every one.
    pub method: String,
    /// Part of the route's template, for example `/channels/{channel_id}/messages`; empty fits all.
    pub route: String,
    /// How many requests it spoils.
    pub times: u32,
    /// The status to answer with; 0 lets the request through after `delay_ms`.
    pub status: u16,
    /// Seconds, for 429.
    pub retry_after: f64,
    /// `user`, `shared` or `global`, for 429.
    pub scope: String,
    /// Real milliseconds to wait before anything else.
    pub delay_ms: u64,
    /// Carry the request out, then answer with `status` all the same (a lost answer).
    pub after_effect: bool,
}

impl Default for FaultRule {
    fn default() -> Self {
        Self {
            method: String::new(),
            route: String::new(),
            times: 1,
            status: 0,
            retry_after: 1.0,
            scope: "user".to_owned(),
            delay_ms: 0,
            after_effect: false,
        }
    }
}

impl FaultRule {
    /// A rule that answers `status` on routes whose template contains `route`.
    #[must_use]
    pub fn status(route: &str, status: u16) -> Self {
        Self {
            route: route.to_owned(),
            status,
            ..Self::default()
        }
    }

    /// A 429 with this `Retry-After`.
    #[must_use]
    pub fn rate_limit(route: &str, retry_after_seconds: f64, scope: &str) -> Self {
        Self {
            retry_after: retry_after_seconds,
            scope: scope.to_owned(),
            ..Self::status(route, 429)
        }
    }

    /// A slow answer.
    #[must_use]
    pub fn delay(route: &str, delay_ms: u64) -> Self {
        Self {
            delay_ms,
            ..Self::status(route, 0)
        }
    }

    /// How many requests it spoils.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Only requests of this HTTP method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The work is done, only the answer is spoilt.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }
}

/// The rules in force.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    pub fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub fn set(&mut self, rules: Vec<FaultRule>) {
        self.rules = rules;
    }

    /// The first rule that fits this request; it is counted down.
    pub fn take(&mut self, method: &str, route: &str) -> Option<FaultRule> {
        let rule = self.rules.iter_mut().find(|rule| {
            rule.times > 0
                && (rule.method.is_empty() || rule.method.eq_ignore_ascii_case(method))
                && route.contains(&rule.route)
        })?;
        rule.times -= 1;
        let found = rule.clone();
        self.rules.retain(|rule| rule.times > 0);
        Some(found)
    }
}
