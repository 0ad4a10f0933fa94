//! The embedded page and the files that messages carry.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::ids::Id;
use crate::world::Shared;

const INDEX: &str = include_str!("../../page/index.html");
const JS: &str = "text/javascript; charset=utf-8";
const PARTS: &[(&str, &str, &str)] = &[
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("../../page/style.css"),
    ),
    ("app.js", JS, include_str!("../../page/app.js")),
    ("composer.js", JS, include_str!("../../page/composer.js")),
    ("kit.js", JS, include_str!("../../page/kit.js")),
    ("markdown.js", JS, include_str!("../../page/markdown.js")),
    ("message.js", JS, include_str!("../../page/message.js")),
    ("modal.js", JS, include_str!("../../page/modal.js")),
    ("panels.js", JS, include_str!("../../page/panels.js")),
    ("words.js", JS, include_str!("../../page/words.js")),
];

pub fn index() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], INDEX).into_response()
}

pub async fn part(Path(name): Path<String>) -> Response {
    match PARTS.iter().find(|(file, _, _)| *file == name) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of a message. Pictures and texts are shown in place, texts as nothing but text; the rest is
/// offered for saving.
pub async fn attachment(
    State(shared): State<Arc<Shared>>,
    Path((_channel, id, _name)): Path<(Id, Id, String)>,
) -> Response {
    let Some(file) = shared.look(|world| world.files.get(&id).cloned()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let picture = ["image/png", "image/jpeg", "image/gif", "image/webp"]
        .contains(&file.content_type.as_str());
    let text = file.content_type.starts_with("text/");
    let kind = if text {
        HeaderValue::from_static("text/plain; charset=utf-8")
    } else {
        HeaderValue::from_str(&file.content_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"))
    };
    let way = if picture || text {
        "inline"
    } else {
        "attachment"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(way)),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
    ];
    (headers, file.bytes).into_response()
}
