use std::time::Duration;

use serde_json::json;

use crate::support::{Rest, start};

#[tokio::test]
async fn a_person_waits_for_a_message_that_comes_later() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let anna = lb.user("anna");
    assert!(
        anna.wait_for_message("general", Duration::from_millis(50))
            .await
            .is_err()
    );
    let path = format!(
        "/channels/{}/messages",
        lb.channel_id("general").expect("channel")
    );
    let waiting = tokio::spawn({
        let anna = anna.clone();
        async move {
            anna.wait_for_message("general", Duration::from_secs(5))
                .await
        }
    });
    rest.send("POST", &path, json!({"content": "the run is graded"}))
        .await;
    assert_eq!(
        waiting.await.expect("task").expect("message").text(),
        "the run is graded"
    );
    assert!(
        anna.wait_for_message("general", Duration::from_millis(50))
            .await
            .is_err(),
        "read already"
    );
    assert!(lb.transcript().contains("Tutor in #general"));
}

#[tokio::test]
async fn layout_components_read_as_text() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    let path = format!(
        "/channels/{}/messages",
        lb.channel_id("general").expect("channel")
    );
    let body = json!({"flags": 32_768, "components": [{"type": 17, "components": [
        {"type": 10, "content": "# Question 1"}, {"type": 14},
        {"type": 9, "components": [{"type": 10, "content": "Hint"}], "accessory": {"type": 2, "style": 4, "label": "Give up", "custom_id": "g"}}]}]});
    let (status, said) = rest.send("POST", &path, body).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(
        lb.user("anna").messages("general")[0].text(),
        "| # Question 1\n| ---\n| Hint\n| [Give up · danger]"
    );
    lb.assert_clean();
}

#[tokio::test]
async fn an_unknown_person_is_named_in_the_error() {
    let lb = start().await;
    let error = lb.user("nobody").slash("x").await.unwrap_err().to_string();
    assert!(
        error.contains("nobody") && error.contains("anna"),
        "{error}"
    );
}
