use std::time::Duration;

use discord_loopback::{ActorError, ReplyKind};
use serde_json::{Value, json};

use crate::support::{Rest, Socket, buttons, guild, lesson_command, start};

async fn ready() -> (discord_loopback::Loopback, Rest, Socket) {
    let lb = start().await;
    let rest = Rest::of(&lb);
    rest.register(lesson_command()).await;
    let (socket, _) = Socket::ready(&lb, 0).await;
    (lb, rest, socket)
}

#[tokio::test]
async fn a_command_carries_a_complete_object() {
    let (lb, rest, mut socket) = ready().await;
    let asked = tokio::spawn({
        let anna = lb.user("anna").in_channel("general");
        async move {
            anna.slash("lesson")
                .opt("module", "AL1")
                .opt("page", "2")
                .await
        }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["type"], 2);
    assert_eq!(event["locale"], "ru");
    assert_eq!(event["guild_locale"], "en-US");
    assert_eq!(
        event["data"]["options"],
        json!([{"name": "module", "type": 3, "value": "AL1"}, {"name": "page", "type": 4, "value": 2}])
    );
    assert_eq!(event["member"]["user"]["username"], "anna");
    let bits: u64 = event["member"]["permissions"]
        .as_str()
        .expect("text")
        .parse()
        .expect("bits");
    assert_eq!((bits & (1 << 11) != 0, bits & (1 << 5) != 0), (true, false));
    assert_eq!(event["channel"]["name"], "general");
    assert_eq!(event["context"], 0);
    let (status, _) = rest
        .respond(
            &event,
            json!({"type": 4, "data": {"content": "Lesson AL1", "components": buttons()}}),
        )
        .await;
    assert_eq!(status, 204);
    let reply = asked.await.expect("task").expect("reply");
    assert_eq!(reply.kind, ReplyKind::Message);
    assert_eq!(
        reply.text(),
        "Lesson AL1\n[Next · primary] [Back · secondary, disabled]\n{Pick}\n  ( ) One\n  ( ) Two - the second"
    );
    lb.assert_clean();
}

#[tokio::test]
async fn three_seconds_without_an_answer_fail_and_a_late_answer_is_unknown() {
    let (lb, rest, mut socket) = ready().await;
    let asked = tokio::spawn({
        let anna = lb.user("anna");
        async move { anna.slash("lesson").opt("module", "AL1").await }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    lb.clock().advance(Duration::from_secs(4));
    let failed = asked.await.expect("task");
    assert!(
        matches!(
            failed,
            Err(ActorError::Failed {
                reason: "no_answer",
                ..
            })
        ),
        "{failed:?}"
    );
    let (status, said) = rest
        .respond(&event, json!({"type": 4, "data": {"content": "late"}}))
        .await;
    assert_eq!((status, said["code"].as_u64()), (404, Some(10_062)));
    assert_eq!(lb.violations().len(), 1);
}

#[tokio::test]
async fn a_second_acknowledgement_is_refused() {
    let (lb, rest, mut socket) = ready().await;
    let asked = tokio::spawn({
        let anna = lb.user("anna");
        async move { anna.slash("lesson").opt("module", "AL1").await }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    let body = json!({"type": 4, "data": {"content": "once"}});
    assert_eq!(rest.respond(&event, body.clone()).await.0, 204);
    let (status, said) = rest.respond(&event, body).await;
    assert_eq!((status, said["code"].as_u64()), (400, Some(40_060)));
    asked.await.expect("task").expect("reply");
}

#[tokio::test]
async fn a_deferred_answer_resolves_when_it_is_edited_and_stays_ephemeral() {
    let (lb, rest, mut socket) = ready().await;
    let anna = lb.user("anna").in_channel("general");
    let asked = tokio::spawn({
        let anna = anna.clone();
        async move { anna.slash("lesson").opt("module", "AL1").await }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    let (status, said) = rest
        .edit_original(&event, json!({"content": "too soon"}))
        .await;
    assert_eq!((status, said["code"].as_u64()), (404, Some(10_015)));
    rest.respond(&event, json!({"type": 5, "data": {"flags": 64}}))
        .await;
    assert_eq!(
        anna.messages("general").last().expect("one").text(),
        "(thinking)"
    );
    let (status, _) = rest.edit_original(&event, json!({"content": "done"})).await;
    assert_eq!(status, 200);
    let reply = asked.await.expect("task").expect("reply");
    assert!(reply.ephemeral);
    assert_eq!(
        (reply.kind, reply.text().as_str()),
        (ReplyKind::Deferred, "done")
    );
    assert_eq!(anna.messages("general").len(), 1);
    assert_eq!(lb.user("bob").messages("general").len(), 0);
    let channel = lb.channel_id("general").expect("channel");
    let (_, public) = rest.get(&format!("/channels/{channel}/messages")).await;
    assert_eq!(public, json!([]));
    assert!(matches!(
        lb.user("bob")
            .click(&reply.message.expect("message"), "x")
            .await,
        Err(ActorError::Refused(_))
    ));
}

#[tokio::test]
async fn a_token_dies_after_fifteen_minutes() {
    let (lb, rest, mut socket) = ready().await;
    let asked = tokio::spawn({
        let anna = lb.user("anna");
        async move { anna.slash("lesson").opt("module", "AL1").await }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    rest.respond(&event, json!({"type": 5})).await;
    lb.clock().advance(Duration::from_secs(15 * 60 + 1));
    let failed = asked.await.expect("task");
    assert!(
        matches!(
            failed,
            Err(ActorError::Failed {
                reason: "expired",
                ..
            })
        ),
        "{failed:?}"
    );
    let (status, said) = rest.edit_original(&event, json!({"content": "late"})).await;
    assert_eq!((status, said["code"].as_u64()), (401, Some(50_027)));
}

#[tokio::test]
async fn without_a_bot_the_person_hears_that_it_is_offline() {
    let lb = start().await;
    Rest::of(&lb).register(lesson_command()).await;
    let failed = lb.user("anna").slash("lesson").opt("module", "AL1").await;
    assert!(
        matches!(
            failed,
            Err(ActorError::Failed {
                reason: "bot_offline",
                ..
            })
        ),
        "{failed:?}"
    );
}

/// Answers every interaction by a function until the test ends.
fn serve(rest: Rest, mut socket: Socket, answer: fn(&Value) -> Value) {
    tokio::spawn(async move {
        loop {
            let event = socket.event("INTERACTION_CREATE").await;
            let (status, said) = rest.respond(&event, answer(&event)).await;
            assert_eq!(status, 204, "{said}");
        }
    });
}

#[tokio::test]
async fn buttons_menus_and_forms_lead_on() {
    let (lb, rest, socket) = ready().await;
    serve(rest, socket, |event| {
        match (event["type"].as_u64(), event["data"]["custom_id"].as_str()) {
            (Some(2), _) => {
                json!({"type": 4, "data": {"content": "start", "components": buttons()}})
            }
            (Some(3), Some("v1:next")) => json!({"type": 7, "data": {"content": "page 2"}}),
            (Some(3), Some("v1:pick")) => {
                json!({"type": 9, "data": {"custom_id": "form", "title": "Why?", "components": [
            {"type": 1, "components": [{"type": 4, "custom_id": "why", "label": "Because", "style": 2, "max_length": 10}]}]}})
            }
            (Some(5), _) => {
                json!({"type": 4, "data": {"content": event["data"]["components"][0]["components"][0]["value"], "flags": 64}})
            }
            _ => {
                json!({"type": 8, "data": {"choices": [{"name": "AL1 Basics", "name_localizations": {"ru": "AL1 Основы"}, "value": "AL1"}]}})
            }
        }
    });
    let anna = lb.user("anna").in_channel("general");
    let choices = anna
        .autocomplete("lesson")
        .focus("module", "al")
        .await
        .expect("choices");
    assert_eq!(
        (choices[0].name.as_str(), &choices[0].value),
        ("AL1 Основы", &json!("AL1"))
    );
    let first = anna
        .slash("lesson")
        .opt("module", "AL1")
        .await
        .expect("reply")
        .message
        .expect("message");
    let disabled = anna.click(&first, "Back").await;
    assert!(disabled.unwrap_err().to_string().contains("disabled"));
    let turned = anna.click(&first, "Next").await.expect("reply");
    assert_eq!(turned.kind, ReplyKind::Update);
    assert_eq!(turned.message.expect("message").content, "page 2");
    let bob = lb.user("bob");
    let form = bob
        .select(&first, "Pick", &["Two"])
        .await
        .expect("reply")
        .modal
        .expect("form");
    assert_eq!(form.text(), "form: Why?\n  Because: ____");
    assert!(
        bob.submit_modal(&form, &[("why", "far too long for it")])
            .await
            .is_err()
    );
    let sent = bob
        .submit_modal(&form, &[("why", "so")])
        .await
        .expect("reply");
    assert_eq!((sent.text().as_str(), sent.ephemeral), ("so", true));
    lb.assert_clean();
}

#[tokio::test]
async fn a_followup_fills_in_a_deferred_answer_first() {
    let (lb, rest, mut socket) = ready().await;
    let asked = tokio::spawn({
        let anna = lb.user("anna");
        async move { anna.slash("lesson").opt("module", "AL1").await }
    });
    let event = socket.event("INTERACTION_CREATE").await;
    rest.respond(&event, json!({"type": 5, "data": {"flags": 64}}))
        .await;
    let (_, first) = rest.follow_up(&event, json!({"content": "one"})).await;
    assert_eq!(first["flags"], 64);
    let (_, second) = rest.follow_up(&event, json!({"content": "two"})).await;
    assert_eq!(second["flags"], 0);
    assert_eq!(
        asked
            .await
            .expect("task")
            .expect("reply")
            .message
            .expect("message")
            .content,
        "one"
    );
}

#[tokio::test]
async fn commands_are_checked_as_the_client_checks_them() {
    let lb = guild().start().await.expect("start");
    let anna = lb.user("anna");
    let refused =
        |result: Result<discord_loopback::Reply, ActorError>| result.unwrap_err().to_string();
    assert!(refused(anna.slash("lesson").await).contains("no command /lesson"));
    Rest::of(&lb).register(lesson_command()).await;
    assert!(refused(anna.slash("lesson").await).contains("needs the option"));
    assert!(
        refused(
            anna.slash("lesson")
                .opt("module", "a")
                .opt("page", "x")
                .await
        )
        .contains("whole number")
    );
    assert!(
        refused(
            anna.slash("lesson")
                .opt("module", "a")
                .opt("page", 10)
                .await
        )
        .contains("does not allow")
    );
    assert!(refused(anna.slash("lesson").opt("modul", "a").await).contains("no option"));
    assert!(refused(anna.slash("report class").await).contains("permissions"));
    let ilya = lb.user("ilya");
    assert!(refused(ilya.slash("report").await).contains("subcommand"));
    assert!(refused(ilya.slash("report class").opt("form", "long").await).contains("no choice"));
    assert!(
        refused(ilya.slash("report class").opt("form", "кратко").await).contains("bot_offline")
    );
    lb.allow_command_for_everyone("report");
    assert!(refused(anna.slash("report").sub("class").await).contains("bot_offline"));
}
