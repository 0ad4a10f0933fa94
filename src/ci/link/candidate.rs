//! Where the links are in what a member typed.

/// Most links that are tried in one text.
const MAX_CANDIDATES: usize = 8;

/// A piece of text that looks like a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What stands before `://`, in small letters.
    pub(super) scheme: String,
    /// What stands after it.
    pub(super) rest: String,
}

impl Candidate {
    /// The part before the path.
    pub(super) fn authority(&self) -> &str {
        self.rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

/// The links of a text, in order; a bare `github.com/…` counts when no link has a scheme.
pub(super) fn list(text: &str, hosts: &[String]) -> Vec<Candidate> {
    let with_scheme: Vec<Candidate> = text
        .match_indices("://")
        .filter_map(|(at, mark)| {
            let scheme = scheme_before(text.get(..at)?);
            let rest = cut(text.get(at + mark.len()..)?);
            (!scheme.is_empty() && !rest.is_empty()).then_some(Candidate { scheme, rest })
        })
        .take(MAX_CANDIDATES)
        .collect();
    if with_scheme.is_empty() {
        bare(text, hosts).into_iter().collect()
    } else {
        with_scheme
    }
}

/// The letters right before `://`.
fn scheme_before(text: &str) -> String {
    let letters = text
        .chars()
        .rev()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'));
    let mut scheme: Vec<char> = letters.collect();
    scheme.reverse();
    scheme.into_iter().collect::<String>().to_ascii_lowercase()
}

/// A link without a scheme, as browsers show it.
fn bare(text: &str, hosts: &[String]) -> Option<Candidate> {
    let small = text.to_ascii_lowercase();
    hosts.iter().find_map(|host| {
        let host = host.to_ascii_lowercase();
        small.match_indices(&host).find_map(|(at, _)| {
            let before = text.get(..at)?;
            let clear = before
                .strip_suffix("www.")
                .or_else(|| before.strip_suffix("api."))
                .unwrap_or(before);
            let glued = clear
                .chars()
                .next_back()
                .is_some_and(|letter| letter.is_alphanumeric() || ".-_@/\\".contains(letter));
            let rest = cut(text.get(clear.len()..)?);
            (!glued && rest.contains('/')).then(|| Candidate {
                scheme: "https".to_owned(),
                rest,
            })
        })
    })
}

/// The link without what follows it: spaces, quotes, brackets that were opened before it,
/// and the punctuation of the sentence.
fn cut(text: &str) -> String {
    let mut open = 0_usize;
    let link: String = text
        .chars()
        .take_while(|letter| {
            match letter {
                '(' | '[' => open += 1,
                ')' | ']' if open == 0 => return false,
                ')' | ']' => open -= 1,
                _ => {}
            }
            !(letter.is_whitespace() || letter.is_control() || is_quote(*letter))
        })
        .collect();
    link.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '~', '…'])
        .to_owned()
}

/// Quotes of both languages, angle brackets, and what Discord uses for code and spoilers.
const fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '<' | '>'
            | '"'
            | '\''
            | '`'
            | '|'
            | '«'
            | '»'
            | '„'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '‹'
            | '›'
            | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}
