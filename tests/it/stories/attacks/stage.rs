//! A stage for attacks: the real bot, a practice that compares all it can, and runs to be spoilt.

use std::{
    io::{Cursor, Write as _},
    sync::atomic::{AtomicU64, Ordering},
};

use docent::play::github::{Overrides, Recorded};
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::stories::settled;
use crate::world::{Bot, Sample, World};

/// A course whose practice has a manifest, a long list of forbidden files, and hosted runners only.
const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/attacks");
/// What its manifest has, and the member's own file.
const GIVEN: [(&str, char); 6] = [
    (".github/workflows/practice.yml", '1'),
    ("tests/conftest.py", '2'),
    ("tests/test_count.py", '3'),
    ("pyproject.toml", '4'),
    ("eslint.config.js", '5'),
    ("count.sh", '9'),
];
pub const JUNIT: &str = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" tests="2"><testcase classname="tests.test_count" name="test_files"/><testcase classname="tests.test_count" name="test_folders"/></testsuite></testsuites>"#;
pub const COVERAGE: &str = r#"<?xml version="1.0" ?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd"><coverage lines-valid="10" lines-covered="10" line-rate="1"><packages/></coverage>"#;

/// The world of the attacks, its bot, and a counter that gives every run a number of its own.
pub struct Stage {
    pub world: World,
    bot: Bot,
    database: sqlx::PgPool,
    number: AtomicU64,
}

/// What became of a run that was handed in.
#[derive(Debug)]
pub struct Seen {
    /// The answer.
    pub text: String,
    /// The stored level; `None` when nothing was recorded.
    pub level: Option<String>,
    /// The stored letter.
    pub grade: Option<String>,
}

impl Stage {
    pub async fn open() -> Self {
        let world = World::with_settings(&[("DOCENT_CONTENT", COURSE)]).await;
        Self::with(world).await
    }

    /// A stage in a world with another course.
    pub async fn with(world: World) -> Self {
        let bot = Bot::start(&world).await;
        let database = sqlx::PgPool::connect(world.postgres.url()).await;
        Self {
            world,
            bot,
            database: database.expect("the database"),
            number: AtomicU64::new(7_500_000_000),
        }
    }

    /// A run with nothing wrong, under a number of its own and of files of its own.
    pub fn run(&self) -> Attempt {
        Attempt::new(self.number.fetch_add(1, Ordering::Relaxed))
    }

    /// Hands a run in.
    pub async fn submit(&self, person: &str, run: &Attempt) -> Seen {
        let link = run.add_to(&self.world);
        self.submit_link(person, &link, run.number).await
    }

    /// Hands in what is there already.
    pub async fn submit_link(&self, person: &str, link: &str, number: u64) -> Seen {
        let person = self.world.person(person);
        let answer = person.slash("submit").opt("link", link).await;
        let text = settled(&answer.expect("an answer to a link").text());
        let rows: Option<(Option<String>, Option<String>)> = sqlx::query_as(
            "select t.level, g.grade from submission s left join trust t on t.submission_id = s.id
             left join grade g on g.submission_id = s.id where s.run_id = $1
             order by s.attempt desc, g.id desc limit 1",
        )
        .bind(i64::try_from(number).expect("a number"))
        .fetch_optional(&self.database)
        .await
        .expect("rows");
        let (level, grade) = rows.unwrap_or_default();
        Seen { text, level, grade }
    }

    /// After an attack the bot must go on: the next member's honest run is graded and raises no alarm.
    pub async fn is_well(&self, after: &str) {
        let seen = self
            .submit("walter", &self.run().of("student-walter", 77))
            .await;
        assert_eq!(
            seen.level.as_deref(),
            Some("verified"),
            "after {after}: {seen:?}"
        );
        assert_eq!(seen.grade.as_deref(), Some("S"), "after {after}: {seen:?}");
    }

    /// Ends the world. No attack may have made the bot ask its forge for what nobody careful asks.
    pub async fn end(self) {
        assert_eq!(self.world.github.violations(), [] as [String; 0]);
        self.database.close().await;
        self.world.end(self.bot).await;
    }
}

