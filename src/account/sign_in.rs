//! Signing in and out. One answer for every failure; see [`super::tries`] for how guessing is slowed down.

use entity::enums::SubjectKind;
use entity::id::StaffId;
use serde_json::json;

use super::tries::Counted;
use super::{code_step, factor, password, session, store, tries};
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

/// How far a right password led; each with the secret for its cookie.
pub enum SignedIn {
    Session(String),
    /// A code is awaited; see [`super::code_step`].
    CodeAwaited(String),
}

/// Signs in, or goes halfway for somebody with a second factor.
///
/// # Errors
/// `sign_in_failed` whatever was wrong; `too_many_requests`; the database's own.
pub async fn sign_in(
    app: &App,
    actor: &Actor,
    login: &str,
    secret: &str,
    user_agent: &str,
) -> Result<SignedIn, Problem> {
    rate::check(app, Act::SignIn, &actor.address).await?;
    let person = store::by_login(app.db.read(), login).await?;
    let counted = match &person {
        Some(person) if person.disabled_at.is_none() => tries::count(app, person.id).await?,
        _ => None,
    };
    let usable = person.as_ref().filter(|_| counted.is_some());
    let right = password::verify(app, secret, usable.and_then(|p| p.password_hash.as_deref())).await?;
    match (person, counted) {
        (Some(person), Some(counted)) if right => go_on(app, actor, person.id, &counted, user_agent).await,
        (Some(person), Some(counted)) => {
            let write = app.write().await?;
            write.unseen();
            let subject = audit::subject(SubjectKind::Staff, person.id);
            let detail = json!({ "failures": counted.failures });
            audit::record(app, &write, actor, "sign_in.failed", subject, detail).await?;
            write.commit().await?;
            Err(Problem::new(Code::SignInFailed))
        }
        _ => Err(Problem::new(Code::SignInFailed)),
    }
}

/// The password was right.
async fn go_on(
    app: &App,
    actor: &Actor,
    person: StaffId,
    counted: &Counted,
    user_agent: &str,
) -> Result<SignedIn, Problem> {
    let write = app.write().await?;
    write.unseen();
    if factor::is_offered(app) && factor::since(&*write, person).await?.is_some() {
        // The tries that failed before still count: only the code ends the counting.
        tries::take_back(&write, person, counted).await?;
        let secret = code_step::begin(app, &write, person, user_agent, None).await?;
        let subject = audit::subject(SubjectKind::Staff, person);
        audit::record(app, &write, actor, "sign_in.password", subject, json!({})).await?;
        write.commit().await?;
        return Ok(SignedIn::CodeAwaited(secret));
    }
    let secret = greet(app, &write, actor, person, user_agent, "none").await?;
    write.commit().await?;
    Ok(SignedIn::Session(secret))
}

/// Begins the session of somebody who proved everything; `by` is the second factor's means.
///
/// # Errors
/// `sign_in_failed` for an account that was closed in between; the database's own.
pub(super) async fn greet(
    app: &App,
    write: &Write,
    actor: &Actor,
    person: StaffId,
    user_agent: &str,
    by: &str,
) -> Result<String, Problem> {
    let who = store::staff_of(&**write, person).await?.ok_or_else(|| Problem::new(Code::SignInFailed))?;
    tries::forget(write, person).await?;
    let secret = session::begin(app, write, person, &actor.address, user_agent).await?;
    let actor = Actor { who: Who::Staff(who), ..actor.clone() };
    let subject = audit::subject(SubjectKind::Staff, person);
    audit::record(app, write, &actor, "sign_in.ok", subject, json!({ "second_factor": by })).await?;
    Ok(secret)
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
