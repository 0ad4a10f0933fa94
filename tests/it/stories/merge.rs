//! Runs of pull requests: what is compared is the merge that was tested, where GitHub has signed which it is.

use serde_json::{Value, json};

use super::proof::{Handed, submit, trust, world};
use crate::world::World;

const OTHER: &str = "cc00000000000000000000000000000000000001";
const BASE: &str = "bb00000000000000000000000000000000000001";

/// A run of a pull request, the number of which tells its merge from those of others.
struct Pull {
    handed: Handed,
    merge: String,
}

impl Pull {
    /// The commit has the given files; what its merge has is said apart.
    fn add(world: &World, number: u64) -> Self {
        let handed = Handed::add_changed(world, number, |run| {
            run["event"] = json!("pull_request");
            run["head_commit"]["tree_id"] = json!(format!("{:040x}", number * 16 + 2));
        });
        Self {
            handed,
            merge: format!("{:040x}", number * 16),
        }
    }

    /// Adds the merge that was tested.
    fn merges(&self, world: &World, parents: &[&str], files: &[(&str, char)]) {
        let entry = |(path, id): &(&str, char)| {
            let sha: String = std::iter::repeat_n(*id, 40).collect();
            json!({ "path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1 })
        };
        let tree = json!({
            "sha": format!("{:040x}", self.handed.number * 16 + 1), "truncated": false,
            "tree": files.iter().map(entry).collect::<Vec<_>>(),
        });
        let added = world
            .github
            .add_merge(&self.handed.repository, &self.merge, parents, tree);
        added.expect("a merge");
    }

    /// Brings a token that names a commit, and says something else besides.
    fn brings(&self, world: &World, sha: &str, claim: &str, value: Value) {
        let mut claims = self.handed.claims();
        claims["sha"] = json!(sha);
        claims[claim] = value;
        let token = world.github.sign_token(claims);
        self.handed.brings(world, &token);
    }
}

const GIVEN: [(&str, char); 4] = [
    (".github/workflows/practice.yml", '1'),
    ("tests/conftest.py", '2'),
    ("tests/test_count.py", '3'),
    ("count.sh", '9'),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_merge_that_a_pull_request_tested_is_compared_where_a_token_names_it() {
    let (world, bot, _course) = world("signed").await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    let nothing = ("sub", json!("repo"));
    let elsewhere = ("run_id", json!("7"));
    let own = "student-ann/alembic-practice/.github/workflows/mine.yml@refs/heads/main";
    let own = ("job_workflow_ref", json!(own));
    let added = [GIVEN.as_slice(), &[("app/conftest.py", '7')]].concat();
    let steered = [&GIVEN[..1], &[("tests/conftest.py", '8')], &GIVEN[2..]].concat();
    for (number, (name, parent, files, (claim, value))) in (7_320_000_001..).zip([
        (
            "valid: a merge that has the given files",
            true,
            GIVEN.to_vec(),
            nothing.clone(),
        ),
        (
            "a base that changes a given file",
            true,
            steered,
            nothing.clone(),
        ),
        (
            "a base that adds a forbidden file",
            true,
            added,
            nothing.clone(),
        ),
        ("a merge of other commits", false, GIVEN.to_vec(), nothing),
        ("a token of another run", true, GIVEN.to_vec(), elsewhere),
        ("a token of a job of one's own", true, GIVEN.to_vec(), own),
    ]) {
        let pull = Pull::add(&world, number);
        let head = pull.handed.head_sha.as_str().expect("a commit").to_owned();
        let parents = [BASE, if parent { &head } else { OTHER }];
        pull.merges(&world, &parents, &files);
        pull.brings(&world, &pull.merge, claim, value);
        let person = if number % 2 == 0 { &anna } else { &ben };
        let said = trust(&submit(person, &pull.handed.link).await);
        let is_verified = said.starts_with('✅');
        assert_eq!(is_verified, name.starts_with("valid"), "{name}: {said}");
        seen.push(format!("{name}\n{said}"));
    }
    // Without a token, and with one whose merge is not shown.
    let bare = Pull::add(&world, 7_320_000_020);
    bare.merges(&world, &[BASE], &GIVEN);
    seen.push(trust(&submit(&ben, &bare.handed.link).await));
    let gone = Pull::add(&world, 7_320_000_021);
    gone.brings(&world, &gone.merge, "sub", json!("repo"));
    seen.push(trust(&submit(&ben, &gone.handed.link).await));
    insta::assert_snapshot!("merge_signed", seen.join("\n\n"));
    world.end(bot).await;
}
