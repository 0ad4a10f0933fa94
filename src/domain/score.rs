//! Scores: integers in basis points, never floats.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A share of the whole in basis points, `0..=10_000`; 80 % is 8 000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "u32", into = "u32")]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const FULL: Self = Self(10_000);

    /// The value, when it is within `0..=10_000`.
    #[must_use]
    pub const fn new(value: u32) -> Option<Self> {
        if value <= Self::FULL.0 {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The value, or the whole when it is over.
    #[must_use]
    pub const fn saturating(value: u32) -> Self {
        if value <= Self::FULL.0 {
            Self(value)
        } else {
            Self::FULL
        }
    }

    /// `part` of `whole`, rounded down; the whole of nothing is nothing.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self::ZERO;
        }
        let value = u128::from(part) * 10_000 / u128::from(whole);
        Self::saturating(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// This share of another: `a.times(b)` is a × b, rounded down.
    #[must_use]
    pub const fn times(self, other: Self) -> Self {
        Self(self.0 * other.0 / Self::FULL.0)
    }

    /// The number of basis points.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whole percents, rounded down: a mark just short of the level never looks as if it reached it.
    #[must_use]
    pub const fn percent(self) -> u32 {
        self.0 / 100
    }

    /// This less the other, never below nothing.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent())
    }
}

impl From<BasisPoints> for u32 {
    fn from(value: BasisPoints) -> Self {
        value.0
    }
}

impl TryFrom<u32> for BasisPoints {
    type Error = NotBasisPoints;

    fn try_from(value: u32) -> Result<Self, Self::Error> {
        Self::new(value).ok_or(NotBasisPoints(value))
    }
}

/// A number that is not within `0..=10_000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not between 0 and 10000 basis points (100 % is 10000)")]
pub struct NotBasisPoints(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_and_bounded() {
        assert_eq!(BasisPoints::of(49, 51).get(), 9607);
        assert_eq!(BasisPoints::of(0, 0), BasisPoints::ZERO);
        assert_eq!(BasisPoints::of(3, 2), BasisPoints::FULL);
        assert_eq!(BasisPoints::of(7999, 10_000).percent(), 79);
    }
}
