//! The first administrator, by a one-time link printed at the first start; and the first password of
//! everybody else, by an invitation link. Neither link can be used twice.

use chrono::TimeDelta;
use entity::enums::{Role, SubjectKind, TokenPurpose};
use entity::id::StaffId;
use entity::{one_time_token, staff};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use serde_json::json;

use super::people::{self, NewStaff};
use super::{own, password, session};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::department;
use crate::keys::sha256_hex;
use crate::problem::Problem;

const SETUP_LIFE: TimeDelta = TimeDelta::hours(24);
/// Instances that start together print a link each; all of them work. A later start makes older links void.
const STARTING: TimeDelta = TimeDelta::minutes(10);
const INVITE_LIFE: TimeDelta = TimeDelta::hours(72);

/// A fresh set-up link when there is no staff yet; links of earlier starts stop working.
///
/// # Errors
/// The database's own.
pub async fn first_link(app: &App) -> Result<Option<String>, Problem> {
    if staff::Entity::find().count(app.db.read()).await? > 0 {
        return Ok(None);
    }
    let write = app.write().await?;
    one_time_token::Entity::delete_many()
        .filter(one_time_token::Column::Purpose.eq(TokenPurpose::Setup))
        .filter(one_time_token::Column::CreatedAt.lt(app.now() - STARTING))
        .exec(&*write)
        .await?;
    let secret = issue(app, &write, TokenPurpose::Setup, None, SETUP_LIFE).await?;
    write.commit().await?;
    Ok(Some(format!("{}{}?token={secret}", app.config.base_url(), web::path::SET_UP)))
}

/// An invitation link for a person; older ones of the same person stop working.
///
/// # Errors
/// The database's own.
pub async fn invite_link(app: &App, write: &Write, person: StaffId) -> Result<String, Problem> {
    forget_links(write, person).await?;
    let secret = issue(app, write, TokenPurpose::Invite, Some(person), INVITE_LIFE).await?;
    Ok(format!("{}{}?token={secret}", app.config.base_url(), web::path::SET_UP))
}

/// The same for somebody who lost the password, recorded; the person is told.
///
/// # Errors
/// The database's own.
pub(super) async fn reset_link(
    app: &App,
    write: &Write,
    actor: &Actor,
    person: StaffId,
) -> Result<String, Problem> {
    let link = invite_link(app, write, person).await?;
    let subject = audit::subject(SubjectKind::Staff, person);
    audit::record(app, write, actor, "staff.reset_link", subject, json!({})).await?;
    let title = ("为您的账号生成了重设密码的链接", "A link for a new password of your account was made");
    own::tell(app, write, person, "link", title, own::NOT_YOU).await?;
    Ok(link)
}

/// Links of a person that were not used stop working.
///
/// # Errors
/// The database's own.
pub(super) async fn forget_links(write: &Write, person: StaffId) -> Result<(), Problem> {
    one_time_token::Entity::delete_many()
        .filter(one_time_token::Column::StaffId.eq(person))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}

async fn issue(
    app: &App,
    write: &Write,
    purpose: TokenPurpose,
    person: Option<StaffId>,
    life: TimeDelta,
) -> Result<String, Problem> {
    let secret = app.rng.secret();
    one_time_token::ActiveModel {
        id: Set(sha256_hex(secret.as_bytes())),
        purpose: Set(purpose),
        staff_id: Set(person),
        expires_at: Set(app.now() + life),
        used_at: Set(None),
        created_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    Ok(secret)
}

/// What a link is good for; its use takes a POST, so that mail scanners cannot burn it.
///
/// # Errors
/// `not_found` for a link that is unknown, used or too old; the database's own.
pub async fn look(app: &App, secret: &str) -> Result<one_time_token::Model, Problem> {
    let row = one_time_token::Entity::find_by_id(sha256_hex(secret.as_bytes())).one(app.db.read()).await?;
    row.filter(|t| t.used_at.is_none() && t.expires_at > app.now()).ok_or_else(|| {
        Problem::not_found().because(
            "链接已失效或已使用过，请重新获取。",
            "The link was used or is too old; ask for a new one.",
        )
    })
}

/// Uses links up; of two who use the same ones at once, or two links of one start, one comes too late.
async fn spend(app: &App, write: &Write, which: SimpleExpr) -> Result<(), Problem> {
    let spent = one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(Some(app.now())))
        .filter(which)
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    if spent.rows_affected > 0 { Ok(()) } else { Err(Problem::not_found()) }
}

/// The first administrator and the bureau itself.
#[derive(Clone, Debug)]
pub struct First {
    pub bureau: String,
    pub login: String,
    pub display_name: String,
    pub email: String,
    pub password: String,
}

/// Creates the bureau and its first administrator.
///
/// # Errors
/// `invalid`; `not_found` for a spent link; the database's own.
pub async fn first_administrator(
    app: &App,
    actor: &Actor,
    secret: &str,
    first: First,
) -> Result<StaffId, Problem> {
    let token = look(app, secret).await?;
    if token.purpose != TokenPurpose::Setup {
        return Err(Problem::not_found());
    }
    password::check(&first.password, &first.login)?;
    let hash = password::hash(app, &first.password).await?;
    let write = app.write().await?;
    spend(app, &write, one_time_token::Column::Purpose.eq(TokenPurpose::Setup)).await?;
    if staff::Entity::find().count(&*write).await? > 0 {
        return Err(Problem::not_found());
    }
    let bureau = department::insert_bureau(app, &write, &first.bureau).await?;
    let person = NewStaff {
        login: first.login,
        display_name: first.display_name,
        email: first.email,
        department_id: bureau,
        roles: vec![Role::Admin],
    };
    let id = people::insert(app, &write, &person, Some(hash), None).await?;
    audit::record(app, &write, actor, "set_up", audit::subject(SubjectKind::Staff, id), json!({})).await?;
    write.commit().await?;
    Ok(id)
}

/// Sets the first password of an invited person, or a new one after a reset.
///
/// # Errors
/// `invalid`; `not_found` for a spent link; the database's own.
pub async fn accept_invitation(
    app: &App,
    actor: &Actor,
    secret: &str,
    new_password: &str,
) -> Result<(), Problem> {
    let token = look(app, secret).await?;
    let Some(id) = token.staff_id.filter(|_| token.purpose == TokenPurpose::Invite) else {
        return Err(Problem::not_found());
    };
    let person = super::find_staff(app.db.read(), id).await?;
    password::check(new_password, &person.login)?;
    let hash = password::hash(app, new_password).await?;
    let write = app.write().await?;
    spend(app, &write, one_time_token::Column::Id.eq(token.id)).await?;
    staff::Entity::update_many()
        .col_expr(staff::Column::PasswordHash, Expr::value(Some(hash)))
        .col_expr(staff::Column::FailedCount, Expr::value(0))
        .col_expr(staff::Column::LockedUntil, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .filter(staff::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    session::end_all(&write, id).await?;
    audit::record(app, &write, actor, "password.set", audit::subject(SubjectKind::Staff, id), json!({}))
        .await?;
    write.commit().await
}
