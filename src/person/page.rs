//! Pages of my data.

use entity::enums::{DataRight, SubjectKind};
use poem::http::{HeaderValue, header};
use poem::web::{Data, Path, Query};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use poem_openapi::types::ToJSON as _;
use uuid::Uuid;
use web::form::FormState;
use web::identity::{FIELD_CODE, FIELD_CONTACT, FIELD_SENT_TO, FIELD_STEP, FIELD_TICKET, Sent};
use web::lang::Lang;
use web::layout::Nav;
use web::path;
use web::person::{
    EnterWith, FIELD_ASK, FIELD_ASK_KIND, FIELD_CONFIRM, FIELD_TAKE_BACK, OwnView, ProofForm, RequestView,
    Row,
};

use super::api_types::OwnData;
use super::inquiry::{self, Inquiry};
use super::inquiry_page;
use super::provider_page::{Left, sign_out, with};
use super::words::{outcome_words, request_words, right_words};
use super::{All, Done, Person};
use crate::account::session::cookie_of;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::pages::Pages;
use crate::http::render::{self, page, secret, see_other};
use crate::http::visitor::{Visitor, cookie};
use crate::identity::{self, Asked, Proof, Use};
use crate::problem::{Code, Problem};
use crate::receipt::LookupCode;
use crate::{message, opinion, text};

pub fn add(pages: Pages) -> Pages {
    super::provider_page::add(super::desk_page::add(pages))
        .get(path::MY_DATA, show)
        .post(path::MY_DATA, do_enter)
        .post("/my-data/export", do_export)
        .post("/my-data/contact", do_correct)
        .post("/my-data/erase", do_erase)
        .post("/my-data/ask", do_ask)
        .post("/my-data/leave", do_leave)
        .get("/receipts/requests/:code", show_request)
}

fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-person" } else { "person" }
}

/// The secret in this browser's cookie; empty without one.
struct Secret(String);

impl<'a> FromRequest<'a> for Secret {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = request.data::<App>().ok_or_else(|| Problem::internal("no app"))?;
        Ok(Self(cookie(request, cookie_name(app)).unwrap_or_default().to_owned()))
    }
}

