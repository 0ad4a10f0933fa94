//! Members, cohorts and enrolments.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::{Partner, Store, StoreError, Tx};
use crate::domain::locale::Locale;

/// What a member is in a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Learns; is part of class reports.
    Learner,
    /// Teaches.
    Instructor,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Learner => "learner",
            Self::Instructor => "instructor",
        })
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "learner" => Ok(Self::Learner),
            "instructor" => Ok(Self::Instructor),
            other => Err(other.to_owned()),
        }
    }
}

/// Someone who uses Docent in a guild.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The guild.
    pub guild_id: i64,
    /// The course followed there.
    pub course_id: &'a str,
    /// The person's Discord id.
    pub discord_id: i64,
    /// The name shown in the guild.
    pub name: &'a str,
    /// The role to enrol with.
    pub role: Role,
}

/// A member's place in a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolment {
    /// Id of the enrolment.
    pub id: Uuid,
    /// Id of the cohort.
    pub cohort_id: Uuid,
    /// Id of the member.
    pub member_id: Uuid,
    /// Whether this call made it.
    pub is_new: bool,
}

impl Enrolment {
    /// The enrolled as one for whom a hand-in counts.
    #[must_use]
    pub const fn partner(&self) -> Partner {
        Partner {
            enrolment_id: self.id,
            member_id: self.member_id,
        }
    }
}

/// How a member is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Discord id.
    pub discord_id: i64,
    /// The name shown in the guild.
    pub name: String,
    /// The code of the language they last used.
    pub locale: Option<String>,
}

impl Store {
    /// Keeps how a person is called and which language they use, whatever they asked for: they may be written to
    /// before they enrol by themselves.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn remember_member(
        &self,
        discord_id: i64,
        name: &str,
        locale: Locale,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into member (id, discord_id, name, locale) values ($1, $2, $3, $4)
             on conflict (discord_id) do update set name = excluded.name, locale = excluded.locale
             where (member.name, member.locale) is distinct from (excluded.name, excluded.locale)",
            Uuid::now_v7(),
            discord_id,
            name,
            locale.code()
        )
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Finds the enrolment of a person, and enrols who is not: the first use is the enrolment.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn enrol(&self, tx: &mut Tx, who: Newcomer<'_>) -> Result<Enrolment, StoreError> {
        if let Some(found) = self.find_enrolment(tx, who).await? {
            return Ok(found);
        }
        let member_id = sqlx::query_scalar!(
            "insert into member (id, discord_id, name) values ($1, $2, $3)
             on conflict (discord_id) do update set name = excluded.name returning id",
            Uuid::now_v7(),
            who.discord_id,
            who.name
        )
        .fetch_one(&mut **tx)
        .await?;
        let cohort_id = sqlx::query_scalar!(
            "insert into cohort (id, guild_id, course_id) values ($1, $2, $3)
             on conflict (guild_id, course_id) do update set guild_id = excluded.guild_id returning id",
            Uuid::now_v7(),
            who.guild_id,
            who.course_id
        )
        .fetch_one(&mut **tx)
        .await?;
        let id = Uuid::now_v7();
        let enrolled = sqlx::query_scalar!(
            "insert into enrolment (id, cohort_id, member_id, role) values ($1, $2, $3, $4)
             on conflict (cohort_id, member_id) do update set member_id = excluded.member_id returning id",
            id,
            cohort_id,
            member_id,
            who.role.to_string()
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(Enrolment {
            id: enrolled,
            cohort_id,
            member_id,
            is_new: enrolled == id,
        })
    }

    async fn find_enrolment(
        &self,
        tx: &mut Tx,
        who: Newcomer<'_>,
    ) -> Result<Option<Enrolment>, StoreError> {
        let row = sqlx::query!(
            "select e.id, e.cohort_id, e.member_id, m.name from enrolment e
             join member m on m.id = e.member_id join cohort c on c.id = e.cohort_id
             where m.discord_id = $1 and c.guild_id = $2 and c.course_id = $3",
            who.discord_id,
            who.guild_id,
            who.course_id
        )
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.name != who.name {
            sqlx::query!(
                "update member set name = $2 where id = $1",
                row.member_id,
                who.name
            )
            .execute(&mut **tx)
            .await?;
        }
        Ok(Some(Enrolment {
            id: row.id,
            cohort_id: row.cohort_id,
            member_id: row.member_id,
            is_new: false,
        }))
    }

    /// How a member is reached.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_recipient(
        &self,
        tx: &mut Tx,
        enrolment: Uuid,
    ) -> Result<Recipient, StoreError> {
        Ok(sqlx::query_as!(
            Recipient,
            "select m.discord_id, m.name, m.locale from enrolment e join member m on m.id = e.member_id where e.id = $1",
            enrolment
        )
        .fetch_one(&mut **tx)
        .await?)
    }

    /// Holds the enrolment's row until the transaction ends, so that one member's use cases run one by one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hold_enrolment(&self, tx: &mut Tx, enrolment: Uuid) -> Result<(), StoreError> {
        sqlx::query!(
            "select id from enrolment where id = $1 for update",
            enrolment
        )
        .fetch_optional(&mut **tx)
        .await?;
        Ok(())
    }
}
