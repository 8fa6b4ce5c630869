//! The rows of duties, their stages and changes.

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::{Column, Entity, Model};
use entity::enums::{DutyKind, DutyState};
use entity::id::{DepartmentId, DutyId, StaffId};
use entity::{duty_change, duty_pause, duty_stage};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::app::App;
use crate::calendar::{CountError, DayLine, Due, Pause};
use crate::db::Write;
use crate::problem::Problem;

/// Which duties to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub department: Option<DepartmentId>,
    pub kind: Option<DutyKind>,
    pub state: Option<DutyState>,
    /// Only duties due before this day.
    pub due_before: Option<NaiveDate>,
    pub limit: u64,
    pub offset: u64,
}

pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DutyId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The duties of one subject, newest first.
///
/// # Errors
/// The database's own.
pub async fn of_subject(db: &impl ConnectionTrait, subject: Uuid) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::SubjectId.eq(subject)).order_by_desc(Column::CreatedAt).all(db).await?)
}

/// The duties of several subjects, for lists.
///
/// # Errors
/// The database's own.
pub async fn of_subjects(
    db: &impl ConnectionTrait,
    subjects: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::SubjectId.is_in(subjects)).all(db).await?)
}

/// # Errors
/// The database's own.
pub async fn list(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find();
    if let Some(department) = filter.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(Column::DueOn.lt(day));
    }
    let page =
        query.order_by_asc(Column::DueOn).order_by_asc(Column::Id).offset(filter.offset).limit(filter.limit);
    Ok(page.all(db).await?)
}

/// Open duties that a person runs: one's own, and those of departments one leads, opinion reviews left out.
///
/// # Errors
/// The database's own.
pub async fn open_of_staff(
    db: &impl ConnectionTrait,
    staff: StaffId,
    departments: &[DepartmentId],
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let mine = Column::OwnerId.eq(staff).or(Column::DepartmentId.is_in(departments.iter().copied()));
    let query = Entity::find()
        .filter(Column::State.eq(DutyState::Open))
        .filter(Column::Kind.ne(DutyKind::OpinionReview))
        .filter(mine);
    Ok(query.order_by_asc(Column::DueOn).limit(limit).all(db).await?)
}

pub(super) async fn find_any(
    db: &impl ConnectionTrait,
    kind: DutyKind,
    subject: Uuid,
) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::Kind.eq(kind)).filter(Column::SubjectId.eq(subject)).one(db).await?)
}

pub(super) async fn find_open(
    db: &impl ConnectionTrait,
    kind: DutyKind,
    subject: Uuid,
) -> Result<Option<Model>, Problem> {
    Ok(find_any(db, kind, subject).await?.filter(|d| d.state == DutyState::Open))
}

pub(super) async fn open_in_working_days(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::State.eq(DutyState::Open)).filter(Column::Days.is_not_null());
    Ok(query.all(db).await?)
}

pub(super) async fn end(
    write: &Write,
    id: DutyId,
    state: DutyState,
    on: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::CompletedOn, Expr::value(on))
        .col_expr(Column::CompletedAt, Expr::value(at))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_due(write: &Write, id: DutyId, start_on: NaiveDate, due: Due) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::StartOn, Expr::value(start_on))
        .col_expr(Column::DueOn, Expr::value(due.date))
        .col_expr(Column::Provisional, Expr::value(due.provisional))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_owner(
    write: &Write,
    id: DutyId,
    department: DepartmentId,
    owner: Option<StaffId>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::DepartmentId, Expr::value(department))
        .col_expr(Column::OwnerId, Expr::value(owner))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn pauses(db: &impl ConnectionTrait, id: DutyId) -> Result<Vec<Pause>, Problem> {
    let rows = duty_pause::Entity::find().filter(duty_pause::Column::DutyId.eq(id)).all(db).await?;
    Ok(rows.into_iter().filter_map(|p| Some(Pause { from: p.from_on, until: p.until_on? })).collect())
}

/// The stages of a duty in the order they were planned for.
///
/// # Errors
/// The database's own.
pub async fn stages(db: &impl ConnectionTrait, id: DutyId) -> Result<Vec<duty_stage::Model>, Problem> {
    let query = duty_stage::Entity::find().filter(duty_stage::Column::DutyId.eq(id));
    Ok(query.order_by_asc(duty_stage::Column::PlannedAt).all(db).await?)
}

/// The changes of a duty's due day and owner, oldest first.
///
/// # Errors
/// The database's own.
pub async fn history(db: &impl ConnectionTrait, id: DutyId) -> Result<Vec<duty_change::Model>, Problem> {
    let query = duty_change::Entity::find().filter(duty_change::Column::DutyId.eq(id));
    Ok(query.order_by_asc(duty_change::Column::ChangedAt).all(db).await?)
}

/// The due day explained day by day: in working days, or in calendar days where the day was given. A period
/// too long to read that way has no explanation.
///
/// # Errors
/// The database's own.
pub async fn explain(app: &App, duty: &Model) -> Result<Vec<DayLine>, Problem> {
    let calendar = app.calendar();
    let lines = match duty.days.and_then(|d| u32::try_from(d).ok()) {
        Some(days) => {
            let pauses = pauses(app.db.read(), duty.id).await?;
            calendar.explain(duty.start_on, days, &pauses)
        }
        None => calendar.explain_until(duty.start_on, duty.due_on),
    };
    match lines {
        Err(CountError::TooLongToExplain { .. }) => Ok(Vec::new()),
        other => Ok(other?),
    }
}
