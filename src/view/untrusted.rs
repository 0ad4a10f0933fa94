//! Making strangers' words harmless before they are shown.

use super::limits::cut;

/// A stranger's words as one line of plain text: no mentions, Markdown, links, control or
/// direction characters; cut to `most` characters.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = one_line.chars().filter(|c| !is_hidden(*c));
    // Tools quote names by backticks, which would be code here.
    let quoted: String = shown.map(|c| if c == '`' { '\'' } else { c }).collect();
    escape(&cut(&quoted, most))
}

/// A stranger's words for inline code: nothing in it is Markdown, and no backtick ends it.
#[must_use]
pub fn code(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = one_line
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if c == '`' { 'ˋ' } else { c })
        .collect();
    let shown = cut(&shown, most).replace('@', "@\u{200B}");
    if shown.is_empty() {
        "`?`".to_owned()
    } else {
        format!("`{shown}`")
    }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' | '_' | '~' | '|' | '`' | '<' | '[' | ']' | '\\' => {
                safe.push('\\');
                safe.push(c);
            }
            '@' => safe.push_str("@\u{200B}"),
            _ => safe.push(c),
        }
    }
    safe.replace("://", ":\u{200B}//")
}

/// Control characters and those that turn or hide text.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_name_can_neither_ping_nor_format_nor_turn_text() {
        let shown = line("@everyone **x** [a](https://e.vil)\n\u{202E}abc <@1>", 200);
        assert!(!shown.contains("@everyone"), "{shown}");
        assert!(
            !shown.contains("<@1>") && !shown.contains("https://"),
            "{shown}"
        );
        assert!(
            !shown.contains('\u{202E}') && !shown.contains('\n'),
            "{shown}"
        );
        assert!(shown.contains("\\*\\*x\\*\\*"), "{shown}");
    }

    #[test]
    fn a_backtick_does_not_end_code() {
        assert_eq!(code("a`b", 20), "`aˋb`");
    }
}
