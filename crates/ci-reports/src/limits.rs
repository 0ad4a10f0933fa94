//! How much of a stranger's bytes is read.

use serde::Serialize;

use crate::ReadError;

/// The most a reader takes before it refuses.
///
/// The defaults suit the artifacts of a study project; an operator may set others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Bytes of one report, as stored in the archive's file.
    pub file_bytes: usize,
    /// Bytes of an archive as downloaded.
    pub archive_bytes: u64,
    /// Bytes of all files of an archive together, unpacked.
    pub total_bytes: u64,
    /// Entries of an archive, folders included.
    pub entries: usize,
    /// Unpacked bytes for one packed byte of an entry; looked at past [`Limits::RATIO_FLOOR`].
    pub ratio: u64,
    /// Nested XML elements. JSON may nest twice as deep: there one level is a list and an object.
    pub depth: usize,
    /// Test cases of one report.
    pub cases: usize,
    /// Lint findings of one report.
    pub findings: usize,
    /// Steps a parser may take over one report: brackets, commas and lines. Time is bounded by
    /// this and by the bytes, so a slow machine refuses nothing that a fast one reads.
    pub steps: usize,
}

impl Limits {
    /// Unpacked bytes of one entry below which its packing ratio does not matter.
    pub const RATIO_FLOOR: u64 = 1024 * 1024;

    /// Counts what a parser would stop at, before one is begun.
    pub(crate) fn check_work(&self, text: &str) -> Result<(), ReadError> {
        let stops = |byte: &u8| matches!(byte, b'<' | b'[' | b'{' | b',' | b'\n');
        if text.as_bytes().iter().filter(|byte| stops(byte)).count() > self.steps {
            return Err(ReadError::TooMany {
                what: "steps",
                limit: self.steps,
            });
        }
        Ok(())
    }

    /// Nested JSON containers that are read.
    pub(crate) fn json_depth(&self) -> usize {
        self.depth.saturating_mul(2)
    }
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            file_bytes: 8 * 1024 * 1024,
            archive_bytes: 64 * MIB,
            total_bytes: 64 * MIB,
            entries: 2_000,
            ratio: 200,
            depth: 32,
            cases: 100_000,
            findings: 50_000,
            steps: 4_000_000,
        }
    }
}
