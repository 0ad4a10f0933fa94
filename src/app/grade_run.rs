//! From a finished run to a grade: fetch its reports, read them, apply the rubric.

use ci_reports::ReadError;

use crate::{
    app::{
        evidence::{Upload, choose_practice, gather, to_store},
        ports::{CiError, CiProvider, Conclusion, Job, Provider, Run},
    },
    domain::{
        course::Course,
        evidence::Evidence,
        grading::{GradeSheet, grade},
        practice::PracticeTask,
        trust::{Facts, Policy, is_graded_event},
    },
    store::StoredReport,
};

/// A graded run.
#[derive(Debug, Clone)]
pub struct GradedRun {
    /// The sheet.
    pub sheet: GradeSheet,
    /// The reports it was worked out from.
    pub reports: Vec<StoredReport>,
    /// All that the grade was worked out from, with what the provider said of the run.
    pub evidence: Evidence,
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
    let evidence = gather(practice, &uploads, facts);
    let sheet = grade(course, practice, &evidence);
    Ok(GradedRun {
        sheet,
        reports: to_store(&evidence),
        evidence,
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
    let none = Policy::default();
    let policy = practice.integrity.as_ref().unwrap_or(&none);
    let own_machines = if policy.hosted_runner {
        find_own_machines(&ci.list_jobs(run).await?)
    } else {
        None
    };
    let facts = Facts {
        head_sha: run.head_sha.clone(),
        event: Some(run.event.clone()),
        is_merge: run.provider == Provider::GitHub && run.event == "pull_request",
        tree,
        workflows: run.workflows.clone(),
        own_machines,
        ..Facts::default()
    };
    Ok(facts.trim(policy))
}

/// Names of the jobs that ran on other machines than the provider's; `None` when that is not told of all.
fn find_own_machines(jobs: &[Job]) -> Option<Vec<String>> {
    let ran = jobs
        .iter()
        .filter(|job| job.conclusion != Some(Conclusion::Skipped));
    let told: Option<Vec<(&Job, bool)>> = ran
        .map(|job| job.is_hosted.map(|is_hosted| (job, is_hosted)))
        .collect();
    let own = told.filter(|jobs| !jobs.is_empty())?.into_iter();
    let own = own.filter(|(_, is_hosted)| !is_hosted);
    Some(own.map(|(job, _)| job.name.clone()).collect())
}

/// Unpacking takes time in proportion to a stranger's bytes, so it keeps off the event loop.
async fn unpack(name: &str, body: Vec<u8>) -> Result<Upload, CiError> {
    let name = name.to_owned();
    let unpacked = tokio::task::spawn_blocking(move || Upload::unpack(&name, &body)).await;
    match unpacked {
        Ok(Ok(upload)) => Ok(upload),
        Ok(Err(ReadError::Forged { reason })) => Err(CiError::Forged(reason)),
        Ok(Err(ReadError::TooLarge { limit, .. })) => Err(CiError::TooLarge { limit }),
        Ok(Err(ReadError::TooMany { limit, .. })) => Err(CiError::TooLarge {
            limit: limit as u64,
        }),
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
