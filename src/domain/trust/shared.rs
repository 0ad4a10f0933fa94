//! What a run shares with another member's: it proves nothing by itself, so a person looks.

use serde::{Deserialize, Serialize};

use super::Reason;

/// What of a run is the same in a run that another member handed in before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The page of a run with the same bytes in every report that says when it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reports: Option<String>,
    /// The page of a run of the very same files, when all tests are green.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
}

impl Shared {
    /// Whether nothing is shared.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.reports.is_none() && self.files.is_none()
    }

    pub(super) fn reasons(&self) -> impl Iterator<Item = Reason> {
        let reports = self.reports.clone();
        let files = self.files.clone();
        let reports = reports.map(|run| Reason::SameReports { run });
        reports
            .into_iter()
            .chain(files.map(|run| Reason::SameFiles { run }))
    }
}
