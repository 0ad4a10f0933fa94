//! Runs that are started again, in whole or in part.

use super::hand_in::{reader, submit};
use crate::world::{Forge, REPO};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_gitlabs_own_machines_failed_is_run_again_within_the_attempt() {
    let forge = Forge::all().await.remove(1);
    let Forge::GitLab(gitlab) = &forge else {
        panic!("GitLab comes second")
    };
    let (world, bot) = reader(&forge).await;
    let ben = world.person("ben");
    let link = forge.add_first(7001, "01-perfect");
    let failed = serde_json::json!({
        "status": "failed", "failure_reason": "runner_system_failure", "artifacts_file": null,
        "artifacts": [], "artifacts_expire_at": null,
    });
    gitlab.set_fields(REPO, 7001, Some("back-reports"), failed);
    gitlab.set_fields(REPO, 7001, None, serde_json::json!({ "status": "failed" }));
    let told = submit(&ben, &link).await;
    assert!(told.starts_with("A fault of the CI server"), "{told}");
    forge.run_half_again(7001, 1, "01-perfect");
    gitlab.set_fields(REPO, 7001, None, serde_json::json!({ "status": "success" }));
    let graded = submit(&ben, &link).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    assert!(!graded.contains("of the run: only"), "{graded}");
    assert!(graded.contains("Run 7001, attempt 1,"), "{graded}");
    forge.assert_clean();
    world.end(bot).await;
}
