//! Artifacts: a zip, or one bare file.

mod local;

use std::collections::HashSet;
use std::io::{Cursor, Read};

use serde::Serialize;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Limits, ReadError};

/// A file of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchiveFile {
    /// Path in the archive: relative, forward slashes, no `.` or `..`.
    pub path: String,
    /// Its unpacked bytes.
    pub bytes: Vec<u8>,
}

/// Central headers may also occur inside packed data (an archive in the archive), so this many
/// times the allowed entries are let through to the parser.
const SIGNATURE_SLACK: usize = 8;

/// Unpacks an artifact in memory.
///
/// A body that is no zip is one file called `name`, as upload-artifact v7 writes with
/// `archive: false`. Folders are left out. A single file may be larger than `limits.file_bytes`
/// (videos lie beside reports); only reading it as a report is refused then.
///
/// # Errors
/// `TooLarge` and `TooMany` by the limits, `Malformed` for a broken, encrypted or unsupported
/// zip, `Forged` for links and other special files, absolute or climbing paths, repeated names,
/// overlapping entries and sizes that lie.
pub fn read_archive(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<ArchiveFile>, ReadError> {
    if bytes.len() as u64 > limits.archive_bytes {
        return Err(too_large("archive", limits.archive_bytes));
    }
    if !is_zip(bytes) {
        return bare_file(name, bytes, limits);
    }
    check_claims(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    check_directory(&mut archive, limits)?;
    let mut unpacker = Unpacker {
        limits,
        names: HashSet::new(),
        total: 0,
        files: Vec::new(),
    };
    for index in 0..archive.len() {
        unpacker.entry(&mut archive, bytes, index)?;
    }
    Ok(unpacker.files)
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn bare_file(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<ArchiveFile>, ReadError> {
    if bytes.len() as u64 > limits.total_bytes {
        return Err(too_large("unpacked archive", limits.total_bytes));
    }
    Ok(vec![ArchiveFile {
        path: clean_path(name)?,
        bytes: bytes.to_vec(),
    }])
}

/// Looks at the directory's claims before the zip crate sets memory aside for them.
fn check_claims(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    let allowed = limits.entries.saturating_mul(SIGNATURE_SLACK);
    let headers = positions(bytes, b"PK\x01\x02").take(allowed.saturating_add(1));
    if headers.count() > allowed {
        return Err(too_many(limits));
    }
    let tail_start = bytes.len().saturating_sub(1 << 17);
    let tail = bytes.get(tail_start..).unwrap_or_default();
    if positions(tail, b"PK\x06\x07").next().is_none() {
        return Ok(());
    }
    // A zip64 directory may claim any number of entries.
    let claims = positions(bytes, b"PK\x06\x06").filter_map(|at| bytes.get(at + 32..at + 40));
    let mut claims = claims.filter_map(|claim| Some(u64::from_le_bytes(claim.try_into().ok()?)));
    if claims.any(|claimed| claimed > allowed as u64) {
        return Err(too_many(limits));
    }
    Ok(())
}

fn positions<'a>(bytes: &'a [u8], signature: &'a [u8; 4]) -> impl Iterator<Item = usize> + 'a {
    let windows = bytes.windows(signature.len()).enumerate();
    windows.filter_map(move |(at, window)| (window == signature).then_some(at))
}

fn check_directory(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    limits: &Limits,
) -> Result<(), ReadError> {
    if archive.len() > limits.entries {
        return Err(too_many(limits));
    }
    if archive.has_duplicate_names() {
        return Err(forged("two entries have one name"));
    }
    if archive
        .has_overlapping_files()
        .map_err(|error| broken(&error))?
    {
        return Err(forged("entries share their bytes"));
    }
    Ok(())
}

struct Unpacker<'a> {
    limits: &'a Limits,
    names: HashSet<String>,
    total: u64,
    files: Vec<ArchiveFile>,
}

impl Unpacker<'_> {
    fn entry(
        &mut self,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        whole: &[u8],
        index: usize,
    ) -> Result<(), ReadError> {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = entry.name().map_err(|error| broken(&error))?.into_owned();
        if entry.is_symlink() || entry.unix_mode().is_some_and(is_special) {
            return Err(ReadError::forged("a link or a special file", &name));
        }
        if entry.is_dir() {
            return clean_path(name.trim_end_matches(['/', '\\'])).map(drop);
        }
        let path = clean_path(&name)?;
        if !self.names.insert(path.clone()) {
            return Err(ReadError::forged("two entries have one name", &path));
        }
        let (packed, declared) = (entry.compressed_size(), entry.size());
        let claim = local::Claim {
            name: entry.name_raw(),
            packed,
            size: declared,
        };
        if !claim.is_repeated(whole, entry.header_start()) {
            return Err(ReadError::forged("its two headers differ", &path));
        }
        let bytes = self.unpack(entry, packed)?;
        if bytes.len() as u64 != declared {
            return Err(ReadError::forged("the declared size is wrong", &path));
        }
        self.files.push(ArchiveFile { path, bytes });
        Ok(())
    }

    fn unpack(&mut self, entry: impl Read, packed: u64) -> Result<Vec<u8>, ReadError> {
        let room = self.limits.total_bytes.saturating_sub(self.total);
        let by_ratio = packed.saturating_mul(self.limits.ratio);
        let by_ratio = by_ratio.max(Limits::RATIO_FLOOR);
        let most = room.min(by_ratio);
        let mut bytes = Vec::new();
        let mut capped = entry.take(most.saturating_add(1));
        let read = capped.read_to_end(&mut bytes);
        if bytes.len() as u64 > most {
            return Err(if most == room {
                too_large("unpacked archive", self.limits.total_bytes)
            } else {
                too_large("packing ratio", self.limits.ratio)
            });
        }
        read.map_err(|error| ReadError::malformed("zip", error.to_string()))?;
        self.total = self.total.saturating_add(bytes.len() as u64);
        Ok(bytes)
    }
}

/// Whether a Unix mode names a kind other than a plain file or a folder.
const fn is_special(mode: u32) -> bool {
    !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000)
}

/// A path that stays inside the archive, with forward slashes.
fn clean_path(name: &str) -> Result<String, ReadError> {
    let slashed = name.replace('\\', "/");
    let drive = slashed.chars().nth(1) == Some(':')
        && slashed.starts_with(|c: char| c.is_ascii_alphabetic());
    if drive || slashed.starts_with('/') {
        return Err(ReadError::forged("an absolute path", name));
    }
    if slashed.chars().any(char::is_control) {
        return Err(ReadError::forged("a control character in a name", name));
    }
    let parts: Vec<&str> = slashed
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    if parts.contains(&"..") {
        return Err(ReadError::forged("a path that climbs out", name));
    }
    if parts.is_empty() {
        return Err(ReadError::forged("an entry without a name", name));
    }
    Ok(parts.join("/"))
}

fn broken(error: &ZipError) -> ReadError {
    ReadError::malformed("zip", error.to_string())
}

fn forged(reason: &str) -> ReadError {
    ReadError::Forged {
        reason: reason.to_owned(),
    }
}

const fn too_large(what: &'static str, limit: u64) -> ReadError {
    ReadError::TooLarge { what, limit }
}

const fn too_many(limits: &Limits) -> ReadError {
    ReadError::TooMany {
        what: "entries",
        limit: limits.entries,
    }
}
