//! Regrading: stored submissions, worked out again with the rubric as the course has it now.
//!
//! Nothing is fetched: the stored reports and facts are all there is. Grades that instructors set stay, and a grade
//! of an audit is worked out from the audit's own reports. What a member handed in is one transaction that holds
//! it, so a repeat finds nothing left to change. Everyone is told for whom it counts.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Fault, Refusal},
        recompute::{recompute, recompute_audited},
        tell_regrade::{TELL_REGRADE, TellRegrade},
    },
    domain::{
        assessment::Band,
        course::Course,
        grading::{GradeSheet, Rules},
        score::BasisPoints,
    },
    store::{Again, Enqueue, GradedMember, RecordedGrade, StoreError, Tx},
};

/// Members that are looked at in one page.
const PAGE: i64 = 100;
/// Moves that are kept to be listed; the rest are counted.
const LISTED: usize = 500;

/// Whose submissions, and whether anything is changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// One guild; all when none is named.
    pub guild: Option<i64>,
    /// What counts for one member, by their Discord id.
    pub member: Option<i64>,
    /// Whether new grades are recorded, and not only told.
    pub apply: bool,
    /// The instructor who asks.
    pub asked_by: Option<i64>,
}

/// A letter and its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The letter.
    pub grade: String,
    /// The score.
    pub score: BasisPoints,
}

impl Mark {
    /// The mark of a sheet.
    #[must_use]
    pub fn of(sheet: &GradeSheet) -> Self {
        Self {
            grade: sheet.grade.clone(),
            score: sheet.score_bp,
        }
    }
}

/// A submission whose grade moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Name of the member.
    pub name: String,
    /// The practice.
    pub practice: String,
    /// Number of the grade that moves.
    pub grade: i64,
    /// The mark it has.
    pub before: Mark,
    /// The mark the rubric gives now.
    pub after: Mark,
}

/// What a regrade does, or would do.
#[derive(Debug, Clone)]
pub struct Regraded<'a> {
    /// The course.
    pub course: &'a Course,
    /// Whether it is done.
    pub applied: bool,
    /// How many go up.
    pub up: usize,
    /// How many go down.
    pub down: usize,
    /// How many have the same letter and score.
    pub stay: usize,
    /// How many instructors set; they stay.
    pub set: usize,
    /// How many cannot be worked out: the rubric now asks for reports that their runs were not asked for, the
    /// reports of their audit were not kept, or their practice is gone.
    pub unknown: usize,
    /// How many members are told.
    pub told: usize,
    /// Who moves, by their names; the first of them when there are very many.
    pub moves: Vec<Move>,
}

/// Regrades the caller's guild, or tells what that would do.
///
/// # Errors
/// Refuses anyone who is not an instructor.
pub async fn regrade_guild<'a>(
    app: &'a App,
    caller: &Caller,
    member: Option<i64>,
    apply: bool,
) -> Result<Regraded<'a>, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let scope = Scope {
        guild: Some(caller.guild_id),
        member,
        apply,
        asked_by: Some(caller.discord_id),
    };
    Ok(regrade(app, app.course(caller), scope).await?)
}

/// Regrades every submission within a scope, or tells what that would do.
///
/// # Errors
/// A fault of the database; members done by then stay done, and a repeat goes on with the others.
pub async fn regrade<'a>(
    app: &App,
    course: &'a Course,
    scope: Scope,
) -> Result<Regraded<'a>, Fault> {
    let mut regrader = Regrader {
        app,
        course,
        scope,
        earlier: HashMap::new(),
        told: BTreeSet::new(),
        done: Regraded {
            course,
            applied: scope.apply,
            up: 0,
            down: 0,
            stay: 0,
            set: 0,
            unknown: 0,
            told: 0,
            moves: Vec::new(),
        },
    };
    let mut after = Uuid::nil();
    loop {
        let mut tx = app.store.begin().await?;
        let members = app
            .store
            .list_graded_members(&mut tx, &course.id, scope.guild, scope.member, after, PAGE)
            .await?;
        app.store.commit(tx).await?;
        let Some(last) = members.last() else { break };
        after = last.enrolment;
        for member in &members {
            regrader.regrade_member(member).await?;
        }
    }
    let mut done = regrader.done;
    done.told = regrader.told.len();
    done.moves
        .sort_by(|a, b| (&a.name, a.grade).cmp(&(&b.name, b.grade)));
    Ok(done)
}

struct Regrader<'a, 'b> {
    app: &'b App,
    course: &'a Course,
    scope: Scope,
    /// Rules by digest, as they were read before.
    earlier: HashMap<String, Rules>,
    /// Enrolments of those who are told.
    told: BTreeSet<Uuid>,
    done: Regraded<'a>,
}

impl Regrader<'_, '_> {
    /// One transaction: all that a member handed in, and the jobs that tell those for whom it counts.
    async fn regrade_member(&mut self, member: &GradedMember) -> Result<(), Fault> {
        let store = &self.app.store;
        let mut tx = store.begin().await?;
        store.hold_submissions(&mut tx, member.enrolment).await?;
        let latest = store
            .list_latest_grades(&mut tx, member.enrolment, self.scope.member)
            .await?;
        let mut told: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for latest in latest {
            let Some(grade) = self.regrade_one(&mut tx, member, &latest).await? else {
                continue;
            };
            for enrolment in store.list_counted_for(&mut tx, latest.submission).await? {
                told.entry(enrolment).or_default().push(grade);
            }
        }
        for (enrolment, grades) in told {
            let first = grades.first().copied().unwrap_or_default();
            let key = format!("{TELL_REGRADE}:{first}:{enrolment}");
            let job = Enqueue {
                identifier: TELL_REGRADE,
                payload: &TellRegrade { enrolment, grades },
                key: Some(&key),
                run_at: self.app.clock.now(),
                max_attempts: 8,
            };
            store.enqueue(&mut tx, job).await?;
            self.told.insert(enrolment);
        }
        Ok(store.commit(tx).await?)
    }

