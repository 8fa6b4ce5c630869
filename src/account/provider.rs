//! Signing in by a provider (OpenID Connect). Whose subject somebody is stands in a link, which the person makes while
//! signed in by password: never is an account found by a mail address or a name that a provider tells, and none is made
//! by arriving. What holds for a password holds here: one answer for every failure, an account that waits waits, a
//! closed one stays closed, and the second factor is asked for unless the settings say that the provider's covers it.

use chrono::{DateTime, Utc};
use entity::enums::{Role, SubjectKind};
use entity::id::StaffId;
use entity::staff_link::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::json;

use super::session::{self, Session};
use super::sign_in::{SignedIn, greet};
use super::{code_step, factor, own, store, tries};
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::config::Audience;
use crate::db::Write;
use crate::keys::Purpose;
use crate::oidc::{self, Arrival, Visit};
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

/// What somebody is sent to a provider for who wants to sign in.
pub const SIGN_IN: &str = "staff";

/// The same for who wants to link the account.
pub fn link_purpose(me: StaffId) -> String {
    format!("link:{me}")
}

/// A link as its person, or an administrator, sees it.
#[derive(Clone, Debug)]
pub struct Link {
    /// The provider's name in the settings.
    pub provider: String,
    /// What the provider calls the person, masked.
    pub label: String,
    pub linked_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// One answer whether nobody is linked or the account is closed.
fn not_linked() -> Problem {
    Problem::new(Code::SignInFailed).because(
        "这个身份没有关联可以使用的工作人员账号。请先用密码登录，在“我的账号”中关联；账号停用的，请联系管理员。",
        "No open account is linked with this identity. Sign in by password first and link it under My account, or ask \
         an administrator.",
    )
}

fn over() -> Problem {
    Problem::new(Code::SignInFailed).because(
        "这次认证已过期或已经用过，请重新登录",
        "This sign-in has expired or was used already; please sign in again",
    )
}

/// An answer of a provider that may still be used.
fn arrival(visit: &Visit) -> Result<&Arrival, Problem> {
    visit.arrival.as_ref().filter(|_| !visit.used).ok_or_else(over)
}

/// Signs in somebody who arrived, or goes halfway for somebody with a second factor.
///
/// # Errors
/// `sign_in_failed` whatever was wrong; `too_many_requests`; the database's own.
pub async fn sign_in(app: &App, actor: &Actor, visit: &Visit, user_agent: &str) -> Result<SignedIn, Problem> {
    rate::check(app, Act::SignIn, &actor.address).await?;
    let arrival = arrival(visit)?;
    let db = app.db.read();
    let link = Entity::find().filter(Column::SubjectHash.eq(&arrival.subject)).one(db).await?;
    let Some(link) = link else {
        fail(app, actor, visit, None, "not_linked").await?;
        return Err(not_linked());
    };
    let me = link.staff_id;
    if store::staff_of(db, me).await?.is_none() {
        fail(app, actor, visit, Some(me), "disabled").await?;
        return Err(not_linked());
    }
    let Some(counted) = tries::count(app, me).await? else {
        fail(app, actor, visit, Some(me), "waits").await?;
        return Err(Problem::new(Code::SignInFailed).because(
            "这个账号尝试登录次数过多，请稍后再试（最长 15 分钟）",
            "There were too many tries at this account; wait a while, 15 minutes at most",
        ));
    };
    let write = app.write().await?;
    write.unseen();
    // One visit begins one session.
    if !oidc::spend(app, &write, &visit.id).await? {
        return Err(over());
    }
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(Some(app.now())))
        .filter(Column::SubjectHash.eq(&arrival.subject))
        .exec(&*write)
        .await?;
    let covered = arrival.second_factor;
    if !covered && factor::is_offered(app) && factor::since(&*write, me).await?.is_some() {
        tries::take_back(&write, me, &counted).await?;
        let secret = code_step::begin(app, &write, me, user_agent, Some(&visit.provider)).await?;
        let detail = json!({ "provider": visit.provider });
        let subject = audit::subject(SubjectKind::Staff, me);
        audit::record(app, &write, actor, "sign_in.provider", subject, detail).await?;
        write.commit().await?;
        return Ok(SignedIn::CodeAwaited(secret));
    }
    let by = if covered { "provider" } else { "none" };
    let secret = greet(app, &write, actor, me, user_agent, by).await?;
    session::came_by(&write, &secret, &visit.provider, covered).await?;
    write.commit().await?;
    Ok(SignedIn::Session(secret))
}

async fn fail(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    person: Option<StaffId>,
    reason: &str,
) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let subject = Subject { kind: SubjectKind::Staff, id: person.map(|id| id.0) };
    let detail = json!({ "step": "provider", "provider": visit.provider, "reason": reason });
    audit::record(app, &write, actor, "sign_in.failed", subject, detail).await?;
    write.commit().await
}

