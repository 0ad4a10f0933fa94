use serde_json::{Value, json};

use crate::support::start;

#[tokio::test]
async fn the_control_api_wants_token_host_and_origin() {
    let lb = start().await;
    let http = reqwest::Client::new();
    let url = format!("{}/_loopback/state", lb.api_url());
    let host = lb.api_url().replace("http://", "");
    let status = async |headers: &[(&str, &str)]| {
        let mut request = http.get(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("answer").status().as_u16()
    };
    let token = lb.page_token().to_owned();
    let own = format!("http://{host}");
    assert_eq!(status(&[]).await, 403);
    assert_eq!(status(&[("x-loopback-token", "wrong")]).await, 403);
    assert_eq!(status(&[("x-loopback-token", &token)]).await, 200);
    assert_eq!(
        status(&[("x-loopback-token", &token), ("origin", &own)]).await,
        200
    );
    assert_eq!(
        status(&[
            ("x-loopback-token", &token),
            ("origin", "http://evil.example")
        ])
        .await,
        403
    );
    assert_eq!(
        status(&[("x-loopback-token", &token), ("host", "evil.example")]).await,
        403
    );
    let in_query = http
        .get(format!("{url}?token={token}"))
        .send()
        .await
        .expect("answer");
    assert_eq!(in_query.status(), 200);
}

#[tokio::test]
async fn the_page_has_a_strict_policy_and_all_its_parts() {
    let lb = start().await;
    let page = reqwest::get(lb.page_url()).await.expect("page");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'"),
        "{policy}"
    );
    let html = page.text().await.expect("html");
    assert!(html.contains("/_page/app.js"));
    let mut wanted = vec!["app.js".to_owned(), "style.css".to_owned()];
    let mut seen = 0;
    while let Some(name) = wanted.get(seen).cloned() {
        seen += 1;
        let part = reqwest::get(format!("{}/_page/{name}", lb.api_url()))
            .await
            .expect("part");
        assert_eq!(part.status(), 200, "{name}");
        let text = part.text().await.expect("text");
        for import in text
            .split("from \"./")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            if !wanted.iter().any(|one| one == import) {
                wanted.push(import.to_owned());
            }
        }
    }
}

#[tokio::test]
async fn the_page_can_talk_and_listen() {
    let lb = start().await;
    let http = reqwest::Client::new();
    let token = lb.page_token().to_owned();
    let anna = lb.user("anna").id().to_string();
    let call = async |method: &str, path: &str, body: Value| -> (u16, Value) {
        let url = format!("{}/_loopback/{path}", lb.api_url());
        let request = http
            .request(method.parse().expect("method"), url)
            .header("x-loopback-token", &token)
            .body(body.to_string());
        let answer = request.send().await.expect("answer");
        (
            answer.status().as_u16(),
            answer.json().await.unwrap_or_default(),
        )
    };
    let (_, state) = call("GET", &format!("state?as={anna}"), Value::Null).await;
    assert_eq!(state["me"]["user"]["global_name"], "Anna");
    assert_eq!(state["bot"]["online"], false);
    assert!(
        !state["channels"]
            .as_array()
            .expect("list")
            .iter()
            .any(|one| one["name"] == "staff")
    );
    let channel = lb.channel_id("general").expect("channel").to_string();

    let mut events = http
        .get(format!(
            "{}/_loopback/events?as={anna}&token={token}",
            lb.api_url()
        ))
        .send()
        .await
        .expect("stream");
    let first = events.chunk().await.expect("chunk").expect("some");
    assert!(String::from_utf8_lossy(&first).contains("\"type\":\"bot\""));
    let (status, said) = call(
        "POST",
        "messages",
        json!({"as": anna, "channel_id": channel, "content": "hi"}),
    )
    .await;
    assert_eq!(status, 200, "{said}");
    let heard = events.chunk().await.expect("chunk").expect("some");
    assert!(String::from_utf8_lossy(&heard).contains("message_create"));
    let (_, list) = call(
        "GET",
        &format!("channels/{channel}/messages?as={anna}"),
        Value::Null,
    )
    .await;
    assert_eq!(
        list[0]["loopback"],
        json!({"ephemeral": false, "thinking": false})
    );
    let (status, refused) = call("POST", "interactions/command", json!({"as": anna, "channel_id": channel, "locale": "ru", "name": "nothing", "options": []})).await;
    assert_eq!(status, 400);
    assert!(
        refused["message"]
            .as_str()
            .expect("text")
            .contains("/nothing")
    );
    let before = lb.clock().now_ms();
    let (status, _) = call("POST", "clock", json!({"advance_seconds": 60})).await;
    assert!(status == 200 && lb.clock().now_ms() - before >= 60_000);
    assert_eq!(call("GET", "nowhere", Value::Null).await.0, 404);
}
