//! The shapes of links that people paste.

use super::{LinkError, Page, UnsafePart, gitea, github, gitlab, parse_link};
use crate::app::ports::{CiLink, LinkTarget};

const SHA: &str = "fd5e3f2b8c94b49a49f35d11369f23a928618c02";

fn hosts() -> Vec<String> {
    vec!["github.com".to_owned()]
}

fn parse(text: &str) -> Result<CiLink, LinkError> {
    parse_link(text, &hosts(), github::read)
}

fn target(text: &str) -> LinkTarget {
    let link = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(link.host, "github.com", "{text}");
    assert_eq!(link.repository, "ann/alembic.practice", "{text}");
    link.target
}

const fn run(run: u64, attempt: Option<u32>) -> LinkTarget {
    LinkTarget::Run { run, attempt }
}

const fn job(run: Option<u64>, job: u64) -> LinkTarget {
    LinkTarget::Job { run, job }
}

const fn artifact(run: Option<u64>, artifact: u64) -> LinkTarget {
    LinkTarget::Artifact { run, artifact }
}

#[test]
fn every_page_that_leads_to_a_run_is_read() {
    let commit = || LinkTarget::Commit(SHA.to_owned());
    let branch = |name: &str| LinkTarget::Branch(name.to_owned());
    let workflow = |file: &str| LinkTarget::Workflow(file.to_owned());
    let shapes = [
        ("actions/runs/7", run(7, None)),
        ("actions/runs/7/", run(7, None)),
        ("actions/runs/7/attempts/2", run(7, Some(2))),
        ("actions/runs/7/workflow", run(7, None)),
        ("actions/runs/7/usage", run(7, None)),
        ("actions/runs/7/attempts/3/usage", run(7, Some(3))),
        ("actions/runs/7?pr=12", run(7, None)),
        ("actions/runs/7?check_suite_focus=true", run(7, None)),
        ("actions/runs/7#summary-9", run(7, None)),
        ("actions/runs/7/job/9", job(Some(7), 9)),
        ("actions/runs/7/job/9?pr=1", job(Some(7), 9)),
        ("actions/runs/7/job/9#step:4:17", job(Some(7), 9)),
        ("actions/runs/7/attempts/2/job/9", job(Some(7), 9)),
        ("actions/runs/7/jobs/9", job(Some(7), 9)),
        ("runs/7/jobs/9", job(Some(7), 9)),
        ("actions/runs/7/artifacts/11", artifact(Some(7), 11)),
        ("suites/5/artifacts/11", artifact(None, 11)),
        ("runs/9", LinkTarget::CheckRun(9)),
        ("runs/9?check_suite_focus=true", LinkTarget::CheckRun(9)),
        ("pull/3", LinkTarget::PullRequest(3)),
        ("pull/3/files", LinkTarget::PullRequest(3)),
        ("pull/3/checks", LinkTarget::PullRequest(3)),
        (
            "pull/3/checks?check_run_id=9#step:7:711",
            LinkTarget::CheckRun(9),
        ),
        (
            "pull/3/commits/fd5e3f2b8c94b49a49f35d11369f23a928618c02",
            commit(),
        ),
        ("commit/fd5e3f2b8c94b49a49f35d11369f23a928618c02", commit()),
        ("commit/FD5E3F2B8C94B49A49F35D11369F23A928618C02", commit()),
        (
            "commit/fd5e3f2b8c94b49a49f35d11369f23a928618c02/checks",
            commit(),
        ),
        ("commit/fd5e3f2/checks/9", LinkTarget::CheckRun(9)),
        ("commit/fd5e3f2", LinkTarget::Commit("fd5e3f2".to_owned())),
        ("tree/main", branch("main")),
        ("tree/feature/lesson-1", branch("feature/lesson-1")),
        ("tree/%D0%B4%D0%B7", branch("дз")),
        ("tree/дз", branch("дз")),
        ("tree/fix(core)", branch("fix(core)")),
        ("tree/a+b", branch("a+b")),
        ("tree/fd5e3f2b8c94b49a49f35d11369f23a928618c02", commit()),
        ("commits/main", branch("main")),
        ("actions/workflows/practice.yml", workflow("practice.yml")),
        (
            "actions/workflows/ci.yaml?query=branch%3Amain",
            workflow("ci.yaml"),
        ),
    ];
    for (path, expected) in shapes {
        let link = format!("https://github.com/ann/alembic.practice/{path}");
        assert_eq!(target(&link), expected, "{link}");
    }
}

