//! Turning the pages of a class report.

use async_trait::async_trait;

use super::{Component, Reaction, Use};
use crate::{
    app::{App, caller::Caller, error::Failure, show_class_report::show_class_report},
    view,
};

/// Pages of class reports.
pub struct Class;

#[async_trait]
impl Component for Class {
    fn names(&self) -> &'static [&'static str] {
        &["class"]
    }

    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure> {
        let report = show_class_report(app, caller, used.arg(0).parse().unwrap_or(0)).await?;
        Ok(Reaction::Update(view::class::view(&report, caller.locale)))
    }
}
