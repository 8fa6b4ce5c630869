//! The receipt and the state behind its code. A code is a key: these pages are not indexed and tell nobody
//! outside where the reader came from.

use chrono::{DateTime, Utc};
use entity::enums::{MessageState, Satisfaction};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::TimelineStep;
use web::form::{Choice, FormState};
use web::label::StepState;
use web::lang::Lang;
use web::layout::{Frame, Nav};
use web::link::Href;
use web::message::{Ask, FIELD_QUESTION, FIELD_SATISFACTION, MessageReceiptView, MessageStateView, Vote};
use web::path;

use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::render::secret;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, render};
use crate::message::follow_up::{LONGEST_QUESTION, ask as ask_again, vote as take_vote};
use crate::message::state::{self, State};
use crate::message::words::{kind_words, reason_words, satisfaction_words};
use crate::problem::Problem;

#[derive(Deserialize)]
pub struct Asked {
    new: Option<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let s = state::open(app, &visitor.actor.address, &code).await?;
    let frame = frame(app, &visitor);
    if asked.new.is_some() {
        let page = web::message::message_receipt(&frame, &slip(visitor.lang, &s));
        return Ok(secret(render::page(page), false));
    }
    let view = view(app, &visitor, &s, FormState::default(), None);
    Ok(secret(render::page(web::message::message_state(&frame, &view)), has_form(&s)))
}

/// The receipt as plain text, to keep or to print.
#[handler]
pub async fn download(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let s = state::open(app, &visitor.actor.address, &code).await?;
    let (lang, code) = (visitor.lang, s.code.grouped());
    let received = lang.date_time(civil::local_time(s.message.received_at));
    let state = format!("{}{}/{code}", app.config.base_url(), path::MESSAGE_RECEIPTS);
    let mut lines = vec![
        format!("{} {}", app.config.site.name, lang.t("留言回执", "Receipt of a message")),
        String::new(),
        format!("{}{code}", lang.t("查询码：", "Lookup code: ")),
        format!("{}{}", lang.t("受理编号：", "Number: "), s.message.number),
        format!("{}{}", lang.t("类别：", "Kind: "), lang_words(lang, &kind_words(s.message.kind))),
        format!("{}{received}", lang.t("收到时间：", "Received: ")),
        format!("{}{}", lang.t("答复期限：", "Answered by: "), lang.deadline(s.answer_by)),
        format!("{}{state}", lang.t("查看办理情况：", "Its state: ")),
        String::new(),
        format!("{}{}", lang.t("标题：", "Title: "), s.opened.title),
        lang.t("留言内容：", "The message:").to_owned(),
        s.opened.text.clone(),
        String::new(),
    ];
    if let Some(place) = &s.place {
        lines.insert(5, format!("{}{}", lang.t("留言页面：", "Page: "), place.title));
    }
    let name = format!("{}-{}.txt", lang.t("留言回执", "receipt"), s.message.number);
    Ok(secret(render::text_file(&name, &lines), false))
}

#[handler]
pub async fn vote(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = match form.parse(FIELD_SATISFACTION, Satisfaction::parse) {
        Ok(word) => take_vote(app, &visitor.actor, id, word).await,
        Err(_) => Err(Problem::invalid(FIELD_SATISFACTION, "请选择一项", "Please choose one")),
    };
    finish(app, &visitor, &code, &form, done, "rated").await
}

#[handler]
pub async fn ask(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = ask_again(app, &visitor.actor, id, form.get(FIELD_QUESTION)).await;
    finish(app, &visitor, &code, &form, done, "asked").await
}

/// On to the state, or the state again with what was typed.
async fn finish(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    done: Result<(), Problem>,
    word: &str,
) -> poem::Result<Response> {
    let s = state::open(app, &visitor.actor.address, code).await?;
    let problem = match done {
        Ok(()) => {
            let path = format!("{}/{}", path::MESSAGE_RECEIPTS, s.code.grouped());
            return Ok(render::done(&path, word));
        }
        Err(problem) => problem,
    };
    let page = render::form_again(problem, |p| {
        let typed = form.state(p, visitor.lang);
        // Without the form on the page, what was typed still has to be somewhere.
        let has_form =
            if form.get(FIELD_QUESTION).is_empty() { s.may_vote } else { s.may_ask_until.is_some() };
        let kept = (!has_form).then(|| {
            let why = typed.errors.first().map(|e| e.message.clone()).unwrap_or_default();
            (why, form.get(FIELD_QUESTION).to_owned())
        });
        let view = view(app, visitor, &s, typed, kept);
        web::message::message_state(&frame(app, visitor), &view)
    })?;
    Ok(secret(page, has_form(&s)))
}

fn frame<'a>(app: &'a App, visitor: &'a Visitor) -> Frame<'a> {
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    frame
}

fn has_form(s: &State) -> bool {
    s.may_vote || s.may_ask_until.is_some()
}

fn left_under(s: &State) -> Option<(String, Href)> {
    s.place.as_ref().map(|p| (p.title.clone(), p.path.clone().into()))
}