#[test]
fn every_address_of_the_api_is_read() {
    let shapes = [
        ("actions/runs/7", run(7, None)),
        ("actions/runs/7/attempts/2", run(7, Some(2))),
        ("actions/runs/7/attempts/2/jobs", run(7, Some(2))),
        ("actions/runs/7/artifacts", run(7, None)),
        ("actions/jobs/9", job(None, 9)),
        ("actions/artifacts/11/zip", artifact(None, 11)),
        ("check-runs/9", LinkTarget::CheckRun(9)),
        ("pulls/3", LinkTarget::PullRequest(3)),
    ];
    for (path, expected) in shapes {
        let link = format!("https://api.github.com/repos/ann/alembic.practice/{path}");
        assert_eq!(target(&link), expected, "{link}");
    }
    let own = "https://git.example.org/api/v3/repos/ann/practice/actions/runs/7";
    let link = parse_link(own, &["git.example.org".to_owned()], github::read).unwrap();
    assert_eq!(link.target, run(7, None));
}

#[test]
fn the_link_is_found_in_what_people_type() {
    let link = "https://github.com/ann/alembic.practice/actions/runs/7";
    let texts = [
        format!("  {link}\n"),
        format!("<{link}>"),
        format!("[мой прогон]({link})"),
        format!("[{link}]({link})"),
        format!("Вот: {link}."),
        format!("Сдаю «{link}», проверьте!"),
        format!("„{link}“"),
        format!("“{link}”…"),
        format!("({link})"),
        format!("**{link}**"),
        format!("||{link}||"),
        format!("`{link}`"),
        format!("{link}?!"),
        format!("смотри https://example.org/x и {link}"),
        "github.com/ann/alembic.practice/actions/runs/7".to_owned(),
        "это www.github.com/ann/alembic.practice/actions/runs/7, да".to_owned(),
        "HTTPS://GitHub.com/ann/alembic.practice/actions/runs/7".to_owned(),
        "http://github.com/ann/alembic.practice/actions/runs/7".to_owned(),
    ];
    for text in texts {
        assert_eq!(target(&text), run(7, None), "{text}");
    }
}

#[test]
fn an_unsafe_link_is_refused_with_its_reason() {
    let path = "ann/practice/actions/runs/7";
    let links = [
        (
            format!("https://ann@github.com/{path}"),
            UnsafePart::UserInfo,
        ),
        (format!("https://@github.com/{path}"), UnsafePart::UserInfo),
        (
            format!("https://github.com@evil.example/{path}"),
            UnsafePart::UserInfo,
        ),
        (format!("https://github.com:443/{path}"), UnsafePart::Port),
        (format!("https://github.com:8443/{path}"), UnsafePart::Port),
        (format!("https://github.com:99999/{path}"), UnsafePart::Port),
        (format!("https://127.0.0.1/{path}"), UnsafePart::IpLiteral),
        (format!("https://2130706433/{path}"), UnsafePart::IpLiteral),
        (format!("https://0x7f.1:80/{path}"), UnsafePart::IpLiteral),
        (format!("https://[::1]/{path}"), UnsafePart::IpLiteral),
        (format!("ftp://github.com/{path}"), UnsafePart::Scheme),
        (
            format!("https://github.com\\@evil.example/{path}"),
            UnsafePart::Backslash,
        ),
    ];
    for (link, part) in links {
        assert_eq!(parse(&link), Err(LinkError::Unsafe(part)), "{link}");
    }
}

#[test]
fn another_host_is_named_with_the_known_ones() {
    for host in [
        "gitlab.com",
        "github.com.evil.example",
        "evil-github.com",
        "gist.github.com",
        "api.api.github.com",
    ] {
        let error = parse(&format!("https://{host}/ann/practice/actions/runs/7"));
        let expected = LinkError::OtherHost {
            host: host.to_owned(),
            known: hosts(),
        };
        assert_eq!(error, Err(expected), "{host}");
    }
    let lookalike = parse("https://gіthub.com/ann/practice/actions/runs/7").unwrap_err();
    assert!(matches!(lookalike, LinkError::OtherHost { host, .. } if host.starts_with("xn--")));
}

#[test]
fn a_page_without_a_run_is_named() {
    let pages = [
        ("", Page::Site),
        ("orgs/school/repositories", Page::Site),
        ("ann", Page::Account),
        ("ann/practice", Page::Repository),
        ("ann/practice/actions", Page::RunList),
        ("ann/practice/blob/main/README.md", Page::File),
        ("ann/practice/issues/4", Page::Issue),
        ("ann/practice/releases", Page::Other),
        ("ann/practice/actions/runs/seven", Page::Other),
        ("ann/practice/actions/runs/0", Page::Other),
        (
            "ann/practice/actions/runs/99999999999999999999",
            Page::Other,
        ),
        ("ann/practice/actions/runs/9223372036854775808", Page::Other),
        ("ann/practice/actions/runs/7/attempts/0", Page::Other),
        ("ann/pra%2Fctice/actions/runs/7", Page::Other),
        ("a%00n/practice/actions/runs/7", Page::Other),
        ("ann/practice/tree/%2e%2e/x", Page::RunList),
    ];
    for (path, what) in pages {
        let link = format!("https://github.com/{path}");
        if path.contains("%2e") {
            assert!(parse(&link).is_err(), "{link}");
        } else {
            assert_eq!(parse(&link), Err(LinkError::NotARun { what }), "{link}");
        }
    }
}

