//! What happens by itself: offers run out, visitors are reminded on the day before and told of changes, personal
//! data is erased. Every job may run twice and carries only ids; the truth is read again.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::enums::{RegistrationState, SubjectKind};
use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::{EventId, EventRegistrationId, EventSessionId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draw;
use super::seats::Hall;
use super::store::{self, registration as rows};
use super::tell::{self, News};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::identity;
use crate::job;
use crate::notice;
use crate::problem::{Code, Problem};

/// An offered seat was not taken up.
pub const OFFER_JOB: &str = "event.offer";
/// The day before.
pub const REMIND_JOB: &str = "event.remind";
/// Everybody of a session is told something.
pub const TELL_JOB: &str = "event.tell";
/// Names and contacts are erased.
pub const ERASE_JOB: &str = "event.erase";

/// Reminders leave at this hour of the day before, Asia/Shanghai.
const HOUR: u32 = 9;
/// Thanks leave so long after the end: the door staff have written down who came.
const THANKS_AFTER: TimeDelta = TimeDelta::hours(1);
/// People told in one transaction.
const BATCH: u64 = 100;

#[derive(Deserialize)]
struct Offer {
    registration: EventRegistrationId,
}

pub(super) async fn plan_offer(
    app: &App,
    write: &Write,
    registration: &Registration,
    until: DateTime<Utc>,
) -> Result<(), Problem> {
    let key = format!("{OFFER_JOB}:{}:{}", registration.id, until.timestamp());
    job::enqueue(app, write, OFFER_JOB, &key, json!({ "registration": registration.id }), until).await
}

/// Lets an offer run out; the seats go to the next in line.
///
/// # Errors
/// The database's own.
pub async fn expire(app: &App, payload: &Value) -> Result<(), Problem> {
    let offer: Offer = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let write = app.write().await?;
    write.unseen();
    let known = rows::find(&*write, offer.registration).await?;
    let mut hall = Hall::lock(&write, known.session_id).await?;
    let registration = rows::find(&*write, offer.registration).await?;
    let lapsed = registration.state == RegistrationState::Offered
        && registration.offered_until.is_some_and(|until| until <= app.now());
    if lapsed && hall.event.cancelled_at.is_none() {
        let after = hall.end(app, &write, &registration, RegistrationState::Expired).await?;
        tell::tell(app, &write, &hall.event, &hall.session, &after, News::Expired).await?;
        let subject = audit::subject(SubjectKind::EventRegistration, after.id);
        let detail = json!({ "seats": after.seats });
        audit::record(app, &write, &Actor::system(), "event.offer_expired", subject, detail).await?;
    }
    write.commit().await
}

/// What everybody of a session is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Telling {
    Changed {
        revision: i32,
    },
    Cancelled,
    /// The draw was held.
    Drawn,
    /// The moment for which the reminder was planned: another one has a reminder of its own.
    Reminder {
        begins_at: DateTime<Utc>,
    },
    /// The end for which it was planned, likewise.
    Thanks {
        ends_at: DateTime<Utc>,
    },
}

#[derive(Serialize, Deserialize)]
struct Batch {
    session: EventSessionId,
    telling: Telling,
    /// Number of the last who was told.
    after: i32,
}

impl Batch {
    fn key(&self) -> String {
        let what = match &self.telling {
            Telling::Changed { revision } => format!("changed:{revision}"),
            Telling::Cancelled => "cancelled".to_owned(),
            Telling::Drawn => "drawn".to_owned(),
            Telling::Reminder { begins_at } => format!("reminder:{}", begins_at.timestamp()),
            Telling::Thanks { ends_at } => format!("thanks:{}", ends_at.timestamp()),
        };
        format!("{TELL_JOB}:{}:{what}:{}", self.session, self.after)
    }
}

/// Plans telling everybody of a session.
pub(super) async fn plan_telling(
    app: &App,
    write: &Write,
    session: EventSessionId,
    telling: Telling,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    let kind = if matches!(telling, Telling::Reminder { .. }) { REMIND_JOB } else { TELL_JOB };
    let batch = Batch { session, telling, after: 0 };
    let payload = serde_json::to_value(&batch).map_err(Problem::internal)?;
    job::enqueue(app, write, kind, &batch.key(), payload, at).await
}

/// Plans what follows from the times of a session: thanks after its end, and the reminder on the day before, if that
/// is still to come.
pub(super) async fn plan_session(app: &App, write: &Write, session: &Session) -> Result<(), Problem> {
    let thanks = Telling::Thanks { ends_at: session.ends_at };
    plan_telling(app, write, session.id, thanks, session.ends_at + THANKS_AFTER).await?;
    let day = civil::local_date(session.begins_at);
    let Some(before) = day.checked_sub_days(Days::new(1)) else { return Ok(()) };
    let at = civil::at(before, HOUR, 0);
    if at <= app.now() {
        return Ok(());
    }
    let telling = Telling::Reminder { begins_at: session.begins_at };
    plan_telling(app, write, session.id, telling, at).await
}

