//! Complete bodies of accounts, repositories and pull requests, in both dialects.

use serde_json::{Value, json};

use super::{Dialect, HOST, Repository, World};
use crate::play::http::lay_over;
use crate::play::template;

const USER: &str = include_str!("templates/user.json");
const REPOSITORY: &str = include_str!("templates/repository.json");
const PULL: &str = include_str!("templates/pull.json");

impl World {
    /// An account.
    pub(super) fn user_body(&self, id: u64, login: &str) -> Value {
        let own = match self.dialect {
            Dialect::Gitea => json!({}),
            Dialect::Forgejo => json!({ "pronouns": "" }),
        };
        filled(USER, &[("%LOGIN%", login)], json!({ "id": id }), own)
    }

    /// A repository, whose owner is the account of that name.
    pub(super) fn repository_body(&self, repository: &Repository) -> Value {
        let (login, name) = repository.name.split_once('/').unwrap_or_default();
        let words = [
            ("%API%", self.api.as_str()),
            ("%REPO%", &repository.name),
            ("%NAME%", name),
        ];
        let fields = json!({
            "id": repository.id, "private": repository.private, "owner": self.user_body(42, login),
        });
        let own = match self.dialect {
            Dialect::Gitea => json!({
                "allow_manual_merge": false, "autodetect_manual_merge": false, "projects_mode": "all",
                "licenses": [],
            }),
            Dialect::Forgejo => json!({
                "parent": null, "repo_transfer": null, "has_wiki_contents": false,
                "wiki_branch": "main", "globally_editable_wiki": false, "default_update_style": "merge",
                "wiki_ssh_url": format!("git@{HOST}:{}.wiki.git", repository.name),
                "wiki_clone_url": format!("https://{HOST}/{}.wiki.git", repository.name),
            }),
        };
        filled(REPOSITORY, &words, fields, own)
    }

    /// A pull request from a commit of the repository into its main branch.
    pub(super) fn pull_body(&self, repository: &Repository, number: u64, sha: &str) -> Value {
        let about = self.repository_body(repository);
        let side = |sha: &str| {
            json!({
                "label": "main", "ref": "main", "sha": sha, "repo_id": repository.id, "repo": about,
            })
        };
        let fields = json!({
            "id": 9_000 + number, "number": number, "user": about.get("owner"),
            "head": side(sha), "base": side(&"0".repeat(40)),
        });
        let own = match self.dialect {
            Dialect::Gitea => json!({}),
            Dialect::Forgejo => json!({ "project": null, "review_comments": 0, "flow": 0 }),
        };
        let number = number.to_string();
        let words = [("%REPO%", repository.name.as_str()), ("%PULL%", &number)];
        filled(PULL, &words, fields, own)
    }
}

/// A template with its words, the fields of the world, and those of the dialect.
#[expect(clippy::expect_used, reason = "the template stands beside this file")]
fn filled(template: &str, words: &[(&str, &str)], fields: Value, own: Value) -> Value {
    let words = [words, &[("%HOST%", HOST)]].concat();
    let mut body = template::fill(template, &words, fields).expect("a template");
    lay_over(&mut body, own);
    body
}
