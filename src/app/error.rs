//! What can go otherwise than asked: refusals, which a person is told, and faults, which are logged.

use chrono::{DateTime, Utc};

use crate::{
    app::ports::{CiError, Conclusion, LinkError},
    domain::score::BasisPoints,
    store::StoreError,
};

/// An expected no, with the values its sentence needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Only instructors may.
    NotInstructor,
    /// No module of that name.
    NoModule {
        /// What was asked for.
        name: String,
        /// The codes there are.
        known: Vec<String>,
    },
    /// No quiz of that name.
    NoTopic {
        /// What was asked for.
        name: String,
        /// The codes there are.
        known: Vec<String>,
    },
    /// No part with a checklist of that name.
    NoPart {
        /// What was asked for.
        name: String,
        /// The codes there are.
        known: Vec<String>,
    },
    /// No practice of that name.
    NoPractice {
        /// What was asked for.
        name: String,
        /// The codes there are.
        known: Vec<String>,
    },
    /// The section is gone.
    NoSection,
    /// The quiz belongs to someone else.
    NotYourQuiz,
    /// The quiz has no questions.
    EmptyQuiz {
        /// Code of the module or part.
        topic: String,
    },
    /// Not an answer to the question.
    BadAnswer,
    /// The link cannot be used.
    Link(LinkError),
    /// The CI provider refused or failed.
    Ci {
        /// What it said.
        error: CiError,
        /// Its web host.
        host: String,
        /// The repository, when it is known.
        repository: String,
    },
    /// The run was handed in before, or has nothing to grade.
    Run(RunRefusal),
    /// The run was started by an event whose runs are not graded.
    RunEvent {
        /// The event.
        event: String,
    },
    /// No letter of that name.
    NoGrade {
        /// What was asked for.
        name: String,
        /// The letters there are.
        known: Vec<String>,
    },
    /// The practice names no workflow to audit with, or there is no token to start it.
    NoAudit {
        /// What people call the practice.
        practice: String,
    },
    /// The submission is being audited already.
    AuditWaiting,
    /// The member has no grade in the practice.
    NothingGraded {
        /// The practice.
        practice: String,
    },
    /// The run uploaded none of the reports of any practice.
    NoReports {
        /// The artifacts that practices expect.
        expected: Vec<String>,
    },
    /// An account at a CI provider is not the member's.
    Account(AccountRefusal),
    /// The terms of a practice stand against it.
    Terms(TermsRefusal),
    /// A group cannot be formed so.
    Group(GroupRefusal),
    /// The custom id of a button cannot be read.
    Stale,
    /// A command that is not there.
    UnknownCommand,
    /// Not in a guild.
    ServerOnly,
}

/// A no that has to do with one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunRefusal {
    /// Another member handed it in.
    Taken,
    /// The member handed it in before, and it was graded.
    Repeated {
        /// The practice.
        practice: String,
        /// The letter.
        grade: String,
        /// The score.
        score: BasisPoints,
    },
    /// The member handed it in before, and it waits.
    Waiting,
    /// The member handed it in before, and it could not be graded.
    Failed {
        /// The stored word for why.
        code: String,
    },
    /// It ended in a way that leaves nothing to grade.
    Ended(Conclusion),
    /// Only some of its jobs were run again, and reports are missing from the attempt.
    Partly,
}

impl RunRefusal {
    const fn code(&self) -> &'static str {
        match self {
            Self::Taken => "run-taken",
            Self::Repeated { .. } => "run-repeated",
            Self::Waiting => "run-waiting",
            Self::Failed { .. } => "run-failed",
            Self::Ended(how) => how.code(),
            Self::Partly => "run-partly",
        }
    }
}

impl From<RunRefusal> for Failure {
    fn from(refusal: RunRefusal) -> Self {
        Self::Refusal(Refusal::Run(refusal))
    }
}

/// A no that has to do with whose an account at a CI provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefusal {
    /// The run was started by an account that is linked to another member.
    RunOfAnother {
        /// The name of the account.
        login: String,
    },
    /// The run was started by another account than the member's own.
    OtherAccount {
        /// The name of the member's account.
        own: String,
        /// The name of the account that started the run.
        login: String,
    },
    /// The member has not asked for a branch to prove an account with.
    NoBranch,
    /// The run is not on the branch that proves an account.
    OtherBranch {
        /// The branch.
        branch: String,
    },
    /// The account is linked to another member.
    Taken {
        /// The name of the account.
        login: String,
    },
}

impl AccountRefusal {
    const fn code(&self) -> &'static str {
        match self {
            Self::RunOfAnother { .. } => "run-of-another",
            Self::OtherAccount { .. } => "other-account",
            Self::NoBranch => "no-branch",
            Self::OtherBranch { .. } => "other-branch",
            Self::Taken { .. } => "account-taken",
        }
    }
}

impl From<AccountRefusal> for Failure {
    fn from(refusal: AccountRefusal) -> Self {
        Self::Refusal(Refusal::Account(refusal))
    }
}

