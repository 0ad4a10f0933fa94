//! Whether the loopback forges answer as the originals do: every answer against a published schema.

use docent::play::wire::{Answer, Wire};
use jsonschema::Validator;
use regex::Regex;
use serde_json::Value;

/// The originals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Original {
    GitHub,
    GitLab,
    Gitea,
    Forgejo,
}

impl Original {
    const fn schemas(self) -> &'static str {
        match self {
            Self::GitHub => include_str!("../../data/forges/github.json"),
            Self::GitLab => include_str!("../../data/forges/gitlab.json"),
            Self::Gitea => include_str!("../../data/forges/gitea.json"),
            Self::Forgejo => include_str!("../../data/forges/forgejo.json"),
        }
    }

    /// Fails when one of the answers kept on a wire is none that the original gives.
    pub fn assert_true(self, wire: &Wire) {
        let schemas: Value = serde_json::from_str(self.schemas()).expect("schemas");
        let answers = wire.answers();
        let wrong: Vec<String> = answers
            .iter()
            .filter_map(|answer| wrong(&schemas, answer))
            .collect();
        assert!(wrong.is_empty(), "{self:?}:\n{}", wrong.join("\n"));
    }
}

/// What is wrong with an answer; `None` when it is as the original's.
fn wrong(schemas: &Value, answer: &Answer) -> Option<String> {
    if matches!(answer.status, 301..=399) {
        return None;
    }
    let is_refusal = answer.status >= 400;
    let name = if is_refusal {
        Some("error")
    } else {
        body_of(schemas, &answer.path)
    };
    let Some(name) = name else {
        return Some(format!("{}: no schema covers it", answer.path));
    };
    if answer.status == 204 {
        let why = || format!("{}: a body without content", answer.path);
        return (!answer.body.is_empty()).then(why);
    }
    // Storage answers in XML, and downloads are bytes.
    if name == "bytes" || answer.path.starts_with("/blobs/") {
        return None;
    }
    let body: Value = match serde_json::from_slice(&answer.body) {
        Ok(body) => body,
        Err(error) => return Some(format!("{}: {error}", answer.path)),
    };
    let errors = validator(schemas, name);
    let errors: Vec<String> = errors
        .iter_errors(&body)
        .take(5)
        .map(|error| format!("  {}: {error}", error.instance_path()))
        .collect();
    (!errors.is_empty()).then(|| format!("{} as {name}:\n{}", answer.path, errors.join("\n")))
}

/// The name of the body behind a path.
fn body_of<'a>(schemas: &'a Value, path: &str) -> Option<&'a str> {
    let fits = |route: &&Value| {
        let pattern = route["path"].as_str().map(Regex::new);
        matches!(pattern, Some(Ok(pattern)) if pattern.is_match(path))
    };
    schemas["routes"].as_array()?.iter().find(fits)?["body"].as_str()
}

fn validator(schemas: &Value, name: &str) -> Validator {
    let root = serde_json::json!({
        "$ref": format!("#/$defs/{name}"),
        "$defs": schemas["$defs"],
    });
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&root)
        .expect("a schema")
}

/// A body with a key that no answer has, in the body or in the first item of a list.
fn with_unknown_key(body: &Value) -> Value {
    let mut body = body.clone();
    let object = if body.is_array() {
        &mut body[0]
    } else {
        &mut body
    };
    object["unheard_of"] = Value::Null;
    body
}

#[test]
fn the_examples_of_github_are_answers_of_github_and_a_key_more_is_not() {
    let schemas: Value = serde_json::from_str(Original::GitHub.schemas()).expect("schemas");
    let examples = include_str!("../../data/forges/examples/github.json");
    let examples: Value = serde_json::from_str(examples).expect("examples");
    let told = |path: &str, body: &Value| {
        let (path, body) = (path.to_owned(), body.to_string().into_bytes());
        wrong(
            &schemas,
            &Answer {
                path,
                status: 200,
                body,
            },
        )
    };
    let examples = examples.as_object().expect("paths with bodies");
    assert!(!examples.is_empty());
    for (path, body) in examples {
        assert_eq!(told(path, body), None);
        let more = told(path, &with_unknown_key(body));
        assert!(more.is_some(), "{path} may have any key");
    }
}

#[test]
fn an_answer_that_the_original_does_not_give_is_told() {
    let schemas: Value = serde_json::from_str(Original::GitHub.schemas()).expect("schemas");
    let told = |path: &str, status: u16, body: &str| {
        let answer = Answer {
            path: path.to_owned(),
            status,
            body: body.as_bytes().to_vec(),
        };
        wrong(&schemas, &answer)
    };
    let tree = "/repos/a/b/git/trees/c";
    assert_eq!(
        told(tree, 200, r#"{"sha":"c","tree":[],"truncated":false}"#),
        None
    );
    let cut = told(tree, 200, r#"{"sha":"c","tree":[]}"#).expect("a missing key");
    assert!(cut.contains("truncated"), "{cut}");
    let more = told(
        tree,
        200,
        r#"{"sha":"c","tree":[],"truncated":false,"files":3}"#,
    );
    assert!(more.expect("an unknown key").contains("files"));
    assert!(told("/repos/a/b/elsewhere", 200, "{}").is_some());
    assert!(told(tree, 404, "<html>").is_some());
    assert_eq!(told(tree, 404, r#"{"message":"Not Found"}"#), None);
}
