use discord_loopback::FaultRule;
use serde_json::{Value, json};

use crate::support::{Rest, guild, start};

async fn general() -> (discord_loopback::Loopback, Rest, String) {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let path = format!(
        "/channels/{}/messages",
        lb.channel_id("general").expect("channel")
    );
    (lb, rest, path)
}

#[tokio::test]
async fn a_posted_message_is_a_complete_object() {
    let (lb, rest, path) = general().await;
    let body = json!({"content": "Hello <@1> @everyone", "embeds": [{"title": "T", "fields": [{"name": "a", "value": "b"}]}],
        "allowed_mentions": {"parse": []}, "components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "Site", "url": "https://example.org"}]}]});
    let (status, message) = rest.send("POST", &path, body).await;
    assert_eq!(status, 200, "{message}");
    assert_eq!(message["embeds"][0]["type"], "rich");
    assert_eq!(message["components"][0]["components"][0]["id"], 2);
    assert_eq!(message["mention_everyone"], false);
    assert_eq!(message["author"]["bot"], true);
    let seen = lb.user("anna").messages("general");
    assert_eq!(
        seen[0].text(),
        "Hello @1 @everyone\n| # T\n| a: b\n[Site · link]"
    );
    let (status, edited) = rest
        .send(
            "PATCH",
            &format!("{path}/{}", message["id"].as_str().expect("id")),
            json!({"content": "Bye"}),
        )
        .await;
    assert_eq!((status, &edited["content"]), (200, &json!("Bye")));
    assert!(edited["edited_timestamp"].is_string());
    lb.assert_clean();
}

#[tokio::test]
async fn forms_that_discord_refuses_are_refused_and_recorded() {
    let (lb, rest, path) = general().await;
    let button = |id: &str| json!({"type": 2, "style": 1, "label": "x", "custom_id": id});
    let row = |inner: Value| json!([{"type": 1, "components": inner}]);
    let embed = json!({"description": "x".repeat(4_000)});
    let cases = [
        (json!({"content": "x".repeat(2_001)}), "content"),
        (json!({"embeds": [embed, embed]}), "embeds"),
        (
            json!({"content": "x", "components": row(json!([button("a"), button("a")]))}),
            "components",
        ),
        (
            json!({"content": "x", "components": row(json!([button(&"a".repeat(101))]))}),
            "components",
        ),
        (
            json!({"content": "x", "flags": 32_768, "components": [{"type": 10, "content": "y"}]}),
            "content",
        ),
        (
            json!({"content": "x", "components": [{"type": 10, "content": "y"}]}),
            "components",
        ),
        (json!({"content": "x", "embed": []}), "embed"),
    ];
    let count = cases.len();
    for (body, at) in cases {
        let (status, said) = rest.send("POST", &path, body).await;
        // The sixth and seventh would be over the limit of the route.
        lb.clock().advance(std::time::Duration::from_secs(6));
        assert_eq!(
            (status, said["code"].as_u64()),
            (400, Some(50_035)),
            "{said}"
        );
        assert_eq!(said["message"], "Invalid Form Body");
        assert!(said["errors"][at].is_object(), "{at}: {said}");
    }
    assert_eq!(lb.violations().len(), count);
    assert!(lb.user("anna").messages("general").is_empty());
    let (_, said) = rest.send("POST", &path, json!({"content": ""})).await;
    assert_eq!(said["code"], 50_006);
}

#[tokio::test]
async fn command_rules_hold() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let path = format!("/applications/{}/commands", rest.app);
    let base = json!({"name": "ok", "description": "x"});
    let with = |key: &str, value: Value| {
        let mut one = base.clone();
        one[key] = value;
        json!([one])
    };
    let cases = [
        with("name", json!("Upper")),
        with("name", json!("two words")),
        with("name_localizations", json!({"xx": "ok"})),
        with(
            "options",
            json!([{"type": 3, "name": "a", "description": "x"}, {"type": 3, "name": "b", "description": "x", "required": true}]),
        ),
        with(
            "options",
            json!([{"type": 3, "name": "a", "description": "x", "autocomplete": true, "choices": [{"name": "a", "value": "a"}]}]),
        ),
        json!([base, base]),
    ];
    for body in cases {
        lb.clock().advance(std::time::Duration::from_secs(21));
        let (status, said) = rest.send("PUT", &path, body.clone()).await;
        assert_eq!(
            (status, said["code"].as_u64()),
            (400, Some(50_035)),
            "{body} {said}"
        );
    }
    let (status, said) = rest
        .send(
            "PUT",
            &path,
            json!([{"name": "урок", "description": "x", "default_member_permissions": "32"}]),
        )
        .await;
    assert_eq!(
        (status, &said[0]["default_member_permissions"]),
        (200, &json!("32")),
        "{said}"
    );
    let id = said[0]["id"].clone();
    lb.clock().advance(std::time::Duration::from_secs(21));
    let (_, again) = rest
        .send("PUT", &path, json!([{"name": "урок", "description": "y"}]))
        .await;
    assert_eq!(again[0]["id"], id);
}

#[tokio::test]
async fn an_unknown_route_is_501_and_a_violation() {
    let (lb, rest, _) = general().await;
    let (status, _) = rest.send("POST", "/channels/1/typing", json!({})).await;
    assert_eq!(status, 501);
    assert_eq!(lb.violations()[0].kind, "route");
}

#[tokio::test]
async fn the_bot_needs_permissions_to_write() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    for (name, expected) in [
        ("quiet", (403, 50_013)),
        ("secret", (403, 50_001)),
        ("staff", (200, 0)),
    ] {
        let path = format!(
            "/channels/{}/messages",
            lb.channel_id(name).expect("channel")
        );
        let (status, said) = rest.send("POST", &path, json!({"content": "x"})).await;
        assert_eq!(
            (status, said["code"].as_u64().unwrap_or(0)),
            expected,
            "{name}"
        );
    }
    assert_eq!(lb.user("anna").messages("staff").len(), 0);
    assert_eq!(lb.user("ilya").messages("staff").len(), 1);
    assert_eq!(
        rest.send("POST", "/channels/77/messages", json!({"content": "x"}))
            .await
            .1["code"],
        10_003
    );
    let general = lb.channel_id("general").expect("channel");
    assert_eq!(
        rest.get(&format!("/channels/{general}/messages/77"))
            .await
            .1["code"],
        10_008
    );
    lb.assert_clean();
}

