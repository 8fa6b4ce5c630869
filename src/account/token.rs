//! Bearer tokens for automation: a random secret shown once, its hash in the database, an end.

use chrono::{DateTime, TimeDelta, Utc};
use entity::api_token::{ActiveModel, Column, Entity};
use entity::enums::SubjectKind;
use entity::id::StaffId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;

use super::{factor, store};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::{Code, Problem};

/// Tokens begin with this, so that scanners of leaked secrets know them.
const PREFIX: &str = "jyt_";
const LONGEST_HOURS: u32 = 24 * 90;

/// Issues a token for a member of staff; it may do what the person may.
///
/// # Errors
/// `not_found` for an unknown or disabled login; `invalid` for a life that is too long; the database's own.
pub async fn issue(
    app: &App,
    actor: &Actor,
    login: &str,
    hours: u32,
    label: &str,
) -> Result<(String, DateTime<Utc>), Problem> {
    if hours == 0 || hours > LONGEST_HOURS {
        return Err(Problem::invalid(
            "hours",
            format!("应为 1 至 {LONGEST_HOURS} 小时"),
            format!("Between 1 and {LONGEST_HOURS} hours"),
        ));
    }
    let person = store::by_login(app.db.read(), login).await?.filter(|p| p.disabled_at.is_none());
    let person =
        person.ok_or_else(|| Problem::not_found().because("没有这个用户名", "There is no such login"))?;
    let secret = format!("{PREFIX}{}", app.rng.secret());
    let expires_at = app.now() + TimeDelta::hours(i64::from(hours));
    let write = app.write().await?;
    ActiveModel {
        id: Set(sha256_hex(secret.as_bytes())),
        staff_id: Set(person.id),
        label: Set(label.to_owned()),
        created_at: Set(app.now()),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    }
    .insert(&*write)
    .await?;
    audit::record(
        app,
        &write,
        actor,
        "token.issue",
        audit::subject(SubjectKind::Staff, person.id),
        json!({ "hours": hours }),
    )
    .await?;
    write.commit().await?;
    Ok((secret, expires_at))
}

/// Who a token speaks for.
///
/// # Errors
/// `unauthenticated` for a token that is unknown, revoked, too old, or of a disabled person;
/// `second_factor_required` for one of a person who needs a second factor and has none.
pub async fn verify(app: &App, secret: &str) -> Result<Staff, Problem> {
    let refused = || {
        Problem::new(Code::Unauthenticated)
            .because("令牌无效或已过期", "The token is not valid or has expired")
    };
    if !secret.starts_with(PREFIX) {
        return Err(refused());
    }
    let row = Entity::find_by_id(sha256_hex(secret.as_bytes())).one(app.db.read()).await?;
    let row = row.filter(|t| t.revoked_at.is_none() && t.expires_at > app.now()).ok_or_else(refused)?;
    let staff = store::staff_of(app.db.read(), row.staff_id).await?.ok_or_else(refused)?;
    if factor::is_missing(app, staff.id).await? {
        return Err(Problem::new(Code::SecondFactorRequired));
    }
    Ok(staff)
}

/// Ends every token of a person.
///
/// # Errors
/// The database's own.
pub async fn revoke_all(app: &App, write: &Write, staff: StaffId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(Some(app.now())))
        .filter(Column::StaffId.eq(staff))
        .filter(Column::RevokedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}
