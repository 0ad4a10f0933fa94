//! From a message to the JSON that Discord takes.

use serde::Serialize;
use serde_json::{Value, json};
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed,
    CreateEmbedFooter, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, InputTextStyle, UserId,
};

use crate::{
    discord::rest::{Payload, Upload},
    view::{Button, Embed, Menu, Message, Modal, Row, Style, TextFile},
};

/// The flag of a message that only one person sees.
pub const PRIVATE: u64 = 1 << 6;

/// A message as every route takes it: callbacks, edits, follow-ups and posts alike.
#[derive(Debug, Serialize)]
pub struct Body {
    content: String,
    embeds: Vec<CreateEmbed>,
    components: Vec<CreateActionRow>,
    allowed_mentions: CreateAllowedMentions,
    /// What the message has for files after this, so that a repeated edit adds none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Value>,
    #[serde(skip)]
    files: Vec<Upload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforce_nonce: Option<bool>,
}

impl Body {
    /// The body of a message. It mentions nobody but those it names.
    #[must_use]
    pub fn new(message: &Message) -> Self {
        let mentioned = message
            .mentions
            .iter()
            .map(|id| UserId::new(id.cast_unsigned()));
        Self {
            content: message.content.clone(),
            embeds: message.embeds.iter().map(embed).collect(),
            components: message.rows.iter().map(row).collect(),
            allowed_mentions: CreateAllowedMentions::new().users(mentioned),
            attachments: message.files.iter().enumerate().map(attachment).collect(),
            files: message.files.iter().map(upload).collect(),
            flags: None,
            nonce: None,
            enforce_nonce: None,
        }
    }

    /// The same, seen by one person only.
    #[must_use]
    pub const fn private(mut self, private: bool) -> Self {
        self.flags = if private { Some(PRIVATE) } else { None };
        self
    }

    /// The same, posted once however often it is sent within a few minutes.
    #[must_use]
    pub fn once(mut self, nonce: String) -> Self {
        self.nonce = Some(nonce);
        self.enforce_nonce = Some(true);
        self
    }
}

impl From<Body> for Payload {
    fn from(mut body: Body) -> Self {
        let files = std::mem::take(&mut body.files);
        Self {
            json: Some(json!(body)),
            files,
        }
    }
}

impl Body {
    /// The payload of a first answer of this kind to an interaction.
    #[must_use]
    pub fn answering(self, kind: u8) -> Payload {
        let mut payload = Payload::from(self);
        payload.json = payload
            .json
            .map(|data| json!({ "type": kind, "data": data }));
        payload
    }
}

fn attachment((place, file): (usize, &TextFile)) -> Value {
    json!({ "id": place.to_string(), "filename": file.name, "description": file.about })
}

fn upload(file: &TextFile) -> Upload {
    Upload {
        name: file.name.clone(),
        text: file.text.clone(),
    }
}

/// The form of a modal.
pub fn modal(modal: &Modal) -> CreateModal {
    let input = CreateInputText::new(InputTextStyle::Short, &modal.label, "text").max_length(200);
    CreateModal::new(&modal.custom_id, &modal.title)
        .components(vec![CreateActionRow::InputText(input)])
}

fn embed(embed: &Embed) -> CreateEmbed {
    let fields = embed
        .fields
        .iter()
        .map(|field| (&field.name, &field.value, field.inline));
    let mut built = CreateEmbed::new()
        .description(&embed.description)
        .colour(embed.colour.rgb())
        .fields(fields);
    if !embed.title.is_empty() {
        built = built.title(&embed.title);
    }
    if !embed.footer.is_empty() {
        built = built.footer(CreateEmbedFooter::new(&embed.footer));
    }
    built
}

fn row(row: &Row) -> CreateActionRow {
    match row {
        Row::Buttons(buttons) => CreateActionRow::Buttons(buttons.iter().map(button).collect()),
        Row::Menu(menu) => CreateActionRow::SelectMenu(select(menu)),
    }
}

fn button(button: &Button) -> CreateButton {
    let style = match button.style {
        Style::Primary => ButtonStyle::Primary,
        Style::Secondary => ButtonStyle::Secondary,
        Style::Success => ButtonStyle::Success,
    };
    CreateButton::new(&button.custom_id)
        .label(&button.label)
        .style(style)
        .disabled(button.disabled)
}

fn select(menu: &Menu) -> CreateSelectMenu {
    let options = menu.options.iter().map(|option| {
        let built = CreateSelectMenuOption::new(&option.label, &option.value)
            .default_selection(option.chosen);
        if option.description.is_empty() {
            built
        } else {
            built.description(&option.description)
        }
    });
    CreateSelectMenu::new(
        &menu.custom_id,
        CreateSelectMenuKind::String {
            options: options.collect(),
        },
    )
    .placeholder(&menu.placeholder)
    .min_values(1)
    .max_values(menu.most)
}
