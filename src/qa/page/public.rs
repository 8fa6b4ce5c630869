//! What everybody reads: the list, one session, and the news of it as they happen.

use std::collections::HashMap;
use std::time::Duration;

use entity::id::DepartmentId;
use entity::qa_question::Model as Question;
use futures_util::StreamExt as _;
use poem::http::{HeaderName, HeaderValue, header};
use poem::web::sse::{Event, SSE};
use poem::web::{Data, Path, Query};
use poem::{IntoResponse as _, Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::layout::Nav;
use web::link::Href;
use web::path::QA;
use web::qa::{GuestView, QaCard, QaListView, QaView, QuestionView};

use super::stage_label;
use crate::app::App;
use crate::calendar::civil;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, pager, render};
use crate::opinion::page_words::spans;
use crate::qa::read::{self, Card, Shown};
use crate::qa::words::{moment, when};
use crate::qa::{Live, live as pulse, path};
use crate::{department, publication};
use entity::enums::SubjectKind;

const PAGE: u64 = 20;
/// Seconds between two readings of a page that is read anew by itself.
const RENEW: u32 = 30;
/// A connection on which nothing is said would be cut by what lies between.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Milliseconds after which a browser comes again that was cut off.
const AGAIN: u64 = 3000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
    renew: String,
}

#[handler]
pub async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let names = department::names(app.db.read()).await?;
    let here = pager::number(&asked.page);
    let mut past = read::over(app, PAGE + 1, (here - 1) * PAGE).await?;
    let more = past.len() as u64 > PAGE;
    past.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let to = |n: u64| Href::new(format!("{QA}?page={n}#past"));
    let view = QaListView {
        to_come: read::to_come(app).await?.iter().map(|c| card(c, &names)).collect(),
        past: past.iter().map(|c| card(c, &names)).collect(),
        pager: Pager {
            previous: (here > 1).then(|| to(here - 1)),
            next: more.then(|| to(here + 1)),
            note: String::new(),
        },
    };
    Ok(render::page(web::qa::list(&visitor.frame(app, Nav::Messages), &view)))
}

fn card(c: &Card, names: &HashMap<DepartmentId, String>) -> QaCard {
    QaCard {
        title: c.session.title.clone(),
        href: Href::new(path(&c.session.code)),
        state: stage_label(c.stage),
        department: names.get(&c.session.department_id).cloned().unwrap_or_default(),
        begins: civil::local_time(c.session.begins_at),
        received: c.counts.received(),
        answered: c.counts.answered,
    }
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let shown = read::shown(app, &code).await?;
    let latest = publication::latest(app.db.read(), SubjectKind::QaSession, shown.session.id.0).await?;
    let renews = asked.renew == RENEW.to_string() && shown.stage.takes_questions();
    let view = view(app, &visitor, &shown, renews);
    let frame = visitor.article(app, Nav::Messages, latest.as_ref());
    let mut response = render::page(web::qa::show(&frame, &view));
    if renews {
        // Wished for by the reader, who can stop it: nothing moves by itself otherwise.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from(RENEW));
    }
    Ok(response)
}

fn view(app: &App, visitor: &Visitor, s: &Shown, renews: bool) -> QaView {
    let (lang, session) = (visitor.lang, &s.session);
    let name = |id: &DepartmentId| s.names.get(id).cloned().unwrap_or_default();
    let (here, asks) = (path(&session.code), s.stage.takes_questions());
    let question = |q: &Question| QuestionView {
        number: q.number,
        revision: q.revision,
        name: q.public_name.clone().unwrap_or_default(),
        received: civil::local_time(q.received_at),
        text: spans(q.public_text.as_deref().unwrap_or_default()),
        department: q.department_id.as_ref().map(name).unwrap_or_default(),
        answer: q.answer.clone(),
        answered: q.answered_at.map(civil::local_time),
    };
    QaView {
        title: session.title.clone(),
        state: stage_label(s.stage),
        department: name(&session.department_id),
        theme: session.theme.clone(),
        when: lang_words(lang, &when(session)),
        opens: lang_words(lang, &moment(session.opens_at)),
        guests: s
            .guests
            .iter()
            .map(|g| GuestView { department: name(&g.department_id), person: g.person.clone() })
            .collect(),
        cancelled: session.cancelled_reason.clone(),
        published: session.published_at.map(civil::local_time),
        received: s.counts.received(),
        answered: s.counts.answered,
        open: s.counts.published,
        pending: s.counts.pending,
        days: app.config.rules.qa_answer_working_days.into(),
        questions: s.questions.iter().map(question).collect(),
        ask: asks.then(|| Href::new(format!("{here}/ask"))),
        live: asks.then(|| Href::new(format!("{here}/live"))),
        version: pulse::version_of(session, s.stage),
        renewing: asks.then(|| Href::new(format!("{here}?renew={RENEW}"))),
        renewed_every: renews.then_some(RENEW),
        here: Href::new(here),
    }
}

/// News of a session as server-sent events: each time something changed, the version it has now.
#[handler]
pub async fn live(
    Data(app): Data<&App>,
    Data(live): Data<&Live>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let versions = live.follow(app, &code, &visitor.actor.address).await?;
    let news = versions.map(|version| Event::message(version.clone()).id(version));
    let first = futures_util::stream::iter([Event::retry(AGAIN)]);
    let mut response = SSE::new(first.chain(news)).keep_alive(HEARTBEAT).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy in front must not wait until there is enough to pass on.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}
