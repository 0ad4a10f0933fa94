//! What a report says, in one shape for every tool.

mod coverage;
mod lint;
mod report;
mod tests;
mod tool;

pub use coverage::{Coverage, FileCoverage, Ratio};
pub use lint::{Lint, LintFinding, Severity};
pub use report::{Content, Finding, Report};
pub use tests::{Details, NotRun, TestCase, TestCounts, TestStatus, Tests};
pub use tool::{Tool, UnknownTool};
