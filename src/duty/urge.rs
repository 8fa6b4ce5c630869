//! Urging (督办): a supervisor's order on an open duty, told to its owner and the head of the department,
//! which must be answered in writing. Orders and answers stay with the duty.

use std::collections::BTreeSet;

use entity::duty::Model;
use entity::duty_urging::{self, Column, Entity};
use entity::enums::{DutyState, Role, SubjectKind};
use entity::id::{DutyId, DutyUrgingId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde_json::json;
use validator::Validate;

use super::{store, tell, words};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::Problem;
use crate::text;

/// What a supervisor orders.
#[derive(Clone, Debug, Validate)]
pub struct Order {
    #[validate(length(min = 1, max = 500), custom(function = text::several_lines))]
    pub text: String,
}

/// What the owner answers.
#[derive(Clone, Debug, Validate)]
pub struct Reply {
    #[validate(length(min = 1, max = 500), custom(function = text::several_lines))]
    pub answer: String,
}

/// Orders that an open duty be done.
///
/// # Errors
/// `forbidden` without the supervisor's role; `not_found`; `invalid`; `conflict` when the duty has ended;
/// the database's own.
pub async fn urge(app: &App, actor: &Actor, duty: DutyId, order: &Order) -> Result<DutyUrgingId, Problem> {
    let supervisor = actor.require(Role::Supervisor)?;
    order.validate()?;
    let write = app.write().await?;
    let duty = store::lock_by_id(&write, duty).await?;
    if duty.state != DutyState::Open {
        return Err(Problem::conflict(
            "该时限已办结，不需要督办",
            "The duty has ended; there is nothing to urge",
        ));
    }
    let id = app.id::<DutyUrgingId>();
    let row = duty_urging::Model {
        id,
        duty_id: duty.id,
        text: order.text.clone(),
        urged_by: supervisor.id,
        urged_at: app.now(),
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(&*write).await?;
    let kind = words::kind_words(duty.kind);
    let body = format!(
        "{} 对“{}：{}”发出督办：\n{}\n\n期限：{}。请在时限页面书面回复。\n\nA supervisor urges this duty; please answer in writing on its page. Due {}.",
        supervisor.name,
        kind.zh,
        duty.title,
        order.text,
        civil::zh_deadline(duty.due_on),
        civil::en_deadline(duty.due_on),
    );
    let title = format!("【督办】{}：{}", kind.zh, duty.title);
    let people = tell::owner_and_head(&write, &duty).await?;
    send(app, &write, &duty, &format!("urging:{id}"), title, body, people).await?;
    let detail = json!({ "urging": id });
    audit::record(app, &write, actor, "duty.urge", audit::subject(SubjectKind::Duty, duty.id), detail)
        .await?;
    write.commit().await?;
    Ok(id)
}

/// Answers an order, once.
///
/// # Errors
/// `not_found` for those who may not see the duty; `forbidden` for those who do not run it; `invalid`;
/// `conflict` when it was answered; the database's own.
pub async fn answer(
    app: &App,
    actor: &Actor,
    urging: DutyUrgingId,
    reply: &Reply,
) -> Result<DutyId, Problem> {
    let staff = actor.require_staff()?;
    let write = app.write().await?;
    let row = find(&*write, urging).await?;
    let duty = store::lock_by_id(&write, row.duty_id).await?;
    super::view::may_see(staff, &duty)?;
    if !may_answer(staff, &duty) {
        return Err(Problem::forbidden());
    }
    reply.validate()?;
    let answered = Entity::update_many()
        .col_expr(Column::Answer, Expr::value(Some(reply.answer.clone())))
        .col_expr(Column::AnsweredBy, Expr::value(Some(staff.id)))
        .col_expr(Column::AnsweredAt, Expr::value(Some(app.now())))
        .filter(Column::Id.eq(urging))
        .filter(Column::Answer.is_null())
        .exec(&*write)
        .await?;
    if answered.rows_affected == 0 {
        return Err(Problem::conflict("该督办已经回复", "The order has been answered"));
    }
    let kind = words::kind_words(duty.kind);
    let title = format!("【督办回复】{}：{}", kind.zh, duty.title);
    let body = format!("{} 回复：\n{}\n\nThe order was answered.", staff.name, reply.answer);
    send(app, &write, &duty, &format!("answer:{urging}"), title, body, [row.urged_by].into()).await?;
    let detail = json!({ "urging": urging });
    audit::record(app, &write, actor, "duty.answer", audit::subject(SubjectKind::Duty, duty.id), detail)
        .await?;
    write.commit().await?;
    Ok(duty.id)
}

async fn send(
    app: &App,
    write: &Write,
    duty: &Model,
    stage: &str,
    title: String,
    body: String,
    people: BTreeSet<StaffId>,
) -> Result<(), Problem> {
    let message = Message {
        subject_kind: SubjectKind::Duty,
        subject_id: duty.id.0,
        stage,
        title,
        body,
        path: format!("/desk/duties/{}", duty.id),
    };
    for person in people {
        notice::send(app, write, &Recipient::Staff(person), &message).await?;
    }
    Ok(())
}

/// The owner answers, or the head of the department; where nobody owns the duty, the department's owners.
pub fn may_answer(staff: &Staff, duty: &Model) -> bool {
    match duty.owner_id {
        Some(owner) if owner == staff.id => true,
        Some(_) => staff.is_head_of(duty.department_id),
        None => staff.runs(duty.department_id),
    }
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DutyUrgingId) -> Result<duty_urging::Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The orders on a duty, oldest first.
///
/// # Errors
/// The database's own.
pub async fn of_duty(db: &impl ConnectionTrait, duty: DutyId) -> Result<Vec<duty_urging::Model>, Problem> {
    Ok(Entity::find().filter(Column::DutyId.eq(duty)).order_by_asc(Column::UrgedAt).all(db).await?)
}

/// Duties with an order that waits for this person's answer.
///
/// # Errors
/// The database's own.
pub async fn waiting(db: &impl ConnectionTrait, staff: &Staff, limit: u64) -> Result<Vec<Model>, Problem> {
    use entity::duty::{Column as Duty, Entity as Duties};
    use sea_orm::ExprTrait as _;
    let urged = Entity::find().select_only().column(Column::DutyId).filter(Column::Answer.is_null());
    let mine = Duty::OwnerId.eq(staff.id).or(Duty::DepartmentId.is_in(staff.heads.iter().copied()));
    let rows = Duties::find()
        .filter(Duty::Id.in_subquery(urged.into_query()))
        .filter(mine)
        .order_by_asc(Duty::DueOn)
        .limit(limit);
    Ok(rows.all(db).await?)
}
