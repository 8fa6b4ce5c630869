//! The second factor: setting it up, using it, removing it; see [`super::totp`] and [`super::recovery`].
//!
//! The secret is sealed for its person. A code is used up by one statement that moves the row's time step on and
//! needs to find it behind: of one code sent at the same moment, to any number of instances, one is good.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Role, StaffRequestKind, SubjectKind};
use entity::id::StaffId;
use entity::second_factor::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    QueryFilter as _,
};
use serde_json::json;
use unicode_normalization::UnicodeNormalization as _;

use super::people::{self, Done};
use super::session::{self, Session};
use super::{own, recovery, request, totp, tries};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::config::SecondFactor;
use crate::db::{Write, is_duplicate};
use crate::keys::Purpose;
use crate::problem::{Problem, Words, words};

/// How long a secret that was shown waits for its first code.
const SETTING_UP: TimeDelta = TimeDelta::minutes(10);

/// How somebody proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    App,
    /// So many recovery codes are left.
    Recovery {
        left: u64,
    },
}

impl Means {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Recovery { .. } => "recovery",
        }
    }
}

/// What a person types into the app, or lets it read.
pub struct Secret {
    pub written: String,
    pub address: String,
}

/// Whether the settings know second factors.
pub fn is_offered(app: &App) -> bool {
    app.config.security.second_factor != SecondFactor::Off
}

/// Since when a person has one.
///
/// # Errors
/// The database's own.
pub async fn since(db: &impl ConnectionTrait, person: StaffId) -> Result<Option<DateTime<Utc>>, Problem> {
    Ok(Entity::find_by_id(person).one(db).await?.and_then(|row| row.confirmed_at))
}

/// Which of these people have one.
///
/// # Errors
/// The database's own.
pub async fn holders(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = StaffId>,
) -> Result<HashSet<StaffId>, Problem> {
    let query =
        Entity::find().filter(Column::StaffId.is_in(people)).filter(Column::ConfirmedAt.is_not_null());
    Ok(query.all(db).await?.into_iter().map(|row| row.staff_id).collect())
}

/// Whether a person may do nothing yet but set one up.
///
/// # Errors
/// The database's own.
pub async fn is_missing(app: &App, person: StaffId) -> Result<bool, Problem> {
    Ok(app.config.security.second_factor == SecondFactor::Required
        && since(app.db.read(), person).await?.is_none())
}

/// Makes a secret, which counts once [`confirm`] has seen a code of it.
///
/// # Errors
/// `unauthenticated`; `not_found` where none is offered; `conflict` for who has one; `invalid` for a wrong
/// password; `too_many_requests`; the database's own.
pub async fn begin(app: &App, actor: &Actor, session: &Session, password: &str) -> Result<(), Problem> {
    let me = actor.require_staff()?.id;
    if !is_offered(app) {
        return Err(Problem::not_found());
    }
    own::confirm_password(app, actor, me, "password", password).await?;
    let secret = app.rng.bytes::<{ totp::SECRET }>();
    let row = ActiveModel {
        staff_id: Set(me),
        secret_enc: Set(app.keys.seal(Purpose::SecondFactor, me.0.as_bytes(), &secret, &app.rng)),
        last_step: Set(0),
        begun_at: Set(app.now()),
        session_id: Set(Some(session.id.clone())),
        confirmed_at: Set(None),
    };
    let write = app.write().await?;
    write.unseen();
    Entity::delete_many()
        .filter(Column::StaffId.eq(me))
        .filter(Column::ConfirmedAt.is_null())
        .exec(&*write)
        .await?;
    row.insert(&*write).await.map_err(|e| if is_duplicate(&e) { has_one() } else { e.into() })?;
    record(app, &write, actor, me, "second_factor.begin").await?;
    write.commit().await
}

fn has_one() -> Problem {
    Problem::conflict("您已启用两步验证", "You have set up two-step sign-in already")
}

/// The secret that this session is setting up.
///
/// # Errors
/// The database's own.
pub async fn being_set_up(app: &App, actor: &Actor, session: &Session) -> Result<Option<Secret>, Problem> {
    let me = actor.require_staff()?;
    let row = Entity::find_by_id(me.id).one(app.db.read()).await?;
    let secret = row.and_then(|row| secret_of(app, session, &row));
    Ok(secret.map(|secret| Secret {
        written: totp::written(&secret),
        address: totp::address(&secret, &app.config.site.name, &me.login),
    }))
}

