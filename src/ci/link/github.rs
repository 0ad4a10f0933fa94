//! The shapes of GitHub's addresses, web and API.

use url::Url;

use super::Page;
use super::piece::{self, id, is_name, number, sha};
use crate::app::ports::LinkTarget;

/// First path pieces that are pages of the site, not accounts.
const SITE: [&str; 8] = [
    "orgs", "settings", "features", "login", "apps", "users", "sponsors", "topics",
];

/// The parts of a link that carry meaning.
struct Pieces {
    path: Vec<String>,
    check_run: Option<u64>,
    api: bool,
}

impl Pieces {
    /// The decoded path of a link, and the one query parameter that counts.
    fn of(url: &Url, api: bool) -> Self {
        let mut path = piece::path_of(url);
        let api = api || path.starts_with(&["api".to_owned(), "v3".to_owned()]);
        if path.starts_with(&["api".to_owned(), "v3".to_owned()]) {
            path.drain(..2);
        }
        let check_run = url
            .query_pairs()
            .find(|(name, _)| name == "check_run_id")
            .and_then(|(_, value)| number(&value));
        Self {
            path,
            check_run,
            api,
        }
    }
}

/// `owner/name` and the page, or what the link points at instead.
pub(in crate::ci) fn read(url: &Url, api: bool) -> Result<(String, LinkTarget), Page> {
    let pieces = Pieces::of(url, api);
    let path: Vec<&str> = pieces.path.iter().map(String::as_str).collect();
    let path = match path.as_slice() {
        ["repos", rest @ ..] if pieces.api => rest,
        _ if pieces.api => return Err(Page::Site),
        all => all,
    };
    let (owner, name, page) = match path {
        [] => return Err(Page::Site),
        [first, ..] if SITE.contains(first) => return Err(Page::Site),
        [_] => return Err(Page::Account),
        [owner, name, page @ ..] => (*owner, *name, page),
    };
    if !is_owner(owner) || !is_name(name) {
        return Err(Page::Other);
    }
    let target = if pieces.api {
        api_target(page)
    } else {
        web_target(page, pieces.check_run)
    };
    Ok((format!("{owner}/{name}"), target?))
}

fn web_target(page: &[&str], check_run: Option<u64>) -> Result<LinkTarget, Page> {
    match page {
        ["actions", "runs", run, rest @ ..] => run_page(run, rest),
        ["runs", run, "job" | "jobs", job] => job_page(Some(run), job),
        ["suites", _, "artifacts", artifact] => artifact_page(None, artifact),
        ["actions", "workflows", file, ..] => workflow(file),
        ["pull", _, ..] if check_run.is_some() => {
            check_run.map(LinkTarget::CheckRun).ok_or(Page::Other)
        }
        ["pull", _, "commits" | "changes", sha] => commit(sha),
        ["pull", number, ..] => id(number).map(LinkTarget::PullRequest),
        ["runs", check] | ["commit", _, "checks", check] => id(check).map(LinkTarget::CheckRun),
        ["commit", _, ..] if check_run.is_some() => {
            check_run.map(LinkTarget::CheckRun).ok_or(Page::Other)
        }
        ["commit", sha, ..] => commit(sha),
        ["tree" | "commits", branch @ ..] if !branch.is_empty() => tree(branch),
        other => Err(refused(other)),
    }
}

fn api_target(page: &[&str]) -> Result<LinkTarget, Page> {
    match page {
        ["actions", "runs", run] | ["actions", "runs", run, "jobs" | "artifacts" | "logs"] => {
            run_page(run, &[])
        }
        ["actions", "runs", run, "attempts", attempt, ..] => run_page(run, &["attempts", attempt]),
        ["actions", "jobs", job, ..] => job_page(None, job),
        ["actions", "artifacts", artifact, ..] => artifact_page(None, artifact),
        ["actions", "workflows", file, ..] => workflow(file),
        ["check-runs", check, ..] => id(check).map(LinkTarget::CheckRun),
        ["pulls", number, ..] => id(number).map(LinkTarget::PullRequest),
        ["commits", sha, ..] | ["git", "commits", sha] => commit(sha),
        other => Err(refused(other)),
    }
}

/// The pages of a run: itself, one attempt, a job, an artifact, the workflow's text, the usage.
fn run_page(run: &str, rest: &[&str]) -> Result<LinkTarget, Page> {
    let whole = |attempt| {
        Ok(LinkTarget::Run {
            run: id(run)?,
            attempt,
        })
    };
    match rest {
        [] | ["workflow" | "usage"] => whole(None),
        ["attempts", attempt] | ["attempts", attempt, "workflow" | "usage"] => {
            whole(Some(count(attempt)?))
        }
        ["job" | "jobs", job] | ["attempts", _, "job" | "jobs", job] => job_page(Some(run), job),
        ["artifacts", artifact] => artifact_page(Some(run), artifact),
        _ => Err(Page::Other),
    }
}

fn job_page(run: Option<&str>, job: &str) -> Result<LinkTarget, Page> {
    Ok(LinkTarget::Job {
        run: run.map(id).transpose()?,
        job: id(job)?,
    })
}

fn artifact_page(run: Option<&str>, artifact: &str) -> Result<LinkTarget, Page> {
    Ok(LinkTarget::Artifact {
        run: run.map(id).transpose()?,
        artifact: id(artifact)?,
    })
}

fn workflow(file: &str) -> Result<LinkTarget, Page> {
    let stem = file
        .strip_suffix(".yml")
        .or_else(|| file.strip_suffix(".yaml"));
    match stem {
        Some(stem) if is_name(stem) => Ok(LinkTarget::Workflow(file.to_owned())),
        _ => Err(Page::RunList),
    }
}

fn commit(name: &str) -> Result<LinkTarget, Page> {
    sha(name).map(LinkTarget::Commit)
}

/// A branch may hold slashes; a full commit name in its place is a commit.
fn tree(branch: &[&str]) -> Result<LinkTarget, Page> {
    match branch {
        [full, ..] if full.len() == 40 && sha(full).is_ok() => commit(full),
        _ => piece::branch(branch).map(LinkTarget::Branch),
    }
}

fn refused(page: &[&str]) -> Page {
    match page {
        [] => Page::Repository,
        ["actions" | "checks", ..] => Page::RunList,
        ["blob" | "raw" | "blame" | "edit" | "contents", ..] => Page::File,
        ["issues" | "discussions", ..] => Page::Issue,
        _ => Page::Other,
    }
}

fn count(text: &str) -> Result<u32, Page> {
    let small = number(text).and_then(|number| u32::try_from(number).ok());
    small
        .filter(|attempt| *attempt <= 10_000)
        .ok_or(Page::Other)
}

/// An account's name; accounts managed by a company carry an underscore.
fn is_owner(text: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
    (1..=39).contains(&text.len()) && text.bytes().all(fits)
}
