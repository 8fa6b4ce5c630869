//! The record of a hearing (听证会记录): published when it is over, confirmed and signed by who took part (国令713
//! Art. 17). They confirm it by their lookup code, or staff note the signature on paper.

use entity::enums::SubjectKind;
use entity::event_hearing::Model as Hearing;
use entity::event_registration::Model as Registration;
use entity::id::{EventId, EventRegistrationId, StaffId};
use serde_json::json;
use validator::Validate;

use super::hearing::{keep, locked};
use super::seats::Hall;
use super::store::{self, hearing as rows, registration as registrations};
use super::{Stage, policy, stage};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::{audit, text};

/// Publishes the record of a hearing that was held, or a corrected one, which is confirmed anew.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` before it is over; the database's own.
pub async fn publish_record(app: &App, actor: &Actor, id: EventId, typed: &str) -> Result<(), Problem> {
    #[derive(Validate)]
    struct Record {
        #[validate(length(min = 1, max = 50_000), custom(function = text::several_lines))]
        record: String,
    }
    let input = Record { record: text::tidy(typed) };
    input.validate()?;
    let write = app.write().await?;
    let (event, before) = locked(&write, actor, id).await?;
    let sessions = store::sessions(&*write, id).await?;
    if stage(&event, &sessions, app.now()) != Stage::Held {
        return Err(Problem::conflict("听证会结束后才能公布记录", "The record follows the hearing"));
    }
    if before.record.as_ref() != Some(&input.record) {
        registrations::unconfirm(&write, id).await?;
    }
    let detail = json!({ "corrected": before.record.is_some() });
    let after = Hearing { record: Some(input.record), record_at: Some(app.now()), ..before };
    keep(app, write, actor, &event, &after, ("event.hearing_record", detail)).await
}

/// Whether this person has a record to confirm: who took part in a hearing whose record is there.
pub fn may_confirm(hearing: &Hearing, registration: &Registration) -> bool {
    hearing.record.is_some() && registration.came_at.is_some() && registration.confirmed_record_at.is_none()
}

/// A participant confirms the record, by the lookup code. Twice is once.
///
/// # Errors
/// `not_found`; `conflict` for who did not take part, or while there is no record; the database's own.
pub async fn confirm_record(app: &App, actor: &Actor, id: EventRegistrationId) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let known = registrations::find(&*write, id).await?;
    let hall = Hall::lock(&write, known.session_id).await?;
    confirm(app, write, actor, &hall, id, None).await
}

/// Staff note that a participant signed the record on paper.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` for a number nobody has; as [`confirm_record`].
pub async fn note_signature(
    app: &App,
    actor: &Actor,
    id: EventId,
    session: i32,
    place: i32,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let event = store::find(&*write, id).await?;
    policy::may_organise(actor, &event)?;
    let session = store::session(&*write, id, session).await?;
    let hall = Hall::lock(&write, session.id).await?;
    let found = registrations::by_number(&*write, session.id, place).await?;
    let found =
        found.ok_or_else(|| Problem::invalid("place", "没有这个报名序号", "There is no such number"))?;
    confirm(app, write, actor, &hall, found.id, actor.staff_id()).await
}

async fn confirm(
    app: &App,
    write: Write,
    actor: &Actor,
    hall: &Hall,
    id: EventRegistrationId,
    noted_by: Option<StaffId>,
) -> Result<(), Problem> {
    let found = registrations::find(&*write, id).await?;
    let hearing = rows::of(&*write, hall.event.id).await?;
    if found.confirmed_record_at.is_some() {
        return write.commit().await;
    }
    if !may_confirm(&hearing, &found) {
        return Err(Problem::conflict(
            "没有可以确认的听证会记录：记录尚未公布，或者没有签到参加",
            "There is no record to confirm: it is not published, or the person did not take part",
        ));
    }
    let after = Registration { confirmed_record_at: Some(app.now()), signature_noted_by: noted_by, ..found };
    registrations::update(&write, &after).await?;
    let subject = audit::subject(SubjectKind::EventRegistration, id);
    let detail = json!({ "by_staff": after.signature_noted_by.is_some() });
    audit::record(app, &write, actor, "event.hearing_confirm", subject, detail).await?;
    write.commit().await
}
