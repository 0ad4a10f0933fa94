//! Cutting Markdown into pages on the borders of its blocks, with fenced code kept whole.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::limits::{cut, width};

/// Pages of at most `most` characters; never empty.
///
/// A block that is longer than a page is cut between its lines; code is then closed and opened
/// again, so that every page is whole Markdown.
#[must_use]
pub fn paginate(markdown: &str, most: usize) -> Vec<String> {
    let mut pages = vec![String::new()];
    for block in blocks(markdown) {
        for piece in fit(block, most) {
            let is_over = pages
                .last()
                .is_some_and(|page| !page.is_empty() && width(page) + 2 + width(&piece) > most);
            if is_over {
                pages.push(String::new());
            }
            if let Some(page) = pages.last_mut() {
                if !page.is_empty() {
                    page.push_str("\n\n");
                }
                page.push_str(&piece);
            }
        }
    }
    pages
}

/// The top-level blocks of a text, as written.
fn blocks(markdown: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::Item) | Event::End(TagEnd::Item) => {}
            Event::Start(_) => {
                if depth == 0 {
                    found.push(range);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Rule | Event::Html(_) if depth == 0 => found.push(range),
            _ => {}
        }
    }
    found
        .into_iter()
        .filter_map(|range| markdown.get(range))
        .map(str::trim_end)
        .filter(|b| !b.is_empty())
        .collect()
}

/// A block in pieces that each fit a page.
fn fit(block: &str, most: usize) -> Vec<String> {
    if width(block) <= most {
        return vec![block.to_owned()];
    }
    match fence(block) {
        Some((open, close)) => {
            let inner: Vec<&str> = block.lines().skip(1).collect();
            let inner = inner.strip_suffix(&[close]).unwrap_or(&inner);
            let room = most.saturating_sub(width(open) + width(close) + 2);
            pack(inner, room)
                .into_iter()
                .map(|piece| format!("{open}\n{piece}\n{close}"))
                .collect()
        }
        None => pack(&block.lines().collect::<Vec<_>>(), most),
    }
}

/// The opening line and the closing mark of fenced code.
fn fence(block: &str) -> Option<(&str, &'static str)> {
    let open = block.lines().next()?;
    ["```", "~~~"]
        .into_iter()
        .find(|mark| open.starts_with(mark))
        .map(|mark| (open, mark))
}

/// Lines joined into pieces of at most `most` characters; a longer line is cut between words.
fn pack(lines: &[&str], most: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for line in lines.iter().flat_map(|line| wrap(line, most)) {
        let is_over = pieces
            .last()
            .is_some_and(|piece| !piece.is_empty() && width(piece) + 1 + width(&line) > most);
        if is_over {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            if !piece.is_empty() {
                piece.push('\n');
            }
            piece.push_str(&line);
        }
    }
    pieces
}

fn wrap(line: &str, most: usize) -> Vec<String> {
    if width(line) <= most {
        return vec![line.to_owned()];
    }
    let mut rows = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let is_over = rows
            .last()
            .is_some_and(|row| !row.is_empty() && width(row) + width(word) > most);
        if is_over {
            rows.push(String::new());
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(&if width(word) > most {
                cut(word, most)
            } else {
                word.to_owned()
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_one_page() {
        assert_eq!(paginate("One.\n\nTwo.", 100), ["One.\n\nTwo."]);
        assert_eq!(paginate("", 100), [""]);
    }

    #[test]
    fn pages_are_cut_between_blocks() {
        assert_eq!(
            paginate("First block.\n\nSecond block.\n\nThird.", 30),
            ["First block.\n\nSecond block.", "Third."]
        );
    }

    #[test]
    fn code_that_fits_a_page_is_never_split() {
        let code = "```python\na = 1\n\nb = 2\n```";
        assert_eq!(
            paginate(&format!("Some words before.\n\n{code}\n\nAfter."), 40),
            ["Some words before.", &format!("{code}\n\nAfter.")]
        );
    }

    #[test]
    fn code_longer_than_a_page_is_closed_and_opened_again() {
        let code = format!("```bash\n{}```", "echo migration\n".repeat(10));
        let pages = paginate(&code, 60);
        assert!(pages.len() > 2);
        for page in &pages {
            assert!(
                page.starts_with("```bash\n") && page.ends_with("\n```"),
                "{page}"
            );
            assert!(width(page) <= 60);
        }
        assert_eq!(pages.concat().matches("echo migration").count(), 10);
    }

    #[test]
    fn a_list_stays_together_when_it_can() {
        assert_eq!(
            paginate("Words.\n\n- a\n- b\n- c", 16),
            ["Words.", "- a\n- b\n- c"]
        );
    }

    #[test]
    fn every_page_fits_whatever_the_text() {
        let text = "Очень длинное слово".repeat(80) + "\n\n" + &"short words here ".repeat(100);
        assert!(paginate(&text, 120).iter().all(|page| width(page) <= 120));
    }
}
