//! How far a run can be trusted, in words that accuse nobody.

use crate::{
    domain::{
        grading::GradeSheet,
        locale::Locale,
        trust::{Claim, Level, Proof, Reason},
    },
    text,
    view::untrusted,
};

/// Differences that a member is told of; the rest are counted.
const NAMED: usize = 4;

/// The lines about trust under a grade; none for a practice that asks for nothing.
#[must_use]
pub fn lines(sheet: &GradeSheet, locale: Locale) -> Vec<String> {
    if let Some(review) = &sheet.review {
        let reason = untrusted::line(&review.reason, 300);
        return vec![text!(locale, "trust-set", reason = reason)];
    }
    let Some(trust) = &sheet.trust else {
        return Vec::new();
    };
    match trust.level {
        Level::Verified => vec![match trust.proof {
            Some(Proof::Audited) => text!(locale, "trust-audited"),
            Some(Proof::Signed) => text!(locale, "trust-signed"),
            Some(Proof::PinnedGrader) => text!(locale, "trust-pinned"),
            Some(Proof::ProtectedTree) | None => text!(locale, "trust-verified"),
        }],
        Level::Advisory => {
            let why = trust.reasons.first();
            let why = why.map(|why| reason(why, locale)).unwrap_or_default();
            vec![text!(locale, "trust-advisory", why = why)]
        }
        Level::NeedsReview | Level::Refused => {
            let differing = || {
                let reasons = trust.reasons.iter();
                reasons.filter(|one| one.level() >= Level::NeedsReview)
            };
            let mut lines = vec![text!(locale, "trust-review")];
            lines.extend(
                differing()
                    .take(NAMED)
                    .map(|one| format!("- {}", reason(one, locale))),
            );
            let more = differing().count().saturating_sub(NAMED);
            if more > 0 {
                lines.push(format!("- {}", text!(locale, "trust-more", count = more)));
            }
            if differing().any(can_be_undone) {
                lines.push(text!(locale, "trust-undo"));
            }
            lines
        }
    }
}

/// Whether a member can bring about by themselves that nothing differs any more.
const fn can_be_undone(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Changed { .. }
            | Reason::Gone { .. }
            | Reason::Added { .. }
            | Reason::Forbidden { .. }
            | Reason::Twin { .. }
            | Reason::Submodule { .. }
    )
}

/// Whether a person will look at the run.
#[must_use]
pub fn waits(sheet: &GradeSheet) -> bool {
    let level = sheet.trust.as_ref().map(|trust| trust.level);
    sheet.review.is_none() && level >= Some(Level::NeedsReview)
}

/// One reason.
#[must_use]
pub fn reason(reason: &Reason, locale: Locale) -> String {
    let code = |path: &str| untrusted::code(path, 80);
    match reason {
        Reason::Event { event } => text!(locale, "trust-event", event = code(event)),
        Reason::Changed { path } => text!(locale, "trust-changed", path = code(path)),
        Reason::Gone { path } => text!(locale, "trust-gone", path = code(path)),
        Reason::Added { path } => text!(locale, "trust-added", path = code(path)),
        Reason::Forbidden { path } => text!(locale, "trust-forbidden", path = code(path)),
        Reason::Twin { path, given } => {
            text!(locale, "trust-twin", path = code(path), given = code(given))
        }
        Reason::Submodule { path } => text!(locale, "trust-submodule", path = code(path)),
        Reason::Merge => text!(locale, "trust-merge"),
        Reason::OwnMachine { job } => text!(locale, "trust-own-machine", job = code(job)),
        Reason::SameReports { .. } => text!(locale, "trust-same-reports"),
        Reason::SameFiles { .. } => text!(locale, "trust-same-files"),
        Reason::MachinesUnknown => text!(locale, "trust-machines-unknown"),
        Reason::WorkflowNotCalled { workflow } => {
            text!(locale, "trust-workflow", workflow = code(workflow))
        }
        Reason::WorkflowAtOtherCommit { sha } => {
            text!(locale, "trust-workflow-commit", sha = code(sha))
        }
        Reason::TestsLeftOut { count } => text!(locale, "trust-tests", count = *count),
        Reason::OtherConfig { path } => text!(locale, "trust-other-config", path = code(path)),
        Reason::Variables { names } => {
            text!(locale, "trust-variables", names = code(&names.join(", ")))
        }
        Reason::GraderSilent => text!(locale, "trust-grader-silent"),
        Reason::GraderUnclear => text!(locale, "trust-grader-unclear"),
        Reason::OtherReports { artifact } => {
            text!(locale, "trust-other-reports", artifact = code(artifact))
        }
        Reason::SignatureBroken => text!(locale, "trust-signature-broken"),
        Reason::SignatureOfOther { claim } => match claim {
            Claim::Reports => text!(locale, "trust-signature-reports"),
            Claim::Run => text!(locale, "trust-signature-run"),
            Claim::Job => text!(locale, "trust-signature-job"),
            Claim::Workflow => text!(locale, "trust-signature-workflow"),
            Claim::Runner => text!(locale, "trust-signature-runner"),
            Claim::Time => text!(locale, "trust-signature-time"),
        },
        Reason::GraderUnknown => text!(locale, "trust-grader-unknown"),
        Reason::NotSigned => text!(locale, "trust-not-signed"),
        Reason::SettingsOpen => text!(locale, "trust-settings-open"),
        Reason::VariablesUnknown => text!(locale, "trust-variables-unknown"),
        Reason::Astray { artifact, job } => text!(
            locale,
            "trust-astray",
            artifact = code(artifact),
            job = code(job)
        ),
        Reason::Fork => text!(locale, "trust-fork"),
        Reason::Regraded { before } => {
            text!(locale, "trust-regraded", before = before.as_str())
        }
        Reason::NoManifest => text!(locale, "trust-no-manifest"),
        Reason::TreeUnknown => text!(locale, "trust-tree-unknown"),
        Reason::TreeTruncated => text!(locale, "trust-tree-truncated"),
        Reason::WorkflowsUnknown => text!(locale, "trust-workflows-unknown"),
        Reason::WorkflowOpen => text!(locale, "trust-workflow-open"),
    }
}
