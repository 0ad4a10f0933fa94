//! How far a member is and what comes next.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    app::{
        App,
        caller::Caller,
        error::Failure,
        form_group::{enrolments_of, list_partners},
        show_checklist::{is_complete, parts_with_checklist},
        standing::{Standing, find_standing},
    },
    domain::{
        course::{Course, Module, Part},
        practice::PracticeTask,
    },
    store::{AttemptSummary, GradeRow},
};

/// Everything a member has done, as facts.
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The course.
    pub course: &'a Course,
    /// Modules opened.
    pub readings: BTreeSet<String>,
    /// Marks by bank.
    pub attempts: Vec<AttemptSummary>,
    /// Ticks by item.
    pub ticks: BTreeMap<String, bool>,
    /// The grade that counts by practice.
    pub grades: Vec<GradeRow>,
    /// Where the member stands in each practice that is graded.
    pub standings: Vec<(&'a PracticeTask, Standing)>,
    /// Submissions that wait for their grade.
    pub waiting: i64,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum NextStep<'a> {
    /// Read this module.
    Read(&'a Module),
    /// Take the quiz of this module.
    Quiz(&'a Module),
    /// Finish the checklist of this part.
    Checklist(&'a Part),
    /// Hand in the practice of this part.
    Practice(&'a Part),
    /// Wait for a run.
    Waiting,
    /// Nothing: the course is done.
    Nothing,
}

/// Gathers a member's progress.
///
/// # Errors
/// Only faults.
pub async fn show_progress<'a>(app: &'a App, caller: &Caller) -> Result<Progress<'a>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let course = app.course(caller);
    let mut standings = Vec::new();
    for practice in course.practices().filter(|task| !task.reports.is_empty()) {
        let partners = list_partners(app, &mut tx, enrolment.partner(), Some(practice)).await?;
        let partners = enrolments_of(&partners);
        let standing = find_standing(app, &mut tx, practice, &partners, None).await?;
        standings.push((practice, standing));
    }
    let progress = Progress {
        course,
        readings: app.store.list_readings(&mut tx, enrolment.id).await?,
        attempts: app.store.list_attempts(&mut tx, enrolment.id).await?,
        ticks: app.store.list_ticks(&mut tx, enrolment.id).await?,
        grades: app
            .store
            .list_counted_grades(&mut tx, enrolment.id, &course.last_counts())
            .await?,
        standings,
        waiting: app.store.count_waiting(&mut tx, enrolment.id).await?,
    };
    app.store.commit(tx).await?;
    Ok(progress)
}

impl<'a> Progress<'a> {
    /// Whether a quiz is passed.
    #[must_use]
    pub fn has_passed(&self, bank: &str) -> bool {
        self.attempts
            .iter()
            .any(|row| row.bank_id == bank && row.passed)
    }

    /// Whether a practice is graded above the last band.
    #[must_use]
    pub fn has_practised(&self, practice: &str) -> bool {
        let lowest = self
            .course
            .assessment
            .bands
            .last()
            .map(|band| band.grade.as_str());
        self.grades
            .iter()
            .any(|row| row.practice_id == practice && Some(row.grade.as_str()) != lowest)
    }

    /// Ticked and all items of the course.
    #[must_use]
    pub fn count_ticks(&self) -> (usize, usize) {
        let items = || parts_with_checklist(self.course).flat_map(|(_, list)| &list.items);
        let ticked = items()
            .filter(|item| self.ticks.get(&item.id).copied().unwrap_or(false))
            .count();
        (ticked, items().count())
    }

    /// The first thing left to do, in the order of the course.
    #[must_use]
    pub fn next_step(&self) -> NextStep<'a> {
        if self.waiting > 0 {
            return NextStep::Waiting;
        }
        self.course
            .parts
            .iter()
            .find_map(|part| self.next_in(part))
            .unwrap_or(NextStep::Nothing)
    }

    fn next_in(&self, part: &'a Part) -> Option<NextStep<'a>> {
        for module in &part.modules {
            if !self.readings.contains(&module.id) {
                return Some(NextStep::Read(module));
            }
            if self.course.find_bank(&module.id).is_some() && !self.has_passed(&module.id) {
                return Some(NextStep::Quiz(module));
            }
        }
        if part
            .checklist
            .as_ref()
            .is_some_and(|list| !is_complete(list, &self.ticks))
        {
            return Some(NextStep::Checklist(part));
        }
        let graded = |practice: &PracticeTask| !practice.reports.is_empty();
        part.practice
            .as_ref()
            .filter(|practice| graded(practice) && !self.has_practised(&practice.id))
            .map(|_| NextStep::Practice(part))
    }
}
