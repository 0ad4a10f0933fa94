//! Reports that no tool writes, and real ones in odd clothes.

use super::{
    Told, check_all,
    stage::{Attempt, COVERAGE, JUNIT},
};

/// A row of a table: what is odd, the report, and how the run ends.
type Row = (&'static str, Vec<u8>, Told);

fn junit(cases: &str) -> Vec<u8> {
    format!(r#"<testsuites name="pytest tests"><testsuite name="pytest">{cases}</testsuite></testsuites>"#)
        .into_bytes()
}

fn suite(attributes: &str, last: &str) -> Vec<u8> {
    format!(
        r#"<testsuites name="pytest tests"><testsuite name="pytest" {attributes}><testcase classname="tests.test_count" name="test_files"/>{last}</testsuite></testsuites>"#
    )
    .into_bytes()
}

const FOLDERS: &str = r#"<testcase classname="tests.test_count" name="test_folders"/>"#;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The honest report with Russian words in windows-1251.
fn cyrillic(declaration: &str) -> Vec<u8> {
    let body = JUNIT.split_once("?>").expect("a declaration").1;
    let mut bytes = format!("<?xml version=\"1.0\"{declaration}?><!-- ").into_bytes();
    bytes.extend([0xEF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]);
    bytes.extend(format!(" -->{body}").bytes());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_and_hostile_xml_is_no_report() {
    let deep = format!(
        "{}{}",
        "<testsuite name='a'>".repeat(1_000),
        "</testsuite>".repeat(1_000)
    );
    let laughs = (1..10).fold("<!ENTITY a0 'ha'>".to_owned(), |all, level| {
        let before = format!("&a{};", level - 1);
        format!("{all}<!ENTITY a{level} '{}'>", before.repeat(10))
    });
    let rows: [Row; 12] = [
        ("a thousand suites in each other", deep.into_bytes(), Told::Missing),
        (
            "billion laughs",
            format!("<!DOCTYPE t [{laughs}]><testsuite name='pytest'>&a9;{FOLDERS}</testsuite>").into_bytes(),
            Told::Missing,
        ),
        (
            "a file of the machine as an entity",
            format!("<!DOCTYPE t [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite name='&x;'>{FOLDERS}</testsuite>")
                .into_bytes(),
            Told::Missing,
        ),
        ("cut short", JUNIT.as_bytes()[..JUNIT.len() - 20].to_vec(), Told::Missing),
        ("two roots", format!("{JUNIT}<testsuite/>").into_bytes(), Told::Missing),
        ("words after the end", format!("{JUNIT} and more").into_bytes(), Told::Missing),
        ("closed in another order", b"<testsuites><testsuite></testsuites></testsuite>".to_vec(), Told::Missing),
        ("empty", Vec::new(), Told::Missing),
        ("a page of HTML", b"<!DOCTYPE html><html><body>404</body></html>".to_vec(), Told::Missing),
        ("a linter's report", br#"<testsuites><testsuite name="ruff" tests="1"><testcase name="No errors found"/></testsuite></testsuites>"#.to_vec(), Told::Missing),
        ("windows-1251 that is not declared", cyrillic(""), Told::Missing),
        ("an encoding that there is not", cyrillic(" encoding='klingon'"), Told::Missing),
    ];
    check("junit.xml", rows.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_larger_than_any_practice_makes_are_not_read() {
    use std::fmt::Write as _;
    let cases = (0..200_000).fold(String::new(), |mut all, index| {
        write!(all, "<testcase name='t{index}'/>").expect("memory");
        all
    });
    let words = "x".repeat(10 << 20);
    let rows: [Row; 2] = [
        ("two hundred thousand cases", junit(&cases), Told::Missing),
        (
            "a message of ten megabytes",
            junit(&format!(
                "{FOLDERS}<testcase name='a'><failure>{words}</failure></testcase>"
            )),
            Told::Missing,
        ),
    ];
    check("junit.xml", rows.into()).await;
    let finding =
        r#"{"code":"E1","message":"x","filename":"a.py","location":{"row":1,"column":1}},"#;
    let million = format!("[{}", "{},".repeat(1_000_000));
    let rows: [Row; 3] = [
        (
            "a million findings",
            format!("{million}{{}}]").into_bytes(),
            Told::Missing,
        ),
        (
            "sixty thousand findings",
            format!("[{}{{}}]", finding.repeat(60_000)).into_bytes(),
            Told::Missing,
        ),
        (
            "lists in lists",
            "[".repeat(100_000).into_bytes(),
            Told::Missing,
        ),
    ];
    check("ruff.json", rows.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_contradict_the_cases_earn_nothing() {
    let rows: [Row; 9] = [
        (
            "failures that no case shows",
            suite("tests='2' failures='1'", FOLDERS),
            Told::Less,
        ),
        (
            "errors that no case shows",
            suite("tests='2' errors='1'", FOLDERS),
            Told::Less,
        ),
        (
            "green numbers over a failure",
            suite(
                "tests='2' failures='0'",
                "<testcase classname='tests.test_count' name='test_folders'><failure>no</failure></testcase>",
            ),
            Told::Less,
        ),
        (
            "a failure beside a rescue",
            suite(
                "",
                &format!(
                    "<testcase classname='tests.test_count' name='test_folders'><failure>no</failure></testcase>{FOLDERS}"
                ),
            ),
            Told::Less,
        ),
        (
            "tests that are not listed",
            b"<testsuites name='pytest tests'><testsuite name='pytest' tests='2'/></testsuites>"
                .to_vec(),
            Told::Less,
        ),
        (
            "a failure of the suite",
            suite("", &format!("{FOLDERS}<failure>no</failure>")),
            Told::Less,
        ),
        (
            "a status that failed",
            suite(
                "",
                "<testcase classname='tests.test_count' name='test_folders' status='failed'/>",
            ),
            Told::Less,
        ),
        (
            "characters that no database keeps",
            suite(
                "",
                &format!(
                    "{FOLDERS}<testcase classname='a&#0;b' name='c&#0;&#x1;' file='&#0;'><failure message='&#0;expected 1 to equal 2&#0;'>&#0;assert 1 == 2&#0;</failure></testcase>"
                ),
            ),
            Told::Less,
        ),
        // What is no number says nothing; the cases do.
        (
            "numbers that are none",
            suite(
                "tests='-5' failures='NaN' errors='-1' time='1e999' skipped='99999999999999999999'",
                FOLDERS,
            ),
            Told::Best,
        ),
    ];
    check("junit.xml", rows.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coverage_is_never_more_than_all() {
    let of = |attributes: &str, inside: &str| {
        format!("<coverage {attributes}>{inside}</coverage>").into_bytes()
    };
    let line = |hits: &str| {
        format!(
            "<packages><package><classes><class filename='a.py'><lines><line number='1' hits='{hits}'/></lines></class></classes></package></packages>"
        )
    };
    let rows: [Row; 9] = [
        (
            "more covered than there is",
            of("lines-valid='10' lines-covered='99'", "<packages/>"),
            Told::Missing,
        ),
        (
            "nothing to cover",
            of("lines-valid='0' lines-covered='0'", "<packages/>"),
            Told::Less,
        ),
        (
            "something of nothing",
            of("lines-valid='0' lines-covered='5'", "<packages/>"),
            Told::Missing,
        ),
        (
            "a rate of 999",
            of("line-rate='9.99'", "<packages/>"),
            Told::Missing,
        ),
        (
            "a rate below nothing",
            of("line-rate='-1'", "<packages/>"),
            Told::Missing,
        ),
        (
            "a rate that is no number",
            of("line-rate='NaN'", "<packages/>"),
            Told::Missing,
        ),
        (
            "numbers below nothing",
            of(
                "lines-valid='-10' lines-covered='-10' line-rate='inf'",
                "<packages/>",
            ),
            Told::Missing,
        ),
        (
            "a rate that its lines deny",
            of("line-rate='1'", &line("0")),
            Told::Less,
        ),
        (
            "hits beyond any number",
            of("", &line("99999999999999999999999")),
            Told::Best,
        ),
    ];
    check("coverage.xml", rows.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lint_reports_that_no_linter_writes_earn_nothing() {
    let rows: [Row; 8] = [
        ("empty", Vec::new(), Told::Missing),
        (
            "characters that no database keeps",
            br#"[{"code":"E\u00001","message":"a\u0000b","filename":"a\u0000.py","location":{"row":1,"column":1}}]"#.to_vec(),
            Told::Less,
        ),
        (
            "half a letter",
            br#"[{"code":"E1","message":"\ud83d","filename":"\udc00.py","location":{"row":1,"column":1}}]"#.to_vec(),
            Told::Less,
        ),
        ("a number that is none", br#"[{"code":"E1","message":"x","filename":"a.py","location":{"row":NaN}}]"#.to_vec(), Told::Missing),
        ("another shape", br#"{"findings":0}"#.to_vec(), Told::Missing),
        ("two documents", b"[] []".to_vec(), Told::Missing),
        ("a line beyond any number", br#"[{"code":"E1","message":"x","filename":"a.py","location":{"row":1e308,"column":-5}}]"#.to_vec(), Told::Less),
        ("a finding without words", br#"[{"code":null,"message":"","filename":"a.py","location":{"row":1,"column":1}}]"#.to_vec(), Told::Less),
    ];
    check("ruff.json", rows.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_reports_in_odd_clothes_are_graded() {
    let marked = [b"\xEF\xBB\xBF".as_slice(), JUNIT.as_bytes()].concat();
    let body = JUNIT.split_once("?>").expect("a declaration").1;
    let rows: [Row; 8] = [
        ("a mark of UTF-8", marked, Told::Best),
        (
            "UTF-16 with its mark",
            [b"\xFF\xFE".as_slice(), &wide(body)].concat(),
            Told::Best,
        ),
        ("UTF-16 without a mark", wide(body), Told::Best),
        (
            "windows-1251 that is declared",
            cyrillic(" encoding='windows-1251'"),
            Told::Best,
        ),
        (
            "a document type without entities",
            format!("<!DOCTYPE testsuites SYSTEM 'http://127.0.0.1:9/x.dtd'>{body}").into_bytes(),
            Told::Best,
        ),
        (
            "comments and instructions",
            format!("<!-- a --><?x y?>{body}<!-- b -->").into_bytes(),
            Told::Best,
        ),
        (
            "a NUL among the output",
            junit(&format!(
                "<testcase classname='tests.test_count' name='test_files'><system-out>a\0b</system-out></testcase>{FOLDERS}"
            )),
            Told::Best,
        ),
        (
            "an unknown entity in the output",
            junit(&format!(
                "<testcase classname='tests.test_count' name='test_files'><system-out>&nbsp;&who;</system-out></testcase>{FOLDERS}"
            )),
            Told::Best,
        ),
    ];
    check("junit.xml", rows.into()).await;
    let rows: [Row; 2] = [
        ("a mark of UTF-8", [b"\xEF\xBB\xBF".as_slice(), COVERAGE.as_bytes()].concat(), Told::Best),
        ("commas in numbers", b"<coverage lines-valid='1,000' lines-covered='1,000' line-rate='1,0'><packages/></coverage>".to_vec(), Told::Best),
    ];
    check("coverage.xml", rows.into()).await;
}

async fn check(path: &'static str, rows: Vec<Row>) {
    let make = |run: Attempt, bytes: Vec<u8>| run.with_report(path, bytes);
    check_all(
        rows.into_iter()
            .map(|(name, bytes, told)| (name, told, move |run| make(run, bytes))),
    )
    .await;
}
