//! The reader of links, and what must hold of everything that it accepts.

mod link;

use crate::app::ports::{CiLink, LinkTarget};
use link::{parse_link, Shape};

const HOSTS: [(&str, &str, Shape); 3] = [
    ("github.com", "https://github.com", link::github::read),
    ("gitlab.example.org", "https://gitlab.example.org", link::gitlab::read),
    ("git.example.org", "https://git.example.org", link::gitea::read),
];

/// Reads a text as a link to each forge and checks what comes out.
///
/// # Panics
/// When an accepted link holds something that a request must not be made of, or when its own plain
/// form means something else.
pub fn check(text: &str) {
    for (host, site, shape) in HOSTS {
        let hosts = [host.to_owned()];
        let Ok(found) = parse_link(text, &hosts, shape) else {
            continue;
        };
        assert_eq!(found.host, host);
        let pieces: Vec<&str> = found.repository.split('/').collect();
        assert!(pieces.len() >= 2, "{found:?}");
        for piece in pieces {
            assert!(!matches!(piece, "" | "." | ".."), "{found:?}");
            let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter);
            assert!(piece.bytes().all(fits), "{found:?}");
        }
        check_target(&found);
        let plain = format!("{site}/{}", found.repository);
        let page = match &found.target {
            LinkTarget::Run { run, attempt: None } if host == "gitlab.example.org" => {
                format!("{plain}/-/pipelines/{run}")
            }
            LinkTarget::Run { run, attempt: None } => format!("{plain}/actions/runs/{run}"),
            _ => continue,
        };
        assert_eq!(parse_link(&page, &hosts, shape).as_ref(), Ok(&found), "{page}");
    }
}

fn check_target(link: &CiLink) {
    let is_number = |number: u64| number > 0 && i64::try_from(number).is_ok();
    match &link.target {
        LinkTarget::Run { run, attempt } => {
            assert!(is_number(*run) && attempt.is_none_or(|attempt| attempt > 0), "{link:?}");
        }
        LinkTarget::Job { run, job: other }
        | LinkTarget::Artifact {
            run,
            artifact: other,
        } => assert!(is_number(*other) && run.is_none_or(is_number), "{link:?}"),
        LinkTarget::CheckRun(number) | LinkTarget::PullRequest(number) => {
            assert!(is_number(*number), "{link:?}");
        }
        LinkTarget::Commit(sha) => {
            let is_hex = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
            assert!((7..=40).contains(&sha.len()) && sha.bytes().all(is_hex), "{link:?}");
        }
        LinkTarget::Branch(name) => {
            let is_odd = |letter: char| letter.is_control() || letter == ' ';
            assert!(!name.contains(is_odd) && !name.contains(".."), "{link:?}");
        }
        LinkTarget::Workflow(file) => {
            assert!(file.ends_with(".yml") || file.ends_with(".yaml"), "{link:?}");
        }
    }
}
