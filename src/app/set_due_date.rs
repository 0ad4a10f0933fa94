//! When a practice is due, as instructors set it: for their server, or for one member with a reason.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::{Caller, Person},
        error::{Failure, Fault, Refusal, TermsRefusal},
        standing::find_standing,
        submit_run::find_practice,
        tell_member::{News, tell_member},
    },
    domain::{course::Course, moment::parse_moment, practice::PracticeTask},
    store::{NewDate, Tx},
};

/// For whom a due time was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueFor {
    /// For the member of this name.
    Member(String),
    /// For the server.
    Server,
    /// The server's own was removed: the course's counts.
    Course,
}

/// A due time as it was set or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSet {
    /// For whom.
    pub whose: DueFor,
    /// The practice.
    pub practice: String,
    /// The time that counts now; `None` when the course names none.
    pub due_at: Option<DateTime<Utc>>,
    /// Grades that went up by it.
    pub raised: usize,
}

/// What an instructor does with the due time of their server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerDue<'a> {
    /// Sets it, as they wrote it.
    Until(&'a str),
    /// Removes it.
    Remove,
}

/// What an instructor asks for.
#[derive(Debug, Clone, Copy)]
pub struct Extend<'a> {
    /// Whom for.
    pub member: &'a Person,
    /// The practice.
    pub practice: &'a str,
    /// Until when, as they wrote it.
    pub until: Option<&'a str>,
    /// So many days more instead.
    pub days: Option<i64>,
    /// Why; the member reads it.
    pub reason: &'a str,
}

/// Sets when a practice is due in the caller's server, or removes the server's own time, so that the course's
/// counts again. Grades that lateness had lowered and that the new time would lower less are worked out anew;
/// none goes down.
///
/// # Errors
/// Refuses anyone who is not an instructor, unknown practices, what is no time, and to remove what was not set.
pub async fn set_due_date(
    app: &App,
    caller: &Caller,
    practice: &str,
    asked: ServerDue<'_>,
    channel: i64,
) -> Result<DueSet, Failure> {
    let (course, practice) = open(app, caller, practice)?;
    let due_at = match asked {
        ServerDue::Until(text) => Some(read_time(text)?),
        ServerDue::Remove => None,
    };
    let mut tx = app.store.begin().await?;
    let own = app.enrol(&mut tx, caller).await?;
    let cohort = own.cohort_id;
    app.store.hold_cohort(&mut tx, cohort).await?;
    let before = app
        .store
        .find_dates(&mut tx, &[own.id], &practice.id)
        .await?;
    if due_at.is_none() && before.server.is_none() {
        return Err(TermsRefusal::NothingToRemove {
            practice: practice.id.to_uppercase(),
        }
        .into());
    }
    app.store
        .record_due_date(&mut tx, cohort, &practice.id, due_at, caller.discord_id)
        .await?;
    let raised = raise(app, &mut tx, course, practice, cohort, None).await?;
    for (enrolment, (count, due_at)) in &raised.members {
        let news = News::DueMoved {
            practice: practice.id.clone(),
            due_at: *due_at,
            raised: *count,
        };
        tell_member(app, &mut tx, caller, channel, *enrolment, news).await?;
    }
    app.store.commit(tx).await?;
    Ok(DueSet {
        whose: match asked {
            ServerDue::Until(_) => DueFor::Server,
            ServerDue::Remove => DueFor::Course,
        },
        practice: practice.id.clone(),
        due_at: due_at.or(practice.terms.due_at),
        raised: raised.grades,
    })
}