#[test]
fn a_text_without_a_link_is_said_to_be_one() {
    for text in [
        "",
        "сдал!",
        "https://",
        "://github.com",
        "github.com",
        "run 7000000000",
    ] {
        assert_eq!(parse(text), Err(LinkError::NotALink), "{text}");
    }
    let long = format!("https://github.com/{}", "a/".repeat(2_000));
    assert_eq!(parse(&long), Err(LinkError::NotALink));
}

fn elsewhere(text: &str, shape: super::Shape) -> Result<(String, LinkTarget), LinkError> {
    let host = "git.example.org".to_owned();
    let link = parse_link(&format!("https://git.example.org/{text}"), &[host], shape)?;
    Ok((link.repository, link.target))
}

#[test]
fn every_page_of_gitlab_that_leads_to_a_pipeline_is_read() {
    let one = |text: &str| elsewhere(text, gitlab::read).unwrap_or_else(|e| panic!("{text}: {e}"));
    let pipeline = run(47, None);
    for path in [
        "-/pipelines/47",
        "-/pipelines/47/builds",
        "-/pipelines/47/test_report?job_name=back",
        "-/pipelines/47/failures",
        "pipelines/47",
    ] {
        let whole = format!("study/2026/practice.one/{path}");
        let expected = if path.starts_with('-') {
            ("study/2026/practice.one".to_owned(), pipeline.clone())
        } else {
            // Without `/-/` only two pieces can be told from a page.
            let two = one("study/practice/pipelines/47");
            assert_eq!(two, ("study/practice".to_owned(), pipeline.clone()));
            continue;
        };
        assert_eq!(one(&whole), expected, "{path}");
    }
    let project = || "ann/practice".to_owned();
    for path in [
        "jobs/9",
        "jobs/9/artifacts/browse/reports",
        "jobs/9#L12",
        "jobs/9/raw",
    ] {
        let whole = format!("ann/practice/-/{path}");
        assert_eq!(one(&whole), (project(), job(None, 9)), "{path}");
    }
    let request = LinkTarget::PullRequest(3);
    assert_eq!(
        one("ann/practice/-/merge_requests/3/pipelines"),
        (project(), request)
    );
    let commit = LinkTarget::Commit(SHA.to_owned());
    assert_eq!(
        one(&format!("ann/practice/-/commit/{SHA}/pipelines")),
        (project(), commit)
    );
    let branch = LinkTarget::Branch("feature/name".to_owned());
    assert_eq!(one("ann/practice/-/tree/feature/name"), (project(), branch));
    assert_eq!(
        one("api/v4/projects/ann%2Fpractice/pipelines/47"),
        (project(), pipeline)
    );
    for (path, what) in [
        ("ann/practice", Page::Repository),
        ("ann/practice/-/pipelines", Page::RunList),
        ("ann/practice/-/blob/main/a.py", Page::File),
        ("ann/practice/-/issues/3", Page::Issue),
        ("ann/practice/-/pipelines/0", Page::Other),
        ("ann/../-/pipelines/4", Page::Other),
        ("ann", Page::Account),
    ] {
        let refused = elsewhere(path, gitlab::read);
        assert!(refused.is_err(), "{path}: {refused:?}");
        if !path.contains("..") {
            assert_eq!(refused, Err(LinkError::NotARun { what }), "{path}");
        }
    }
}

#[test]
fn every_page_of_gitea_that_leads_to_a_run_is_read() {
    let one = |text: &str| elsewhere(text, gitea::read).unwrap_or_else(|e| panic!("{text}: {e}"));
    let project = || "ann/practice".to_owned();
    for path in [
        "ann/practice/actions/runs/12",
        "ann/practice/actions/runs/12/jobs/0",
        "ann/practice/actions/runs/12/jobs/0/attempt/1",
        "api/v1/repos/ann/practice/actions/runs/12",
    ] {
        assert_eq!(one(path), (project(), run(12, None)), "{path}");
    }
    let request = LinkTarget::PullRequest(3);
    assert_eq!(one("ann/practice/pulls/3/commits"), (project(), request));
    let branch = LinkTarget::Branch("feature/name".to_owned());
    assert_eq!(
        one("ann/practice/src/branch/feature/name"),
        (project(), branch)
    );
    for path in [
        "ann/practice",
        "ann/practice/actions",
        "ann/practice/issues/1",
        "explore/repos",
    ] {
        assert!(elsewhere(path, gitea::read).is_err(), "{path}");
    }
}