#[tokio::test]
async fn the_sixth_message_in_five_seconds_waits() {
    let (lb, rest, path) = general().await;
    for left in (0..5).rev() {
        let response = rest
            .raw("POST", &path, Some(&json!({"content": "x"})))
            .await;
        assert_eq!(
            response.headers()["x-ratelimit-remaining"],
            left.to_string()
        );
    }
    let response = rest
        .raw("POST", &path, Some(&json!({"content": "x"})))
        .await;
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    assert!(
        response.json::<Value>().await.expect("json")["retry_after"]
            .as_f64()
            .expect("seconds")
            > 0.0
    );
    lb.clock().advance(std::time::Duration::from_secs(5));
    assert_eq!(
        rest.send("POST", &path, json!({"content": "x"})).await.0,
        200
    );
    lb.assert_clean();
}

#[tokio::test]
async fn faults_come_on_order() {
    let (lb, rest, path) = general().await;
    lb.faults()
        .add(FaultRule::rate_limit("/messages", 0.5, "shared"));
    lb.faults().add(FaultRule::status("/messages", 502));
    let first = rest
        .raw("POST", &path, Some(&json!({"content": "x"})))
        .await;
    assert_eq!(
        (
            first.status().as_u16(),
            first.headers()["x-ratelimit-scope"].to_str().expect("text")
        ),
        (429, "shared")
    );
    assert_eq!(
        rest.send("POST", &path, json!({"content": "x"})).await.0,
        502
    );
    assert_eq!(
        rest.send("POST", &path, json!({"content": "x"})).await.0,
        200
    );
    lb.faults()
        .add(FaultRule::status("/messages", 500).after_effect());
    assert_eq!(
        rest.send(
            "POST",
            &path,
            json!({"content": "y", "nonce": "n1", "enforce_nonce": true})
        )
        .await
        .0,
        500
    );
    assert_eq!(
        rest.send(
            "POST",
            &path,
            json!({"content": "y", "nonce": "n1", "enforce_nonce": true})
        )
        .await
        .0,
        200
    );
    assert_eq!(lb.user("anna").messages("general").len(), 2);
}

