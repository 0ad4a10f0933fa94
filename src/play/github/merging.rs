//! Merges of a pull request with its base, which runs of pull requests test.

use serde_json::{Value, json};

use super::bodies::{self, fill};
use super::world::{now, stamp};
use super::{LoopbackError, LoopbackGitHub};

impl LoopbackGitHub {
    /// Adds a commit that merges others, with its files.
    ///
    /// # Errors
    /// When there is no such repository.
    pub fn add_merge(
        &self,
        repository: &str,
        sha: &str,
        parents: &[&str],
        tree: Value,
    ) -> Result<(), LoopbackError> {
        let mut world = self.world();
        let (api, html, at) = (world.api.clone(), world.html.clone(), stamp(now()));
        let parent = |parent: &&str| {
            let url = format!("{api}/repos/{repository}/git/commits/{parent}");
            json!({ "sha": parent, "url": url, "html_url": format!("{html}/{repository}/commit/{parent}") })
        };
        let of_tree = bodies::text(&tree, "/sha").to_owned();
        let words = [
            ("%API%", api.as_str()),
            ("%HTML%", &html),
            ("%REPO%", repository),
            ("%LOGIN%", "web-flow"),
            ("%SHA%", sha),
            ("%TREE%", &of_tree),
        ];
        let fields = json!({
            "sha": sha, "tree": { "sha": of_tree },
            "author": { "date": at }, "committer": { "date": at },
            "parents": parents.iter().map(parent).collect::<Vec<_>>(),
        });
        let commit = fill(bodies::COMMIT, &words, fields)?;
        world.add_tree(repository, tree)?;
        let commits = &mut world.repository(repository)?.commits;
        commits.insert(sha.to_owned(), commit);
        Ok(())
    }
}
