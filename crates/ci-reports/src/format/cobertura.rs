//! Cobertura XML.

use std::collections::{BTreeMap, HashMap};

use super::lcov::is_hit;
use crate::format::{Input, Reader, ends};
use crate::recognise::{Sample, Shape};
use crate::text;
use crate::xml::{Element, Node, Walk};
use crate::{Content, Coverage, FileCoverage, Ratio, ReadError, Report, Tool};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| ends(name, ".xml") && (name.contains("cobertura") || name == "coverage.xml"),
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    // Clover calls its root `coverage` too, but has a `project` in it and no rates.
    let Shape::Xml(xml) = &sample.shape else {
        return false;
    };
    let rated = xml.root_keys.iter().any(|key| key == "line-rate");
    let parts = xml
        .children
        .iter()
        .any(|child| matches!(child.as_str(), "packages" | "sources"));
    xml.root == "coverage" && (rated || parts)
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let mut walk = Walk::new(input.text, input.limits);
    let mut builder = Builder::new(input);
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) => builder.open(&element)?,
            Node::Close => builder.close(),
            Node::Comment(text) if text.contains("coverage.py") => {
                builder.tool = Some(Tool::CoveragePy);
            }
            Node::Comment(_) | Node::Text(_) => {}
        }
    }
    builder.finish()
}

/// Hits of one file's lines. A file may be several classes, and a line may stand in several.
#[derive(Default)]
struct File {
    path: String,
    lines: BTreeMap<u64, bool>,
}

struct Builder<'i, 't> {
    input: &'i Input<'t>,
    tool: Option<Tool>,
    lines: Option<Ratio>,
    /// Whether `lines` are counts and no mere rate.
    counted: bool,
    branches: Option<Ratio>,
    open: Vec<String>,
    files: Vec<File>,
    by_path: HashMap<String, usize>,
    current: Option<usize>,
}

impl<'i, 't> Builder<'i, 't> {
    fn new(input: &'i Input<'t>) -> Self {
        Self {
            input,
            tool: None,
            lines: None,
            counted: false,
            branches: None,
            open: Vec::new(),
            files: Vec::new(),
            by_path: HashMap::new(),
            current: None,
        }
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let name = element.name();
        match name {
            _ if self.open.is_empty() => self.root(element)?,
            "class" => self.current = Some(self.file(element)),
            // A method repeats lines of its class.
            "line"
                if self
                    .open
                    .iter()
                    .rev()
                    .nth(1)
                    .is_some_and(|parent| parent == "class") =>
            {
                self.line(element)?;
            }
            _ => {}
        }
        self.open.push(name.to_owned());
        Ok(())
    }

    fn close(&mut self) {
        if self.open.pop().is_some_and(|name| name == "class") {
            self.current = None;
        }
    }

    fn root(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let clover = element.attr("clover").is_some();
        if element.name() != "coverage" || clover {
            return Err(self.input.not_this("the root is no Cobertura `coverage`"));
        }
        self.lines = self.ratio(element, "lines-covered", "lines-valid", "line-rate")?;
        self.counted =
            element.count("lines-valid").is_some() && element.count("lines-covered").is_some();
        self.branches = self.ratio(element, "branches-covered", "branches-valid", "branch-rate")?;
        Ok(())
    }

    /// Counts if they are there, else the rate in ten-thousandths.
    fn ratio(
        &self,
        element: &Element<'_>,
        covered: &str,
        valid: &str,
        rate: &str,
    ) -> Result<Option<Ratio>, ReadError> {
        if let (Some(covered), Some(valid)) = (element.count(covered), element.count(valid)) {
            let ratio = Ratio::new(covered, valid);
            let ratio = ratio.ok_or_else(|| self.input.malformed("more covered than there is"));
            return ratio.map(Some);
        }
        let Some(text) = element.attr(rate) else {
            return Ok(None);
        };
        let parsed = text.trim().replace(',', ".").parse().ok();
        let ratio = parsed.and_then(Ratio::from_rate);
        ratio
            .map(Some)
            .ok_or_else(|| self.input.malformed("a rate is not between 0 and 1"))
    }

    fn file(&mut self, element: &Element<'_>) -> usize {
        let path = text::line(&element.attr("filename").unwrap_or_default());
        if let Some(index) = self.by_path.get(&path) {
            return *index;
        }
        let index = self.files.len();
        self.by_path.insert(path.clone(), index);
        self.files.push(File {
            path,
            lines: BTreeMap::new(),
        });
        index
    }

    fn line(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let Some(file) = self.current.and_then(|index| self.files.get_mut(index)) else {
            return Ok(());
        };
        let number = element.count("number");
        let number = number.ok_or_else(|| self.input.malformed("a line without its number"))?;
        let hits = element.attr("hits").unwrap_or_default();
        *file.lines.entry(number).or_default() |= is_hit(&hits);
        Ok(())
    }

    fn finish(self) -> Result<Report, ReadError> {
        let files: Vec<FileCoverage> = self.files.iter().map(File::coverage).collect();
        let mut sum = Ratio::default();
        for file in &files {
            sum.add(file.lines);
        }
        if self.lines.is_none() && files.is_empty() {
            return Err(self.input.not_this("neither rates nor files"));
        }
        let paths = files.iter().map(|file| file.path.as_str());
        let seen = self
            .tool
            .or_else(|| tool_of(paths))
            .unwrap_or(Tool::Cobertura);
        // The root's counts are believed when they are worse than the lines; its rate is rounded
        // and counts only where no lines are listed.
        let counted = self.lines.filter(|_| self.counted || sum.total == 0);
        let lines = counted.map_or(sum, |counted| counted.worse(sum));
        Ok(self.input.report(
            seen,
            Content::Coverage(Coverage {
                lines: Some(lines),
                branches: self.branches,
                files,
            }),
        ))
    }
}

impl File {
    fn coverage(&self) -> FileCoverage {
        let covered = self.lines.values().filter(|hit| **hit).count();
        FileCoverage {
            path: self.path.clone(),
            lines: Ratio {
                covered: covered as u64,
                total: self.lines.len() as u64,
            },
        }
    }
}

/// The coverage tool of a language, by the first file that tells.
pub(super) fn tool_of<'p>(mut paths: impl Iterator<Item = &'p str>) -> Option<Tool> {
    paths.find_map(|path| match path.rsplit('.').next()? {
        "py" => Some(Tool::CoveragePy),
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" => {
            Some(Tool::Istanbul)
        }
        _ => None,
    })
}
