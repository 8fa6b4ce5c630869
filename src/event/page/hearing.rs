//! What pages show of a hearing, and the acts of its organiser and its participants.

use std::collections::BTreeMap;

use entity::enums::{EventKind, OpinionState, PersonKind};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::event::hearing::HearingDeskView;
use web::event::hearing::{HearingView, ParticipantRow, VoicesView};
use web::form::{Choice, FormState};
use web::link::Href;

use super::desk::{after, mine};
use crate::app::App;
use crate::calendar::civil;
use crate::event::hearing::{self, Delivery, Selection};
use crate::event::share::group_words;
use crate::event::store::{hearing as rows, registration};
use crate::event::voice::{self, Voice};
use crate::event::{Stage, record, stage};
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::opinion;
use crate::opinion::words::kind_label;
use crate::problem::Problem;

/// What the public reads of a hearing.
pub async fn public(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    sessions: &[Session],
) -> Result<HearingView, Problem> {
    let db = app.db.read();
    let voices = voices(app, event).await?;
    if event.kind != EventKind::Hearing {
        return Ok(HearingView { voices, ..HearingView::default() });
    }
    let row = rows::of(db, event.id).await?;
    let participants = hearing::participants(&row)?.into_iter().map(|p| ParticipantRow {
        number: p.number,
        name: p.name,
        group: p.group.map(|g| lang_words(visitor.lang, &group_words(g))),
        seats: p.seats,
    });
    Ok(HearingView {
        participants: participants.collect(),
        participants_at: row.participants_at.map(civil::local_time),
        materials_due: hearing::materials_due(sessions),
        delivered_on: row.delivered_on,
        confirmed: registration::confirmations(db, event.id).await?,
        rules: row.selection_rules,
        record: row.record,
        voices,
    })
}

async fn voices(app: &App, event: &Event) -> Result<Option<VoicesView>, Problem> {
    let db = app.db.read();
    let ids = rows::voices(db, event.id).await?;
    let Some(code) = voice::target(db, event).await?.filter(|_| !ids.is_empty()) else { return Ok(None) };
    let mut numbers = Vec::new();
    for id in &ids {
        let found = opinion::find(db, *id).await?;
        if found.state == OpinionState::Published {
            numbers.push(found.number);
        }
    }
    Ok(Some(VoicesView {
        count: ids.len(),
        numbers,
        consultation: Href::new(format!("/consultations/{code}")),
    }))
}

/// What its organiser sees of a hearing; none for other events.
pub async fn desk(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    sessions: &[Session],
) -> Result<Option<HearingDeskView>, Problem> {
    if event.kind != EventKind::Hearing {
        return Ok(None);
    }
    let db = app.db.read();
    let row = rows::of(db, event.id).await?;
    let at = stage(event, sessions, app.now());
    let has_begun = sessions.iter().any(|s| s.begins_at <= app.now());
    Ok(Some(HearingDeskView {
        code: event.code.clone(),
        csrf: visitor.csrf().to_owned(),
        may_select: at == Stage::Draft,
        may_list: at == Stage::Announced && !has_begun,
        listed: hearing::participants(&row)?.len(),
        due: hearing::materials_due(sessions).filter(|_| at != Stage::Draft),
        delivered: row.delivered_on.map(|on| (on, row.delivered_how.clone().unwrap_or_default())),
        may_deliver: matches!(at, Stage::Announced | Stage::Held),
        may_record: at == Stage::Held,
        has_record: row.record.is_some(),
        confirmed: registration::confirmations(db, event.id).await?,
        rules: row.selection_rules,
    }))
}

/// Kinds of speakers and how many opinions were entered, where what was said can be entered now.
pub async fn may_voice(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    sessions: &[Session],
) -> Result<Option<(Vec<Choice>, usize)>, Problem> {
    let has_begun = sessions.iter().any(|s| s.begins_at <= app.now());
    let live = event.published_at.is_some() && event.cancelled_at.is_none();
    if !has_begun || !live || voice::channel(event.kind).is_none() {
        return Ok(None);
    }
    let db = app.db.read();
    if voice::target(db, event).await?.is_none() {
        return Ok(None);
    }
    let kind = |k: &PersonKind| Choice::new(k.as_str(), kind_label(*k).word(visitor.lang));
    let entered = rows::voices(db, event.id).await?.len();
    Ok(Some((PersonKind::ALL.iter().map(kind).collect(), entered)))
}

/// What the forms of a hearing show before anything is typed.
pub async fn filled(app: &App, event: &Event, state: FormState) -> Result<FormState, Problem> {
    if event.kind != EventKind::Hearing {
        return Ok(state);
    }
    let row = rows::of(app.db.read(), event.id).await?;
    let state = state
        .with("rules", row.selection_rules)
        .with("delivered_on", row.delivered_on.unwrap_or_else(|| app.today()).to_string())
        .with("how", row.delivered_how.unwrap_or_default())
        .with("record", row.record.unwrap_or_default());
    Ok(if row.selects { state.with("selects", "yes") } else { state })
}

#[handler]
pub async fn select(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let input = Selection { selects: form.is_checked("selects"), rules: form.get("rules").to_owned() };
    let result = hearing::set_selection(app, &visitor.actor, event.id, &input).await;
    after(app, &visitor, &event, &form, result, "saved").await
}

#[handler]
pub async fn list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = hearing::publish_participants(app, &visitor.actor, event.id).await;
    after(app, &visitor, &event, &form, result, "published").await
}

#[handler]
pub async fn deliver(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = match form.parse("delivered_on", civil::parse_date) {
        Ok(on) => {
            let input = Delivery { on, how: form.get("how").to_owned() };
            hearing::record_delivery(app, &visitor.actor, event.id, &input).await
        }
        Err(problem) => Err(problem),
    };
    after(app, &visitor, &event, &form, result, "saved").await
}

#[handler]
pub async fn record_one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = record::publish_record(app, &visitor.actor, event.id, form.get("record")).await;
    after(app, &visitor, &event, &form, result, "published").await
}

#[handler]
pub async fn sign(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let number = |v: &str| v.parse::<i32>().ok();
    let result = match (form.parse("session", number), form.parse("place", number)) {
        (Ok(session), Ok(place)) => {
            record::note_signature(app, &visitor.actor, event.id, session, place).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    after(app, &visitor, &event, &form, result, "saved").await
}

#[handler]
pub async fn voice_one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let typed =
        (form.parse("person_kind", PersonKind::parse), form.parse_opt("received_on", civil::parse_date));
    let result = match typed {
        (Ok(person_kind), Ok(on)) => {
            let (text, name) = (form.get("voice").to_owned(), form.get("speaker").to_owned());
            voice::voice(app, &visitor.actor, event.id, &Voice { text, name, person_kind, on }).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match result {
        // The slip to hand over.
        Ok(receipt) => Ok(render::see_other(&format!("/receipts/{}?new=1", receipt.code.grouped()))),
        Err(mut problem) => {
            let shown = BTreeMap::from([("text", "voice"), ("name", "speaker")]);
            for field in &mut problem.fields {
                if let Some(name) = shown.get(field.field.as_ref()) {
                    field.field = (*name).into();
                }
            }
            after(app, &visitor, &event, &form, Err::<(), _>(problem), "saved").await
        }
    }
}
