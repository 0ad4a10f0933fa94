//! Request bodies: JSON, or multipart with `payload_json` and `files[n]`.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::error::{ApiError, FormErrors, below};
use crate::world::interactions::ATTACHMENT_LIMIT;
use crate::world::messages::{File, id_text};

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
    let request = Request::builder()
        .header("content-type", kind)
        .body(Body::from(bytes))
        .map_err(|error| bad(error.to_string()))?;
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| bad(error.to_string()))?;
    let mut parsed = Parsed {
        body: json!({}),
        files: Vec::new(),
    };
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
            parsed.body = json_of(&data)?;
        } else if let Some(key) = name
            .strip_prefix("files[")
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let file_name = file_name.unwrap_or_else(|| format!("file{key}"));
            let content_type = content_type.unwrap_or_else(|| guess_type(&file_name).to_owned());
            let file = File {
                name: file_name,
                content_type,
                bytes: data.to_vec(),
                description: None,
            };
            parsed.files.push((key.to_owned(), file));
        }
    }
    Ok(parsed)
}

/// Every file needs room, and every new attachment needs its file.
pub fn check_files(parsed: &Parsed, errors: &mut FormErrors) {
    if let Some((key, _)) = parsed
        .files
        .iter()
        .find(|(_, file)| file.bytes.len() as u64 > ATTACHMENT_LIMIT)
    {
        errors.rule(
            &["files".to_owned(), key.clone()],
            "BASE_TYPE_FILE_TOO_LARGE",
            "Request entity too large",
        );
    }
    for part in [&parsed.body, &parsed.body["data"], &parsed.body["message"]] {
        for (index, one) in part["attachments"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let id = id_text(&one["id"]);
            let small = id.parse::<u64>().is_ok_and(|id| id < 1_000);
            if small && !parsed.files.iter().any(|(key, _)| *key == id) {
                let path = below(&["attachments".to_owned()], index);
                errors.rule(
                    &path,
                    "ATTACHMENT_NOT_FOUND",
                    format!("There is no files[{id}] for this attachment."),
                );
            }
        }
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
