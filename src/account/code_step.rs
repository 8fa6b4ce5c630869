//! Between password and session: the sign-in of somebody with a second factor. The browser that gave the right
//! password holds the secret of this state in a cookie, for a few minutes and a few tries; a session begins only
//! when the code was good.

use chrono::TimeDelta;
use entity::enums::SubjectKind;
use entity::id::StaffId;
use entity::sign_in_step::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _,
    QueryFilter as _,
};
use serde_json::json;

use super::factor::{self, Means};
use super::sign_in::greet;
use super::{own, session, tries};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

const LIFE: TimeDelta = TimeDelta::minutes(5);
const TRIES: i32 = 5;
/// As long as a session keeps it.
const AGENT: usize = 200;

/// `__Host-` as for sessions.
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-step" } else { "step" }
}

/// The Set-Cookie value that begins or, with an empty secret, ends the state.
pub fn cookie(app: &App, secret: &str) -> String {
    session::cookie_of(app, cookie_name(app), secret)
}

/// Begins the state of a person whose password was right, or whom a provider vouched for; gives its secret.
///
/// # Errors
/// The database's own.
pub async fn begin(
    app: &App,
    write: &Write,
    person: StaffId,
    user_agent: &str,
    provider: Option<&str>,
) -> Result<String, Problem> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(app.now())).exec(&**write).await?;
    let secret = app.rng.secret();
    ActiveModel {
        id: Set(sha256_hex(secret.as_bytes())),
        staff_id: Set(person),
        expires_at: Set(app.now() + LIFE),
        tries: Set(0),
        user_agent: Set(agent(user_agent)),
        provider: Set(provider.map(str::to_owned)),
    }
    .insert(&**write)
    .await?;
    Ok(secret)
}

fn agent(user_agent: &str) -> String {
    user_agent.chars().take(AGENT).collect()
}

/// Whether a code is awaited from this browser.
///
/// # Errors
/// The database's own.
pub async fn is_awaited(app: &App, secret: &str, user_agent: &str) -> Result<bool, Problem> {
    Ok(find(app, secret).await?.is_some_and(|row| row.user_agent == agent(user_agent)))
}

async fn find(app: &App, secret: &str) -> Result<Option<Model>, Problem> {
    let row = Entity::find_by_id(sha256_hex(secret.as_bytes())).one(app.db.read()).await?;
    Ok(row.filter(|row| row.expires_at > app.now() && row.tries < TRIES))
}

/// The states of a person end: with the sessions.
///
/// # Errors
/// The database's own.
pub async fn end_all(write: &Write, person: StaffId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::StaffId.eq(person)).exec(&**write).await?;
    Ok(())
}

fn over() -> Problem {
    Problem::new(Code::Unauthenticated).because(
        "登录已超时或尝试次数过多，请重新登录",
        "This took too long or too many tries; sign in again",
    )
}

/// One answer for a wrong code and for an account that has to wait.
fn refused() -> Problem {
    let words = factor::wrong_code();
    Problem::new(Code::SignInFailed).because(words.zh, words.en)
}

/// Takes the code and begins the session; gives the secret for its cookie.
///
/// # Errors
/// `unauthenticated` when there is no such state, or no more; `sign_in_failed` for a code that is not good or an
/// account that has to wait; `too_many_requests`; the database's own.
pub async fn finish(
    app: &App,
    actor: &Actor,
    secret: &str,
    code: &str,
    user_agent: &str,
) -> Result<String, Problem> {
    rate::check(app, Act::SignIn, &actor.address).await?;
    let row = find(app, secret).await?.ok_or_else(over)?;
    if row.user_agent != agent(user_agent) {
        return stolen(app, actor, &row).await;
    }
    let person = row.staff_id;
    let Some(counted) = tries::count(app, person).await? else { return Err(refused()) };
    let write = app.write().await?;
    write.unseen();
    let tried = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(row.id.clone()))
        .filter(Column::Tries.lt(TRIES))
        .filter(Column::ExpiresAt.gt(app.now()))
        .exec(&*write)
        .await?;
    if tried.rows_affected != 1 {
        return Err(over());
    }
    let Some(means) = factor::accept(app, &write, person, code).await? else {
        return fail(app, write, actor, person, counted).await;
    };
    // One state begins one session.
    if Entity::delete_by_id(row.id.clone()).exec(&*write).await?.rows_affected != 1 {
        return Err(over());
    }
    if let Means::Recovery { left } = means {
        tell_of_recovery(app, &write, person, left).await?;
    }
    let secret = greet(app, &write, actor, person, user_agent, means.as_str()).await?;
    if let Some(provider) = &row.provider {
        session::came_by(&write, &secret, provider, false).await?;
    }
    write.commit().await?;
    Ok(secret)
}

/// Another browser came with the cookie: nobody goes on from there.
async fn stolen(app: &App, actor: &Actor, row: &Model) -> Result<String, Problem> {
    let write = app.write().await?;
    write.unseen();
    Entity::delete_by_id(row.id.clone()).exec(&*write).await?;
    let subject = audit::subject(SubjectKind::Staff, row.staff_id);
    let detail = json!({ "step": "code", "reason": "other_browser" });
    audit::record(app, &write, actor, "sign_in.failed", subject, detail).await?;
    write.commit().await?;
    Err(over())
}

async fn fail(
    app: &App,
    write: Write,
    actor: &Actor,
    person: StaffId,
    counted: tries::Counted,
) -> Result<String, Problem> {
    let subject = audit::subject(SubjectKind::Staff, person);
    let detail = json!({ "step": "code", "failures": counted.failures });
    audit::record(app, &write, actor, "sign_in.failed", subject, detail).await?;
    if counted.failures == tries::FREE {
        let title = ("您的账号多次输错验证码", "Wrong codes were tried for your account");
        let body = (
            "有人通过了您账号的第一步（密码或统一身份认证），但验证码连续错误。如果不是您本人，请立即修改密码并联系管理员。",
            "Somebody passed the first step of your sign-in and then gave wrong codes. If it was not you, change the \
             password at once.",
        );
        own::tell(app, &write, person, "code", title, body).await?;
    }
    write.commit().await?;
    Err(refused())
}

async fn tell_of_recovery(app: &App, write: &Write, person: StaffId, left: u64) -> Result<(), Problem> {
    let title = ("您的账号用恢复码登录了", "A recovery code was used to sign in");
    let zh = format!("还剩 {left} 个恢复码。{}", own::NOT_YOU.0);
    let en = format!("{left} recovery codes are left. {}", own::NOT_YOU.1);
    own::tell(app, write, person, "recovery", title, (&zh, &en)).await
}
