//! Artifacts that no honest workflow uploads, and honest ones that look odd.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    Told, check_all,
    stage::{Attempt, COVERAGE, JUNIT, Stage, zip as zip_of},
    zips::{Entry, write},
};

/// The honest reports, as entries.
fn honest() -> Vec<Entry> {
    vec![
        Entry::new("junit.xml", JUNIT.as_bytes()),
        Entry::new("coverage.xml", COVERAGE.as_bytes()),
        Entry::new("ruff.json", b"[]"),
    ]
}

/// The honest reports and one more entry.
fn and(entry: Entry) -> Vec<u8> {
    let mut entries = honest();
    entries.push(entry);
    write(&entries)
}

/// An extra file under this name.
fn named(name: &[u8]) -> Vec<u8> {
    and(Entry {
        name: name.to_vec(),
        flags: 0,
        ..Entry::new("", b"x")
    })
}

/// An extra file, changed.
fn changed(change: impl FnOnce(&mut Entry)) -> Vec<u8> {
    let mut entry = Entry::new("notes.txt", b"forty-two");
    change(&mut entry);
    and(entry)
}

fn packed(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(name, options).expect("an entry");
    zip.write_all(bytes).expect("its bytes");
    zip.finish().expect("a zip").into_inner()
}

/// A zip in a zip in a zip, each 200 times as large as the one around it.
fn nested() -> Vec<u8> {
    let inner = packed("junit.xml", &vec![b' '; 190 * 1024]);
    let middle: Vec<_> = (0..200)
        .map(|index| (format!("{index}.zip"), inner.clone()))
        .collect();
    zip_of(&[("reports.zip".to_owned(), zip_of(&middle))])
}

fn many(count: usize) -> Vec<u8> {
    let entries: Vec<_> = (0..count)
        .map(|index| (format!("{index}.txt"), Vec::new()))
        .collect();
    zip_of(&entries)
}

fn overlapping() -> Vec<u8> {
    let mut entries = honest();
    entries.push(Entry {
        offset: Some(0),
        ..Entry::new("more.xml", JUNIT.as_bytes())
    });
    write(&entries)
}

