//! Groups that hand in a practice together: invited by one, joined by each, left at any time.

use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::{Caller, Person},
        error::{Failure, GroupRefusal},
    },
    domain::{course::Course, practice::PracticeTask},
    store::{Enrolment, GroupEvent, GroupMember, Partner, StoreError, Tx},
};

/// A group as it is now.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// Its id; nil when there is none.
    pub id: Uuid,
    /// What it hands in.
    pub practice: &'a PracticeTask,
    /// Those in it, then those invited.
    pub members: Vec<GroupMember>,
}

/// What someone does about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupStep {
    /// Joins it.
    Join,
    /// Says no to an invitation.
    Decline,
    /// Leaves it.
    Leave,
}

/// The practices that groups may hand in.
pub fn group_practices(course: &Course) -> impl Iterator<Item = &PracticeTask> {
    course
        .practices()
        .filter(|task| task.terms.group_size > 1 && !task.reports.is_empty())
}

/// Invites people into the caller's group for a practice, and opens it when the caller has none.
/// Without people it shows the group.
///
/// # Errors
/// Refuses practices that are handed in alone, groups that would grow too large, and people who are in
/// another group.
pub async fn form_group<'a>(
    app: &'a App,
    caller: &Caller,
    practice: Option<&str>,
    people: &[&Person],
) -> Result<Group<'a>, Failure> {
    let practice = choose_group_practice(app.course(caller), practice)?;
    let mut tx = app.store.begin().await?;
    let own = app.enrol(&mut tx, caller).await?;
    let found = app.store.find_group(&mut tx, own.id, &practice.id).await?;
    let id = match found {
        Some(id) => id,
        None if people.is_empty() => {
            app.store.commit(tx).await?;
            return Ok(Group {
                id: Uuid::nil(),
                practice,
                members: Vec::new(),
            });
        }
        None => open(app, &mut tx, &own, practice).await?,
    };
    app.store
        .hold_group(&mut tx, id, own.cohort_id)
        .await?
        .ok_or(GroupRefusal::Gone)?;
    for person in people {
        invite(app, &mut tx, caller, practice, id, person).await?;
    }
    let members = app.store.list_group(&mut tx, id).await?;
    let most = practice.terms.group_size;
    if members.len() > most as usize && !people.is_empty() {
        return Err(GroupRefusal::Full { most }.into());
    }
    app.store.commit(tx).await?;
    Ok(Group {
        id,
        practice,
        members,
    })
}

/// Opens a group with the caller in it; one that was opened meanwhile is as good.
async fn open(
    app: &App,
    tx: &mut Tx,
    own: &Enrolment,
    practice: &PracticeTask,
) -> Result<Uuid, Failure> {
    app.store.hold_enrolments(tx, &[own.id]).await?;
    if let Some(id) = app.store.find_group(tx, own.id, &practice.id).await? {
        return Ok(id);
    }
    let id = Uuid::now_v7();
    app.store
        .record_group(tx, id, own.cohort_id, &practice.id)
        .await?;
    app.store
        .record_group_event(tx, id, own.id, GroupEvent::Joined, None)
        .await?;
    Ok(id)
}

async fn invite(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    practice: &PracticeTask,
    group: Uuid,
    person: &Person,
) -> Result<(), Failure> {
    let invited = app.enrol_person(tx, caller, person).await?.id;
    // Someone who is alone in a group of their own may still join this one.
    let theirs = app.store.find_group(tx, invited, &practice.id).await?;
    if theirs.is_some_and(|theirs| theirs != group)
        && app
            .store
            .list_partners(tx, invited, Some(&practice.id))
            .await?
            .len()
            > 1
    {
        return Err(GroupRefusal::InAnother {
            name: person.name.clone(),
        }
        .into());
    }
    let known = app.store.list_group(tx, group).await?;
    if !known.iter().any(|member| member.enrolment_id == invited) {
        app.store
            .record_group_event(tx, group, invited, GroupEvent::Invited, None)
            .await?;
    }
    Ok(())
}