fn slip(lang: Lang, s: &State) -> MessageReceiptView {
    let code = s.code.grouped();
    MessageReceiptView {
        number: s.message.number.clone(),
        kind: lang_words(lang, &kind_words(s.message.kind)),
        title: s.opened.title.clone(),
        received: civil::local_time(s.message.received_at),
        answer_by: s.answer_by,
        contact_masked: s.contact_masked.clone(),
        may_publish: s.message.may_publish,
        page: left_under(s),
        steps: steps(lang, s),
        state_page: format!("{}/{code}", path::MESSAGE_RECEIPTS).into(),
        download: format!("{}/{code}/receipt.txt", path::MESSAGE_RECEIPTS).into(),
        code,
    }
}

fn view(
    app: &App,
    visitor: &Visitor,
    s: &State,
    typed: FormState,
    kept: Option<(String, String)>,
) -> MessageStateView {
    let (lang, m, code) = (visitor.lang, &s.message, s.code.grouped());
    let base = format!("{}/{code}", path::MESSAGE_RECEIPTS);
    // What was typed goes back into the form it came from.
    let (asking, voting) = if typed.error(FIELD_QUESTION).is_some() || !typed.value(FIELD_QUESTION).is_empty()
    {
        (typed, FormState::default())
    } else {
        (FormState::default(), typed)
    };
    let choices = Satisfaction::ALL.iter();
    let choices = choices.map(|w| Choice::new(w.as_str(), lang_words(lang, &satisfaction_words(*w))));
    MessageStateView {
        number: m.number.clone(),
        kind: lang_words(lang, &kind_words(m.kind)),
        state: label(m.state),
        title: s.opened.title.clone(),
        text: s.opened.text.clone(),
        received: civil::local_time(m.received_at),
        page: left_under(s),
        answer_by: s.answer_by,
        department: s.department.clone(),
        steps: steps(lang, s),
        reason: m.reason.map(|r| (lang_words(lang, &reason_words(r)), m.reason_note.clone())),
        extension: m.extended_at.map(|_| m.extension_reason.clone()),
        answer: s.opened.answer.clone(),
        published: m.published_at.map(|_| format!("{}/{}", path::MESSAGES, m.number).into()),
        slip: format!("{base}?new=1").into(),
        satisfaction: m.satisfaction.map(|w| lang_words(lang, &satisfaction_words(w))),
        vote: s.may_vote.then(|| Vote {
            action: format!("{base}/vote").into(),
            csrf: visitor.csrf().to_owned(),
            choices: choices.collect(),
            state: voting,
        }),
        follow_up: s.opened.follow_up.clone(),
        follow_up_answer: s.opened.follow_up_answer.clone(),
        follow_up_by: s.follow_up_by,
        ask: s.may_ask_until.map(|until| Ask {
            action: format!("{base}/follow-up").into(),
            csrf: visitor.csrf().to_owned(),
            state: asking,
            until,
            days: app.config.rules.message_working_days.into(),
            longest: LONGEST_QUESTION,
        }),
        kept,
        code,
    }
}

pub fn label(state: MessageState) -> web::label::MessageState {
    match state {
        MessageState::Pending => web::label::MessageState::Pending,
        MessageState::Accepted => web::label::MessageState::Accepted,
        MessageState::Rejected => web::label::MessageState::Rejected,
        MessageState::Answered => web::label::MessageState::Answered,
    }
}

fn steps(lang: Lang, s: &State) -> Vec<TimelineStep> {
    let m = &s.message;
    let on = |step: TimelineStep, at: Option<DateTime<Utc>>| match at {
        Some(at) => step.on(civil::local_date(at)),
        None => step,
    };
    let received = TimelineStep::new(lang.t("已收到", "Received"), StepState::Done)
        .when(lang.date_time(civil::local_time(m.received_at)));
    let (accept, answer) = (lang.t("受理", "Acceptance"), lang.t("答复", "Answer"));
    let until = match lang {
        Lang::Zh => format!("最迟 {}", lang.deadline(s.answer_by)),
        Lang::En => format!("by {}", lang.deadline(s.answer_by)),
    };
    let rest = match m.state {
        MessageState::Pending => vec![
            TimelineStep::new(accept, StepState::Current),
            TimelineStep::new(answer, StepState::Upcoming).note(until),
        ],
        MessageState::Rejected => {
            vec![on(TimelineStep::new(lang.t("不予受理", "Not accepted"), StepState::Done), m.decided_at)]
        }
        MessageState::Accepted => vec![
            on(TimelineStep::new(lang.t("已受理", "Accepted"), StepState::Done), m.decided_at),
            TimelineStep::new(answer, StepState::Current).note(until),
        ],
        MessageState::Answered => vec![
            on(TimelineStep::new(lang.t("已受理", "Accepted"), StepState::Done), m.decided_at),
            on(TimelineStep::new(lang.t("已答复", "Answered"), StepState::Done), m.answered_at),
        ],
    };
    let mut steps = vec![received];
    steps.extend(rest);
    if m.followed_up_at.is_some() {
        let step = match m.follow_up_answered_at {
            Some(_) => {
                let word = lang.t("追问已答复", "Further question answered");
                on(TimelineStep::new(word, StepState::Done), m.follow_up_answered_at)
            }
            None => TimelineStep::new(lang.t("追问", "Further question"), StepState::Current),
        };
        steps.push(step);
    }
    steps
}
