//! The practices of `course.toml`: expected reports, criteria, gates.

use ci_reports::{Format, Tool};

use super::{
    diagnostic::{Diagnostics, Place},
    integrity::{IntegritySettings, read_integrity},
    settings::pattern,
    show::read_show,
    suggest::did_you_mean,
    terms::read_terms,
    tree::{Fields, Form, Node, name_of},
};
use crate::domain::{
    practice::{ExpectedReport, Show},
    rubric::{Condition, Criterion, Gate, Measure, Rubric},
    score::BasisPoints,
    terms::Terms,
};

/// The conditions of gates by name.
const CONDITIONS: [(&str, Condition); 7] = [
    ("tests-green", Condition::TestsGreen),
    ("coverage-at-level", Condition::CoverageAtLevel),
    ("style-clean", Condition::StyleClean),
    ("reports-complete", Condition::ReportsComplete),
    ("no-flaky-tests", Condition::NoFlakyTests),
    ("no-smells", Condition::NoSmells),
    ("given-tests-ran", Condition::GivenTestsRan),
];

/// What `course.toml` says of a practice.
#[derive(Debug)]
pub struct PracticeSettings {
    /// Line of its id.
    pub place: Place,
    /// Id of its part.
    pub id: String,
    /// Reports a run brings.
    pub reports: Vec<ExpectedReport>,
    /// How they are graded.
    pub rubric: Rubric,
    /// What is asked of a run before its grade counts as proved.
    pub integrity: Option<IntegritySettings>,
    /// From when to when, how often and with whom it is handed in.
    pub terms: Terms,
    /// How much a reply shows from which attempt on.
    pub show: Vec<Show>,
}

/// The tools by name.
pub fn tools() -> Vec<(&'static str, Tool)> {
    Tool::ALL
        .iter()
        .map(|tool| (tool.as_str(), *tool))
        .collect()
}

/// A `[[practice]]` table.
pub fn read_practice(node: &Node, form: &mut Form<'_>) -> Option<PracticeSettings> {
    let known = [
        "id",
        "rubric_version",
        "report",
        "criterion",
        "gate",
        "integrity",
        "opens_at",
        "due_at",
        "late",
        "attempts",
        "counts",
        "group_size",
        "show",
    ];
    let fields = Fields::open(node, "[[practice]]", &known, form)?;
    let id = fields.text("id", form);
    let place = form.place(fields.get("id").map_or(fields.line, |node| node.line));
    let version = fields.number("rubric_version", form).unwrap_or(1);
    let reports: Vec<_> = fields
        .list("report", form)
        .iter()
        .filter_map(|node| read_report(node, form))
        .collect();
    let criteria = fields.list("criterion", form).iter();
    let criteria: Vec<_> = criteria
        .filter_map(|node| read_criterion(node, &reports, form))
        .collect();
    let written = fields.list("criterion", form).len();
    let integrity = fields
        .get("integrity")
        .and_then(|node| read_integrity(node, form));
    let has_manifest = integrity
        .as_ref()
        .is_some_and(|integrity| integrity.manifest.is_some());
    let gates = fields.list("gate", form).iter();
    let gates: Vec<_> = gates
        .filter_map(|node| read_gate(node, &criteria, has_manifest, form))
        .collect();
    let rubric = Rubric {
        version,
        criteria,
        gates,
    };
    // With a broken criterion the sum says nothing.
    if written == rubric.criteria.len() {
        check_weights(&rubric, &place, form.out);
    }
    check_ids(
        rubric.criteria.iter().map(|criterion| &criterion.id),
        "criterion",
        &place,
        form.out,
    );
    check_ids(
        rubric.gates.iter().map(|gate| &gate.id),
        "gate",
        &place,
        form.out,
    );
    Some(PracticeSettings {
        place,
        id: id?.to_lowercase(),
        reports,
        rubric,
        integrity,
        terms: read_terms(&fields, form),
        show: read_show(&fields, form),
    })
}

