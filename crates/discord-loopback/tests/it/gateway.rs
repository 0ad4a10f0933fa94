use std::io::Read as _;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Rest, Socket, guild, lesson_command, start};

#[tokio::test]
async fn a_session_begins_with_hello_ready_and_the_guild() {
    let lb = start().await;
    let (mut socket, ready) = Socket::ready(&lb, 1).await;
    assert_eq!(socket.hello["op"], 10);
    assert_eq!(ready["application"]["id"], lb.application_id().to_string());
    assert_eq!(ready["guilds"][0]["unavailable"], true);
    let guild = socket.event("GUILD_CREATE").await;
    assert_eq!(guild["name"], "Study group");
    assert_eq!(guild["channels"].as_array().expect("channels").len(), 5);
    assert!(
        guild["roles"]
            .as_array()
            .expect("roles")
            .iter()
            .any(|role| role["name"] == "Instructor")
    );
    socket.send(json!({"op": 1, "d": 2})).await;
    assert_eq!(socket.next().await["op"], 11);
    lb.assert_clean();
}

#[tokio::test]
async fn wrong_tokens_shards_intents_and_payloads_close_with_their_codes() {
    let lb = start().await;
    let mut bad_token = Socket::identify(0);
    bad_token["d"]["token"] = json!("nonsense");
    let mut bad_shard = Socket::identify(0);
    bad_shard["d"]["shard"] = json!([2, 2]);
    let cases = [
        (bad_token, 4004),
        (bad_shard, 4010),
        (Socket::identify(1 << 40), 4013),
        (Socket::identify(1 << 15), 4014),
        (json!({"op": 3, "d": {}}), 4003),
        (json!({"op": 99}), 4001),
    ];
    for (payload, code) in cases {
        let mut socket = Socket::open(&lb, "").await;
        socket.send(payload).await;
        assert_eq!(socket.closed().await, Some(code));
    }
    let (mut socket, _) = Socket::ready(&lb, 0).await;
    socket.send(Socket::identify(0)).await;
    assert_eq!(socket.closed().await, Some(4005));
}

#[tokio::test]
async fn a_lost_session_is_resumed_with_what_it_missed() {
    let lb = start().await;
    let rest = Rest::of(&lb);
    rest.register(lesson_command()).await;
    let (mut socket, ready) = Socket::ready(&lb, 0).await;
    let seq = socket.last_seq;
    lb.gateway().drop_tcp();
    assert_eq!(socket.closed().await, None);
    let anna = lb.user("anna").patience(Duration::from_millis(100));
    let _ = anna.slash("lesson").opt("module", "AL1").await;

    let mut again = Socket::open(&lb, "").await;
    again.send(json!({"op": 6, "d": {"token": "the-token", "session_id": ready["session_id"], "seq": seq}})).await;
    let missed = again.event("INTERACTION_CREATE").await;
    assert_eq!(missed["data"]["options"][0]["value"], "AL1");
    assert!(again.event("RESUMED").await.is_object());
    assert_eq!(lb.gateway().counts(), (1, 1));
}

#[tokio::test]
async fn an_invalid_session_must_identify_afresh() {
    let lb = start().await;
    let (mut socket, ready) = Socket::ready(&lb, 0).await;
    lb.gateway().invalid_session(false);
    let invalid = socket.next().await;
    assert_eq!(
        (invalid["op"].as_u64(), invalid["d"].as_bool()),
        (Some(9), Some(false))
    );
    let mut again = Socket::open(&lb, "").await;
    again.send(json!({"op": 6, "d": {"token": "the-token", "session_id": ready["session_id"], "seq": 1}})).await;
    assert_eq!(again.next().await["op"], 9);
}

#[tokio::test]
async fn identifying_too_soon_is_answered_with_an_invalid_session() {
    let lb = guild()
        .identify_spacing(Duration::from_secs(5))
        .start()
        .await
        .expect("start");
    let (_first, _) = Socket::ready(&lb, 0).await;
    let mut second = Socket::open(&lb, "").await;
    second.send(Socket::identify(0)).await;
    assert_eq!(second.next().await["op"], 9);
    assert_eq!(lb.violations().len(), 1);
}

#[tokio::test]
async fn payload_compression_sends_whole_zlib_streams() {
    let lb = start().await;
    let mut socket = Socket::open(&lb, "").await;
    let mut identify = Socket::identify(1);
    identify["d"]["compress"] = json!(true);
    socket.send(identify).await;
    for name in ["READY", "GUILD_CREATE"] {
        let Some(Message::Binary(bytes)) = socket.frame().await else {
            panic!("not binary");
        };
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(bytes.as_ref())
            .read_to_string(&mut text)
            .expect("zlib");
        assert!(text.contains(&format!("\"t\":\"{name}\"")), "{text}");
    }
}

#[tokio::test]
async fn a_transport_stream_is_one_zlib_stream() {
    let lb = start().await;
    let url = format!(
        "{}/?v=10&encoding=json&compress=zlib-stream",
        lb.gateway_url()
    );
    let (mut ws, _) = tokio_tungstenite::connect_async(url)
        .await
        .expect("connects");
    let mut inflate = flate2::Decompress::new(true);
    let mut out: Vec<u8> = Vec::with_capacity(1 << 16);
    for round in 0..3 {
        let Some(Ok(Message::Binary(bytes))) = ws.next().await else {
            panic!("not binary");
        };
        assert!(bytes.ends_with(&[0, 0, 0xff, 0xff]));
        inflate
            .decompress_vec(&bytes, &mut out, flate2::FlushDecompress::Sync)
            .expect("inflates");
        if round == 0 {
            ws.send(Message::text(Socket::identify(1).to_string()))
                .await
                .expect("sent");
        }
    }
    let text = String::from_utf8(out).expect("text");
    assert!(
        text.contains("READY") && text.contains("GUILD_CREATE"),
        "{text}"
    );
}

#[tokio::test]
async fn interactions_go_to_the_shard_of_their_guild() {
    let lb = guild().max_concurrency(2).start().await.expect("start");
    let rest = Rest::of(&lb);
    rest.register(lesson_command()).await;
    let right = (lb.guild_id("").expect("guild") >> 22) % 2;
    let mut sockets = Vec::new();
    for shard in 0..2_u64 {
        let mut socket = Socket::open(&lb, "").await;
        let mut identify = Socket::identify(0);
        identify["d"]["shard"] = json!([shard, 2]);
        socket.send(identify).await;
        socket.event("READY").await;
        sockets.push(socket);
    }
    let anna = lb.user("anna").patience(Duration::from_millis(100));
    let _ = anna.slash("lesson").opt("module", "AL1").await;
    let mine = sockets.swap_remove(usize::try_from(right).expect("small"));
    let mut mine = mine;
    assert_eq!(
        mine.event("INTERACTION_CREATE").await["data"]["name"],
        "lesson"
    );
    let other = tokio::time::timeout(Duration::from_millis(200), sockets[0].frame()).await;
    assert!(other.is_err(), "the other shard heard of it");
}

#[tokio::test]
async fn without_the_content_intent_a_persons_words_are_hidden() {
    let lb = start().await;
    let (mut socket, _) = Socket::ready(&lb, 1 << 9).await;
    lb.user("anna")
        .in_channel("general")
        .say("hello there")
        .expect("said");
    let heard = socket.event("MESSAGE_CREATE").await;
    assert_eq!(heard["content"], "");
    assert_eq!(heard["author"]["username"], "anna");
}
