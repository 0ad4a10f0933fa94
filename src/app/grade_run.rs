//! From a finished run to a grade: fetch its reports, read them, apply the rubric.

use ci_reports::ReadError;

use crate::{
    app::{
        evidence::{Marks, Upload, choose_practice, gather, to_store},
        origin::{find_astray, is_fork, is_partly_rerun, lacks_reports},
        ports::{Artifact, CiError, CiProvider, Conclusion, Job, Provider, Run},
        read_steps::{Lack, Steps, read_steps},
        recompute::recompute,
        vouch::{load_grading_job, load_merge, load_pipeline, load_signature},
    },
    domain::{
        course::Course,
        grading::{GradeSheet, Rules},
        practice::PracticeTask,
        trust::{Facts, Policy, RunStamp, is_graded_event},
    },
    store::{AuditEvidence, NewGrade, StoredReport},
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
    /// What no other run should have in common with it.
    pub marks: Marks,
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
    /// It ended without anything to grade.
    Ended(Conclusion),
    /// Only some jobs were run again, so this attempt has not all the reports.
    PartlyRerun,
    /// Its reports may not be downloaded; its steps are known.
    StepsOnly(Steps),
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
    if let Some(how) = run.conclusion.filter(|how| has_nothing(*how)) {
        return Err(Ungraded::Ended(how));
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
        return Err(without_reports(ci, course, run, chosen).await?);
    };
    let jobs = load_jobs(ci, run, practice).await?;
    if lacks_reports(practice, &names) {
        if is_partly_rerun(run, &jobs) {
            return Err(Ungraded::PartlyRerun);
        }
        if let Some(how) = run.conclusion.filter(|how| is_no_fault_of_theirs(*how)) {
            return Err(Ungraded::Ended(how));
        }
    }
    let mut facts = load_facts(ci, run, practice, &artifacts, &jobs).await?;
    facts.fork = is_fork(run);
    facts.astray = find_astray(practice, &artifacts, &jobs);
    let mut uploads = Vec::new();
    for artifact in artifacts
        .iter()
        .filter(|artifact| expects_any(practice, &[artifact.name.as_str()]))
    {
        let body = match ci.download_artifact(run, artifact).await {
            Ok(body) => body,
            // It was listed a moment ago.
            Err(CiError::NotFound) => return Err(CiError::Expired.into()),
            Err(error) => {
                let lack = Lack::of(&error).ok_or(error)?;
                let steps = read_steps(ci, course, practice, run, lack).await?;
                return Err(Ungraded::StepsOnly(steps));
            }
        };
        facts.graded.add(&artifact.name, &body);
        uploads.push(unpack(artifact, body).await?);
    }
    let rules = Rules::of(course, practice);
    let evidence = gather(practice, &uploads, facts);
    let reports = to_store(&evidence);
    // From what is stored and nothing else, so that it can be worked out again at any time.
    let sheet = recompute(&rules, &reports, &evidence.facts, None)
        .map_err(|error| CiError::Malformed(error.to_string()))?;
    Ok(GradedRun {
        sheet,
        marks: Marks::of(&evidence, &uploads),
        reports,
        facts: evidence.facts,
        rules,
    })
}

/// Whether a run that ended so has run nothing to its end.
const fn has_nothing(how: Conclusion) -> bool {
    matches!(
        how,
        Conclusion::Cancelled | Conclusion::Skipped | Conclusion::StartupFailure
    )
}

/// Whether a run that ended so lacks what its member could not have brought about.
const fn is_no_fault_of_theirs(how: Conclusion) -> bool {
    matches!(how, Conclusion::NotStarted | Conclusion::Infrastructure)
}

/// Why a run has no report of any practice.
async fn without_reports(
    ci: &dyn CiProvider,
    course: &Course,
    run: &Run,
    chosen: Option<&str>,
) -> Result<Ungraded, CiError> {
    if run.attempt > 1 && is_partly_rerun(run, &ci.list_jobs(run).await?) {
        return Ok(Ungraded::PartlyRerun);
    }
    Ok(match run.conclusion {
        Some(how @ (Conclusion::TimedOut | Conclusion::ActionRequired | Conclusion::Stale)) => {
            Ungraded::Ended(how)
        }
        Some(how) if is_no_fault_of_theirs(how) => Ungraded::Ended(how),
        _ => Ungraded::NoReports {
            expected: expected_artifacts(course, chosen),
        },
    })
}

