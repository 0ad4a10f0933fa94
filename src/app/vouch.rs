//! What vouches for the reports of a run besides its files: the word of its grading job, and the
//! token its provider signed.

use crate::{
    app::{
        grade_run::unpack,
        ports::{Artifact, CiError, CiProvider, Conclusion, Job, Provider, Run},
    },
    domain::trust::{
        Facts, GradingJob, PinnedWorkflow, Pipeline, Policy, Proof, Signature, SigningJob,
        Statement,
    },
};

/// The title under which a grading job states what it graded.
const TITLE: &str = "docent";
/// The artifact that holds the token.
const ARTIFACT: &str = "docent-proof";
/// The file in it.
const FILE: &str = "proof.jwt";
/// Most bytes of a token; GitHub's have about two thousand.
const LONGEST_TOKEN: usize = 16 * 1024;

/// What only GitLab tells of a pipeline; `None` of runs elsewhere.
pub(super) async fn load_pipeline(
    ci: &dyn CiProvider,
    run: &Run,
    policy: &Policy,
    jobs: &[Job],
) -> Result<Option<Pipeline>, CiError> {
    if run.provider != Provider::GitLab {
        return Ok(None);
    }
    let mut pipeline = Pipeline {
        host: run.host.clone(),
        project: run.repository.clone(),
        config: run.workflow_path.clone(),
        ..Pipeline::default()
    };
    if let Some(pinned) = &policy.workflow {
        let signing = jobs.iter().filter(|job| pinned.signs(&job.name));
        pipeline.signing = signing
            .map(|job| SigningJob {
                id: job.id,
                is_hosted: job.is_hosted,
            })
            .collect();
        pipeline.variables = ci.list_variables(run).await?;
    }
    Ok(Some(pipeline))
}

/// The files of the merge that a run of a pull request tested, in place of the commit's, where the run's
/// token names that merge. Whichever job asked for the token: all of a run test one commit.
pub(super) async fn load_merge(
    ci: &dyn CiProvider,
    run: &Run,
    facts: &mut Facts,
) -> Result<(), CiError> {
    let Some(Signature::Signed(claims)) = facts.signature.as_ref().filter(|_| facts.is_merge)
    else {
        return Ok(());
    };
    let is_of_run = claims.repository_id == run.repository_id
        && claims.run_id == run.run_id
        && claims.attempt == run.attempt;
    if is_of_run && let Some(tree) = ci.load_merge(run, &claims.sha).await? {
        facts.merge_sha = Some(claims.sha.clone());
        facts.tree = Some(tree);
    }
    Ok(())
}

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
    let upload = unpack(artifact, body).await?;
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
