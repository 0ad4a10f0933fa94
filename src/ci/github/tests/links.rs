//! Every shape of link leads to its run, or to a plain no.

use super::*;

#[tokio::test]
async fn every_target_of_a_link_leads_to_its_run() {
    let (world, provider, run) = perfect().await;
    world.add_run(spec(6)).unwrap();
    world
        .add_run(RunSpec {
            head_branch: "fix/дз".to_owned(),
            ..spec(9)
        })
        .unwrap();
    world
        .add_run(RunSpec {
            head_sha: run.head_sha.clone(),
            ..spec(8).running()
        })
        .unwrap();
    world.add_pull(REPO, 3, &run.head_sha).unwrap();
    let job = provider.list_jobs(&run).await.unwrap()[0].id;
    let artifact = provider.list_artifacts(&run).await.unwrap()[0].id;
    let main = LinkTarget::Branch("main".to_owned());
    let workflow = |file: &str| LinkTarget::Workflow(file.to_owned());
    let targets = [
        (
            LinkTarget::Run {
                run: 7,
                attempt: None,
            },
            7,
        ),
        (
            LinkTarget::Run {
                run: 7,
                attempt: Some(1),
            },
            7,
        ),
        (LinkTarget::Job { run: Some(7), job }, 7),
        (LinkTarget::Job { run: None, job }, 7),
        (LinkTarget::CheckRun(job), 7),
        (
            LinkTarget::Artifact {
                run: Some(7),
                artifact,
            },
            7,
        ),
        (
            LinkTarget::Artifact {
                run: None,
                artifact,
            },
            7,
        ),
        (LinkTarget::PullRequest(3), 7),
        (LinkTarget::Commit(run.head_sha.clone()), 7),
        (main, 7),
        (LinkTarget::Branch("fix/дз".to_owned()), 9),
        (workflow("practice.yml"), 9),
    ];
    for (target, expected) in targets {
        let found = provider.find_run(&link(target.clone())).await;
        assert_eq!(found.map(|run| run.run_id), Ok(expected), "{target:?}");
    }
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_target_that_leads_nowhere_is_not_found() {
    let (world, provider, _) = perfect().await;
    let missing = [
        LinkTarget::Run {
            run: 70,
            attempt: None,
        },
        LinkTarget::Run {
            run: 7,
            attempt: Some(2),
        },
        LinkTarget::Job { run: None, job: 1 },
        LinkTarget::CheckRun(1),
        LinkTarget::PullRequest(4),
        LinkTarget::Branch("gone".to_owned()),
        LinkTarget::Workflow("other.yml".to_owned()),
    ];
    for target in missing {
        let found = provider.find_run(&link(target.clone())).await;
        assert_eq!(found, Err(CiError::NotFound), "{target:?}");
    }
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_shortened_commit_leads_to_its_run() {
    let world = world().await;
    let head_sha = "fd5e3f2b8c94b49a49f35d11369f23a928618c02".to_owned();
    world
        .add_run(RunSpec {
            head_sha,
            ..spec(7)
        })
        .unwrap();
    let target = LinkTarget::Commit("fd5e3f2".to_owned());
    let run = provider(&world).find_run(&link(target)).await.unwrap();
    assert_eq!(run.run_id, 7);
}

#[tokio::test]
async fn a_job_or_an_artifact_of_another_run_is_called_forged() {
    let (_world, provider, run) = perfect().await;
    let job = provider.list_jobs(&run).await.unwrap()[0].id;
    let artifact = provider.list_artifacts(&run).await.unwrap()[0].id;
    for target in [
        LinkTarget::Job { run: Some(8), job },
        LinkTarget::Artifact {
            run: Some(8),
            artifact,
        },
    ] {
        let error = provider.find_run(&link(target)).await.unwrap_err();
        assert_eq!(error.code(), "forged");
    }
}

#[tokio::test]
async fn a_run_in_another_repository_is_not_found() {
    let (world, provider, _) = perfect().await;
    world
        .add_repository("student-bob/practice", 43, false)
        .unwrap();
    let found = provider.load_run("student-bob/practice", 7, None).await;
    assert_eq!(found, Err(CiError::NotFound));
    let other_case = provider
        .load_run("Student-Ann/Alembic-Practice", 7, None)
        .await;
    assert_eq!(other_case.unwrap().repository, REPO);
}

#[tokio::test]
async fn a_renamed_repository_is_followed_with_the_token() {
    let (world, provider, run) = perfect().await;
    world
        .rename_repository(REPO, "student-ann/practice")
        .unwrap();
    let found = provider.load_run(REPO, 7, None).await.unwrap();
    assert_eq!(found.repository, "student-ann/practice");
    assert_eq!(found.repository_id, run.repository_id);
    let last = world.requests().pop().unwrap();
    assert!(
        last.path.starts_with("/repositories/") && last.authorized,
        "{last:?}"
    );
}
