//! Artifacts, honest and forged.

use std::io::{Cursor, Write};

use ci_reports::{ArchiveFile, Limits, ReadError, read_archive};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::data;

fn read(bytes: &[u8]) -> Result<Vec<ArchiveFile>, ReadError> {
    read_archive("artifact", bytes, &Limits::default())
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("an entry");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

/// Replaces every occurrence, for names that the zip crate would not write.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
    }
    bytes
}

fn is_forged(bytes: &[u8]) -> bool {
    matches!(read(bytes), Err(ReadError::Forged { .. }))
}

#[test]
fn real_artifacts_with_data_descriptors_are_unpacked() {
    for (name, count) in [("back", 15), ("front", 12), ("e2e", 3)] {
        let files = read(&data(&format!("archive/12-flaky-retried-{name}.zip"))).expect(name);
        assert_eq!(files.len(), count, "{name}");
    }
    let files = read(&data("archive/12-flaky-retried-back.zip")).expect("files");
    let junit = files
        .iter()
        .find(|file| file.path == "junit.xml")
        .expect("junit.xml");
    assert_eq!(junit.bytes, data("junit/pytest-12-flaky-retried.xml"));
}

#[test]
fn a_bare_file_keeps_the_artifact_s_name() {
    let files = read_archive("flake8.txt", b"", &Limits::default()).expect("a file");
    assert_eq!(
        files,
        [ArchiveFile {
            path: "flake8.txt".to_owned(),
            bytes: Vec::new()
        }]
    );
    assert!(matches!(
        read_archive("../x", b"a", &Limits::default()),
        Err(ReadError::Forged { .. })
    ));
}

#[test]
fn folders_are_left_out_and_slashes_turned() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_directory("reports", SimpleFileOptions::default())
        .expect("a folder");
    writer
        .start_file("reports/a.txt", SimpleFileOptions::default())
        .expect("an entry");
    let bytes = writer.finish().expect("a zip").into_inner();
    let bytes = patched(bytes, b"reports/a.txt", b"reports\\a.txt");
    let files = read(&bytes).expect("files");
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].path, "reports/a.txt");
}

#[test]
fn links_climbing_and_absolute_paths_are_forged() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink("junit.xml", "/etc/passwd", SimpleFileOptions::default())
        .expect("a link");
    assert!(is_forged(&writer.finish().expect("a zip").into_inner()));
    for evil in [b"../xx", b"/etcx", b"C:\\xx", b"a/../", b"a\0bcd"] {
        let bytes = patched(zip(&[("12345", b"x")]), b"12345", &evil[..5]);
        assert!(is_forged(&bytes), "{}", String::from_utf8_lossy(evil));
    }
}

#[test]
fn repeated_names_are_forged() {
    let twice = patched(zip(&[("a.xml", b"1"), ("b.xml", b"2")]), b"b.xml", b"a.xml");
    assert!(is_forged(&twice));
    let disguised = patched(
        zip(&[("d/a.xml", b"1"), ("d/12a.x", b"2")]),
        b"d/12a.x",
        b"d/./a.x",
    );
    assert!(read(&disguised).is_ok());
    let disguised = patched(
        zip(&[("d/a.x", b"1"), ("d/12a.x", b"2")]),
        b"d/12a.x",
        b"d/./a.x",
    );
    assert!(is_forged(&disguised));
}

#[test]
fn a_bomb_is_refused_by_ratio_and_by_total() {
    let zeros = vec![0_u8; 20 << 20];
    let bomb = zip(&[("junit.xml", &zeros)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(
        read(&bomb),
        Err(ReadError::TooLarge {
            what: "packing ratio",
            limit: 200
        })
    );
    let limits = Limits {
        total_bytes: 1_000_000,
        ratio: 5_000,
        ..Limits::default()
    };
    assert_eq!(
        read_archive("a", &bomb, &limits),
        Err(ReadError::TooLarge {
            what: "unpacked archive",
            limit: 1_000_000
        })
    );
}

#[test]
fn a_small_repetitive_file_is_no_bomb() {
    let dull = vec![b'a'; 900_000];
    assert_eq!(
        read(&zip(&[("a.txt", &dull)])).expect("files")[0].bytes,
        dull
    );
}

#[test]
fn entries_and_packed_bytes_are_counted() {
    let names: Vec<String> = (0..2_001).map(|index| format!("{index}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), b"x".as_slice()))
        .collect();
    assert!(matches!(
        read(&zip(&entries)),
        Err(ReadError::TooMany {
            what: "entries",
            ..
        })
    ));
    let limits = Limits {
        archive_bytes: 10,
        ..Limits::default()
    };
    assert!(matches!(
        read_archive("a", b"more than ten", &limits),
        Err(ReadError::TooLarge {
            what: "archive",
            ..
        })
    ));
}

#[test]
fn a_directory_that_claims_the_world_sets_no_memory_aside() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(4 << 20, 0);
    let at = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(4_000_000_u64.to_le_bytes());
    bytes.extend(4_000_000_u64.to_le_bytes());
    bytes.extend((1_u64 << 40).to_le_bytes());
    bytes.extend((at - 8).to_le_bytes());
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(at.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0xFF; 16]);
    bytes.extend([0, 0]);
    assert!(matches!(read(&bytes), Err(ReadError::TooMany { .. })));
}

#[test]
fn entries_that_share_bytes_are_forged() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("a.txt", SimpleFileOptions::default())
        .expect("an entry");
    writer.write_all(&vec![b'x'; 1_000]).expect("its bytes");
    writer.shallow_copy_file("a.txt", "b.txt").expect("a copy");
    assert!(is_forged(&writer.finish().expect("a zip").into_inner()));
}

#[test]
fn two_headers_of_an_entry_say_the_same() {
    let honest = zip(&[("a.xml", b"1")]);
    let at = honest.len() - 22 - 46 - 5;
    let (local, directory) = honest.split_at(at);
    let other_name = [&patched(local.to_vec(), b"a.xml", b"b.xml"), directory].concat();
    assert!(is_forged(&other_name));
    let mut other_size = honest.clone();
    other_size[22] = 9;
    assert!(is_forged(&other_size));
    // A descriptor says the sizes after the bytes: the real ones do so.
    let mut real = data("archive/12-flaky-retried-e2e.zip");
    assert!(read(&real).is_ok());
    let descriptor = real.windows(4).position(|window| window == b"PK\x07\x08");
    real[descriptor.expect("a descriptor") + 12] ^= 1;
    assert!(is_forged(&real));
}

#[test]
fn sizes_that_lie_are_refused() {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.txt", options).expect("an entry");
    writer.write_all(&vec![b'x'; 70_000]).expect("its bytes");
    let honest = writer.finish().expect("a zip").into_inner();
    for claim in [1_u32, 69_999, 70_001, u32::MAX - 1] {
        let lying = patched(
            honest.clone(),
            &70_000_u32.to_le_bytes(),
            &claim.to_le_bytes(),
        );
        assert!(read(&lying).is_err(), "{claim}");
    }
}

#[test]
fn a_truncated_zip_is_an_error_at_every_length() {
    let whole = data("archive/12-flaky-retried-e2e.zip");
    for length in 4..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length}");
    }
}
