//! The registrations of one person, found by their contact while names and contacts are kept; and what is erased
//! before its time when they ask for it (个人信息保护法 Art. 47).

use entity::enums::{RegistrationState, SubjectKind};
use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::EventRegistrationId;
use serde_json::json;

use super::register::person;
use super::seats::Hall;
use super::store::{self, registration as rows};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::{audit, identity, notice, text};

/// A registration that stands.
#[derive(Clone, Debug)]
pub struct Own {
    pub event: Event,
    pub session: Session,
    pub registration: Registration,
}

impl Own {
    /// `E2026-003-1-0007`
    pub fn number(&self) -> String {
        super::register::number(&self.event.code, self.session.number, self.registration.number)
    }
}

/// The registrations of a contact for events whose visitors are not erased yet. A hash covers contact and session,
/// so each session is asked about.
///
/// # Errors
/// The database's own.
pub async fn of_contact(app: &App, contact: &str) -> Result<Vec<Own>, Problem> {
    let db = app.db.read();
    let mut found = Vec::new();
    for event in store::with_visitors(db).await? {
        for session in store::sessions(db, event.id).await? {
            let person = person(app, &session, contact);
            for registration in rows::of_person(db, session.id, &person).await? {
                found.push(Own { event: event.clone(), session: session.clone(), registration });
            }
        }
    }
    Ok(found)
}

/// The registrations that an erasure is about: those that ended too. An ended one carries no hash, so every contact
/// that is still kept is opened and compared.
///
/// # Errors
/// The database's own.
pub async fn to_erase(app: &App, contact: &str) -> Result<Vec<EventRegistrationId>, Problem> {
    let (db, key) = (app.db.read(), text::contact_key(contact));
    let is_theirs = |r: &Registration| {
        let open = r.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
        open.is_some_and(|contact| text::contact_key(&contact) == key)
    };
    let mut found = Vec::new();
    for event in store::with_visitors(db).await? {
        for session in store::sessions(db, event.id).await? {
            let named = rows::named(db, session.id).await?;
            found.extend(named.iter().filter(|r| is_theirs(r)).map(|r| r.id));
        }
    }
    // In one order, whoever holds them: two erasures never wait for each other.
    found.sort();
    Ok(found)
}

/// How many registrations were erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    pub erased: u32,
    /// Given up on the way, their seats free for others; they are among those erased.
    pub given_up: u32,
}

/// Forgets whose these registrations are. What is still to come is given up, for a door must know who comes; what
/// was counted stays counted.
///
/// # Errors
/// The database's own.
pub async fn erase(
    app: &App,
    write: &Write,
    actor: &Actor,
    ids: &[EventRegistrationId],
) -> Result<Erasure, Problem> {
    let mut done = Erasure::default();
    for id in ids {
        let known = rows::find(&**write, *id).await?;
        let mut hall = Hall::lock(write, known.session_id).await?;
        let registration = rows::find(&**write, *id).await?;
        let stands = !matches!(registration.state, RegistrationState::Cancelled | RegistrationState::Expired);
        let to_come = hall.event.cancelled_at.is_none()
            && registration.came_at.is_none()
            && app.now() < hall.session.begins_at;
        // First, so that nobody is told by a contact that is to be forgotten.
        rows::forget(write, *id).await?;
        if stands && to_come {
            let forgotten = Registration { person_hash: None, ..registration };
            hall.end(app, write, &forgotten, RegistrationState::Cancelled).await?;
            done.given_up += 1;
        }
        store::feedback::forget(write, *id).await?;
        done.erased += 1;
        let detail = json!({ "given_up": stands && to_come });
        let subject = audit::subject(SubjectKind::EventRegistration, *id);
        audit::record(app, write, actor, "event.erase_one", subject, detail).await?;
    }
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    identity::forget_guardians(write, SubjectKind::EventRegistration, &ids).await?;
    notice::erase(write, SubjectKind::EventRegistration, &ids).await?;
    Ok(done)
}
