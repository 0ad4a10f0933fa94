//! Somebody else's client, unmodified.

use std::time::Duration;

use serenity::all::{
    ActionRowComponent, AutocompleteChoice, Client, Command, CommandOptionType, Context,
    CreateActionRow, CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption,
    CreateEmbed, CreateInputText, CreateInteractionResponse, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, CreateModal, EditInteractionResponse, EventHandler,
    GatewayIntents, HttpBuilder, InputTextStyle, Interaction, Ready,
};
use serenity::async_trait;

use crate::support::guild;

struct Handler;

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, ready: Ready) {
        ctx.http.set_application_id(ready.application.id);
        let lesson = CreateCommand::new("lesson")
            .description("Read")
            .description_localized("ru", "Читать")
            .add_option(
                CreateCommandOption::new(CommandOptionType::String, "module", "Which")
                    .required(true)
                    .set_autocomplete(true),
            );
        Command::set_global_commands(&ctx.http, vec![lesson])
            .await
            .expect("commands");
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => {
                assert!(
                    command
                        .member
                        .as_ref()
                        .expect("member")
                        .permissions
                        .is_some()
                );
                command.defer_ephemeral(&ctx.http).await.expect("defer");
                let row = CreateActionRow::Buttons(vec![
                    CreateButton::new("note").label("Note"),
                    CreateButton::new("flip").label("Flip"),
                ]);
                let edit = EditInteractionResponse::new()
                    .content(format!("lesson for {}", command.locale))
                    .embed(CreateEmbed::new().title("AL1"))
                    .components(vec![row]);
                command.edit_response(&ctx.http, edit).await.expect("edit");
                command
                    .create_followup(
                        &ctx.http,
                        CreateInteractionResponseFollowup::new()
                            .content("more")
                            .ephemeral(true),
                    )
                    .await
                    .expect("follow-up");
            }
            Interaction::Autocomplete(call) => {
                let response = CreateAutocompleteResponse::new()
                    .set_choices(vec![AutocompleteChoice::new("AL1", "AL1")]);
                call.create_response(&ctx.http, CreateInteractionResponse::Autocomplete(response))
                    .await
                    .expect("choices");
            }
            Interaction::Component(call) if call.data.custom_id == "note" => {
                let rows = vec![CreateActionRow::InputText(CreateInputText::new(
                    InputTextStyle::Short,
                    "Text",
                    "text",
                ))];
                let modal = CreateModal::new("form", "Your note").components(rows);
                call.create_response(&ctx.http, CreateInteractionResponse::Modal(modal))
                    .await
                    .expect("modal");
            }
            Interaction::Component(call) => {
                let message = CreateInteractionResponseMessage::new()
                    .content("flipped")
                    .components(vec![]);
                call.create_response(&ctx.http, CreateInteractionResponse::UpdateMessage(message))
                    .await
                    .expect("update");
            }
            Interaction::Modal(call) => {
                let Some(ActionRowComponent::InputText(input)) = call
                    .data
                    .components
                    .first()
                    .and_then(|row| row.components.first())
                else {
                    panic!("no field");
                };
                let message = CreateInteractionResponseMessage::new().content(format!(
                    "noted: {}",
                    input.value.clone().unwrap_or_default()
                ));
                call.create_response(&ctx.http, CreateInteractionResponse::Message(message))
                    .await
                    .expect("message");
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_serenity_bot_lives_here() {
    let lb = guild().start().await.expect("start");
    let http = HttpBuilder::new(lb.bot_token())
        .proxy(lb.api_url())
        .ratelimiter_disabled(true)
        .build();
    let mut client = serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::GUILDS)
        .event_handler(Handler)
        .await
        .expect("client");
    *client.ws_url.lock().await = lb.gateway_url().as_str().into();
    let bot = tokio::spawn(async move { run(&mut client).await });
    assert!(lb.bot_online().await && lb.wait_commands_registered().await);

    let anna = lb.user("anna").in_channel("general");
    let choices = anna
        .autocomplete("lesson")
        .focus("module", "a")
        .await
        .expect("choices");
    assert_eq!(choices[0].name, "AL1");
    let reply = anna
        .slash("lesson")
        .opt("module", "AL1")
        .await
        .expect("reply");
    assert!(reply.ephemeral && reply.ack_ms < 3_000);
    assert!(
        reply
            .text()
            .starts_with("lesson for ru\n| # AL1\n[Note · primary] [Flip · primary]"),
        "{}",
        reply.text()
    );
    let message = reply.message.expect("message");

    lb.gateway().reconnect();
    wait_resumed(&lb).await;
    let form = anna
        .click(&message, "Note")
        .await
        .expect("form")
        .modal
        .expect("modal");
    let noted = anna
        .submit_modal(&form, &[("text", "ok")])
        .await
        .expect("note");
    assert_eq!(noted.text(), "noted: ok");
    let flipped = anna.click(&message, "flip").await.expect("update");
    // What the update does not name stays.
    assert_eq!(flipped.text(), "flipped\n| # AL1");
    lb.assert_clean();
    bot.abort();
    lb.shutdown().await;
}

async fn wait_resumed(lb: &discord_loopback::Loopback) {
    for _ in 0..100 {
        if lb.gateway().counts().1 > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the bot did not resume");
}

async fn run(client: &mut Client) {
    client.start().await.expect("the bot runs");
}
