//! `docent export grade` and `docent verify grade`: a grade's evidence, and the grade worked out from it again.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow, bail};

use super::{grade::load_uploads, sheet::print};
use crate::{
    app::{
        bundle::Bundle,
        evidence::{gather, to_store},
        export_grade::export_grade,
        verify_grade::{Difference, compare_files, find_rules, verify},
    },
    config::Settings,
    wiring::Database,
};

/// What can be exported.
#[derive(Debug, clap::Subcommand)]
pub enum Export {
    /// The evidence of a grade as one file, which `docent verify grade` needs nothing else for
    Grade(ExportArguments),
}

/// Which grade, and where to.
#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    /// Number of the grade, as `/grade review` and `/grade history` show it
    #[arg(value_parser = parse_number)]
    grade: i64,
    /// The file to write [default: `grade-NUMBER.json`]
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What can be verified.
#[derive(Debug, clap::Subcommand)]
pub enum Verify {
    /// A grade: works it out again from its evidence, and says what differs
    Grade(VerifyArguments),
}

/// Which grade.
#[derive(Debug, clap::Args)]
pub struct VerifyArguments {
    /// A file of `docent export grade`, for which neither database nor network is needed; or the number of a grade
    /// in the database
    grade: String,
    /// Also read these original artifacts again, and compare them: a folder of reports or zips
    #[arg(long)]
    reports: Vec<PathBuf>,
}

/// Numbers are shown as `#12`, so that is how they are pasted.
fn parse_number(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    digits
        .parse()
        .map_err(|_| "a grade has a number, as /grade history shows it: 12".to_owned())
}

/// Writes the bundle of a grade.
pub async fn export(settings: Settings, export: Export) -> anyhow::Result<ExitCode> {
    let Export::Grade(arguments) = export;
    let bundle = load(&settings, arguments.grade).await?;
    let file = format!("grade-{}.json", arguments.grade);
    let file = arguments.out.unwrap_or_else(|| file.into());
    std::fs::write(&file, bundle.seal()?)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    print(&format!(
        "{}: grade {} with {} reports; `docent verify grade {0}` works it out again",
        file.display(),
        bundle.grade,
        bundle.reports.len()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Verifies a grade; fails when anything differs.
pub async fn check(settings: Settings, asked: Verify) -> anyhow::Result<ExitCode> {
    let Verify::Grade(arguments) = asked;
    let file = Path::new(&arguments.grade);
    let opened = match parse_number(&arguments.grade) {
        Ok(number) if !file.exists() => Bundle::open(&load(&settings, number).await?.seal()?)?,
        _ => {
            let bytes = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            Bundle::open(&bytes)?
        }
    };
    let mut differences = verify(&opened);
    if !arguments.reports.is_empty() {
        differences.extend(read_again(&opened.bundle, &arguments.reports)?);
    }
    print(&conclusion(
        &opened.bundle,
        &differences,
        &arguments.reports,
    ));
    Ok(if differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn load(settings: &Settings, grade: i64) -> anyhow::Result<Bundle> {
    let database = Database::open(settings).await?;
    let found = export_grade(&database.store, grade).await;
    database.close().await;
    found?.ok_or_else(|| {
        anyhow!("the database has no grade {grade}: `/grade history` shows the numbers")
    })
}

/// The original files, read as they were for the grade.
fn read_again(bundle: &Bundle, places: &[PathBuf]) -> anyhow::Result<Vec<Difference>> {
    // The files are those of the run that the grade rests on: an audit's own, or the one that was handed in.
    let audit = bundle.asked().and_then(|asked| bundle.audit_of(asked));
    let (reports, facts) = audit.map_or((&bundle.reports, &bundle.facts), |audit| {
        (&audit.reports, &audit.facts)
    });
    let is_audited = audit.is_some();
    let worked_out = bundle.grades.iter().rev();
    let worked_out = worked_out.filter(|one| one.is_worked_out() && one.is_audited() == is_audited);
    let rules = worked_out
        .map(|record| find_rules(bundle, record))
        .find_map(Result::ok);
    let Some(rules) = rules else {
        bail!("the bundle has no rubric, so it does not say which files were graded");
    };
    let mut uploads = Vec::new();
    for place in places {
        uploads.extend(load_uploads(place, &rules.practice)?);
    }
    let evidence = gather(&rules.practice, &uploads, facts.clone());
    Ok(compare_files(reports, &to_store(&evidence)))
}

/// What came of it, in one sentence, and then each thing that differs.
fn conclusion(bundle: &Bundle, differences: &[Difference], files: &[PathBuf]) -> String {
    if !differences.is_empty() {
        let mut lines = vec![format!("grade {} does not hold:", bundle.grade)];
        lines.extend(differences.iter().map(|one| format!("- {one}")));
        let own = env!("CARGO_PKG_VERSION");
        if bundle.docent != own {
            lines.push(format!(
                "The file was written by Docent {}, and this is {own}: where both agree on the file, ask the older one.",
                bundle.docent
            ));
        }
        return lines.join("\n");
    }
    let Some(asked) = bundle.asked() else {
        return String::new();
    };
    let sheet = &asked.sheet;
    let grade = format!(
        "{} {} is {} ({} of 10000)",
        sheet.course,
        sheet.practice,
        sheet.grade,
        sheet.score_bp.get()
    );
    let again = if files.is_empty() {
        String::new()
    } else {
        ", and the original files are those that were graded".to_owned()
    };
    if asked.is_worked_out() {
        let verdict = sheet.trust.as_ref().map(|trust| format!(", {trust}"));
        let from = bundle.audit_of(asked).map_or_else(
            || format!("{} reports", bundle.reports.len()),
            |audit| {
                format!(
                    "{} reports of the audit {}",
                    audit.reports.len(),
                    audit.run.html_url
                )
            },
        );
        return format!(
            "grade {} holds: worked out again from {from} by rubric version {}, {grade}{}{again}",
            asked.id,
            sheet.rubric_version,
            verdict.unwrap_or_default()
        );
    }
    let before = bundle.grades.iter().rev();
    let before = before
        .filter(|one| one.is_worked_out() && one.rubric.is_some() && one.id < asked.id)
        .map(|one| {
            format!(
                "; before that grade {} was worked out as {} ({}), and is so again",
                one.id,
                one.sheet.grade,
                one.sheet.score_bp.get()
            )
        })
        .next();
    format!(
        "grade {} holds: set by {} because “{}”, {grade}{}{again}",
        asked.id,
        asked.author,
        asked.reason.as_deref().unwrap_or_default(),
        before.unwrap_or_default()
    )
}
