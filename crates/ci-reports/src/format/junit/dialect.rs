//! Who wrote a `JUnit` file.

use super::document::Document;
use crate::Tool;
use crate::xml::Element;

/// The writers whose habits differ in meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Pytest,
    Vitest,
    Playwright,
    Other,
}

/// Linters that can write test-like XML, by the name they give a suite or a package.
const LINTERS: &[&str] = &[
    "ruff",
    "eslint",
    "flake8",
    "pylint",
    "mypy",
    "pyright",
    "bandit",
    "stylelint",
    "tslint",
    "jshint",
    "jslint",
    "oxlint",
    "prettier",
    "rubocop",
    "checkstyle",
    "phpcs",
    "golangci-lint",
    "shellcheck",
    "hadolint",
    "yamllint",
    "markdownlint",
];

/// Whether an element is a suite that a linter wrote.
pub(crate) fn is_linter(element: &Element<'_>) -> bool {
    if !matches!(element.name(), "testsuites" | "testsuite") {
        return false;
    }
    let is_one = |name: String| is_linter_name(&name).is_some();
    element.attr("package").is_some_and(is_one) || element.attr("name").is_some_and(is_one)
}

/// The linter that a suite's name or package names.
pub(in crate::format) fn is_linter_name(name: &str) -> Option<String> {
    let name = name.strip_prefix("org.").unwrap_or(name).to_lowercase();
    LINTERS.contains(&name.as_str()).then_some(name)
}

/// Whether a file's name says that a linter wrote it.
pub(in crate::format) fn names_linter(file_name: &str) -> bool {
    let mut words = file_name.split(['-', '_', '.', ' ']);
    words.any(|word| LINTERS.contains(&word))
}

impl Dialect {
    /// The dialect of the tool the caller names, or else of the writer the file shows.
    pub(super) fn of(document: &Document, tool: Option<Tool>) -> Self {
        match tool {
            Some(Tool::Pytest) => Self::Pytest,
            Some(Tool::Vitest) => Self::Vitest,
            Some(Tool::Playwright) => Self::Playwright,
            Some(Tool::Blackbox | Tool::Junit) => Self::Other,
            _ => Self::seen(document),
        }
    }

    fn seen(document: &Document) -> Self {
        let mut suites = document.suites.iter();
        if document.name == "vitest tests" {
            Self::Vitest
        } else if document.name == "pytest tests"
            || suites.any(|suite| suite.name == "pytest" || has_pytest_keys(&suite.keys))
        {
            Self::Pytest
        } else if is_playwright(document) {
            Self::Playwright
        } else {
            Self::Other
        }
    }
}

/// pytest lets the suite's name be chosen, but not the order of its attributes.
fn has_pytest_keys(keys: &[String]) -> bool {
    let order = [
        "name",
        "errors",
        "failures",
        "skipped",
        "tests",
        "time",
        "timestamp",
        "hostname",
    ];
    keys.iter().map(String::as_str).eq(order)
}

/// Playwright puts an `id` on the root and calls its suites after the test files.
fn is_playwright(document: &Document) -> bool {
    let root = document.root_keys.first().is_some_and(|key| key == "id");
    let mut suites = document.suites.iter().skip(1).peekable();
    let files = suites.peek().is_none()
        || suites.any(|suite| suite.name.contains(".spec.") || suite.name.contains(".test."));
    root && files && document.root_keys.iter().any(|key| key == "errors")
}
