//! What takes two administrators: opening an administrator's account anew, and, where the settings say so,
//! granting the roles of administrator and moderator. One asks, another confirms; neither is the person it is
//! about.

use std::collections::HashSet;

use chrono::TimeDelta;
use entity::enums::{RequestOutcome, Role, StaffRequestKind, SubjectKind};
use entity::id::{StaffId, StaffRequestId};
use entity::staff_request::{ActiveModel, Column, Entity, Model};
use entity::{staff, staff_role};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde_json::json;

use super::{factor, people, set_up, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::{Problem, Words, words};

/// Where requests are read and decided.
pub const PATH: &str = "/desk/admin/staff-requests";
/// After so long a request is void.
const LIFE: TimeDelta = TimeDelta::hours(72);
/// Rows of the list.
const SHOWN: u64 = 50;

/// What is asked, in words.
pub fn kind_words(kind: StaffRequestKind) -> Words {
    match kind {
        StaffRequestKind::ResetLink => words("重设管理员密码", "A new password for an administrator"),
        StaffRequestKind::ResetFactor => {
            words("重置管理员的两步验证", "Resetting an administrator's two-step sign-in")
        }
        StaffRequestKind::Roles => words("授予角色", "Granting roles"),
    }
}

/// The roles that a request would grant.
pub fn roles_of(row: &Model) -> Vec<Role> {
    let names = row.roles.as_array().into_iter().flatten().filter_map(|name| name.as_str());
    names.filter_map(Role::parse).collect()
}

/// Whether a request still waits to be decided.
pub fn is_open(app: &App, row: &Model) -> bool {
    row.outcome.is_none() && app.now() - row.requested_at <= LIFE
}

/// The newest requests, decided or not.
///
/// # Errors
/// `forbidden` without the administrator's role; the database's own.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Model>, Problem> {
    actor.require(Role::Admin)?;
    let query = Entity::find().order_by_desc(Column::RequestedAt).order_by_desc(Column::Id).limit(SHOWN);
    Ok(query.all(app.db.read()).await?)
}

/// The requests about a person that wait.
///
/// # Errors
/// The database's own.
pub async fn open_about(
    app: &App,
    db: &impl ConnectionTrait,
    person: StaffId,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::StaffId.eq(person)).filter(Column::Outcome.is_null());
    let mut rows = query.order_by_asc(Column::RequestedAt).all(db).await?;
    rows.retain(|row| is_open(app, row));
    Ok(rows)
}

/// How many requests an administrator could decide now.
///
/// # Errors
/// The database's own.
pub async fn waiting_for(app: &App, me: StaffId) -> Result<u64, Problem> {
    let query = Entity::find().filter(Column::Outcome.is_null());
    let rows = query.all(app.db.read()).await?;
    Ok(rows.iter().filter(|row| is_open(app, row) && may_confirm(row, me)).count() as u64)
}

/// Neither who asked nor whom it is about.
pub fn may_confirm(row: &Model, me: StaffId) -> bool {
    row.requested_by != me && row.staff_id != me
}

/// Asks for it, and tells every administrator who may confirm.
///
/// # Errors
/// `conflict` when the same waits already, or nobody could confirm; the database's own.
pub(super) async fn ask(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: StaffRequestKind,
    person: StaffId,
    roles: &[Role],
) -> Result<(), Problem> {
    let me = actor.require(Role::Admin)?.id;
    if open_about(app, &**write, person).await?.iter().any(|row| row.kind == kind) {
        return Err(Problem::conflict(
            "同样的申请已在等待另一位管理员确认",
            "The same already waits for another administrator",
        ));
    }
    let others = others(write, &[me, person]).await?;
    if others.is_empty() {
        return Err(nobody_else(kind));
    }
    let row = Model {
        id: app.id::<StaffRequestId>(),
        kind,
        staff_id: person,
        roles: json!(roles),
        requested_by: me,
        requested_at: app.now(),
        outcome: None,
        decided_by: None,
        decided_at: None,
    };
    ActiveModel::from(row.clone()).reset_all().insert(&**write).await?;
    let name = super::find_staff(&**write, person).await?.display_name;
    let what = kind_words(kind);
    for other in others {
        let title = format!("【待确认】{}：{name}", what.zh);
        let body = format!(
            "另一位管理员申请：{}（{name}）。请核实后在 72 小时内确认或拒绝。\n\n\
             Another administrator asks: {} ({name}). Make sure, then confirm or refuse within 72 hours.",
            what.zh, what.en
        );
        tell(app, write, other, &row, "asked", title, body).await?;
    }
    record(app, write, actor, &row, "staff.request").await
}

/// The way out where there is no second administrator.
fn nobody_else(kind: StaffRequestKind) -> Problem {
    match kind {
        StaffRequestKind::Roles => Problem::conflict(
            "授予该角色须由另一位管理员确认，目前没有其他管理员；请先在服务器上关闭设置 security.two_person_roles",
            "Granting this takes another administrator, and there is none; switch security.two_person_roles off first",
        ),
        StaffRequestKind::ResetLink | StaffRequestKind::ResetFactor => Problem::conflict(
            "此人是管理员，须由另一位管理员确认，目前没有其他管理员；请由服务器运维人员运行命令 jianyan recover",
            "This takes another administrator, and there is none: whoever runs the server can use jianyan recover",
        ),
    }
}

