//! Groups that hand in a practice together.

use uuid::Uuid;

use super::{Store, StoreError, Tx};

/// Someone for whom a hand-in counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partner {
    /// Their enrolment.
    pub enrolment_id: Uuid,
    /// Their member id.
    pub member_id: Uuid,
}

/// Someone in a group, or invited to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// Their enrolment.
    pub enrolment_id: Uuid,
    /// Discord id.
    pub discord_id: i64,
    /// The name shown in the guild.
    pub name: String,
    /// Whether they have joined; else they are invited.
    pub has_joined: bool,
}

/// What happened to someone in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupEvent {
    /// A member of the group asked them in.
    Invited,
    /// They joined.
    Joined,
    /// They said no to the invitation.
    Declined,
    /// They left.
    Left,
    /// Their invitation went with the group.
    Withdrawn,
}

/// An instructor who saw to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// Discord id of the instructor.
    pub author: i64,
    /// Why; those concerned read it.
    pub reason: &'a str,
}

impl GroupEvent {
    const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Joined => "joined",
            Self::Declined => "declined",
            Self::Left => "left",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Store {
    /// The members who hand in a practice together with one of them, themselves included; without a practice,
    /// those who hand in any together with them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_partners(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        practice: Option<&str>,
    ) -> Result<Vec<Partner>, StoreError> {
        Ok(sqlx::query_as!(
            Partner,
            r#"select e.id as enrolment_id, e.member_id from enrolment e
               where e.id = $1 or e.id in
                 (select other.enrolment_id from group_member own join group_member other
                    on other.group_id = own.group_id
                  where own.enrolment_id = $1 and own.practice_id = coalesce($2, own.practice_id))
               order by e.id limit 100"#,
            enrolment,
            practice
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// The group of a member for a practice.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_group(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
        practice: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select group_id from group_member where enrolment_id = $1 and practice_id = $2",
            enrolment,
            practice
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// The practice of a group of a cohort; the group is held until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hold_group(
        &self,
        tx: &mut Tx,
        group: Uuid,
        cohort: Uuid,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select practice_id from practice_group where id = $1 and cohort_id = $2 for update",
            group,
            cohort
        )
        .fetch_optional(&mut **tx)
        .await?)
    }

    /// Those who are in a group and those who are invited, the first in it first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_group(
        &self,
        tx: &mut Tx,
        group: Uuid,
    ) -> Result<Vec<GroupMember>, StoreError> {
        Ok(sqlx::query_as!(
            GroupMember,
            r#"select v.enrolment_id, m.discord_id, m.name, v.kind = 'joined' as "has_joined!"
               from (select distinct on (enrolment_id) id, enrolment_id, kind from group_event
                     where group_id = $1 order by enrolment_id, id desc) v
               join enrolment e on e.id = v.enrolment_id join member m on m.id = e.member_id
               where v.kind in ('joined', 'invited') order by v.kind desc, v.id limit 100"#,
            group
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Opens a group with nobody in it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_group(
        &self,
        tx: &mut Tx,
        group: Uuid,
        cohort: Uuid,
        practice: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into practice_group (id, cohort_id, practice_id) values ($1, $2, $3)",
            group,
            cohort,
            practice
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Everyone who is in a group of a practice or invited to one, with the group, the oldest group first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_groups(
        &self,
        tx: &mut Tx,
        cohort: Uuid,
        practice: &str,
        limit: i64,
    ) -> Result<Vec<(Uuid, GroupMember)>, StoreError> {
        let rows = sqlx::query!(
            r#"select v.group_id, v.enrolment_id, m.discord_id, m.name, v.kind = 'joined' as "has_joined!"
               from (select distinct on (o.group_id, o.enrolment_id) o.id, o.group_id, o.enrolment_id, o.kind
                     from group_event o join practice_group g on g.id = o.group_id
                     where g.cohort_id = $1 and g.practice_id = $2
                     order by o.group_id, o.enrolment_id, o.id desc) v
               join enrolment e on e.id = v.enrolment_id join member m on m.id = e.member_id
               where v.kind in ('joined', 'invited') order by v.group_id, v.kind desc, v.id limit $3"#,
            cohort,
            practice,
            limit
        )
        .fetch_all(&mut **tx)
        .await?;
        let read = rows.into_iter().map(|row| {
            let member = GroupMember {
                enrolment_id: row.enrolment_id,
                discord_id: row.discord_id,
                name: row.name,
                has_joined: row.has_joined,
            };
            (row.group_id, member)
        });
        Ok(read.collect())
    }

    /// Records what happened to someone in a group, with the instructor who ordered it. Who joins is in no other group of that practice: `false`,
    /// with nothing recorded, when they are.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn record_group_event(
        &self,
        tx: &mut Tx,
        group: Uuid,
        enrolment: Uuid,
        event: GroupEvent,
        order: Option<Order<'_>>,
    ) -> Result<bool, StoreError> {
        let changed = match event {
            GroupEvent::Joined => sqlx::query!(
                "insert into group_member (enrolment_id, practice_id, group_id)
                 select $2, practice_id, id from practice_group where id = $1 on conflict do nothing",
                group,
                enrolment
            )
            .execute(&mut **tx)
            .await?
            .rows_affected(),
            GroupEvent::Left => sqlx::query!(
                "delete from group_member where group_id = $1 and enrolment_id = $2",
                group,
                enrolment
            )
            .execute(&mut **tx)
            .await?
            .rows_affected(),
            GroupEvent::Invited | GroupEvent::Declined | GroupEvent::Withdrawn => 1,
        };
        if changed == 0 {
            return Ok(false);
        }
        sqlx::query!(
            "insert into group_event (group_id, enrolment_id, kind, author, reason) values ($1, $2, $3, $4, $5)",
            group,
            enrolment,
            event.code(),
            order.map(|order| order.author),
            order.map(|order| order.reason)
        )
        .execute(&mut **tx)
        .await?;
        Ok(true)
    }

    /// Those for whom a submission counts besides the one who handed it in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_mates(&self, tx: &mut Tx, submission: Uuid) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select m.enrolment_id from submission_member m join submission s on s.id = m.submission_id
             where s.id = $1 and m.enrolment_id <> s.enrolment_id order by m.enrolment_id",
            submission
        )
        .fetch_all(&mut **tx)
        .await?)
    }

    /// Lets a submission count for more members.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn share_submission(
        &self,
        tx: &mut Tx,
        submission: Uuid,
        enrolments: &[Uuid],
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into submission_member (submission_id, enrolment_id) select $1, unnest($2::uuid[])
             on conflict do nothing",
            submission,
            enrolments
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
