//! What happens by itself when a session ends: the transcript is published, and every question that is open becomes
//! a duty of its department; what waits for review is the duty of who holds the session until it is given on. Some
//! days later names and contacts are erased.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{DutyKind, QuestionState, SubjectKind};
use entity::id::QaSessionId;
use entity::qa_question::Model as Question;
use entity::qa_session::Model;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Stage, publish, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::job;
use crate::notice;
use crate::problem::Problem;

/// A session ends.
pub const END_JOB: &str = "qa.end";
/// Names and contacts of who asked are erased.
pub const ERASE_JOB: &str = "qa.erase";

#[derive(Deserialize)]
struct End {
    session: QaSessionId,
}

/// Plans the end by the times as they are now; an end that is put off has a plan of its own.
pub(super) async fn plan(app: &App, write: &Write, session: &Model) -> Result<(), Problem> {
    let at = session.ends_at;
    let key = format!("{END_JOB}:{}:{}", session.id, at.timestamp());
    job::enqueue(app, write, END_JOB, &key, json!({ "session": session.id }), at).await?;
    // Also for a session that is called off and never ends.
    plan_erasure(app, write, session, at).await
}

/// Ends a session, once. It may run twice; the truth is read again.
///
/// # Errors
/// The database's own.
pub async fn end(app: &App, payload: &Value) -> Result<(), Problem> {
    let what: End = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let (write, actor) = (app.write().await?, Actor::system());
    let session = store::lock(&write, what.session).await?;
    if session.transcript_at.is_some() || stage(&session, app.now()) != Stage::Ended {
        write.unseen();
        return write.commit().await;
    }
    let open = store::question::open(&*write, session.id).await?;
    for question in &open {
        duty::open(app, &write, &actor, begin(app, &session, question)).await?;
    }
    let after = Model {
        transcript_at: Some(app.now()),
        version: session.version + 1,
        revision: session.revision + 1,
        ..session.clone()
    };
    store::update(&write, session.revision, &after).await?;
    publish::release(app, &write, &actor, &after).await?;
    let subject = audit::subject(SubjectKind::QaSession, session.id);
    let detail = json!({ "code": session.code, "questions": session.issued, "open": open.len() });
    audit::record(app, &write, &actor, "qa.end", subject, detail).await?;
    write.commit().await
}

/// Plans the erasure: so many days after a moment as with the visitors of an event.
async fn plan_erasure(app: &App, write: &Write, session: &Model, from: DateTime<Utc>) -> Result<(), Problem> {
    let days = TimeDelta::days(app.config.rules.event_erase_days.into());
    let Some(at) = from.checked_add_signed(days) else { return Ok(()) };
    let key = format!("{ERASE_JOB}:{}:{}", session.id, at.timestamp());
    job::enqueue(app, write, ERASE_JOB, &key, json!({ "session": session.id }), at).await
}

/// Erases names and contacts of those whose questions are settled, also in the mails that were sent; what is public
/// stays. Whoever still waits for an answer is told of it first: for them it comes again.
///
/// # Errors
/// The database's own.
pub async fn erase(app: &App, payload: &Value) -> Result<(), Problem> {
    let what: End = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let write = app.write().await?;
    write.unseen();
    let session = store::lock(&write, what.session).await?;
    // An end that was put off has a plan of its own.
    if session.ends_at + TimeDelta::days(app.config.rules.event_erase_days.into()) > app.now() {
        return write.commit().await;
    }
    let settled = [QuestionState::Answered, QuestionState::Rejected];
    let open = store::question::open(&*write, session.id).await?;
    let states: &[QuestionState] = if session.cancelled_at.is_some() { QuestionState::ALL } else { &settled };
    let ids = store::question::erase(&write, session.id, states).await?;
    notice::erase(&write, SubjectKind::QaQuestion, &ids).await?;
    if !open.is_empty() && session.cancelled_at.is_none() {
        plan_erasure(app, &write, &session, app.now()).await?;
    }
    let subject = audit::subject(SubjectKind::QaSession, session.id);
    let detail = json!({ "questions": ids.len() });
    audit::record(app, &write, &Actor::system(), "qa.erase", subject, detail).await?;
    write.commit().await
}

fn begin(app: &App, session: &Model, question: &Question) -> Begin {
    Begin {
        kind: DutyKind::QaAnswer,
        subject_kind: SubjectKind::QaQuestion,
        subject_id: question.id.0,
        title: format!("{} {}", super::number(&session.code, question.number), session.title),
        path: super::desk_path(&session.code, question.number),
        department_id: question.department_id.unwrap_or(session.department_id),
        owner_id: None,
        start_on: civil::local_date(session.ends_at),
        term: Term::WorkingDays(app.config.rules.qa_answer_working_days),
    }
}
