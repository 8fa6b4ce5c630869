//! Signing in and out. One answer for every failure; from the fifth wrong password on the account waits,
//! twice as long each time, up to 15 minutes.
//!
//! A try is counted before its password is looked at, by one statement that counts only while the account does
//! not wait: of guesses sent at the same moment, to
//! any number of instances, no more are looked at than if they had come in turn.

use chrono::TimeDelta;
use entity::enums::SubjectKind;
use entity::staff::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use serde_json::json;

use super::{password, session, store};
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

const FREE_TRIES: i32 = 5;
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// Signs in and gives the secret for the cookie.
///
/// # Errors
/// `sign_in_failed` whatever was wrong; `too_many_requests`; the database's own.
pub async fn sign_in(
    app: &App,
    actor: &Actor,
    login: &str,
    secret: &str,
    user_agent: &str,
) -> Result<String, Problem> {
    rate::check(app, Act::SignIn, &actor.address).await?;
    let person = store::by_login(app.db.read(), login).await?;
    let counted = match &person {
        Some(person) if person.disabled_at.is_none() => count_try(app, person).await?,
        _ => None,
    };
    let usable = person.as_ref().filter(|_| counted.is_some());
    let right = password::verify(app, secret, usable.and_then(|p| p.password_hash.as_deref())).await?;
    match (person, right) {
        (Some(person), true) => {
            let write = app.write().await?;
            write.unseen();
            forget_tries(&write, &person).await?;
            let secret = session::begin(app, &write, person.id, &actor.address, user_agent).await?;
            let who =
                store::staff_of(&*write, person.id).await?.ok_or_else(|| Problem::new(Code::SignInFailed))?;
            let actor = Actor { who: Who::Staff(who), ..actor.clone() };
            audit::record(
                app,
                &write,
                &actor,
                "sign_in.ok",
                audit::subject(SubjectKind::Staff, person.id),
                json!({}),
            )
            .await?;
            write.commit().await?;
            Ok(secret)
        }
        (Some(person), false) => {
            if let Some(failures) = counted {
                let write = app.write().await?;
                write.unseen();
                let subject = audit::subject(SubjectKind::Staff, person.id);
                audit::record(app, &write, actor, "sign_in.failed", subject, json!({ "failures": failures }))
                    .await?;
                write.commit().await?;
            }
            Err(Problem::new(Code::SignInFailed))
        }
        (None, _) => Err(Problem::new(Code::SignInFailed)),
    }
}

/// Counts a try as failed until it turns out right; none when the account has to wait.
async fn count_try(app: &App, person: &Model) -> Result<Option<i32>, Problem> {
    let now = app.now();
    let write = app.write().await?;
    let free = Column::LockedUntil.is_null().or(Column::LockedUntil.lte(now));
    let counted = Entity::update_many()
        .col_expr(Column::FailedCount, Expr::col(Column::FailedCount).add(1))
        .filter(Column::Id.eq(person.id))
        .filter(free)
        .exec(&*write)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(None);
    }
    // The row is ours until the commit.
    let row = Entity::find_by_id(person.id).one(&*write).await?;
    let failures = row.map_or(1, |row| row.failed_count);
    if failures >= FREE_TRIES {
        let wait = TimeDelta::seconds(30 << (failures - FREE_TRIES).clamp(0, 5)).min(LONGEST_WAIT);
        Entity::update_many()
            .col_expr(Column::LockedUntil, Expr::value(Some(now + wait)))
            .filter(Column::Id.eq(person.id))
            .exec(&*write)
            .await?;
    }
    write.commit().await?;
    Ok(Some(failures))
}

async fn forget_tries(write: &crate::db::Write, person: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::FailedCount, Expr::value(0))
        .col_expr(Column::LockedUntil, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .filter(Column::Id.eq(person.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// The database's own.
pub async fn sign_out(app: &App, actor: &Actor, session: &session::Session) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    session::end(&write, &session.id).await?;
    if let Some(staff) = actor.staff_id() {
        audit::record(app, &write, actor, "sign_out", audit::subject(SubjectKind::Staff, staff), json!({}))
            .await?;
    }
    write.commit().await
}
