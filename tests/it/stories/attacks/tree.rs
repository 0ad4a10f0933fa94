//! Commits that steer the tests, with reports as green as can be: a person looks at each.

use serde_json::json;

use super::stage::{Attempt, Stage};

type Change = fn(Attempt) -> Attempt;

/// A change of the tree, and the path that the member is told.
type Row = (&'static str, Change, &'static str);

/// Hands in each as Anna or Ben.
async fn check(rows: &[Row]) {
    let stage = Stage::open().await;
    let people = ["anna", "ben"].into_iter().cycle();
    for ((name, change, told), person) in rows.iter().zip(people) {
        look(&stage, person, name, &change(stage.run()), told).await;
    }
    stage.end().await;
}

/// Such a run is graded, what is odd is named, and it is left to a person.
async fn look(stage: &Stage, person: &str, name: &str, run: &Attempt, told: &str) {
    let seen = stage.submit(person, run).await;
    let level = seen.level.as_deref();
    assert_eq!(level, Some("needs_review"), "{name}: {seen:?}");
    let grade = seen.grade.as_deref();
    assert_eq!(grade, Some("S"), "{name}: the grade stands: {seen:?}");
    let review = if person == "anna" {
        "посмотрит преподаватель"
    } else {
        "instructor will look"
    };
    assert!(seen.text.contains(review), "{name}: {seen:?}");
    assert!(seen.text.contains(told), "{name}: {seen:?}");
    stage.is_well(name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_files_that_are_changed_are_looked_at() {
    check(&[
        (
            "an always green workflow",
            |run| run.with_file(".github/workflows/practice.yml", 'a'),
            "practice.yml",
        ),
        (
            "a second workflow",
            |run| run.with_file(".github/workflows/more.yml", 'a'),
            "more.yml",
        ),
        (
            "no workflow at all",
            |run| run.without(".github/workflows/practice.yml"),
            "practice.yml",
        ),
        (
            "an edited test",
            |run| run.with_file("tests/test_count.py", 'a'),
            "tests/test_count.py",
        ),
        (
            "a deleted test",
            |run| run.without("tests/test_count.py"),
            "tests/test_count.py",
        ),
        (
            "a renamed test",
            |run| {
                run.without("tests/test_count.py")
                    .with_file("tests/test_counts.py", '3')
            },
            "tests/test_count.py",
        ),
        (
            "a test moved to one's own",
            |run| {
                run.without("tests/test_count.py")
                    .with_file("tests/own/test_count.py", '3')
            },
            "tests/test_count.py",
        ),
        (
            "a hook in the given conftest",
            |run| run.with_file("tests/conftest.py", 'a'),
            "tests/conftest.py",
        ),
        (
            "another test beside the given",
            |run| run.with_file("tests/test_more.py", 'a'),
            "tests/test_more.py",
        ),
        (
            "settings of pytest",
            |run| run.with_file("pyproject.toml", 'a'),
            "pyproject.toml",
        ),
        (
            "rules of eslint switched off",
            |run| run.with_file("eslint.config.js", 'a'),
            "eslint.config.js",
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_files_that_steer_the_tools_are_looked_at() {
    let stage = Stage::open().await;
    let files = [
        ("conftest at the root", "conftest.py"),
        ("conftest among one's own tests", "tests/own/conftest.py"),
        ("conftest beside the code", "back/app/conftest.py"),
        ("sitecustomize", "back/sitecustomize.py"),
        ("usercustomize", "usercustomize.py"),
        ("a path file", "lib/x.pth"),
        ("pytest.ini", "pytest.ini"),
        ("a hidden pytest.ini", "back/.pytest.ini"),
        ("tox.ini", "tox.ini"),
        ("setup.cfg", "back/setup.cfg"),
        ("coverage leaves files out", ".coveragerc"),
        ("ruff has no rules", "back/ruff.toml"),
        ("prettier has no rules", "front/.prettierrc.json"),
        ("a workspace of vitest", "front/vitest.workspace.ts"),
        ("eslint's old rules", "front/.eslintrc.cjs"),
        ("a package called pytest", "back/pytest/__init__.py"),
        ("a module called pytest", "pytest.py"),
        ("a package called alembic", "alembic/__init__.py"),
    ];
    for ((name, path), person) in files.iter().zip(["anna", "ben"].into_iter().cycle()) {
        let run = stage.run().with_file(path, 'a');
        look(&stage, person, name, &run, &format!("`{path}`")).await;
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_some_file_systems_take_for_others_are_looked_at() {
    check(&[
        (
            "other letters",
            |run| run.with_file("Conftest.PY", 'a'),
            "Conftest.PY",
        ),
        (
            "other letters of a folder",
            |run| run.with_file("Tests/test_count.py", 'a'),
            "Tests/test_count.py",
        ),
        (
            "other letters of a given file",
            |run| run.with_file("PyProject.toml", 'a'),
            "PyProject.toml",
        ),
        (
            "a space at the end",
            |run| run.with_file("conftest.py ", 'a'),
            "conftest.py",
        ),
        (
            "a dot at the end",
            |run| run.with_file("pyproject.toml.", 'a'),
            "pyproject.toml",
        ),
        (
            "a letter that does not show",
            |run| run.with_file("con\u{200D}ftest.py", 'a'),
            "conftest.py",
        ),
        (
            "wide letters",
            |run| run.with_file("\u{FF43}onftest.py", 'a'),
            "onftest.py",
        ),
        (
            "a backslash",
            |run| run.with_file("back\\conftest.py", 'a'),
            "conftest.py",
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_looked_at() {
    check(&[
        (
            "a link for a test",
            |run| run.with_entry("tests/test_count.py", "120000", 'a'),
            "tests/test_count.py",
        ),
        (
            "a repository for the tests",
            |run| {
                run.without("tests/test_count.py")
                    .without("tests/conftest.py")
                    .with_entry("tests", "160000", 'a')
            },
            "tests/conftest.py",
        ),
        (
            "a link to a folder called pytest",
            |run| run.with_entry("back/pytest", "120000", 'a'),
            "back/pytest",
        ),
        (
            "a link in other letters",
            |run| run.with_entry("Tests", "120000", 'a'),
            "Tests",
        ),
        (
            "a repository whose files nobody sees",
            |run| run.with_entry("vendor", "160000", 'a'),
            "vendor",
        ),
        (
            "more files than can be listed",
            |mut run| {
                run.truncated = true;
                run
            },
            "listed",
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_review_say_what_is_there_and_accuse_nobody() {
    let stage = Stage::open().await;
    for person in ["anna", "ben"] {
        let mut run = stage
            .run()
            .with_file("PYPROJECT.toml", 'a')
            .with_entry("vendor", "160000", 'a');
        run.jobs["jobs"][0]["runner_group_name"] = json!("Default");
        let seen = stage.submit(person, &run).await;
        insta::assert_snapshot!(format!("attacks_{person}_review"), seen.text);
    }
    for person in ["vera", "walter"] {
        let list = stage.world.person(person).slash("grade review").await;
        let list = crate::stories::settled(&list.expect("a list").text());
        insta::assert_snapshot!(format!("attacks_{person}_list"), list);
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_work_in_ones_own_files_raises_no_alarm() {
    let stage = Stage::open().await;
    let honest: [(&str, Change); 9] = [
        ("own code and own tests", |run| {
            run.with_file("lib/more.sh", 'a')
                .with_file("tests/own/test_mine.py", 'b')
        }),
        ("own helpers of tests", |run| {
            run.with_file("tests/own/helpers/files.py", 'a')
        }),
        ("a file that may be executed", |run| {
            run.with_entry("tests/test_count.py", "100755", '3')
        }),
        ("a link between documents", |run| {
            run.with_entry("AGENTS.md", "120000", 'a')
        }),
        ("names that are like forbidden ones", |run| {
            run.with_file("back/my_conftest.py", 'a')
                .with_file("docs/pytest.md", 'a')
        }),
        ("Russian names", |run| {
            run.with_file("документы/отчёт.md", 'a')
        }),
        ("a name composed otherwise", |run| {
            run.with_file("docs/cafe\u{301}.md", 'a')
        }),
        ("capital letters", |run| {
            run.with_file("README.md", 'a').with_file("Makefile", 'a')
        }),
        ("spaces and dots in a name", |run| {
            run.with_file("docs/a file. really.md", 'a')
        }),
    ];
    for ((name, change), person) in honest.iter().zip(["anna", "ben"].into_iter().cycle()) {
        let seen = stage.submit(person, &change(stage.run())).await;
        assert_eq!(seen.level.as_deref(), Some("verified"), "{name}: {seen:?}");
        assert_eq!(seen.grade.as_deref(), Some("S"), "{name}: {seen:?}");
    }
    stage.end().await;
}

/// A machine of one's own can write any report, whatever the files are.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_on_other_machines_are_looked_at_where_the_practice_asks() {
    let stage = Stage::open().await;
    let machines = [
        (
            "a group of one's own",
            json!("Default"),
            json!(["ubuntu-24.04"]),
            "needs_review",
        ),
        (
            "a label of one's own",
            json!("GitHub Actions"),
            json!(["self-hosted"]),
            "needs_review",
        ),
        ("not told", json!(null), json!(["ubuntu-24.04"]), "advisory"),
        (
            "hosted",
            json!("GitHub Actions"),
            json!(["ubuntu-24.04"]),
            "verified",
        ),
    ];
    for (name, group, labels, level) in machines {
        let mut run = stage.run();
        run.jobs["jobs"][1]["runner_group_name"] = group;
        run.jobs["jobs"][1]["labels"] = labels;
        let seen = stage.submit("ben", &run).await;
        assert_eq!(seen.level.as_deref(), Some(level), "{name}: {seen:?}");
    }
    // A job that was skipped ran nowhere.
    let mut run = stage.run();
    run.jobs["jobs"][1]["runner_group_name"] = json!(null);
    run.jobs["jobs"][1]["conclusion"] = json!("skipped");
    let seen = stage.submit("anna", &run).await;
    assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");
    stage.end().await;
}
