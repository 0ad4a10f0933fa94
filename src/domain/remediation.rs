//! Remediation: from a finding in a CI report to the section of the course to read again.

use ci_reports::{Finding, Tool};
use regex::Regex;
use serde::Serialize;

use super::locale::Localized;

/// A rule from findings to a section; all its given conditions must hold.
#[derive(Debug, Clone, Serialize)]
pub struct RemediationRule {
    /// The tool that made the finding; any when empty.
    pub tools: Vec<Tool>,
    /// Pattern over the finding's id: a test's name, a lint rule.
    #[serde(serialize_with = "pattern")]
    pub id: Option<Regex>,
    /// Pattern over the finding's message.
    #[serde(serialize_with = "pattern")]
    pub message: Option<Regex>,
    /// Anchor of the section to read.
    pub section: String,
    /// One sentence of advice.
    pub advice: Localized<String>,
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn pattern<S: serde::Serializer>(regex: &Option<Regex>, serializer: S) -> Result<S::Ok, S::Error> {
    match regex {
        Some(regex) => serializer.serialize_some(regex.as_str()),
        None => serializer.serialize_none(),
    }
}

impl PartialEq for RemediationRule {
    fn eq(&self, other: &Self) -> bool {
        let text = |regex: &Option<Regex>| regex.as_ref().map(|r| r.as_str().to_owned());
        self.tools == other.tools
            && text(&self.id) == text(&other.id)
            && text(&self.message) == text(&other.message)
            && self.section == other.section
            && self.advice == other.advice
    }
}

impl RemediationRule {
    /// Whether the rule speaks of this finding.
    #[must_use]
    pub fn matches(&self, finding: &Finding) -> bool {
        (self.tools.is_empty() || self.tools.contains(&finding.tool))
            && self.id.as_ref().is_none_or(|id| id.is_match(&finding.id))
            && self
                .message
                .as_ref()
                .is_none_or(|message| message.is_match(&finding.message))
    }
}
