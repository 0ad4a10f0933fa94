//! From a finished run to a grade: fetch its reports, read them, apply the rubric.

use crate::{
    app::{
        evidence::{Upload, choose_practice, gather, to_store},
        ports::{CiError, CiProvider, Run},
        recompute::recompute,
    },
    domain::{
        course::Course,
        grading::{GradeSheet, Rules},
        practice::PracticeTask,
        trust::{Facts, Policy, is_graded_event},
    },
    store::{NewGrade, StoredReport},
};

/// A graded run.
#[derive(Debug, Clone)]
pub struct GradedRun {
    /// The sheet.
    pub sheet: GradeSheet,
    /// The reports it was worked out from.
    pub reports: Vec<StoredReport>,
    /// What the provider said of the run.
    pub facts: Facts,
    /// The rules it was worked out by.
    pub rules: Rules,
}

impl GradedRun {
    /// What is recorded of it.
    #[must_use]
    pub fn to_record(&self) -> NewGrade<'_> {
        NewGrade {
            sheet: &self.sheet,
            reports: &self.reports,
            facts: &self.facts,
            rules: &self.rules,
        }
    }
}

/// Why a finished run has no grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ungraded {
    /// The provider refused or failed.
    Ci(CiError),
    /// It uploaded none of the reports of any practice.
    NoReports {
        /// The artifacts that practices expect.
        expected: Vec<String>,
    },
    /// It was started by an event whose runs are not graded.
    Event {
        /// The event.
        event: String,
    },
}

impl From<CiError> for Ungraded {
    fn from(error: CiError) -> Self {
        Self::Ci(error)
    }
}

/// Grades a finished run for the practice the member chose, else for the one its artifacts fit.
///
/// # Errors
/// When the reports cannot be fetched, or the run has none.
pub async fn grade_run(
    ci: &dyn CiProvider,
    course: &Course,
    run: &Run,
    chosen: Option<&str>,
    is_done: impl Fn(&str) -> bool + Send,
) -> Result<GradedRun, Ungraded> {
    if !is_graded_event(&run.event) {
        return Err(Ungraded::Event {
            event: run.event.clone(),
        });
    }
    let artifacts = ci.list_artifacts(run).await?;
    let names: Vec<&str> = artifacts
        .iter()
        .map(|artifact| artifact.name.as_str())
        .collect();
    let practice = match chosen {
        Some(id) => course.find_practice(id),
        None => choose_practice(course, &names, is_done),
    };
    let Some(practice) = practice.filter(|practice| expects_any(practice, &names)) else {
        return Err(Ungraded::NoReports {
            expected: expected_artifacts(course, chosen),
        });
    };
    let facts = load_facts(ci, run, practice).await?;
    let mut uploads = Vec::new();
    for artifact in artifacts
        .iter()
        .filter(|artifact| expects_any(practice, &[artifact.name.as_str()]))
    {
        let body = ci.download_artifact(run, artifact).await?;
        uploads.push(unpack(&artifact.name, body).await?);
    }
    let rules = Rules::of(course, practice);
    let evidence = gather(practice, &uploads, facts);
    let reports = to_store(&evidence);
    // From what is stored and nothing else, so that it can be worked out again at any time.
    let sheet = recompute(&rules, &reports, &evidence.facts)
        .map_err(|error| CiError::Malformed(error.to_string()))?;
    Ok(GradedRun {
        sheet,
        reports,
        facts: evidence.facts,
        rules,
    })
}

/// What the provider says of the run, with the files of its commit where it shows them.
async fn load_facts(
    ci: &dyn CiProvider,
    run: &Run,
    practice: &PracticeTask,
) -> Result<Facts, CiError> {
    let tree = match &practice.integrity {
        Some(_) => ci.load_tree(run).await?,
        None => None,
    };
    let facts = Facts {
        head_sha: run.head_sha.clone(),
        event: Some(run.event.clone()),
        tree,
        workflows: run.workflows.clone(),
    };
    let none = Policy::default();
    Ok(facts.trim(practice.integrity.as_ref().unwrap_or(&none)))
}

/// Unpacking takes time in proportion to a stranger's bytes, so it keeps off the event loop.
async fn unpack(name: &str, body: Vec<u8>) -> Result<Upload, CiError> {
    let name = name.to_owned();
    let unpacked = tokio::task::spawn_blocking(move || Upload::unpack(&name, &body)).await;
    match unpacked {
        Ok(Ok(upload)) => Ok(upload),
        Ok(Err(ci_reports::ReadError::Forged { reason })) => Err(CiError::Forged(reason)),
        Ok(Err(error)) => Err(CiError::Malformed(error.to_string())),
        Err(error) => Err(CiError::Malformed(error.to_string())),
    }
}

fn expects_any(practice: &PracticeTask, names: &[&str]) -> bool {
    practice
        .reports
        .iter()
        .any(|report| names.contains(&report.artifact.as_str()))
}

fn expected_artifacts(course: &Course, chosen: Option<&str>) -> Vec<String> {
    let practices = course
        .practices()
        .filter(|practice| chosen.is_none_or(|id| practice.id == id));
    let mut names: Vec<String> = practices
        .flat_map(|practice| &practice.reports)
        .map(|report| report.artifact.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}
