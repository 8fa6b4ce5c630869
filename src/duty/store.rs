//! The rows of duties, their stages and changes.

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::{Column, Entity, Model};
use entity::enums::{DutyKind, DutyState};
use entity::id::{DepartmentId, DutyId, StaffId};
use entity::{duty_change, duty_pause, duty_stage};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _,
    IntoActiveModel as _, Order, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select,
};
use uuid::Uuid;

use crate::app::App;
use crate::calendar::{CountError, DayLine, Pause};
use crate::db::Write;
use crate::problem::Problem;

/// Which duties to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only duties of these departments; none for all.
    pub departments: Option<Vec<DepartmentId>>,
    /// None for every kind but those that moderators have queues of their own for.
    pub kind: Option<DutyKind>,
    pub state: Option<DutyState>,
    /// Only open duties that were due before this day.
    pub overdue_on: Option<NaiveDate>,
    pub limit: u64,
    pub offset: u64,
}

impl Filter {
    fn query(&self) -> Select<Entity> {
        let mut query = Entity::find();
        if let Some(departments) = &self.departments {
            query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
        }
        query = match self.kind {
            Some(kind) => query.filter(Column::Kind.eq(kind)),
            None => query.filter(Column::Kind.is_in(all_but(&OF_MODERATORS))),
        };
        if let Some(state) = self.state {
            query = query.filter(Column::State.eq(state));
        }
        if let Some(day) = self.overdue_on {
            query = query
                .filter(Column::State.eq(DutyState::Open))
                .filter(Column::DueOn.lt(day))
                .filter(Column::Kind.is_in(all_but(&[DutyKind::ConsultationCloses])));
        }
        query
    }
}

/// What moderators have queues of their own for.
pub const OF_MODERATORS: [DutyKind; 4] =
    [DutyKind::OpinionReview, DutyKind::Appeal, DutyKind::Report, DutyKind::MessageIntake];

/// Named one by one, so that the index finds them among a million reviews.
fn all_but(left_out: &[DutyKind]) -> Vec<DutyKind> {
    DutyKind::ALL.iter().copied().filter(|kind| !left_out.contains(kind)).collect()
}

fn open_first() -> SimpleExpr {
    Expr::case(Column::State.eq(DutyState::Open), 0).finally(1).into()
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

/// The duties of a filter: what is open first, by due day.
///
/// # Errors
/// The database's own.
pub async fn list(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Model>, Problem> {
    let page = filter
        .query()
        .order_by(open_first(), Order::Asc)
        .order_by_asc(Column::DueOn)
        .order_by_asc(Column::Id)
        .offset(filter.offset)
        .limit(filter.limit);
    Ok(page.all(db).await?)
}

/// How many duties a filter finds.
///
/// # Errors
/// The database's own.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, Problem> {
    Ok(filter.query().count(db).await?)
}

/// Duties that are not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub open: i64,
    /// Due before today.
    pub overdue: i64,
    /// Counted in part by weekends alone (暂按周末推算).
    pub provisional: i64,
}

/// Counts the duties of all kinds.
///
/// # Errors
/// The database's own.
pub async fn counts(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Counts, Problem> {
    let open = || Entity::find().filter(Column::State.eq(DutyState::Open));
    let overdue = open()
        .filter(Column::DueOn.lt(today))
        .filter(Column::Kind.is_in(all_but(&[DutyKind::ConsultationCloses])));
    let provisional = open().filter(Column::Provisional.eq(true));
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Counts {
        open: n(open().count(db).await?),
        overdue: n(overdue.count(db).await?),
        provisional: n(provisional.count(db).await?),
    })
}

/// Open duties that a person runs: one's own, and those of departments one leads, the work of moderators left out.
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
        .filter(Column::Kind.is_in(all_but(&OF_MODERATORS)))
        .filter(mine);
    // By the day alone the database would walk through all that is open.
    let query = query.order_by(open_first(), Order::Asc).order_by_asc(Column::DueOn);
    Ok(query.limit(limit).all(db).await?)
}

/// How many open duties a person owns.
///
/// # Errors
/// The database's own.
pub async fn count_of_owner(db: &impl ConnectionTrait, owner: StaffId) -> Result<u64, Problem> {
    let query = Entity::find().filter(Column::State.eq(DutyState::Open)).filter(Column::OwnerId.eq(owner));
    Ok(query.count(db).await?)
}

/// The duty of a subject, whatever its state, held until the end of the transaction.
pub(super) async fn lock(write: &Write, kind: DutyKind, subject: Uuid) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::SubjectId.eq(subject));
    Ok(query.lock_exclusive().one(&**write).await?)
}

/// # Errors
/// `not_found`; the database's own.
pub(super) async fn lock_by_id(write: &Write, id: DutyId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn lock_open(
    write: &Write,
    kind: DutyKind,
    subject: Uuid,
) -> Result<Option<Model>, Problem> {
    Ok(lock(write, kind, subject).await?.filter(|d| d.state == DutyState::Open))
}

fn open_from(from: Option<NaiveDate>, after: Option<DutyId>, limit: u64) -> Select<Entity> {
    let mut query = Entity::find().filter(Column::State.eq(DutyState::Open));
    if let Some(day) = from {
        query = query.filter(Column::DueOn.gte(day));
    }
    if let Some(id) = after {
        query = query.filter(Column::Id.gt(id));
    }
    query.order_by_asc(Column::Id).limit(limit)
}

/// Open duties due on or after a day, by id.
pub(super) async fn open_due_from(
    db: &impl ConnectionTrait,
    from: Option<NaiveDate>,
    after: Option<DutyId>,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    Ok(open_from(from, after, limit).all(db).await?)
}

/// The same, held until the end of the transaction.
pub(super) async fn lock_open_due_from(
    write: &Write,
    from: Option<NaiveDate>,
    after: Option<DutyId>,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    Ok(open_from(from, after, limit).lock_exclusive().all(&**write).await?)
}

/// Consultations whose last day is over and whose duty does not say so yet.
pub(super) async fn closed_by_themselves(
    db: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find()
        .filter(Column::State.eq(DutyState::Open))
        .filter(Column::DueOn.lt(today))
        .filter(Column::Kind.eq(DutyKind::ConsultationCloses));
    Ok(query.limit(200).all(db).await?)
}

/// How many reviews wait on one page, and how many of them are due today and overdue.
pub(super) async fn reviews(write: &Write, path: &str, today: NaiveDate) -> Result<(u64, u64, u64), Problem> {
    let open = Entity::find()
        .filter(Column::Kind.eq(DutyKind::OpinionReview))
        .filter(Column::State.eq(DutyState::Open))
        .filter(Column::Path.eq(path));
    let all = open.clone().count(&**write).await?;
    let due = open.clone().filter(Column::DueOn.eq(today)).count(&**write).await?;
    let late = open.filter(Column::DueOn.lt(today)).count(&**write).await?;
    Ok((all, due, late))
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

/// Writes a duty that begins anew over its old row.
pub(super) async fn replace(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().reset_all().update(&**write).await?;
    Ok(())
}

pub(super) async fn set_term(write: &Write, duty: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::StartOn, Expr::value(duty.start_on))
        .col_expr(Column::Days, Expr::value(duty.days))
        .col_expr(Column::DueOn, Expr::value(duty.due_on))
        .col_expr(Column::Provisional, Expr::value(duty.provisional))
        .filter(Column::Id.eq(duty.id))
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