fn read_report(node: &Node, form: &mut Form<'_>) -> Option<ExpectedReport> {
    let known = [
        "artifact", "path", "format", "tool", "side", "required", "job",
    ];
    let fields = Fields::open(node, "[[practice.report]]", &known, form)?;
    let formats: Vec<_> = Format::ALL
        .iter()
        .map(|format| (format.as_str(), *format))
        .collect();
    let artifact = fields.text("artifact", form);
    let path = fields.text("path", form);
    let side = fields.text("side", form);
    let format = one_of(&fields, "format", &formats, form);
    let tool = if fields.get("tool").is_some() {
        one_of(&fields, "tool", &tools(), form)
    } else {
        None
    };
    let required = fields.flag("required", true, form);
    let job = if fields.get("job").is_some() {
        fields.text("job", form)
    } else {
        None
    };
    Some(ExpectedReport {
        artifact: artifact?,
        path: path?,
        format: format?,
        tool,
        side: side?,
        required,
        job,
    })
}

pub(super) fn one_of<T: Copy>(
    fields: &Fields<'_>,
    key: &str,
    known: &[(&str, T)],
    form: &mut Form<'_>,
) -> Option<T> {
    let name = fields.text(key, form)?;
    let line = fields.get(key).map_or(fields.line, |node| node.line);
    name_of(&name, line, key, known, form)
}

fn read_criterion(
    node: &Node,
    reports: &[ExpectedReport],
    form: &mut Form<'_>,
) -> Option<Criterion> {
    let fields = Fields::open(
        node,
        "[[practice.criterion]]",
        &["id", "title", "weight_bp", "measure"],
        form,
    )?;
    let id = fields.text("id", form);
    let title = fields.localized("title", form);
    let place = form.place(fields.line);
    super::check::translated(
        &title,
        form.locales,
        &place,
        "the title of the criterion",
        form.out,
    );
    let weight_bp = fields.required_points("weight_bp", form);
    let measure = fields
        .require("measure", form)
        .and_then(|node| read_measure(node, form));
    let measure_at = form.place(fields.get("measure").map_or(fields.line, |node| node.line));
    if let Some(measure) = &measure {
        check_measure(measure, reports, &measure_at, form.out);
    }
    Some(Criterion {
        id: id?,
        title,
        weight_bp: weight_bp?,
        measure: measure?,
    })
}

fn read_measure(node: &Node, form: &mut Form<'_>) -> Option<Measure> {
    let known = [
        "kind", "tools", "ids", "sides", "level_bp", "rules", "cost_bp",
    ];
    let fields = Fields::open(node, "`measure`", &known, form)?;
    // The keys each kind needs, and the one it may have beside them.
    let kinds = [
        ("tests", (&["tools"][..], Some("ids"))),
        ("coverage", (&["sides", "level_bp"], None)),
        ("style", (&["tools", "cost_bp"], None)),
        ("smells", (&["tools", "rules", "cost_bp"], None)),
    ];
    let kind = fields.text("kind", form)?;
    let (needed, optional) = name_of(&kind, fields.line, "kind", &kinds, form)?;
    let keys: Vec<&str> = needed.iter().copied().chain(optional).collect();
    for key in known
        .into_iter()
        .filter(|key| *key != "kind" && !keys.contains(key) && fields.get(key).is_some())
    {
        let place = form.place(fields.line);
        let message = format!("a measure of the kind `{kind}` has no `{key}`");
        form.out.error(
            "unknown-key",
            &place,
            message,
            did_you_mean(key, keys.iter().copied()),
        );
    }
    let missing = needed
        .iter()
        .filter(|key| fields.require(key, form).is_none())
        .count();
    if missing > 0 {
        return None;
    }
    Some(match kind.as_str() {
        "coverage" => Measure::Coverage {
            sides: fields
                .texts("sides", form)
                .into_iter()
                .map(|(side, _)| side)
                .collect(),
            level_bp: fields.points("level_bp", form)?,
        },
        "style" => Measure::Style {
            tools: fields.named("tools", &tools(), form),
            cost_bp: fields.points("cost_bp", form)?,
        },
        "smells" => Measure::Smells {
            tools: fields.named("tools", &tools(), form),
            rules: pattern(&fields, "rules", form)?,
            cost_bp: fields.points("cost_bp", form)?,
        },
        _ => Measure::Tests {
            tools: fields.named("tools", &tools(), form),
            ids: match fields.get("ids") {
                Some(_) => Some(pattern(&fields, "ids", form)?),
                None => None,
            },
        },
    })
}

