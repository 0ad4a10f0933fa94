//! The pieces of a path that all forges share: numbers, names, branches, commits.

use url::Url;

use super::Page;

/// The decoded pieces of a link's path, without empty ones.
pub(super) fn path_of(url: &Url) -> Vec<String> {
    let pieces = url.path_segments().into_iter().flatten();
    pieces
        .filter(|piece| !piece.is_empty())
        .map(decode)
        .collect()
}

/// A number at a forge: digits only, not zero, and within what the database holds.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits.then(|| text.parse().ok()).flatten()?;
    (number > 0 && i64::try_from(number).is_ok()).then_some(number)
}

/// The same, where the path must have one.
pub(super) fn id(text: &str) -> Result<u64, Page> {
    number(text).ok_or(Page::Other)
}

/// A repository's name.
pub(super) fn is_name(text: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.');
    (1..=100).contains(&text.len()) && text.bytes().all(fits) && !matches!(text, "." | "..")
}

/// A commit by its full or shortened name, in small letters.
pub(super) fn sha(text: &str) -> Result<String, Page> {
    let fits = (7..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase()).ok_or(Page::Other)
}

/// A branch, which may hold slashes.
pub(super) fn branch(pieces: &[&str]) -> Result<String, Page> {
    let branch = pieces.join("/");
    let odd = |letter: char| letter.is_control() || " ~^:?*[\\".contains(letter);
    let wrong = branch.contains(odd) || branch.contains("..") || branch.len() > 255;
    if wrong { Err(Page::Other) } else { Ok(branch) }
}

/// Percent signs undone; what does not decode to text stays as it is and fits no shape.
fn decode(piece: &str) -> String {
    let form = piece.replace('+', "%2B");
    url::form_urlencoded::parse(
        format!("x={}", form.replace('&', "%26").replace('=', "%3D")).as_bytes(),
    )
    .next()
    .map_or_else(String::new, |(_, value)| value.into_owned())
}