/// Administrators with an open account, but for some.
async fn others(write: &Write, but: &[StaffId]) -> Result<Vec<StaffId>, Problem> {
    let query = staff_role::Entity::find().filter(staff_role::Column::Role.eq(Role::Admin));
    let holders: HashSet<StaffId> = query.all(&**write).await?.into_iter().map(|r| r.staff_id).collect();
    let open = staff::Entity::find()
        .filter(staff::Column::Id.is_in(holders))
        .filter(staff::Column::Id.is_not_in(but.iter().copied()))
        .filter(staff::Column::DisabledAt.is_null())
        .filter(staff::Column::PasswordHash.is_not_null())
        .order_by_asc(staff::Column::Id);
    Ok(open.all(&**write).await?.into_iter().map(|p| p.id).collect())
}

/// Confirms and does it; gives name and link where a link was asked for. It is shown to who confirmed, to hand over: the
/// one who asked never sees it.
///
/// # Errors
/// `forbidden` without the administrator's role, for who asked and for whom it is about; `not_found`; `conflict`
/// for a request that is decided or void; the database's own.
pub async fn approve(
    app: &App,
    actor: &Actor,
    id: StaffRequestId,
) -> Result<Option<(String, String)>, Problem> {
    let me = actor.require(Role::Admin)?.id;
    let write = app.write().await?;
    let row = find(&write, id).await?;
    if !may_confirm(&row, me) {
        return Err(Problem::forbidden().because(
            "须由提出申请者和当事人以外的管理员确认",
            "This takes an administrator who neither asked nor is the person it is about",
        ));
    }
    decide(app, &write, &row, me, RequestOutcome::Approved).await?;
    let asker = store::staff_of(&*write, row.requested_by).await?;
    if !asker.is_some_and(|asker| asker.has(Role::Admin)) {
        return Err(Problem::conflict(
            "提出申请的人已不是管理员，请拒绝此申请",
            "Who asked is no administrator any more; refuse this",
        ));
    }
    let person = super::find_staff(&*write, row.staff_id).await?;
    if person.disabled_at.is_some() {
        return Err(Problem::conflict("此账号已停用", "This account is closed"));
    }
    let mut link = None;
    match row.kind {
        StaffRequestKind::ResetLink => {
            link = Some(set_up::reset_link(app, &write, actor, row.staff_id).await?);
        }
        StaffRequestKind::ResetFactor => factor::clear(app, &write, actor, row.staff_id).await?,
        StaffRequestKind::Roles => {
            people::grant(app, &write, row.staff_id, &roles_of(&row), row.requested_by).await?;
        }
    }
    record(app, &write, actor, &row, "staff.request_approve").await?;
    tell_asker(app, &write, &row, ("已确认", "confirmed")).await?;
    write.commit().await?;
    Ok(link.map(|link| (person.display_name, link)))
}

/// Refuses it, or takes the own request back.
///
/// # Errors
/// `forbidden` without the administrator's role; `not_found`; `conflict` for a request that is decided or void;
/// the database's own.
pub async fn refuse(app: &App, actor: &Actor, id: StaffRequestId) -> Result<(), Problem> {
    let me = actor.require(Role::Admin)?.id;
    let write = app.write().await?;
    write.unseen();
    let row = find(&write, id).await?;
    let outcome = if row.requested_by == me { RequestOutcome::Withdrawn } else { RequestOutcome::Refused };
    decide(app, &write, &row, me, outcome).await?;
    record(app, &write, actor, &row, "staff.request_refuse").await?;
    if outcome == RequestOutcome::Refused {
        tell_asker(app, &write, &row, ("已拒绝", "refused")).await?;
    }
    write.commit().await
}

async fn find(write: &Write, id: StaffRequestId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(&**write).await?.ok_or_else(Problem::not_found)
}

/// One decision for each request, whoever else decides at the same moment.
async fn decide(
    app: &App,
    write: &Write,
    row: &Model,
    me: StaffId,
    outcome: RequestOutcome,
) -> Result<(), Problem> {
    let decided = Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(Some(outcome)))
        .col_expr(Column::DecidedBy, Expr::value(Some(me)))
        .col_expr(Column::DecidedAt, Expr::value(Some(app.now())))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Outcome.is_null())
        .exec(&**write)
        .await?;
    if decided.rows_affected == 1 && is_open(app, row) {
        return Ok(());
    }
    Err(Problem::conflict("此申请已办理或已失效", "This was decided already, or is void"))
}

async fn tell_asker(app: &App, write: &Write, row: &Model, (zh, en): (&str, &str)) -> Result<(), Problem> {
    let (what, name) = (kind_words(row.kind), super::find_staff(&**write, row.staff_id).await?.display_name);
    let title = format!("{zh}：{}（{name}）", what.zh);
    let body =
        format!("您的申请{zh}：{}（{name}）。\n\nYour request was {en}: {} ({name}).", what.zh, what.en);
    tell(app, write, row.requested_by, row, "decided", title, body).await
}

async fn tell(
    app: &App,
    write: &Write,
    to: StaffId,
    row: &Model,
    stage: &str,
    title: String,
    body: String,
) -> Result<(), Problem> {
    let stage = format!("request:{}:{stage}", row.id);
    let message = Message {
        subject_kind: SubjectKind::Staff,
        subject_id: row.staff_id.0,
        stage: &stage,
        title,
        body,
        path: PATH.to_owned(),
    };
    notice::send(app, write, &Recipient::Staff(to), &message).await.map(drop)
}

async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    row: &Model,
    action: &'static str,
) -> Result<(), Problem> {
    let detail = json!({ "request": row.id, "kind": row.kind, "roles": row.roles });
    let subject = audit::subject(SubjectKind::Staff, row.staff_id);
    audit::record(app, write, actor, action, subject, detail).await
}