fn read_gate(
    node: &Node,
    criteria: &[Criterion],
    has_manifest: bool,
    form: &mut Form<'_>,
) -> Option<Gate> {
    let fields = Fields::open(
        node,
        "[[practice.gate]]",
        &["id", "title", "condition", "cap_bp"],
        form,
    )?;
    let id = fields.text("id", form);
    let title = fields.localized("title", form);
    let place = form.place(fields.line);
    super::check::translated(
        &title,
        form.locales,
        &place,
        "the title of the gate",
        form.out,
    );
    let condition = one_of(&fields, "condition", &CONDITIONS, form);
    let cap_bp = fields.required_points("cap_bp", form);
    let measured = |condition| match condition {
        Condition::TestsGreen | Condition::NoFlakyTests => criteria
            .iter()
            .any(|c| matches!(c.measure, Measure::Tests { .. })),
        Condition::CoverageAtLevel => criteria
            .iter()
            .any(|c| matches!(c.measure, Measure::Coverage { .. })),
        Condition::StyleClean => criteria
            .iter()
            .any(|c| matches!(c.measure, Measure::Style { .. })),
        Condition::NoSmells => criteria
            .iter()
            .any(|c| matches!(c.measure, Measure::Smells { .. })),
        Condition::GivenTestsRan => has_manifest,
        Condition::ReportsComplete => true,
    };
    if let Some(condition) = condition.filter(|condition| !measured(*condition)) {
        let name = CONDITIONS
            .iter()
            .find(|(_, known)| *known == condition)
            .map_or("", |(name, _)| *name);
        let (lacks, fix) = if condition == Condition::GivenTestsRan {
            (
                "manifest of given tests",
                "Name a `manifest` in [practice.integrity], or remove the gate.",
            )
        } else {
            (
                "criterion",
                "Add a criterion of that kind, or remove the gate.",
            )
        };
        let message = format!("the gate `{name}` has no {lacks} to look at");
        form.out
            .warning("gate-without-criterion", &place, message, fix);
    }
    Some(Gate {
        id: id?,
        title,
        condition: condition?,
        cap_bp: cap_bp?,
    })
}

fn check_weights(rubric: &Rubric, place: &Place, out: &mut Diagnostics) {
    let sum: u32 = rubric
        .criteria
        .iter()
        .map(|criterion| criterion.weight_bp.get())
        .fold(0, u32::saturating_add);
    if !rubric.criteria.is_empty() && sum != BasisPoints::FULL.get() {
        let message = format!("the weights of the criteria sum to {sum}, not to 10000");
        out.error(
            "weights-not-whole",
            place,
            message,
            "Change `weight_bp` so that they sum to 10000.",
        );
    }
}

fn check_ids<'a>(
    ids: impl Iterator<Item = &'a String>,
    what: &str,
    place: &Place,
    out: &mut Diagnostics,
) {
    let mut seen = Vec::new();
    for id in ids {
        if seen.contains(&id) {
            let message = format!("the practice has two of the {what} `{id}`");
            out.error(
                "duplicate-id",
                place,
                message,
                format!("Give each {what} its own id."),
            );
        }
        seen.push(id);
    }
}

/// Complains about each tool or side of a measure that no report of the practice can tell.
fn check_measure(
    measure: &Measure,
    reports: &[ExpectedReport],
    place: &Place,
    out: &mut Diagnostics,
) {
    let mut missing = |what: &str, name: &str, fix: &str| {
        let message = format!("no report of the practice comes from the {what} `{name}`");
        out.error("measure-without-report", place, message, fix);
    };
    match measure {
        Measure::Tests { tools, .. }
        | Measure::Style { tools, .. }
        | Measure::Smells { tools, .. } => {
            if tools.is_empty() {
                missing("tools", "[]", "Name at least one tool.");
            }
            for tool in tools
                .iter()
                .filter(|tool| !reports.iter().any(|report| report.tool() == Some(**tool)))
            {
                missing(
                    "tool",
                    tool.as_str(),
                    "Add a [[practice.report]] with this `tool`.",
                );
            }
        }
        Measure::Coverage { sides, .. } => {
            if sides.is_empty() {
                missing("sides", "[]", "Name at least one side.");
            }
            let covered = |side: &String| {
                reports
                    .iter()
                    .any(|report| report.side == *side && is_coverage(report.format))
            };
            for side in sides.iter().filter(|side| !covered(side)) {
                missing(
                    "side",
                    side,
                    "Add a [[practice.report]] of this `side` in a format of coverage, such as `cobertura`.",
                );
            }
        }
    }
}

const fn is_coverage(format: Format) -> bool {
    matches!(
        format,
        Format::Cobertura
            | Format::CoveragePyJson
            | Format::Lcov
            | Format::IstanbulSummary
            | Format::IstanbulFinal
    )
}
