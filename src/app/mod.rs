//! What Docent does: one file a use case. Each loads, decides with the domain, writes and answers.

pub mod answer_question;
pub mod caller;
pub mod error;
pub mod evidence;
pub mod find_shared;
pub mod finish_submission;
pub mod grade_run;
pub mod library;
pub mod link_account;
pub mod list_reviews;
pub mod ports;
pub mod set_grade;
pub mod show_checklist;
pub mod show_class_report;
pub mod show_lesson;
pub mod show_progress;
pub mod start_quiz;
pub mod submit_run;
pub mod tend_queue;

use std::sync::Arc;

use crate::{
    app::{
        caller::Caller,
        error::Failure,
        library::Library,
        ports::{CiProvider, Clock},
    },
    domain::course::Course,
    store::{Enrolment, Newcomer, Store, Tx},
};

/// Everything the use cases work with.
#[derive(Clone)]
pub struct App {
    /// Postgres.
    pub store: Store,
    /// The courses.
    pub library: Arc<Library>,
    /// Where CI runs are read.
    pub ci: Arc<dyn CiProvider>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// The course that a caller's guild follows.
    fn course(&self, _caller: &Caller) -> &Course {
        self.library.default_course()
    }

    /// Finds the caller's enrolment, or makes it: the first use is the enrolment.
    async fn enrol(&self, tx: &mut Tx, caller: &Caller) -> Result<Enrolment, Failure> {
        let course = self.course(caller);
        let who = Newcomer {
            guild_id: caller.guild_id,
            course_id: &course.id,
            discord_id: caller.discord_id,
            name: &caller.name,
            role: caller.role(),
        };
        Ok(self.store.enrol(tx, who).await?)
    }
}
