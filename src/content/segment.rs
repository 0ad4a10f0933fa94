//! Files of one language as one run of headings, each with what stands under it.

use std::ops::Range;

use super::{
    diagnostic::Place,
    heading::clean,
    page::{Block, BlockKind, Page},
};

/// A heading and what stands under it, up to the next heading of any level.
#[derive(Debug)]
pub struct Segment {
    /// Where the heading stands.
    pub place: Place,
    /// Number of `#`; 0 for what stands before the first heading of a file.
    pub level: u8,
    /// Text of the heading without markup and emoji.
    pub title: String,
    /// The heading as Markdown source, for when it stays in a body.
    pub source: String,
    /// Its `{#anchor}`.
    pub anchor: Option<String>,
    /// Markdown source of the body.
    pub body: String,
    /// Items with a checkbox in the body.
    pub tasks: Vec<(Place, String)>,
}

/// The segments of the files of a language, in order.
pub fn segments(pages: &[Page]) -> Vec<Segment> {
    pages.iter().flat_map(page_segments).collect()
}

fn page_segments(page: &Page) -> Vec<Segment> {
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    let mut rest = page.blocks.as_slice();
    let mut found = Vec::new();
    while let Some(first) = rest.first() {
        let (heading, after) = if is_heading(first) {
            (Some(first), rest.get(1..).unwrap_or_default())
        } else {
            (None, rest)
        };
        let end = after.iter().position(is_heading).unwrap_or(after.len());
        let (body, next) = after.split_at_checked(end).unwrap_or((after, &[]));
        found.push(segment(page, heading, body));
        rest = next;
    }
    found
}

fn segment(page: &Page, heading: Option<&Block>, body: &[Block]) -> Segment {
    let place = heading
        .or_else(|| body.first())
        .map_or_else(|| page.document.start(), |block| page.place(&block.range));
    let mut segment = Segment {
        place,
        level: 0,
        title: String::new(),
        source: String::new(),
        anchor: None,
        body: body_range(body)
            .map(|range| page.source(range))
            .unwrap_or_default(),
        tasks: body.iter().flat_map(|block| tasks(page, block)).collect(),
    };
    if let Some(Block {
        kind: BlockKind::Heading(heading),
        ..
    }) = heading
    {
        segment.level = heading.level;
        segment.title = clean(&heading.text);
        segment.anchor.clone_from(&heading.anchor);
        segment.source = format!(
            "{} {}",
            "#".repeat(usize::from(heading.level)),
            heading.text.trim()
        );
    }
    segment
}

/// From the first block to the last, without the thematic breaks that set parts of a file apart.
fn body_range(body: &[Block]) -> Option<Range<usize>> {
    let is_text = |block: &&Block| !matches!(block.kind, BlockKind::Rule);
    let first = body.iter().find(is_text)?;
    let last = body.iter().rev().find(is_text)?;
    Some(first.range.start..last.range.end)
}

fn tasks(page: &Page, block: &Block) -> Vec<(Place, String)> {
    let BlockKind::List(items) = &block.kind else {
        return Vec::new();
    };
    let ticked = items.iter().filter(|item| item.checked.is_some());
    ticked
        .map(|item| (page.place(&item.text), page.line(item.text.clone())))
        .collect()
}
