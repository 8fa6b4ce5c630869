//! What somebody may do about what they sent: see it, take a copy, correct the contact, have it erased.

use std::collections::HashMap;

use entity::enums::{DataRequestKind, SubjectKind};
use serde_json::json;
use uuid::Uuid;

use super::inquiry;
use super::request::{Done, record};
use super::session::Person;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::identity::{self, Proof, Use};
use crate::keys::Purpose;
use crate::problem::Problem;
use crate::{event, message, opinion, text};

/// Everything that is found by a contact.
#[derive(Debug, Default)]
pub struct All {
    pub opinions: Vec<opinion::own::Own>,
    pub messages: Vec<message::own::Own>,
    pub registrations: Vec<event::own::Own>,
    pub inquiries: Vec<inquiry::Opened>,
    /// Versions of the consent text that was agreed to, by what was sent.
    pub consents: HashMap<Uuid, i32>,
}

/// # Errors
/// The database's own.
pub async fn all(app: &App, person: &Person) -> Result<All, Problem> {
    let db = app.db.read();
    let opinions = opinion::own::of_person(db, &person.hash).await?;
    let messages = message::own::of_person(app, db, &person.hash).await?;
    let registrations = event::own::of_contact(app, &person.contact).await?;
    let mut consents =
        identity::agreed_versions(db, SubjectKind::Opinion, opinions.iter().map(|o| o.opinion.id.0)).await?;
    let of_messages = messages.iter().map(|m| m.message.id.0);
    consents.extend(identity::agreed_versions(db, SubjectKind::Message, of_messages).await?);
    let of_visits = registrations.iter().map(|r| r.registration.id.0);
    consents.extend(identity::agreed_versions(db, SubjectKind::EventRegistration, of_visits).await?);
    let inquiries = inquiry::of_person(app, &person.hash).await?;
    Ok(All { opinions, messages, registrations, inquiries, consents })
}

/// Gives a copy (个保法 Art. 45).
///
/// # Errors
/// The database's own.
pub async fn export(app: &App, actor: &Actor, person: &Person) -> Result<(All, Done), Problem> {
    let found = all(app, person).await?;
    let write = app.write().await?;
    write.unseen();
    let outcome = json!({
        "opinions": found.opinions.len(),
        "messages": found.messages.len(),
        "registrations": found.registrations.len(),
    });
    let done = record(app, &write, actor, DataRequestKind::Export, outcome).await?;
    write.commit().await?;
    Ok((found, done))
}

/// Another contact for everything that was sent, proved by a code of its own (Art. 46). Registrations keep theirs:
/// it is what their door knows.
///
/// # Errors
/// `contact_unproven`; `conflict` when the new contact has spoken in the same consultation, or is the old one; the
/// database's own.
pub async fn correct(
    app: &App,
    actor: &Actor,
    person: &Person,
    contact: &str,
    proof: &Proof,
) -> Result<Done, Problem> {
    let contact = text::tidy(contact);
    let tried = identity::try_out(app, Use::NewContact(&person.hash), &contact, Some(proof)).await?;
    let to = app.keys.mac_hex(Purpose::Contact, &text::contact_key(&contact));
    let write = app.write().await?;
    write.unseen();
    identity::spend(app, &write, tried).await?;
    if to == person.hash {
        return Err(Problem::conflict("与现在的联系方式相同", "That is the contact you have already"));
    }
    let opinions = opinion::own::move_contact(app, &write, &person.hash, &to, &contact).await?;
    let messages = message::own::move_contact(app, &write, &person.hash, &to, &contact).await?;
    store::end_all(&write, &person.hash).await?;
    let outcome = json!({ "opinions": opinions, "messages": messages });
    let done = record(app, &write, actor, DataRequestKind::Correct, outcome).await?;
    write.commit().await?;
    Ok(done)
}

/// Erases what may be erased (Art. 47); `take_back_published` takes back published opinions too, where their
/// answer is not published yet.
///
/// # Errors
/// `stale` when a review came in between; the database's own.
pub async fn erase(
    app: &App,
    actor: &Actor,
    person: &Person,
    take_back_published: bool,
) -> Result<Done, Problem> {
    let visits = event::own::to_erase(app, &person.contact).await?;
    let write = app.write().await?;
    let opinions = opinion::own::erase(app, &write, actor, &person.hash, take_back_published).await?;
    let messages = message::own::erase(app, &write, actor, &person.hash).await?;
    let registrations = event::own::erase(app, &write, actor, &visits).await?;
    let inquiries = store::forget_inquiries(&write, &person.hash).await?;
    store::end_all(&write, &person.hash).await?;
    let outcome = json!({
        "opinions_erased": opinions.erased,
        "opinions_taken_back": opinions.withdrawn,
        "opinions_published": opinions.published,
        "opinions_in_appeal": opinions.in_appeal,
        "messages_erased": messages.erased,
        "messages_published": messages.published,
        "messages_open": messages.open,
        "inquiries_erased": inquiries,
        "registrations_erased": registrations.erased,
        "registrations_given_up": registrations.given_up,
    });
    let done = record(app, &write, actor, DataRequestKind::Erase, outcome).await?;
    write.commit().await?;
    Ok(done)
}
