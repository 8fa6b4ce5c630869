//! The form, and the page that keeps the text of who came too late.

use entity::consultation::Model;
use entity::enums::{IdentityLevel, PersonKind, ShowAs};
use entity::id::ClauseId;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::consultation::Channels;
use web::form::FormState;
use web::identity::FIELD_AGE;
use web::layout::{Frame, Nav};
use web::opinion::{
    ClosedView, FIELD_AGREE, FIELD_BODY, FIELD_CLAUSE, FIELD_CONTACT, FIELD_KEY, FIELD_KIND, FIELD_NAME,
    FIELD_SHOWING, FIELD_WORDING, OpinionFormView, QuotedClause,
};

use super::proof::{self, Step};
use super::{files, provider, words};
use crate::app::App;
use crate::challenge::Gate;
use crate::consultation::{Stage, open_at, stage};
use crate::http::challenge;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::identity::consent;
use crate::identity::page::asks;
use crate::oidc::Browser;
use crate::opinion::quote::{Place, place, quote};
use crate::opinion::submit::{Submit, ask_code, proves_first, ready, submit};
use crate::opinion::{Content, code, store, wording};
use crate::problem::{Code, Problem};

#[derive(Deserialize)]
pub struct Asked {
    clause: Option<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (target, _) = store::target(app.db.read(), code(&path)?).await?;
    if stage(&target, app.now()) == Stage::Closed {
        return Ok(render::page(closed(app, &visitor, &target, String::new())));
    }
    open_at(&target, app.now())?;
    let clause = match asked.clause.as_deref().filter(|c| !c.is_empty()) {
        Some(id) => Some(quoted(app, &target, id).await?.ok_or_else(Problem::not_found)?),
        None => None,
    };
    let state =
        FormState::default().with(FIELD_KIND, PersonKind::Individual.as_str()).with(FIELD_AGE, "over");
    let version = consent::current_version(app.db.read()).await?;
    let view = view(app, &visitor, &target, clause, state, app.rng.secret(), version);
    Ok(render::page(web::opinion::opinion_form(&frame(app, &visitor, &target), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Path(path): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let step = Step::of(&form);
    let sent = files::take(app, &visitor, &form).await?;
    let answer = match (read(&visitor, &path, &form, &sent), sent.problem()) {
        (Ok(input), None) if step == Step::Send && proves_first(app, &input).await? => {
            ready(app, &input).await.and(Err(Problem::new(Code::ContactUnproven)))
        }
        (Ok(mut input), None) if step == Step::Send => {
            leave_out_unchanged(app, &mut input).await?;
            submit(app, &visitor.actor, &input).await
        }
        (Ok(input), None) => ready(app, &input).await.and(Err(Problem::new(Code::ContactUnproven))),
        (_, Some(problem)) | (Err(problem), None) => Err(problem),
    };
    let problem = match answer {
        Ok(receipt) => {
            return Ok(render::see_other(&format!("/receipts/{}?new=1", receipt.code.grouped())));
        }
        Err(problem) => problem,
    };
    let (target, _) = store::target(app.db.read(), code(&path)?).await?;
    // What is not published does not exist, whatever is wrong with the form.
    if stage(&target, app.now()) == Stage::Draft {
        return Err(Problem::not_found().into());
    }
    if problem.code == Code::ChallengeRequired {
        return challenge::carry(app, &visitor, &form, &sent.tickets(), &problem).await;
    }
    if problem.code == Code::ContactUnproven && step != Step::Edit {
        let files = sent.tickets();
        if let Step::Provider(key) = &step {
            return provider::go(app, &visitor, &browser, &target, &form, &files, key).await;
        }
        let about = proof::About::opinion(&target, &form, &files);
        let (contact, child) = (form.get(FIELD_CONTACT), proof::is_child(&form));
        let asking = ask_code(app, &visitor.actor, &target.code, contact, child, visitor.lang_code());
        return proof::show(app, &visitor, &about, &form, asking, problem).await;
    }
    if problem.code == Code::ConsultationClosed && stage(&target, app.now()) == Stage::Closed {
        let page =
            closed(app, &visitor, &target, wording::join(form.get(FIELD_BODY), form.get(FIELD_WORDING)));
        return Ok(render::page_with(StatusCode::CONFLICT, page));
    }
    if problem.code == Code::ContactUnproven {
        return edit_with(app, &visitor, &target, &form, &sent).await;
    }
    let clause = quoted(app, &target, form.get(FIELD_CLAUSE)).await?;
    let version = consent::current_version(app.db.read()).await?;
    render::form_again(problem, |p| {
        let (p, key) = again(app, p, form.get(FIELD_KEY));
        let mut view = view(app, &visitor, &target, clause, form.state(&p, visitor.lang), key, version);
        view.kept = sent.kept();
        web::opinion::opinion_form(&frame(app, &visitor, &target), &view)
    })
}

/// The form again as it was written.
pub(super) async fn edit(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    form: &Form,
) -> poem::Result<Response> {
    let sent = files::take(app, visitor, form).await?;
    edit_with(app, visitor, target, form, &sent).await
}

async fn edit_with(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    form: &Form,
    sent: &files::Taken,
) -> poem::Result<Response> {
    let clause = quoted(app, target, form.get(FIELD_CLAUSE)).await?;
    let version = consent::current_version(app.db.read()).await?;
    let mut state = form.state(&Problem::new(Code::Invalid), visitor.lang);
    state.errors.clear();
    let mut view = view(app, visitor, target, clause, state, form.get(FIELD_KEY).to_owned(), version);
    view.kept = sent.kept();
    Ok(render::page(web::opinion::opinion_form(&frame(app, visitor, target), &view)))
}

/// The form begins with the words of the clause: who leaves them as they are proposes nothing.
async fn leave_out_unchanged(app: &App, input: &mut Submit) -> Result<(), Problem> {
    let Some(id) = input.clause_id.filter(|_| !input.content.wording.is_empty()) else { return Ok(()) };
    match quote(app.db.read(), id).await {
        Ok(clause) if wording::is_unchanged(&clause, &input.content.wording) => input.content.wording.clear(),
        Ok(_) => {}
        Err(problem) if problem.code == Code::NotFound => {}
        Err(problem) => return Err(problem),
    }
    Ok(())
}

fn read(visitor: &Visitor, path: &str, form: &Form, sent: &files::Taken) -> Result<Submit, Problem> {
    Ok(Submit {
        consultation: path.to_owned(),
        clause_id: form.parse_opt(FIELD_CLAUSE, |v| v.parse::<ClauseId>().ok()).map_err(|_| {
            Problem::new(Code::Invalid).because(
                "所选条款不正确，请从草案页面重新选择",
                "The clause is not valid; please choose it again from the draft",
            )
        })?,
        content: content(form),
        files: sent.tickets(),
        consent: form.is_checked(FIELD_AGREE),
        identity: proof::given(form)?,
        idempotency_key: form.opt(FIELD_KEY),
        lang: visitor.lang_code(),
    })
}

pub fn content(form: &Form) -> Content {
    Content {
        text: form.get(FIELD_BODY).to_owned(),
        wording: form.get(FIELD_WORDING).to_owned(),
        name: form.get(FIELD_NAME).to_owned(),
        contact: form.get(FIELD_CONTACT).to_owned(),
        person_kind: PersonKind::parse(form.get(FIELD_KIND)),
        show_as: ShowAs::parse(form.get(FIELD_SHOWING)),
    }
}

/// What goes wrong with fields that nobody sees belongs to the whole form. A key that was used up is
/// replaced, so that the next press sends a new opinion; any other is kept, so that it stays the same one.
pub(super) fn again(app: &App, problem: &Problem, key: &str) -> (Problem, String) {
    let mut shown = Problem { source: None, detail: problem.detail.clone(), ..Problem::new(problem.code) };
    shown.fields = problem.fields.clone();
    for field in &mut shown.fields {
        if matches!(field.field.as_ref(), "clause_id" | "Idempotency-Key") {
            field.field = "".into();
        }
    }
    let fresh = key.is_empty()
        || problem.code == Code::KeyReused
        || problem.fields.iter().any(|f| f.field == "Idempotency-Key");
    if problem.code == Code::KeyReused {
        shown = shown.because(
            "用这个页面已经提交过一条意见。如果要另外提交一条，请再按一次“提交意见”",
            "An opinion was already sent from this page. To send another one, press Send again",
        );
    }
    (shown, if fresh { app.rng.secret() } else { key.to_owned() })
}

async fn quoted(app: &App, target: &Model, id: &str) -> Result<Option<QuotedClause>, Problem> {
    let Ok(id) = id.parse::<ClauseId>() else { return Ok(None) };
    // After a correction the form shows the new words.
    let id = match place(app.db.read(), target.document_id, id).await? {
        Place::Here(id) | Place::Changed(id) => id,
        Place::Elsewhere => return Ok(None),
    };
    Ok(Some(words::quoted(&target.code, &quote(app.db.read(), id).await?)))
}

fn view(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    clause: Option<QuotedClause>,
    state: FormState,
    key: String,
    consent_version: i32,
) -> OpinionFormView {
    let (rules, limits) = (&app.config.rules, &app.config.limits);
    OpinionFormView {
        consultation_title: target.title.clone(),
        consultation: words::consultation(&target.code),
        closes: target.closes_on,
        days_left: (target.closes_on - app.today()).num_days(),
        clause,
        action: format!("/consultations/{}/opinion", target.code).into(),
        csrf: visitor.csrf().to_owned(),
        idempotency_key: key,
        state,
        max_characters: limits.opinion_chars as usize,
        per_minute: limits.opinions_per_minute,
        name_required: false,
        contact_required: rules.contact_required && target.identity != IdentityLevel::Oidc,
        files_rule: files::rule(app, visitor.lang),
        kept: Vec::new(),
        asks: asks(target.identity),
        consent_version,
        review_days: rules.review_working_days.into(),
        summary_days: rules.summary_working_days.into(),
        retention: String::new(),
    }
}

/// Where a contact is verified, what stands before the form is the code that is going to be asked for.
pub(super) fn frame<'a>(app: &'a App, visitor: &'a Visitor, target: &Model) -> Frame<'a> {
    let frame = visitor.frame(app, Nav::Consultations);
    match target.identity {
        IdentityLevel::Unverified => frame,
        IdentityLevel::Contact => {
            Frame { challenge: challenge::before(app, &visitor.actor, Gate::Code), ..frame }
        }
        // Who signed in elsewhere is asked for nothing here.
        IdentityLevel::Oidc => Frame { challenge: None, ..frame },
    }
}

pub(super) fn closed(app: &App, visitor: &Visitor, target: &Model, text: String) -> maud::Markup {
    let view = ClosedView {
        consultation_title: target.title.clone(),
        consultation: words::consultation(&target.code),
        closed: target.closes_on,
        text,
        channels: Channels {
            address: target.address.clone(),
            postcode: target.postcode.clone(),
            email: target.email.clone(),
            phone: target.phone.clone(),
            contact: target.contact_name.clone(),
            note: String::new(),
        },
    };
    web::opinion::closed(&visitor.frame(app, Nav::Consultations), &view)
}
