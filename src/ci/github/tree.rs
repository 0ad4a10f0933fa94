//! The files of a commit.

use super::GitHub;
use crate::app::ports::{CiError, Run, Tree};
use crate::ci::client::MAX_JSON;

impl GitHub {
    /// The tree of the run's commit; `None` when the token may not read the repository's contents.
    pub(super) async fn fetch_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        let sha = run.tree_sha.as_deref().unwrap_or(&run.head_sha);
        let mut url = self.url(&run.repository, &["git", "trees", sha])?;
        url.query_pairs_mut().append_pair("recursive", "1");
        let body = match self.api.fetch(url, MAX_JSON).await {
            Ok(fetched) => fetched.body,
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => return Ok(None),
            // A list too long to be read is one of which nothing is known to be complete.
            Err(CiError::TooLarge { .. }) => {
                return Ok(Some(Tree {
                    truncated: true,
                    ..Tree::default()
                }));
            }
            Err(error) => return Err(error),
        };
        let tree = Tree::parse(&body)
            .ok_or_else(|| CiError::Malformed("a tree without entries".to_owned()))?;
        if run.tree_sha.is_some() && tree.sha.as_deref().is_some_and(|told| told != sha) {
            return Err(CiError::Forged("another tree was answered".to_owned()));
        }
        Ok(Some(tree))
    }
}
