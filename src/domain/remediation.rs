//! Remediation: from a finding in a CI report to the section of the course to read again.

use ci_reports::Tool;
use serde::{Deserialize, Serialize};

use super::{locale::Localized, pattern::Pattern};

/// A rule from findings to a section; all its given conditions must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemediationRule {
    /// The tool that made the finding; any when empty.
    pub tools: Vec<Tool>,
    /// Pattern over the finding's id: a test's name, a lint rule.
    pub id: Option<Pattern>,
    /// Pattern over the finding's message.
    pub message: Option<Pattern>,
    /// Anchor of the section to read.
    pub section: String,
    /// One sentence of advice.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub advice: Localized<String>,
}

impl RemediationRule {
    /// Whether the rule speaks of a finding of this tool, id and message.
    #[must_use]
    pub fn matches(&self, tool: Tool, id: &str, message: &str) -> bool {
        let fits = |pattern: &Option<Pattern>, text| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(text))
        };
        (self.tools.is_empty() || self.tools.contains(&tool))
            && fits(&self.id, id)
            && fits(&self.message, message)
    }

    /// Whether the rule speaks of a step of a workflow that failed, of which only the name is known.
    #[must_use]
    pub fn matches_step(&self, name: &str) -> bool {
        let words = name.to_lowercase().replace([' ', '_'], "-");
        let named = self.tools.iter().find(|tool| words.contains(tool.as_str()));
        match (named, self.tools.is_empty()) {
            (Some(tool), _) => self.matches(*tool, name, name),
            (None, true) => self.matches(Tool::Junit, name, name),
            (None, false) => false,
        }
    }
}
