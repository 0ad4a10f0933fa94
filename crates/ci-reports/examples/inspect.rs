//! Says what each file or artifact named on the command line holds, one JSON line a report.

use std::io::Write as _;

use ci_reports::{Content, Limits, read_archive, read_report, recognise};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits::default();
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let name = path.rsplit('/').next().unwrap_or(&path);
        for file in read_archive(name, &bytes, &limits)? {
            let said = match recognise(&file.path, &file.bytes) {
                None => json!({ "format": null }),
                Some(format) => match read_report(format, None, &file.bytes, &limits) {
                    Err(error) => json!({ "format": format, "error": error.to_string() }),
                    Ok(report) => {
                        let content = match &report.content {
                            Content::Tests(tests) => {
                                json!({ "counts": tests.counts, "problems": tests.problems, "green": tests.is_green() })
                            }
                            Content::Coverage(coverage) => {
                                json!({ "lines": coverage.lines, "branches": coverage.branches })
                            }
                            Content::Lint(lint) => json!({ "findings": lint.findings.len() }),
                        };
                        json!({ "format": format, "tool": report.tool, "content": content })
                    }
                },
            };
            writeln!(out, "{}", json!({ "file": file.path, "report": said }))?;
        }
    }
    Ok(())
}
