//! Publishing an event: from now on people may read of it and register.

use std::fmt::Write as _;

use entity::enums::{DutyKind, EventKind, SubjectKind};
use entity::event::Model;
use entity::event_session::Model as Session;
use entity::id::EventId;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{draw, hearing, jobs, policy, store, words};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::problem::Problem;
use crate::publication::{self, Release};
use crate::{audit, decision, department};

/// Publishes a draft.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` when it is published, has no session, or one that has begun;
/// `against_rule` for an opened meeting without its matter, and a hearing without what [`super::hearing`] asks; the database's own.
pub async fn publish(app: &App, actor: &Actor, id: EventId) -> Result<Model, Problem> {
    let write = app.write().await?;
    let draft = store::lock(&write, id).await?;
    policy::may_organise(actor, &draft)?;
    if draft.published_at.is_some() {
        return Err(Problem::conflict("活动已经发布", "The event is published already"));
    }
    let sessions = store::sessions(&*write, id).await?;
    if sessions.is_empty() {
        return Err(Problem::conflict("请先添加场次", "Add a session first"));
    }
    if sessions.iter().any(|s| s.begins_at <= app.now()) {
        return Err(Problem::conflict(
            "有场次的时间已过，请先修改",
            "A session lies in the past; change it first",
        ));
    }
    demand_decision(&*write, &draft).await?;
    if let Some(problem) = hearing::missing(&*write, &draft, &sessions, app.today()).await?.into_iter().next()
    {
        return Err(problem);
    }
    let event = Model {
        published_at: Some(app.now()),
        published_by: actor.staff_id(),
        revision: draft.revision + 1,
        ..draft.clone()
    };
    store::update(&write, draft.revision, &event).await?;
    for session in &sessions {
        draw::commit_to(app, &write, session).await?;
    }
    release(app, &write, actor, &event).await?;
    for session in &sessions {
        jobs::plan_session(app, &write, session).await?;
        draw::plan(app, &write, session).await?;
    }
    jobs::plan_erasure(app, &write, id, &sessions).await?;
    open_duty(app, &write, actor, &event, &sessions).await?;
    hearing::follow(app, &write, actor, &event, &sessions).await?;
    let subject = audit::subject(SubjectKind::Event, id);
    let detail = json!({ "code": event.code, "sessions": sessions.len() });
    audit::record(app, &write, actor, "event.publish", subject, detail).await?;
    write.commit().await?;
    Ok(event)
}

/// A published event tells of its decision, so that one must be public; and a meeting is opened for a matter of
/// the catalogue (annual plan of open government, table II-6).
pub(super) async fn demand_decision(db: &impl ConnectionTrait, event: &Model) -> Result<(), Problem> {
    let Some(id) = event.decision_id else {
        if event.kind == EventKind::Meeting {
            return Err(Problem::against_rule(
                "会议开放应当对应一项决策目录事项（政务公开工作要点表二第6项），请填写关联的决策事项",
                "A meeting is opened for a matter of the catalogue (annual plan, table II-6); name the decision",
            ));
        }
        if event.kind == EventKind::Hearing {
            hearing::demand_texts(db, event).await?;
        }
        return Ok(());
    };
    if decision::find(db, id).await?.published_at.is_none() {
        return Err(Problem::conflict(
            "关联的决策事项尚未公开，请先公布目录",
            "The decision is not public yet; publish its catalogue first",
        ));
    }
    if event.kind == EventKind::Hearing {
        hearing::demand_texts(db, event).await?;
    }
    Ok(())
}

/// The event as the public reads it now, as a new version.
pub(super) async fn release(app: &App, write: &Write, actor: &Actor, event: &Model) -> Result<(), Problem> {
    let sessions = store::sessions(&**write, event.id).await?;
    let mut more = String::new();
    let lines = [draw::lines(&**write, &sessions).await?, hearing::lines(&**write, event).await?];
    for line in lines.concat() {
        let _ = write!(more, "\n{line}");
    }
    let source = department::find(&**write, event.department_id).await?.name;
    let title = if event.cancelled_at.is_some() {
        format!("{}（已取消）", event.title)
    } else {
        event.title.clone()
    };
    let release = Release {
        subject_kind: SubjectKind::Event,
        subject_id: event.id.0,
        column: publication::EVENTS,
        title: &title,
        body: &format!("{}{}", body(event, &sessions), more),
        path: &super::path(&event.code),
        source: &source,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}

/// The whole text, a line a passage.
fn body(event: &Model, sessions: &[Session]) -> String {
    let mut text = format!("{}\n{}", words::kind_words(event.kind).zh, event.summary);
    let mut add = |label: &str, words: &str| {
        if !words.is_empty() {
            let _ = write!(text, "\n{label}：{words}");
        }
    };
    add("参加条件", &event.conditions);
    for session in sessions {
        add(&format!("第{}场", session.number), &format!("{} {}", words::when(session).zh, session.place));
    }
    add("无障碍信息", &event.accessibility);
    add("取消原因", event.cancelled_reason.as_deref().unwrap_or_default());
    add("活动情况", event.report.as_deref().unwrap_or_default());
    add("列席人员意见", event.said.as_deref().unwrap_or_default());
    add("审议结果", event.outcome.as_deref().unwrap_or_default());
    text
}

async fn open_duty(
    app: &App,
    write: &Write,
    actor: &Actor,
    event: &Model,
    sessions: &[Session],
) -> Result<(), Problem> {
    let last = super::ends_at(sessions).map_or_else(|| app.today(), civil::local_date);
    let begin = Begin {
        kind: DutyKind::EventReport,
        subject_kind: SubjectKind::Event,
        subject_id: event.id.0,
        title: event.title.clone(),
        path: format!("/desk/events/{}", event.code),
        department_id: event.department_id,
        owner_id: Some(event.created_by),
        start_on: last,
        term: Term::WorkingDays(app.config.rules.event_report_working_days),
    };
    duty::open(app, write, actor, begin).await?;
    Ok(())
}
