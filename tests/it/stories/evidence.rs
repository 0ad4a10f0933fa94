//! A grade can be worked out again by anyone who has its evidence: offline, and to the same number.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

use crate::world::{Sample, World, link, samples_folder};

/// The program with these settings and no others.
pub fn docent(arguments: &[&str], settings: &[(&str, String)], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docent"))
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// What the program said, and whether it ended well.
pub fn said(output: &Output) -> (bool, String) {
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), words.trim().to_owned())
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_grade_is_exported_and_verified_without_database_and_network() {
    let (world, bot) = World::with_bot().await;
    let (anna, vera) = (world.person("anna"), world.person("vera"));
    let run = link(&world.github, "04-missing-downgrade");
    let graded = anna.slash("submit").opt("link", run.as_str()).await;
    assert!(graded.expect("a grade").text().contains("ADVANCED: C"));
    let set = vera
        .slash("grade set")
        .opt("member", anna.id().to_string().as_str())
        .opt("practice", "advanced")
        .opt("grade", "B")
        .opt("reason", "The rollback was shown to me")
        .await;
    set.expect("a grade");
    let author = vera.id().to_string();
    bot.stop().await;

    let folder = tempfile::tempdir().expect("a folder");
    let settings = world.settings();
    let database: Vec<_> = settings
        .into_iter()
        .filter(|(name, _)| name.starts_with("DATABASE") || name.starts_with("DOCENT"))
        .collect();
    let exported = docent(
        &["export", "grade", "#1", "--out", "g.json"],
        &database,
        folder.path(),
    );
    assert!(said(&exported).0, "{}", said(&exported).1);

    // From here on there is the file and nothing else.
    let verify = |more: &[&str]| {
        let arguments = [&["verify", "grade", "g.json"], more].concat();
        said(&docent(&arguments, &[], folder.path()))
    };
    assert_eq!(
        verify(&[]),
        (
            true,
            "grade 1 holds: worked out again from 11 reports by rubric version 2, alembic advanced is C (6999 of \
             10000), verified"
                .to_owned()
        )
    );
    let sample = samples_folder("04-missing-downgrade");
    let (holds, words) = verify(&["--reports", &sample.to_string_lossy()]);
    assert!(
        holds && words.contains("the original files are those that were graded"),
        "{words}"
    );
    let other = samples_folder("02-one-failing-test");
    let (holds, words) = verify(&["--reports", &other.to_string_lossy()]);
    assert!(
        !holds && words.contains("back-reports/junit.xml: its digest is"),
        "{words}"
    );

    let whole: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("g.json")).expect("a file"))
            .expect("JSON");
    let mut better = whole.clone();
    better["grades"][0]["sheet"]["score_bp"] = 9900.into();
    better["grades"][0]["sheet"]["grade"] = "S".into();
    std::fs::write(folder.path().join("g.json"), better.to_string()).expect("a file");
    let (holds, words) = verify(&[]);
    assert!(!holds, "{words}");
    for part in [
        "grade 1 does not hold:",
        "the file was edited after it was written",
        "the score is 9900 in the file, and the evidence gives 6999",
        "the letter is S in the file, and the evidence gives C",
    ] {
        assert!(words.contains(part), "{words}");
    }

    let (holds, words) = said(&docent(&["verify", "grade", "2"], &database, folder.path()));
    assert!(holds, "{words}");
    assert_eq!(
        words.replace(&author, "VERA"),
        "grade 2 holds: set by VERA because “The rollback was shown to me”, alembic advanced is B (7000 of 10000); \
         before that grade 1 was worked out as C (6999), and is so again"
    );
    let (holds, words) = said(&docent(&["verify", "grade", "9"], &database, folder.path()));
    assert!(
        !holds && words.contains("the database has no grade 9"),
        "{words}"
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_from_before_rubrics_were_stored_says_so() {
    let (world, bot) = World::with_bot().await;
    let run = Sample::read("01-perfect").add_to(&world.github);
    let graded = world
        .person("anna")
        .slash("submit")
        .opt("link", run.as_str())
        .await;
    graded.expect("a grade");
    bot.stop().await;
    let pool = sqlx::PgPool::connect(world.postgres.url())
        .await
        .expect("the database");
    sqlx::query("update grade set rubric_digest = null")
        .execute(&pool)
        .await
        .expect("a grade of old");
    pool.close().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (holds, words) = said(&docent(
        &["verify", "grade", "1"],
        &world.settings()[3..5],
        folder.path(),
    ));
    assert!(!holds, "{words}");
    assert!(
        words.contains("it was made before rubrics were stored with grades"),
        "{words}"
    );
    world.close().await;
}
