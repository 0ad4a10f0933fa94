//! What vouches for the reports of a run besides its files: the word of its grading job, and the
//! token its provider signed.

use crate::{
    app::{
        grade_run::unpack,
        ports::{Artifact, CiError, CiProvider, Conclusion, Job, Run},
    },
    domain::trust::{GradingJob, PinnedWorkflow, Policy, Proof, Signature, Statement},
};

/// The title under which a grading job states what it graded.
const TITLE: &str = "docent";
/// The artifact that holds the token.
const ARTIFACT: &str = "docent-proof";
/// The file in it.
const FILE: &str = "proof.jwt";
/// Most bytes of a token; GitHub's have about two thousand.
const LONGEST_TOKEN: usize = 16 * 1024;

/// What the job of the pinned workflow has stated; `None` when the provider does not tell.
pub(super) async fn load_grading_job(
    ci: &dyn CiProvider,
    run: &Run,
    pinned: &PinnedWorkflow,
    jobs: &[Job],
) -> Result<Option<GradingJob>, CiError> {
    let of_name: Vec<_> = jobs.iter().filter(|job| pinned.is_job(&job.name)).collect();
    let [job] = of_name.as_slice() else {
        return Ok(Some(GradingJob {
            jobs: of_name.len(),
            ..GradingJob::default()
        }));
    };
    let Some(annotations) = ci.list_annotations(run, job).await? else {
        return Ok(None);
    };
    let ours = annotations
        .iter()
        .filter(|one| one.title.as_deref() == Some(TITLE));
    let mut stated: Vec<Statement> = Vec::new();
    for statement in ours.map(|one| Statement::parse(&one.message)) {
        if !stated.contains(&statement) {
            stated.push(statement);
        }
    }
    Ok(Some(GradingJob {
        jobs: 1,
        succeeded: job.conclusion == Some(Conclusion::Success),
        stated,
    }))
}

/// The token among the run's artifacts, checked; `None` when there is none, or nobody to check it with.
pub(super) async fn load_signature(
    ci: &dyn CiProvider,
    run: &Run,
    artifacts: &[Artifact],
    policy: &Policy,
) -> Result<Option<Signature>, CiError> {
    let Some(artifact) = artifacts.iter().find(|one| one.name == ARTIFACT) else {
        return Ok(None);
    };
    let body = ci.download_artifact(run, artifact).await?;
    let upload = unpack(ARTIFACT, body).await?;
    let file = upload.files.iter().find(|file| file.path == FILE);
    let token = file
        .filter(|file| file.bytes.len() <= LONGEST_TOKEN)
        .and_then(|file| std::str::from_utf8(&file.bytes).ok());
    let Some(token) = token else {
        return Ok(Some(Signature::Broken));
    };
    match ci.check_token(run, token.trim()).await {
        Ok(signature) => Ok(signature),
        Err(error) if error.is_transient() && policy.require == Proof::Signed => Err(error),
        // Without the keys nothing is known of the token; the reports can be graded all the same.
        Err(error) => {
            tracing::warn!(%error, "the keys of the CI's issuer cannot be had");
            Ok(None)
        }
    }
}
