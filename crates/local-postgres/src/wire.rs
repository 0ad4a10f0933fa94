//! The framing of the Postgres protocol: a tag, a length, a body.

/// The longest message that is taken from a peer, as in Postgres itself.
const LONGEST: u32 = 0x3fff_ffff;

/// One message; `body` is without tag and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    pub tag: u8,
    pub body: &'a [u8],
}

/// A message as bytes.
pub fn encode(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 5);
    put(&mut bytes, tag, &[body]);
    bytes
}

/// Appends a message whose body is these parts.
pub fn put(bytes: &mut Vec<u8>, tag: u8, parts: &[&[u8]]) {
    let length = 4 + parts.iter().map(|part| part.len()).sum::<usize>();
    bytes.push(tag);
    bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    for part in parts {
        bytes.extend_from_slice(part);
    }
}

/// A simple query.
pub fn query(sql: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sql.len() + 6);
    put(&mut bytes, b'Q', &[sql.as_bytes(), b"\0"]);
    bytes
}

/// The first message of a connection: protocol 3.0, then names and values.
pub fn startup(parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = VERSION_3.to_be_bytes().to_vec();
    for (name, value) in parameters {
        body.extend(name.bytes().chain([0]));
        body.extend(value.bytes().chain([0]));
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body.as_slice()].concat()
}

/// Protocol 3.0.
pub const VERSION_3: u32 = 3 << 16;

/// The length of the body that follows this length field, unless it is out of bounds.
pub fn body_length(field: [u8; 4]) -> Option<usize> {
    let length = u32::from_be_bytes(field);
    let body = length.checked_sub(4)?;
    (length <= LONGEST).then_some(usize::try_from(body).ok()?)
}

/// Takes the first whole message off the front.
pub fn split_first(bytes: &[u8]) -> Option<(Message<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (field, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at_checked(body_length(*field)?)?;
    Some((Message { tag, body }, rest))
}

/// Takes the text up to the first zero byte off the front.
pub fn split_text(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let text = parts.next().unwrap_or_default();
    (text, parts.next().unwrap_or_default())
}

/// The readable part of an error or a notice.
pub fn error_text(body: &[u8]) -> String {
    let mut rest = body;
    while let Some((kind, after)) = rest.split_first() {
        let (text, after) = split_text(after);
        if *kind == b'M' {
            return String::from_utf8_lossy(text).into_owned();
        }
        rest = after;
    }
    "an error without a text".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_whole() {
        let mut bytes = encode(b'Q', b"SELECT 1\0");
        bytes.extend(encode(b'S', b""));
        let (first, rest) = split_first(&bytes).unwrap();
        assert_eq!((first.tag, first.body), (b'Q', b"SELECT 1\0".as_slice()));
        let (second, rest) = split_first(rest).unwrap();
        assert_eq!(
            (second.tag, second.body, rest.len()),
            (b'S', b"".as_slice(), 0)
        );
    }

    #[test]
    fn half_a_message_is_none() {
        let bytes = encode(b'Q', b"SELECT 1\0");
        for length in 0..bytes.len() {
            assert_eq!(split_first(&bytes[..length]), None);
        }
    }

    #[test]
    fn absurd_lengths_are_refused() {
        assert_eq!(body_length(3_u32.to_be_bytes()), None);
        assert_eq!(body_length(u32::MAX.to_be_bytes()), None);
        assert_eq!(body_length(4_u32.to_be_bytes()), Some(0));
    }
}
