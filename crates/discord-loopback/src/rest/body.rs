//! Request bodies: JSON, or multipart with `payload_json` and `files[n]`.

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::HeaderMap;
use serde_json::Value;

use super::error::{ApiError, FormErrors, below};
use crate::world::interactions::ATTACHMENT_LIMIT;
use crate::world::messages::{File, id_text};

/// Files of one message.
const MOST_FILES: usize = 10;

#[derive(Debug)]
pub struct Parsed {
    pub body: Value,
    /// By the number in `files[n]`.
    pub files: Vec<(String, File)>,
}

pub async fn parse(headers: &HeaderMap, bytes: Bytes) -> Result<Parsed, ApiError> {
    let kind = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return multipart(kind, bytes).await;
    }
    if bytes.is_empty() {
        return Ok(Parsed {
            body: Value::Null,
            files: Vec::new(),
        });
    }
    if !kind.starts_with("application/json") {
        let message = "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.";
        return Err(ApiError::protocol(400, 50_035, message));
    }
    Ok(Parsed {
        body: json_of(&bytes)?,
        files: Vec::new(),
    })
}

fn json_of(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|_| ApiError::protocol(400, 50_109, "The request body contains invalid JSON."))
}

async fn multipart(kind: &str, bytes: Bytes) -> Result<Parsed, ApiError> {
    let bad = |why: String| ApiError::protocol(400, 50_035, &format!("multipart body: {why}"));
    let mut request = Request::builder()
        .header("content-type", kind)
        .body(Body::from(bytes))
        .map_err(|error| bad(error.to_string()))?;
    // The server has measured the whole request before.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| bad(error.to_string()))?;
    let mut body = None;
    let mut files: Vec<(String, File)> = Vec::new();
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|error| bad(error.to_string()))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let content_type = part.content_type().map(ToOwned::to_owned);
        let data = part.bytes().await.map_err(|error| bad(error.to_string()))?;
        if name == "payload_json" {
            if body.replace(json_of(&data)?).is_some() {
                return Err(bad("payload_json is there twice".to_owned()));
            }
            continue;
        }
        let Some(key) = file_number(&name) else {
            let why = format!("a part is called {name:?}, not payload_json or files[n]");
            return Err(bad(why));
        };
        let Some(file_name) = file_name.filter(|name| !name.trim().is_empty()) else {
            return Err(bad(format!("{name} has no file name")));
        };
        if files.iter().any(|(known, _)| *known == key) {
            return Err(bad(format!("{name} is there twice")));
        }
        let content_type = content_type.unwrap_or_else(|| guess_type(&file_name).to_owned());
        let file = File {
            name: file_name,
            content_type,
            bytes: data.to_vec(),
            description: None,
        };
        files.push((key, file));
    }
    if files
        .iter()
        .any(|(_, file)| file.bytes.len() as u64 > ATTACHMENT_LIMIT)
    {
        return Err(ApiError::protocol(413, 40_005, "Request entity too large"));
    }
    // Discord would take a form without it, and with it everything that the bot meant to say.
    let body = body.ok_or_else(|| bad("payload_json is missing".to_owned()))?;
    Ok(Parsed { body, files })
}

/// The number in `files[n]`.
fn file_number(name: &str) -> Option<String> {
    let key = name.strip_prefix("files[")?.strip_suffix(']')?;
    let number: u16 = key.parse().ok()?;
    (number.to_string() == key).then(|| key.to_owned())
}

/// A message has room for ten files, and its `attachments` name each new one once.
pub fn check_files(parsed: &Parsed, errors: &mut FormErrors) {
    if parsed.files.len() > MOST_FILES {
        errors.rule(
            &["files".to_owned()],
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {MOST_FILES} or fewer in length."),
        );
    }
    for (key, part) in [
        (None, &parsed.body),
        (Some("data"), &parsed.body["data"]),
        (Some("message"), &parsed.body["message"]),
    ] {
        let Some(listed) = part["attachments"].as_array() else {
            continue;
        };
        let path: Vec<String> = key
            .into_iter()
            .chain(["attachments"])
            .map(ToOwned::to_owned)
            .collect();
        check_listed(listed, &parsed.files, &path, errors);
    }
}

fn check_listed(
    listed: &[Value],
    files: &[(String, File)],
    path: &[String],
    errors: &mut FormErrors,
) {
    let ids: Vec<String> = listed.iter().map(|one| id_text(&one["id"])).collect();
    for (index, id) in ids.iter().enumerate() {
        let small = id.parse::<u64>().is_ok_and(|id| id < 1_000);
        if small && !files.iter().any(|(key, _)| key == id) {
            errors.rule(
                &below(path, index),
                "ATTACHMENT_NOT_FOUND",
                format!("There is no files[{id}] for this attachment."),
            );
        }
        if ids.iter().take(index).any(|known| known == id) {
            errors.rule(
                &below(path, index),
                "ATTACHMENT_DUPLICATED",
                format!("Attachment {id} is listed twice."),
            );
        }
    }
    for (key, _) in files.iter().filter(|(key, _)| !ids.contains(key)) {
        errors.rule(
            path,
            "ATTACHMENT_NOT_LISTED",
            format!(
                "files[{key}] is not among the attachments, so the message would be without it."
            ),
        );
    }
}

pub fn guess_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "txt" | "md" | "csv" | "log" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "zip" => "application/zip",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
