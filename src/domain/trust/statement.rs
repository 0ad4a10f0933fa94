//! What a grading job states: which artifacts the run is graded by, each with the SHA-256 of its bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The artifacts a grade rests on, by name, with the SHA-256 of their bytes in hex.
///
/// As a text it is what `sha256sum` writes, by name: `<64 hex digits>  <name>`, a line each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Statement(BTreeMap<String, String>);

impl Statement {
    /// Reads the lines of a text; lines of any other form are left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| {
            let (digest, name) = line.trim().split_once("  ")?;
            let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            (is_digest && !name.is_empty()).then(|| (name.to_owned(), digest.to_lowercase()))
        });
        Self(lines.collect())
    }

    /// Adds an artifact. Of two with one name neither is the one that was stated.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let digest = hex(&Sha256::digest(bytes));
        let of_name = self.0.entry(name.to_owned());
        of_name
            .and_modify(|known| {
                if *known != digest {
                    known.clear();
                }
            })
            .or_insert(digest);
    }

    /// Whether it names no artifact.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The artifacts of this one that another statement does not name with the same bytes.
    pub fn differing<'a>(&'a self, stated: &'a Self) -> impl Iterator<Item = &'a str> {
        let differs = |(name, digest): &(&'a String, &'a String)| {
            digest.is_empty() || stated.0.get(*name) != Some(*digest)
        };
        self.0.iter().filter(differs).map(|(name, _)| name.as_str())
    }

    /// For whom a CI signs this statement: the text that its token has to bear as audience.
    #[must_use]
    pub fn audience(&self) -> String {
        let lines = self
            .0
            .iter()
            .map(|(name, digest)| format!("{digest}  {name}\n"));
        let text: String = lines.collect();
        format!("docent#sha256={}", hex(&Sha256::digest(text.as_bytes())))
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9  back-reports
2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  grade-reports
";

    fn made() -> Statement {
        let mut made = Statement::default();
        made.add("grade-reports", b"hello");
        made.add("back-reports", b"hello world");
        made
    }

    #[test]
    fn a_statement_is_what_sha256sum_writes() {
        assert_eq!(Statement::parse(LINES), made());
        let sum = hex(&Sha256::digest(LINES.as_bytes()));
        assert_eq!(made().audience(), format!("docent#sha256={sum}"));
    }

    #[test]
    fn lines_of_another_form_say_nothing() {
        let odd = "hello\n\nabc  name\n";
        assert!(Statement::parse(odd).is_empty());
        let differing = made();
        let stated = Statement::parse(odd);
        let names: Vec<&str> = differing.differing(&stated).collect();
        assert_eq!(names, ["back-reports", "grade-reports"]);
    }

    #[test]
    fn two_artifacts_of_one_name_are_not_what_was_stated() {
        let mut twice = made();
        twice.add("back-reports", b"hello world");
        assert_eq!(twice, made());
        twice.add("back-reports", b"other");
        twice.add("back-reports", b"hello world");
        assert_eq!(
            twice.differing(&made()).collect::<Vec<_>>(),
            ["back-reports"]
        );
    }
}
