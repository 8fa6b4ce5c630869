//! The registrations of one person, found by their contact while names and contacts are kept.

use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;

use super::register::person;
use super::store::{self, registration as rows};
use crate::app::App;
use crate::problem::Problem;

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
