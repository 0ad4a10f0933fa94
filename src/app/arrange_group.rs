//! Instructors see to groups: they put them together, move members and dissolve them, with a reason that everyone
//! concerned reads. What was handed in stays with those for whom it counted.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::{Caller, Person},
        error::{Failure, GroupRefusal, Refusal},
        form_group::{Group, choose_group_practice},
        tell_member::{News, tell_member},
    },
    domain::practice::PracticeTask,
    store::{Enrolment, GroupEvent, GroupMember, Order, Tx},
};

/// Members of groups that are read for one list.
const READ: i64 = 2000;

/// The groups of a practice.
#[derive(Debug, Clone)]
pub struct GroupList<'a> {
    /// What they hand in.
    pub practice: &'a PracticeTask,
    /// Those in each and those invited, the oldest group first. Who is alone in a group is left out.
    pub groups: Vec<Vec<GroupMember>>,
}

/// What an instructor asks for.
#[derive(Debug, Clone, Copy)]
pub struct Arrange<'a> {
    /// The practice; it may be left out where only one takes groups.
    pub practice: Option<&'a str>,
    /// Why; those concerned read it.
    pub reason: &'a str,
    /// Where members are called who take no direct messages.
    pub channel: i64,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Arranged<'a> {
    /// Who was moved or whose group was dissolved; nobody when a group was put together.
    pub name: Option<String>,
    /// The group there is now; with nobody in it when it was dissolved, or when they hand in alone.
    pub group: Group<'a>,
    /// Those who are told.
    pub told: usize,
}

/// Lists the groups of a practice.
///
/// # Errors
/// Refuses anyone who is not an instructor, and practices that are handed in alone.
pub async fn list_groups<'a>(
    app: &'a App,
    caller: &Caller,
    practice: Option<&str>,
) -> Result<GroupList<'a>, Failure> {
    let practice = open(app, caller, practice)?;
    let mut tx = app.store.begin().await?;
    let cohort = app.enrol(&mut tx, caller).await?.cohort_id;
    let rows = app
        .store
        .list_groups(&mut tx, cohort, &practice.id, READ)
        .await?;
    app.store.commit(tx).await?;
    let groups = rows
        .chunk_by(|(one, _), (other, _)| one == other)
        .map(|rows| rows.iter().map(|(_, member)| member.clone()).collect())
        .filter(|members: &Vec<GroupMember>| {
            members.len() > 1 && members.iter().any(|one| one.has_joined)
        });
    Ok(GroupList {
        practice,
        groups: groups.collect(),
    })
}

/// Puts a new group together of people who have none.
///
/// # Errors
/// Refuses anyone who is not an instructor, fewer than two people, more than a group has room for, and people who
/// are in a group with others.
pub async fn put_together<'a>(
    app: &'a App,
    caller: &Caller,
    asked: Arrange<'_>,
    people: &[&Person],
) -> Result<Arranged<'a>, Failure> {
    let practice = open(app, caller, asked.practice)?;
    let most = practice.terms.group_size;
    let mut known = BTreeSet::new();
    let people = people.iter().filter(|one| known.insert(one.discord_id));
    let people: Vec<&Person> = people.copied().collect();
    if people.len() < 2 {
        return Err(GroupRefusal::TooFew.into());
    }
    if people.len() > most as usize {
        return Err(GroupRefusal::NoRoom { most }.into());
    }
    let mut arranging = Arranging::begin(app, caller, practice, asked).await?;
    let mut members = Vec::new();
    for person in people {
        let enrolment = arranging.enrol(person).await?;
        members.push((enrolment, person.name.clone()));
    }
    let enrolments: Vec<Uuid> = members.iter().map(|(one, _)| one.id).collect();
    arranging.hold(&enrolments).await?;
    for (enrolment, name) in &members {
        if arranging.count_partners(enrolment.id).await? > 1 {
            return Err(GroupRefusal::HasGroup { name: name.clone() }.into());
        }
    }
    let group = arranging.open_group().await?;
    for enrolment in enrolments {
        arranging.join(group, enrolment).await?;
    }
    arranging.end(group, None).await
}

