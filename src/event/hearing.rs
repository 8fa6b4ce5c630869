//! What the law asks of a hearing (听证会), 重大行政决策程序暂行条例 (国令713) Art. 16 and 17:
//!
//! - draft and explanation, time and place are published in advance: it cannot be published without them;
//! - where participants are selected, the rules of selection (遴选办法) are published in advance, and so is the list
//!   of participants;
//! - the materials reach the participants 7 days before, counted in calendar days: a duty;
//! - the participants confirm the record (听证会记录) and sign it ([`super::record`]); what was said enters the
//!   consultation ([`super::voice`]).

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use entity::enums::{DutyKind, EventKind, RegistrationState, SeatGroup, SeatMethod, SubjectKind};
use entity::event::Model as Event;
use entity::event_hearing::Model as Hearing;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::EventId;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use validator::Validate;

use super::register::number;
use super::share::group_words;
use super::store::{self, hearing as rows, registration as registrations};
use super::{policy, publish};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::problem::{Code, Problem};
use crate::{audit, consultation, text};

/// The materials are there so many calendar days before (Art. 16(3)).
const DAYS_BEFORE: u64 = 7;

/// How participants are found.
#[derive(Clone, Debug, Default, Validate)]
pub struct Selection {
    /// Whether they are selected from those who register; else whoever has a seat takes part.
    pub selects: bool,
    /// 遴选办法
    #[validate(length(max = 5000), custom(function = text::several_lines))]
    pub rules: String,
}

/// That the materials reached the participants.
#[derive(Clone, Debug, Validate)]
pub struct Delivery {
    pub on: NaiveDate,
    /// By mail, by hand, by e-mail …
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    pub how: String,
}

/// Somebody in the published list of participants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// `E2026-003-1-0007`
    pub number: String,
    /// Masked unless the person agreed to be named.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<SeatGroup>,
    pub seats: i32,
}

/// Reads the list as it was published.
pub fn participants(hearing: &Hearing) -> Result<Vec<Participant>, Problem> {
    hearing
        .participants
        .as_deref()
        .map_or(Ok(Vec::new()), |list| serde_json::from_str(list).map_err(Problem::internal))
}

/// The last day on which the materials may arrive.
pub fn materials_due(sessions: &[Session]) -> Option<NaiveDate> {
    let first = sessions.iter().map(|s| s.begins_at).min()?;
    civil::local_date(first).checked_sub_days(Days::new(DAYS_BEFORE))
}

/// Whether seats are given otherwise than to whoever comes first: that, too, is a selection.
fn is_selected(hearing: &Hearing, sessions: &[Session]) -> bool {
    hearing.selects || sessions.iter().any(|s| s.by_group || s.method == SeatMethod::Draw)
}

/// What stands in the way of publishing a hearing, each with its source.
///
/// # Errors
/// The database's own.
pub async fn missing(
    db: &impl ConnectionTrait,
    event: &Event,
    sessions: &[Session],
    today: NaiveDate,
) -> Result<Vec<Problem>, Problem> {
    let mut missing = Vec::new();
    if event.kind != EventKind::Hearing {
        return Ok(missing);
    }
    match demand_texts(db, event).await {
        Err(problem) if problem.code == Code::AgainstRule => missing.push(problem),
        other => other?,
    }
    let hearing = rows::of(db, event.id).await?;
    if is_selected(&hearing, sessions) && hearing.selection_rules.is_empty() {
        missing.push(Problem::against_rule(
            "需要遴选听证会参加人（包括摇号、分组名额）的，应当提前公布遴选办法（重大行政决策程序暂行条例第16条第3款）",
            "Where participants are selected (by lot and by group too), the rules of selection are published in \
             advance (State Council Order 713, Art. 16(3))",
        ));
    }
    if materials_due(sessions).is_some_and(|due| due < today) {
        missing.push(too_soon());
    }
    Ok(missing)
}

fn too_soon() -> Problem {
    Problem::against_rule(
        "听证会材料应当于召开听证会7日前送达参加人（重大行政决策程序暂行条例第16条第3款），请把听证会安排在7日以后",
        "The materials reach the participants 7 days before the hearing (State Council Order 713, Art. 16(3)); \
         hold it at least 7 days from now",
    )
}

