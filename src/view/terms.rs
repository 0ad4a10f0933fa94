//! Due times and attempts in words; times are shown by Discord in each reader's own zone.

use chrono::{DateTime, Utc};

use crate::{
    app::{
        error::TermsRefusal,
        set_due_date::{DueFor, DueSet},
        standing::Standing,
    },
    domain::{
        lateness::{Due, DueSource},
        locale::Locale,
    },
    text,
    view::{Message, untrusted},
};

/// A time with its day.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// How far off a time is.
#[must_use]
pub fn distance(at: DateTime<Utc>) -> String {
    format!("<t:{}:R>", at.timestamp())
}

/// When a practice is due.
#[must_use]
pub fn due(due: Due, locale: Locale) -> String {
    let (time, distance) = (time(due.at), distance(due.at));
    match due.source {
        DueSource::Extension => {
            text!(
                locale,
                "terms-due-extended",
                time = time,
                distance = distance
            )
        }
        DueSource::Course | DueSource::Server => {
            text!(locale, "terms-due", time = time, distance = distance)
        }
    }
}

/// When a practice is due and how many attempts are left, as far as either is limited.
#[must_use]
pub fn standing(standing: &Standing, locale: Locale) -> Vec<String> {
    let attempts = standing.attempts.map(|attempts| {
        let (left, of) = (attempts.left, attempts.capacity);
        if let Some(next) = attempts.next_at {
            text!(
                locale,
                "terms-attempts-next",
                left = left,
                of = of,
                next = distance(next)
            )
        } else {
            text!(locale, "terms-attempts", left = left, of = of)
        }
    });
    let due = standing.due.map(|at| due(at, locale));
    due.into_iter().chain(attempts).collect()
}

/// Why the terms of a practice stand against something.
#[must_use]
pub fn refusal(refusal: &TermsRefusal, locale: Locale) -> String {
    match refusal {
        TermsRefusal::NotOpen { opens_at } => {
            text!(locale, "terms-not-open", time = time(*opens_at))
        }
        TermsRefusal::Closed { closed_at } => {
            text!(locale, "terms-closed", time = time(*closed_at))
        }
        TermsRefusal::NoAttempts {
            next_at: Some(next),
        } => text!(
            locale,
            "terms-no-attempts-yet",
            time = time(*next),
            distance = distance(*next)
        ),
        TermsRefusal::NoAttempts { next_at: None } => text!(locale, "terms-no-attempts"),
        TermsRefusal::NoDueDate { practice } => {
            text!(locale, "terms-no-due", practice = practice.as_str())
        }
        TermsRefusal::NoTime => text!(locale, "terms-no-time"),
        TermsRefusal::BadTime { text } => {
            text!(locale, "terms-bad-time", text = untrusted::code(text, 40))
        }
        TermsRefusal::NotLater { due_at } => {
            text!(locale, "terms-not-later", time = time(*due_at))
        }
        TermsRefusal::NothingToRemove { practice } => text!(
            locale,
            "terms-nothing-to-remove",
            practice = practice.as_str()
        ),
        TermsRefusal::SetOrRemove => text!(locale, "terms-set-or-remove"),
        TermsRefusal::NoPerson => text!(locale, "terms-no-person"),
    }
}

/// The answer to the instructor who set or removed a due time.
#[must_use]
pub fn set(set: &DueSet, locale: Locale) -> Message {
    let practice = set.practice.to_uppercase();
    let (time, distance) = (
        set.due_at.map(time).unwrap_or_default(),
        set.due_at.map(distance).unwrap_or_default(),
    );
    let mut said = match &set.whose {
        DueFor::Member(name) => text!(
            locale,
            "terms-extended",
            name = untrusted::line(name, 40),
            practice = practice,
            time = time,
            distance = distance
        ),
        DueFor::Server => text!(
            locale,
            "terms-set",
            practice = practice,
            time = time,
            distance = distance
        ),
        DueFor::Course if set.due_at.is_none() => {
            text!(locale, "terms-removed-undue", practice = practice)
        }
        DueFor::Course => text!(
            locale,
            "terms-removed",
            practice = practice,
            time = time,
            distance = distance
        ),
    };
    if set.raised > 0 {
        said.push(' ');
        said.push_str(&text!(locale, "terms-raised", count = set.raised));
    }
    Message::plain(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_left_to_discord_to_show_in_each_zone() {
        let at = DateTime::from_timestamp(1_773_165_600, 0).unwrap();
        assert_eq!(time(at), "<t:1773165600:f>");
        assert_eq!(distance(at), "<t:1773165600:R>");
    }
}