/// Gives a member more time, with a reason that they read. Their late grades are worked out anew.
///
/// # Errors
/// Refuses anyone who is not an instructor, unknown practices, practices without a due time, and times that
/// give the member nothing.
pub async fn extend_due_date(
    app: &App,
    caller: &Caller,
    asked: Extend<'_>,
    channel: i64,
) -> Result<DueSet, Failure> {
    let (course, practice) = open(app, caller, asked.practice)?;
    let mut tx = app.store.begin().await?;
    let cohort = app.enrol(&mut tx, caller).await?.cohort_id;
    let member = app.enrol_person(&mut tx, caller, asked.member).await?.id;
    app.store.hold_enrolments(&mut tx, &[member]).await?;
    let standing = find_standing(app, &mut tx, practice, &[member], None).await?;
    let due = standing.due.ok_or_else(|| TermsRefusal::NoDueDate {
        practice: practice.id.to_uppercase(),
    })?;
    let due_at = match (asked.until, asked.days) {
        (Some(until), _) => read_time(until)?,
        (None, Some(days)) => due
            .at
            .checked_add_signed(TimeDelta::days(days))
            .unwrap_or(due.at),
        (None, None) => return Err(TermsRefusal::NoTime.into()),
    };
    if due_at <= due.at {
        return Err(TermsRefusal::NotLater { due_at: due.at }.into());
    }
    let new = NewDate {
        practice: &practice.id,
        due_at,
        author: caller.discord_id,
    };
    let reason = asked.reason.trim();
    app.store
        .record_extension(&mut tx, member, new, reason)
        .await?;
    let mut raised = raise(app, &mut tx, course, practice, cohort, Some(member)).await?;
    let own = raised.members.remove(&member).map_or(0, |(count, _)| count);
    let news = News::Extended {
        practice: practice.id.clone(),
        due_at,
        reason: reason.to_owned(),
        raised: own,
    };
    tell_member(app, &mut tx, caller, channel, member, news).await?;
    for (enrolment, (count, due_at)) in raised.members {
        let news = News::DueMoved {
            practice: practice.id.clone(),
            due_at,
            raised: count,
        };
        tell_member(app, &mut tx, caller, channel, enrolment, news).await?;
    }
    app.store.commit(tx).await?;
    Ok(DueSet {
        whose: DueFor::Member(asked.member.name.clone()),
        practice: practice.id.clone(),
        due_at: Some(due_at),
        raised: raised.grades,
    })
}

fn open<'a>(
    app: &'a App,
    caller: &Caller,
    practice: &str,
) -> Result<(&'a Course, &'a PracticeTask), Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let id = find_practice(course, practice)?;
    let practice = course
        .find_practice(id)
        .ok_or_else(|| Fault::Broken(format!("the practice `{id}` is gone")))?;
    Ok((course, practice))
}

fn read_time(text: &str) -> Result<DateTime<Utc>, TermsRefusal> {
    parse_moment(text).ok_or_else(|| TermsRefusal::BadTime {
        text: text.to_owned(),
    })
}

#[derive(Default)]
struct Raised {
    grades: usize,
    /// How many of each member's grades, and when the practice is due for them now.
    members: BTreeMap<Uuid, (usize, Option<DateTime<Utc>>)>,
}

/// Works late grades out anew by the times that hold now, where that raises them.
async fn raise(
    app: &App,
    tx: &mut Tx,
    course: &Course,
    practice: &PracticeTask,
    cohort: Uuid,
    member: Option<Uuid>,
) -> Result<Raised, Failure> {
    let late = app
        .store
        .list_late_grades(tx, cohort, member, &practice.id)
        .await?;
    let mut raised = Raised::default();
    for row in late {
        let dates = app
            .store
            .find_dates(tx, &row.enrolments, &practice.id)
            .await?;
        let due = practice.terms.due(dates.server, dates.extension);
        let Some(before) = row.sheet.late else {
            continue;
        };
        let bands = &course.assessment.bands;
        let mut sheet = row.sheet.clone();
        match due {
            Some(due) => sheet.settle_late(bands, &before.policy, due, before.made_at),
            None => sheet.settle_undue(bands),
        }
        if sheet.score_bp <= row.sheet.score_bp {
            continue;
        }
        app.store.record_moved(tx, &row, &sheet).await?;
        raised.grades += 1;
        for enrolment in row.enrolments {
            let entry = raised.members.entry(enrolment);
            entry.or_insert((0, due.map(|due| due.at))).0 += 1;
        }
    }
    Ok(raised)
}
