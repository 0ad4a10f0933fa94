//! SARIF 2.1.

use serde::Deserialize;

use crate::format::{Input, Reader, ends, rule as rule_name};
use crate::json::Num;
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| sample.shape.has_keys(&["runs", "version"]),
    hinted: |name| ends(name, ".sarif") || ends(name, ".sarif.json"),
    read,
};

#[derive(Deserialize)]
struct Document {
    version: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    tool: ToolInfo,
    #[serde(default)]
    results: Option<Vec<Item>>,
    #[serde(default)]
    invocations: Vec<Invocation>,
    #[serde(default)]
    artifacts: Vec<Artifact>,
}

#[derive(Deserialize)]
struct ToolInfo {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    name: String,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    default_configuration: Option<Configuration>,
}

#[derive(Deserialize)]
struct Configuration {
    level: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    rule_id: Option<String>,
    #[serde(default)]
    rule_index: Num,
    rule: Option<Reference>,
    /// The name of the rule where a notification is an item.
    descriptor: Option<Reference>,
    level: Option<String>,
    kind: Option<String>,
    baseline_state: Option<String>,
    message: Message,
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    suppressions: Vec<Suppression>,
}

#[derive(Deserialize)]
struct Reference {
    id: Option<String>,
    #[serde(default)]
    index: Num,
}

#[derive(Deserialize)]
struct Message {
    text: Option<String>,
    markdown: Option<String>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Option<Physical>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Option<Place>,
    region: Option<Region>,
}

#[derive(Deserialize)]
struct Place {
    uri: Option<String>,
    #[serde(default)]
    index: Num,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(default)]
    start_line: Num,
    #[serde(default)]
    start_column: Num,
}

#[derive(Deserialize)]
struct Suppression {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: Option<bool>,
    #[serde(default)]
    tool_execution_notifications: Vec<Item>,
    #[serde(default)]
    tool_configuration_notifications: Vec<Item>,
}

#[derive(Deserialize)]
struct Artifact {
    location: Option<Place>,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document: Document = json::parse(input.text, input.format, input.limits)?;
    if !document.version.starts_with("2.") {
        return Err(input.not_this("its version is not 2.1"));
    }
    if document.runs.is_empty() {
        return Err(input.malformed("no run in it"));
    }
    let mut findings = Vec::new();
    let mut failed = false;
    for run in &document.runs {
        // Without results, unlike with none of them, a run does not say what it found.
        let results = run.results.as_ref();
        let results = results.ok_or_else(|| input.malformed("a run without results"))?;
        let results = results.iter().filter(|item| item.counts());
        failed |= run.invocations.iter().any(Invocation::failed);
        // A file that ESLint cannot parse is here and not among the results.
        let notes = run.invocations.iter().flat_map(|invocation| {
            let execution = invocation.tool_execution_notifications.iter();
            execution.chain(&invocation.tool_configuration_notifications)
        });
        let notes =
            notes.filter(|note| matches!(note.level.as_deref(), None | Some("warning" | "error")));
        for item in results.chain(notes) {
            input.check_findings(findings.len() + 1)?;
            findings.push(run.finding(item));
        }
    }
    if failed && findings.is_empty() {
        return Err(input.malformed("a run failed and does not say why"));
    }
    let driver = document
        .runs
        .first()
        .map(|run| run.tool.driver.name.as_str());
    input.lint(seen(driver.unwrap_or_default()), findings)
}

fn seen(driver: &str) -> Tool {
    match driver.to_lowercase().as_str() {
        "ruff" => Tool::Ruff,
        "eslint" => Tool::Eslint,
        "flake8" => Tool::Flake8,
        _ => Tool::Sarif,
    }
}

impl Item {
    /// Whether a result is a failure that still stands.
    fn counts(&self) -> bool {
        let failing = matches!(
            self.kind.as_deref(),
            None | Some("fail" | "open" | "review")
        );
        let gone = self.baseline_state.as_deref() == Some("absent");
        let accepted =
            |waiver: &Suppression| matches!(waiver.status.as_deref(), None | Some("accepted"));
        // One waiver that is rejected or under review is enough for the result to stand.
        let waived = !self.suppressions.is_empty() && self.suppressions.iter().all(accepted);
        failing && !gone && !waived
    }
}

impl Invocation {
    fn failed(&self) -> bool {
        self.execution_successful == Some(false)
    }
}

impl Run {
    fn finding(&self, item: &Item) -> LintFinding {
        let rule = self.rule(item);
        let reference = item.rule.as_ref().or(item.descriptor.as_ref());
        let named = reference.and_then(|rule| rule.id.as_deref());
        let id = item
            .rule_id
            .as_deref()
            .or(named)
            .or(rule.map(|rule| rule.id.as_str()));
        let default = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
        let message = &item.message;
        let words = message.text.as_deref().or(message.markdown.as_deref());
        let words = words.or(message.id.as_deref()).unwrap_or_default();
        let place = item
            .locations
            .first()
            .and_then(|place| place.physical_location.as_ref());
        let region = place.and_then(|place| place.region.as_ref());
        LintFinding {
            rule: id.map(rule_name),
            message: text::message(words).unwrap_or_default(),
            file: place.and_then(|place| self.file(place.artifact_location.as_ref()?)),
            line: region.and_then(|region| region.start_line.position()),
            column: region.and_then(|region| region.start_column.position()),
            severity: match item.level.as_deref().or(default) {
                Some("error") => Severity::Error,
                Some("note" | "none") => Severity::Note,
                _ => Severity::Warning,
            },
        }
    }

    fn rule(&self, item: &Item) -> Option<&Rule> {
        let inner = item.rule.as_ref().and_then(|rule| rule.index.0);
        let index = usize::try_from(item.rule_index.0.or(inner)?).ok()?;
        self.tool.driver.rules.get(index)
    }

    fn file(&self, place: &Place) -> Option<String> {
        let listed = || {
            let index = usize::try_from(place.index.0?).ok()?;
            self.artifacts.get(index)?.location.as_ref()?.uri.as_deref()
        };
        let uri = place.uri.as_deref().or_else(listed)?;
        let path = text::line(&decoded(uri.strip_prefix("file://").unwrap_or(uri)));
        (!path.is_empty()).then_some(path)
    }
}

/// A URI's path with its percent escapes read back; left alone where they spell no text.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| uri.to_owned())
}
