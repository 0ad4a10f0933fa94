//! Ticking items of a checklist.

use async_trait::async_trait;

use super::{Component, Reaction, Use};
use crate::{
    app::{App, caller::Caller, error::Failure, show_checklist::tick_item},
    view,
};

/// Items of checklists.
pub struct Checklist;

#[async_trait]
impl Component for Checklist {
    fn names(&self) -> &'static [&'static str] {
        &["tick"]
    }

    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure> {
        let state = tick_item(app, caller, used.arg(0), used.arg(1) == "1").await?;
        Ok(Reaction::Update(view::checklist::view(
            &state,
            caller.locale,
        )))
    }
}
