//! Writing a session: before it is published, and its words, times and table afterwards.

use chrono::Datelike as _;
use entity::enums::SubjectKind;
use entity::id::{DepartmentId, QaSessionId};
use entity::qa_guest::Model as GuestRow;
use entity::qa_session::Model;
use serde_json::json;

use super::content::{Content, Guest};
use super::{Stage, jobs, policy, publish, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::{audit, department, sequence};

/// Creates the draft of a session.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid`; the database's own.
pub async fn create(app: &App, actor: &Actor, content: &Content) -> Result<Model, Problem> {
    let staff = actor.require_staff()?;
    if !policy::organises(staff, content.department_id) {
        return Err(Problem::forbidden());
    }
    let now = app.now();
    content.check(now)?;
    in_future(content, now)?;
    let write = app.write().await?;
    known(&write, &content.guests).await?;
    let year = app.today().year();
    let number = sequence::next(&write, &format!("qa:{year}")).await?;
    let row = Model {
        id: app.id(),
        code: format!("Q{year}-{number:03}"),
        department_id: content.department_id,
        title: content.title.clone(),
        theme: content.theme.clone(),
        opens_at: content.opens_at.unwrap_or(now),
        begins_at: content.begins_at,
        ends_at: content.ends_at,
        published_at: None,
        published_by: None,
        cancelled_at: None,
        cancelled_reason: None,
        transcript_at: None,
        issued: 0,
        version: 0,
        created_by: staff.id,
        created_at: now,
        revision: 1,
    };
    store::insert(&write, &row).await?;
    store::seat(&write, row.id, &rows(app, row.id, &content.guests)).await?;
    let subject = audit::subject(SubjectKind::QaSession, row.id);
    audit::record(app, &write, actor, "qa.create", subject, json!({ "code": row.code })).await?;
    write.commit().await?;
    Ok(row)
}

/// Changes a session. `revision` is the one the writer saw. What is published appears anew, and its department stays;
/// once it has begun its times stay as well, but for an end that may be put off.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` for one that is over or cancelled, or where a department that has
/// questions would leave the table; `stale`; the database's own.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: QaSessionId,
    revision: Option<i32>,
    content: &Content,
) -> Result<Model, Problem> {
    let now = app.now();
    let write = app.write().await?;
    let before = store::lock(&write, id).await?;
    let staff = policy::may_organise(actor, &before)?;
    content.check(now)?;
    if !policy::organises(staff, content.department_id) {
        return Err(Problem::forbidden());
    }
    if revision.is_some_and(|seen| seen != before.revision) {
        return Err(Problem::new(Code::Stale));
    }
    let at = stage(&before, now);
    allowed(&before, at, content)?;
    if !matches!(at, Stage::Live) {
        in_future(content, now)?;
    } else if content.ends_at <= now {
        return Err(Problem::invalid("ends_at", "结束时间已过", "The end lies in the past"));
    }
    known(&write, &content.guests).await?;
    stay(&write, id, &content.guests).await?;
    let after = Model {
        department_id: content.department_id,
        title: content.title.clone(),
        theme: content.theme.clone(),
        opens_at: content.opens_at.unwrap_or(before.opens_at),
        begins_at: content.begins_at,
        ends_at: content.ends_at,
        version: before.version + 1,
        revision: before.revision + 1,
        ..before.clone()
    };
    store::update(&write, before.revision, &after).await?;
    store::seat(&write, id, &rows(app, id, &content.guests)).await?;
    if after.published_at.is_some() {
        publish::release(app, &write, actor, &after).await?;
        jobs::plan(app, &write, &after).await?;
    }
    let subject = audit::subject(SubjectKind::QaSession, id);
    audit::record(app, &write, actor, "qa.edit", subject, json!({ "revision": after.revision })).await?;
    write.commit().await?;
    Ok(after)
}

/// Throws a draft away; its number is not used again.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` once published; the database's own.
pub async fn discard(app: &App, actor: &Actor, id: QaSessionId) -> Result<(), Problem> {
    let write = app.write().await?;
    let session = store::lock(&write, id).await?;
    policy::may_organise(actor, &session)?;
    if session.published_at.is_some() {
        return Err(Problem::conflict(
            "已经发布，不能删除；可以取消并说明原因",
            "It is published and cannot be deleted; it can be cancelled with a reason",
        ));
    }
    store::delete(&write, id).await?;
    let subject = audit::subject(SubjectKind::QaSession, id);
    audit::record(app, &write, actor, "qa.discard", subject, json!({ "code": session.code })).await?;
    write.commit().await
}

/// A session that has not begun begins in the future.
pub(super) fn in_future(content: &Content, now: chrono::DateTime<chrono::Utc>) -> Result<(), Problem> {
    if content.begins_at > now {
        return Ok(());
    }
    Err(Problem::invalid("begins_at", "开始时间应当在将来", "It must begin in the future"))
}

fn allowed(before: &Model, at: Stage, content: &Content) -> Result<(), Problem> {
    match at {
        Stage::Cancelled => {
            return Err(Problem::conflict("已取消，不能修改", "It is cancelled and cannot be changed"));
        }
        Stage::Ended => {
            return Err(Problem::conflict("已结束，不能修改", "It is over and cannot be changed"));
        }
        Stage::Live if content.begins_at != before.begins_at => {
            return Err(Problem::conflict("已经开始，开始时间不能更改", "It has begun; its beginning stays"));
        }
        _ => {}
    }
    if before.published_at.is_some() && content.department_id != before.department_id {
        return Err(Problem::conflict(
            "已经发布，主办单位不能更改",
            "It is published; its department cannot be changed",
        ));
    }
    Ok(())
}

async fn known(write: &Write, guests: &[Guest]) -> Result<(), Problem> {
    let all = department::all(&**write).await?;
    if guests.iter().all(|g| all.iter().any(|d| d.id == g.department_id)) {
        return Ok(());
    }
    Err(Problem::invalid("guests", "没有这个单位", "There is no such department"))
}

/// A department that was given questions stays at the table.
async fn stay(write: &Write, id: QaSessionId, guests: &[Guest]) -> Result<(), Problem> {
    let given: Vec<DepartmentId> =
        store::question::public(&**write, id).await?.into_iter().filter_map(|q| q.department_id).collect();
    if given.iter().all(|d| guests.iter().any(|g| g.department_id == *d)) {
        return Ok(());
    }
    Err(Problem::invalid(
        "guests",
        "已经分到问题的单位不能去掉；请先把问题改由其他单位答复",
        "A department with questions must stay; give its questions to another one first",
    ))
}

fn rows(app: &App, session: QaSessionId, guests: &[Guest]) -> Vec<GuestRow> {
    let one = |(position, guest): (i32, &Guest)| GuestRow {
        id: app.id(),
        session_id: session,
        position,
        department_id: guest.department_id,
        person: guest.person.clone(),
    };
    (1..).zip(guests).map(one).collect()
}