/// A published consultation of the decision has draft and explanation.
///
/// # Errors
/// `against_rule`; the database's own.
pub(super) async fn demand_texts(db: &impl ConnectionTrait, event: &Event) -> Result<(), Problem> {
    let known = match event.decision_id {
        Some(decision) => consultation::of_decision(db, decision).await?,
        None => Vec::new(),
    };
    for c in known.iter().filter(|c| c.published_at.is_some()) {
        if consultation::materials(db, c).await?.explanation.is_some() {
            return Ok(());
        }
    }
    Err(Problem::against_rule(
        "听证会应当提前公布决策草案及其说明（重大行政决策程序暂行条例第16条第2款）：请关联决策事项，并先发布其征求意见的草案和起草说明",
        "Draft and explanation are published before a hearing (State Council Order 713, Art. 16(2)): name the \
         decision, and publish its consultation with both first",
    ))
}

/// Opens the duty of delivering the materials, or moves it with the first session.
pub(super) async fn follow(
    app: &App,
    write: &Write,
    actor: &Actor,
    event: &Event,
    sessions: &[Session],
) -> Result<(), Problem> {
    let Some(due) = materials_due(sessions).filter(|_| event.kind == EventKind::Hearing) else {
        return Ok(());
    };
    let known = duty::of_subject(&**write, event.id.0).await?;
    if let Some(own) = known.iter().find(|d| d.kind == DutyKind::HearingMaterials) {
        if own.due_on == due {
            return Ok(());
        }
        let (kind, term) = (DutyKind::HearingMaterials, Term::Day(due));
        return duty::restart(app, write, actor, kind, event.id.0, own.start_on, term, "场次有变化").await;
    }
    let begin = Begin {
        kind: DutyKind::HearingMaterials,
        subject_kind: SubjectKind::Event,
        subject_id: event.id.0,
        title: event.title.clone(),
        path: format!("/desk/events/{}", event.code),
        department_id: event.department_id,
        owner_id: Some(event.created_by),
        start_on: app.today(),
        term: Term::Day(due),
    };
    duty::open(app, write, actor, begin).await?;
    Ok(())
}

/// A session of a published hearing is not moved to a day on which the materials could no longer be in time, and
/// its seats are not divided without rules of selection.
pub(super) async fn may_change(
    app: &App,
    write: &Write,
    event: &Event,
    session: &Session,
) -> Result<(), Problem> {
    if event.published_at.is_none() {
        return Ok(());
    }
    let with = std::slice::from_ref(session);
    missing(&**write, event, with, app.today()).await?.into_iter().next().map_or(Ok(()), Err)
}

/// What the published text of a hearing says beside that of every event.
pub(super) async fn lines(db: &impl ConnectionTrait, event: &Event) -> Result<Vec<String>, Problem> {
    if event.kind != EventKind::Hearing {
        return Ok(Vec::new());
    }
    let hearing = rows::of(db, event.id).await?;
    let mut lines = Vec::new();
    if !hearing.selection_rules.is_empty() {
        lines.push(format!("遴选办法：{}", hearing.selection_rules));
    }
    let mut list = String::new();
    for p in participants(&hearing)? {
        let group = p.group.map_or_else(String::new, |g| format!("（{}）", group_words(g).zh));
        let _ = write!(list, "{} {}{group}；", p.number, p.name);
    }
    if !list.is_empty() {
        lines.push(format!("听证会参加人：{list}"));
    }
    if let Some(record) = &hearing.record {
        lines.push(format!("听证会记录：{record}"));
    }
    Ok(lines)
}

/// The hearing under the lock of its event.
pub(super) async fn locked(write: &Write, actor: &Actor, id: EventId) -> Result<(Event, Hearing), Problem> {
    let event = store::lock(write, id).await?;
    policy::may_organise(actor, &event)?;
    if event.kind != EventKind::Hearing {
        return Err(Problem::conflict("本活动不是听证会", "This event is no hearing"));
    }
    if event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    Ok((event, rows::of(&**write, id).await?))
}

