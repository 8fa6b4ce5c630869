//! One question on the desk, and each act on it.

use entity::enums::{MessageReason, QuestionState, Role};
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::qa::{self as view, QuestionActs, QuestionCaseView};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::link::Href;
use web::path::DESK_QA;

use super::state_label;
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::desk::side;
use crate::http::duty_view::due;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, render};
use crate::moderation::advice;
use crate::moderation::page::{noticed, pieces};
use crate::problem::Problem;
use crate::qa::answer::{LONGEST_ANSWER, answer as give_answer};
use crate::qa::decide::{Decision, LONGEST_NOTE, Rejection, decide, route as pass_on};
use crate::qa::read::{self, Case};
use crate::qa::words::reason_words;
use crate::qa::{self, Stage, path, policy};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
) -> poem::Result<Response> {
    Ok(render::page(markup(app, &visitor, &code, parse(&number)?, FormState::default()).await?))
}

fn parse(number: &str) -> Result<i32, Problem> {
    number.parse().map_err(|_| Problem::not_found())
}

async fn markup(
    app: &App,
    visitor: &Visitor,
    code: &str,
    number: i32,
    form: FormState,
) -> Result<maud::Markup, Problem> {
    let c = read::case(app, &visitor.actor, code, number).await?;
    let (lang, q) = (visitor.lang, &c.question);
    let departments = department::all(app.db.read()).await?;
    let acts = acts(visitor, &c, &departments)?;
    let name = |id| departments.iter().find(|d| d.id == id).map(|d| d.name.clone());
    let view = QuestionCaseView {
        number: qa::number(&c.session.code, q.number),
        session: c.session.title.clone(),
        session_page: Href::new(format!("{DESK_QA}/{}", c.session.code)),
        state: state_label(q.state),
        due: c.duty.as_ref().and_then(|d| due(app, lang, d)),
        text: pieces(lang, &c.text, &c.findings, usize::MAX),
        findings: noticed(lang, &c.findings),
        received: civil::local_time(q.received_at),
        name_masked: c.name_masked.clone(),
        contact_masked: c.contact_masked.clone(),
        department: q.department_id.and_then(name),
        public_text: q.public_text.clone(),
        public: q
            .public_text
            .as_ref()
            .map(|_| Href::new(format!("{}#q-{}", path(&c.session.code), q.number))),
        reason: q.reason.map(|r| (lang_words(lang, &reason_words(r)), q.reason_note.clone())),
        answer: q.answer.clone(),
        answered: q.answered_at.map(civil::local_time),
        kept: kept(&acts, &form),
        acts,
        form,
    };
    let side = side(app, visitor, DESK_QA).await?;
    Ok(view::question(&visitor.frame(app, Nav::None), &side, &view))
}

/// What was typed for an act that went by meanwhile and has no form any more.
fn kept(acts: &QuestionActs, typed: &FormState) -> Option<String> {
    let forms = [
        (view::FIELD_ANSWER, acts.answer),
        (view::FIELD_NOTE, acts.reject || acts.take_down),
        (view::FIELD_PUBLIC_TEXT, acts.publish),
    ];
    let lost = forms.into_iter().filter(|(_, there)| !there).map(|(field, _)| typed.value(field));
    lost.into_iter().find(|text| !text.is_empty()).map(str::to_owned)
}

/// What this person may do with it now.
fn acts(
    visitor: &Visitor,
    c: &Case,
    departments: &[entity::department::Model],
) -> Result<QuestionActs, Problem> {
    let staff = visitor.actor.require_staff()?;
    let (lang, q) = (visitor.lang, &c.question);
    let running = c.session.cancelled_at.is_none();
    let moderates = staff.has(Role::Moderator) && running;
    let public = matches!(q.state, QuestionState::Published | QuestionState::Answered);
    let answers = policy::may_answer(staff, q.department_id)
        && matches!(c.stage, Stage::Collecting | Stage::Live | Stage::Ended);
    let none = Choice::new("", lang.t("请选择", "Choose"));
    let at_table = departments.iter().filter(|d| c.guests.iter().any(|g| g.department_id == d.id));
    let reasons = MessageReason::ALL.iter();
    Ok(QuestionActs {
        csrf: visitor.csrf().to_owned(),
        base: qa::desk_path(&c.session.code, q.number),
        departments: std::iter::once(none).chain(at_table.map(|d| Choice::new(&d.key, &d.name))).collect(),
        reasons: reasons.map(|r| Choice::new(r.as_str(), lang_words(lang, &reason_words(*r)))).collect(),
        publish: moderates && q.state == QuestionState::Pending,
        reject: moderates && q.state == QuestionState::Pending,
        take_down: moderates && public,
        route: moderates && q.state == QuestionState::Published,
        answer: answers && public,
        suggested: advice::suggest(&c.text, &c.findings),
        longest_note: LONGEST_NOTE,
        longest_answer: LONGEST_ANSWER,
    })
}

/// On to the question, or the question again with what was typed.
async fn finish(
    app: &App,
    visitor: &Visitor,
    (code, number): (&str, i32),
    form: &Form,
    done: Result<&'static str, Problem>,
) -> poem::Result<Response> {
    let problem = match done {
        Ok(word) => return Ok(render::done(&qa::desk_path(code, number), word)),
        Err(problem) => problem,
    };
    // Who may not do it may not even see it, perhaps.
    if !render::can_be_mended(&problem) {
        return Err(problem.into());
    }
    let page = markup(app, visitor, code, number, form.state(&problem, visitor.lang)).await?;
    render::form_again(problem, |_| page)
}

#[handler]
pub async fn publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let number = parse(&number)?;
    let decision = Decision::Publish {
        department: form.get(view::FIELD_DEPARTMENT).to_owned(),
        text: form.get(view::FIELD_PUBLIC_TEXT).to_owned(),
    };
    let done = decide(app, &visitor.actor, &code, number, &decision).await.map(|_| "question_published");
    finish(app, &visitor, (&code, number), &form, done).await
}

#[handler]
pub async fn reject(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let number = parse(&number)?;
    let decision = Decision::Reject(Rejection {
        reason: MessageReason::parse(form.get(view::FIELD_REASON)),
        note: form.get(view::FIELD_NOTE).to_owned(),
    });
    let done = decide(app, &visitor.actor, &code, number, &decision).await.map(|_| "question_rejected");
    finish(app, &visitor, (&code, number), &form, done).await
}

#[handler]
pub async fn route(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let number = parse(&number)?;
    let department = form.get(view::FIELD_DEPARTMENT);
    let done = pass_on(app, &visitor.actor, &code, number, department).await.map(|()| "message_routed");
    finish(app, &visitor, (&code, number), &form, done).await
}

#[handler]
pub async fn answer(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let number = parse(&number)?;
    let text = form.get(view::FIELD_ANSWER);
    let done = give_answer(app, &visitor.actor, &code, number, text).await.map(|()| "question_answered");
    finish(app, &visitor, (&code, number), &form, done).await
}
