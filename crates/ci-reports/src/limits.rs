//! How much of a stranger's bytes is read.

use serde::Serialize;

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
}

impl Limits {
    /// Unpacked bytes of one entry below which its packing ratio does not matter.
    pub const RATIO_FLOOR: u64 = 1024 * 1024;

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
        }
    }
}
