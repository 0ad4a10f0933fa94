//! Joining, declining and leaving groups.

use async_trait::async_trait;

use super::{Component, Reaction, Use};
use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, GroupRefusal},
        form_group::{GroupStep, answer_group},
    },
    domain::locale::Locale,
    view,
};

/// Answers to invitations, and the way out.
pub struct Group;

#[async_trait]
impl Component for Group {
    fn names(&self) -> &'static [&'static str] {
        &["group-join", "group-decline", "group-leave"]
    }

    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure> {
        let id = used.arg(0).parse().map_err(|_| GroupRefusal::Gone)?;
        let step = match used.name.as_str() {
            "group-join" => GroupStep::Join,
            "group-decline" => GroupStep::Decline,
            _ => GroupStep::Leave,
        };
        // The invitation is everybody's: it stays in the language it was written in.
        let shown_in = Locale::from_discord(used.arg(1)).unwrap_or(caller.locale);
        let group = answer_group(app, caller, id, step).await?;
        Ok(Reaction::Update(match step {
            GroupStep::Leave => view::group::left(&group, caller.locale),
            GroupStep::Join | GroupStep::Decline => view::group::shown(&group, shown_in),
        }))
    }
}
