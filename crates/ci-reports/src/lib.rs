//! Reads what test runners, coverage tools and linters wrote in CI.
//!
//! The crate is pure: bytes go in, a [`Report`] or a [`ReadError`] comes out. It opens no file,
//! asks no clock and never panics, whatever the bytes are; every algorithm is linear in the size
//! of its input and every size has a limit in [`Limits`].
//!
//! ```
//! use ci_reports::{Content, Limits, read_archive, read_report, recognise};
//!
//! let body = br#"<testsuites name="pytest tests"><testsuite name="pytest" tests="1">
//!   <testcase classname="tests.test_app" name="test_it_runs"/></testsuite></testsuites>"#;
//! let limits = Limits::default();
//! for file in read_archive("junit.xml", body, &limits)? {
//!     let format = recognise(&file.path, &file.bytes).expect("a `JUnit` file");
//!     let report = read_report(format, None, &file.bytes, &limits)?;
//!     let Content::Tests(tests) = report.content else { unreachable!() };
//!     assert!(tests.is_green());
//! }
//! # Ok::<(), ci_reports::ReadError>(())
//! ```

mod archive;
mod details;
mod error;
mod format;
mod json;
mod limits;
mod model;
mod path;
mod recognise;
mod text;
mod xml;

pub use archive::{ArchiveFile, read_archive};
pub use error::ReadError;
pub use format::{Format, UnknownFormat};
pub use limits::Limits;
pub use model::{
    Content, Coverage, Details, FileCoverage, Finding, Lint, LintFinding, NotRun, Ratio, Report,
    Severity, TestCase, TestCounts, TestStatus, Tests, Tool, UnknownTool,
};
pub use path::shorten_path;
pub use recognise::recognise;
pub use text::{cut, plain};

/// Reads one report of a known format.
///
/// `tool` is what the course says wrote the file; without it the reader tells the tool from the
/// content. Bytes above `limits.file_bytes` are refused before anything is parsed.
///
/// # Errors
/// Any [`ReadError`]; [`ReadError::NotThisFormat`] when the file is well formed but is another
/// kind of report, such as the `JUnit` file of a linter offered as test results.
pub fn read_report(
    format: Format,
    tool: Option<Tool>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Report, ReadError> {
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::TooLarge {
            what: "report",
            limit: limits.file_bytes as u64,
        });
    }
    let text = text::decode(bytes)?;
    limits.check_work(&text)?;
    let input = format::Input {
        format,
        tool,
        text: &text,
        limits,
    };
    (format.reader().read)(&input)
}
