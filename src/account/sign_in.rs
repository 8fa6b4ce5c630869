//! Signing in and out. One answer for every failure; from the fifth wrong password on the account waits,
//! twice as long each time, up to 15 minutes.

use chrono::TimeDelta;
use entity::enums::SubjectKind;
use entity::staff::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{password, session, store};
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem};
use crate::rate::Act;

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
    app.limiter.check(Act::SignIn, &actor.address)?;
    let person = store::by_login(app.db.read(), login).await?;
    let locked = person.as_ref().is_some_and(|p| p.locked_until.is_some_and(|until| until > app.now()));
    let usable = person.as_ref().filter(|p| p.disabled_at.is_none() && !locked);
    let right = password::verify(app, secret, usable.and_then(|p| p.password_hash.as_deref())).await?;
    match (person, right) {
        (Some(person), true) => {
            let write = app.write().await?;
            write.unseen();
            set_failures(&write, &person, 0, None).await?;
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
            if !locked {
                let write = app.write().await?;
                write.unseen();
                let failures = person.failed_count + 1;
                let wait = TimeDelta::seconds(30 << (failures - FREE_TRIES).clamp(0, 5)).min(LONGEST_WAIT);
                let until = (failures >= FREE_TRIES).then(|| app.now() + wait);
                set_failures(&write, &person, failures, until).await?;
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

async fn set_failures(
    write: &crate::db::Write,
    person: &Model,
    failures: i32,
    until: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::FailedCount, Expr::value(failures))
        .col_expr(Column::LockedUntil, Expr::value(until))
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
