//! From criteria, lateness and gates to the score and its letter: the last step of every grade.

use chrono::{DateTime, Utc};

use super::GradeSheet;
use crate::domain::{
    assessment::{Band, letter},
    lateness::{Due, LatePolicy},
    score::BasisPoints,
};

impl GradeSheet {
    /// Works the score and the letter out anew for a run that was made at a time and due at another.
    /// Late work loses points first; the gates and the letters judge what is left.
    pub fn settle_late(
        &mut self,
        bands: &[Band],
        policy: &LatePolicy,
        due: Due,
        made_at: DateTime<Utc>,
    ) {
        let (left, lateness) = policy.apply(due, made_at, self.earned());
        self.late = Some(lateness);
        self.settle(bands, left);
    }

    /// Works the score and the letter out anew for a practice that is due at no time.
    pub fn settle_undue(&mut self, bands: &[Band]) {
        self.late = None;
        let earned = self.earned();
        self.settle(bands, earned);
    }

    /// What the criteria earned together.
    #[must_use]
    pub fn earned(&self) -> BasisPoints {
        let shares = self.criteria.iter();
        BasisPoints::saturating(shares.map(|c| c.weight_bp.times(c.score_bp).get()).sum())
    }

    /// Sets the score and the letter: what is left, no higher than the closed gates let it.
    pub(super) fn settle(&mut self, bands: &[Band], left: BasisPoints) {
        let closed = self.gates.iter().filter(|gate| !gate.passed);
        let cap = closed.map(|gate| gate.cap_bp).min();
        self.score_bp = left.min(cap.unwrap_or(BasisPoints::FULL));
        letter(bands, self.score_bp).clone_into(&mut self.grade);
    }
}
