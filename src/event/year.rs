//! The year's counters as duties: three open days or one open week (政务公开工作要点表二第8项), two opened meetings
//! (第6项), each due on 31 December. The office of open government owns them; they are opened by themselves at the
//! beginning of a year, remind like every duty, and are done by themselves once the counters reach what the plan
//! asks for.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use entity::enums::{DutyKind, DutyState, Role, SubjectKind};
use serde_json::json;
use uuid::Uuid;

use super::list::{Counters, counters};
use crate::account;
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::job;
use crate::problem::Problem;

/// The counters are looked at.
pub const YEAR_JOB: &str = "event.year";

/// A year as the subject of a duty: the number itself, so that every process names the same.
pub fn subject(year: i32) -> Uuid {
    Uuid::from_u128(u128::from(year.unsigned_abs()))
}

/// Plans a look at the counters once a day, whichever worker comes first; on the last day of the year once an hour:
/// an open day that ends that evening is in time.
///
/// # Errors
/// The database's own.
pub async fn plan(app: &App) -> Result<(), Problem> {
    let hour = slot(app.now());
    if app.year_followed() == Some(hour) {
        return Ok(());
    }
    let write = app.write().await?;
    write.unseen();
    let key = format!("{YEAR_JOB}:{}", hour.timestamp());
    job::enqueue(app, &write, YEAR_JOB, &key, json!({}), app.now()).await?;
    write.commit().await?;
    app.follow_year(hour);
    Ok(())
}

fn slot(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = civil::local_time(now);
    let hour = if (local.month(), local.day()) == (12, 31) { local.hour() } else { 0 };
    civil::at(local.date(), hour, 0)
}

/// Opens the duties of this year, and closes those of it and the last one that are fulfilled.
///
/// # Errors
/// The database's own.
pub async fn follow(app: &App) -> Result<(), Problem> {
    let year = app.today().year();
    for year in [year - 1, year] {
        let counted = counters(app, year).await?;
        let known = duty::of_subject(app.db.read(), subject(year)).await?;
        let wants = [
            (DutyKind::OpenDays, wants_open(&counted), counted.open_is_met()),
            (DutyKind::OpenMeetings, counted.meetings_wanted > 0, counted.meetings_are_met()),
        ];
        for (kind, is_wanted, is_met) in wants {
            let own = known.iter().find(|d| d.kind == kind);
            let opens = is_wanted && own.is_none() && year == app.today().year();
            let closes = is_met && own.is_some_and(|d| d.state == DutyState::Open);
            if opens || closes {
                settle(app, kind, year, is_met).await?;
            }
        }
    }
    Ok(())
}

fn wants_open(c: &Counters) -> bool {
    c.open_days_wanted > 0 && c.open_weeks_wanted > 0
}

async fn settle(app: &App, kind: DutyKind, year: i32, is_met: bool) -> Result<(), Problem> {
    let system = Actor::system();
    let write = app.write().await?;
    write.unseen();
    open(app, &write, &system, kind, year).await?;
    if is_met {
        duty::complete(app, &write, &system, kind, subject(year)).await?;
    }
    write.commit().await
}

/// Opens a year's duty unless it is there; without an office of open government there is nobody to remind, and the
/// next look tries again.
async fn open(app: &App, write: &Write, actor: &Actor, kind: DutyKind, year: i32) -> Result<(), Problem> {
    let known = duty::of_subject(&**write, subject(year)).await?;
    if known.iter().any(|d| d.kind == kind) {
        return Ok(());
    }
    let Some(owner) = account::first_with_role(&**write, Role::Disclosure).await? else { return Ok(()) };
    let due = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_else(|| app.today());
    let title = match kind {
        DutyKind::OpenMeetings => format!("{year}年会议开放（列席）"),
        _ => format!("{year}年政府开放日、开放周"),
    };
    let begin = Begin {
        kind,
        subject_kind: SubjectKind::WorkPlan,
        subject_id: subject(year),
        title,
        path: "/desk/events".into(),
        department_id: owner.department_id,
        owner_id: Some(owner.id),
        start_on: civil::local_date(app.now()),
        term: Term::Day(due),
    };
    duty::open(app, write, actor, begin).await?;
    Ok(())
}
