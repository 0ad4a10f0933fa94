//! How much of the code the tests ran.

use serde::{Deserialize, Serialize};

/// What a coverage tool said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Lines (coverage.py: statements) of all files together; branches are never mixed in.
    pub lines: Option<Ratio>,
    /// Branches of all files together, when the report counts them.
    pub branches: Option<Ratio>,
    /// The files, in the report's order.
    pub files: Vec<FileCoverage>,
}

/// Line coverage of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCoverage {
    /// The path as the tool wrote it.
    pub path: String,
    /// Its lines.
    pub lines: Ratio,
}

/// A part of a whole.
///
/// A format that gives only a rate becomes ten-thousandths: `covered` of `10_000`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// How many were run; never more than `total`.
    pub covered: u64,
    /// How many there are.
    pub total: u64,
}

impl Ratio {
    /// The whole in basis points.
    pub const WHOLE: u32 = 10_000;

    /// A ratio, unless more is covered than there is.
    pub(crate) fn new(covered: u64, total: u64) -> Option<Self> {
        (covered <= total).then_some(Self { covered, total })
    }

    /// A ratio of ten-thousandths from a rate between 0 and 1.
    pub(crate) fn from_rate(rate: f64) -> Option<Self> {
        if !(0.0..=1.0).contains(&rate) {
            return None;
        }
        // Through text the conversion stays checked; the tools round to four digits anyway.
        let points = format!("{:.0}", rate * f64::from(Self::WHOLE));
        Self::new(points.parse().ok()?, u64::from(Self::WHOLE))
    }

    /// The one with less covered; one of nothing says nothing.
    pub(crate) fn worse(self, other: Self) -> Self {
        let cross = |one: Self, two: Self| u128::from(one.covered) * u128::from(two.total);
        let other_is_worse = self.total == 0 || cross(other, self) < cross(self, other);
        if other.total > 0 && other_is_worse {
            other
        } else {
            self
        }
    }

    /// Adds another part of the same whole.
    pub(crate) fn add(&mut self, other: Self) {
        self.covered = self.covered.saturating_add(other.covered);
        self.total = self.total.saturating_add(other.total);
    }

    /// Coverage in basis points, 0 to 10 000, rounded down; `None` when there is nothing to
    /// cover.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        if self.total == 0 {
            return None;
        }
        let part = u128::from(self.covered.min(self.total)) * u128::from(Self::WHOLE);
        u32::try_from(part / u128::from(self.total)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn basis_points_are_rounded_down_and_need_a_whole() {
        let points = |covered, total| Ratio { covered, total }.basis_points();
        assert_eq!(points(49, 51), Some(9_607));
        assert_eq!(points(0, 0), None);
        assert_eq!(points(u64::MAX, u64::MAX), Some(10_000));
    }

    #[test]
    fn a_rate_becomes_ten_thousandths() {
        let rate = |rate| Ratio::from_rate(rate).and_then(|ratio| ratio.basis_points());
        assert_eq!(rate(0.9608), Some(9_608));
        assert_eq!(rate(1.0), Some(10_000));
        assert_eq!(rate(f64::NAN), None);
        assert_eq!(rate(1.5), None);
    }
}
