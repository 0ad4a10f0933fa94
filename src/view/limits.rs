//! Discord's limits, in characters, and the only code that cuts text to them.

/// Text of a message.
pub const CONTENT: usize = 2000;
/// Title of an embed.
pub const TITLE: usize = 256;
/// Body of an embed.
pub const DESCRIPTION: usize = 4096;
/// Name of a field.
pub const FIELD_NAME: usize = 256;
/// Text of a field.
pub const FIELD: usize = 1024;
/// Footer of an embed.
pub const FOOTER: usize = 2048;
/// Label of a button.
pub const BUTTON: usize = 80;
/// Label, value and description of a menu's option.
pub const OPTION: usize = 100;
/// Placeholder of a menu.
pub const PLACEHOLDER: usize = 150;
/// Options of a menu and choices of an autocompletion.
pub const OPTIONS: usize = 25;
/// Title of a modal and label of its text.
pub const MODAL: usize = 45;
/// All texts of a message's embeds together.
pub const EMBEDS: usize = 6000;
/// Bytes of a file beside a message: far below Discord's 10 MiB, and more than anyone reads.
pub const FILE: usize = 256 * 1024;

/// The text, cut to so many characters with an ellipsis when it is longer.
///
/// Discord counts UTF-16 units, so characters outside the basic plane count as two.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= most
        })
        .collect();
    // Rather between words than in one, where a word ends nearby.
    let begun: usize = kept
        .chars()
        .rev()
        .take_while(|c| !c.is_whitespace())
        .map(char::len_utf8)
        .sum();
    if begun < most / 2 {
        kept.truncate(kept.len() - begun);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// Markdown cut as [`cut`] does; code and emphasis that the cut left open are closed, so that they
/// do not run on into what follows.
#[must_use]
pub fn cut_markdown(text: &str, most: usize) -> String {
    const FENCE: &str = "```";
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = cut(text, most.saturating_sub(FENCE.len() + 1));
    let fences = kept.matches(FENCE).count();
    if fences % 2 == 1 {
        kept.push('\n');
        kept.push_str(FENCE);
    } else if (kept.matches('`').count() - fences * FENCE.len()) % 2 == 1 {
        kept.push('`');
    } else if kept.matches("**").count() % 2 == 1 {
        kept.push_str("**");
    }
    kept
}

/// The length of a text as Discord counts it.
#[must_use]
pub fn width(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Joins lines while they fit, and says with `more` how many were left out.
#[must_use]
pub fn join_lines(lines: &[String], most: usize, more: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for (done, line) in lines.iter().enumerate() {
        let left = lines.len() - done;
        let tail = if left > 1 {
            width(&more(left - 1)) + 1
        } else {
            0
        };
        if width(&text) + width(line) + 1 + tail > most {
            if text.is_empty() {
                return cut(line, most);
            }
            text.push_str(&more(left));
            return cut(&text, most);
        }
        text.push_str(line);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// Joins paragraphs while they fit into so many bytes, and says with `more` how many were left out.
#[must_use]
pub fn join_parts(parts: &[String], most: usize, more: impl Fn(usize) -> String) -> String {
    let whole: usize = parts.iter().map(|part| part.len() + 2).sum();
    let room = if whole <= most {
        most
    } else {
        most.saturating_sub(more(parts.len()).len() + 1)
    };
    let mut text = String::new();
    for (done, part) in parts.iter().enumerate() {
        if text.len() + part.len() + 2 > room {
            text.push_str(&more(parts.len() - done));
            text.push('\n');
            return text;
        }
        text.push_str(part);
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_text_is_cut_between_letters_and_marked() {
        assert_eq!(cut("Миграции", 8), "Миграции");
        assert_eq!(cut("Миграции схемы", 9), "Миграции…");
        assert_eq!(cut("Миграции схемы базы", 17), "Миграции схемы…");
        assert!(width(&cut(&"😀".repeat(60), 100)) <= 100);
    }

    #[test]
    fn code_that_a_cut_leaves_open_is_closed() {
        let asked = "Run `alembic upgrade head --sql` and read what it prints before you go on";
        assert_eq!(cut_markdown(asked, 20), "Run `alembic…`");
        assert_eq!(
            cut_markdown("Look:\n```sql\nselect 1;\nselect 2;\n```", 30),
            "Look:\n```sql\nselect 1;…\n```"
        );
        assert_eq!(cut_markdown("`whole`", 30), "`whole`");
        for most in 10..80 {
            let kept = cut_markdown(asked, most);
            assert!(
                width(&kept) <= most && kept.matches('`').count().is_multiple_of(2),
                "{kept}"
            );
        }
    }

    #[test]
    fn paragraphs_that_do_not_fit_are_counted() {
        let parts = ["one", "два", "three"].map(str::to_owned);
        let joined = |most| join_parts(&parts, most, |left| format!("+{left}"));
        assert_eq!(joined(100), "one\n\nдва\n\nthree\n");
        assert_eq!(joined(17), "one\n\nдва\n\n+1\n");
        assert_eq!(joined(0), "+3\n");
        for most in 3..30 {
            assert!(joined(most).len() <= most, "{most}: {}", joined(most));
        }
    }

    #[test]
    fn lines_that_do_not_fit_are_counted() {
        let lines: Vec<String> = (0..10).map(|n| format!("line {n}")).collect();
        let text = join_lines(&lines, 30, |left| format!("+{left}"));
        assert_eq!(text, "line 0\nline 1\nline 2\n+7");
    }
}
