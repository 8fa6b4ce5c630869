//! One opinion and the decisions on it.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, ReviewState, ShowAs};
use entity::opinion::Model;
use entity::{reason_template, review};
use maud::Markup;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::desk::review::{
    CaseView, DecideView, FIELD_ACTION, FIELD_ANSWER, FIELD_BACK, FIELD_CONFIRM, FIELD_PUBLIC_TEXT,
    FIELD_REVISION, NearNote, Other, Reviewed, SecondView, case as case_page,
};
use web::form::FormState;
use web::lang::Lang;
use web::layout::Nav;
use web::opinion::Proposal;

use super::words::{self, Asked};
use super::{appeals, attachments, flood};
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::case::{Case, case};
use crate::moderation::policy::Denied;
use crate::moderation::review::{Decide, review};
use crate::moderation::second::{Second, second as second_word};
use crate::moderation::undo::undo;
use crate::moderation::{advice, queue, template};
use crate::opinion::page_words as opinion_words;
use crate::opinion::words::{channel_label, kind_label, reason_words, showing_label};
use crate::problem::{Code, Problem};

const WORDS: usize = 80;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let case = case(app, &visitor.actor, &number).await?;
    let page = page(app, &visitor, &asked, &case, FormState::default(), None).await?;
    Ok(render::page(page))
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let answer = match read(app, &number, &form).await {
        Ok(input) => review(app, &visitor.actor, &input).await,
        Err(problem) => Err(problem),
    };
    match answer {
        Ok(_) => on_to_next(app, &visitor, &form, &number).await,
        Err(problem) => again(app, &visitor, &number, &form, problem).await,
    }
}

#[handler]
pub async fn second(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let input = Second {
        number: number.clone(),
        revision: form.parse(FIELD_REVISION, |v| v.parse().ok()).unwrap_or_default(),
        confirm: form.get(FIELD_CONFIRM) == "yes",
    };
    match second_word(app, &visitor.actor, &input).await {
        Ok(_) => on_to_next(app, &visitor, &form, &number).await,
        Err(problem) => again(app, &visitor, &number, &form, problem).await,
    }
}

#[handler]
pub async fn take_back(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    match undo(app, &visitor.actor, &number).await {
        Ok(()) => Ok(render::done(&format!("/desk/review/{number}"), "undone")),
        Err(problem) => again(app, &visitor, &number, &form, problem).await,
    }
}

async fn read(app: &App, number: &str, form: &Form) -> Result<Decide, Problem> {
    let action = form.parse(FIELD_ACTION, ReviewAction::parse)?;
    Ok(Decide {
        number: number.to_owned(),
        revision: form.parse(FIELD_REVISION, |v| v.parse().ok())?,
        action,
        reason_code: ReasonCode::parse(form.get(&format!("{action}_code"))),
        reason_text: words::note(app, form, action).await?,
        public_text: form.opt(FIELD_PUBLIC_TEXT),
    })
}

/// The next opinion of the same filter; the moderator never loses the place.
pub async fn on_to_next(app: &App, visitor: &Visitor, form: &Form, number: &str) -> poem::Result<Response> {
    let asked = Asked::parse(form.get(FIELD_BACK));
    let reviewed = crate::opinion::by_number(app.db.read(), number).await?;
    let next = queue::next(app, &asked.filter(app, &visitor.actor).await?, &reviewed).await?;
    let path = next.map_or_else(|| "/desk/review".to_owned(), |next| format!("/desk/review/{next}"));
    Ok(render::done(&asked.on(&path), "reviewed"))
}

pub async fn again(
    app: &App,
    visitor: &Visitor,
    number: &str,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    // Only what can be mended on the page brings the page again.
    if !matches!(problem.code, Code::Stale | Code::Conflict | Code::Invalid) {
        return Err(problem.into());
    }
    let case = case(app, &visitor.actor, number).await?;
    let mut state = form.state(&problem, visitor.lang);
    own_fields(&mut state, form.get(FIELD_ACTION));
    let waits = case.opinion.state == OpinionState::Pending;
    let typed = [FIELD_PUBLIC_TEXT, "withhold_text", "return_text", "reject_text", FIELD_ANSWER];
    let typed = typed.iter().map(|f| form.get(f)).find(|v| !v.is_empty());
    let has_form = waits || case.may_appeal.is_some_and(|m| m.is_ok());
    let kept = typed.filter(|_| !has_form).map(str::to_owned);
    let asked = Asked::parse(form.get(FIELD_BACK));
    let page = page(app, visitor, &asked, &case, state, kept).await?;
    render::form_again(problem, |_| page)
}

