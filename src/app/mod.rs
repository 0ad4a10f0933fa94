//! What Docent does: one file a use case. Each loads, decides with the domain, writes and answers.

pub mod answer_question;
pub mod arrange_group;
pub mod audit_grade;
pub mod bundle;
pub mod caller;
pub mod error;
pub mod evidence;
pub mod export_grade;
pub mod find_shared;
pub mod finish_submission;
pub mod form_group;
pub mod grade_run;
pub mod library;
pub mod link_account;
pub mod link_device;
pub mod list_reviews;
pub mod origin;
pub mod ports;
pub mod read_steps;
pub mod recompute;
pub mod regrade;
pub mod run_audit;
pub mod set_due_date;
pub mod set_grade;
pub mod show_checklist;
pub mod show_class_report;
pub mod show_grade_history;
pub mod show_lesson;
pub mod show_progress;
pub mod standing;
pub mod start_quiz;
pub mod submit_run;
pub mod tell_member;
pub mod tell_regrade;
pub mod tend_queue;
pub mod verify_grade;
mod vouch;
pub mod wake_run;

use std::sync::Arc;

use crate::{
    app::{
        caller::{Caller, Person},
        error::Failure,
        library::Library,
        ports::{CiProvider, Clock, DeviceFlow, Starter},
    },
    domain::course::Course,
    store::{Enrolment, Newcomer, Role, Store, Tx},
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
    /// The web hosts whose runs are read.
    pub hosts: Vec<String>,
    /// Where instructors have commits graded once more, when there is a token for it.
    pub starter: Option<Arc<dyn Starter>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Linking an account by agreeing at its provider; without it, by pushing a branch.
    pub consent: Option<Arc<dyn DeviceFlow>>,
}

impl App {
    /// The course that a caller's guild follows.
    fn course(&self, _caller: &Caller) -> &Course {
        self.library.default_course()
    }

    /// Begins to act on an interaction, and keeps how its person is called and in which language; `false` when it
    /// was begun before.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn begin(&self, interaction: i64, caller: Option<&Caller>) -> Result<bool, Failure> {
        let is_new = self.store.record_interaction(interaction).await?;
        if let Some(caller) = caller.filter(|_| is_new) {
            let (id, name) = (caller.discord_id, &caller.name);
            self.store.remember_member(id, name, caller.locale).await?;
        }
        Ok(is_new)
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

    /// Finds the enrolment of someone whom a caller named, or makes it.
    async fn enrol_person(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        person: &Person,
    ) -> Result<Enrolment, Failure> {
        let who = Newcomer {
            guild_id: caller.guild_id,
            course_id: &self.course(caller).id,
            discord_id: person.discord_id,
            name: &person.name,
            role: Role::Learner,
        };
        Ok(self.store.enrol(tx, who).await?)
    }
}