/// A no that has to do with when and how often a practice is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermsRefusal {
    /// The run was made before the practice opened.
    NotOpen {
        /// When it opens.
        opens_at: DateTime<Utc>,
    },
    /// The run was made after the practice closed.
    Closed {
        /// When it closed.
        closed_at: DateTime<Utc>,
    },
    /// No attempt is left.
    NoAttempts {
        /// When the next one comes; `None` when none does.
        next_at: Option<DateTime<Utc>>,
    },
    /// The practice has no due time that could be moved.
    NoDueDate {
        /// The practice.
        practice: String,
    },
    /// Neither a time nor a number of days was given.
    NoTime,
    /// Not a time.
    BadTime {
        /// What was given.
        text: String,
    },
    /// The practice is due no earlier already.
    NotLater {
        /// When it is due.
        due_at: DateTime<Utc>,
    },
    /// The server has no due time of its own for the practice.
    NothingToRemove {
        /// The practice.
        practice: String,
    },
    /// A due time is either set or removed, and neither or both was asked for.
    SetOrRemove,
    /// Not a person who could learn here.
    NoPerson,
}

impl TermsRefusal {
    /// A short name for logs, and for submissions that fail by it; never changed.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOpen { .. } => "not-open",
            Self::Closed { .. } => "closed",
            Self::NoAttempts { .. } => "no-attempts",
            Self::NoDueDate { .. } => "no-due-date",
            Self::NoTime => "no-time",
            Self::BadTime { .. } => "bad-time",
            Self::NotLater { .. } => "not-later",
            Self::NothingToRemove { .. } => "nothing-to-remove",
            Self::SetOrRemove => "set-or-remove",
            Self::NoPerson => "no-person",
        }
    }
}

impl From<TermsRefusal> for Failure {
    fn from(refusal: TermsRefusal) -> Self {
        Self::Refusal(Refusal::Terms(refusal))
    }
}

/// A no that has to do with handing in together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRefusal {
    /// The practice is handed in alone.
    Alone {
        /// The practices that groups may hand in.
        known: Vec<String>,
    },
    /// Several practices may be meant.
    Which {
        /// They.
        known: Vec<String>,
    },
    /// The group would be too large.
    Full {
        /// Members at most.
        most: u32,
    },
    /// Someone is in another group.
    InAnother {
        /// Their name.
        name: String,
    },
    /// They are in the group already.
    JoinedAlready,
    /// They are neither invited nor in the group.
    NotYours,
    /// There is no such group here.
    Gone,
    /// An instructor names fewer than two members.
    TooFew,
    /// An instructor's group would be too large.
    NoRoom {
        /// Members at most.
        most: u32,
    },
    /// Someone whom an instructor puts into a group has one.
    HasGroup {
        /// Their name.
        name: String,
    },
    /// Someone whom an instructor takes out of a group has none.
    NoGroup {
        /// Their name.
        name: String,
    },
    /// Someone is moved to where they are.
    Together {
        /// Their name.
        name: String,
    },
    /// The group changed while an instructor saw to it.
    Changed,
}

impl GroupRefusal {
    const fn code(&self) -> &'static str {
        match self {
            Self::Alone { .. } => "group-alone",
            Self::Which { .. } => "group-which",
            Self::Full { .. } => "group-full",
            Self::InAnother { .. } => "group-in-another",
            Self::JoinedAlready => "group-joined-already",
            Self::NotYours => "group-not-yours",
            Self::Gone => "group-gone",
            Self::TooFew => "group-too-few",
            Self::NoRoom { .. } => "group-no-room",
            Self::HasGroup { .. } => "group-has-one",
            Self::NoGroup { .. } => "group-has-none",
            Self::Together { .. } => "group-together",
            Self::Changed => "group-changed",
        }
    }
}

impl From<GroupRefusal> for Failure {
    fn from(refusal: GroupRefusal) -> Self {
        Self::Refusal(Refusal::Group(refusal))
    }
}

/// Something that broke. It is logged with its whole chain; the person sees its id.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A promise of our own code was broken.
    #[error("{0}")]
    Broken(String),
}

/// The other end of every use case.
#[derive(Debug)]
pub enum Failure {
    /// An expected no.
    Refusal(Refusal),
    /// Something broke.
    Fault(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Fault(Fault::Store(error))
    }
}

impl Refusal {
    /// A short name for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInstructor => "not-instructor",
            Self::NoModule { .. } => "no-module",
            Self::NoTopic { .. } => "no-topic",
            Self::NoPart { .. } => "no-part",
            Self::NoPractice { .. } => "no-practice",
            Self::NoSection => "no-section",
            Self::NotYourQuiz => "not-your-quiz",
            Self::EmptyQuiz { .. } => "empty-quiz",
            Self::BadAnswer => "bad-answer",
            Self::Link(_) => "link",
            Self::Ci { error, .. } => error.code(),
            Self::Run(refusal) => refusal.code(),
            Self::RunEvent { .. } => "run-event",
            Self::NoGrade { .. } => "no-grade",
            Self::NothingGraded { .. } => "nothing-graded",
            Self::NoAudit { .. } => "no-audit",
            Self::AuditWaiting => "audit-waiting",
            Self::NoReports { .. } => "no-reports",
            Self::Account(refusal) => refusal.code(),
            Self::Terms(refusal) => refusal.code(),
            Self::Group(refusal) => refusal.code(),
            Self::Stale => "stale",
            Self::UnknownCommand => "unknown-command",
            Self::ServerOnly => "server-only",
        }
    }
}
