//! Sending what is due: once for each person and stage, at 09:00 on working days, and after a pause of the
//! service only the highest stage that was missed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::Model;
use entity::duty_stage;
use entity::enums::{DutyState, StageState, SubjectKind};
use entity::id::DutyId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;

use super::plan::{self, Skip};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::problem::{Code, Problem};

/// Duties handled in one look; the rest follow at once.
const BATCH: u64 = 500;

#[derive(FromQueryResult)]
struct Due {
    duty_id: DutyId,
}

/// Handles every stage whose time has come; says for how many duties. Sends nothing outside of working
/// days and before 09:00, so that a restart at night wakes nobody.
///
/// A duty that cannot be handled is logged and tried again at the next sweep; it does not hold up the others.
///
/// # Errors
/// The database's own.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let today = civil::local_date(now);
    let mut handled = close_ended(app, today).await?;
    if !app.calendar().is_working_day(today) || now < civil::at(today, plan::HOUR, 0) {
        return Ok(handled);
    }
    let mut after: Option<DutyId> = None;
    loop {
        let due = due(app, now, after).await?;
        let Some(last) = due.last() else { return Ok(handled) };
        after = Some(*last);
        for id in due {
            match handle(app, id, now, today).await {
                Ok(()) => handled += 1,
                Err(problem) if problem.code == Code::Unavailable => return Err(problem),
                Err(problem) => tracing::error!(duty = %id, %problem, "duty not handled"),
            }
        }
    }
}

/// Duties with a stage that is due, by id.
async fn due(app: &App, now: DateTime<Utc>, after: Option<DutyId>) -> Result<Vec<DutyId>, Problem> {
    let mut query = duty_stage::Entity::find()
        .select_only()
        .column(duty_stage::Column::DutyId)
        .filter(duty_stage::Column::State.eq(StageState::Planned))
        .filter(duty_stage::Column::PlannedAt.lte(now));
    if let Some(id) = after {
        query = query.filter(duty_stage::Column::DutyId.gt(id));
    }
    let rows: Vec<Due> = query
        .group_by(duty_stage::Column::DutyId)
        .order_by_asc(duty_stage::Column::DutyId)
        .limit(BATCH)
        .into_model()
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(|row| row.duty_id).collect())
}

/// Consultations close by themselves at 24:00, on whatever day; their owners hear of it in the morning.
async fn close_ended(app: &App, today: NaiveDate) -> Result<usize, Problem> {
    let mut closed = 0;
    for duty in store::closed_by_themselves(app.db.read(), today).await? {
        let write = app.write().await?;
        let open = store::lock_open(&write, duty.kind, duty.subject_id).await?;
        // Extended or withdrawn meanwhile, or closed by another worker.
        let Some(duty) = open.filter(|d| d.due_on < today) else { continue };
        let at = super::deadline(duty.due_on);
        store::end(&write, duty.id, DutyState::Done, Some(duty.due_on), Some(at)).await?;
        let (subject, detail) = (audit::subject(SubjectKind::Duty, duty.id), json!({ "kind": duty.kind }));
        audit::record(app, &write, &Actor::system(), "duty.complete", subject, detail).await?;
        write.commit().await?;
        closed += 1;
    }
    Ok(closed)
}

async fn handle(app: &App, id: DutyId, now: DateTime<Utc>, today: NaiveDate) -> Result<(), Problem> {
    let write = app.write().await?;
    // On PostgreSQL two workers would both see the planned rows; the row lock makes the second one wait
    // and then find nothing.
    let duty = store::lock_by_id(&write, id).await?;
    let mut planned: Vec<duty_stage::Model> = duty_stage::Entity::find()
        .filter(duty_stage::Column::DutyId.eq(id))
        .filter(duty_stage::Column::State.eq(StageState::Planned))
        .filter(duty_stage::Column::PlannedAt.lte(now))
        .all(&*write)
        .await?;
    planned.sort_by_key(|stage| (stage.planned_at, plan::rank(&stage.stage)));
    let Some((highest, missed)) = planned.split_last() else { return Ok(()) };
    let tells_its_end = duty.state == DutyState::Done && highest.stage == plan::CLOSED;
    if duty.state != DutyState::Open && !tells_its_end {
        plan::drop_planned(&write, id, now, Skip::Ended).await?;
        return write.commit().await;
    }
    for stage in missed {
        let together = stage.planned_at == highest.planned_at;
        skip(&write, stage, now, if together { Skip::Together } else { Skip::Downtime }).await?;
    }
    let stage = raise(app, &write, &duty, highest, now, today).await?;
    let people = tell::tell(app, &write, &duty, &stage, today).await?;
    let (subject, detail) = (
        audit::subject(SubjectKind::Duty, id),
        json!({ "kind": duty.kind, "stage": stage, "people": people }),
    );
    audit::record(app, &write, &Actor::system(), "duty.remind", subject, detail).await?;
    write.commit().await
}

/// Marks the stage as sent. An overdue stage is raised to the number of working days that really passed,
/// and plans the next one.
async fn raise(
    app: &App,
    write: &Write,
    duty: &Model,
    highest: &duty_stage::Model,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<String, Problem> {
    let Some(days) = plan::overdue_days(&highest.stage) else {
        mark(write, highest, StageState::Sent, now, None).await?;
        return Ok(highest.stage.clone());
    };
    let calendar = app.calendar();
    let passed = calendar.working_days_between(duty.due_on, today).max(days);
    let stage = plan::overdue(passed);
    if passed > days {
        skip(write, highest, now, Skip::Downtime).await?;
        plan::insert_sent(app, write, duty, &stage).await?;
    } else {
        mark(write, highest, StageState::Sent, now, None).await?;
    }
    let at = plan::next_working_morning(&calendar, today)?;
    let next = plan::Stage { name: plan::overdue(passed + 1), at, skip: None };
    plan::insert(app, write, duty, &next).await?;
    Ok(stage)
}

async fn skip(
    write: &Write,
    stage: &duty_stage::Model,
    now: DateTime<Utc>,
    why: Skip,
) -> Result<(), Problem> {
    mark(write, stage, StageState::Skipped, now, Some(why.code())).await
}

async fn mark(
    write: &Write,
    stage: &duty_stage::Model,
    state: StageState,
    now: DateTime<Utc>,
    reason: Option<&str>,
) -> Result<(), Problem> {
    duty_stage::Entity::update_many()
        .col_expr(duty_stage::Column::State, Expr::value(state))
        .col_expr(duty_stage::Column::Reason, Expr::value(reason))
        .col_expr(duty_stage::Column::HandledAt, Expr::value(Some(now)))
        .filter(duty_stage::Column::Id.eq(stage.id))
        .exec(&**write)
        .await?;
    Ok(())
}
