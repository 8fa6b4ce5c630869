//! The API of duties, for staff; the scope is that of the pages.

#![expect(clippy::too_many_arguments, reason = "a list takes one parameter a filter")]

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::Model;
use entity::enums::{DutyChangeKind, DutyKind, DutyState, StageState};
use entity::id::{DepartmentId, DutyId, DutyUrgingId, StaffId};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::view::{Asked, may_see};
use super::{Order, Reply, Standing, urge};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

const PAGE: u64 = 50;
const MAX_PAGE: u64 = 100;

pub struct Api;

/// Which duties to list.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum DutyListState {
    Open,
    Overdue,
    Done,
    Cancelled,
    All,
}

impl DutyListState {
    fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::All => "all",
        }
    }
}

/// How a duty stands today.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum DutyStanding {
    OnTime,
    DueSoon,
    Overdue,
    DoneInTime,
    DoneLate,
    Cancelled,
}

/// Something a department must do by a date.
#[derive(Object)]
struct DutyOut {
    id: DutyId,
    kind: DutyKind,
    title: String,
    /// Where staff go to do it.
    path: String,
    department: DepartmentId,
    #[oai(skip_serializing_if_is_none)]
    owner: Option<StaffId>,
    /// The day that starts the period; it does not count.
    start: NaiveDate,
    /// Working days of the period; absent where the due day is given.
    #[oai(skip_serializing_if_is_none)]
    working_days: Option<i32>,
    /// The last day; it ends at 24:00 in Asia/Shanghai.
    due: NaiveDate,
    /// A year of the period has no holiday notice yet (暂按周末推算).
    provisional: bool,
    state: DutyState,
    standing: DutyStanding,
    /// Working days left while open, negative when overdue; late ones when done late.
    #[oai(skip_serializing_if_is_none)]
    working_days_left: Option<i64>,
    #[oai(skip_serializing_if_is_none)]
    completed: Option<NaiveDate>,
}

/// A page of duties.
#[derive(Object)]
struct DutyPage {
    total: u64,
    items: Vec<DutyOut>,
}

/// A duty with its count, reminders and changes.
#[derive(Object)]
struct DutyDetail {
    duty: DutyOut,
    explanation: Vec<DutyDay>,
    stages: Vec<DutyStage>,
    changes: Vec<DutyChange>,
    urgings: Vec<DutyUrging>,
}

/// A supervisor's order on a duty, and its answer.
#[derive(Object)]
struct DutyUrging {
    id: DutyUrgingId,
    text: String,
    urged_by: StaffId,
    urged_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    answer: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    answered_by: Option<StaffId>,
    #[oai(skip_serializing_if_is_none)]
    answered_at: Option<DateTime<Utc>>,
}

/// An order to give.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DutyOrderIn {
    #[oai(validator(max_length = 500))]
    text: String,
}

/// An answer to an order.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DutyReplyIn {
    #[oai(validator(max_length = 500))]
    answer: String,
}

/// A day of the count.
#[derive(Object)]
struct DutyDay {
    date: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    counted: Option<u32>,
    text: String,
    text_en: String,
}

/// A reminder.
#[derive(Object)]
struct DutyStage {
    stage: String,
    due: NaiveDate,
    planned_at: DateTime<Utc>,
    state: StageState,
    /// Why it was not sent.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    handled_at: Option<DateTime<Utc>>,
}

/// A change of the due day or the owner.
#[derive(Object)]
struct DutyChange {
    kind: DutyChangeKind,
    old_due: NaiveDate,
    new_due: NaiveDate,
    reason: String,
    changed_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    changed_by: Option<StaffId>,
}