#[tokio::test]
async fn dms_roles_and_forum_posts_work() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let anna = lb.user("anna").id();
    let (status, dm) = rest
        .send(
            "POST",
            "/users/@me/channels",
            json!({"recipient_id": anna.to_string()}),
        )
        .await;
    assert_eq!((status, dm["type"].as_u64()), (200, Some(1)));
    let path = format!("/channels/{}/messages", dm["id"].as_str().expect("id"));
    assert_eq!(
        rest.send("POST", &path, json!({"content": "psst"})).await.0,
        200
    );
    assert_eq!(lb.user("anna").dms()[0].content, "psst");
    assert!(
        lb.user("bob")
            .in_channel(dm["id"].as_str().expect("id"))
            .messages("general")
            .is_empty()
    );

    let role = lb.role_id("Instructor").expect("role");
    let guild = lb.guild_id("").expect("guild");
    let path = format!("/guilds/{guild}/members/{anna}/roles/{role}");
    assert_eq!(rest.raw("PUT", &path, None).await.status(), 204);
    assert_eq!(lb.roles_of("anna"), ["Instructor"]);
    let own = lb.role_id("Tutor").expect("role");
    assert_eq!(
        rest.raw(
            "PUT",
            &format!("/guilds/{guild}/members/{anna}/roles/{own}"),
            None
        )
        .await
        .status(),
        403
    );

    let forum = lb.channel_id("lessons").expect("forum");
    let (status, post) = rest
        .send(
            "POST",
            &format!("/channels/{forum}/threads"),
            json!({"name": "AL1", "message": {"content": "Read this"}}),
        )
        .await;
    assert_eq!(status, 201, "{post}");
    assert_eq!(post["message"]["id"], post["id"]);
    assert_eq!(lb.user("bob").messages("AL1")[0].content, "Read this");
    lb.assert_clean();
}

#[tokio::test]
async fn files_come_back_as_they_were_sent() {
    let (lb, rest, path) = general().await;
    let form = reqwest::multipart::Form::new()
        .text("payload_json", json!({"content": "see", "attachments": [{"id": 0, "filename": "report.txt", "description": "d"}]}).to_string())
        .part("files[0]", reqwest::multipart::Part::bytes(b"12345".to_vec()).file_name("report.txt"));
    let url = format!("{}/api/v10{path}", lb.api_url());
    let response = reqwest::Client::new()
        .post(url)
        .header("authorization", format!("Bot {}", lb.bot_token()))
        .multipart(form)
        .send()
        .await
        .expect("answer");
    let message: Value = response.json().await.expect("json");
    assert_eq!(message["attachments"][0]["size"], 5, "{message}");
    let file = reqwest::get(message["attachments"][0]["url"].as_str().expect("url"))
        .await
        .expect("file");
    assert_eq!(file.headers()["content-type"], "text/plain; charset=utf-8");
    let bytes = file.bytes().await.expect("bytes");
    assert_eq!(&bytes[..], b"12345");
    assert_eq!(
        lb.user("anna").messages("general")[0].text(),
        "see\nfile: report.txt (5 bytes)"
    );
    let seen = &lb.user("anna").messages("general")[0];
    assert_eq!(seen.file_names(), ["report.txt"]);
    assert_eq!(seen.read_file("report.txt").as_deref(), Some("12345"));
    drop(rest);
}

/// A form of these parts: name, file name (none for a field), text.
fn form(parts: &[(&'static str, Option<&'static str>, String)]) -> reqwest::multipart::Form {
    let mut form = reqwest::multipart::Form::new();
    for (name, file, text) in parts {
        let part = reqwest::multipart::Part::text(text.clone());
        let part = match file {
            Some(file) => part.file_name(*file),
            None => part,
        };
        form = form.part(*name, part);
    }
    form
}

