//! Why bytes did not become a report.

use serde::Serialize;

use crate::Format;

/// What is wrong with a file or an archive.
///
/// The variants are a vocabulary a caller can store and word in any language; `Display` is for
/// logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ReadError {
    /// More bytes than the limit, packed or unpacked.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// Which measure was exceeded.
        what: &'static str,
        /// The limit in bytes; for `"packing ratio"` it is unpacked bytes for one packed byte.
        limit: u64,
    },
    /// More items than the limit.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Which items: `"entries"`, `"cases"`, `"findings"`, `"steps"`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Elements or containers nest deeper than the limit.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// The file claims to be the format but breaks its grammar, or is cut short.
    #[error("broken {format}: {reason}")]
    Malformed {
        /// `"zip"`, `"xml"`, `"json"` or the name of a [`Format`].
        format: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// The bytes are no text in the declared or detected encoding.
    #[error("the text is not valid {encoding}")]
    Encoding {
        /// Name of the encoding that was tried.
        encoding: String,
    },
    /// The archive holds what no honest CI writes: links, paths that climb out, repeated names,
    /// sizes that lie.
    #[error("forged archive: {reason}")]
    Forged {
        /// What was found, with the entry's name.
        reason: String,
    },
    /// The file is readable but is not this kind of report.
    #[error("not a {format} report: {reason}")]
    NotThisFormat {
        /// The format that was asked for.
        format: Format,
        /// What is missing or what it is instead.
        reason: String,
    },
}

impl ReadError {
    pub(crate) fn malformed(format: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed {
            format,
            reason: crate::text::cut(&crate::text::plain(&reason.into()), 300).into_owned(),
        }
    }

    pub(crate) fn not_this(format: Format, reason: impl Into<String>) -> Self {
        Self::NotThisFormat {
            format,
            reason: crate::text::cut(&crate::text::plain(&reason.into()), 300).into_owned(),
        }
    }

    pub(crate) fn forged(reason: &str, entry: &str) -> Self {
        Self::Forged {
            reason: format!("{reason}: {:?}", crate::text::cut(entry, 200)),
        }
    }
}