/// Moves a member into the group of another, who then has one; without another, out of their group.
///
/// # Errors
/// Refuses anyone who is not an instructor, a group without room, members who are together already, and to take
/// someone out who has no group.
pub async fn move_member<'a>(
    app: &'a App,
    caller: &Caller,
    asked: Arrange<'_>,
    member: &Person,
    to: Option<&Person>,
) -> Result<Arranged<'a>, Failure> {
    let practice = open(app, caller, asked.practice)?;
    let most = practice.terms.group_size;
    let name = || member.name.clone();
    let mut arranging = Arranging::begin(app, caller, practice, asked).await?;
    let moved = arranging.enrol(member).await?.id;
    let Some(to) = to else {
        arranging.hold_groups(&[moved]).await?;
        if arranging.count_partners(moved).await? < 2 {
            return Err(GroupRefusal::NoGroup { name: name() }.into());
        }
        arranging.leave(moved).await?;
        return arranging.end(Uuid::nil(), Some(name())).await;
    };
    if to.discord_id == member.discord_id {
        return Err(GroupRefusal::TooFew.into());
    }
    let host = arranging.enrol(to).await?.id;
    arranging.hold_groups(&[moved, host]).await?;
    let target = arranging.find_group(host).await?;
    if target.is_some() && arranging.find_group(moved).await? == target {
        return Err(GroupRefusal::Together { name: name() }.into());
    }
    let group = match target {
        Some(group) => group,
        None => arranging.open_group().await?,
    };
    if target.is_none() {
        arranging.join(group, host).await?;
    }
    arranging.join(group, moved).await?;
    if arranging.list(group).await?.len() > most as usize {
        return Err(GroupRefusal::NoRoom { most }.into());
    }
    arranging.end(group, Some(name())).await
}

/// Dissolves the group of a member: everyone in it hands in alone, and its invitations are gone.
///
/// # Errors
/// Refuses anyone who is not an instructor, and members without a group.
pub async fn dissolve_group<'a>(
    app: &'a App,
    caller: &Caller,
    asked: Arrange<'_>,
    member: &Person,
) -> Result<Arranged<'a>, Failure> {
    let practice = open(app, caller, asked.practice)?;
    let mut arranging = Arranging::begin(app, caller, practice, asked).await?;
    let enrolment = arranging.enrol(member).await?.id;
    arranging.hold_groups(&[enrolment]).await?;
    let Some(group) = arranging.find_group(enrolment).await? else {
        return Err(GroupRefusal::NoGroup {
            name: member.name.clone(),
        }
        .into());
    };
    for one in arranging.list(group).await? {
        let event = if one.has_joined {
            GroupEvent::Left
        } else {
            GroupEvent::Withdrawn
        };
        arranging.record(group, one.enrolment_id, event).await?;
    }
    arranging.end(Uuid::nil(), Some(member.name.clone())).await
}

fn open<'a>(
    app: &'a App,
    caller: &Caller,
    practice: Option<&str>,
) -> Result<&'a PracticeTask, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    Ok(choose_group_practice(app.course(caller), practice)?)
}

/// One change of groups: its transaction, and everyone whose group it changes.
struct Arranging<'a, 'b> {
    app: &'a App,
    caller: &'b Caller,
    practice: &'a PracticeTask,
    asked: Arrange<'b>,
    tx: Tx,
    cohort: Uuid,
    touched: BTreeSet<Uuid>,
}

impl<'a, 'b> Arranging<'a, 'b> {
    async fn begin(
        app: &'a App,
        caller: &'b Caller,
        practice: &'a PracticeTask,
        asked: Arrange<'b>,
    ) -> Result<Self, Failure> {
        let mut tx = app.store.begin().await?;
        let cohort = app.enrol(&mut tx, caller).await?.cohort_id;
        Ok(Self {
            app,
            caller,
            practice,
            asked,
            tx,
            cohort,
            touched: BTreeSet::new(),
        })
    }

    async fn enrol(&mut self, person: &Person) -> Result<Enrolment, Failure> {
        self.app
            .enrol_person(&mut self.tx, self.caller, person)
            .await
    }

    /// Waits for those who hand in just now, and lets nobody hand in until the change is done.
    async fn hold(&mut self, enrolments: &[Uuid]) -> Result<(), Failure> {
        Ok(self
            .app
            .store
            .hold_enrolments(&mut self.tx, enrolments)
            .await?)
    }

    /// Holds the groups of members, in one order for everybody, and all who are in them.
    async fn hold_groups(&mut self, enrolments: &[Uuid]) -> Result<(), Failure> {
        let before = self.groups_of(enrolments).await?;
        let mut members: Vec<Uuid> = enrolments.to_vec();
        for group in &before {
            let store = &self.app.store;
            store.hold_group(&mut self.tx, *group, self.cohort).await?;
            let list = store.list_group(&mut self.tx, *group).await?;
            members.extend(list.iter().map(|one| one.enrolment_id));
        }
        self.hold(&members).await?;
        if self.groups_of(enrolments).await? != before {
            return Err(GroupRefusal::Changed.into());
        }
        Ok(())
    }