pub(super) async fn keep(
    app: &App,
    write: Write,
    actor: &Actor,
    event: &Event,
    hearing: &Hearing,
    (action, detail): (&'static str, Value),
) -> Result<(), Problem> {
    rows::put(&write, hearing).await?;
    if event.published_at.is_some() {
        publish::release(app, &write, actor, event).await?;
    }
    audit::record(app, &write, actor, action, audit::subject(SubjectKind::Event, event.id), detail).await?;
    write.commit().await
}

/// Says how participants are found. What is published stays: the rules hold for who registered by them.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` once published; the database's own.
pub async fn set_selection(app: &App, actor: &Actor, id: EventId, input: &Selection) -> Result<(), Problem> {
    let input = Selection { rules: text::tidy(&input.rules), ..*input };
    input.validate()?;
    if input.selects && input.rules.is_empty() {
        return Err(Problem::invalid(
            "rules",
            "遴选参加人的，应当公布遴选办法（重大行政决策程序暂行条例第16条第3款）",
            "Selected participants need rules of selection (State Council Order 713, Art. 16(3))",
        ));
    }
    let write = app.write().await?;
    let (event, before) = locked(&write, actor, id).await?;
    if event.published_at.is_some() {
        return Err(Problem::conflict(
            "活动已经发布，遴选办法不能更改",
            "The event is published; its rules of selection stay",
        ));
    }
    let detail = json!({ "selects": input.selects });
    let after = Hearing { selects: input.selects, selection_rules: input.rules, ..before };
    keep(app, write, actor, &event, &after, ("event.hearing_selection", detail)).await
}

/// Publishes the list of participants, before the hearing: whoever has a seat.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` for a draft, once it began, or while nobody has a seat; the database's own.
pub async fn publish_participants(app: &App, actor: &Actor, id: EventId) -> Result<(), Problem> {
    let write = app.write().await?;
    let (event, before) = locked(&write, actor, id).await?;
    let sessions = store::sessions(&*write, id).await?;
    let begins = sessions.iter().map(|s| s.begins_at).min();
    if event.published_at.is_none() || begins.is_none_or(|at| at <= app.now()) {
        return Err(Problem::conflict(
            "参加人名单应当在发布之后、听证会开始之前公布",
            "The list is published after the notice and before the hearing begins",
        ));
    }
    let mut list = Vec::new();
    for session in &sessions {
        let seated = registrations::in_states(&*write, session.id, &[RegistrationState::Confirmed]).await?;
        list.extend(seated.iter().map(|r| participant(app, &event, session, r)));
    }
    if list.is_empty() {
        return Err(Problem::conflict("还没有人取得名额", "Nobody has a seat yet"));
    }
    let detail = json!({ "participants": list.len() });
    let text = serde_json::to_string(&list).map_err(Problem::internal)?;
    let after = Hearing { participants: Some(text), participants_at: Some(app.now()), ..before };
    keep(app, write, actor, &event, &after, ("event.hearing_participants", detail)).await
}

fn participant(app: &App, event: &Event, session: &Session, r: &Registration) -> Participant {
    let name = r.name_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed)).unwrap_or_default();
    Participant {
        number: number(&event.code, session.number, r.number),
        name: if r.name_public { name } else { text::mask_name(&name).into_owned() },
        group: r.seat_group,
        seats: r.seats,
    }
}

/// Records that the materials reached the participants, and with it fulfils the duty.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` for a day to come; `conflict` for a draft; the database's own.
pub async fn record_delivery(app: &App, actor: &Actor, id: EventId, input: &Delivery) -> Result<(), Problem> {
    let input = Delivery { how: text::tidy(&input.how), ..*input };
    input.validate()?;
    let write = app.write().await?;
    let (event, before) = locked(&write, actor, id).await?;
    let Some(published) = event.published_at.map(civil::local_date) else {
        return Err(Problem::conflict("活动尚未发布", "The event is not published"));
    };
    if input.on > app.today() || input.on < published {
        return Err(Problem::invalid(
            "delivered_on",
            "送达日期应在发布之后，且不晚于今天",
            "The day lies between the notice and today",
        ));
    }
    let detail = json!({ "on": input.on });
    duty::complete(app, &write, actor, DutyKind::HearingMaterials, id.0).await?;
    let after = Hearing {
        delivered_on: Some(input.on),
        delivered_how: Some(input.how),
        delivered_by: actor.staff_id(),
        ..before
    };
    keep(app, write, actor, &event, &after, ("event.hearing_materials", detail)).await
}
