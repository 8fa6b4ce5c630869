//! What was said at a hearing, a seminar or a visit enters the consultation of its decision like every other opinion
//! (表二第5项; 国令713 Art. 17), by the channel that names where it was said, and the page of the event leads to it.

use chrono::NaiveDate;
use entity::enums::{Channel, EventKind, PersonKind, ShowAs, SubjectKind};
use entity::event::Model as Event;
use entity::id::EventId;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::opinion::record::{Record, take_down};
use crate::opinion::{self, Content};
use crate::problem::Problem;
use crate::{audit, consultation};

/// An opinion as it was voiced.
#[derive(Clone, Debug)]
pub struct Voice {
    pub text: String,
    /// Who spoke; may be empty, and is masked where it is shown.
    pub name: String,
    pub person_kind: PersonKind,
    /// None: the day of the event.
    pub on: Option<NaiveDate>,
}

/// The channel of what is said at an event; none where nothing is.
pub fn channel(kind: EventKind) -> Option<Channel> {
    match kind {
        EventKind::Hearing => Some(Channel::Hearing),
        EventKind::Seminar => Some(Channel::Seminar),
        EventKind::FieldVisit => Some(Channel::FieldVisit),
        EventKind::OpenDay | EventKind::OpenWeek | EventKind::Meeting => None,
    }
}

/// The code of the consultation that opinions voiced at an event belong to: the latest published one of its
/// decision.
///
/// # Errors
/// The database's own.
pub async fn target(db: &impl ConnectionTrait, event: &Event) -> Result<Option<String>, Problem> {
    let Some(decision) = event.decision_id else { return Ok(None) };
    let all = consultation::of_decision(db, decision).await?;
    Ok(all.into_iter().rev().find(|c| c.published_at.is_some()).map(|c| c.code))
}

/// Enters an opinion that was voiced at an event, and gives its receipt.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` before the event, for a kind at which nothing is heard, or without a
/// consultation; what [`opinion::record`] answers; the database's own.
pub async fn voice(
    app: &App,
    actor: &Actor,
    id: EventId,
    input: &Voice,
) -> Result<opinion::Receipt, Problem> {
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    let sessions = store::sessions(&*write, id).await?;
    let first = sessions.iter().map(|s| s.begins_at).min().filter(|at| *at <= app.now());
    let (Some(first), None, Some(_)) = (first, event.cancelled_at, event.published_at) else {
        return Err(Problem::conflict("活动尚未举行", "The event has not been held"));
    };
    let Some(channel) = channel(event.kind) else {
        return Err(Problem::conflict(
            "只有听证会、座谈会和实地走访的意见在这里录入",
            "Opinions are entered from hearings, seminars and visits",
        ));
    };
    let Some(code) = target(&*write, &event).await? else {
        return Err(Problem::conflict(
            "关联的决策事项没有公开征求意见，不能录入",
            "The decision has no published consultation",
        ));
    };
    let record = Record {
        consultation: code,
        clause_id: None,
        content: Content {
            text: input.text.clone(),
            wording: String::new(),
            name: input.name.clone(),
            contact: String::new(),
            person_kind: Some(input.person_kind),
            show_as: Some(ShowAs::Masked),
        },
        files: Vec::new(),
        channel: Some(channel),
        received_on: Some(input.on.unwrap_or_else(|| civil::local_date(first))),
    };
    let receipt = take_down(app, &write, actor, &record).await?;
    store::hearing::voice(&write, id, receipt.id).await?;
    let subject = audit::subject(SubjectKind::Event, id);
    audit::record(app, &write, actor, "event.voice", subject, json!({ "opinion": receipt.number })).await?;
    write.commit().await?;
    Ok(receipt)
}
