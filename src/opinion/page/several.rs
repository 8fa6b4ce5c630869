//! Several clauses in one go: the form, the page that checks, and what came of it.

use std::collections::BTreeSet;

use entity::consultation::Model;
use entity::enums::{IdentityLevel, PersonKind};
use entity::id::ClauseId;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::form::FormState;
use web::identity::FIELD_CONSENT_VERSION;
use web::layout::Nav;
use web::opinion::{
    FIELD_AGREE, FIELD_CONTACT, FIELD_KEY, FIELD_KIND, FIELD_NAME, FIELD_SHOWING, SeveralCheckView,
    SeveralClause, SeveralView, SubmissionPart, SubmissionView, field_of,
};

use super::form::{again, closed, content};
use super::{receipt, words};
use crate::app::App;
use crate::calendar::civil;
use crate::consultation::{Stage, open_at, stage};
use crate::document::reader::{Block, blocks};
use crate::document::{self, label_of_clause, show as text};
use crate::http::form::Form;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::identity::{Given, consent};
use crate::opinion::quote::{Place, place};
use crate::opinion::several::{self, MOST, Part, Several, submit_several};
use crate::opinion::words::{kind_label, showing_label};
use crate::opinion::{code, labels, store};
use crate::problem::{Code, Problem};

/// Characters of a clause's beginning, to know it by.
const BEGINNING: usize = 24;
const PREFIX: &str = "text.";

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
) -> poem::Result<Response> {
    let (target, _) = store::target(app.db.read(), code(&path)?).await?;
    if stage(&target, app.now()) == Stage::Closed {
        return Ok(render::page(closed(app, &visitor, &target, String::new())));
    }
    open_at(&target, app.now())?;
    for_all(&target)?;
    let state = FormState::default().with(FIELD_KIND, PersonKind::Individual.as_str());
    let view = view(app, &visitor, &target, state, app.rng.secret()).await?;
    Ok(render::page(web::opinion::several(&visitor.frame(app, Nav::Consultations), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (target, _) = store::target(app.db.read(), code(&path)?).await?;
    // What is not published does not exist, whatever is wrong with the form.
    if stage(&target, app.now()) == Stage::Draft {
        return Err(Problem::not_found().into());
    }
    for_all(&target)?;
    let input = read(&visitor, &path, &form)?;
    let act = form.get("act");
    let answer = match act {
        "send" => submit_several(app, &visitor.actor, &input).await.map(Some),
        "edit" => Ok(None),
        _ => several::look(app, &target, &input).map(|()| None),
    };
    let problem = match answer {
        Ok(Some(sent)) => {
            let path = format!("{}/{}", web::path::SUBMISSIONS, sent.code.grouped());
            return Ok(render::see_other(&path));
        }
        Ok(None) if act == "edit" => {
            let state =
                carried(app, &target, FormState { errors: Vec::new(), ..typed(&form, &visitor) }).await?;
            let view = view(app, &visitor, &target, state, form.get(FIELD_KEY).to_owned()).await?;
            return Ok(render::page(web::opinion::several(&visitor.frame(app, Nav::Consultations), &view)));
        }
        Ok(None) => return Ok(render::page(checked(app, &visitor, &target, &input, &form).await?)),
        Err(problem) => problem,
    };
    if problem.code == Code::ConsultationClosed && stage(&target, app.now()) == Stage::Closed {
        let all: Vec<String> = input.parts.iter().map(|p| p.text.clone()).collect();
        let page = closed(app, &visitor, &target, all.join("\n\n"));
        return Ok(render::page_with(StatusCode::CONFLICT, page));
    }
    let (shown, key) = again(app, &problem, form.get(FIELD_KEY));
    let state = carried(app, &target, form.state(&shown, visitor.lang)).await?;
    let view = view(app, &visitor, &target, state, key).await?;
    render::form_again(problem, |_| web::opinion::several(&visitor.frame(app, Nav::Consultations), &view))
}

/// The form has no step for a code; the API takes one with several parts.
fn for_all(target: &Model) -> Result<(), Problem> {
    if target.identity == IdentityLevel::Unverified {
        return Ok(());
    }
    Err(Problem::conflict(
        "本次征集提交前需要核验联系方式，请在草案页面逐条提意见",
        "This consultation verifies a contact first; please speak on one clause at a time",
    ))
}

fn typed(form: &Form, visitor: &Visitor) -> FormState {
    form.state(&Problem::new(Code::Invalid), visitor.lang)
}

fn read(visitor: &Visitor, path: &str, form: &Form) -> Result<Several, Problem> {
    let mut parts = Vec::new();
    for name in form.names().filter_map(|n| n.strip_prefix(PREFIX)) {
        let text = form.get(&format!("{PREFIX}{name}")).to_owned();
        let clause_id = name.parse::<ClauseId>().ok();
        if !text.is_empty() && (clause_id.is_some() || name == "all") {
            parts.push(Part { clause_id, text, wording: String::new() });
        }
    }
    let consent_version = form.parse_opt(FIELD_CONSENT_VERSION, |v| v.parse().ok())?;
    Ok(Several {
        consultation: path.to_owned(),
        parts,
        person: content(form),
        consent: form.is_checked(FIELD_AGREE),
        identity: Given { consent_version, ..Given::default() },
        idempotency_key: form.opt(FIELD_KEY),
        lang: visitor.lang_code(),
    })
}

/// After a correction the clauses have other ids: what was typed moves with its clause, and where that is gone,
/// to the whole draft, so that nothing typed is lost.
async fn carried(app: &App, target: &Model, mut state: FormState) -> Result<FormState, Problem> {
    let names: BTreeSet<String> = state.values.keys().filter(|n| n.starts_with(PREFIX)).cloned().collect();
    for name in names {
        let Some(id) = name.strip_prefix(PREFIX).and_then(|id| id.parse::<ClauseId>().ok()) else { continue };
        let to = match place(app.db.read(), target.document_id, id).await? {
            Place::Here(now) | Place::Changed(now) if now == id => continue,
            Place::Here(now) | Place::Changed(now) => field_of(Some(&now.to_string())),
            Place::Elsewhere => field_of(None),
        };
        let text = state.values.remove(&name).and_then(|mut v| v.pop()).unwrap_or_default();
        let there = state.value(&to).to_owned();
        let text =
            if there.is_empty() || text.is_empty() { there + &text } else { format!("{there}\n{text}") };
        state.values.insert(to.clone(), vec![text]);
        for error in state.errors.iter_mut().filter(|e| e.field == name) {
            error.field.clone_from(&to);
        }
    }
    Ok(state)
}

async fn view(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    mut state: FormState,
    key: String,
) -> Result<SeveralView, Problem> {
    for error in &mut state.errors {
        if error.field == "parts" {
            error.field = String::new();
        }
    }
    let rows = document::clauses(app.db.read(), target.document_id).await?;
    let clauses = blocks(&rows).into_iter().filter_map(|block| match block {
        Block::Unit(unit) => {
            let label = label_of_clause(unit.head);
            let words: String = unit.head.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let words = words.strip_prefix(label.as_str()).unwrap_or(&words).trim();
            let begins = words.chars().take(BEGINNING).collect();
            Some(SeveralClause { id: unit.head.id.to_string(), lines: text::lines(&unit), label, begins })
        }
        _ => None,
    });
    Ok(SeveralView {
        consultation_title: target.title.clone(),
        consultation: words::consultation(&target.code),
        closes: target.closes_on,
        days_left: (target.closes_on - app.today()).num_days(),
        clauses: clauses.collect(),
        action: format!("/consultations/{}/opinion/several", target.code).into(),
        csrf: visitor.csrf().to_owned(),
        idempotency_key: key,
        state,
        max_characters: app.config.limits.opinion_chars as usize,
        most: MOST,
        contact_required: app.config.rules.contact_required,
        consent_version: consent::current_version(app.db.read()).await?,
    })
}

async fn checked(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    input: &Several,
    form: &Form,
) -> Result<maud::Markup, Problem> {
    let lang = visitor.lang;
    let names = labels(app.db.read(), input.parts.iter().filter_map(|p| p.clause_id)).await?;
    let label = |p: &Part| match p.clause_id {
        Some(id) => names.get(&id).cloned().unwrap_or_default(),
        None => lang.t("全文", "The whole draft").to_owned(),
    };
    let mut typed: Vec<(String, String)> = input.parts.iter().map(|p| (p.field(), p.text.clone())).collect();
    for name in
        [FIELD_KEY, FIELD_NAME, FIELD_CONTACT, FIELD_KIND, FIELD_SHOWING, FIELD_AGREE, FIELD_CONSENT_VERSION]
    {
        typed.push((name.to_owned(), form.get(name).to_owned()));
    }
    let mut person = Vec::new();
    let mut fact = |zh, en, words: &str| {
        if !words.is_empty() {
            person.push((lang.t(zh, en).to_owned(), words.to_owned()));
        }
    };
    fact("身份类别", "You speak as", input.person.person_kind.map_or("", |k| kind_label(k).word(lang)));
    fact("姓名或单位", "Name or organisation", &input.person.name);
    fact("手机号或电子邮箱", "Mobile or e-mail", &input.person.contact);
    fact("公开方式", "Shown", input.person.show_as.map_or("", |s| showing_label(s).word(lang)));
    let view = SeveralCheckView {
        consultation_title: target.title.clone(),
        action: format!("/consultations/{}/opinion/several", target.code).into(),
        csrf: visitor.csrf().to_owned(),
        parts: input.parts.iter().map(|p| (label(p), p.text.clone())).collect(),
        person,
        typed,
    };
    Ok(web::opinion::several_check(&visitor.frame(app, Nav::Consultations), &view))
}

/// What came in one submission, each with the way to its own page.
#[handler]
pub async fn submission(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let found = several::open(app, &visitor.actor.address, &code).await?;
    let received = found.parts.first().map(|(o, ..)| o.received_at).unwrap_or_else(|| app.now());
    let view = SubmissionView {
        code: found.code.grouped(),
        consultation_title: found.consultation.title.clone(),
        consultation: words::consultation(&found.consultation.code),
        received: civil::local_time(received),
        parts: found
            .parts
            .into_iter()
            .map(|(o, label, code)| SubmissionPart {
                state: receipt::state_label(o.state),
                href: format!("{}/{}", web::path::LOOKUP, code.grouped()).into(),
                number: o.number,
                label,
                text: o.text,
            })
            .collect(),
    };
    let page = render::page(web::opinion::submission(&receipt::frame(app, &visitor), &view));
    Ok(secret(page, false))
}
