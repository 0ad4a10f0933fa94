//! Making strangers' words harmless before they are shown.

use super::limits::cut;

/// Marks that may sit on one letter; more of them would grow into the lines above and below.
const MARKS: usize = 2;

/// A stranger's words as one line of plain text: no mentions, Markdown, links, control or
/// direction characters; cut to `most` characters.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    // Tools quote names by backticks, which would be code here.
    escape(&cut(&one_line(text).replace('`', "'"), most))
}

/// A stranger's words for inline code: nothing in it is Markdown, and no backtick ends it.
#[must_use]
pub fn code(text: &str, most: usize) -> String {
    let shown = in_code(&cut(&one_line(text), most));
    if shown.is_empty() {
        "`?`".to_owned()
    } else {
        format!("`{shown}`")
    }
}

/// A stranger's lines as a block of code that nothing in it ends; empty when they are.
#[must_use]
pub fn block(text: &str, lines: usize, columns: usize) -> String {
    let rows = rows(text, lines, columns);
    if rows.is_empty() {
        return String::new();
    }
    format!("```\n{}\n```", in_code(&rows.join("\n")))
}

/// A stranger's lines, indented as Markdown indents code, so that it has no end to write; empty when they
/// are. For files: they mention nobody, so nothing is put between the letters.
#[must_use]
pub fn indented(text: &str, lines: usize, columns: usize) -> String {
    let rows = rows(text, lines, columns);
    let rows: Vec<String> = rows.iter().map(|row| format!("    {row}")).collect();
    rows.join("\n")
}

/// A stranger's words as one line that only a terminal shows: nothing in it moves or hides text.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    cut(&one_line(text), most)
}

/// The lines of a text without empty ones in a row, at most so many, each cut.
fn rows(text: &str, lines: usize, columns: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut left_out = false;
    for row in text.replace("\r\n", "\n").split(ends_line) {
        let row = shown(&row.replace('\t', "    "));
        let row = row.trim_end();
        if row.is_empty() && rows.last().is_none_or(String::is_empty) {
            continue;
        }
        if rows.len() == lines {
            left_out = true;
            break;
        }
        rows.push(cut(row, columns));
    }
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    if left_out {
        rows.push("…".to_owned());
    }
    rows
}

fn one_line(text: &str) -> String {
    let join = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // What is hidden may have stood between spaces.
    join(&shown(&join(text)))
}

/// The text without what is not seen, or makes other text unseen.
fn shown(text: &str) -> String {
    let mut marks = 0;
    let kept = text.chars().filter(|c| {
        marks = if is_mark(*c) { marks + 1 } else { 0 };
        marks <= MARKS && !is_hidden(*c)
    });
    kept.collect()
}

fn in_code(text: &str) -> String {
    text.replace('`', "ˋ").replace('@', "@\u{200B}")
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
    // Headings, quotes and lists are made by what a line begins with.
    if safe.starts_with(['#', '>', '-', '+']) {
        safe.insert(0, '\\');
    }
    safe.replace("://", ":\u{200B}//")
        .replace(".gg/", ".gg\u{200B}/")
        .replace("/invite/", "/invite\u{200B}/")
}

fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Marks that combine with the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Control characters and those that turn or hide text, or show nothing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
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
    fn a_line_begins_neither_a_heading_nor_a_quote_nor_a_list() {
        for (said, shown) in [
            ("# big", "\\# big"),
            ("-# small", "\\-# small"),
            ("> said", "\\> said"),
            ("\u{200B}# big", "\\# big"),
            ("join discord.gg/x", "join discord.gg\u{200B}/x"),
        ] {
            assert_eq!(line(said, 40), shown);
        }
    }

    #[test]
    fn a_backtick_does_not_end_code() {
        assert_eq!(code("a`b", 20), "`aˋb`");
        assert_eq!(
            block("a\n```\n@here\n```", 9, 20),
            "```\na\nˋˋˋ\n@\u{200B}here\nˋˋˋ\n```"
        );
        assert_eq!(indented("```\n<b>", 9, 20), "    ```\n    <b>");
    }

    #[test]
    fn lines_are_few_and_short_whatever_is_in_them() {
        let long = format!(
            "{}\u{85}{}\r\n\u{1b}[31mred",
            "\n".repeat(4000),
            "ж".repeat(9000)
        );
        assert_eq!(rows(&long, 3, 10), ["жжжжжжжжж…", "[31mred"]);
        assert_eq!(rows("1\n2\n3\n4", 2, 10), ["1", "2", "…"]);
        assert_eq!(block(" \n\u{200B}\n", 3, 10), "");
        let marked = format!("e{}x", "\u{301}".repeat(50));
        assert_eq!(plain(&marked, 80), "e\u{301}\u{301}x");
    }
}
