//! What a practice gave its members: protected files and given tests, by release of the starter.

use std::collections::BTreeMap;

use ci_reports::Tool;
use serde::{Deserialize, Serialize};

/// The releases of a starter, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The releases in the order in which they were written.
    pub releases: Vec<Release>,
}

/// The starter as it was given out under one name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its name: `2026-11`.
    pub name: String,
    /// Protected files: path to git blob id, 40 hex digits.
    pub files: BTreeMap<String, String>,
    /// Tests that must run.
    #[serde(default)]
    pub tests: Vec<GivenTest>,
}

/// A test that comes with the starter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenTest {
    /// The runner that reports it.
    pub tool: Tool,
    /// Its id in the reports: `tests.unit.test_user::test_email`.
    pub id: String,
}
