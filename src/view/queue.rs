//! The queue: the answer first, then the jobs that were given up.

use crate::{
    app::tend_queue::QueueReport,
    domain::locale::Locale,
    text,
    view::{
        Message,
        limits::{self, cut},
        untrusted,
    },
};

/// Letters of an error that are shown.
const ERROR: usize = 120;

/// How the queue is, and how many jobs were just sent to be tried anew.
#[must_use]
pub fn view(report: &QueueReport, retried: Option<i64>, locale: Locale) -> Message {
    let mut lines = Vec::new();
    if let Some(count) = retried {
        lines.push(text!(locale, "queue-retried", count = count));
    }
    lines.push(text!(
        locale,
        "queue-counts",
        waiting = report.counts.waiting,
        running = report.counts.running
    ));
    if report.counts.dead == 0 {
        lines.push(text!(locale, "queue-no-dead"));
    } else {
        lines.push(text!(locale, "queue-dead", count = report.counts.dead));
    }
    lines.extend(report.dead.iter().map(|job| {
        format!(
            "- `{}` ×{}, <t:{}:R>: {}",
            job.identifier,
            job.attempts,
            job.failed_at.timestamp(),
            untrusted::line(&job.error, ERROR)
        )
    }));
    Message::plain(cut(&lines.join("\n"), limits::CONTENT))
}
