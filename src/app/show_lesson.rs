//! Opening a lesson.

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
    },
    domain::course::{Course, Module},
};

/// A module to read, at a section.
#[derive(Debug, Clone)]
pub struct Lesson<'a> {
    /// Its course.
    pub course: &'a Course,
    /// The module.
    pub module: &'a Module,
    /// Where to begin: the anchor of a section, or the beginning.
    pub anchor: Option<String>,
    /// Whether the reader has just been enrolled.
    pub is_new_member: bool,
}

/// Opens a module by its code, id or title.
///
/// # Errors
/// Refuses a module that the course does not have.
pub async fn show_lesson<'a>(
    app: &'a App,
    caller: &Caller,
    name: &str,
) -> Result<Lesson<'a>, Failure> {
    let course = app.course(caller);
    let module = find_module(course, name).ok_or_else(|| Refusal::NoModule {
        name: name.to_owned(),
        known: course.modules().map(|module| module.code.clone()).collect(),
    })?;
    open(app, caller, module, None).await
}

/// Opens the module of a section, at that section.
///
/// # Errors
/// Refuses a section that is no longer in the course.
pub async fn show_section<'a>(
    app: &'a App,
    caller: &Caller,
    anchor: &str,
) -> Result<Lesson<'a>, Failure> {
    let course = app.course(caller);
    let (module, _) = course.find_section(anchor).ok_or(Refusal::NoSection)?;
    open(app, caller, module, Some(anchor.to_owned())).await
}

/// Records that a module was read to its end.
///
/// # Errors
/// Only faults.
pub async fn finish_lesson(app: &App, caller: &Caller, module: &Module) -> Result<(), Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    app.store
        .record_reading(&mut tx, enrolment.id, &module.id)
        .await?;
    Ok(app.store.commit(tx).await?)
}

async fn open<'a>(
    app: &'a App,
    caller: &Caller,
    module: &'a Module,
    anchor: Option<String>,
) -> Result<Lesson<'a>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    app.store.commit(tx).await?;
    Ok(Lesson {
        course: app.course(caller),
        module,
        anchor,
        is_new_member: enrolment.is_new,
    })
}

/// The module that a person most likely means: by code, else by a title that begins so.
fn find_module<'a>(course: &'a Course, name: &str) -> Option<&'a Module> {
    let wanted = name.trim().to_lowercase();
    course.find_module(&wanted).or_else(|| {
        let mut titled = course.modules().filter(|module| {
            module
                .title
                .iter()
                .any(|(_, title)| title.to_lowercase().starts_with(&wanted))
        });
        titled
            .next()
            .filter(|_| !wanted.is_empty() && titled.next().is_none())
    })
}
