//! A Markdown file as its top-level blocks, each with its place in the source.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    diagnostic::{Diagnostics, Place},
    document::Document,
};

/// A Markdown file in blocks.
#[derive(Debug)]
pub struct Page {
    /// The file.
    pub document: Document,
    /// Top-level blocks in order.
    pub blocks: Vec<Block>,
    comments: Vec<Range<usize>>,
    breaks: Vec<Range<usize>>,
    unclosed: Vec<usize>,
}

/// A top-level block with its byte range.
#[derive(Debug)]
pub struct Block {
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// What a top-level block is, as far as the structure of a course cares.
#[derive(Debug)]
pub enum BlockKind {
    /// A heading.
    Heading(Heading),
    /// A list.
    List(Vec<ListItem>),
    /// A block quote.
    Quote,
    /// A paragraph.
    Paragraph,
    /// A thematic break.
    Rule,
    /// Anything else, such as a code block or a table.
    Other,
}

/// A heading.
#[derive(Debug, Default)]
pub struct Heading {
    /// Number of `#`.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Its `{#anchor}`.
    pub anchor: Option<String>,
    /// Its `{key=value}` attributes.
    pub attributes: Vec<(String, String)>,
}

/// An item of a list: every one of the outer list, and nested ones that have a checkbox.
#[derive(Debug)]
pub struct ListItem {
    /// The checkbox, when it has one.
    pub checked: Option<bool>,
    /// Its own text, without the bullet, the checkbox and nested blocks.
    pub text: Range<usize>,
    /// The first block quote inside it.
    pub quote: Option<Range<usize>>,
}

impl Page {
    /// The blocks of a document; a comment that ends nowhere is told, for it would hide a text or be shown.
    pub fn read(document: Document, out: &mut Diagnostics) -> Self {
        let page = Self::parse(document);
        for at in &page.unclosed {
            let place = page.document.place(*at);
            let message = "the comment that `<!--` begins is not closed".to_owned();
            let fix =
                "Close it with `-->`; one that begins among words, before its paragraph ends.";
            out.error("unclosed-comment", &place, message, fix);
        }
        page
    }

    fn parse(document: Document) -> Self {
        let mut collector = Collector::default();
        for (event, range) in Parser::new_ext(&document.text, options()).into_offset_iter() {
            collector.take(&document, event, range);
        }
        Self {
            blocks: collector.blocks,
            comments: collector.comments,
            breaks: collector.breaks,
            unclosed: collector.unclosed,
            document,
        }
    }

    /// The place of a block.
    pub fn place(&self, range: &Range<usize>) -> Place {
        self.document.place(range.start)
    }

    /// Markdown source of a range without HTML comments and the blank lines around it. The lines of a paragraph
    /// are joined: Discord would show each as a line of its own.
    pub fn source(&self, range: Range<usize>) -> String {
        let mut cuts: Vec<_> = self.comments.iter().chain(&self.breaks).collect();
        cuts.sort_by_key(|cut| cut.start);
        self.without(&cuts, range)
    }

    /// The same with every line as it stands.
    pub fn lines(&self, range: Range<usize>) -> String {
        self.without(&self.comments.iter().collect::<Vec<_>>(), range)
    }

    fn without(&self, cuts: &[&Range<usize>], range: Range<usize>) -> String {
        let mut kept = String::new();
        let mut at = range.start;
        for cut in cuts
            .iter()
            .filter(|cut| cut.start >= range.start && cut.end <= range.end)
        {
            kept.push_str(self.document.slice(at..cut.start));
            at = cut.end;
            if !self.document.slice((*cut).clone()).starts_with("<!--") {
                kept.truncate(kept.trim_end_matches(' ').len());
                kept.push(' ');
                continue;
            }
            let start = kept.trim_end_matches([' ', '\t']);
            if start.is_empty() || start.ends_with('\n') {
                let is_blank_before = start.is_empty() || start.ends_with("\n\n");
                let dropped = self.lines_to_drop(at..range.end, is_blank_before);
                if dropped > 0 {
                    kept.truncate(start.len());
                }
                at += dropped;
            }
        }
        kept.push_str(self.document.slice(at..range.end));
        trim_blank_lines(&kept).to_owned()
    }

