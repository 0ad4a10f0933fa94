//! A small guild, a raw gateway client and a raw REST client.

use std::time::Duration;

use discord_loopback::{Builder, Loopback, Person};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub fn guild() -> Builder {
    Loopback::builder()
        .bot_name("Tutor")
        .bot_token("the-token")
        .identify_spacing(Duration::from_millis(200))
        .guild("Study group", |guild| {
            guild
                .text_channel("general")
                .topic("Everything")
                .text_channel("staff")
                .only_for("Instructor")
                .text_channel("quiet")
                .bot_may_not_write()
                .text_channel("secret")
                .hidden_from_bot()
                .forum("lessons")
                .tag("AL1")
        })
        .person(Person::new("anna").display("Anna").locale("ru"))
        .person(Person::new("bob").display("Bob"))
        .person(Person::new("ilya").display("Ilya").instructor())
}

pub async fn start() -> Loopback {
    guild().start().await.expect("the loopback starts")
}

/// A bot's gateway connection by hand.
pub struct Socket {
    ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub hello: Value,
    pub last_seq: u64,
}

impl Socket {
    pub async fn open(lb: &Loopback, query: &str) -> Self {
        let url = format!("{}/?v=10&encoding=json{query}", lb.gateway_url());
        let (ws, _) = tokio_tungstenite::connect_async(url)
            .await
            .expect("the gateway answers");
        let mut socket = Self {
            ws,
            hello: Value::Null,
            last_seq: 0,
        };
        socket.hello = socket.next().await;
        socket
    }

    pub async fn send(&mut self, payload: Value) {
        self.ws
            .send(Message::text(payload.to_string()))
            .await
            .expect("sent");
    }

    pub async fn frame(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(Duration::from_secs(5), self.ws.next());
        next.await.expect("a frame in time").and_then(Result::ok)
    }

    pub async fn next(&mut self) -> Value {
        let frame = self.frame().await.expect("a frame");
        let Message::Text(text) = frame else {
            panic!("not text: {frame:?}");
        };
        let value: Value = serde_json::from_str(&text).expect("JSON");
        self.last_seq = value["s"].as_u64().unwrap_or(self.last_seq);
        value
    }

    /// The close code that comes next, skipping payloads.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.frame().await {
                Some(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Some(_) => {}
                None => return None,
            }
        }
    }

    pub async fn event(&mut self, name: &str) -> Value {
        loop {
            let payload = self.next().await;
            if payload["t"] == name {
                return payload["d"].clone();
            }
        }
    }

    pub fn identify(intents: u64) -> Value {
        json!({"op": 2, "d": {"token": "the-token", "intents": intents,
            "properties": {"os": "linux", "browser": "test", "device": "test"}}})
    }

    /// Opens a session and waits until it is ready.
    pub async fn ready(lb: &Loopback, intents: u64) -> (Self, Value) {
        let mut socket = Self::open(lb, "").await;
        socket.send(Self::identify(intents)).await;
        let ready = socket.event("READY").await;
        (socket, ready)
    }
}

/// REST with the bot's token.
pub struct Rest {
    http: reqwest::Client,
    base: String,
    pub app: String,
}

impl Rest {
    pub fn of(lb: &Loopback) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: format!("{}/api/v10", lb.api_url()),
            app: lb.application_id().to_string(),
        }
    }

    pub async fn raw(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Response {
        let mut request = self
            .http
            .request(
                method.parse().expect("a method"),
                format!("{}{path}", self.base),
            )
            .header("authorization", "Bot the-token");
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.expect("an answer")
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.raw(method, path, Some(&body)).await;
        (
            response.status().as_u16(),
            response.json().await.unwrap_or(Value::Null),
        )
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.raw("GET", path, None).await;
        (
            response.status().as_u16(),
            response.json().await.unwrap_or(Value::Null),
        )
    }

    pub async fn register(&self, commands: Value) {
        let (status, said) = self
            .send(
                "PUT",
                &format!("/applications/{}/commands", self.app),
                commands,
            )
            .await;
        assert_eq!(status, 200, "{said}");
    }

    pub async fn respond(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let (id, token) = (text(&interaction["id"]), text(&interaction["token"]));
        self.send(
            "POST",
            &format!("/interactions/{id}/{token}/callback"),
            body,
        )
        .await
    }

    pub async fn edit_original(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let path = format!(
            "/webhooks/{}/{}/messages/@original",
            self.app,
            text(&interaction["token"])
        );
        self.send("PATCH", &path, body).await
    }

    pub async fn follow_up(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let path = format!("/webhooks/{}/{}", self.app, text(&interaction["token"]));
        self.send("POST", &path, body).await
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn lesson_command() -> Value {
    json!([{"name": "lesson", "description": "Read a lesson", "options": [
        {"type": 3, "name": "module", "description": "Which", "required": true, "autocomplete": true},
        {"type": 4, "name": "page", "description": "Which page", "min_value": 1, "max_value": 9}]},
        {"name": "report", "description": "Reports", "default_member_permissions": "32", "options": [
            {"type": 1, "name": "class", "description": "The class", "options": [
                {"type": 3, "name": "form", "description": "How", "choices": [{"name": "Short", "name_localizations": {"ru": "\u{43a}\u{440}\u{430}\u{442}\u{43a}\u{43e}"}, "value": "short"}]}]}]}])
}

pub fn buttons() -> Value {
    json!([{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "Next", "custom_id": "v1:next"},
        {"type": 2, "style": 2, "label": "Back", "custom_id": "v1:back", "disabled": true}]},
        {"type": 1, "components": [{"type": 3, "custom_id": "v1:pick", "placeholder": "Pick", "options": [
            {"label": "One", "value": "1"}, {"label": "Two", "value": "2", "description": "the second"}]}]}])
}
