//! Errors as Discord words them.

use serde_json::{Map, Value, json};

/// The errors of a form: Discord's tree, and the same in one line.
#[derive(Clone, Debug)]
pub struct Form {
    pub errors: Value,
    pub summary: String,
}

/// An answer that is an error.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub status: u16,
    pub code: u64,
    pub message: String,
    pub form: Option<Box<Form>>,
    /// The kind of violation that this is, if a right bot would never see it.
    pub violation: Option<&'static str>,
}

impl ApiError {
    pub fn new(status: u16, code: u64, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            form: None,
            violation: None,
        }
    }

    pub fn unknown(code: u64, what: &str) -> Self {
        Self::new(404, code, &format!("Unknown {what}"))
    }

    /// A mistake of the bot in the order of its calls.
    pub fn protocol(status: u16, code: u64, message: &str) -> Self {
        Self {
            violation: Some("protocol"),
            ..Self::new(status, code, message)
        }
    }

    pub fn missing_access() -> Self {
        Self::new(403, 50_001, "Missing Access")
    }

    pub fn missing_permissions() -> Self {
        Self::new(403, 50_013, "Missing Permissions")
    }

    pub fn body(&self) -> Value {
        let mut json = json!({"message": self.message, "code": self.code});
        if let Some(form) = &self.form {
            json["errors"] = form.errors.clone();
        }
        json
    }
}

/// What is wrong with a body, by the path of each field.
#[derive(Debug, Default)]
pub struct FormErrors {
    found: Vec<(Vec<String>, String, String)>,
    by_rule: bool,
}

impl FormErrors {
    pub fn add(&mut self, path: &[String], code: &str, message: impl Into<String>) {
        self.found
            .push((path.to_vec(), code.to_owned(), message.into()));
    }

    pub fn rule(&mut self, path: &[String], code: &str, message: impl Into<String>) {
        self.by_rule = true;
        self.add(path, code, message);
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `data.components.0: text; ...`
    pub fn summary(&self) -> String {
        let lines: Vec<String> = self
            .found
            .iter()
            .map(|(path, code, message)| format!("{}: {message} ({code})", path.join(".")))
            .collect();
        lines.join("; ")
    }

    /// The 400 that carries them, or nothing when there are none.
    pub fn into_result(self) -> Result<(), ApiError> {
        if self.is_empty() {
            return Ok(());
        }
        let summary = self.summary();
        let mut tree = Value::Object(Map::new());
        for (path, code, message) in &self.found {
            let mut node = &mut tree;
            for step in path {
                node = &mut node[step.as_str()];
            }
            let one = json!({"code": code, "message": message});
            match node["_errors"].as_array_mut() {
                Some(list) => list.push(one),
                None => node["_errors"] = json!([one]),
            }
        }
        Err(ApiError {
            status: 400,
            code: 50_035,
            message: "Invalid Form Body".to_owned(),
            form: Some(Box::new(Form {
                errors: tree,
                summary,
            })),
            violation: Some(if self.by_rule { "rule" } else { "schema" }),
        })
    }
}

/// A path of one more step.
pub fn below(path: &[String], step: impl std::fmt::Display) -> Vec<String> {
    let mut longer = path.to_vec();
    longer.push(step.to_string());
    longer
}