    /// Bytes after a comment that go with it, when it has its lines to itself: the rest of its last line,
    /// and the blank lines after it where a blank line stands `before` it already.
    fn lines_to_drop(&self, after: Range<usize>, before: bool) -> usize {
        let mut lines = self.document.slice(after).split_inclusive('\n');
        let own = lines
            .next()
            .filter(|line| line.trim().is_empty())
            .map_or(0, str::len);
        let blank = lines.take_while(|line| own > 0 && before && line.trim().is_empty());
        own + blank.map(str::len).sum::<usize>()
    }

    /// Source of a range as one line.
    pub fn line(&self, range: Range<usize>) -> String {
        self.source(range)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Source of a block quote without its `>` marks.
    pub fn quoted(&self, range: Range<usize>) -> String {
        let source = self.source(range);
        let lines = source.lines().map(|line| {
            let line = line.trim_start();
            let inner = line.strip_prefix('>').unwrap_or(line);
            inner.strip_prefix(' ').unwrap_or(inner)
        });
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }
}

/// A text of a data file without its HTML comments.
pub fn without_comments(text: &str) -> String {
    if !text.contains("<!--") {
        return text.to_owned();
    }
    let page = Page::parse(Document::new("", text));
    page.source(0..page.document.text.len())
}

/// The Markdown that course files are written in.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// Drops blank lines at both ends but keeps the indentation of the first line, which may be code.
fn trim_blank_lines(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = after;
    }
    rest
}

#[derive(Default)]
struct Collector {
    depth: usize,
    blocks: Vec<Block>,
    comments: Vec<Range<usize>>,
    breaks: Vec<Range<usize>>,
    open_break: Option<usize>,
    unclosed: Vec<usize>,
    in_code: bool,
    heading: Option<Heading>,
    items: Vec<ListItem>,
    open: Vec<OpenItem>,
}

struct OpenItem {
    slot: Option<usize>,
    text_start: usize,
    text_end: Option<usize>,
}

impl Collector {
    fn take(&mut self, document: &Document, event: Event<'_>, range: Range<usize>) {
        // What stands between a line's end and the next word belongs to the quote or list around.
        if let Some(start) = self.open_break.take().filter(|start| *start < range.start) {
            self.breaks.push(start..range.start);
        }
        match event {
            Event::Start(tag) => {
                self.enter(document, tag, &range);
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.leave(tag, range);
            }
            Event::Text(text) => {
                self.heading_text(&text);
                self.note_open_comment(document, &range);
            }
            Event::Code(text) => self.heading_text(&text),
            Event::SoftBreak => {
                self.heading_text(" ");
                self.open_break = Some(range.start);
            }
            Event::HardBreak => self.heading_text(" "),
            Event::InlineHtml(html) if html.starts_with("<!--") => self.comments.push(range),
            Event::TaskListMarker(checked) => self.checkbox(checked, &range),
            Event::Rule if self.depth == 0 => self.blocks.push(Block {
                range,
                kind: BlockKind::Rule,
            }),
            _ => {}
        }
    }

    fn enter(&mut self, document: &Document, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Heading {
                level, id, attrs, ..
            } if self.depth == 0 => {
                self.heading = Some(Heading {
                    level: depth_of(level),
                    text: String::new(),
                    anchor: id.map(|id| id.to_string()),
                    attributes: attrs
                        .into_iter()
                        .map(|(key, value)| {
                            (
                                key.to_string(),
                                value.map(|v| v.to_string()).unwrap_or_default(),
                            )
                        })
                        .collect(),
                });
            }
            Tag::HtmlBlock => {
                for comment in comments_in(document, range) {
                    if !document.slice(comment.clone()).ends_with("-->") {
                        self.unclosed.push(comment.start);
                    }
                    self.comments.push(comment);
                }
            }
            Tag::Item => self.open_item(range),
            Tag::BlockQuote(_) => {
                self.close_text(range.start);
                self.note_quote(range);
            }
            Tag::CodeBlock(_) => {
                self.in_code = true;
                self.close_text(range.start);
            }
            Tag::List(_) | Tag::Table(_) => self.close_text(range.start),
            _ => {}
        }
    }

