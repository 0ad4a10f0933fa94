//! Where a run's commit and artifacts come from: another repository, another attempt, another job.

use chrono::TimeDelta;

use crate::{
    app::ports::{Artifact, Conclusion, Job, Run},
    domain::{practice::PracticeTask, trust::Astray},
};

/// How far the provider's times of a job and of its upload may be apart.
const SLACK: TimeDelta = TimeDelta::seconds(5);

/// Whether the commit comes from another repository than the run's, or from one that is gone.
#[must_use]
pub fn is_fork(run: &Run) -> bool {
    run.head_repository_id != Some(run.repository_id)
}

/// Whether only some jobs of this attempt were run again: the others keep their times, or the number
/// of their attempt.
#[must_use]
pub fn is_partly_rerun(run: &Run, jobs: &[Job]) -> bool {
    let is_earlier = |job: &Job| {
        job.started_at.is_some_and(|at| at < run.started_at)
            || job.attempt.is_some_and(|attempt| attempt < run.attempt)
    };
    run.attempt > 1 && jobs.iter().any(is_earlier)
}

/// Whether an attempt lacks an artifact that the practice cannot do without.
#[must_use]
pub fn lacks_reports(practice: &PracticeTask, names: &[&str]) -> bool {
    let mut required = practice.reports.iter().filter(|report| report.required);
    required.any(|report| !names.contains(&report.artifact.as_str()))
}

/// The artifacts that do not fit the job that the practice expects them from.
#[must_use]
pub fn find_astray(practice: &PracticeTask, artifacts: &[Artifact], jobs: &[Job]) -> Vec<Astray> {
    let mut found: Vec<Astray> = Vec::new();
    for report in &practice.reports {
        let Some(job) = &report.job else { continue };
        let mut of_report = artifacts.iter().filter(|one| one.name == report.artifact);
        let astray = Astray {
            artifact: report.artifact.clone(),
            job: job.clone(),
        };
        if of_report.any(|artifact| !fits(artifact, job, jobs)) && !found.contains(&astray) {
            found.push(astray);
        }
    }
    found
}

/// Where the provider tells the job, its name decides. Elsewhere the artifact must have come while
/// the job ran, as far as its times are told, and one of its steps that are named after uploads
/// must have succeeded.
fn fits(artifact: &Artifact, job: &str, jobs: &[Job]) -> bool {
    if let Some(own) = &artifact.job {
        return is_named(own, job);
    }
    let ran_then = |one: &Job| {
        let (Some(start), Some(end)) = (one.started_at, one.completed_at) else {
            return true;
        };
        (start - SLACK..=end + SLACK).contains(&artifact.created_at)
    };
    let mut meant = jobs.iter().filter(|one| is_named(&one.name, job));
    meant.any(|one| ran_then(one) && may_have_uploaded(one))
}

/// A job of a matrix has the values behind its name: `test (3.13)`, `test 1/3`.
fn is_named(name: &str, job: &str) -> bool {
    name.strip_prefix(job)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn may_have_uploaded(job: &Job) -> bool {
    let is_upload = |name: &str| name.to_lowercase().contains("upload");
    let mut uploads = job.steps.iter().filter(|step| is_upload(&step.name));
    let first = uploads.next();
    let passed = |conclusion| conclusion == Some(Conclusion::Success);
    first.is_none_or(|step| passed(step.conclusion)) || uploads.any(|step| passed(step.conclusion))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ports::{RunStatus, Step};
    use chrono::DateTime;

    fn at(second: i64) -> DateTime<chrono::Utc> {
        DateTime::from_timestamp(1_000_000 + second, 0).unwrap()
    }

    fn job(name: &str, upload: Option<Conclusion>) -> Job {
        let step = |conclusion| Step {
            number: 2,
            name: "Upload the reports".to_owned(),
            conclusion: Some(conclusion),
        };
        Job {
            id: 1,
            name: name.to_owned(),
            status: RunStatus::Completed,
            conclusion: Some(Conclusion::Success),
            steps: upload.map(step).into_iter().collect(),
            runner_group: None,
            is_hosted: None,
            labels: Vec::new(),
            attempt: None,
            started_at: Some(at(0)),
            completed_at: Some(at(60)),
        }
    }

    fn artifact(second: i64, job: Option<&str>) -> Artifact {
        Artifact {
            id: 1,
            name: "back".to_owned(),
            size_in_bytes: 1,
            expired: false,
            digest: None,
            created_at: at(second),
            head_sha: String::new(),
            run_id: 1,
            job: job.map(str::to_owned),
        }
    }

    #[test]
    fn an_artifact_fits_the_job_that_ran_when_it_came() {
        let jobs = [job("test", Some(Conclusion::Success)), job("other", None)];
        assert!(fits(&artifact(30, None), "test", &jobs));
        assert!(fits(&artifact(62, None), "test", &jobs), "clocks differ");
        assert!(!fits(&artifact(90, None), "test", &jobs), "it came later");
        assert!(!fits(&artifact(30, None), "lint", &jobs), "no such job");
        let failed = [job("test", Some(Conclusion::Failure))];
        assert!(!fits(&artifact(30, None), "test", &failed));
        let untold = [job("test (3.13)", None)];
        assert!(fits(&artifact(30, None), "test", &untold));
    }

    #[test]
    fn the_job_that_the_provider_names_decides() {
        let jobs = [job("test", None), job("other", None)];
        assert!(fits(&artifact(30, Some("test")), "test", &jobs));
        assert!(fits(&artifact(900, Some("test 1/3")), "test", &jobs));
        assert!(!fits(&artifact(30, Some("other")), "test", &jobs));
        assert!(!fits(&artifact(30, Some("tests")), "test", &jobs));
    }
}
