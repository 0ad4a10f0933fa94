//! Pages of a list, with the `Link` header that leads from one to the next.

use crate::play::http::Asked;
use serde_json::{Value, json};

/// One page, and the header beside it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) body: Value,
    pub(super) link: Option<String>,
}

/// Cuts the asked page out of all items: thirty a page, a hundred at most.
pub(super) fn page(api: &str, asked: &Asked, key: &str, items: Vec<Value>) -> Listed {
    let wanted = |name: &str| {
        asked
            .query(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let size = wanted("per_page").unwrap_or(30).clamp(1, 100);
    let number = wanted("page").unwrap_or(1).max(1);
    let total = items.len();
    let last = total.div_ceil(size).max(1);
    let shown: Vec<Value> = items
        .into_iter()
        .skip((number - 1).saturating_mul(size))
        .take(size)
        .collect();
    let mut relations = Vec::new();
    if number > 1 {
        relations.push((number - 1, "prev"));
    }
    if number < last {
        relations.push((number + 1, "next"));
        relations.push((last, "last"));
    }
    if number > 1 {
        relations.push((1, "first"));
    }
    let link: Vec<String> = relations
        .into_iter()
        .map(|(to, relation)| format!("<{}>; rel=\"{relation}\"", address(api, asked, to)))
        .collect();
    Listed {
        body: json!({ "total_count": total, key: shown }),
        link: (!link.is_empty()).then(|| link.join(", ")),
    }
}

/// The asked address, at another page.
fn address(api: &str, asked: &Asked, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &asked.query {
        if name != "page" {
            query.append_pair(name, value);
        }
    }
    query.append_pair("page", &page.to_string());
    format!("{api}{}?{}", asked.path, query.finish())
}
