//! Attacks: each is refused or sent to a person, and what is honest raises no alarm. README.md has the table.

mod archives;
mod honest;
mod identity;
mod reports;
mod stage;
mod tree;
mod zips;

use stage::{Attempt, Seen, Stage};

/// How a run with hostile or odd reports ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The artifact does not match what the forge recorded.
    Forged,
    /// The artifact cannot be read.
    Malformed,
    /// The artifact is too large.
    TooLarge,
    /// Graded, and a report is missing or unreadable: the lowest letter.
    Missing,
    /// Graded by all reports, and not with the best letter.
    Less,
    /// Graded with the best letter.
    Best,
}

impl Told {
    /// What an answer in either language tells.
    pub fn of(seen: &Seen) -> Self {
        let has = |russian: &str, english: &str| {
            seen.text.contains(russian) || seen.text.contains(english)
        };
        let told = if has(
            "не совпадают с тем",
            "do not match what the CI server recorded",
        ) {
            Self::Forged
        } else if has("не читаются", "cannot be read") {
            Self::Malformed
        } else if has("слишком велики", "are too large") {
            Self::TooLarge
        } else if has("не читается", "Unreadable:") || has("Нет файла", "Missing:")
        {
            Self::Missing
        } else if has("FIRST: S", "FIRST: S") {
            Self::Best
        } else {
            Self::Less
        };
        // What is refused leaves no row behind; what is graded has a level.
        let is_refused = matches!(told, Self::Forged | Self::Malformed | Self::TooLarge);
        assert_eq!(seen.level.is_none(), is_refused, "{told:?}: {seen:?}");
        if told == Self::Missing {
            assert_eq!(seen.grade.as_deref(), Some("C"), "{seen:?}");
        }
        told
    }
}

/// Hands in each run as Anna or as Ben, who read different languages, and an honest one after each.
async fn check_all<M: FnOnce(Attempt) -> Attempt>(
    attacks: impl IntoIterator<Item = (&'static str, Told, M)>,
) {
    let stage = Stage::open().await;
    let people = ["anna", "ben"].into_iter().cycle();
    for ((name, told, make), person) in attacks.into_iter().zip(people) {
        let run = make(stage.run());
        let seen = stage.submit(person, &run).await;
        assert_eq!(Told::of(&seen), told, "{name}: {seen:?}");
        stage.is_well(name).await;
    }
    stage.end().await;
}