    /// Works one submission out again; gives the number of the new grade when its member should know.
    async fn regrade_one(
        &mut self,
        tx: &mut Tx,
        member: &GradedMember,
        latest: &RecordedGrade,
    ) -> Result<Option<i64>, Fault> {
        let record = &latest.record;
        if !record.is_worked_out() {
            self.done.set += 1;
            return Ok(None);
        }
        let Some(rules) = self.rules_for(tx, latest).await? else {
            self.done.unknown += 1;
            return Ok(None);
        };
        let store = &self.app.store;
        let Some(sheet) = self.work_out(tx, latest, &rules).await? else {
            self.done.unknown += 1;
            return Ok(None);
        };
        let (before, after) = (Mark::of(&record.sheet), Mark::of(&sheet));
        let moved = direction(&rules.bands, &before, &after);
        let level = |sheet: &GradeSheet| sheet.trust.as_ref().map(|trust| trust.level);
        let changed = moved != Ordering::Equal || level(&sheet) != level(&record.sheet);
        match moved {
            Ordering::Greater => self.done.up += 1,
            Ordering::Less => self.done.down += 1,
            Ordering::Equal => self.done.stay += 1,
        }
        if moved != Ordering::Equal && self.done.moves.len() < LISTED {
            self.done.moves.push(Move {
                name: member.name.clone(),
                practice: sheet.practice.clone(),
                grade: record.id,
                before,
                after,
            });
        }
        if !changed || !self.scope.apply {
            return Ok(None);
        }
        let reason = format!("rubric version {}", sheet.rubric_version);
        let again = Again {
            reason: &reason,
            asked_by: self.scope.asked_by,
            audit: record.audit,
        };
        let id = store
            .record_again(tx, latest.submission, &sheet, &rules, again)
            .await?;
        Ok((moved != Ordering::Equal).then_some(id))
    }

    /// The grade by these rules, from what the grade rests on; `None` when that was not kept.
    async fn work_out(
        &self,
        tx: &mut Tx,
        latest: &RecordedGrade,
        rules: &Rules,
    ) -> Result<Option<GradeSheet>, Fault> {
        let store = &self.app.store;
        let late = latest.record.sheet.late.as_ref();
        let reports = store.list_reports(tx, latest.submission, None).await?;
        let facts = store.find_facts(tx, latest.submission).await?;
        let handed_in = recompute(rules, &reports, &facts, late);
        if !latest.record.is_audited() {
            return Ok(handed_in.ok());
        }
        let evidence = match latest.record.audit {
            Some(audit) => store.find_audit_evidence(tx, audit).await?,
            None => None,
        };
        Ok(handed_in
            .ok()
            .zip(evidence)
            .and_then(|(sheet, evidence)| recompute_audited(rules, &evidence, &sheet, late).ok()))
    }

    /// The rules as they are now, for a submission of then; `None` when they cannot be applied to it.
    async fn rules_for(
        &mut self,
        tx: &mut Tx,
        latest: &RecordedGrade,
    ) -> Result<Option<Rules>, Fault> {
        let Some(practice) = self.course.find_practice(&latest.record.sheet.practice) else {
            return Ok(None);
        };
        let rules = Rules::of(self.course, practice);
        // A grade from before rules were stored was worked out by the rules of its time, whatever they were.
        let Some(digest) = &latest.record.rubric else {
            return Ok(Some(rules));
        };
        if !self.earlier.contains_key(digest) {
            let body = self.app.store.find_rules(tx, digest).await?;
            let read = body.map(serde_json::from_value::<Rules>).transpose();
            let read = read.map_err(|error| StoreError::Inconsistent {
                table: "rubric",
                reason: error.to_string(),
            })?;
            let Some(read) = read else { return Ok(None) };
            self.earlier.insert(digest.clone(), read);
        }
        let Some(earlier) = self.earlier.get(digest) else {
            return Ok(None);
        };
        Ok(rules
            .has_reports_of(earlier)
            .then(|| rules.for_facts_of(earlier)))
    }
}

/// Whether a mark goes up or down: by its score, and where that is the same by its letter.
fn direction(bands: &[Band], before: &Mark, after: &Mark) -> Ordering {
    // Letters come from the best down; one that is no longer there is below all others.
    let place = |mark: &Mark| {
        let found = bands.iter().position(|band| band.grade == mark.grade);
        std::cmp::Reverse(found.unwrap_or(bands.len()))
    };
    let by_letter = place(after).cmp(&place(before));
    let by_letter = if after.grade == before.grade {
        Ordering::Equal
    } else {
        by_letter
    };
    after.score.cmp(&before.score).then(by_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assessment::Assessment;

    #[test]
    fn a_mark_moves_by_its_score_and_then_by_its_letter() {
        let bands = Assessment::default().bands;
        let mark = |grade: &str, score| Mark {
            grade: grade.to_owned(),
            score: BasisPoints::saturating(score),
        };
        let moved = |before: Mark, after: Mark| direction(&bands, &before, &after);
        assert_eq!(moved(mark("A", 8500), mark("S", 9100)), Ordering::Greater);
        assert_eq!(moved(mark("A", 8500), mark("A", 8400)), Ordering::Less);
        assert_eq!(moved(mark("A", 8500), mark("S", 8500)), Ordering::Greater);
        assert_eq!(moved(mark("A", 8500), mark("B", 8500)), Ordering::Less);
        assert_eq!(moved(mark("A", 8500), mark("A", 8500)), Ordering::Equal);
    }
}
