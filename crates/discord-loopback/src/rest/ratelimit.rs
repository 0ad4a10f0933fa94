//! Rate limits: a bucket per route and major parameter, and one global bucket of the bot.

use std::collections::HashMap;

use super::route::{Op, Route};

/// What the headers of an answer say.
#[derive(Clone, Debug)]
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    /// Unix milliseconds at which the bucket is full again.
    pub reset_ms: i64,
    pub bucket: String,
}

/// A request that must wait.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub quota: Option<Quota>,
    pub retry_ms: i64,
    pub global: bool,
}

#[derive(Debug)]
struct Window {
    used: u32,
    until_ms: i64,
}

#[derive(Debug)]
pub struct Limits {
    /// Turned off, every request passes but the headers are still written.
    pub enforced: bool,
    pub per_second: u32,
    windows: HashMap<(String, String), Window>,
    global: Window,
}

impl Limits {
    pub fn new(enforced: bool) -> Self {
        Self {
            enforced,
            per_second: 50,
            windows: HashMap::new(),
            global: Window {
                used: 0,
                until_ms: 0,
            },
        }
    }

    /// Counts a request at `now_ms`.
    pub fn count(&mut self, route: &Route, now_ms: i64) -> Result<Quota, Box<Refusal>> {
        if !route.by_interaction_token() {
            let used = step(&mut self.global, now_ms, 1_000);
            if used > self.per_second && self.enforced {
                let retry_ms = self.global.until_ms - now_ms;
                return Err(Box::new(Refusal {
                    quota: None,
                    retry_ms,
                    global: true,
                }));
            }
        }
        let (limit, window_ms) = limit_of(route.op);
        if self.windows.len() > 10_000 {
            self.windows.retain(|_, window| window.until_ms > now_ms);
        }
        let key = (route.name(), route.major());
        let window = self.windows.entry(key).or_insert(Window {
            used: 0,
            until_ms: 0,
        });
        let used = step(window, now_ms, window_ms);
        let quota = Quota {
            limit,
            remaining: limit.saturating_sub(used),
            reset_ms: window.until_ms,
            bucket: bucket_name(&route.name()),
        };
        if used > limit && self.enforced {
            let retry_ms = window.until_ms - now_ms;
            return Err(Box::new(Refusal {
                quota: Some(quota),
                retry_ms,
                global: false,
            }));
        }
        Ok(quota)
    }
}

fn step(window: &mut Window, now_ms: i64, span_ms: i64) -> u32 {
    if now_ms >= window.until_ms {
        *window = Window {
            used: 0,
            until_ms: now_ms + span_ms,
        };
    }
    window.used = window.used.saturating_add(1);
    window.used
}

/// Requests and the milliseconds they are counted over.
fn limit_of(op: Op) -> (u32, i64) {
    match op {
        Op::StartThread | Op::OpenDm | Op::AddRole | Op::TakeRole => (10, 10_000),
        Op::PutCommands | Op::AddCommand | Op::ChangeCommand | Op::DropCommand => (5, 20_000),
        Op::Post
        | Op::ChangeMessage
        | Op::DropMessage
        | Op::FollowUp
        | Op::GetFollowUp
        | Op::ChangeFollowUp
        | Op::DropFollowUp
        | Op::Gateway
        | Op::GatewayBot => (5, 5_000),
        _ => (50, 1_000),
    }
}

fn bucket_name(route: &str) -> String {
    format!("{:016x}", crate::ids::stable_id(&["bucket", route]))
}
