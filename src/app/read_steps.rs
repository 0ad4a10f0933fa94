//! A run whose reports may not be downloaded, told by the names of its jobs and steps: no grade,
//! and yet an answer.

use crate::{
    app::ports::{CiError, CiProvider, Conclusion, Job, Run},
    domain::{
        course::Course,
        grading::{Pointer, Rules, point_steps},
        practice::PracticeTask,
    },
};

/// What the bot lacks to download reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// A token, or one that the provider accepts.
    Token,
    /// The permission of a token that is accepted.
    Permission,
}

impl Lack {
    const ALL: [Self; 2] = [Self::Token, Self::Permission];

    /// What a refused download lacks; `None` when it failed for another reason.
    #[must_use]
    pub const fn of(error: &CiError) -> Option<Self> {
        match error {
            CiError::Unauthorized => Some(Self::Token),
            CiError::Forbidden => Some(Self::Permission),
            _ => None,
        }
    }

    /// The word it is stored under; never changed.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Token => "steps-only",
            Self::Permission => "steps-forbidden",
        }
    }

    /// The one that is stored under this word.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lack| lack.code() == code)
    }
}

/// What the names of jobs and steps tell of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// Id of the practice that the run seems to be of.
    pub practice: String,
    /// Why there is no more than this.
    pub lack: Lack,
    /// How many jobs there were.
    pub jobs: usize,
    /// What failed, in the order of the workflow.
    pub failed: Vec<FailedStep>,
    /// Sections to read again.
    pub pointers: Vec<Pointer>,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStep {
    /// The name of its job.
    pub job: String,
    /// Its own name; `None` when the job failed and none of its steps says so.
    pub step: Option<String>,
}

/// Reads what the steps of a run tell.
///
/// # Errors
/// When the provider does not list the jobs.
pub async fn read_steps(
    ci: &dyn CiProvider,
    course: &Course,
    practice: &PracticeTask,
    run: &Run,
    lack: Lack,
) -> Result<Steps, CiError> {
    let jobs = ci.list_jobs(run).await?;
    let failed: Vec<FailedStep> = jobs.iter().flat_map(failures).collect();
    let names = failed
        .iter()
        .map(|one| one.step.as_deref().unwrap_or(&one.job));
    let pointers = point_steps(&Rules::of(course, practice), names);
    Ok(Steps {
        practice: practice.id.clone(),
        lack,
        jobs: jobs.len(),
        failed,
        pointers,
    })
}

/// The failed steps of a job that failed; a step that was allowed to fail did not fail its job.
fn failures(job: &Job) -> Vec<FailedStep> {
    if !has_failed(job.conclusion) {
        return Vec::new();
    }
    let failed = |step: Option<&str>| FailedStep {
        job: job.name.clone(),
        step: step.map(str::to_owned),
    };
    let steps = job.steps.iter().filter(|step| has_failed(step.conclusion));
    let steps: Vec<_> = steps.map(|step| failed(Some(&step.name))).collect();
    if steps.is_empty() {
        vec![failed(None)]
    } else {
        steps
    }
}

const fn has_failed(conclusion: Option<Conclusion>) -> bool {
    matches!(
        conclusion,
        Some(
            Conclusion::Failure
                | Conclusion::TimedOut
                | Conclusion::Cancelled
                | Conclusion::NotStarted
                | Conclusion::Infrastructure
        )
    )
}
