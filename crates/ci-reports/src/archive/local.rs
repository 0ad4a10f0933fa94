//! An entry's own header, which must repeat what the central directory says of it.
//!
//! Readers that stream believe the one, readers that seek the other: an archive whose two headers
//! differ is two archives.

/// What the central directory says of an entry.
pub(super) struct Claim<'a> {
    pub(super) name: &'a [u8],
    pub(super) packed: u64,
    pub(super) size: u64,
}

/// A size that a zip64 field gives instead.
const IN_ZIP64: u64 = 0xFFFF_FFFF;
/// The flag of an entry whose sizes follow its bytes.
const DESCRIPTOR: u64 = 1 << 3;

impl Claim<'_> {
    /// Whether the header at `start`, and the descriptor after the bytes, say the same.
    pub(super) fn is_repeated(&self, archive: &[u8], start: u64) -> bool {
        self.compare(archive, start).unwrap_or(false)
    }

    fn compare(&self, archive: &[u8], start: u64) -> Option<bool> {
        let header = archive.get(usize::try_from(start).ok()?..)?;
        let field = |at: usize, width: usize| number(header, at, width);
        let name_end = 30 + usize::try_from(field(26, 2)?).ok()?;
        let data = name_end + usize::try_from(field(28, 2)?).ok()?;
        if header.get(30..name_end)? != self.name {
            return Some(false);
        }
        let streamed = field(6, 2)? & DESCRIPTOR != 0;
        let told = |told: u64, claimed: u64| {
            told == claimed || told == IN_ZIP64 || (streamed && told == 0)
        };
        if !told(field(18, 4)?, self.packed) || !told(field(22, 4)?, self.size) {
            return Some(false);
        }
        if !streamed {
            return Some(true);
        }
        let end = data.checked_add(usize::try_from(self.packed).ok()?)?;
        let descriptor = header.get(end..)?;
        Some(self.is_described(descriptor))
    }

    /// A descriptor may begin with a signature, and has sizes of four or, by zip64, of eight bytes.
    fn is_described(&self, descriptor: &[u8]) -> bool {
        let marked = descriptor.starts_with(b"PK\x07\x08");
        let starts = if marked { &[8, 4][..] } else { &[4] };
        let mut forms = starts.iter().flat_map(|start| [(*start, 4), (*start, 8)]);
        forms.any(|(start, width)| {
            number(descriptor, start, width) == Some(self.packed)
                && number(descriptor, start + width, width) == Some(self.size)
        })
    }
}

/// A number of `width` bytes, the lowest first.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    let digits = field.iter().rev();
    Some(digits.fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}
