//! Times as people write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// Ways to write a day and a time; without an offset they are in UTC.
const TIMES: [&str; 4] = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
];
/// Ways to write a day.
const DAYS: [&str; 2] = ["%Y-%m-%d", "%d.%m.%Y"];

/// The time a person means: `2026-12-01T23:59+03:00`, Discord's `<t:1764622740>`, or a day with or
/// without a time in UTC; a day alone is meant to its end.
#[must_use]
pub fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Some(inner) = text
        .strip_prefix("<t:")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        let seconds = inner.split(':').next()?.parse().ok()?;
        return DateTime::from_timestamp(seconds, 0);
    }
    if let Some(time) = parse_exact(text) {
        return Some(time);
    }
    let mut times = TIMES.iter();
    if let Some(time) = times.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) {
        return Some(time.and_utc());
    }
    let mut days = DAYS.iter();
    let day = days.find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
    Some(day.and_hms_opt(23, 59, 59)?.and_utc())
}

/// The time of RFC 3339, with its offset; seconds may be left out.
#[must_use]
pub fn parse_exact(text: &str) -> Option<DateTime<Utc>> {
    let whole = DateTime::parse_from_rfc3339(text);
    let short = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z");
    let blank = || DateTime::parse_from_str(text, "%Y-%m-%d %H:%M%:z");
    let found = whole.or_else(|_| short()).or_else(|_| blank()).ok()?;
    Some(found.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_way_people_write_it() {
        let read = |text| parse_moment(text).map(|time| time.to_rfc3339());
        for text in [
            "2026-12-01T20:59:00Z",
            "2026-12-01T23:59+03:00",
            "2026-12-01 23:59+03:00",
            " 2026-12-01 20:59 ",
            "2026-12-01T20:59",
            "01.12.2026 20:59",
            "<t:1796158740:R>",
            "<t:1796158740>",
        ] {
            assert_eq!(
                read(text).as_deref(),
                Some("2026-12-01T20:59:00+00:00"),
                "{text}"
            );
        }
        assert_eq!(
            read("2026-12-01").as_deref(),
            Some("2026-12-01T23:59:59+00:00")
        );
        assert_eq!(
            read("01.12.2026").as_deref(),
            Some("2026-12-01T23:59:59+00:00")
        );
        for text in [
            "",
            "tomorrow",
            "2026-13-01",
            "<t:>",
            "<t:x>",
            "2026-02-30 10:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
