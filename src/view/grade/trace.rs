//! The trace of a failure, trimmed to what is the member's own: frames of libraries, of the runner and
//! of the language are left out, the tool's words about the failure stay.

use ci_reports::shorten_path;

/// Folders of code that the member did not write.
const FOREIGN: &[&str] = &[
    "site-packages",
    "dist-packages",
    "node_modules",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".yarn",
];
/// Files of these kinds are named without their folder.
const JAVA: &[&str] = &[".java", ".kt", ".groovy", ".scala"];

/// What is left of a trace.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The trimmed lines.
    pub text: String,
    /// The member's own places that the failure went through, in the trace's order.
    pub frames: Vec<Frame>,
}

/// A place in the member's own files.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// `back/app/main.py:59`.
    pub place: String,
    /// The line of code that stands there; empty when the trace does not show it.
    pub code: String,
}

/// Whether a file is the member's own, and not one of a library's or the runner's.
pub fn is_own(file: &str) -> bool {
    let file = shorten_path(file);
    let drive = file.get(1..2) == Some(":");
    let outside = file.is_empty() || file.starts_with('/') || file.contains('<') || drive;
    let foreign = |part| part == ".." || FOREIGN.contains(&part);
    !outside && !file.starts_with("node:") && !file.split('/').any(foreign)
}

/// Trims the trace of the test `id`.
pub fn trim(trace: &str, id: &str) -> Trace {
    let mut trimming = Trimming {
        id,
        ..Trimming::default()
    };
    for line in trace.lines() {
        trimming.take(line);
    }
    trimming.finish()
}