/// A form that Discord refuses: its parts, the status, the code, and what is said.
type Refused = (
    Vec<(&'static str, Option<&'static str>, String)>,
    u16,
    u64,
    &'static str,
);

fn refused_forms() -> Vec<Refused> {
    let payload = |attachments: Value| {
        let text = json!({"content": "see", "attachments": attachments}).to_string();
        ("payload_json", None, text)
    };
    let one = || payload(json!([{"id": "0", "filename": "a.md"}]));
    let twice = || payload(json!([{"id": "0"}, {"id": "0"}]));
    let file = |name| (name, Some("a.md"), "text".to_owned());
    let large = ("files[0]", Some("a.md"), "a".repeat(10 * 1024 * 1024 + 1));
    let nameless = ("files[0]", None, String::new());
    let bad = |parts, said| (parts, 400, 50_035, said);
    vec![
        bad(vec![file("files[0]")], "payload_json is missing"),
        bad(vec![one()], "There is no files[0]"),
        bad(
            vec![payload(json!([])), file("files[0]")],
            "files[0] is not among",
        ),
        bad(vec![twice(), file("files[0]")], "listed twice"),
        bad(vec![one(), file("file")], "is called \"file\""),
        bad(
            vec![one(), file("files[0]"), file("files[0]")],
            "is there twice",
        ),
        bad(vec![one(), nameless], "no file name"),
        (vec![one(), large], 413, 40_005, "Request entity too large"),
    ]
}

#[tokio::test]
async fn files_are_refused_as_discord_refuses_them() {
    let lb = guild().start().await.expect("start");
    let channel = lb.channel_id("general").expect("channel");
    for (parts, status, code, said) in refused_forms() {
        // Past the limit of the route.
        lb.clock().advance(std::time::Duration::from_secs(10));
        let response = reqwest::Client::new()
            .post(format!(
                "{}/api/v10/channels/{channel}/messages",
                lb.api_url()
            ))
            .header("authorization", format!("Bot {}", lb.bot_token()))
            .multipart(form(&parts))
            .send()
            .await
            .expect("answer");
        assert_eq!(response.status(), status, "{said}");
        let body: Value = response.json().await.expect("json");
        assert_eq!(body["code"], code, "{body}");
        assert!(
            body.to_string().replace('\\', "").contains(said),
            "{said}: {body}"
        );
    }
    assert_eq!(lb.violations().len(), refused_forms().len());
    assert!(lb.user("anna").messages("general").is_empty());
}

#[tokio::test]
async fn the_world_survives_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("state.json");
    let lb = guild().state_file(&file).start().await.expect("start");
    let rest = Rest::of(&lb);
    let channel = lb.channel_id("general").expect("channel");
    rest.send(
        "POST",
        &format!("/channels/{channel}/messages"),
        json!({"content": "kept"}),
    )
    .await;
    rest.register(json!([{"name": "lesson", "description": "x"}]))
        .await;
    lb.shutdown().await;
    let lb = guild().state_file(&file).start().await.expect("start");
    assert_eq!(lb.channel_id("general"), Some(channel));
    assert_eq!(lb.user("anna").messages("general")[0].content, "kept");
    assert_eq!(lb.commands()[0]["name"], "lesson");
    let busy: u16 = lb
        .api_url()
        .rsplit(':')
        .next()
        .expect("port")
        .parse()
        .expect("number");
    let error = guild().port(busy).start().await.expect_err("busy");
    assert!(error.to_string().contains(&busy.to_string()));
}

#[tokio::test]
async fn an_escaped_original_is_the_original() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let (status, said) = rest
        .get(&format!(
            "/webhooks/{}/nonsense/messages/%40original",
            rest.app
        ))
        .await;
    assert_eq!((status, said["code"].as_u64()), (404, Some(10_015)));
}

#[tokio::test]
async fn a_wrong_token_is_401() {
    let lb = start().await;
    let answer = reqwest::Client::new()
        .get(format!("{}/api/v10/users/@me", lb.api_url()))
        .header("authorization", "Bot x")
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status(), 401);
}