/// Whether the signed-in person may go and link the account: asked for the password again, because whoever is linked
/// signs in without it from then on.
///
/// # Errors
/// `unauthenticated`; `not_found` for a provider that is not for staff; `conflict` for an account that is linked with
/// it; `invalid` for a wrong password; `too_many_requests`; the database's own.
pub async fn may_link(app: &App, actor: &Actor, provider: &str, password: &str) -> Result<StaffId, Problem> {
    let me = actor.require_staff()?.id;
    let known = app.providers.get(provider).filter(|p| p.settings.is_for(Audience::Staff));
    known.ok_or_else(Problem::not_found)?;
    if find(app.db.read(), me, provider).await?.is_some() {
        return Err(linked_already());
    }
    own::confirm_password(app, actor, me, "link_password", password).await?;
    Ok(me)
}

fn linked_already() -> Problem {
    Problem::conflict("账号已经与它关联；要换成另一个身份，请先解除", "The account is linked with it already")
}

/// Links the account of the signed-in person with the subject that arrived.
///
/// # Errors
/// `unauthenticated`; `sign_in_failed` for a visit that is over; `conflict` when either side is linked; the database's
/// own.
pub async fn link(app: &App, actor: &Actor, visit: &Visit) -> Result<(), Problem> {
    let me = actor.require_staff()?.id;
    let arrival = arrival(visit)?;
    let write = app.write().await?;
    write.unseen();
    if !oidc::spend(app, &write, &visit.id).await? {
        return Err(over());
    }
    if find(&*write, me, &visit.provider).await?.is_some() {
        return Err(linked_already());
    }
    let taken = Entity::find().filter(Column::SubjectHash.eq(&arrival.subject)).one(&*write).await?;
    if taken.is_some() {
        return Err(Problem::conflict(
            "这个身份已经关联另一个账号，请联系管理员",
            "This identity is linked with another account; ask an administrator",
        ));
    }
    ActiveModel {
        staff_id: Set(me),
        provider: Set(visit.provider.clone()),
        subject_hash: Set(arrival.subject.clone()),
        label_enc: Set(app.keys.seal(Purpose::Visit, me.0.as_bytes(), arrival.label.as_bytes(), &app.rng)),
        linked_at: Set(app.now()),
        used_at: Set(None),
    }
    .insert(&*write)
    .await?;
    let title = ("您的账号已关联统一身份认证", "Your account was linked with an identity provider");
    note(app, &write, actor, me, &visit.provider, "provider.link", title).await?;
    write.commit().await
}

/// Takes the own link away; sessions that were begun by it end, but the present one.
///
/// # Errors
/// `unauthenticated`; `not_found`; the database's own.
pub async fn unlink(app: &App, actor: &Actor, present: &Session, provider: &str) -> Result<(), Problem> {
    let me = actor.require_staff()?.id;
    let write = app.write().await?;
    write.unseen();
    remove(&write, me, provider).await?;
    session::end_by(&write, me, provider, &present.id).await?;
    let title =
        ("您的账号已解除与统一身份认证的关联", "Your account is no longer linked with an identity provider");
    note(app, &write, actor, me, provider, "provider.unlink", title).await?;
    write.commit().await
}

/// Takes somebody's link away; all their sessions end.
///
/// # Errors
/// `forbidden` without the administrator's role; `not_found`; the database's own.
pub async fn unlink_of(app: &App, actor: &Actor, person: StaffId, provider: &str) -> Result<(), Problem> {
    actor.require(Role::Admin)?;
    let write = app.write().await?;
    write.unseen();
    remove(&write, person, provider).await?;
    session::end_all(&write, person).await?;
    let title = (
        "管理员已解除您的账号与统一身份认证的关联",
        "An administrator took the link of your account with an identity provider away",
    );
    note(app, &write, actor, person, provider, "provider.unlink", title).await?;
    write.commit().await
}

async fn remove(write: &Write, person: StaffId, provider: &str) -> Result<(), Problem> {
    let removed = Entity::delete_by_id((person, provider.to_owned())).exec(&**write).await?;
    if removed.rows_affected == 1 { Ok(()) } else { Err(Problem::not_found()) }
}

async fn find(db: &impl ConnectionTrait, person: StaffId, provider: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id((person, provider.to_owned())).one(db).await?)
}

async fn note(
    app: &App,
    write: &Write,
    actor: &Actor,
    person: StaffId,
    provider: &str,
    action: &'static str,
    title: (&str, &str),
) -> Result<(), Problem> {
    let subject = audit::subject(SubjectKind::Staff, person);
    audit::record(app, write, actor, action, subject, json!({ "provider": provider })).await?;
    own::tell(app, write, person, "provider", title, own::NOT_YOU).await
}

/// The links of a person.
///
/// # Errors
/// The database's own.
pub async fn links(app: &App, person: StaffId) -> Result<Vec<Link>, Problem> {
    let query = Entity::find().filter(Column::StaffId.eq(person)).order_by_asc(Column::Provider);
    let rows = query.all(app.db.read()).await?;
    let label = |row: &Model| app.keys.open(Purpose::Visit, row.staff_id.0.as_bytes(), &row.label_enc);
    let link = |row: Model| Link {
        label: label(&row).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default(),
        provider: row.provider,
        linked_at: row.linked_at,
        used_at: row.used_at,
    };
    Ok(rows.into_iter().map(link).collect())
}
