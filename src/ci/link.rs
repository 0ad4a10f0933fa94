//! A pasted text to the run it means. Pure: nothing here asks the network.
//!
//! The link is only read, never followed: the API's address comes from the operator's settings.

mod candidate;
pub(super) mod gitea;
pub(super) mod github;
pub(super) mod gitlab;
mod piece;
#[cfg(test)]
mod tests;

use url::{Host, Url};

use crate::app::ports::{self, CiLink, LinkTarget};
use candidate::Candidate;

/// Longest link that is read, in bytes.
const MAX_LINK: usize = 2_048;

/// Why a text is not a link to a run, with what it is instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is no link in the text.
    #[error("the text holds no link")]
    NotALink,
    /// The link is on a host the operator has not registered.
    #[error("{host} is not a registered host; registered: {}", known.join(", "))]
    OtherHost {
        /// The host of the link.
        host: String,
        /// The registered hosts.
        known: Vec<String>,
    },
    /// The link is on a registered host, and it is not a run nor leads to one.
    #[error("the link points at {}, not at a run", what.code())]
    NotARun {
        /// What it points at.
        what: Page,
    },
    /// The link carries something no copied link has.
    #[error("the link carries {}", .0.code())]
    Unsafe(UnsafePart),
}

impl From<LinkError> for ports::LinkError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NotALink => Self::NotALink,
            LinkError::OtherHost { host, known } => Self::OtherHost { host, known },
            LinkError::NotARun { .. } => Self::NotARun,
            LinkError::Unsafe(_) => Self::Unsafe,
        }
    }
}

/// A page that has no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The front page of the site, or one of its own pages.
    Site,
    /// An account.
    Account,
    /// A repository's front page.
    Repository,
    /// The list of all runs.
    RunList,
    /// A file.
    File,
    /// An issue or a discussion.
    Issue,
    /// Anything else in a repository.
    Other,
}

impl Page {
    /// The stable word of the page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Account => "account",
            Self::Repository => "repository",
            Self::RunList => "run_list",
            Self::File => "file",
            Self::Issue => "issue",
            Self::Other => "other",
        }
    }
}

/// What makes a link unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsafePart {
    /// A name or a password before the host.
    UserInfo,
    /// A port.
    Port,
    /// A number instead of a host's name.
    IpLiteral,
    /// Another scheme than http and https.
    Scheme,
    /// A backslash, which readers of links disagree about.
    Backslash,
    /// A host's name in other letters or with escapes.
    Spelling,
}

impl UnsafePart {
    /// The stable word of the part.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UserInfo => "user_info",
            Self::Port => "port",
            Self::IpLiteral => "ip_literal",
            Self::Scheme => "scheme",
            Self::Backslash => "backslash",
            Self::Spelling => "spelling",
        }
    }
}

/// Reads the path of one forge's address: the repository and the page. The flag says that the
/// host was the API's.
pub(super) type Shape = fn(&Url, bool) -> Result<(String, LinkTarget), Page>;

/// The first link in `text` that leads to a run on one of `hosts`, whose paths have this shape.
///
/// # Errors
/// The reason of the first link, when none of them leads to a run.
pub(super) fn parse_link(text: &str, hosts: &[String], shape: Shape) -> Result<CiLink, LinkError> {
    let mut first = None;
    for candidate in candidate::list(text, hosts) {
        match parse_candidate(&candidate, hosts, shape) {
            Ok(link) => return Ok(link),
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Err(first.unwrap_or(LinkError::NotALink))
}

fn parse_candidate(
    candidate: &Candidate,
    hosts: &[String],
    shape: Shape,
) -> Result<CiLink, LinkError> {
    let url = parse_url(candidate)?;
    let host = url.host_str().ok_or(LinkError::NotALink)?;
    let (known, api) = registered(host, hosts).ok_or_else(|| LinkError::OtherHost {
        host: host.to_owned(),
        known: hosts.to_vec(),
    })?;
    // A registered host that is not spelled out was meant to be read in two ways.
    if !candidate.authority().eq_ignore_ascii_case(host) {
        return Err(LinkError::Unsafe(UnsafePart::Spelling));
    }
    let (repository, target) = shape(&url, api).map_err(|what| LinkError::NotARun { what })?;
    Ok(CiLink {
        host: known.to_owned(),
        repository,
        target,
    })
}

/// The link as a URL, after everything a copied link never has is refused.
fn parse_url(candidate: &Candidate) -> Result<Url, LinkError> {
    if !matches!(candidate.scheme.as_str(), "http" | "https") {
        return Err(LinkError::Unsafe(UnsafePart::Scheme));
    }
    if candidate.rest.contains('\\') {
        return Err(LinkError::Unsafe(UnsafePart::Backslash));
    }
    if candidate.rest.len() > MAX_LINK {
        return Err(LinkError::NotALink);
    }
    let authority = candidate.authority();
    if authority.contains('@') {
        return Err(LinkError::Unsafe(UnsafePart::UserInfo));
    }
    let url = Url::parse(&format!("https://{}", candidate.rest));
    // The raw text decides about ports: the parsed URL forgets the default one.
    let port = LinkError::Unsafe(UnsafePart::Port);
    let url = url.map_err(|error| match error {
        url::ParseError::InvalidPort => port.clone(),
        _ => LinkError::NotALink,
    })?;
    match url.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => Err(LinkError::Unsafe(UnsafePart::IpLiteral)),
        Some(Host::Domain(_)) if authority.contains(':') => Err(port),
        Some(Host::Domain(_)) => Ok(url),
        None => Err(LinkError::NotALink),
    }
}

/// The registered host behind `host`, and whether `host` is its API's.
fn registered<'a>(host: &str, hosts: &'a [String]) -> Option<(&'a str, bool)> {
    hosts.iter().find_map(|known| {
        let same = |name: &str| name.eq_ignore_ascii_case(known);
        if same(host) || host.strip_prefix("www.").is_some_and(same) {
            Some((known.as_str(), false))
        } else {
            host.strip_prefix("api.")
                .is_some_and(same)
                .then_some((known.as_str(), true))
        }
    })
}
