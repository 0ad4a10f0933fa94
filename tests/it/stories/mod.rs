//! Stories: what people do, and what they see.

mod attacks;
mod bread;
mod checklist;
mod class;
mod faults;
mod forges;
mod help;
mod lesson;
mod link;
mod processes;
mod queue;
mod quiz;
mod submit;
mod trust;

/// Text without what differs from run to run: attempt ids, times, ports.
pub fn settled(text: &str) -> String {
    let text = regex::Regex::new("[0-9a-f]{32}")
        .expect("a pattern")
        .replace_all(text, "ID")
        .into_owned();
    regex::Regex::new(r"<t:\d+:t>")
        .expect("a pattern")
        .replace_all(&text, "TIME")
        .into_owned()
}
