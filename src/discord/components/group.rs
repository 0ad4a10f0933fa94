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
        let group = answer_group(app, caller, id, step).await?;
        Ok(Reaction::Update(match step {
            GroupStep::Leave => view::group::left(&group, caller.locale),
            GroupStep::Join | GroupStep::Decline => view::group::shown(&group, caller.locale),
        }))
    }
}
