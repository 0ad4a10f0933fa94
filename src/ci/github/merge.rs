//! The merge that a run of a pull request tested.

use super::{GitHub, wire};
use crate::app::ports::{CiError, Run, Tree};

impl GitHub {
    /// The files of a merge of the run's commit with another branch; `None` when that commit is no such
    /// merge, or is not shown.
    pub(super) async fn fetch_merge(&self, run: &Run, sha: &str) -> Result<Option<Tree>, CiError> {
        let url = self.url(&run.repository, &["git", "commits", sha])?;
        let commit = match self.fetch_one::<wire::GitCommit>(url).await {
            Ok((commit, _)) => commit,
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_head = |parent: &wire::Head| parent.sha.eq_ignore_ascii_case(&run.head_sha);
        if !commit.sha.eq_ignore_ascii_case(sha) || !commit.parents.iter().any(is_head) {
            return Ok(None);
        }
        let tested = Run {
            tree_sha: Some(commit.tree.sha),
            ..run.clone()
        };
        self.fetch_tree(&tested).await
    }
}
