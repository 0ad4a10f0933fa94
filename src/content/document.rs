//! A file as text, with the way from an offset to a line.

use std::ops::Range;

use super::{
    SourceFile,
    diagnostic::{Diagnostics, Place},
};

/// Files over this size, in bytes, are not course content.
const LARGEST_FILE: usize = 4 * 1024 * 1024;

/// A decoded file: UTF-8, no byte order mark, lines end in `\n`.
#[derive(Debug, Clone)]
pub struct Document {
    /// Path as the caller named it.
    pub path: String,
    /// The text.
    pub text: String,
    newlines: Vec<usize>,
}

impl Document {
    /// The text of a file, unless it is too large or not UTF-8.
    pub fn decode(file: &SourceFile, out: &mut Diagnostics) -> Option<Self> {
        if file.bytes.len() > LARGEST_FILE {
            let message = format!(
                "the file is {} bytes long; content files end at {LARGEST_FILE}",
                file.bytes.len()
            );
            out.error(
                "unreadable-file",
                &Place::new(&file.path, 1),
                message,
                "Split the file.",
            );
            return None;
        }
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => Some(Self::new(&file.path, text)),
            Err(error) => {
                let good = file.bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = line_number(String::from_utf8_lossy(good).matches('\n').count());
                let message = "the file is not UTF-8 text".to_owned();
                out.error(
                    "not-utf8",
                    &Place::new(&file.path, line),
                    message,
                    "Save the file in UTF-8.",
                );
                None
            }
        }
    }

    /// A document of a text.
    pub fn new(path: &str, text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let newlines = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at)
            .collect();
        Self {
            path: path.to_owned(),
            text,
            newlines,
        }
    }

    /// The line of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        Place::new(
            &self.path,
            line_number(self.newlines.partition_point(|newline| *newline < offset)),
        )
    }

    /// The first line.
    pub fn start(&self) -> Place {
        Place::new(&self.path, 1)
    }

    /// A slice of the text; empty when the range is not in it.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

fn line_number(newlines_before: usize) -> u32 {
    u32::try_from(newlines_before)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}