#[OpenApi(tag = "Area::Duty")]
impl Api {
    /// 时限列表 Duties of the own department; of all for supervisors
    #[oai(path = "/duties", method = "get", operation_id = "listDuties")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        kind: Query<Option<DutyKind>>,
        state: Query<Option<DutyListState>>,
        department: Query<Option<DepartmentId>>,
        /// 页码 From 1.
        page: Query<Option<u64>>,
        /// 每页条数 At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<DutyPage>, Problem> {
        let staff = token.0.require_staff()?;
        let department = department.0.map(|id| id.to_string()).unwrap_or_default();
        let asked = Asked {
            kind: kind.0.map_or("", DutyKind::as_str),
            state: state.0.as_ref().map_or("open", DutyListState::word),
            department: &department,
        };
        let mut filter = asked.filter(app, staff);
        let total = super::count(app.db.read(), &filter).await?;
        filter.limit = limit.0.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        filter.offset = (page.0.unwrap_or(1).clamp(1, 1_000_000) - 1) * filter.limit;
        let items = super::list(app.db.read(), &filter).await?;
        Ok(Json(DutyPage { total, items: items.into_iter().map(|d| out(app, d)).collect() }))
    }

    /// 时限详情 A duty explained day by day, with its reminders and changes
    #[oai(path = "/duties/:id", method = "get", operation_id = "getDuty")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<DutyId>,
    ) -> Result<Json<DutyDetail>, Problem> {
        let db = app.db.read();
        let duty = super::find(db, id.0).await?;
        may_see(token.0.require_staff()?, &duty)?;
        let explanation = super::explain(app, &duty).await?.iter().map(day).collect();
        let stages = super::stages(db, duty.id).await?.into_iter().map(stage).collect();
        let changes = super::history(db, duty.id).await?.into_iter().map(change).collect();
        let urgings = urge::of_duty(db, duty.id).await?.into_iter().map(urging).collect();
        Ok(Json(DutyDetail { duty: out(app, duty), explanation, stages, changes, urgings }))
    }

    /// 督办 Urges an open duty; for supervisors
    #[oai(path = "/duties/:id/urgings", method = "post", operation_id = "urgeDuty")]
    async fn urge(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<DutyId>,
        Json(input): Json<DutyOrderIn>,
    ) -> Result<Json<DutyUrging>, Problem> {
        let order = Order { text: crate::text::tidy(&input.text) };
        let id = super::urge(app, &token.0, id.0, &order).await?;
        Ok(Json(urging(urge::find(app.db.read(), id).await?)))
    }

    /// 回复督办 Answers an order
    #[oai(path = "/urgings/:id/answer", method = "post", operation_id = "answerUrging")]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<DutyUrgingId>,
        Json(input): Json<DutyReplyIn>,
    ) -> Result<Json<DutyUrging>, Problem> {
        let reply = Reply { answer: crate::text::tidy(&input.answer) };
        super::answer(app, &token.0, id.0, &reply).await?;
        Ok(Json(urging(urge::find(app.db.read(), id.0).await?)))
    }
}

fn out(app: &App, duty: Model) -> DutyOut {
    let (standing, left) = match super::standing(&app.calendar(), &duty, app.today()) {
        Standing::OnTime { left } => (DutyStanding::OnTime, Some(left)),
        Standing::DueSoon { left } => (DutyStanding::DueSoon, Some(left)),
        Standing::Overdue { days } => (DutyStanding::Overdue, Some(-days)),
        Standing::DoneInTime { .. } => (DutyStanding::DoneInTime, None),
        Standing::DoneLate { days, .. } => (DutyStanding::DoneLate, Some(-days)),
        Standing::Cancelled => (DutyStanding::Cancelled, None),
    };
    DutyOut {
        id: duty.id,
        kind: duty.kind,
        title: duty.title,
        path: duty.path,
        department: duty.department_id,
        owner: duty.owner_id,
        start: duty.start_on,
        working_days: duty.days,
        due: duty.due_on,
        provisional: duty.provisional,
        state: duty.state,
        standing,
        working_days_left: left,
        completed: duty.completed_on,
    }
}

fn urging(row: entity::duty_urging::Model) -> DutyUrging {
    DutyUrging {
        id: row.id,
        text: row.text,
        urged_by: row.urged_by,
        urged_at: row.urged_at,
        answer: row.answer,
        answered_by: row.answered_by,
        answered_at: row.answered_at,
    }
}

fn day(line: &crate::calendar::DayLine) -> DutyDay {
    DutyDay { date: line.date, counted: line.counted, text: line.zh(), text_en: line.en() }
}

fn stage(row: entity::duty_stage::Model) -> DutyStage {
    DutyStage {
        stage: row.stage,
        due: row.due_on,
        planned_at: row.planned_at,
        state: row.state,
        reason: row.reason,
        handled_at: row.handled_at,
    }
}

fn change(row: entity::duty_change::Model) -> DutyChange {
    DutyChange {
        kind: row.kind,
        old_due: row.old_due_on,
        new_due: row.new_due_on,
        reason: row.reason,
        changed_at: row.changed_at,
        changed_by: row.changed_by,
    }
}
