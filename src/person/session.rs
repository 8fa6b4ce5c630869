//! The session of somebody who proved a contact: 256 random bits whose hash is kept, for half an hour.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::SubjectKind;
use entity::person_session::Model;
use serde_json::json;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::db::Write;
use crate::identity::{self, Proof, Use};
use crate::keys::{Purpose, sha256_hex};
use crate::oidc::{self, Visit};
use crate::problem::{Code, Problem};
use crate::text;

const LIFE: TimeDelta = TimeDelta::minutes(30);

/// Somebody by a contact.
#[derive(Clone, Debug)]
pub struct Person {
    /// Hash of the session's secret.
    pub(super) session: String,
    pub contact: String,
    /// The keyed hash by which what they sent is found.
    pub hash: String,
    pub expires_at: DateTime<Utc>,
    /// By which provider of the settings the contact was proved; by a code otherwise.
    pub provider: Option<String>,
}

/// Takes the code and begins the session; gives the secret.
///
/// # Errors
/// `contact_unproven`; the database's own.
pub async fn enter(
    app: &App,
    actor: &Actor,
    contact: &str,
    proof: &Proof,
) -> Result<(String, DateTime<Utc>), Problem> {
    let contact = text::tidy(contact);
    let tried = identity::try_out(app, Use::MyData, &contact, Some(proof)).await?;
    let write = app.write().await?;
    write.unseen();
    identity::spend(app, &write, tried).await?;
    let begun = begin(app, &write, actor, &contact, None).await?;
    write.commit().await?;
    Ok(begun)
}

/// What somebody is sent to a provider for who looks after their data.
pub const PURPOSE: &str = "my-data";

/// Begins the session of somebody whose contact a provider has verified; gives the secret.
///
/// # Errors
/// `contact_unproven` for a visit that is over or was used; the database's own.
pub async fn enter_by(app: &App, actor: &Actor, visit: &Visit) -> Result<String, Problem> {
    let contact = visit.arrival.as_ref().and_then(|arrival| arrival.contact.as_deref());
    let over = || {
        Problem::new(Code::ContactUnproven).because(
            "这次认证已过期或已经用过，请重新认证",
            "This sign-in has expired or was used already; please begin again",
        )
    };
    let contact = contact.ok_or_else(over)?;
    let write = app.write().await?;
    write.unseen();
    if !oidc::spend(app, &write, &visit.id).await? {
        return Err(over());
    }
    let (secret, _) = begin(app, &write, actor, contact, Some(&visit.provider)).await?;
    write.commit().await?;
    Ok(secret)
}

async fn begin(
    app: &App,
    write: &Write,
    actor: &Actor,
    contact: &str,
    provider: Option<&str>,
) -> Result<(String, DateTime<Utc>), Problem> {
    let (secret, now) = (app.rng.secret(), app.now());
    let row = Model {
        id: sha256_hex(secret.as_bytes()),
        contact_hash: app.keys.mac_hex(Purpose::Contact, &text::contact_key(contact)),
        contact_enc: app.keys.encrypt(contact, &app.rng),
        created_at: now,
        expires_at: now + LIFE,
        provider: provider.map(str::to_owned),
    };
    store::begin(write, &row, now).await?;
    let subject = Subject { kind: SubjectKind::DataRequest, id: None };
    audit::record(app, write, actor, "my_data.enter", subject, json!({ "provider": provider })).await?;
    Ok((secret, row.expires_at))
}

/// Who a secret stands for.
///
/// # Errors
/// `unauthenticated` for one that is unknown or too old; the database's own.
pub async fn find(app: &App, secret: &str) -> Result<Person, Problem> {
    let over = || {
        Problem::new(Code::Unauthenticated)
            .because("请先用验证码核验联系方式", "Please verify your contact with a code first")
    };
    let id = sha256_hex(secret.as_bytes());
    let row = store::session(app.db.read(), &id).await?.filter(|s| s.expires_at > app.now());
    let row = row.ok_or_else(over)?;
    let contact = app.keys.decrypt(&row.contact_enc).ok_or_else(over)?;
    Ok(Person {
        session: row.id,
        contact,
        hash: row.contact_hash,
        expires_at: row.expires_at,
        provider: row.provider,
    })
}

/// Ends the session.
///
/// # Errors
/// The database's own.
pub async fn leave(app: &App, person: &Person) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    store::end(&write, &person.session).await?;
    write.commit().await
}
