//! The terms of a practice in `course.toml`: dates, late work, attempts, groups, which result counts.

use chrono::{DateTime, Utc};

use super::tree::{Fields, Form, Node, name_of};
use crate::domain::{
    allowance::Bucket,
    lateness::LatePolicy,
    moment::parse_exact,
    score::BasisPoints,
    terms::{Counts, Terms},
};

/// Members of the largest group.
const LARGEST_GROUP: u32 = 6;

/// The terms among the fields of a `[[practice]]`.
pub fn read_terms(fields: &Fields<'_>, form: &mut Form<'_>) -> Terms {
    let opens_at = read_time(fields, "opens_at", form);
    let due_at = read_time(fields, "due_at", form);
    if let (Some(opens), Some(due)) = (opens_at, due_at)
        && due <= opens
    {
        let place = form.place(fields.get("due_at").map_or(fields.line, |node| node.line));
        form.out.error(
            "dates-out-of-order",
            &place,
            "the practice is due before it opens".to_owned(),
            "Let `due_at` be later than `opens_at`.",
        );
    }
    Terms {
        opens_at,
        due_at,
        late: fields
            .get("late")
            .map_or_else(LatePolicy::default, |node| read_late(node, form)),
        attempts: fields
            .get("attempts")
            .and_then(|node| read_attempts(node, form)),
        counts: read_counts(fields, form),
        group_size: read_group_size(fields, form),
    }
}

fn read_time(fields: &Fields<'_>, key: &str, form: &mut Form<'_>) -> Option<DateTime<Utc>> {
    let line = fields.get(key)?.line;
    let text = fields.optional_text(key, form)?;
    let time = parse_exact(&text);
    if time.is_none() {
        let place = form.place(line);
        form.out.error(
            "bad-date",
            &place,
            format!("`{key}` is `{text}`, not a time with its offset from UTC"),
            "Write it as `2026-12-01T23:59:00+03:00`; `Z` at the end means UTC.",
        );
    }
    time
}

fn read_late(node: &Node, form: &mut Form<'_>) -> LatePolicy {
    let known = [
        "grace_minutes",
        "penalty_bp_per_day",
        "floor_bp",
        "cutoff_days",
    ];
    let Some(fields) = Fields::open(node, "[practice.late]", &known, form) else {
        return LatePolicy::default();
    };
    let policy = LatePolicy {
        grace_minutes: fields.number("grace_minutes", form).unwrap_or(0),
        penalty_bp_per_day: fields
            .points("penalty_bp_per_day", form)
            .unwrap_or_default(),
        floor_bp: fields.points("floor_bp", form).unwrap_or_default(),
        cutoff_days: fields.number("cutoff_days", form),
    };
    if policy.penalty_bp_per_day == BasisPoints::ZERO && policy.cutoff_days.is_none() {
        let place = form.place(fields.line);
        form.out.warning(
            "late-costs-nothing",
            &place,
            "[practice.late] takes no points and closes nothing, so late work is like any other"
                .to_owned(),
            "Add `penalty_bp_per_day` or `cutoff_days`, or remove the table.",
        );
    }
    policy
}

fn read_attempts(node: &Node, form: &mut Form<'_>) -> Option<Bucket> {
    let known = ["capacity", "refill_minutes"];
    let fields = Fields::open(node, "[practice.attempts]", &known, form)?;
    fields.require("capacity", form)?;
    let capacity = fields.number("capacity", form)?;
    let refill_minutes = fields.number("refill_minutes", form);
    if capacity == 0 || refill_minutes == Some(0) {
        let place = form.place(fields.line);
        form.out.error(
            "bad-attempts",
            &place,
            "with `capacity` or `refill_minutes` of 0 attempts mean nothing".to_owned(),
            "Write numbers from 1; without `refill_minutes` no attempt comes back, without the table there is no limit.",
        );
        return None;
    }
    Some(Bucket {
        capacity,
        refill_minutes,
    })
}

fn read_counts(fields: &Fields<'_>, form: &mut Form<'_>) -> Counts {
    let known = [("best", Counts::Best), ("last", Counts::Last)];
    let Some(name) = fields.optional_text("counts", form) else {
        return Counts::default();
    };
    let line = fields.get("counts").map_or(fields.line, |node| node.line);
    name_of(&name, line, "counts", &known, form).unwrap_or_default()
}

fn read_group_size(fields: &Fields<'_>, form: &mut Form<'_>) -> u32 {
    let Some(size) = fields.number("group_size", form) else {
        return 1;
    };
    if (1..=LARGEST_GROUP).contains(&size) {
        return size;
    }
    let line = fields
        .get("group_size")
        .map_or(fields.line, |node| node.line);
    form.wrong(
        line,
        format!("a group of {size} cannot be formed"),
        format!("Write a `group_size` from 1, which means alone, to {LARGEST_GROUP}."),
    );
    1
}
