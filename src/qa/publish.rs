//! Announcing a session, calling it off, and what search and subscribers read of it.

use std::fmt::Write as _;

use entity::enums::{DutyKind, SubjectKind};
use entity::id::QaSessionId;
use entity::qa_session::Model;
use serde_json::json;

use super::content::several_lines;
use super::{Stage, jobs, policy, stage, store, tell, words};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::publication::{self, Release};
use crate::{audit, department, duty};

/// Characters of a reason.
pub const LONGEST_REASON: usize = 500;

/// Publishes a draft: people read of it, and ask from the moment it names.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` when it is published already or would begin in the past; the database's own.
pub async fn publish(app: &App, actor: &Actor, id: QaSessionId) -> Result<Model, Problem> {
    let write = app.write().await?;
    let draft = store::lock(&write, id).await?;
    let staff = policy::may_organise(actor, &draft)?;
    if draft.published_at.is_some() {
        return Err(Problem::conflict("已经发布", "It is published already"));
    }
    if draft.begins_at <= app.now() {
        return Err(Problem::conflict(
            "开始时间已过，请先修改",
            "It would begin in the past; change it first",
        ));
    }
    let session = Model {
        published_at: Some(app.now()),
        published_by: Some(staff.id),
        version: draft.version + 1,
        revision: draft.revision + 1,
        ..draft.clone()
    };
    store::update(&write, draft.revision, &session).await?;
    release(app, &write, actor, &session).await?;
    jobs::plan(app, &write, &session).await?;
    let subject = audit::subject(SubjectKind::QaSession, id);
    audit::record(app, &write, actor, "qa.publish", subject, json!({ "code": session.code })).await?;
    write.commit().await?;
    Ok(session)
}

/// Calls a session off. `reason` is published; who asked is told.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` for a draft, or one that is over or cancelled; the database's own.
pub async fn cancel(app: &App, actor: &Actor, id: QaSessionId, reason: &str) -> Result<Model, Problem> {
    let write = app.write().await?;
    let before = store::lock(&write, id).await?;
    policy::may_organise(actor, &before)?;
    let reason = several_lines("reason", reason, LONGEST_REASON)?;
    match stage(&before, app.now()) {
        Stage::Announced | Stage::Collecting | Stage::Live => {}
        Stage::Draft => {
            return Err(Problem::conflict("尚未发布，可以直接删除", "It is a draft; delete it instead"));
        }
        Stage::Ended => return Err(Problem::conflict("已经结束", "It is over")),
        Stage::Cancelled => return Err(Problem::conflict("已经取消", "It is cancelled already")),
    }
    let session = Model {
        cancelled_at: Some(app.now()),
        cancelled_reason: Some(reason),
        version: before.version + 1,
        revision: before.revision + 1,
        ..before.clone()
    };
    store::update(&write, before.revision, &session).await?;
    release(app, &write, actor, &session).await?;
    for question in store::question::open(&*write, id).await? {
        duty::cancel(app, &write, actor, DutyKind::QaAnswer, question.id.0).await?;
        tell::cancelled(app, &write, &session, &question).await?;
    }
    let subject = audit::subject(SubjectKind::QaSession, id);
    audit::record(app, &write, actor, "qa.cancel", subject, json!({ "code": session.code })).await?;
    write.commit().await?;
    Ok(session)
}

/// The session as the public reads it now, as a new version: the announcement, and after the end the transcript.
pub(super) async fn release(app: &App, write: &Write, actor: &Actor, session: &Model) -> Result<(), Problem> {
    let names = department::names(&**write).await?;
    let mut body = format!("{}\n{}", words::when(session).zh, session.theme);
    let guests = store::guests(&**write, session.id).await?;
    for guest in guests {
        let name = names.get(&guest.department_id).map_or("", String::as_str);
        let _ = write!(body, "\n参加单位：{name} {}", guest.person);
    }
    if let Some(reason) = &session.cancelled_reason {
        let _ = write!(body, "\n取消原因：{reason}");
    }
    // During the live part every answer would be a version of its own; the transcript follows at its end.
    if stage(session, app.now()) == Stage::Ended {
        for q in store::question::public(&**write, session.id).await? {
            let _ = write!(body, "\n问：{}", q.public_text.as_deref().unwrap_or_default());
            if let Some(answer) = &q.answer {
                let name = q.department_id.and_then(|d| names.get(&d)).map_or("", String::as_str);
                let _ = write!(body, "\n{name}答：{answer}");
            }
        }
    }
    let title = match session.cancelled_at {
        Some(_) => format!("{}（已取消）", session.title),
        None => session.title.clone(),
    };
    let release = Release {
        subject_kind: SubjectKind::QaSession,
        subject_id: session.id.0,
        column: publication::QA,
        title: &title,
        body: &body,
        path: &super::path(&session.code),
        source: names.get(&session.department_id).map_or("", String::as_str),
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}
