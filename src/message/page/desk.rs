//! The desk: the trays, one message, and each act on it.

use entity::enums::{MessageReason, MessageState, Role};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Tab;
use web::desk::message as view;
use web::desk::message::{Acts, CaseView, TrayItem, TrayView};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::path;

use super::board::beginning;
use super::receipt::label;
use crate::actor::Staff;
use crate::app::App;
use crate::calendar::civil;
use crate::http::duty_view::due;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words, pager, render};
use crate::message::answer::{Answer, LONGEST_ANSWER, answer as give_answer};
use crate::message::decide::{Decision, LONGEST_NOTE, Note, decide, route as pass_on};
use crate::message::list::{self, Case, Item, Tray};
use crate::message::publish::{Public, publish as lay_open, take_down as take_from_board};
use crate::message::words::{kind_words, reason_words, satisfaction_words};
use crate::message::{extend as extension, follow_up as further, policy};
use crate::moderation::advice;
use crate::moderation::page::{noticed, pieces};
use crate::problem::Problem;

const PAGE: u64 = 30;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tray: String,
    page: String,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let sees_intake = staff.has(Role::Moderator) || staff.has(Role::Supervisor);
    let first = if sees_intake { Tray::Intake } else { Tray::Answer };
    let tray = Tray::parse(&asked.tray).unwrap_or(first);
    let here = pager::number(&asked.page);
    let page = list::queue(app, &visitor.actor, tray, PAGE, (here - 1) * PAGE).await?;
    let mut trays = Vec::new();
    for t in Tray::ALL.into_iter().filter(|t| sees_intake || *t != Tray::Intake) {
        let all = list::queue(app, &visitor.actor, t, 0, 0).await?.all;
        let href = format!("{}?tray={}", path::DESK_MESSAGES, t.as_str());
        trays.push(Tab::new(tray_label(visitor.lang, t), href).count(all).current_if(t == tray));
    }
    let view = TrayView {
        side: desk::side(app, &visitor, path::DESK_MESSAGES).await?,
        trays,
        items: page.items.iter().map(|i| item(app, visitor.lang, i, &page)).collect(),
        pager: pager::pager(&visitor, here, page.all, PAGE),
        pages: policy::may_open_pages(staff).is_ok().then(|| path::DESK_MESSAGE_PAGES.into()),
    };
    Ok(render::page(view::trays(&visitor.frame(app, Nav::None), &view)))
}

fn tray_label(lang: Lang, tray: Tray) -> &'static str {
    match tray {
        Tray::Intake => lang.t("待受理", "To accept"),
        Tray::Answer => lang.t("待答复", "To answer"),
        Tray::FollowUp => lang.t("追问", "Further questions"),
        Tray::Answered => lang.t("已答复", "Answered"),
        Tray::Rejected => lang.t("不予受理", "Not accepted"),
    }
}

fn item(app: &App, lang: Lang, i: &Item, page: &list::Page) -> TrayItem {
    let m = &i.message;
    let department = m.department_id.or(m.addressed_to).and_then(|id| page.names.get(&id).cloned());
    TrayItem {
        number: m.number.clone(),
        href: format!("{}/{}", path::DESK_MESSAGES, m.number).into(),
        kind: lang_words(lang, &kind_words(m.kind)),
        state: label(m.state),
        due: i.duty.as_ref().and_then(|d| due(app, lang, d)),
        received: civil::local_time(m.received_at),
        title: i.opened.title.clone(),
        text: beginning(i.opened.follow_up.as_deref().unwrap_or(&i.opened.text)),
        department: department.unwrap_or_default(),
        page: m.page_id.and_then(|id| page.places.get(&id)).map(|p| p.title.clone()),
        extended: m.extended_at.is_some(),
    }
}

