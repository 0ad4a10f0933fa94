//! What came of an interaction.

use serde_json::Value;

use super::transcript;
use super::view::MessageView;
use crate::ids::Id;
use crate::world::World;

/// How the bot answered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyKind {
    /// A message at once (4).
    Message,
    /// "is thinking...", then a message (5).
    Deferred,
    /// A promise to change the message of the component (6).
    DeferredUpdate,
    /// The message of the component was changed (7).
    Update,
    /// Choices for an option (8).
    Autocomplete,
    /// A form (9).
    Modal,
}

/// The final state of an answered interaction.
#[derive(Clone, Debug)]
pub struct Reply {
    /// From the call to the acknowledgement, on the loopback's clock.
    pub ack_ms: u64,
    /// The first response.
    pub kind: ReplyKind,
    /// The reply, or the changed message.
    pub message: Option<MessageView>,
    /// Later messages by the same token.
    pub followups: Vec<MessageView>,
    /// True when only one person sees it.
    pub ephemeral: bool,
    /// The form that was opened.
    pub modal: Option<Modal>,
    /// The offered choices.
    pub choices: Vec<Value>,
}

impl Reply {
    /// What the person sees: the message with its follow-ups, or the form.
    #[must_use]
    pub fn text(&self) -> String {
        let modal = self.modal.iter().map(Modal::text);
        let messages = self
            .message
            .iter()
            .chain(&self.followups)
            .map(|one| one.text().to_owned());
        modal.chain(messages).collect::<Vec<_>>().join("\n\n")
    }
}

/// A form that the bot has opened.
#[derive(Clone, Debug)]
pub struct Modal {
    /// The interaction that opened it.
    pub interaction: Id,
    /// The heading of the form.
    pub title: String,
    /// As the bot named it.
    pub custom_id: String,
    /// The whole Discord object.
    pub json: Value,
}

impl Modal {
    /// The form as a person reads it.
    #[must_use]
    pub fn text(&self) -> String {
        transcript::modal_text(&self.json)
    }
}

/// The outcome, once there is one. `give_up` takes an unfinished deferred update as it stands.
pub(crate) fn outcome(world: &World, id: Id, give_up: bool) -> Option<Result<Reply, &'static str>> {
    let interaction = world.interactions.get(&id)?;
    if let Some(failure) = interaction.failed {
        return Some(Err(failure.word()));
    }
    let kind = match interaction.response? {
        4 => ReplyKind::Message,
        5 => ReplyKind::Deferred,
        6 => ReplyKind::DeferredUpdate,
        7 => ReplyKind::Update,
        8 => ReplyKind::Autocomplete,
        _ => ReplyKind::Modal,
    };
    let taken_as_it_is = give_up && kind == ReplyKind::DeferredUpdate;
    if !interaction.settled && !taken_as_it_is {
        return None;
    }
    let ack = interaction.acked_ms.unwrap_or(interaction.raised_ms) - interaction.raised_ms;
    let modal = interaction.modal.as_ref().map(|json| Modal {
        interaction: id,
        title: json["title"].as_str().unwrap_or_default().to_owned(),
        custom_id: json["custom_id"].as_str().unwrap_or_default().to_owned(),
        json: json.clone(),
    });
    let message = interaction
        .original
        .and_then(|id| MessageView::of(world, id));
    Some(Ok(Reply {
        ack_ms: u64::try_from(ack).unwrap_or(0),
        kind,
        ephemeral: message
            .as_ref()
            .map_or(interaction.ephemeral, |one| one.ephemeral),
        message,
        followups: interaction
            .followups
            .iter()
            .filter_map(|id| MessageView::of(world, *id))
            .collect(),
        modal,
        choices: interaction.choices.clone().unwrap_or_default(),
    }))
}