/// A run to be spoilt.
pub struct Attempt {
    pub number: u64,
    /// GitHub's body of the run.
    pub run: Value,
    /// GitHub's body of its jobs.
    pub jobs: Value,
    /// Entries of the tree.
    pub tree: Vec<Value>,
    pub truncated: bool,
    /// Files of the artifact `back-reports`.
    pub reports: Vec<(String, Vec<u8>)>,
    /// Bytes of the artifact itself, in place of a zip of the reports.
    pub body: Option<Vec<u8>>,
    /// What the forge says the artifact's digest is.
    pub digest: Value,
    pub overrides: Overrides,
}

impl Attempt {
    fn new(number: u64) -> Self {
        let recorded = Sample::read("01-perfect").recorded;
        let mut run = recorded.run;
        run["head_commit"]["tree_id"] = json!(format!("{number:040}"));
        let tree = GIVEN.map(|(path, id)| entry(path, "100644", id));
        Self {
            number,
            run,
            jobs: recorded.jobs,
            tree: tree.into(),
            truncated: false,
            reports: [
                ("junit.xml", JUNIT.as_bytes()),
                ("coverage.xml", COVERAGE.as_bytes()),
                ("ruff.json", b"[]"),
            ]
            .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
            .into(),
            body: None,
            digest: Value::Null,
            overrides: Overrides {
                run_id: Some(number),
                ..Overrides::default()
            },
        }
    }

    /// The same run with one report in place of another.
    pub fn with_report(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.reports.retain(|(known, _)| known != path);
        self.reports.push((path.to_owned(), bytes.into()));
        self
    }

    /// The same run whose artifact is these bytes.
    pub fn with_body(mut self, bytes: Vec<u8>) -> Self {
        self.body = Some(bytes);
        self
    }

    /// The same run with an entry of the tree added or changed.
    pub fn with_entry(mut self, path: &str, mode: &str, id: char) -> Self {
        self = self.without(path);
        self.tree.push(entry(path, mode, id));
        self
    }

    /// The same run with a file of the tree added or changed.
    pub fn with_file(self, path: &str, id: char) -> Self {
        self.with_entry(path, "100644", id)
    }

    /// The same run without a file.
    pub fn without(mut self, path: &str) -> Self {
        self.tree.retain(|entry| entry["path"] != path);
        self
    }

    /// The same run of another member: their repository and their account.
    pub fn of(mut self, login: &str, account: u64) -> Self {
        self.overrides.repository = Some(format!("{login}/practice"));
        self.overrides.actor_id = Some(account);
        self
    }

    /// The repository the run is in.
    pub fn repository(&self) -> String {
        let own = self.run["repository"]["full_name"].as_str();
        let other = self.overrides.repository.clone();
        other.unwrap_or_else(|| own.expect("a name").to_owned())
    }

    /// The link to the run.
    pub fn link(&self) -> String {
        format!(
            "https://github.com/{}/actions/runs/{}",
            self.repository(),
            self.number
        )
    }

    /// Puts the run into the loopback GitHub and gives its link.
    pub fn add_to(&self, world: &World) -> String {
        let mut artifacts = Sample::read("01-perfect").recorded.artifacts;
        let mut one = artifacts["artifacts"][0].clone();
        one["name"] = json!("back-reports");
        one["digest"] = self.digest.clone();
        artifacts["artifacts"] = json!([one]);
        artifacts["total_count"] = json!(1);
        let bytes = self.body.clone().unwrap_or_else(|| zip(&self.reports));
        let tree = json!({
            "sha": self.run["head_commit"]["tree_id"], "truncated": self.truncated, "tree": self.tree,
        });
        let recorded = Recorded {
            run: self.run.clone(),
            jobs: self.jobs.clone(),
            artifacts,
            tree: Some(tree),
            zips: vec![("back-reports".to_owned(), bytes)],
        };
        let added = world.github.add_recorded(recorded, &self.overrides);
        added.expect("a whole recording");
        self.link()
    }
}

/// An entry of a tree.
pub fn entry(path: &str, mode: &str, id: char) -> Value {
    let sha: String = std::iter::repeat_n(id, 40).collect();
    let kind = if mode == "160000" { "commit" } else { "blob" };
    json!({ "path": path, "mode": mode, "type": kind, "sha": sha })
}

/// A zip of files.
pub fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Unpacked as they are, so that only the reports are large and not their ratio.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (path, bytes) in files {
        zip.start_file(path, options).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}
