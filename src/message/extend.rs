//! More time for a complex message (情况复杂): once, with a reason that its author reads, by the head of the
//! department that answers (国办发〔2014〕57号).

use chrono::NaiveDate;
use entity::enums::{DutyKind, DutyState, MessageKind, MessageState, SubjectKind};
use entity::message::Model;
use serde_json::json;

use super::decide::{LONGEST_NOTE, Note, check_note};
use super::policy::{may_extend, may_read};
use super::{answer_days, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::duty::{self, Term};
use crate::problem::Problem;
use crate::{audit, text};

/// Whether there is anything to extend: an answer is waited for, it was not extended before, and it is not an
/// error of the site, which is mended at once.
pub fn possible(message: &Model) -> bool {
    message.state == MessageState::Accepted
        && message.extended_at.is_none()
        && message.kind != MessageKind::SiteError
}

/// Extends; gives the new last day.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for who may not see it; `invalid`; `conflict` when it was
/// extended before, cannot be, or is overdue; the database's own.
pub async fn extend(app: &App, actor: &Actor, number: &str, reason: &str) -> Result<NaiveDate, Problem> {
    let staff = actor.require_staff()?;
    let (now, rules) = (app.now(), &app.config.rules);
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    if !may_extend(staff, &message) {
        return Err(if may_read(staff, &message) { Problem::forbidden() } else { Problem::not_found() });
    }
    let Note { note: reason } = check_note("extension", &Note { note: text::tidy(reason) }, LONGEST_NOTE)?;
    let duties = duty::of_subject(&*write, message.id.0).await?;
    let open = duties.iter().find(|d| d.kind == DutyKind::MessageAnswer && d.state == DutyState::Open);
    let Some(duty) = open.filter(|d| possible(&message) && app.today() <= d.due_on) else {
        return Err(Problem::conflict(
            "现在不能延期：已经延期一次、已经答复、已经逾期，或者是网站找错",
            "It cannot be extended now: it was before, is answered, is overdue, or is an error of the site",
        ));
    };
    let days = answer_days(rules, message.kind).saturating_add(rules.message_extension_working_days);
    let (kind, term) = (DutyKind::MessageAnswer, Term::WorkingDays(days));
    duty::restart(app, &write, actor, kind, message.id.0, duty.start_on, term, &reason).await?;
    let after =
        Model { extended_at: Some(now), extension_reason: reason, revision: message.revision + 1, ..message };
    store::update(&write, &after).await?;
    let due = duty::of_subject(&*write, after.id.0).await?.into_iter().find(|d| d.kind == kind);
    let due = due.map_or(duty.due_on, |d| d.due_on);
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.extend", subject, json!({ "due": due })).await?;
    tell::extended(app, &write, &after, due).await?;
    write.commit().await?;
    Ok(due)
}