    fn leave(&mut self, tag: TagEnd, range: Range<usize>) {
        if tag == TagEnd::CodeBlock {
            self.in_code = false;
        }
        if tag == TagEnd::Item {
            self.close_item(&range);
        }
        if tag == TagEnd::Paragraph {
            self.close_text(range.end);
        }
        if self.depth > 0 {
            return;
        }
        let kind = match tag {
            TagEnd::Heading(_) => BlockKind::Heading(self.heading.take().unwrap_or_default()),
            TagEnd::List(_) => BlockKind::List(std::mem::take(&mut self.items)),
            TagEnd::BlockQuote(_) => BlockKind::Quote,
            TagEnd::Paragraph => BlockKind::Paragraph,
            _ => BlockKind::Other,
        };
        self.blocks.push(Block { range, kind });
    }

    fn heading_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    /// Prose that begins with `<!--` is a comment whose end the reader did not find.
    fn note_open_comment(&mut self, document: &Document, range: &Range<usize>) {
        let rest = document.slice(range.start..document.text.len());
        let escaped = document.slice(0..range.start).ends_with('\\');
        if !self.in_code && !escaped && rest.starts_with("<!--") {
            self.unclosed.push(range.start);
        }
    }

    fn open_item(&mut self, range: &Range<usize>) {
        let outer = self.open.is_empty() && self.depth == 1;
        let slot = outer.then(|| self.new_item(None, range.end));
        self.open.push(OpenItem {
            slot,
            text_start: range.start,
            text_end: None,
        });
    }

    fn new_item(&mut self, checked: Option<bool>, at: usize) -> usize {
        self.items.push(ListItem {
            checked,
            text: at..at,
            quote: None,
        });
        self.items.len() - 1
    }

    fn checkbox(&mut self, checked: bool, range: &Range<usize>) {
        let Some(slot) = self.open.last().map(|item| item.slot) else {
            return;
        };
        let slot = slot.unwrap_or_else(|| self.new_item(Some(checked), range.end));
        if let Some(item) = self.items.get_mut(slot) {
            item.checked = Some(checked);
        }
        if let Some(open) = self.open.last_mut() {
            open.slot = Some(slot);
            open.text_start = range.end;
            open.text_end = None;
        }
    }

    fn close_text(&mut self, at: usize) {
        if let Some(open) = self.open.last_mut()
            && at > open.text_start
        {
            open.text_end.get_or_insert(at);
        }
    }

    fn note_quote(&mut self, range: &Range<usize>) {
        let slot = self.open.last().and_then(|open| open.slot);
        if let Some(item) = slot.and_then(|slot| self.items.get_mut(slot)) {
            item.quote.get_or_insert(range.clone());
        }
    }

    fn close_item(&mut self, range: &Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        if let Some(item) = open.slot.and_then(|slot| self.items.get_mut(slot)) {
            item.text = open.text_start..open.text_end.unwrap_or(range.end).max(open.text_start);
        }
    }
}

const fn depth_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The comments inside an HTML block; one that is never closed runs to the end of the block.
fn comments_in(document: &Document, block: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = block.start;
    while let Some(open) = document.slice(at..block.end).find("<!--") {
        let start = at + open;
        let end = document
            .slice(start..block.end)
            .find("-->")
            .map_or(block.end, |close| start + close + 3);
        found.push(start..end);
        at = end;
    }
    found
}