    async fn groups_of(&mut self, enrolments: &[Uuid]) -> Result<BTreeSet<Uuid>, Failure> {
        let mut groups = BTreeSet::new();
        for enrolment in enrolments {
            groups.extend(self.find_group(*enrolment).await?);
        }
        Ok(groups)
    }

    async fn find_group(&mut self, enrolment: Uuid) -> Result<Option<Uuid>, Failure> {
        let (store, practice) = (&self.app.store, &self.practice.id);
        Ok(store.find_group(&mut self.tx, enrolment, practice).await?)
    }

    /// How many hand in together with someone, themselves included.
    async fn count_partners(&mut self, enrolment: Uuid) -> Result<usize, Failure> {
        let (store, practice) = (&self.app.store, Some(self.practice.id.as_str()));
        let partners = store.list_partners(&mut self.tx, enrolment, practice);
        Ok(partners.await?.len())
    }

    async fn list(&mut self, group: Uuid) -> Result<Vec<GroupMember>, Failure> {
        Ok(self.app.store.list_group(&mut self.tx, group).await?)
    }

    async fn open_group(&mut self) -> Result<Uuid, Failure> {
        let id = Uuid::now_v7();
        let (store, practice) = (&self.app.store, &self.practice.id);
        store
            .record_group(&mut self.tx, id, self.cohort, practice)
            .await?;
        Ok(id)
    }

    /// Leaves whatever group someone is in, and joins this one; everyone in it is told.
    async fn join(&mut self, group: Uuid, enrolment: Uuid) -> Result<(), Failure> {
        self.leave(enrolment).await?;
        self.record(group, enrolment, GroupEvent::Joined).await?;
        self.touch(group).await
    }

    async fn leave(&mut self, enrolment: Uuid) -> Result<(), Failure> {
        if let Some(group) = self.find_group(enrolment).await? {
            self.touch(group).await?;
            self.record(group, enrolment, GroupEvent::Left).await?;
        }
        Ok(())
    }

    async fn touch(&mut self, group: Uuid) -> Result<(), Failure> {
        let joined = self.list(group).await?.into_iter();
        let joined = joined.filter(|one| one.has_joined);
        self.touched.extend(joined.map(|one| one.enrolment_id));
        Ok(())
    }

    async fn record(
        &mut self,
        group: Uuid,
        enrolment: Uuid,
        event: GroupEvent,
    ) -> Result<(), Failure> {
        let order = Order {
            author: self.caller.discord_id,
            reason: self.asked.reason.trim(),
        };
        if event == GroupEvent::Left {
            self.touched.insert(enrolment);
        }
        let store = &self.app.store;
        let recorded = store.record_group_event(&mut self.tx, group, enrolment, event, Some(order));
        if recorded.await? {
            Ok(())
        } else {
            Err(GroupRefusal::Changed.into())
        }
    }

    /// Has everyone told what their group is now, and commits.
    async fn end(mut self, group: Uuid, name: Option<String>) -> Result<Arranged<'a>, Failure> {
        let touched = std::mem::take(&mut self.touched);
        for enrolment in &touched {
            let names = self.names_with(*enrolment).await?;
            let news = News::Grouped {
                practice: self.practice.id.clone(),
                names,
                reason: self.asked.reason.trim().to_owned(),
            };
            let (app, caller, channel) = (self.app, self.caller, self.asked.channel);
            tell_member(app, &mut self.tx, caller, channel, *enrolment, news).await?;
        }
        let members = self.list(group).await?;
        self.app.store.commit(self.tx).await?;
        Ok(Arranged {
            name,
            group: Group {
                id: group,
                practice: self.practice,
                members,
            },
            told: touched.len(),
        })
    }

    /// Names of those who hand in together with someone, themselves included; nobody when they are alone.
    async fn names_with(&mut self, enrolment: Uuid) -> Result<Vec<String>, Failure> {
        let Some(group) = self.find_group(enrolment).await? else {
            return Ok(Vec::new());
        };
        let members = self.list(group).await?.into_iter();
        let names: Vec<String> = members
            .filter(|one| one.has_joined)
            .map(|one| one.name)
            .collect();
        Ok(if names.len() > 1 { names } else { Vec::new() })
    }
}
