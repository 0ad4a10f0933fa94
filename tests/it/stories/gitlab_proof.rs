//! What vouches for the reports of a pipeline at GitLab, and what a member can try against it.

use std::{fs, path::Path};

use chrono::{TimeDelta, Utc};
use docent::{
    ci::jwt,
    domain::trust::Statement,
    play::gitlab::{self, LoopbackGitLab, PipelineSpec},
};
use serde_json::{Value, json};

use super::proof::{GREEN, course_with, submit, trust, zip_of};
use crate::world::{Bot, Original, World};

const TRUSTED: &str = "0123456789abcdef0123456789abcdef01234567";
const ANN: &str = "school/2026/ann";
const REPORTS: &str = "back-reports";
const SHIM: &str = ".gitlab-ci.yml";

/// A course that asks for a proof, and whose starter gives the shim of a pipeline.
fn course(require: &str) -> tempfile::TempDir {
    let folder = course_with(&format!(
        "require = \"{require}\"\nworkflow = {{ repository = \"school/ci\", \
         path = \"grade.gitlab-ci.yml\", shas = [\"{TRUSTED}\"] }}\n"
    ));
    let change = |file: &str, from: &str, to: &str| {
        let path = folder.path().join(Path::new(file));
        let text = fs::read_to_string(&path).expect("a file of the course");
        assert!(text.contains(from), "{file}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a file of the course");
    };
    change("course.toml", "\".github/**\"", &format!("\"{SHIM}\""));
    change(
        "manifests/first.json",
        ".github/workflows/practice.yml",
        SHIM,
    );
    folder
}

struct Stage {
    forge: LoopbackGitLab,
    world: World,
    bot: Bot,
    _course: tempfile::TempDir,
}

impl Stage {
    async fn open(require: &str) -> Self {
        let forge = LoopbackGitLab::start().await.expect("a loopback GitLab");
        forge.wire().keep_answers();
        let course = course(require);
        let (api, issuer) = (forge.api_url().to_string(), forge.issuer_url());
        let world = World::with_settings(&[
            ("DOCENT_CONTENT", course.path().to_str().expect("a path")),
            ("GITLAB_API_URL", &api),
            ("GITLAB_HOST", gitlab::HOST),
            ("GITLAB_TOKEN", gitlab::TOKEN),
            ("GITLAB_ISSUER_URL", &issuer),
        ])
        .await;
        let bot = Bot::start(&world).await;
        Self {
            forge,
            world,
            bot,
            _course: course,
        }
    }

    async fn end(self) {
        assert_eq!(self.forge.violations(), [] as [String; 0]);
        Original::GitLab.assert_true(self.forge.wire());
        self.world.end(self.bot).await;
    }

    /// A pipeline of the given files whose proof is not signed yet.
    fn pipeline(&self, project: &str, id: u64, more: &[&str]) -> Handed<'_> {
        let junit = format!(
            r#"<testsuites name="pytest tests"><testsuite name="pytest">{GREEN}</testsuite></testsuites>"#
        );
        let reports = zip_of("junit.xml", &junit);
        let mut spec = PipelineSpec::new(project, id).with_job(REPORTS, "success", &reports);
        for job in ["proof"].iter().chain(more) {
            spec = spec.with_job(job, "success", b"");
        }
        self.forge.add_pipeline(&spec);
        let handed = Handed {
            forge: &self.forge,
            project: project.to_owned(),
            id,
            reports,
            sha: spec.sha,
        };
        handed.has_files('1');
        handed
    }
}

/// A pipeline to be handed in.
struct Handed<'a> {
    forge: &'a LoopbackGitLab,
    project: String,
    id: u64,
    reports: Vec<u8>,
    sha: String,
}

