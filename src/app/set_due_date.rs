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

/// A due time as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSet {
    /// Name of the member; `None` when it is set for the server.
    pub member: Option<String>,
    /// The practice.
    pub practice: String,
    /// The time.
    pub due_at: DateTime<Utc>,
    /// Grades that went up by it.
    pub raised: usize,
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

/// Sets when a practice is due in the caller's server. Grades that lateness had lowered and that the new
/// time would lower less are worked out anew; none goes down.
///
/// # Errors
/// Refuses anyone who is not an instructor, unknown practices and what is no time.
pub async fn set_due_date(
    app: &App,
    caller: &Caller,
    practice: &str,
    until: &str,
    channel: i64,
) -> Result<DueSet, Failure> {
    let (course, practice) = open(app, caller, practice)?;
    let due_at = read_time(until)?;
    let mut tx = app.store.begin().await?;
    let cohort = app.enrol(&mut tx, caller).await?.cohort_id;
    let new = NewDate {
        practice: &practice.id,
        due_at,
        author: caller.discord_id,
    };
    app.store.record_due_date(&mut tx, cohort, new).await?;
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
        member: None,
        practice: practice.id.clone(),
        due_at,
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
        member: Some(asked.member.name.clone()),
        practice: practice.id.clone(),
        due_at,
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
    members: BTreeMap<Uuid, (usize, DateTime<Utc>)>,
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
        let (Some(due), Some(before)) = (due, row.sheet.late) else {
            continue;
        };
        let mut sheet = row.sheet.clone();
        sheet.settle_late(
            &course.assessment.bands,
            &before.policy,
            due,
            before.made_at,
        );
        if sheet.score_bp <= row.sheet.score_bp {
            continue;
        }
        app.store.record_sheet(tx, row.submission, &sheet).await?;
        raised.grades += 1;
        for enrolment in row.enrolments {
            raised.members.entry(enrolment).or_insert((0, due.at)).0 += 1;
        }
    }
    Ok(raised)
}
