//! Reads just enough SQL to see the few statements that the shared session must know about.

/// What a text of one or more statements asks of the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remarks {
    /// LISTEN and UNLISTEN, in their order.
    pub listens: Vec<Listen>,
    /// Why the text cannot be run on a shared session.
    pub refused: Option<&'static str>,
}

/// A change of who hears what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// `LISTEN channel`.
    To(String),
    /// `UNLISTEN channel`.
    Not(String),
    /// `UNLISTEN *`.
    Nothing,
}

const NO_COPY: &str = "COPY over the connection is not available with the embedded engine: use \
                       INSERT, or an installed Postgres";
const NO_DISCARD: &str = "DISCARD and DEALLOCATE ALL are not available with the embedded engine, \
                          whose session all connections share: use an installed Postgres";

/// What the bridge must know about this text.
pub fn remarks(text: &str) -> Remarks {
    let mut remarks = Remarks::default();
    if !may_concern_us(text) {
        return remarks;
    }
    for statement in tokens(text).split(|token| *token == Token::End) {
        remark(statement, &mut remarks);
    }
    remarks
}

/// A cheap look before the careful one: most texts have none of these words.
fn may_concern_us(text: &str) -> bool {
    let words = ["listen", "copy", "discard", "deallocate"];
    let bytes = text.as_bytes();
    words.iter().any(|word| {
        bytes
            .windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}

fn remark(statement: &[Token], remarks: &mut Remarks) {
    let mut words = statement.iter();
    let Some(Token::Word(verb)) = words.next() else {
        return;
    };
    let object = words.next();
    match (verb.as_str(), object) {
        ("listen", Some(Token::Word(name) | Token::Quoted(name))) => {
            remarks.listens.push(Listen::To(name.clone()));
        }
        ("unlisten", Some(Token::Star)) => remarks.listens.push(Listen::Nothing),
        ("unlisten", Some(Token::Word(name) | Token::Quoted(name))) => {
            remarks.listens.push(Listen::Not(name.clone()));
        }
        ("copy", _) if statement.iter().any(is_the_connection) => remarks.refused = Some(NO_COPY),
        ("discard", _) => remarks.refused = Some(NO_DISCARD),
        ("deallocate", _) if statement.iter().any(|token| token.is_word("all")) => {
            remarks.refused = Some(NO_DISCARD);
        }
        _ => {}
    }
}

fn is_the_connection(token: &Token) -> bool {
    token.is_word("stdin") || token.is_word("stdout")
}

/// The smallest parts that matter; texts, numbers and comments leave none.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A bare word, in lower case.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    Star,
    /// A semicolon.
    End,
}

impl Token {
    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader {
        rest: text.chars().collect(),
        at: 0,
    };
    let mut found = Vec::new();
    while let Some(token) = reader.next_token() {
        found.push(token);
    }
    found
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek(0);
        self.at += 1;
        next
    }

    /// `None` at the end of the text.
    fn next_token(&mut self) -> Option<Token> {
        loop {
            let next = self.take()?;
            match (next, self.peek(0)) {
                ('-', Some('-')) => self.skip_line(),
                ('/', Some('*')) => self.skip_comment(),
                ('\'', _) => self.skip_text(false),
                ('e' | 'E', Some('\'')) => {
                    self.at += 1;
                    self.skip_text(true);
                }
                ('$', _) => self.skip_dollars(),
                ('"', _) => return Some(Token::Quoted(self.quoted())),
                ('*', _) => return Some(Token::Star),
                (';', _) => return Some(Token::End),
                (first, _) if is_letter(first) => return Some(Token::Word(self.word(first))),
                _ => {}
            }
        }
    }

    fn skip_line(&mut self) {
        while !matches!(self.take(), None | Some('\n')) {}
    }

    /// Comments may hold comments.
    fn skip_comment(&mut self) {
        self.at += 1;
        let mut depth = 1_u32;
        while depth > 0 {
            match (self.take(), self.peek(0)) {
                (None, _) => return,
                (Some('/'), Some('*')) => {
                    self.at += 1;
                    depth += 1;
                }
                (Some('*'), Some('/')) => {
                    self.at += 1;
                    depth -= 1;
                }
                _ => {}
            }
        }
    }

    fn skip_text(&mut self, backslashes: bool) {
        while let Some(next) = self.take() {
            match (next, self.peek(0)) {
                ('\'', Some('\'')) => self.at += 1,
                ('\\', _) if backslashes => self.at += 1,
                ('\'', _) => return,
                _ => {}
            }
        }
    }

    /// `$tag$ .. $tag$`; a parameter such as `$1` is nothing of the kind.
    fn skip_dollars(&mut self) {
        let mut tag = vec!['$'];
        while let Some(next) = self.peek(tag.len() - 1) {
            let begins_with_digit = tag.len() == 1 && next.is_ascii_digit();
            if begins_with_digit || (next != '$' && !is_word_part(next)) {
                return;
            }
            tag.push(next);
            if next == '$' {
                break;
            }
        }
        self.at += tag.len() - 1;
        while let Some(rest) = self.rest.get(self.at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with(&tag) {
                self.at += tag.len();
                return;
            }
            self.at += 1;
        }
    }

    fn quoted(&mut self) -> String {
        let mut name = String::new();
        while let Some(next) = self.take() {
            if next == '"' {
                if self.peek(0) != Some('"') {
                    break;
                }
                self.at += 1;
            }
            name.push(next);
        }
        name
    }

    fn word(&mut self, first: char) -> String {
        let mut word = first.to_ascii_lowercase().to_string();
        while let Some(next) = self
            .peek(0)
            .filter(|next| is_word_part(*next) || *next == '$')
        {
            word.push(next.to_ascii_lowercase());
            self.at += 1;
        }
        word
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listens(text: &str) -> Vec<Listen> {
        remarks(text).listens
    }

    #[test]
    fn channels_are_read_quoted_and_bare() {
        let to = |name: &str| Listen::To(name.to_owned());
        assert_eq!(listens(r#"LISTEN "jobs:insert""#), [to("jobs:insert")]);
        assert_eq!(
            listens(r#"LISTEN "a""b";listen Two;"#),
            [to(r#"a"b"#), to("two")]
        );
        assert_eq!(listens("/* x */ UNLISTEN *"), [Listen::Nothing]);
        assert_eq!(listens("unlisten a"), [Listen::Not("a".to_owned())]);
    }

    #[test]
    fn texts_comments_and_bodies_are_not_statements() {
        for text in [
            "SELECT 'x; LISTEN a'",
            "SELECT E'\\'; LISTEN a'",
            "-- LISTEN a\nSELECT 1",
            "/* /* */ LISTEN a; */ SELECT 1",
            "DO $x$ BEGIN EXECUTE 1; LISTEN a; END $x$",
            "SELECT $1; SELECT copy FROM listen",
            "INSERT INTO t VALUES ('COPY t FROM STDIN')",
        ] {
            assert_eq!(remarks(text), Remarks::default(), "{text}");
        }
    }

    #[test]
    fn copy_over_the_connection_is_refused_and_from_a_file_is_not() {
        assert_eq!(
            remarks("SELECT 1; COPY t (a) FROM STDIN").refused,
            Some(NO_COPY)
        );
        assert_eq!(remarks("copy (select 1) to stdout").refused, Some(NO_COPY));
        assert_eq!(remarks("COPY t FROM '/tmp/stdin'").refused, None);
    }

    #[test]
    fn what_would_empty_the_shared_session_is_refused() {
        assert_eq!(remarks("DISCARD ALL").refused, Some(NO_DISCARD));
        assert_eq!(remarks("DEALLOCATE ALL").refused, Some(NO_DISCARD));
        assert_eq!(remarks("DEALLOCATE one").refused, None);
    }

    #[test]
    fn unfinished_texts_end_quietly() {
        for text in [
            "LISTEN",
            "copy '",
            "listen $x$",
            "/* copy",
            "listen \"a",
            "copy e'\\",
        ] {
            let _ = remarks(text);
        }
    }
}