/// Joins, declines or leaves.
///
/// # Errors
/// Refuses those who are not invited or not in the group, those who are in another, and full groups.
pub async fn answer_group<'a>(
    app: &'a App,
    caller: &Caller,
    group: Uuid,
    step: GroupStep,
) -> Result<Group<'a>, Failure> {
    let mut tx = app.store.begin().await?;
    let own = app.enrol(&mut tx, caller).await?;
    let held = app.store.hold_group(&mut tx, group, own.cohort_id).await?;
    let practice = held.and_then(|id| app.course(caller).find_practice(&id));
    let practice = practice.ok_or(GroupRefusal::Gone)?;
    let members = app.store.list_group(&mut tx, group).await?;
    let mine = members.iter().find(|member| member.enrolment_id == own.id);
    let has_joined = mine.map(|member| member.has_joined);
    // Whoever hands in for the group just now is waited for.
    let mut touched: Vec<Uuid> = members.iter().map(|member| member.enrolment_id).collect();
    touched.push(own.id);
    app.store.hold_enrolments(&mut tx, &touched).await?;
    let event = match (step, has_joined) {
        (GroupStep::Join, Some(false)) => {
            leave_alone(app, &mut tx, &own, practice).await?;
            GroupEvent::Joined
        }
        (GroupStep::Decline, Some(false)) => GroupEvent::Declined,
        (GroupStep::Leave, Some(true)) => GroupEvent::Left,
        (GroupStep::Join, Some(true)) => return Err(GroupRefusal::JoinedAlready.into()),
        _ => return Err(GroupRefusal::NotYours.into()),
    };
    if !app
        .store
        .record_group_event(&mut tx, group, own.id, event, None)
        .await?
    {
        return Err(GroupRefusal::InAnother {
            name: caller.name.clone(),
        }
        .into());
    }
    let members = app.store.list_group(&mut tx, group).await?;
    app.store.commit(tx).await?;
    Ok(Group {
        id: group,
        practice,
        members,
    })
}

/// Leaves a group that has nobody else in it, so that one may join another.
async fn leave_alone(
    app: &App,
    tx: &mut Tx,
    own: &Enrolment,
    practice: &PracticeTask,
) -> Result<(), Failure> {
    let Some(group) = app.store.find_group(tx, own.id, &practice.id).await? else {
        return Ok(());
    };
    let partners = app
        .store
        .list_partners(tx, own.id, Some(&practice.id))
        .await?;
    if partners.len() == 1 {
        app.store
            .record_group_event(tx, group, own.id, GroupEvent::Left, None)
            .await?;
    }
    Ok(())
}

/// The practice that a group is about, by what a person calls it; the only one when they name none.
///
/// # Errors
/// Refuses a practice that is handed in alone, and none where several may be meant.
pub fn choose_group_practice<'a>(
    course: &'a Course,
    name: Option<&str>,
) -> Result<&'a PracticeTask, GroupRefusal> {
    let known = || {
        group_practices(course)
            .map(|practice| practice.id.to_uppercase())
            .collect::<Vec<_>>()
    };
    let wanted = name.map(|name| name.trim().to_lowercase());
    let mut fitting =
        group_practices(course).filter(|task| wanted.as_ref().is_none_or(|id| *id == task.id));
    let found = fitting.next();
    if wanted.is_none() && fitting.next().is_some() {
        return Err(GroupRefusal::Which { known: known() });
    }
    found.ok_or_else(|| GroupRefusal::Alone { known: known() })
}

/// Holds those for whom a hand-in counts: the member, and their group where the practice takes groups.
/// Until the transaction ends nobody joins or leaves it.
///
/// # Errors
/// Only faults.
pub async fn hold_partners(
    app: &App,
    tx: &mut Tx,
    own: Partner,
    practice: Option<&PracticeTask>,
) -> Result<Vec<Partner>, StoreError> {
    let before = list_partners(app, tx, own, practice).await?;
    app.store
        .hold_enrolments(tx, &enrolments_of(&before))
        .await?;
    list_partners(app, tx, own, practice).await
}

/// The same, without holding anybody.
///
/// # Errors
/// Only faults.
pub async fn list_partners(
    app: &App,
    tx: &mut Tx,
    own: Partner,
    practice: Option<&PracticeTask>,
) -> Result<Vec<Partner>, StoreError> {
    match practice.filter(|practice| practice.terms.group_size > 1) {
        None => Ok(vec![own]),
        Some(practice) => {
            app.store
                .list_partners(tx, own.enrolment_id, Some(&practice.id))
                .await
        }
    }
}

/// The enrolments of partners.
#[must_use]
pub fn enrolments_of(partners: &[Partner]) -> Vec<Uuid> {
    let ids = partners.iter().map(|partner| partner.enrolment_id);
    ids.collect()
}

/// The members that partners are.
#[must_use]
pub fn members_of(partners: &[Partner]) -> Vec<Uuid> {
    partners.iter().map(|partner| partner.member_id).collect()
}
