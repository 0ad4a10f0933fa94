//! Zips written byte by byte, so that they may say what no honest program writes.

/// One entry, as each of its three places tells it.
#[derive(Clone)]
pub struct Entry {
    /// Its name in the central directory, and in its own header unless `local_name` says otherwise.
    pub name: Vec<u8>,
    pub local_name: Option<Vec<u8>>,
    /// Its bytes as they are stored.
    pub bytes: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    /// The unpacked size in the central directory.
    pub size: u32,
    /// The unpacked size in its own header.
    pub local_size: u32,
    /// Unpacked size in a descriptor after its bytes, which is written when there is one.
    pub descriptor: Option<u32>,
    /// Unix mode; 0 is none.
    pub mode: u32,
    /// Where the central directory says it begins; `None` for the truth.
    pub offset: Option<u32>,
}

impl Entry {
    /// An honest entry, stored as it is.
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let size = u32::try_from(bytes.len()).expect("a small file");
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            bytes: bytes.to_vec(),
            method: 0,
            flags: 0x0800,
            size,
            local_size: size,
            descriptor: None,
            mode: 0,
            offset: None,
        }
    }
}

/// The zip of these entries.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = entry.offset.unwrap_or_else(|| length(&zip));
        let crc = crc32(&entry.bytes);
        let packed = length(&entry.bytes);
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        zip.extend(b"PK\x03\x04");
        short(&mut zip, &[20, entry.flags, entry.method, 0, 33]);
        let told = entry.descriptor.is_none();
        let of = |value: u32| if told { value } else { 0 };
        long(&mut zip, &[of(crc), of(packed), of(entry.local_size)]);
        short(&mut zip, &[small(local_name), 0]);
        zip.extend(local_name);
        zip.extend(&entry.bytes);
        if let Some(size) = entry.descriptor {
            zip.extend(b"PK\x07\x08");
            long(&mut zip, &[crc, packed, size]);
        }
        directory.extend(b"PK\x01\x02");
        let by_unix = 0x0314;
        short(
            &mut directory,
            &[by_unix, 20, entry.flags, entry.method, 0, 33],
        );
        long(&mut directory, &[crc, packed, entry.size]);
        short(&mut directory, &[small(&entry.name), 0, 0, 0, 0]);
        long(&mut directory, &[entry.mode << 16, offset]);
        directory.extend(&entry.name);
    }
    let start = length(&zip);
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06");
    let count = u16::try_from(entries.len()).expect("few entries");
    short(&mut zip, &[0, 0, count, count]);
    long(&mut zip, &[length(&directory), start]);
    short(&mut zip, &[0]);
    zip
}

fn short(into: &mut Vec<u8>, values: &[u16]) {
    into.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn long(into: &mut Vec<u8>, values: &[u32]) {
    into.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a small zip")
}

fn small(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).expect("a short name")
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}