pub(super) fn with_cookie(app: &App, mut response: Response, secret: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(&cookie_of(app, cookie_name(app), secret)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

pub(super) fn private(response: Response) -> Response {
    let mut response = secret(response, true);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A contact and its code as the form shows it: after a code was sent, or as it came.
pub(super) fn proof_form(
    visitor: &Visitor,
    action: &str,
    form: Option<(&Form, &Problem)>,
    asked: Option<&Asked>,
) -> ProofForm {
    let mut state = form.map(|(form, p)| form.state(p, visitor.lang)).unwrap_or_default();
    let known = form.map(|(form, _)| (form.get(FIELD_TICKET).to_owned(), form.get(FIELD_SENT_TO).to_owned()));
    let (ticket, to) = match asked {
        Some(asked) => {
            state.errors.clear();
            state.values.remove(FIELD_CODE);
            (asked.ticket.clone(), asked.sent_to.clone())
        }
        None => known.unwrap_or_default(),
    };
    let sent = (!ticket.is_empty()).then(|| Sent { by_mail: to.contains('@'), to });
    ProofForm { action: action.to_owned().into(), csrf: visitor.csrf().to_owned(), state, ticket, sent }
}

fn proof(form: &Form) -> Proof {
    Proof { ticket: form.get(FIELD_TICKET).to_owned(), code: form.get(FIELD_CODE).to_owned() }
}

async fn who(app: &App, key: &Secret) -> Result<Option<Person>, Problem> {
    match super::session(app, &key.0).await {
        Ok(person) => Ok(Some(person)),
        Err(problem) if problem.code == Code::Unauthenticated => Ok(None),
        Err(problem) => Err(problem),
    }
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    key: Secret,
    Query(left): Query<Left>,
) -> poem::Result<Response> {
    let Some(person) = who(app, &key).await? else {
        let form = proof_form(&visitor, path::MY_DATA, None, None);
        let with = EnterWith { sign_out: sign_out(app, &visitor, &left.by).await, ..with(app, &visitor) };
        return Ok(private(page(web::person::enter(&visitor.frame(app, Nav::Lookup), &form, &with))));
    };
    let correct = proof_form(&visitor, "/my-data/contact", None, None);
    let view = own(app, &visitor, &person, correct, FormState::default()).await?;
    Ok(private(page(web::person::own(&visitor.frame(app, Nav::Lookup), &view))))
}

#[handler]
async fn do_enter(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let contact = form.get(FIELD_CONTACT);
    let frame = visitor.frame(app, Nav::Lookup);
    let with = with(app, &visitor);
    let again = |problem: Problem| {
        render::form_again(problem, |p| {
            let form = proof_form(&visitor, path::MY_DATA, Some((&form, p)), None);
            web::person::enter(&frame, &form, &with)
        })
        .map(private)
    };
    if form.get(FIELD_STEP) == "code" {
        return match identity::ask(app, &visitor.actor, Use::MyData, contact, visitor.lang_code()).await {
            Ok(asked) => {
                let nothing = Problem::new(Code::Invalid);
                let form = proof_form(&visitor, path::MY_DATA, Some((&form, &nothing)), Some(&asked));
                Ok(private(page(web::person::enter(&frame, &form, &with))))
            }
            Err(problem) => again(problem),
        };
    }
    match super::enter(app, &visitor.actor, contact, &proof(&form)).await {
        Ok((secret, _)) => Ok(with_cookie(app, see_other(path::MY_DATA), &secret)),
        Err(problem) => again(problem),
    }
}

/// Who comes too late begins anew.
pub(super) fn over() -> Response {
    see_other(path::MY_DATA)
}

#[handler]
async fn do_export(Data(app): Data<&App>, visitor: Visitor, key: Secret, _: Form) -> poem::Result<Response> {
    let Some(person) = who(app, &key).await? else { return Ok(over()) };
    let (all, _) = super::export(app, &visitor.actor, &person).await?;
    let file = OwnData::new(app, &person, &all).to_json_string();
    Ok(private(render::download("my-data.json", "application/json; charset=utf-8", file.into_bytes())))
}

#[handler]
async fn do_correct(
    Data(app): Data<&App>,
    visitor: Visitor,
    key: Secret,
    form: Form,
) -> poem::Result<Response> {
    let Some(person) = who(app, &key).await? else { return Ok(over()) };
    let contact = form.get(FIELD_CONTACT);
    let mut asked = None;
    let problem = if form.get(FIELD_STEP) == "code" {
        let about = Use::NewContact(&person.hash);
        match identity::ask(app, &visitor.actor, about, contact, visitor.lang_code()).await {
            Ok(sent) => {
                asked = Some(sent);
                Problem::new(Code::Invalid)
            }
            Err(problem) => problem,
        }
    } else {
        match super::correct(app, &visitor.actor, &person, contact, &proof(&form)).await {
            Ok(done) => return Ok(with_cookie(app, see_other(&receipt_path(&done)), "")),
            Err(problem) => problem,
        }
    };
    let correct = proof_form(&visitor, "/my-data/contact", Some((&form, &problem)), asked.as_ref());
    let view = own(app, &visitor, &person, correct, FormState::default()).await?;
    let markup = web::person::own(&visitor.frame(app, Nav::Lookup), &view);
    if asked.is_some() {
        return Ok(private(page(markup)));
    }
    render::form_again(problem, |_| markup).map(private)
}

#[handler]
async fn do_erase(
    Data(app): Data<&App>,
    visitor: Visitor,
    key: Secret,
    form: Form,
) -> poem::Result<Response> {
    let Some(person) = who(app, &key).await? else { return Ok(over()) };
    let answer = if form.is_checked(FIELD_CONFIRM) {
        super::erase(app, &visitor.actor, &person, form.is_checked(FIELD_TAKE_BACK)).await
    } else {
        let words = ("请确认您明白删除不能恢复", "Please confirm that this cannot be undone");
        Err(Problem::invalid(FIELD_CONFIRM, words.0, words.1))
    };
    let problem = match answer {
        Ok(done) => return Ok(with_cookie(app, see_other(&receipt_path(&done)), "")),
        Err(problem) => problem,
    };
    let correct = proof_form(&visitor, "/my-data/contact", None, None);
    let view = own(app, &visitor, &person, correct, form.state(&problem, visitor.lang)).await?;
    let frame = visitor.frame(app, Nav::Lookup);
    render::form_again(problem, |_| web::person::own(&frame, &view)).map(private)
}

#[handler]
async fn do_ask(Data(app): Data<&App>, visitor: Visitor, key: Secret, form: Form) -> poem::Result<Response> {
    let Some(person) = who(app, &key).await? else { return Ok(over()) };
    let input =
        Inquiry { kind: DataRight::parse(form.get(FIELD_ASK_KIND)), text: form.get(FIELD_ASK).to_owned() };
    let problem = match inquiry::ask(app, &visitor.actor, &person, &input, visitor.lang_code()).await {
        Ok((_, code)) => return Ok(see_other(&format!("{}/{}", path::DATA_REQUESTS, code.grouped()))),
        Err(problem) => problem,
    };
    let correct = proof_form(&visitor, "/my-data/contact", None, None);
    let mut view = own(app, &visitor, &person, correct, FormState::default()).await?;
    view.ask.state = form.state(&problem, visitor.lang);
    let frame = visitor.frame(app, Nav::Lookup);
    render::form_again(problem, |_| web::person::own(&frame, &view)).map(private)
}

#[handler]
async fn do_leave(Data(app): Data<&App>, key: Secret, _: Form) -> poem::Result<Response> {
    if let Some(person) = who(app, &key).await? {
        super::leave(app, &person).await?;
        if let Some(by) = &person.provider {
            return Ok(with_cookie(app, see_other(&format!("{}?by={by}", path::MY_DATA)), ""));
        }
    }
    Ok(with_cookie(app, see_other(path::MY_DATA), ""))
}

fn receipt_path(done: &Done) -> String {
    format!("{}/{}", path::DATA_REQUESTS, done.code.grouped())
}

#[handler]
async fn show_request(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    if let Some(opened) = inquiry::by_code(app, &visitor.actor.address, &code).await? {
        let code = LookupCode::of(&app.keys, SubjectKind::DataRequest, opened.inquiry.id.0).grouped();
        let view = inquiry_page::view(&visitor, &code, &opened);
        return Ok(secret(page(web::person::inquiry(&frame, &view)), false));
    }
    let done = super::request(app, &visitor.actor.address, &code).await?;
    let lang = visitor.lang;
    let view = RequestView {
        number: done.request.number.clone(),
        code: done.code.grouped(),
        kind: lang_words(lang, &request_words(done.request.kind)),
        at: civil::local_time(done.request.done_at),
        outcome: outcome(lang, &done),
    };
    Ok(secret(page(web::person::request(&frame, &view)), false))
}

fn outcome(lang: Lang, done: &Done) -> Vec<String> {
    let words = [
        ("opinions", "意见", "opinions"),
        ("messages", "留言", "messages"),
        ("registrations", "活动报名", "registrations"),
        ("opinions_erased", "意见，文字已删除", "opinions, their text erased"),
        ("opinions_taken_back", "其中撤回的意见", "of them taken back"),
        ("opinions_published", "已公开的意见，去名保留文字", "published opinions, kept without a name"),
        ("opinions_in_appeal", "申诉复核中的意见，保留文字", "opinions in appeal, their text kept"),
        ("messages_erased", "留言，文字已删除", "messages, their text erased"),
        ("messages_published", "已公开的留言，去名保留文字", "published messages, kept without a name"),
        ("messages_open", "尚未办结的留言，保留文字", "messages not answered yet, their text kept"),
        ("inquiries_erased", "已答复的个人信息请求，内容已删除", "answered requests about data, erased"),
        ("registrations_erased", "活动报名，姓名和联系方式已删除", "registrations, name and contact erased"),
        (
            "registrations_given_up",
            "其中尚未举行、名额已退回的报名",
            "of them for sessions to come, seats given back",
        ),
    ];
    let line = |(key, zh, en): (&str, &str, &str)| {
        let n = done.request.outcome[key].as_u64().filter(|n| *n > 0)?;
        Some(match lang {
            Lang::Zh => format!("{zh}：{n} 条"),
            Lang::En => format!("{n} {en}"),
        })
    };
    words.into_iter().filter_map(line).collect()
}

async fn own(
    app: &App,
    visitor: &Visitor,
    person: &Person,
    correct: ProofForm,
    erase: FormState,
) -> Result<OwnView, Problem> {
    let all = super::all(app, person).await?;
    Ok(OwnView {
        contact: text::mask_contact(&person.contact),
        until: civil::local_time(person.expires_at),
        rows: rows(app, visitor.lang, &all),
        csrf: visitor.csrf().to_owned(),
        correct,
        erase,
        ask: inquiry_page::form(app, visitor, FormState::default()),
    })
}

fn rows(app: &App, lang: Lang, all: &All) -> Vec<Row> {
    let href = |base: &str, kind: SubjectKind, id: Uuid| {
        format!("{base}/{}", LookupCode::of(&app.keys, kind, id).grouped()).into()
    };
    let opinions = all.opinions.iter().map(|own| Row {
        what: lang.t("意见", "Opinion").to_owned(),
        number: own.opinion.number.clone(),
        href: href(path::LOOKUP, SubjectKind::Opinion, own.opinion.id.0),
        about: own.consultation.title.clone(),
        state: lang_words(lang, &opinion::state_words(own.opinion.state)),
        at: civil::local_time(own.opinion.received_at),
    });
    let messages = all.messages.iter().map(|own| Row {
        what: lang.t("留言", "Message").to_owned(),
        number: own.message.number.clone(),
        href: href(path::MESSAGE_RECEIPTS, SubjectKind::Message, own.message.id.0),
        about: own.title.clone(),
        state: lang_words(lang, &message::words::state_words(own.message.state)),
        at: civil::local_time(own.message.received_at),
    });
    let registrations = all.registrations.iter().map(|own| Row {
        what: lang.t("活动报名", "Registration").to_owned(),
        number: own.number(),
        href: href(path::REGISTRATIONS, SubjectKind::EventRegistration, own.registration.id.0),
        about: own.event.title.clone(),
        state: match lang {
            Lang::Zh => format!("{} 人", own.registration.seats),
            Lang::En => format!("{} people", own.registration.seats),
        },
        at: civil::local_time(own.registration.registered_at),
    });
    let inquiries = all.inquiries.iter().map(|own| Row {
        what: lang.t("个人信息请求", "Request").to_owned(),
        number: own.inquiry.number.clone(),
        href: href(path::DATA_REQUESTS, SubjectKind::DataRequest, own.inquiry.id.0),
        about: lang_words(lang, &right_words(own.inquiry.kind)),
        state: lang_words(lang, &outcome_words(own.inquiry.granted)),
        at: civil::local_time(own.inquiry.received_at),
    });
    opinions.chain(messages).chain(registrations).chain(inquiries).collect()
}