impl Handed<'_> {
    fn has_files(&self, shim: char) {
        let files = [
            (SHIM, shim),
            ("tests/conftest.py", '2'),
            ("tests/test_count.py", '3'),
            ("count.sh", '9'),
        ];
        let files = files.map(|(path, id)| {
            let id: String = std::iter::repeat_n(id, 40).collect();
            (path.to_owned(), id)
        });
        self.forge.add_tree(&self.project, &self.sha, &files);
    }

    fn job(&self, name: &str) -> String {
        let id = self.forge.job_id(&self.project, self.id, name);
        id.expect("a job").to_string()
    }

    /// The claims of an honest token.
    fn claims(&self) -> Value {
        let mut statement = Statement::default();
        statement.add(REPORTS, &self.reports);
        let now = Utc::now().timestamp();
        json!({
            "aud": statement.audience(), "iat": now, "nbf": now - 5, "exp": now + 3600,
            "project_id": self.forge.project_id(&self.project).to_string(),
            "project_path": self.project, "pipeline_id": self.id.to_string(),
            "pipeline_source": "push", "job_id": self.job("proof"), "ref": "main",
            "ref_path": "refs/heads/main", "sha": self.sha, "user_access_level": "developer",
            "runner_id": 12, "runner_environment": "gitlab-hosted",
            "ci_config_ref_uri": format!("{}/{}//{SHIM}@refs/heads/main", gitlab::HOST, self.project),
            "ci_config_sha": self.sha,
        })
    }

    fn brings(&self, token: &str) {
        let zip = zip_of("proof.jwt", token);
        let (project, id) = (self.project.as_str(), self.id);
        self.forge
            .upload(project, id, "proof", "docent-proof", &zip);
    }

    /// Brings a token that the instance has signed, with one claim changed.
    fn says(&self, claim: &str, value: Value) {
        let mut claims = self.claims();
        claims[claim] = value;
        self.brings(&self.forge.sign_token(claims));
    }

    fn is_signed(&self) {
        self.brings(&self.forge.sign_token(self.claims()));
    }

    fn link(&self) -> String {
        format!(
            "https://{}/{}/-/pipelines/{}",
            gitlab::HOST,
            self.project,
            self.id
        )
    }
}

fn signed(run: &Handed<'_>) {
    run.is_signed();
}