/// An error of a reason belongs to the fields of the form that was sent.
pub fn own_fields(state: &mut FormState, action: &str) {
    for error in &mut state.errors {
        match error.field.as_str() {
            "reason_code" => error.field = format!("{action}_code"),
            "reason_text" => error.field = format!("{action}_text"),
            FIELD_ACTION | FIELD_REVISION => error.field = String::new(),
            _ => {}
        }
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    c: &Case,
    form: FormState,
    kept: Option<String>,
) -> Result<Markup, Problem> {
    let lang = visitor.lang;
    let o = &c.opinion;
    let next = queue::next(app, &asked.filter(app, &visitor.actor).await?, o).await?;
    let here = format!("/desk/review/{}", o.number);
    let templates = template::list(app, &visitor.actor).await?;
    let view = CaseView {
        side: desk::side(app, visitor, "/desk/review").await?,
        number: o.number.clone(),
        state: state_label(o.state),
        consultation_title: c.consultation.title.clone(),
        consultation: format!("/consultations/{}", c.consultation.code).into(),
        clause: c.clause.as_ref().map(|q| opinion_words::quoted(&c.consultation.code, q)),
        words: words::pieces(lang, &c.text, &c.findings, usize::MAX),
        proposal: opinion_words::proposal(&c.text, c.clause.as_ref())
            .map(|p| Proposal { reason: Vec::new(), ..p }),
        first_words: (c.text != o.text).then(|| o.text.clone()),
        characters: c.text.chars().count(),
        received: opinion_words::when(o),
        channel: channel_label(o.channel),
        kind: kind_label(o.person_kind),
        showing: showing_label(o.show_as),
        public_name: c.public_name.clone(),
        contact_masked: c.contact_masked.clone(),
        guardian_masked: c.guardian_masked.clone(),
        due: c.duty.as_ref().and_then(|(duty, standing)| words::due(lang, duty, *standing)),
        findings: words::noticed(lang, &c.findings)
            .into_iter()
            .chain(attachments::count(visitor, c.files.len()))
            .collect(),
        files: attachments::card(visitor, asked, c),
        equal: (c.equal.len() > 1 && o.state == OpinionState::Pending)
            .then(|| (c.equal.len() as u64, asked.on(&format!("{here}/equal")).into())),
        flood: c.flood.as_ref().map(|f| flood::note(visitor, asked, f, &o.number)),
        near: (c.near.total > 0).then(|| near_note(asked, c)),
        others: c.others.iter().map(|other| other_view(c, other)).collect(),
        reviews: c.reviews.iter().rev().map(|r| reviewed(lang, c, r)).collect(),
        queue: asked.on("/desk/review").into(),
        next: next.map(|n| asked.on(&format!("/desk/review/{n}")).into()),
        undo: words::undo(app, visitor).await?,
        form,
        kept,
        barred: barred(visitor, c),
        decide: c.may_review.is_ok().then(|| decide_view(visitor, asked, c, &templates)),
        second: second_view(visitor, asked, c),
        appeal: appeals::card(visitor, c),
    };
    Ok(case_page(&visitor.frame(app, Nav::None), &view))
}

/// Why this moderator may not decide, where the opinion waits for a decision.
fn barred(visitor: &Visitor, c: &Case) -> Option<String> {
    let denied = match c.opinion.state {
        OpinionState::Pending => c.may_review.err(),
        OpinionState::AwaitingSecond => c.may_second.err(),
        _ => None,
    }?;
    let problem = Problem::from(denied);
    Some(visitor.say(&problem.detail.unwrap_or_else(|| problem.code.title())))
}

fn decide_view(
    visitor: &Visitor,
    asked: &Asked,
    c: &Case,
    templates: &[reason_template::Model],
) -> DecideView {
    let lang = visitor.lang;
    let personal = c.findings.iter().any(|f| f.kind.is_personal());
    DecideView {
        action: format!("/desk/review/{}", c.opinion.number).into(),
        csrf: visitor.csrf().to_owned(),
        revision: c.opinion.revision,
        back: asked.query(),
        hidden: c.opinion.show_as == ShowAs::Hidden,
        suggested: advice::suggest(&c.text, &c.findings),
        noticed: personal,
        withhold: words::reasons(lang, ReviewAction::Withhold, templates),
        returns: words::reasons(lang, ReviewAction::Return, templates),
        reject: words::reasons(lang, ReviewAction::Reject, templates),
        said_before: c.said_before,
    }
}

fn second_view(visitor: &Visitor, asked: &Asked, c: &Case) -> Option<SecondView> {
    let proposal = c.proposal.as_ref().filter(|_| c.opinion.state == OpinionState::AwaitingSecond)?;
    Some(SecondView {
        action: format!("/desk/review/{}/second", c.opinion.number).into(),
        csrf: visitor.csrf().to_owned(),
        revision: c.opinion.revision,
        back: asked.query(),
        reason: proposal.reason_code.map(|code| reason_words(code).zh.into_owned()).unwrap_or_default(),
        note: proposal.reason_text.clone(),
        moderator: c.names.get(&proposal.moderator_id).cloned().unwrap_or_default(),
        barred: c.may_second != Ok(()) && c.may_second != Err(Denied::NotWaiting),
    })
}

fn near_note(asked: &Asked, c: &Case) -> NearNote {
    NearNote {
        total: c.near.total,
        published: c.near.published,
        first: c.near.members.iter().map(|m| (other_view(c, &m.opinion), m.alike)).collect(),
        together: asked.on(&format!("/desk/review/{}/near", c.opinion.number)).into(),
    }
}

fn other_view(c: &Case, o: &Model) -> Other {
    let text = o.public_text.as_ref().unwrap_or(&o.text).replace('\n', " ");
    let mut words: String = text.chars().take(WORDS).collect();
    if text.chars().count() > WORDS {
        words.push('…');
    }
    Other {
        number: o.number.clone(),
        href: format!("/desk/review/{}", o.number).into(),
        words,
        state: state_label(o.state),
        consultation: c.elsewhere.get(&o.consultation_id).map(|(_, title)| title.clone()).unwrap_or_default(),
    }
}

fn reviewed(lang: Lang, c: &Case, r: &review::Model) -> Reviewed {
    let name = |id| c.names.get(&id).cloned().unwrap_or_default();
    let standing = match (r.state, r.second_id) {
        (ReviewState::Proposed, _) => lang.t("待复核", "to be confirmed").to_owned(),
        (ReviewState::Final, Some(by)) => format!("{}{}", lang.t("复核同意：", "confirmed by "), name(by)),
        (ReviewState::Final, None) => String::new(),
        (ReviewState::Overruled, Some(by)) => {
            format!("{}{}", lang.t("复核不同意：", "overruled by "), name(by))
        }
        (ReviewState::Overruled, None) => lang.t("本人撤回", "taken back").to_owned(),
    };
    let reason = r.reason_code.map(|code| {
        let w = reason_words(code);
        lang.t(&w.zh, &w.en).to_owned()
    });
    Reviewed {
        at: civil::local_time(r.created_at),
        moderator: name(r.moderator_id),
        action: match reason {
            Some(reason) => format!("{}：{reason}", words::action(lang, r.action)),
            None => words::action(lang, r.action).to_owned(),
        },
        note: r.reason_text.clone(),
        standing,
    }
}

pub fn state_label(state: OpinionState) -> web::label::OpinionState {
    use web::label::OpinionState as Label;
    match state {
        OpinionState::Pending | OpinionState::AwaitingSecond => Label::Pending,
        OpinionState::Published => Label::Published,
        OpinionState::Withheld => Label::Withheld,
        OpinionState::Returned => Label::Returned,
        OpinionState::Rejected => Label::Rejected,
        OpinionState::Withdrawn => Label::Withdrawn,
    }
}
