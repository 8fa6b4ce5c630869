//! Giving and taking seats: the only place that does. Everything here happens under the lock of the session's
//! row, so that one thing happens to a session after the other, in the order in which they reached the database.
//! On SQLite writers are in line anyway.
//!
//! The rule of the waiting list: after every change, nobody waits who would fit into the free seats. Whoever
//! waited longest comes first; a party that is too large for the free seats keeps its place and lets a smaller one
//! pass, so that no seat stays empty. A session may ask that a seat that became free is taken up within some hours;
//! who left no e-mail address would not hear of it in time and gets the seat at once.

use chrono::TimeDelta;
use entity::enums::{RegistrationState, SeatGroup, SeatMethod};
use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::EventSessionId;
use serde_json::json;

use super::jobs;
use super::share::Shares;
use super::store::{self, registration as rows};
use super::tell::{self, News};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;
use crate::text;

/// A session under its lock, with its event as it was read after the lock was taken: an event that is being
/// cancelled holds the locks of its sessions.
#[derive(Debug)]
pub(super) struct Hall {
    pub event: Event,
    pub session: Session,
    pub shares: Shares,
}

impl Hall {
    pub async fn lock(write: &Write, id: EventSessionId) -> Result<Self, Problem> {
        let session = store::lock_session(write, id).await?;
        let event = store::find(&**write, session.event_id).await?;
        let shares = Shares::load(&**write, &session).await?;
        Ok(Self { event, session, shares })
    }

    pub fn free(&self) -> i32 {
        self.session.capacity - self.session.taken
    }

    /// Free seats for a group: never more than its share has.
    pub fn free_for(&self, group: Option<SeatGroup>) -> i32 {
        Ord::min(self.free(), self.shares.room(group))
    }

    /// Whether the seats wait for the draw: until then nobody has one.
    pub async fn awaits_draw(&self, write: &Write) -> Result<bool, Problem> {
        if self.session.method != SeatMethod::Draw {
            return Ok(false);
        }
        Ok(store::draw::of(&**write, self.session.id).await?.is_none_or(|d| d.drawn_at.is_none()))
    }

    /// Gives (or, with a negative number, takes back) seats of a group.
    pub async fn give(&mut self, write: &Write, group: Option<SeatGroup>, seats: i32) -> Result<(), Problem> {
        self.shares.give(write, group, seats).await?;
        store::count(write, self.session.id, seats, 0, 0).await?;
        self.session.taken += seats;
        Ok(())
    }

    /// The next number of the session, with its seats when they are there. Seats at the door are of no share.
    pub async fn issue(&mut self, write: &Write, seats: i32) -> Result<i32, Problem> {
        store::count(write, self.session.id, seats, 0, 1).await?;
        self.session.taken += seats;
        self.session.issued += 1;
        Ok(self.session.issued)
    }

    /// People came in.
    pub async fn let_in(&mut self, write: &Write, people: i32) -> Result<(), Problem> {
        store::count(write, self.session.id, 0, people, 0).await?;
        self.session.present += people;
        Ok(())
    }

    /// Ends a registration and gives its seats to who waits.
    pub async fn end(
        &mut self,
        app: &App,
        write: &Write,
        registration: &Registration,
        state: RegistrationState,
    ) -> Result<Registration, Problem> {
        let held = matches!(registration.state, RegistrationState::Confirmed | RegistrationState::Offered);
        let after = Registration {
            state,
            ended_at: Some(app.now()),
            offered_until: None,
            person_hash: None,
            ..registration.clone()
        };
        rows::update(write, &after).await?;
        if held {
            self.give(write, registration.seat_group, -registration.seats).await?;
            self.promote(app, write).await?;
        }
        Ok(after)
    }

    /// Moves up who waits, as long as somebody fits. Each is told; a seat that must be taken up is kept until
    /// its time runs out.
    pub async fn promote(&mut self, app: &App, write: &Write) -> Result<(), Problem> {
        if self.event.cancelled_at.is_some() || app.now() >= self.session.begins_at {
            return Ok(());
        }
        if self.awaits_draw(write).await? {
            return Ok(());
        }
        while self.free() > 0 {
            let fitting = rows::fitting(write, &self.session, self.free(), &self.shares).await?;
            if fitting.is_empty() {
                break;
            }
            for waiting in fitting {
                if waiting.seats <= self.free_for(waiting.seat_group) {
                    self.move_up(app, write, waiting).await?;
                }
            }
        }
        Ok(())
    }

    async fn move_up(&mut self, app: &App, write: &Write, waiting: Registration) -> Result<(), Problem> {
        self.give(write, waiting.seat_group, waiting.seats).await?;
        let contact = waiting.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
        let until = match self.session.offer_hours {
            // An offer that reaches nobody would only be lost.
            _ if !contact.is_some_and(|c| text::is_email(&c)) => None,
            0 => None,
            hours => Some(Ord::min(app.now() + TimeDelta::hours(hours.into()), self.session.begins_at)),
        };
        let state = if until.is_some() { RegistrationState::Offered } else { RegistrationState::Confirmed };
        let after = Registration { state, offered_until: until, ..waiting };
        rows::update(write, &after).await?;
        let news = match until {
            Some(until) => {
                jobs::plan_offer(app, write, &after, until).await?;
                News::Offered(until)
            }
            None => News::Promoted,
        };
        tell::tell(app, write, &self.event, &self.session, &after, news).await?;
        let detail = json!({ "number": after.number, "seats": after.seats, "state": after.state });
        let subject = audit::subject(rows::SUBJECT, after.id);
        audit::record(app, write, &Actor::system(), "event.promote", subject, detail).await
    }
}
