//! What everybody does with the own account: end sessions, change the password.

use entity::enums::SubjectKind;
use entity::id::{NoticeId, StaffId};
use entity::staff::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::session::{self, Session};
use super::{password, tries};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::Problem;

/// How much of a session's id its page carries; no two of one person's sessions share it.
const KEY: usize = 16;

/// By what a person's page names a session.
pub fn session_key(id: &str) -> &str {
    id.get(..KEY).unwrap_or(id)
}

/// Ends one of the own sessions; the present one as well.
///
/// # Errors
/// `unauthenticated`; `not_found` for a session that is over or somebody else's; the database's own.
pub async fn end_session(app: &App, actor: &Actor, key: &str) -> Result<(), Problem> {
    let me = actor.require_staff()?.id;
    let mine = session::of(app, me).await?;
    let row = mine.iter().find(|row| session_key(&row.id) == key).ok_or_else(Problem::not_found)?;
    let write = app.write().await?;
    write.unseen();
    session::end(&write, &row.id).await?;
    record_end(app, &write, actor, me, 1).await?;
    write.commit().await
}

/// Ends every own session but the present one.
///
/// # Errors
/// `unauthenticated`; the database's own.
pub async fn end_other_sessions(app: &App, actor: &Actor, present: &Session) -> Result<(), Problem> {
    let me = actor.require_staff()?.id;
    let write = app.write().await?;
    write.unseen();
    let ended = session::end_others(&write, me, &present.id).await?;
    record_end(app, &write, actor, me, ended).await?;
    write.commit().await
}

async fn record_end(app: &App, write: &Write, actor: &Actor, me: StaffId, n: u64) -> Result<(), Problem> {
    let subject = audit::subject(SubjectKind::Staff, me);
    audit::record(app, write, actor, "session.end", subject, json!({ "sessions": n })).await
}

/// Changes the own password. Every session ends, and one with a new id begins: its secret is given back.
///
/// # Errors
/// `unauthenticated`; `invalid` for a wrong or a weak password; `too_many_requests`; the database's own.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    present: &str,
    new: &str,
    user_agent: &str,
) -> Result<String, Problem> {
    let me = actor.require_staff()?.id;
    let person = confirm_password(app, actor, me, "present_password", present).await?;
    password::check(new, &person.login)?;
    if new == present {
        return Err(Problem::invalid(
            "password",
            "新密码不能与现在的密码相同",
            "The new password must differ from the present one",
        ));
    }
    let hash = password::hash(app, new).await?;
    let write = app.write().await?;
    write.unseen();
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(Some(hash)))
        .filter(Column::Id.eq(me))
        .exec(&*write)
        .await?;
    super::set_up::forget_links(&write, me).await?;
    let secret = session::renew(app, &write, me, &actor.address, user_agent).await?;
    let subject = audit::subject(SubjectKind::Staff, me);
    audit::record(app, &write, actor, "password.change", subject, json!({})).await?;
    let title = ("您的密码已修改", "Your password was changed");
    tell(app, &write, me, "password", title, NOT_YOU).await?;
    write.commit().await?;
    Ok(secret)
}

/// Asks a signed-in person for the password again: a session that was left open must not be enough.
///
/// # Errors
/// `invalid` for the field; `too_many_requests`; the database's own.
pub(super) async fn confirm_password(
    app: &App,
    actor: &Actor,
    me: StaffId,
    field: &'static str,
    given: &str,
) -> Result<Model, Problem> {
    let person = super::find_staff(app.db.read(), me).await?;
    let counted = tries::count_known(app, me).await?;
    let right = password::verify(app, given, person.password_hash.as_deref()).await?;
    let write = app.write().await?;
    write.unseen();
    if right {
        tries::take_back(&write, me, &counted).await?;
        write.commit().await?;
        return Ok(person);
    }
    let subject = audit::subject(SubjectKind::Staff, me);
    let detail = json!({ "failures": counted.failures });
    audit::record(app, &write, actor, "password.failed", subject, detail).await?;
    write.commit().await?;
    Err(Problem::invalid(field, "密码不正确", "The password is wrong"))
}

/// What a notice about one's own account ends with.
pub(super) const NOT_YOU: (&str, &str) =
    ("如果不是您本人操作，请立即联系管理员。", "If it was not you, tell an administrator at once.");

/// Tells a person what happened to the account, in the inbox and by mail; every time anew.
///
/// # Errors
/// The database's own.
pub(super) async fn tell(
    app: &App,
    write: &Write,
    person: StaffId,
    what: &str,
    title: (&str, &str),
    body: (&str, &str),
) -> Result<(), Problem> {
    let message = Message {
        subject_kind: SubjectKind::Staff,
        subject_id: person.0,
        stage: &format!("{what}:{}", app.id::<NoticeId>()),
        title: title.0.to_owned(),
        body: format!("{}\n\n{}. {}", body.0, title.1, body.1),
        path: web::path::ACCOUNT.to_owned(),
    };
    notice::send(app, write, &Recipient::Staff(person), &message).await.map(drop)
}
