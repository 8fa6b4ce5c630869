//! The form for everybody, and what it says where nothing can be sent.

use entity::consultation::Model as Consultation;
use entity::enums::IdentityLevel;
use entity::questionnaire::Model;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use web::form::FormState;
use web::identity::{FIELD_CONTACT, Sending};
use web::layout::Nav;
use web::questionnaire::{
    FIELD_AGREE, FIELD_KEY, FIELD_REVISION, QuestionnaireView, Standing, StandingView,
    questionnaire as form_page, standing as standing_page,
};

use super::view;
use crate::app::App;
use crate::consultation::{Stage, stage};
use crate::http::device;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, can_be_mended};
use crate::http::visitor::Visitor;
use crate::identity::consent;
use crate::opinion::page::proof::{self, Step};
use crate::opinion::support::Device;
use crate::problem::{Code, Problem};
use crate::questionnaire::answer::{Answer, field, other_field};
use crate::questionnaire::question::{Ask, Question, questions};
use crate::questionnaire::respond::{Respond, ask_code, ready, respond, visible};
use crate::questionnaire::{respond as answering, results};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (target, row) = visible(app, &code).await?;
    let known = device::of(app, request);
    if let Some(why) = why_not(app, &visitor, &target, &row, known.as_ref()).await? {
        return Ok(render::page(told(app, &visitor, &target, &row, why, Vec::new())?));
    }
    let version = consent::current_version(app.db.read()).await?;
    let key = app.rng.secret();
    let view = form_view(app, &visitor, &target, &row, FormState::default(), (key, version))?;
    Ok(render::page(form_page(&visitor.frame(app, Nav::Consultations), &view)))
}

/// Why there is no form for this visitor now.
async fn why_not(
    app: &App,
    visitor: &Visitor,
    target: &Consultation,
    row: &Model,
    known: Option<&Device>,
) -> Result<Option<Standing>, Problem> {
    match stage(target, app.now()) {
        Stage::Closed => return Ok(Some(Standing::Closed)),
        Stage::Draft | Stage::Announced => return Ok(Some(Standing::Announced)),
        Stage::Open => {}
    }
    if visitor.actor.staff().is_some() {
        return Ok(Some(Standing::Staff));
    }
    let Some(device) = known.filter(|_| target.identity == IdentityLevel::Unverified) else {
        return Ok(None);
    };
    Ok(answering::is_answered(app, row.id, device).await?.then_some(Standing::Answered))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (target, row) = visible(app, &code).await?;
    let all = questions(&row)?;
    let known = device::of(app, request);
    let used = known.clone().unwrap_or_else(|| Device::fresh(app));
    let step = Step::of(&form);
    let answer = match read(&code, &form, &all, used.clone()) {
        Ok(input) if step == Step::Send => respond(app, &visitor.actor, &input).await,
        Ok(input) => ready(app, &visitor.actor, &input).await.and(Err(Problem::new(Code::ContactUnproven))),
        Err(problem) => Err(problem),
    };
    let problem = match answer {
        Ok(receipt) => {
            let to = format!("{}/{}?new=1", web::path::QUESTIONNAIRE_RECEIPTS, receipt.code.grouped());
            let mut response = render::see_other(&to);
            if known.is_none() && target.identity == IdentityLevel::Unverified {
                device::remember(app, &mut response, &used)?;
            }
            return Ok(response);
        }
        Err(problem) => problem,
    };
    if problem.code == Code::ContactUnproven && step != Step::Edit {
        let about = proof::About {
            target: &target,
            sending: Sending::Questionnaire,
            action: view::path(&target.code),
            text: typed(&visitor, &form, &all).iter().map(|(q, a)| format!("{q}：{a}\n")).collect(),
            files: &[],
        };
        let contact = form.get(FIELD_CONTACT);
        let asking = ask_code(app, &visitor.actor, &target.code, contact, visitor.lang_code());
        return proof::show(app, &visitor, &about, &form, asking, problem).await;
    }
    again(app, &visitor, &target, &row, &form, problem).await
}

