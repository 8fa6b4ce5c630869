//! What the public reads: the list, and one summary with how it stands against its deadline.

use chrono::NaiveDate;
use entity::consultation::Model as Consultation;
use entity::enums::{DutyKind, SubjectKind};
use entity::id::{ConsultationId, DecisionId};
use entity::{duty, publication as published};
use uuid::Uuid;

use super::content::Snapshot;
use super::store::{self, Listed};
use crate::app::App;
use crate::calendar::civil;
use crate::consultation::{Stage, stage};
use crate::problem::Problem;
use crate::{consultation, decision, department, publication};

/// Whether the answer came, and came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Punctual {
    /// Nothing obliges yet: the decision has not been issued.
    NotDue,
    Waiting,
    Overdue,
    InTime,
    Late,
}

/// How a summary stands on `today`: `answered` is the day of its publication, `due` the last day.
pub fn punctual(answered: Option<NaiveDate>, due: Option<NaiveDate>, today: NaiveDate) -> Punctual {
    match (answered, due) {
        (Some(on), Some(due)) if on > due => Punctual::Late,
        (Some(_), _) => Punctual::InTime,
        (None, Some(due)) if today > due => Punctual::Overdue,
        (None, Some(_)) => Punctual::Waiting,
        (None, None) => Punctual::NotDue,
    }
}

/// A line of the public list.
#[derive(Clone, Debug)]
pub struct Line {
    pub listed: Listed,
    pub received: u64,
    /// What was published; none before.
    pub snapshot: Option<Snapshot>,
    /// The duty that the answer is due by.
    pub duty: Option<duty::Model>,
}

/// A page of the public list, and how many there are.
///
/// # Errors
/// The database's own.
pub async fn list(app: &App, limit: u64, offset: u64) -> Result<(Vec<Line>, u64), Problem> {
    let db = app.db.read();
    let (listed, total) = store::public_list(db, app.today(), limit, offset).await?;
    let ids: Vec<_> = listed.iter().map(|l| l.consultation_id).collect();
    let received = crate::opinion::tally::voices(db, &ids).await?;
    let rows = store::published_of(db, ids).await?;
    let subjects = listed.iter().flat_map(|l| [l.consultation_id.0, l.decision_id.0]);
    let duties = crate::duty::of_subjects(db, subjects).await?;
    let mut lines = Vec::new();
    for l in listed {
        let row = rows.iter().find(|r| r.consultation_id == l.consultation_id);
        let answered = l.result_published_at.is_some();
        lines.push(Line {
            received: received.get(&l.consultation_id).map_or(0, |v| v.received),
            snapshot: row.filter(|_| answered).map(Snapshot::of).transpose()?.flatten(),
            duty: due_duty(&duties, l.decision_id, l.consultation_id),
            listed: l,
        });
    }
    Ok((lines, total))
}

/// The decision's duty where it was issued, else the consultation's.
fn due_duty(duties: &[duty::Model], d: DecisionId, c: ConsultationId) -> Option<duty::Model> {
    let of = |kind: DutyKind, id: Uuid| {
        let mut found = duties.iter().filter(|x| x.kind == kind && x.subject_id == id);
        found.find(|x| x.state != entity::enums::DutyState::Cancelled)
    };
    of(DutyKind::AdoptionSummary, d.0).or_else(|| of(DutyKind::ConsultationResult, c.0)).cloned()
}

/// One consultation's answer as the public may see it.
#[derive(Clone, Debug)]
pub struct Public {
    pub consultation: Consultation,
    pub decision: entity::decision::Model,
    pub department: String,
    pub snapshot: Option<Snapshot>,
    /// Every version, the newest first; the tombstone is on the newest.
    pub versions: Vec<published::Model>,
    pub duty: Option<duty::Model>,
    pub punctual: Punctual,
}

impl Public {
    /// The version that is public now.
    pub fn current(&self) -> Option<&published::Model> {
        self.versions.first().filter(|p| p.current)
    }

    /// Why it was taken from the public, if it was.
    pub fn withdrawn(&self) -> Option<&published::Model> {
        self.versions.first().filter(|p| p.withdrawn_at.is_some())
    }
}

/// # Errors
/// `not_found` for a consultation that is not public; the database's own.
pub async fn find(app: &App, code: &str) -> Result<Public, Problem> {
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    if stage(&found, app.now()) == Stage::Draft {
        return Err(Problem::not_found());
    }
    let decision = decision::find(db, found.decision_id).await?;
    let row = store::of_consultation(db, found.id).await?;
    let versions = match &row {
        Some(row) => publication::versions(db, SubjectKind::Summary, row.id.0).await?,
        None => Vec::new(),
    };
    let answered = versions.first().is_some_and(|p| p.current);
    let duties = crate::duty::of_subjects(db, [found.id.0, decision.id.0]).await?;
    let duty = due_duty(&duties, decision.id, found.id);
    let on = found.result_published_at.map(civil::local_date);
    Ok(Public {
        department: department::find(db, decision.department_id).await?.name,
        snapshot: row.as_ref().filter(|_| answered).map(Snapshot::of).transpose()?.flatten(),
        punctual: punctual(on, duty.as_ref().map(|d| d.due_on), app.today()),
        consultation: found,
        decision,
        versions,
        duty,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_time_on_the_last_day_and_late_after_it() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d);
        let today = day(20).unwrap();
        for (answered, due, want) in [
            (None, None, Punctual::NotDue),
            (None, day(20), Punctual::Waiting),
            (None, day(19), Punctual::Overdue),
            (day(16), day(16), Punctual::InTime),
            (day(17), day(16), Punctual::Late),
            (day(17), None, Punctual::InTime),
        ] {
            assert_eq!(punctual(answered, due, today), want, "{answered:?} {due:?}");
        }
    }
}