/// The jobs of the run, where something depends on them.
async fn load_jobs(
    ci: &dyn CiProvider,
    run: &Run,
    practice: &PracticeTask,
) -> Result<Vec<Job>, CiError> {
    let policy = practice.integrity.as_ref();
    let is_asked = practice.reports.iter().any(|report| report.job.is_some())
        || policy.is_some_and(|policy| policy.hosted_runner || policy.workflow.is_some());
    if run.attempt > 1 || is_asked {
        ci.list_jobs(run).await
    } else {
        Ok(Vec::new())
    }
}

/// What a run in the instructors' own repository leads to.
#[derive(Debug, Clone)]
pub struct AuditedRun {
    /// The rules that its grade is worked out by.
    pub rules: Rules,
    /// What its grade is worked out from.
    pub evidence: AuditEvidence,
}

/// Reads the reports of a run in the instructors' own repository, for a commit whose facts are known.
///
/// # Errors
/// When the reports cannot be fetched, or the run has none.
pub async fn load_audited(
    ci: &dyn CiProvider,
    course: &Course,
    practice: &str,
    run: &Run,
    commit: &Facts,
) -> Result<AuditedRun, Ungraded> {
    let artifacts = ci.list_artifacts(run).await?;
    let practice = course.find_practice(practice).filter(|practice| {
        let names: Vec<&str> = artifacts.iter().map(|one| one.name.as_str()).collect();
        expects_any(practice, &names)
    });
    let Some(practice) = practice else {
        return Err(Ungraded::NoReports {
            expected: expected_artifacts(course, None),
        });
    };
    // Of the run that was handed in only the commit is taken over, which is the same.
    let mut facts = Facts {
        head_sha: commit.head_sha.clone(),
        tree: commit.tree.clone(),
        event: Some(run.event.clone()),
        run: Some(stamp(run)),
        ..Facts::default()
    };
    let mut uploads = Vec::new();
    for artifact in &artifacts {
        if expects_any(practice, &[artifact.name.as_str()]) {
            let body = ci.download_artifact(run, artifact).await?;
            facts.graded.add(&artifact.name, &body);
            uploads.push(unpack(artifact, body).await?);
        }
    }
    let evidence = gather(practice, &uploads, facts);
    Ok(AuditedRun {
        rules: Rules::of(course, practice),
        evidence: AuditEvidence {
            run: run.clone(),
            reports: to_store(&evidence),
            facts: evidence.facts,
        },
    })
}

/// A run's own numbers and times.
const fn stamp(run: &Run) -> RunStamp {
    RunStamp {
        repository_id: run.repository_id,
        run_id: run.run_id,
        attempt: run.attempt,
        started_at: run.started_at,
        ended_at: run.updated_at,
    }
}

/// What the provider says of the run: as much as the practice compares.
async fn load_facts(
    ci: &dyn CiProvider,
    run: &Run,
    practice: &PracticeTask,
    artifacts: &[Artifact],
    jobs: &[Job],
) -> Result<Facts, CiError> {
    let mut facts = Facts {
        head_sha: run.head_sha.clone(),
        event: Some(run.event.clone()),
        is_merge: run.provider == Provider::GitHub && run.event == "pull_request",
        workflows: run.workflows.clone(),
        run: Some(stamp(run)),
        ..Facts::default()
    };
    let Some(policy) = &practice.integrity else {
        return Ok(facts.trim(&Policy::default()));
    };
    facts.tree = ci.load_tree(run).await?;
    if policy.hosted_runner {
        facts.own_machines = find_own_machines(jobs);
    }
    if let Some(pinned) = &policy.workflow {
        facts.grading = load_grading_job(ci, run, pinned, jobs).await?;
        facts.signature = load_signature(ci, run, artifacts, policy).await?;
        load_merge(ci, run, &mut facts).await?;
    }
    facts.pipeline = load_pipeline(ci, run, policy, jobs).await?;
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
pub(super) async fn unpack(artifact: &Artifact, body: Vec<u8>) -> Result<Upload, CiError> {
    let name = artifact.name.clone();
    let cut = artifact.is_cut(&body).then(|| artifact.cut(&body));
    let unpacked = tokio::task::spawn_blocking(move || Upload::unpack(&name, &body)).await;
    let error = match unpacked {
        Ok(Ok(upload)) => return Ok(upload),
        Ok(Err(error)) => error,
        Err(error) => return Err(CiError::Unreadable(error.to_string())),
    };
    Err(cut.unwrap_or_else(|| match error {
        ReadError::Forged { reason } => CiError::Forged(reason),
        ReadError::TooLarge { limit, .. } => CiError::TooLarge { limit },
        ReadError::TooMany { limit, .. } => CiError::TooLarge {
            limit: limit as u64,
        },
        error => CiError::Unreadable(error.to_string()),
    }))
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