/// The form again with everything that was typed.
async fn again(
    app: &App,
    visitor: &Visitor,
    target: &Consultation,
    row: &Model,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    if problem.code == Code::ConsultationClosed && stage(target, app.now()) == Stage::Closed {
        let kept = typed(visitor, form, &questions(row)?);
        let page = told(app, visitor, target, row, Standing::Closed, kept)?;
        return Ok(render::page_with(StatusCode::CONFLICT, page));
    }
    let version = consent::current_version(app.db.read()).await?;
    let key = if problem.code == Code::KeyReused || form.get(FIELD_KEY).is_empty() {
        app.rng.secret()
    } else {
        form.get(FIELD_KEY).to_owned()
    };
    let mut state = form.state(&problem, visitor.lang);
    // Back from the step that proves the contact: nothing is wrong.
    if problem.code == Code::ContactUnproven {
        state.errors.clear();
        let view = form_view(app, visitor, target, row, state, (key, version))?;
        return Ok(render::page(form_page(&visitor.frame(app, Nav::Consultations), &view)));
    }
    if !can_be_mended(&problem) {
        return Err(problem.into());
    }
    let view = form_view(app, visitor, target, row, state, (key, version))?;
    render::form_again(problem, |_| form_page(&visitor.frame(app, Nav::Consultations), &view))
}

fn read(code: &str, form: &Form, all: &[Question], device: Device) -> Result<Respond, Problem> {
    let answers = all.iter().filter_map(|q| one(form, q)).collect();
    Ok(Respond {
        consultation: code.to_owned(),
        revision: Some(form.parse_opt(FIELD_REVISION, |v| v.parse().ok())?.unwrap_or(0)),
        answers,
        consent: form.is_checked(FIELD_AGREE),
        contact: form.get(FIELD_CONTACT).to_owned(),
        identity: proof::given(form)?,
        device,
        idempotency_key: form.opt(FIELD_KEY),
    })
}

/// What was typed to a question. A choice that is no number is none of ours: it is not left out, but refused.
fn one(form: &Form, q: &Question) -> Option<Answer> {
    let name = field(q.number);
    let (choices, text) = match q.ask {
        Ask::Text => (Vec::new(), form.get(&name).to_owned()),
        _ => {
            let chosen = form.all(&name).iter().filter(|v| !v.is_empty());
            let chosen = chosen.map(|v| v.parse().unwrap_or(i32::MIN)).collect();
            let words = if q.has_other() { form.get(&other_field(q.number)) } else { "" };
            (chosen, words.to_owned())
        }
    };
    (!choices.is_empty() || !text.is_empty()).then_some(Answer { question: q.number, choices, text })
}

/// The same in words, for pages that keep it.
fn typed(visitor: &Visitor, form: &Form, all: &[Question]) -> Vec<(String, String)> {
    let said = |q: &Question| {
        let answer = one(form, q)?;
        let labels = answer.choices.iter().map(|c| lang_words(visitor.lang, &q.label(*c)));
        let words: Vec<String> = labels.chain([answer.text]).filter(|w| !w.is_empty()).collect();
        Some((q.text.clone(), words.join("、")))
    };
    all.iter().filter_map(said).collect()
}

fn form_view(
    app: &App,
    visitor: &Visitor,
    target: &Consultation,
    row: &Model,
    state: FormState,
    (idempotency_key, consent_version): (String, i32),
) -> Result<QuestionnaireView, Problem> {
    Ok(QuestionnaireView {
        consultation_title: target.title.clone(),
        consultation: format!("/consultations/{}", target.code).into(),
        title: row.title.clone(),
        intro: row.intro.clone(),
        closes: target.closes_on,
        days_left: crate::consultation::days_left(target, app.today()),
        questions: view::questions(visitor.lang, &questions(row)?),
        action: view::path(&target.code).into(),
        csrf: visitor.csrf().to_owned(),
        idempotency_key,
        revision: row.revision,
        consent_version,
        verified: target.identity != IdentityLevel::Unverified,
        open_results: row.open_results,
        opinion: format!("/consultations/{}/opinion", target.code).into(),
        state,
    })
}

fn told(
    app: &App,
    visitor: &Visitor,
    target: &Consultation,
    row: &Model,
    standing: Standing,
    typed: Vec<(String, String)>,
) -> Result<maud::Markup, Problem> {
    let now = app.now();
    let shown = matches!(standing, Standing::Announced | Standing::Staff);
    let view = StandingView {
        standing,
        consultation_title: target.title.clone(),
        consultation: format!("/consultations/{}", target.code).into(),
        title: row.title.clone(),
        opens: target.opens_on,
        closes: target.closes_on,
        responses: u64::try_from(row.responses).unwrap_or(0),
        results: results::are_public(target, row, now).then(|| view::results_href(&target.code)),
        opinion: (stage(target, now) == Stage::Open && standing == Standing::Answered)
            .then(|| format!("/consultations/{}/opinion", target.code).into()),
        typed,
        questions: if shown { view::questions(visitor.lang, &questions(row)?) } else { Vec::new() },
    };
    Ok(standing_page(&visitor.frame(app, Nav::Consultations), &view))
}