/// Reminds, as [`tell_all`].
///
/// # Errors
/// The database's own.
pub async fn remind(app: &App, payload: &Value) -> Result<(), Problem> {
    tell_all(app, payload).await
}

/// Tells the next batch of a session's visitors and plans the one after it.
///
/// # Errors
/// The database's own.
pub async fn tell_all(app: &App, payload: &Value) -> Result<(), Problem> {
    let batch: Batch = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let db = app.db.read();
    let session = match store::session_by_id(db, batch.session).await {
        // Taken away before anybody registered.
        Err(problem) if problem.code == Code::NotFound => return Ok(()),
        found => found?,
    };
    let event = store::find(db, session.event_id).await?;
    let Some(news) = news(&event, &session, &batch.telling) else { return Ok(()) };
    let protocol = match &batch.telling {
        Telling::Drawn => draw::protocol(db, session.id).await?,
        _ => None,
    };
    if matches!(batch.telling, Telling::Drawn) && protocol.is_none() {
        return Ok(());
    }
    let people = rows::standing_after(db, session.id, batch.after, BATCH).await?;
    let write = app.write().await?;
    write.unseen();
    for registration in &people {
        let news = match (&protocol, &news) {
            (Some(protocol), _) => tell::of_draw(protocol, registration),
            // Who waits needs no reminder, and who did not come no thanks.
            (None, News::Reminder) if registration.state == RegistrationState::Waiting => None,
            (None, News::Thanks) if registration.came == 0 => None,
            (None, news) => Some(news.clone()),
        };
        if let Some(news) = news {
            tell::tell(app, &write, &event, &session, registration, news).await?;
        }
    }
    if let Some(last) = people.last().filter(|_| people.len() as u64 == BATCH) {
        let next = Batch { after: last.number, ..batch };
        let payload = serde_json::to_value(&next).map_err(Problem::internal)?;
        job::enqueue(app, &write, TELL_JOB, &next.key(), payload, app.now()).await?;
    }
    write.commit().await
}

/// What is still true of what was to be told.
fn news(event: &Event, session: &Session, telling: &Telling) -> Option<News> {
    match telling {
        Telling::Cancelled => Some(News::Cancelled(event.cancelled_reason.clone()?)),
        _ if event.cancelled_at.is_some() => None,
        Telling::Changed { revision } => Some(News::Changed(*revision)),
        // What each of them is told, the draw says.
        Telling::Drawn => Some(News::Drawn),
        Telling::Reminder { begins_at } => (session.begins_at == *begins_at).then_some(News::Reminder),
        Telling::Thanks { ends_at } => (session.ends_at == *ends_at).then_some(News::Thanks),
    }
}

#[derive(Deserialize)]
struct Erase {
    event: EventId,
}

/// When the personal data of an event's visitors is to be erased.
fn erase_at(app: &App, sessions: &[Session]) -> Option<DateTime<Utc>> {
    let days = TimeDelta::days(app.config.rules.event_erase_days.into());
    super::ends_at(sessions)?.checked_add_signed(days)
}

/// Plans the erasure by the times of the sessions as they are now.
pub(super) async fn plan_erasure(
    app: &App,
    write: &Write,
    event: EventId,
    sessions: &[Session],
) -> Result<(), Problem> {
    let Some(at) = erase_at(app, sessions) else { return Ok(()) };
    let key = format!("{ERASE_JOB}:{event}:{}", at.timestamp());
    job::enqueue(app, write, ERASE_JOB, &key, json!({ "event": event }), at).await
}

/// Erases names, contacts and what tells them apart, also in the mails that were sent. The numbers stay. A
/// session that was moved to a later day in the meantime has a plan of its own.
///
/// # Errors
/// The database's own.
pub async fn erase(app: &App, payload: &Value) -> Result<(), Problem> {
    let what: Erase = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let write = app.write().await?;
    write.unseen();
    let event = store::lock(&write, what.event).await?;
    let sessions = store::sessions(&*write, event.id).await?;
    if event.erased_at.is_some() || erase_at(app, &sessions).is_none_or(|at| at > app.now()) {
        return write.commit().await;
    }
    let ids: Vec<_> = rows::ids(&*write, event.id).await?.into_iter().map(|id| id.0).collect();
    let people = rows::erase(&write, event.id).await?;
    store::feedback::erase(&write, event.id).await?;
    identity::forget_guardians(&write, SubjectKind::EventRegistration, &ids).await?;
    notice::erase(&write, SubjectKind::EventRegistration, &ids).await?;
    let after = Event { erased_at: Some(app.now()), revision: event.revision + 1, ..event.clone() };
    store::update(&write, event.revision, &after).await?;
    let subject = audit::subject(SubjectKind::Event, event.id);
    let detail = json!({ "registrations": people });
    audit::record(app, &write, &Actor::system(), "event.erase", subject, detail).await?;
    write.commit().await
}
