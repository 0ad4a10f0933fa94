//! Stories: what people do, and what they see.

mod attacks;
mod audit;
mod bread;
mod checklist;
mod class;
mod consent;
mod evidence;
mod faults;
mod forge_faults;
mod forges;
mod github_app;
mod gitlab_proof;
mod group;
mod hand_in;
mod help;
mod lesson;
mod link;
mod links;
mod merge;
mod origin;
mod processes;
mod proof;
mod queue;
mod quiz;
mod regrade;
mod reply;
mod reruns;
mod run_states;
mod steps;
mod submit;
mod terms;
mod trust;
mod webhooks;
mod workers;

/// Text without what differs from run to run: attempt ids, times, ports.
pub fn settled(text: &str) -> String {
    let text = regex::Regex::new("[0-9a-f]{32}")
        .expect("a pattern")
        .replace_all(text, "ID")
        .into_owned();
    regex::Regex::new(r"<t:\d+:[a-z]>")
        .expect("a pattern")
        .replace_all(&text, "TIME")
        .into_owned()
}
