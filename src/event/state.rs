//! A registration as its holder sees it, opened by the lookup code.

use chrono::{DateTime, Utc};
use entity::enums::{EventKind, RegistrationState, SubjectKind};
use entity::event::Model as Event;
use entity::event_registration::Model;
use entity::event_session::Model as Session;
use entity::id::EventRegistrationId;

use super::record;
use super::register::number;
use super::share::Shares;
use super::store::{self, registration as rows};
use crate::app::App;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::text;

#[derive(Clone, Debug)]
pub struct State {
    pub code: LookupCode,
    /// `E2026-003-1-0007`
    pub number: String,
    pub event: Event,
    pub session: Session,
    pub shares: Shares,
    pub registration: Model,
    /// The record of the hearing waits for this person's confirmation.
    pub may_confirm: bool,
    /// Parties before this one, while it waits.
    pub ahead: u64,
    pub name: Option<String>,
    /// Told so that a wrong one is noticed.
    pub contact_masked: Option<String>,
}

impl State {
    /// Whether anything may still be changed.
    pub fn may_change(&self, now: DateTime<Utc>) -> bool {
        use RegistrationState::{Confirmed, Offered, Waiting};
        let stands = matches!(self.registration.state, Confirmed | Offered | Waiting);
        stands
            && self.event.cancelled_at.is_none()
            && self.registration.came_at.is_none()
            && now < self.session.begins_at
    }
}

/// The registration that a lookup code stands for.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn find(app: &App, address: &str, typed: &str) -> Result<EventRegistrationId, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(app.db.read(), &code).await?;
    if receipt.subject_kind != SubjectKind::EventRegistration {
        return Err(Problem::not_found());
    }
    let id = EventRegistrationId(receipt.subject_id);
    load(app, id).await?;
    Ok(id)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn load(app: &App, id: EventRegistrationId) -> Result<State, Problem> {
    let db = app.db.read();
    let registration = rows::find(db, id).await?;
    let session = store::session_by_id(db, registration.session_id).await?;
    let event = store::find(db, session.event_id).await?;
    let shares = Shares::load(db, &session).await?;
    if event.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let may_confirm = event.kind == EventKind::Hearing
        && record::may_confirm(&store::hearing::of(db, event.id).await?, &registration);
    let ahead = match registration.state {
        RegistrationState::Waiting => rows::ahead(db, &registration).await?,
        _ => 0,
    };
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|s| app.keys.decrypt(s));
    Ok(State {
        code: LookupCode::of(&app.keys, SubjectKind::EventRegistration, id.0),
        number: number(&event.code, session.number, registration.number),
        may_confirm,
        ahead,
        name: open(&registration.name_enc),
        contact_masked: open(&registration.contact_enc).map(|c| text::mask_contact(&c)),
        event,
        session,
        shares,
        registration,
    })
}