fn secret_of(app: &App, session: &Session, row: &Model) -> Option<Vec<u8>> {
    let is_fresh = row.confirmed_at.is_none()
        && row.session_id.as_ref() == Some(&session.id)
        && app.now() - row.begun_at <= SETTING_UP;
    if is_fresh { open(app, row) } else { None }
}

fn open(app: &App, row: &Model) -> Option<Vec<u8>> {
    app.keys.open(Purpose::SecondFactor, row.staff_id.0.as_bytes(), &row.secret_enc)
}

/// The secret counts from now on. Every session ends and one with a new id begins: its secret, and the recovery
/// codes, are given back.
///
/// # Errors
/// `conflict` when the secret has waited too long; `invalid` for a wrong code; the database's own.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    session: &Session,
    code: &str,
    user_agent: &str,
) -> Result<(String, Vec<String>), Problem> {
    let me = actor.require_staff()?.id;
    let too_late =
        || Problem::conflict("设置已超时，请重新开始", "Setting up took too long; please start again");
    let row = Entity::find_by_id(me).one(app.db.read()).await?.ok_or_else(too_late)?;
    let secret = secret_of(app, session, &row).ok_or_else(too_late)?;
    let step = totp::step_with(&secret, &tidy(code), app.now()).ok_or_else(wrong)?;
    let write = app.write().await?;
    write.unseen();
    let confirmed = Entity::update_many()
        .col_expr(Column::ConfirmedAt, Expr::value(Some(app.now())))
        .col_expr(Column::SessionId, Expr::value(None::<String>))
        .col_expr(Column::LastStep, Expr::value(step))
        .filter(Column::StaffId.eq(me))
        .filter(Column::ConfirmedAt.is_null())
        .filter(Column::SecretEnc.eq(row.secret_enc))
        .exec(&*write)
        .await?;
    if confirmed.rows_affected != 1 {
        return Err(too_late());
    }
    let codes = recovery::renew(app, &write, me).await?;
    let cookie = session::renew(app, &write, me, &actor.address, user_agent).await?;
    record(app, &write, actor, me, "second_factor.set").await?;
    let title = ("您的账号已启用两步验证", "Two-step sign-in was set up for your account");
    own::tell(app, &write, me, "factor", title, own::NOT_YOU).await?;
    write.commit().await?;
    Ok((cookie, codes))
}

/// Whether a code is good for a person, which uses it up.
///
/// # Errors
/// The database's own.
pub(super) async fn accept(
    app: &App,
    write: &Write,
    person: StaffId,
    given: &str,
) -> Result<Option<Means>, Problem> {
    let row = Entity::find_by_id(person).one(&**write).await?;
    let Some(row) = row.filter(|row| row.confirmed_at.is_some()) else { return Ok(None) };
    let given = tidy(given);
    let step = open(app, &row).and_then(|secret| totp::step_with(&secret, &given, app.now()));
    if let Some(step) = step {
        let used = Entity::update_many()
            .col_expr(Column::LastStep, Expr::value(step))
            .filter(Column::StaffId.eq(person))
            .filter(Column::ConfirmedAt.is_not_null())
            .filter(Column::LastStep.lt(step))
            .exec(&**write)
            .await?;
        return Ok((used.rows_affected == 1).then_some(Means::App));
    }
    if recovery::spend(app, write, person, &given).await? {
        return Ok(Some(Means::Recovery { left: recovery::left(&**write, person).await? }));
    }
    Ok(None)
}

/// Full-width digits and spaces, as an input method types them, are no mistake.
fn tidy(code: &str) -> String {
    code.nfkc().filter(|c| !c.is_whitespace()).take(40).collect()
}

fn wrong() -> Problem {
    let Words { zh, en } = wrong_code();
    Problem::invalid("code", zh, en)
}

/// What somebody is told whose code is not good, whatever the reason.
pub fn wrong_code() -> Words {
    words(
        "验证码不正确或已使用过；请等待应用显示下一个验证码再试",
        "The code is wrong or was used; wait for the next one in your app",
    )
}

