//! The shapes of GitLab's addresses, web and API.
//!
//! A project's path is everything before `/-/`, with as many groups as it likes; addresses of
//! before 2020 have no `/-/`.

use url::Url;

use super::Page;
use super::piece::{self, branch, id, is_name, sha};
use crate::app::ports::LinkTarget;

/// First path pieces that are pages of the site, not groups.
const SITE: [&str; 7] = [
    "explore",
    "users",
    "dashboard",
    "help",
    "admin",
    "groups",
    "projects",
];
/// Most groups above a project, and the project.
const MAX_DEPTH: usize = 21;

/// The project's path and the page, or what the link points at instead.
pub(in crate::ci) fn read(url: &Url, _api: bool) -> Result<(String, LinkTarget), Page> {
    let path = piece::path_of(url);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if let ["api", "v4", rest @ ..] = path.as_slice() {
        return api(rest);
    }
    match path.as_slice() {
        [] => Err(Page::Site),
        [first, ..] if SITE.contains(first) => Err(Page::Site),
        [_] => Err(Page::Account),
        path => {
            let (project, page) = split(path);
            Ok((name(project)?, target(page)?))
        }
    }
}

/// `projects/GROUP%2FPROJECT/pipelines/1`
fn api(path: &[&str]) -> Result<(String, LinkTarget), Page> {
    let ["projects", project, page @ ..] = path else {
        return Err(Page::Site);
    };
    let project: Vec<&str> = project.split('/').collect();
    Ok((name(&project)?, target(page)?))
}

/// Project and page, parted by `-`, or before the word of an old address.
fn split<'a, 'b>(path: &'a [&'b str]) -> (&'a [&'b str], &'a [&'b str]) {
    if let Some(at) = path.iter().position(|piece| *piece == "-") {
        let (project, page) = path.split_at(at);
        return (project, page.get(1..).unwrap_or_default());
    }
    let is_old = |piece: &&str| matches!(*piece, "pipelines" | "builds" | "merge_requests");
    let old = path.iter().skip(2).position(is_old);
    path.split_at(old.map_or(path.len(), |at| at + 2))
}

fn name(project: &[&str]) -> Result<String, Page> {
    let fits = (2..=MAX_DEPTH).contains(&project.len()) && project.iter().all(|name| is_name(name));
    fits.then(|| project.join("/")).ok_or(Page::Other)
}

fn target(page: &[&str]) -> Result<LinkTarget, Page> {
    match page {
        ["pipelines", "latest" | "charts" | "new", ..] | ["pipelines" | "jobs"] => {
            Err(Page::RunList)
        }
        ["pipelines", run, ..] => Ok(LinkTarget::Run {
            run: id(run)?,
            attempt: None,
        }),
        ["jobs" | "builds", job, ..] => Ok(LinkTarget::Job {
            run: None,
            job: id(job)?,
        }),
        ["merge_requests", request, ..] => id(request).map(LinkTarget::PullRequest),
        ["commit", name, ..] => sha(name).map(LinkTarget::Commit),
        ["tree" | "commits", name @ ..] if !name.is_empty() => branch(name).map(LinkTarget::Branch),
        [] => Err(Page::Repository),
        ["blob" | "raw" | "blame" | "edit", ..] => Err(Page::File),
        ["issues" | "work_items", ..] => Err(Page::Issue),
        _ => Err(Page::Other),
    }
}
