//! Seeing and ticking a checklist.

use std::collections::BTreeMap;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
    },
    domain::course::{Checklist, Course, Part},
};

/// The checklist of a part with the caller's ticks.
#[derive(Debug, Clone)]
pub struct ChecklistState<'a> {
    /// The part.
    pub part: &'a Part,
    /// Its checklist.
    pub checklist: &'a Checklist,
    /// Ticks by item.
    pub ticks: BTreeMap<String, bool>,
}

/// Shows the checklist of a part; without a name, the first that is not complete.
///
/// # Errors
/// Refuses a part that has no checklist.
pub async fn show_checklist<'a>(
    app: &'a App,
    caller: &Caller,
    name: Option<&str>,
) -> Result<ChecklistState<'a>, Failure> {
    let course = app.course(caller);
    let named = name
        .map(|name| course.find_part(name).ok_or_else(|| no_part(course, name)))
        .transpose()?;
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let ticks = app.store.list_ticks(&mut tx, enrolment.id).await?;
    app.store.commit(tx).await?;
    let open = || parts_with_checklist(course).find(|(_, list)| !is_complete(list, &ticks));
    let chosen = match named {
        Some(part) => part.checklist.as_ref().map(|list| (part, list)),
        None => open().or_else(|| parts_with_checklist(course).last()),
    };
    let (part, checklist) = chosen.ok_or_else(|| no_part(course, name.unwrap_or_default()))?;
    Ok(ChecklistState {
        part,
        checklist,
        ticks,
    })
}

/// Ticks or unticks an item.
///
/// # Errors
/// Refuses an item that the course does not have.
pub async fn tick_item<'a>(
    app: &'a App,
    caller: &Caller,
    item: &str,
    ticked: bool,
) -> Result<ChecklistState<'a>, Failure> {
    let course = app.course(caller);
    let (part, checklist) = parts_with_checklist(course)
        .find(|(_, list)| list.items.iter().any(|known| known.id == item))
        .ok_or(Refusal::Stale)?;
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    app.store.hold_enrolment(&mut tx, enrolment.id).await?;
    app.store
        .record_tick(&mut tx, enrolment.id, item, ticked)
        .await?;
    let ticks = app.store.list_ticks(&mut tx, enrolment.id).await?;
    app.store.commit(tx).await?;
    Ok(ChecklistState {
        part,
        checklist,
        ticks,
    })
}

/// Whether every item is ticked.
#[must_use]
pub fn is_complete(checklist: &Checklist, ticks: &BTreeMap<String, bool>) -> bool {
    checklist
        .items
        .iter()
        .all(|item| ticks.get(&item.id).copied().unwrap_or(false))
}

/// The parts that have a checklist, in order.
pub fn parts_with_checklist(course: &Course) -> impl Iterator<Item = (&Part, &Checklist)> {
    course
        .parts
        .iter()
        .filter_map(|part| part.checklist.as_ref().map(|list| (part, list)))
}

fn no_part(course: &Course, name: &str) -> Refusal {
    Refusal::NoPart {
        name: name.to_owned(),
        known: parts_with_checklist(course)
            .map(|(part, _)| part.code.clone())
            .collect(),
    }
}