#[handler]
pub async fn case(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> poem::Result<Response> {
    let view = case_view(app, &visitor, &number, FormState::default()).await?;
    Ok(render::page(view::case(&visitor.frame(app, Nav::None), &view)))
}

async fn case_view(app: &App, visitor: &Visitor, number: &str, form: FormState) -> Result<CaseView, Problem> {
    let staff = visitor.actor.require_staff()?;
    let c = list::case(app, &visitor.actor, number).await?;
    let (lang, m) = (visitor.lang, &c.message);
    let name = |id: Option<entity::id::DepartmentId>| id.and_then(|id| c.names.get(&id).cloned());
    let acts = acts(app, visitor, staff, &c).await?;
    let kept = kept(&acts, &form);
    let all: Vec<_> = c.in_title.iter().chain(&c.in_text).cloned().collect();
    Ok(CaseView {
        side: desk::side(app, visitor, path::DESK_MESSAGES).await?,
        number: m.number.clone(),
        kind: lang_words(lang, &kind_words(m.kind)),
        state: label(m.state),
        due: c.open_duty().and_then(|d| due(app, lang, d)),
        title: pieces(lang, &c.opened.title, &c.in_title, usize::MAX),
        text: pieces(lang, &c.opened.text, &c.in_text, usize::MAX),
        findings: noticed(lang, &all),
        received: civil::local_time(m.received_at),
        page: c.place.as_ref().map(|p| (p.title.clone(), p.path.clone().into())),
        addressed_to: name(m.addressed_to),
        department: name(m.department_id),
        name_masked: c.name_masked.clone(),
        contact_masked: c.contact_masked.clone(),
        may_publish: m.may_publish,
        decided: m.decided_at.map(civil::local_time),
        reason: m.reason.map(|r| (lang_words(lang, &reason_words(r)), m.reason_note.clone())),
        extension: m.extended_at.map(|_| m.extension_reason.clone()),
        answer: c.opened.answer.clone(),
        answered: m.answered_at.map(civil::local_time),
        published: m.published_at.map(|_| format!("{}/{}", path::MESSAGES, m.number).into()),
        satisfaction: m.satisfaction.map(|s| lang_words(lang, &satisfaction_words(s))),
        follow_up: c.opened.follow_up.clone(),
        follow_up_answer: c.opened.follow_up_answer.clone(),
        form,
        kept,
        acts,
    })
}

/// What was typed for an act that went by meanwhile and has no form any more.
fn kept(acts: &Acts, typed: &FormState) -> Option<String> {
    let forms = [
        (view::FIELD_ANSWER, acts.answer),
        (view::FIELD_FOLLOW_UP, acts.follow_up),
        (view::FIELD_NOTE, acts.decide),
        (view::FIELD_EXTENSION, acts.extend.is_some()),
        (view::FIELD_TAKE_DOWN, acts.take_down),
    ];
    let lost = forms.into_iter().filter(|(_, there)| !there).map(|(field, _)| typed.value(field));
    lost.into_iter().find(|text| !text.is_empty()).map(str::to_owned)
}

/// What this person may do with it now.
async fn acts(app: &App, visitor: &Visitor, staff: &Staff, c: &Case) -> Result<Acts, Problem> {
    let (m, lang) = (&c.message, visitor.lang);
    let (moderates, answers) = (staff.has(Role::Moderator), policy::may_answer(staff, m));
    let answered = answers && m.state == MessageState::Answered;
    let in_time = c.open_duty().is_some_and(|d| app.today() <= d.due_on);
    let extends = policy::may_extend(staff, m) && extension::possible(m) && in_time;
    let reasons = MessageReason::ALL.iter();
    Ok(Acts {
        csrf: visitor.csrf().to_owned(),
        base: format!("{}/{}", path::DESK_MESSAGES, m.number),
        departments: super::departments(app, lang.t("请选择", "Choose")).await?,
        reasons: reasons.map(|r| Choice::new(r.as_str(), lang_words(lang, &reason_words(*r)))).collect(),
        decide: moderates && m.state == MessageState::Pending,
        route: moderates && m.state == MessageState::Accepted,
        extend: extends.then(|| app.config.rules.message_extension_working_days.into()),
        answer: answers && m.state == MessageState::Accepted,
        publish: answered && m.may_publish && m.published_at.is_none(),
        take_down: answered && m.published_at.is_some(),
        follow_up: answered && m.followed_up_at.is_some() && m.follow_up_answered_at.is_none(),
        suggested_title: advice::suggest(&c.opened.title, &c.in_title),
        suggested_text: advice::suggest(&c.opened.text, &c.in_text),
        longest_note: LONGEST_NOTE,
        longest_answer: LONGEST_ANSWER,
    })
}

/// On to the message, or the message again with what was typed.
async fn finish(
    app: &App,
    visitor: &Visitor,
    number: &str,
    form: &Form,
    done: Result<&'static str, Problem>,
) -> poem::Result<Response> {
    let problem = match done {
        Ok(word) => return Ok(render::done(&format!("{}/{number}", path::DESK_MESSAGES), word)),
        Err(problem) => problem,
    };
    // Who may not do it may not even see it, perhaps.
    if !render::can_be_mended(&problem) {
        return Err(problem.into());
    }
    let state = form.state(&problem, visitor.lang);
    let view = case_view(app, visitor, number, state).await?;
    render::form_again(problem, |_| view::case(&visitor.frame(app, Nav::None), &view))
}

#[handler]
pub async fn accept(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let decision = Decision::Accept { department: form.get(view::FIELD_DEPARTMENT).to_owned() };
    let done = decide(app, &visitor.actor, &number, &decision).await.map(|_| "message_accepted");
    finish(app, &visitor, &number, &form, done).await
}

#[handler]
pub async fn reject(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let decision = Decision::Reject {
        reason: MessageReason::parse(form.get(view::FIELD_REASON)),
        note: Note { note: form.get(view::FIELD_NOTE).to_owned() },
    };
    let done = decide(app, &visitor.actor, &number, &decision).await.map(|_| "message_rejected");
    finish(app, &visitor, &number, &form, done).await
}

#[handler]
pub async fn route(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let done = pass_on(app, &visitor.actor, &number, form.get(view::FIELD_DEPARTMENT)).await;
    finish(app, &visitor, &number, &form, done.map(|()| "message_routed")).await
}

#[handler]
pub async fn extend(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let done = extension::extend(app, &visitor.actor, &number, form.get(view::FIELD_EXTENSION)).await;
    finish(app, &visitor, &number, &form, done.map(|_| "message_extended")).await
}

#[handler]
pub async fn answer(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let words = form.is_checked(view::FIELD_PUBLISH).then(|| public(&form));
    let input = Answer { answer: form.get(view::FIELD_ANSWER).to_owned(), publish: words };
    let done = give_answer(app, &visitor.actor, &number, &input).await;
    finish(app, &visitor, &number, &form, done.map(|()| "message_answered")).await
}

fn public(form: &Form) -> Public {
    Public {
        title: form.get(view::FIELD_PUBLIC_TITLE).to_owned(),
        text: form.get(view::FIELD_PUBLIC_TEXT).to_owned(),
    }
}

#[handler]
pub async fn publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let done = lay_open(app, &visitor.actor, &number, &public(&form)).await;
    finish(app, &visitor, &number, &form, done.map(|()| "published")).await
}

#[handler]
pub async fn take_down(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let done = take_from_board(app, &visitor.actor, &number, form.get(view::FIELD_TAKE_DOWN)).await;
    finish(app, &visitor, &number, &form, done.map(|()| "withdrawn")).await
}

#[handler]
pub async fn follow_up(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let done = further::answer(app, &visitor.actor, &number, form.get(view::FIELD_FOLLOW_UP)).await;
    finish(app, &visitor, &number, &form, done.map(|()| "message_answered")).await
}
