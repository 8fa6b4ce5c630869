//! The form of registering.

use entity::enums::{EventKind, SeatGroup, SeatMethod};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::event::register::{
    FIELD_AGREE, FIELD_CHILD, FIELD_CONTACT, FIELD_GROUP, FIELD_GUARDIAN, FIELD_KEY, FIELD_NAME,
    FIELD_NAME_PUBLIC, FIELD_SEATS, RegisterView, register as form_page,
};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::draw::draw_path;
use super::labels;
use crate::app::App;
use crate::event::register::{Register, asks_group, register};
use crate::event::share::Shares;
use crate::event::words::{moment, when};
use crate::event::{Window, path, store, window};
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

/// The published event and session of an address.
async fn target(app: &App, code: &str, number: &str) -> Result<(Event, Session), Problem> {
    let db = app.db.read();
    let event = store::by_code(db, code).await?;
    if event.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let session = store::session(db, event.id, number).await?;
    Ok((event, session))
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (event, session) = target(app, &code, &number).await?;
    let state = FormState::default().with(FIELD_SEATS, "1");
    let shares = Shares::load(app.db.read(), &session).await?;
    let view = view(app, &visitor, &event, (&session, &shares), state, app.rng.secret());
    Ok(render::page(form_page(&visitor.frame(app, Nav::Events), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let input = Register {
        event: code.clone(),
        session: number.parse().map_err(|_| Problem::not_found())?,
        name: form.get(FIELD_NAME).to_owned(),
        contact: form.get(FIELD_CONTACT).to_owned(),
        seats: form.get(FIELD_SEATS).parse().unwrap_or(0),
        group: SeatGroup::parse(form.get(FIELD_GROUP)),
        name_public: form.is_checked(FIELD_NAME_PUBLIC),
        guardian: form.is_checked(FIELD_CHILD).then(|| form.get(FIELD_GUARDIAN).to_owned()),
        consent: form.is_checked(FIELD_AGREE),
        idempotency_key: form.opt(FIELD_KEY),
        lang: visitor.lang_code(),
    };
    let problem = match register(app, &visitor.actor, &input).await {
        Ok(receipt) => {
            let path = format!("{}/{}", web::path::REGISTRATIONS, receipt.code.grouped());
            return Ok(render::done(&path, "registered"));
        }
        Err(problem) => problem,
    };
    let (event, session) = target(app, &code, &number).await?;
    let shares = Shares::load(app.db.read(), &session).await?;
    render::form_again(problem, |p| {
        let (p, key) = again(app, p, form.get(FIELD_KEY));
        let view = view(app, &visitor, &event, (&session, &shares), form.state(&p, visitor.lang), key);
        form_page(&visitor.frame(app, Nav::Events), &view)
    })
}

/// What goes wrong with the key, which nobody sees, belongs to the whole form; a key that was used up is replaced.
fn again(app: &App, problem: &Problem, key: &str) -> (Problem, String) {
    let mut shown = Problem { detail: problem.detail.clone(), ..Problem::new(problem.code) };
    shown.fields = problem.fields.clone();
    for field in &mut shown.fields {
        if field.field == "Idempotency-Key" {
            field.field = "".into();
        }
    }
    let fresh = key.is_empty()
        || problem.code == Code::KeyReused
        || problem.fields.iter().any(|f| f.field == "Idempotency-Key");
    if problem.code == Code::KeyReused {
        shown = shown.because(
            "用这个页面已经报过一次名。如果是另一个人报名，请再按一次提交",
            "Somebody has registered from this page already. For another person, press the button again",
        );
    }
    (shown, if fresh { app.rng.secret() } else { key.to_owned() })
}

fn view(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    (session, shares): (&Session, &Shares),
    state: FormState,
    key: String,
) -> RegisterView {
    let lang = visitor.lang;
    RegisterView {
        title: event.title.clone(),
        event: Href::new(path(&event.code)),
        session: session.number,
        when: lang_words(lang, &when(session)),
        place: session.place.clone(),
        conditions: event.conditions.clone(),
        free: session.capacity - session.taken,
        party_max: session.party_max,
        until: lang_words(lang, &moment(session.registration_closes_at)),
        action: Href::new(format!("{}/sessions/{}/register", path(&event.code), session.number)),
        csrf: visitor.csrf().to_owned(),
        idempotency_key: key,
        groups: if asks_group(event.kind, session) { labels::groups(lang, shares) } else { Vec::new() },
        quotas: labels::shares(lang, shares),
        draw: (session.method == SeatMethod::Draw).then(|| Href::new(draw_path(event, session))),
        asks_name_public: event.kind == EventKind::Hearing,
        state,
        erase_days: app.config.rules.event_erase_days,
        offer_hours: session.offer_hours,
        closed: closed(app, visitor, event, session),
    }
}

/// Why one cannot register now.
fn closed(app: &App, visitor: &Visitor, event: &Event, session: &Session) -> Option<String> {
    let t = |zh: &str, en: &str| visitor.lang.t(zh, en).to_owned();
    if event.cancelled_at.is_some() {
        return Some(t("活动已取消。", "The event is cancelled."));
    }
    match window(session, app.now()) {
        Window::Open => None,
        Window::NotYet => {
            let opens = lang_words(visitor.lang, &moment(session.registration_opens_at));
            Some(format!("{}{opens}", t("报名开始时间：", "Registration opens at ")))
        }
        Window::Closed => Some(t("本场次报名已经截止。", "Registration for this session is closed.")),
    }
}
