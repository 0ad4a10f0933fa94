//! A report that the practice expects from one job, and that came from another, goes to review.

use std::{fs, io::Write as _, path::Path};

use discord_loopback::Actor;
use docent::play::{
    github::{JobSpec, RunSpec},
    gitlab::{self, JobSpec as GitLabJob, PipelineSpec},
};
use serde_json::json;

use super::settled;
use crate::world::{Bot, Forge, REPO, World};

/// The course of the stories about trust, whose report is to come from the job `test`.
fn course() -> tempfile::TempDir {
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/trusted");
    let own = tempfile::tempdir().expect("a folder");
    for file in [
        "course.toml",
        "manifests/first.json",
        "en/course.md",
        "ru/course.md",
    ] {
        let to = own.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        let text = fs::read_to_string(given.join(file)).expect("a file of the course");
        let text = text.replace("side = \"back\"\n", "side = \"back\"\njob = \"test\"\n");
        fs::write(to, text).expect("a file");
    }
    own
}

fn report() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("junit.xml", zip::write::SimpleFileOptions::default())
        .expect("an entry");
    let cases = r#"<testsuites name="pytest tests"><testsuite name="pytest">
        <testcase classname="tests.test_count" name="test_files"/>
        <testcase classname="tests.test_count" name="test_folders"/></testsuite></testsuites>"#;
    zip.write_all(cases.as_bytes()).expect("a report");
    zip.finish().expect("a zip").into_inner()
}

async fn submit(person: &Actor, link: &str) -> String {
    let answered = person.slash("submit").opt("link", link).await;
    settled(&answered.expect("an answer to a link").text())
}

/// Links to a run whose report came from its job, and to one whose report did not.
fn runs(forge: &Forge) -> [String; 2] {
    match forge {
        Forge::GitHub(github) => {
            let ended = || Some("success".to_owned());
            let job = |name: &str| JobSpec {
                name: name.to_owned(),
                conclusion: ended(),
                steps: vec![("Upload the reports".to_owned(), ended())],
            };
            for number in [7001, 7002] {
                let spec = RunSpec {
                    jobs: vec![job("test"), job("other")],
                    ..RunSpec::new(REPO, number)
                };
                let spec = spec.with_artifact("back-reports", &report());
                github.add_run(spec).expect("a run");
            }
            // The job `test` ended before the artifact came, so another one uploaded it.
            for field in ["/started_at", "/completed_at"] {
                let early = json!("2026-01-01T00:00:00Z");
                github
                    .set_field(7002, Some("test"), field, early)
                    .expect("a field");
            }
            [7001, 7002].map(|run| format!("https://github.com/{REPO}/actions/runs/{run}"))
        }
        Forge::GitLab(world) => {
            for (number, job) in [(7001, "test 1/2"), (7002, "other")] {
                let mut spec = PipelineSpec::new(REPO, number);
                spec.jobs.push(GitLabJob {
                    name: job.to_owned(),
                    status: "success".to_owned(),
                    archive: Some(("back-reports.zip".to_owned(), report())),
                });
                world.add_pipeline(&spec);
            }
            [7001, 7002].map(|run| format!("https://{}/{REPO}/-/pipelines/{run}", gitlab::HOST))
        }
        Forge::Gitea(_) | Forge::Forgejo(_) => panic!("they tell less"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_another_job_reaches_the_instructor() {
    for forge in Forge::all().await.into_iter().take(2) {
        let course = course();
        let folder = course.path().to_str().expect("a path");
        let settings = forge.settings(true);
        let mut settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        settings.push(("DOCENT_CONTENT", folder));
        let world = World::with_settings(&settings).await;
        let bot = Bot::start(&world).await;
        let (anna, ben) = (world.person("anna"), world.person("ben"));
        let [own, other] = runs(&forge);
        let seen = submit(&ben, &own).await;
        assert!(
            seen.contains("FIRST: S") && seen.contains("Preliminary"),
            "{seen}"
        );
        let seen = submit(&anna, &other).await;
        insta::assert_snapshot!(format!("origin_ru_{}", forge.name()), seen);
        let list = world.person("walter").slash("grade review").await;
        let list = list.expect("a list").text();
        let told = "`back-reports` does not fit the job `test` that should upload it";
        assert!(list.contains(told), "{list}");
        forge.assert_clean();
        world.end(bot).await;
    }
}