/// Asks a signed-in person for a code, which is used up; the change goes on in the same transaction.
async fn prove(app: &App, actor: &Actor, me: StaffId, code: &str) -> Result<Write, Problem> {
    let counted = tries::count_known(app, me).await?;
    let write = app.write().await?;
    write.unseen();
    if accept(app, &write, me, code).await?.is_some() {
        tries::take_back(&write, me, &counted).await?;
        return Ok(write);
    }
    record(app, &write, actor, me, "second_factor.failed").await?;
    write.commit().await?;
    Err(wrong())
}

/// New recovery codes; the old ones are good no more.
///
/// # Errors
/// `unauthenticated`; `invalid` for a wrong code; `too_many_requests`; the database's own.
pub async fn renew_codes(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>, Problem> {
    let me = actor.require_staff()?.id;
    let write = prove(app, actor, me, code).await?;
    let codes = recovery::renew(app, &write, me).await?;
    record(app, &write, actor, me, "second_factor.codes").await?;
    let title = ("您的恢复码已更换", "Your recovery codes were renewed");
    own::tell(app, &write, me, "factor", title, own::NOT_YOU).await?;
    write.commit().await?;
    Ok(codes)
}

/// Removes the own one. Every session ends and one with a new id begins: its secret is given back.
///
/// # Errors
/// `unauthenticated`; `invalid` for a wrong code; `too_many_requests`; the database's own.
pub async fn remove(app: &App, actor: &Actor, code: &str, user_agent: &str) -> Result<String, Problem> {
    let me = actor.require_staff()?.id;
    let write = prove(app, actor, me, code).await?;
    forget(&write, me).await?;
    let cookie = session::renew(app, &write, me, &actor.address, user_agent).await?;
    record(app, &write, actor, me, "second_factor.remove").await?;
    let title = ("您的账号已停用两步验证", "Two-step sign-in was removed from your account");
    own::tell(app, &write, me, "factor", title, own::NOT_YOU).await?;
    write.commit().await?;
    Ok(cookie)
}

/// Removes somebody else's, who lost app and codes. The person is told and signed out. For an administrator it takes
/// two.
///
/// # Errors
/// `forbidden` without the administrator's role; `not_found`; `conflict` for oneself, for who has none, for what
/// waits already, and where nobody could confirm; the database's own.
pub async fn reset(app: &App, actor: &Actor, person: StaffId) -> Result<Done<()>, Problem> {
    let admin = actor.require(Role::Admin)?;
    if admin.id == person {
        return Err(Problem::conflict(
            "不能重置自己的两步验证；请在“我的账号”用验证码停用，或请另一位管理员办理",
            "You cannot reset your own; remove it with a code on your account page, or ask another administrator",
        ));
    }
    let write = app.write().await?;
    write.unseen();
    if people::is_administrator(&*write, person).await? {
        if since(&*write, person).await?.is_none() {
            return Err(has_none());
        }
        request::ask(app, &write, actor, StaffRequestKind::ResetFactor, person, &[]).await?;
        write.commit().await?;
        return Ok(Done::Asked);
    }
    clear(app, &write, actor, person).await?;
    write.commit().await?;
    Ok(Done::Now(()))
}

fn has_none() -> Problem {
    Problem::conflict("此人没有启用两步验证", "This person has no two-step sign-in")
}

/// Removes a person's second factor for whoever may; see [`reset`].
pub(super) async fn clear(app: &App, write: &Write, actor: &Actor, person: StaffId) -> Result<(), Problem> {
    if since(&**write, person).await?.is_none() {
        return Err(has_none());
    }
    forget(write, person).await?;
    session::end_all(write, person).await?;
    record(app, write, actor, person, "second_factor.reset").await?;
    let title = ("您的两步验证已由管理员重置", "An administrator reset your two-step sign-in");
    own::tell(app, write, person, "factor", title, own::NOT_YOU).await
}

async fn forget(write: &Write, person: StaffId) -> Result<(), Problem> {
    Entity::delete_by_id(person).exec(&**write).await?;
    recovery::forget(write, person).await
}

async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    person: StaffId,
    action: &'static str,
) -> Result<(), Problem> {
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Staff, person), json!({})).await
}
