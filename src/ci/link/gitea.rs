//! The shapes of Gitea's and Forgejo's addresses, web and API.

use url::Url;

use super::Page;
use super::piece::{self, branch, id, is_name, sha};
use crate::app::ports::LinkTarget;

/// First path pieces that are pages of the site, not accounts.
const SITE: [&str; 6] = [
    "explore",
    "user",
    "admin",
    "org",
    "notifications",
    "swagger",
];

/// `owner/name` and the page, or what the link points at instead.
///
/// The number of a run in a link is its place in the repository or its id, by the server's
/// version; which of both it is, only the server can tell.
pub(in crate::ci) fn read(url: &Url, _api: bool) -> Result<(String, LinkTarget), Page> {
    let path = piece::path_of(url);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let path = match path.as_slice() {
        ["api", "v1", "repos", rest @ ..] => rest,
        ["api", ..] | [] => return Err(Page::Site),
        [first, ..] if SITE.contains(first) => return Err(Page::Site),
        all => all,
    };
    let (owner, name, page) = match path {
        [owner, name, page @ ..] => (*owner, *name, page),
        _ => return Err(Page::Account),
    };
    if !is_name(owner) || !is_name(name) {
        return Err(Page::Other);
    }
    Ok((format!("{owner}/{name}"), target(page)?))
}

fn target(page: &[&str]) -> Result<LinkTarget, Page> {
    match page {
        ["actions", "runs", run, ..] => Ok(LinkTarget::Run {
            run: id(run)?,
            attempt: None,
        }),
        ["pulls", number, ..] => id(number).map(LinkTarget::PullRequest),
        ["commit", name, ..] | ["src", "commit", name, ..] => sha(name).map(LinkTarget::Commit),
        ["src" | "commits", "branch", name @ ..] if !name.is_empty() => {
            branch(name).map(LinkTarget::Branch)
        }
        [] => Err(Page::Repository),
        ["actions", ..] => Err(Page::RunList),
        ["src" | "raw" | "blame", ..] => Err(Page::File),
        ["issues", ..] => Err(Page::Issue),
        _ => Err(Page::Other),
    }
}