/// A directory that claims four million entries.
fn claiming_the_world() -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(1 << 20, 0);
    let at = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for claim in [4_000_000, 4_000_000, 1 << 40, at - 8] {
        bytes.extend(claim.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(at.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0xFF; 16]);
    bytes.extend([0, 0]);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_refused_and_the_bot_goes_on() {
    let bodies = [
        (
            "twenty megabytes of nothing",
            packed("junit.xml", &vec![0; 20 << 20]),
            Told::TooLarge,
        ),
        ("five thousand entries", many(5_000), Told::TooLarge),
        (
            "a directory that claims millions",
            claiming_the_world(),
            Told::TooLarge,
        ),
        ("zips in zips stay closed", nested(), Told::Missing),
    ];
    check(bodies.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_leave_the_archive_and_things_that_are_no_files_are_refused() {
    let mut bodies: Vec<(&str, Vec<u8>, Told)> = [
        ("climbing", b"../junit.xml".as_slice()),
        ("climbing later", b"a/../../junit.xml"),
        ("climbing by backslashes", b"..\\..\\junit.xml"),
        ("absolute", b"/etc/passwd"),
        ("a drive", b"C:\\Windows\\win.ini"),
        ("a drive without a folder", b"c:junit.xml"),
        ("a share", b"\\\\server\\share\\x"),
        ("a control character", b"junit.xml\0.txt"),
        ("no name at all", b"./"),
        ("the same name twice", b"junit.xml"),
        ("the same name in disguise", b"./junit.xml"),
    ]
    .map(|(what, name)| (what, named(name), Told::Forged))
    .into();
    let modes = [
        ("a link", 0o120_777),
        ("a pipe", 0o010_644),
        ("a device", 0o060_644),
        ("a socket", 0o140_644),
    ];
    bodies
        .extend(modes.map(|(what, mode)| (what, changed(|entry| entry.mode = mode), Told::Forged)));
    check(bodies).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_contradicts_itself_is_refused() {
    let (entries, mut flipped) = (write(&honest()), write(&honest()));
    flipped[60] ^= 1;
    let bodies = [
        ("bytes that two entries share", overlapping(), Told::Forged),
        (
            "less in the directory",
            changed(|entry| entry.size = 3),
            Told::Forged,
        ),
        (
            "more in the directory",
            changed(|entry| entry.size = 900),
            Told::Forged,
        ),
        (
            "another size in its header",
            changed(|entry| entry.local_size = 3),
            Told::Forged,
        ),
        (
            "another size in its descriptor",
            changed(|entry| (entry.flags, entry.descriptor) = (0x0808, Some(3))),
            Told::Forged,
        ),
        (
            "another name in its header",
            changed(|entry| entry.local_name = Some(b"junit.xml".to_vec())),
            Told::Forged,
        ),
        ("a byte changed on the way", flipped, Told::Malformed),
        (
            "locked by a password",
            changed(|entry| entry.flags |= 1),
            Told::Malformed,
        ),
        (
            "packed in an unknown way",
            changed(|entry| entry.method = 99),
            Told::Malformed,
        ),
        (
            "cut short",
            entries[..entries.len() - 30].to_vec(),
            Told::Malformed,
        ),
        (
            "nothing but a beginning",
            b"PK\x03\x04".to_vec(),
            Told::Malformed,
        ),
    ];
    check(bodies.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_no_reports_earns_nothing() {
    let mut behind = b"#!/bin/sh\nexec true\n".to_vec();
    behind.extend(write(&honest()));
    let bodies = [
        ("no bytes", Vec::new(), Told::Missing),
        ("an empty zip", write(&[]), Told::Missing),
        ("a zip behind a script", behind, Told::Missing),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            Told::Missing,
        ),
    ];
    check(bodies.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_with_another_digest_are_refused() {
    let stage = Stage::open().await;
    for person in ["anna", "ben"] {
        let mut run = stage.run();
        run.digest = format!("sha256:{}", "0".repeat(64)).into();
        let seen = stage.submit(person, &run).await;
        assert_eq!(Told::of(&seen), Told::Forged, "{seen:?}");
        insta::assert_snapshot!(format!("attacks_{person}_digest"), seen.text);
        stage.is_well("another digest").await;
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_archives_that_look_odd_are_graded() {
    let mut large = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().large_file(true);
    for entry in honest() {
        let name = String::from_utf8(entry.name).expect("a name");
        large.start_file(name, options).expect("an entry");
        large.write_all(&entry.bytes).expect("its bytes");
    }
    let streamed: Vec<Entry> = honest()
        .into_iter()
        .map(|entry| Entry {
            flags: 0x0808,
            descriptor: Some(entry.size),
            ..entry
        })
        .collect();
    // "отчёт.txt" as DOS wrote it.
    let dos = b"\xAE\xE2\xE7\xF1\xE2.txt";
    let bodies = [
        (
            "zip64",
            large.finish().expect("a zip").into_inner(),
            Told::Best,
        ),
        (
            "streamed, as upload-artifact writes",
            write(&streamed),
            Told::Best,
        ),
        (
            "a Russian name in UTF-8",
            and(Entry::new("отчёт.txt", b"x")),
            Told::Best,
        ),
        ("a Russian name as DOS wrote it", named(dos), Told::Best),
        ("a name in other letters", named(b"JUNIT.XML"), Told::Best),
        ("dots within a name", named(b"a..b/c...txt"), Told::Best),
        (
            "a mode of a plain file",
            changed(|entry| entry.mode = 0o100_755),
            Told::Best,
        ),
    ];
    check(bodies.into()).await;
}

/// upload-artifact 7 uploads one file as it is with `archive: false`.
#[tokio::test(flavor = "multi_thread")]
async fn a_bare_report_is_read_by_its_content() {
    let stage = Stage::open().await;
    let run = stage.run().with_body(JUNIT.as_bytes().to_vec());
    let seen = stage.submit("ben", &run).await;
    assert!(seen.text.contains("pytest: passed 2"), "{seen:?}");
    assert!(
        !seen.text.contains("junit.xml"),
        "nothing is missing of the tests: {seen:?}"
    );
    assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");
    stage.end().await;
}

async fn check(bodies: Vec<(&'static str, Vec<u8>, Told)>) {
    let make = |run: Attempt, body: Vec<u8>| run.with_body(body);
    let attacks = bodies.into_iter();
    check_all(attacks.map(|(name, body, told)| (name, told, move |run| make(run, body)))).await;
}