/// Where a line says that code stands.
enum Place<'l> {
    /// After its code: pytest's `tests/test_a.py:5: AssertionError`.
    After(&'l str, u32),
    /// Before its code: Python's `File "a.py", line 5, in f` and pytest's `a.py:5: in f`.
    Before(&'l str, u32),
    /// By itself: JavaScript's `at f (a.js:4:39)`; no file when it is the language's own code.
    Alone(Option<(&'l str, u32)>),
}

#[derive(Default)]
struct Trimming<'l> {
    id: &'l str,
    kept: Vec<String>,
    frames: Vec<Frame>,
    /// Lines that wait for the place they belong to.
    waiting: Vec<&'l str>,
    /// Set below a place that comes before its code: whether that code is kept.
    follows: Option<bool>,
}

impl<'l> Trimming<'l> {
    fn take(&mut self, line: &'l str) {
        // pytest's line between two frames.
        if line.starts_with("_ _ _") {
            self.follows = None;
            return;
        }
        match find_place(line) {
            Some(Place::After(file, number)) => {
                self.follows = None;
                let code = self.waiting.iter().find_map(|line| line.strip_prefix('>'));
                let code = code.unwrap_or_default().trim().to_owned();
                if is_own(file) {
                    self.keep_waiting();
                    self.keep_frame(line, file, number, code);
                } else {
                    self.keep_words();
                }
            }
            Some(Place::Before(file, number)) => {
                self.keep_waiting();
                let own = is_own(file);
                if own {
                    self.keep_frame(line, file, number, String::new());
                }
                self.follows = Some(own);
            }
            Some(Place::Alone(place)) => {
                self.follows = None;
                self.keep_waiting();
                if let Some((file, number)) = place.filter(|(file, _)| self.is_own_call(file, line))
                {
                    self.keep_frame(line, file, number, String::new());
                }
            }
            None => self.take_words(line),
        }
    }

    fn take_words(&mut self, line: &'l str) {
        match self.follows.filter(|_| line.starts_with("    ")) {
            Some(true) => {
                if let Some(frame) = self.frames.last_mut().filter(|frame| frame.code.is_empty()) {
                    line.trim().clone_into(&mut frame.code);
                }
                self.kept.push(line.to_owned());
            }
            Some(false) => {}
            None => {
                self.follows = None;
                self.waiting.push(line);
            }
        }
    }

    /// Whether a call belongs to the member. Java names no folder: its own classes are those of the test's
    /// package.
    fn is_own_call(&self, file: &str, line: &str) -> bool {
        if !JAVA.iter().any(|ending| file.ends_with(ending)) || file.contains('/') {
            return is_own(file);
        }
        let call = line.trim_start().trim_start_matches("at ");
        let package: Vec<&str> = call.split('.').take(2).collect();
        self.id.starts_with(&package.join("."))
    }

    fn keep_waiting(&mut self) {
        let waiting = self.waiting.drain(..).map(str::to_owned);
        self.kept.extend(waiting);
    }

    /// Of a library's frame only what it said of the failure stays.
    fn keep_words(&mut self) {
        let said = self.waiting.drain(..).filter(|line| line.starts_with("E "));
        self.kept.extend(said.map(str::to_owned));
    }

    fn keep_frame(&mut self, line: &str, file: &str, number: u32, code: String) {
        let short = shorten_path(file);
        self.kept.push(line.replace(file, &short));
        self.frames.push(Frame {
            place: format!("{short}:{number}"),
            code,
        });
    }

    fn finish(mut self) -> Trace {
        self.keep_waiting();
        Trace {
            text: self.kept.join("\n").trim_matches('\n').to_owned(),
            frames: self.frames,
        }
    }
}

fn find_place(line: &str) -> Option<Place<'_>> {
    let inner = line.trim();
    if let Some(rest) = inner.strip_prefix("File \"") {
        let (file, rest) = rest.split_once("\", line ")?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        return Some(Place::Before(file, number.parse().ok()?));
    }
    let call = inner.strip_prefix("at ").or(inner.strip_prefix("❯ "));
    if let Some(call) = call.filter(|_| line.starts_with([' ', '\t'])) {
        let inside = call
            .strip_suffix(')')
            .and_then(|call| call.split_once(" (").or(call.split_once('(')));
        let place = inside.map_or(call.rsplit(' ').next().unwrap_or(call), |(_, place)| place);
        return match split_place(place) {
            None if !is_native(place) => None,
            found => Some(Place::Alone(found)),
        };
    }
    // Source and the tool's words are indented or marked; a place is not.
    if line.starts_with([' ', '\t', '>']) {
        return None;
    }
    let (place, after) = line
        .split_once(": ")
        .or(line.strip_suffix(':').map(|place| (place, "")))?;
    let (file, number) = split_place(place).filter(|(file, _)| is_file_name(file))?;
    if after.starts_with("in ") {
        Some(Place::Before(file, number))
    } else {
        Some(Place::After(file, number))
    }
}

/// Whether this may be a file of source code, and not a host with its port.
fn is_file_name(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.starts_with(|c: char| c.is_ascii_alphabetic()) && !file.contains(char::is_whitespace)
}

/// A place in the language's own code, which has no file.
fn is_native(place: &str) -> bool {
    let named = ["<anonymous>", "native", "Native Method", "Unknown Source"];
    named.contains(&place) || place.starts_with("index ")
}

/// `a.js:4:39` or `a.js:4`, as file and line.
fn split_place(text: &str) -> Option<(&str, u32)> {
    let (rest, last) = text.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    let longer = rest
        .rsplit_once(':')
        .and_then(|(file, line)| Some((file, line.parse().ok()?)));
    Some(longer.unwrap_or((rest, last))).filter(|(file, _)| !file.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(trace: &Trace) -> Vec<&str> {
        trace
            .frames
            .iter()
            .map(|frame| frame.place.as_str())
            .collect()
    }

    #[test]
    fn pytest_keeps_the_members_frames_and_the_words_of_the_library_that_raised() {
        let trace = trim(
            "def test_a():\n>       load()\n\ntests/test_a.py:5: \n_ _ _ _ _ _\n\n    def load():\n>       session.get()\n\n\
             /home/runner/work/shop/shop/back/app/main.py:12: \n_ _ _ _\n\n    def get():\n        helper = 1\n>       raise KeyError('x')\n\
             E       KeyError: 'x'\n\n/opt/python/lib/python3.13/site-packages/lib/core.py:99: KeyError",
            "tests.test_a::test_a",
        );
        assert_eq!(places(&trace), ["tests/test_a.py:5", "back/app/main.py:12"]);
        assert_eq!(trace.frames[1].code, "session.get()");
        assert!(
            trace.text.ends_with("E       KeyError: 'x'"),
            "{}",
            trace.text
        );
        assert!(
            !trace.text.contains("helper") && !trace.text.contains("core.py"),
            "{}",
            trace.text
        );
    }

    #[test]
    fn short_frames_and_python_s_own_traceback_take_their_code_with_them() {
        let trace = trim(
            "tests/test_a.py:5: in test_a\n    load()\n.venv/lib/python3.13/site-packages/lib.py:9: in get\n    raise X\nE   X: no",
            "",
        );
        assert_eq!(
            trace.text,
            "tests/test_a.py:5: in test_a\n    load()\nE   X: no"
        );
        let trace = trim(
            "Traceback (most recent call last):\n  File \"/builds/a/b/app.py\", line 3, in <module>\n    run()\n    ^^^^^\n  \
             File \"<frozen importlib._bootstrap>\", line 1, in run\n    no\nValueError: bad",
            "",
        );
        assert_eq!(
            trace.text,
            "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    run()\n    ^^^^^\nValueError: bad"
        );
        assert_eq!(
            trace.frames,
            [Frame {
                place: "app.py:3".to_owned(),
                code: "run()".to_owned()
            }]
        );
    }

    #[test]
    fn javascript_keeps_its_message_and_the_members_calls() {
        let trace = trim(
            "AssertionError: expected 2 to be 3\n    at /home/runner/work/shop/shop/front/a.test.js:4:39\n    \
             at file:///home/runner/work/shop/shop/front/node_modules/@vitest/runner/dist/chunk.js:302:11\n    at new Promise (<anonymous>)\n    \
             at process.run (node:internal/process/task:95:5)",
            "",
        );
        assert_eq!(
            trace.text,
            "AssertionError: expected 2 to be 3\n    at front/a.test.js:4:39"
        );
        assert_eq!(places(&trace), ["front/a.test.js:4"]);
        let trace = trim(
            "Error: no\n ❯ add src/a.js:4:39\n ❯ node_modules/x/y.js:1:1",
            "",
        );
        assert_eq!(places(&trace), ["src/a.js:4"]);
        let trace = trim("Error: look at me\nwe met at noon", "");
        assert_eq!(trace.text, "Error: look at me\nwe met at noon");
    }

    #[test]
    fn java_keeps_the_classes_of_the_test_s_own_package() {
        let trace = trim(
            "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n\tat org.junit.jupiter.api.Assertions.fail(Assertions.java:55)\n\
             \tat com.shop.CartTest.total(CartTest.java:12)\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)",
            "com.shop.CartTest.total",
        );
        assert_eq!(places(&trace), ["CartTest.java:12"]);
        assert!(!trace.text.contains("junit.jupiter"), "{}", trace.text);
    }

    #[test]
    fn whatever_a_trace_is_it_is_only_made_shorter() {
        for text in [
            "",
            "\n\n",
            "::::",
            "at ",
            "   at :",
            "a:1:",
            "File \"",
            "   at (",
            ">",
            "E",
            "é:9: in",
            "_ _ _",
            "localhost:5432: refused",
        ] {
            assert!(trim(text, "").text.len() <= text.len() + 1, "{text}");
        }
    }
}
