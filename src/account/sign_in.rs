//! Signing in and out. One answer for every failure; see [`super::tries`] for how guessing is slowed down.

use entity::enums::SubjectKind;
use serde_json::json;

use super::{password, session, store, tries};
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

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
        Some(person) if person.disabled_at.is_none() => tries::count(app, person.id).await?,
        _ => None,
    };
    let usable = person.as_ref().filter(|_| counted.is_some());
    let right = password::verify(app, secret, usable.and_then(|p| p.password_hash.as_deref())).await?;
    match (person, right) {
        (Some(person), true) => {
            let write = app.write().await?;
            write.unseen();
            tries::forget(&write, person.id).await?;
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
            if let Some(tries::Counted { failures, .. }) = counted {
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
