//! Sending what is due: once for each person and stage, at 09:00 on working days, and after a pause of the
//! service only the highest stage that was missed.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::Model;
use entity::duty_stage;
use entity::enums::{DutyKind, DutyState, Role, StageState, SubjectKind};
use entity::id::{DutyId, StaffId};
use entity::{department, staff, staff_role};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::json;

use super::{plan, store, words};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::Problem;

/// Duties handled in one look; the rest follow at once.
const BATCH: u64 = 500;

#[derive(FromQueryResult)]
struct Due {
    duty_id: DutyId,
}

/// Handles every stage whose time has come; says for how many duties. Does nothing outside of working
/// days and before 09:00, so that a restart at night wakes nobody.
///
/// # Errors
/// The database's own.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    let today = civil::local_date(now);
    if !app.calendar().is_working_day(today) || now < civil::at(today, plan::HOUR, 0) {
        return Ok(0);
    }
    let mut handled = 0;
    loop {
        let due: Vec<Due> = duty_stage::Entity::find()
            .select_only()
            .column(duty_stage::Column::DutyId)
            .filter(duty_stage::Column::State.eq(StageState::Planned))
            .filter(duty_stage::Column::PlannedAt.lte(now))
            .group_by(duty_stage::Column::DutyId)
            .limit(BATCH)
            .into_model()
            .all(app.db.read())
            .await?;
        if due.is_empty() {
            return Ok(handled);
        }
        for row in due {
            handle(app, row.duty_id, now, today).await?;
            handled += 1;
        }
    }
}

async fn handle(app: &App, id: DutyId, now: DateTime<Utc>, today: NaiveDate) -> Result<(), Problem> {
    let write = app.write().await?;
    // On PostgreSQL two workers would both see the planned rows; the row lock makes the second one wait
    // and then find nothing.
    let duty = entity::duty::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&*write)
        .await?
        .ok_or_else(Problem::not_found)?;
    let planned: Vec<duty_stage::Model> = duty_stage::Entity::find()
        .filter(duty_stage::Column::DutyId.eq(id))
        .filter(duty_stage::Column::State.eq(StageState::Planned))
        .filter(duty_stage::Column::PlannedAt.lte(now))
        .order_by_asc(duty_stage::Column::PlannedAt)
        .all(&*write)
        .await?;
    let Some((highest, missed)) = planned.split_last() else { return Ok(()) };
    if duty.state != DutyState::Open {
        plan::drop_planned(&write, id, now, "时限已办结").await?;
        return write.commit().await;
    }
    for stage in missed {
        mark(&write, stage, StageState::Skipped, now, Some("服务暂停期间错过，已由后一阶段代替")).await?;
    }
    if duty.kind == DutyKind::ConsultationCloses && plan::overdue_days(&highest.stage).is_some() {
        // The window closes by itself; what remains is to tell its owner.
        mark(&write, highest, StageState::Sent, now, None).await?;
        store::end(&write, id, DutyState::Done, Some(duty.due_on), Some(super::deadline(duty.due_on)))
            .await?;
        tell(app, &write, &duty, "closed").await?;
        return write.commit().await;
    }
    let stage = raise(app, &write, &duty, highest, now, today).await?;
    tell(app, &write, &duty, &stage).await?;
    let detail = json!({ "kind": duty.kind, "stage": stage });
    audit::record(
        app,
        &write,
        &Actor::system(),
        "duty.remind",
        audit::subject(SubjectKind::Duty, id),
        detail,
    )
    .await?;
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
        mark(write, highest, StageState::Skipped, now, Some("服务暂停期间错过，已由后一阶段代替")).await?;
        plan::insert(app, write, duty.id, &stage, now, StageState::Sent).await?;
    } else {
        mark(write, highest, StageState::Sent, now, None).await?;
    }
    let next = plan::next_working_morning(&calendar, today)?;
    plan::insert(app, write, duty.id, &plan::overdue(passed + 1), next, StageState::Planned).await?;
    Ok(stage)
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

async fn tell(app: &App, write: &Write, duty: &Model, stage: &str) -> Result<(), Problem> {
    let kind = words::kind_words(duty.kind);
    let (stage_zh, stage_en) = if stage == "closed" {
        ("已截止，请研究办理收到的意见".into(), "closed; the opinions wait to be studied".into())
    } else {
        let words = words::stage_words(stage);
        (words.zh, words.en)
    };
    let provisional =
        if duty.provisional { "（暂按周末推算，节假日安排公布后可能调整）" } else { "" };
    let due = civil::zh_deadline(duty.due_on);
    // Reviews are many: one notice for each consultation, day and moderator is enough, so its key is the
    // page of the queue and the day rather than the single opinion.
    let (subject_id, key) = if duty.kind == DutyKind::OpinionReview {
        (duty.department_id.0, format!("review:{}:{}", duty.path, civil::local_date(app.now())))
    } else {
        (duty.id.0, stage.to_owned())
    };
    let message = Message {
        subject_kind: SubjectKind::Duty,
        subject_id,
        stage: &key,
        title: format!("【{}】{}：{}", stage_zh, kind.zh, duty.title),
        body: format!(
            "{}：{}\n状态：{}\n期限：{}{}\n\n{}: {} ({}). Due {}.",
            kind.zh,
            duty.title,
            stage_zh,
            due,
            provisional,
            kind.en,
            duty.title,
            stage_en,
            civil::en_date(duty.due_on)
        ),
        path: duty.path.clone(),
    };
    for person in recipients(write, duty, stage).await? {
        notice::send(app, write, &Recipient::Staff(person), &message).await?;
    }
    Ok(())
}

/// Who is told: the owner; from the first overdue working day also the department's head; from the third
/// also the supervisors. Looked up now, so that a new owner gets the next stage.
async fn recipients(write: &Write, duty: &Model, stage: &str) -> Result<BTreeSet<StaffId>, Problem> {
    let mut people = BTreeSet::new();
    let late = plan::overdue_days(stage).unwrap_or(0);
    if duty.kind == DutyKind::OpinionReview {
        people.extend(with_role(write, Role::Moderator, None).await?);
    } else {
        match duty.owner_id {
            Some(owner) => people.extend([owner]),
            None => people.extend(with_role(write, Role::Owner, Some(duty)).await?),
        }
        let head =
            department::Entity::find_by_id(duty.department_id).one(&**write).await?.and_then(|d| d.head_id);
        if late >= 1 || people.is_empty() {
            people.extend(head);
        }
    }
    if late >= 3 {
        people.extend(with_role(write, Role::Supervisor, None).await?);
    }
    Ok(people)
}

async fn with_role(write: &Write, role: Role, duty: Option<&Model>) -> Result<Vec<StaffId>, Problem> {
    let mut query = staff::Entity::find()
        .join(
            JoinType::InnerJoin,
            staff::Entity::belongs_to(staff_role::Entity)
                .from(staff::Column::Id)
                .to(staff_role::Column::StaffId)
                .into(),
        )
        .filter(staff_role::Column::Role.eq(role))
        .filter(staff::Column::DisabledAt.is_null());
    if let Some(duty) = duty {
        query = query.filter(staff::Column::DepartmentId.eq(duty.department_id));
    }
    Ok(query.all(&**write).await?.into_iter().map(|s| s.id).collect())
}