/// What is done to a pipeline before it is handed in.
type Deed = fn(&Handed<'_>);

/// Whoever may push only: everything that a member can do in a project of the instructors' group.
const OF_A_MEMBER: [(&str, Deed); 13] = [
    ("valid", signed),
    ("none", |_| {}),
    ("a digest of one's own", |run| {
        run.says("aud", json!("docent#sha256=00"));
    }),
    ("a pipeline started with variables", |run| {
        run.is_signed();
        let names = ["DOCENT_DIGEST", "BASH_ENV"];
        run.forge.set_variables(&run.project, run.id, Some(&names));
    }),
    ("a token of another pipeline", |run| {
        run.says("pipeline_id", json!("7"));
    }),
    ("a token of another commit", |run| {
        run.says("sha", json!(TRUSTED));
    }),
    ("a token of the job that ran the member's code", |run| {
        run.says("job_id", json!(run.job(REPORTS)));
    }),
    ("reports of a job that ran again after the proof", |run| {
        run.is_signed();
        let junit = format!(
            r#"<testsuites name="pytest tests"><testsuite name="pytest">{GREEN}<!-- again --></testsuite></testsuites>"#
        );
        let again = zip_of("junit.xml", &junit);
        run.forge
            .upload(&run.project, run.id, REPORTS, REPORTS, &again);
    }),
    ("a shim of one's own", |run| {
        run.is_signed();
        run.has_files('8');
    }),
    ("a runner of one's own", |run| {
        run.says("runner_environment", json!("self-hosted"));
    }),
    ("a day later", |run| {
        let later = Utc::now() + TimeDelta::days(1);
        run.says("iat", json!(later.timestamp()));
    }),
    ("another issuer", |run| {
        run.says("iss", json!("https://gitlab.com"));
    }),
    ("another key", |run| {
        let mut claims = run.claims();
        claims["iss"] = json!(run.forge.issuer_url());
        let key = include_bytes!("../../data/another_issuer.der");
        run.brings(&jwt::sign(&claims, key, Some("loopback-1")).expect("a token"));
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn only_the_token_of_the_signing_job_in_this_very_pipeline_counts() {
    let stage = Stage::open("signed").await;
    let (anna, ben) = (stage.world.person("anna"), stage.world.person("ben"));
    let mut seen = Vec::new();
    for (id, (name, deed)) in (47..).zip(OF_A_MEMBER) {
        let handed = stage.pipeline(ANN, id, &[]);
        deed(&handed);
        let person = if id % 2 == 0 { &anna } else { &ben };
        let said = trust(&submit(person, &handed.link()).await);
        assert_eq!(
            said.starts_with('✅'),
            name.starts_with("valid"),
            "{name}: {said}"
        );
        seen.push(format!("{name}\n{said}"));
    }
    // The signing job ran again: what its earlier try was given says nothing any more.
    let again = stage.pipeline(ANN, 90, &["proof"]);
    let newest: u64 = again.job("proof").parse().expect("a number");
    again.says("job_id", json!((newest - 1).to_string()));
    let said = trust(&submit(&ben, &again.link()).await);
    assert!(said.contains("for another job"), "{said}");
    let again = stage.pipeline(ANN, 91, &["proof"]);
    again.is_signed();
    let said = trust(&submit(&ben, &again.link()).await);
    assert!(said.starts_with('✅'), "{said}");
    insta::assert_snapshot!("gitlab_proof_member", seen.join("\n\n"));
    stage.end().await;
}

/// Whoever may change the settings of the project, as in a project of their own.
const OF_AN_OWNER: [(&str, &str, Deed); 8] = [
    ("the settings are the member's", ANN, |run| {
        run.says("user_access_level", json!("maintainer"));
    }),
    ("a server that does not tell roles", ANN, |run| {
        run.says("user_access_level", Value::Null);
    }),
    ("a project of the member's own", "ann/practice", signed),
    ("variables that are not shown", "school/2026/ben", |run| {
        run.is_signed();
        run.forge.set_variables(&run.project, run.id, None);
    }),
    (
        "a token that names a configuration of one's own",
        "school/2026/kim",
        |run| {
            let own = format!("{}/{}//mine.yml@refs/heads/main", gitlab::HOST, run.project);
            run.says("ci_config_ref_uri", json!(own));
        },
    ),
    ("a configuration of one's own", "school/2026/lee", |run| {
        run.is_signed();
        run.forge.set_config(&run.project, "mine.yml");
    }),
    (
        "a configuration of another project",
        "school/2026/max",
        |run| {
            run.forge.set_config(&run.project, "grade.yml@max/ci");
            let other = format!(
                "{}/{}//grade.yml@max/ci@refs/heads/main",
                gitlab::HOST,
                run.project
            );
            run.says("ci_config_ref_uri", json!(other));
        },
    ),
    (
        "valid: the configuration of the instructors' project",
        "school/2026/zoe",
        |run| {
            run.forge.set_config(&run.project, "grade.yml@school/ci");
            run.says("ci_config_ref_uri", Value::Null);
        },
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_only_where_members_cannot_change_the_settings() {
    let stage = Stage::open("signed").await;
    let (anna, ben) = (stage.world.person("anna"), stage.world.person("ben"));
    let mut seen = Vec::new();
    for (id, (name, project, deed)) in (47..).zip(OF_AN_OWNER) {
        let handed = stage.pipeline(project, id, &[]);
        deed(&handed);
        let person = if id % 2 == 0 { &anna } else { &ben };
        let said = trust(&submit(person, &handed.link()).await);
        assert_eq!(
            said.starts_with('✅'),
            name.starts_with("valid"),
            "{name}: {said}"
        );
        seen.push(format!("{name}\n{said}"));
    }
    insta::assert_snapshot!("gitlab_proof_owner", seen.join("\n\n"));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_of_a_job_is_had_at_gitlab_by_its_token_alone() {
    let stage = Stage::open("pinned-grader").await;
    let ben = stage.world.person("ben");
    let silent = stage.pipeline(ANN, 47, &[]);
    let said = trust(&submit(&ben, &silent.link()).await);
    insta::assert_snapshot!("gitlab_proof_unsigned", said);
    let signed = stage.pipeline(ANN, 48, &[]);
    signed.is_signed();
    let said = trust(&submit(&ben, &signed.link()).await);
    assert!(said.starts_with("✅ Verified and signed"), "{said}");
    stage.end().await;
}
