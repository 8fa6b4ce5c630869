//! The step between writing and sending, where the consultation asks for a verified contact. Every field of the
//! form is carried along unseen, whatever fields it has, so that nothing that was written is lost.

use entity::consultation::Model;
use entity::enums::IdentityLevel;
use poem::Response;
use web::attachment::FIELD_KEPT;
use web::form::FormState;
use web::identity::{
    FIELD_AGE, FIELD_CODE, FIELD_CONSENT_VERSION, FIELD_CONTACT, FIELD_GUARDIAN, FIELD_SENT_TO, FIELD_STEP,
    FIELD_TICKET, FIELD_VISIT, ProofView, Sent, Vouched,
};
use web::layout::Nav;
use web::oidc::STEP_PREFIX;
use web::opinion::FIELD_BODY;

use super::{provider, words};
use crate::app::App;
use crate::config::Audience;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::identity::{Asked, Given, Proof};
use crate::oidc::Browser;
use crate::oidc::page::choices;
use crate::opinion::submit::ask_code;
use crate::problem::{Code, Problem};

/// Which button was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send the code.
    Code,
    /// Go to the provider with this name in the settings.
    Provider(String),
    /// Back to the text.
    Edit,
    Send,
}

impl Step {
    pub fn of(form: &Form) -> Self {
        match form.get(FIELD_STEP) {
            "code" => Self::Code,
            "edit" => Self::Edit,
            step => match step.strip_prefix(STEP_PREFIX) {
                Some(key) => Self::Provider(key.to_owned()),
                None => Self::Send,
            },
        }
    }
}

/// Somebody under fourteen writes; a guardian agrees.
pub fn is_child(form: &Form) -> bool {
    form.get(FIELD_AGE) == "under"
}

/// What the form says of who speaks.
///
/// # Errors
/// `invalid` for a version that is no number.
pub fn given(form: &Form) -> Result<Given, Problem> {
    let proof = form.opt(FIELD_TICKET).map(|ticket| Proof { ticket, code: form.get(FIELD_CODE).to_owned() });
    let guardian = is_child(form).then(|| form.get(FIELD_GUARDIAN).to_owned());
    let consent_version = form.parse_opt(FIELD_CONSENT_VERSION, |v| v.parse().ok())?;
    Ok(Given { proof, visit: form.opt(FIELD_VISIT), consent_version, guardian })
}

/// Shows the step (`files` are the tickets of what was attached): asks for the contact, sends a code or the person to a
/// provider when the button says so, or takes the code again.
pub async fn show(
    app: &App,
    visitor: &Visitor,
    browser: &Browser,
    target: &Model,
    (form, files): (&Form, &[String]),
    step: &Step,
    problem: Problem,
) -> poem::Result<Response> {
    if let Step::Provider(key) = step {
        return provider::go(app, visitor, browser, target, form, files, key).await;
    }
    if *step == Step::Code {
        let contact = form.get(FIELD_CONTACT);
        return match ask_code(app, &visitor.actor, &target.code, contact, is_child(form), visitor.lang_code())
            .await
        {
            Ok(asked) => {
                let mut state = form.state(&Problem::new(Code::Invalid), visitor.lang);
                state.errors.clear();
                state.values.remove(FIELD_CODE);
                Ok(render::page(page(app, visitor, target, form, files, state, Stand::Sent(&asked))))
            }
            Err(problem) => render::form_again(problem, |p| {
                page(app, visitor, target, form, files, form.state(p, visitor.lang), Stand::Typed)
            }),
        };
    }
    let mut state = form.state(&problem, visitor.lang);
    // Whoever comes from the form has done nothing wrong yet.
    if form.get(FIELD_TICKET).is_empty() && form.get(FIELD_VISIT).is_empty() {
        state.errors.clear();
        return Ok(render::page(page(app, visitor, target, form, files, state, Stand::Typed)));
    }
    render::form_again(problem, |_| page(app, visitor, target, form, files, state, Stand::Typed))
}

/// How far the step is.
pub enum Stand<'a> {
    /// As the form says.
    Typed,
    /// A code was sent just now.
    Sent(&'a Asked),
    /// A provider has vouched for the contact.
    Vouched(Vouched),
}

/// Every field of the form but those of this step; files that were chosen just now are kept under tickets, which the
/// next step names.
pub fn carried(form: &Form, files: &[String]) -> Vec<(String, String)> {
    const OWN: [&str; 8] =
        ["csrf", FIELD_CODE, FIELD_CONTACT, FIELD_KEPT, FIELD_SENT_TO, FIELD_STEP, FIELD_TICKET, FIELD_VISIT];
    let names: Vec<String> = form.names().filter(|n| !OWN.contains(n)).map(str::to_owned).collect();
    let carried = names.into_iter().flat_map(|name| {
        let values = form.all(&name).to_vec();
        values.into_iter().map(move |value| (name.clone(), value))
    });
    carried.chain(files.iter().map(|ticket| (FIELD_KEPT.to_owned(), ticket.clone()))).collect()
}

pub fn page(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    form: &Form,
    files: &[String],
    state: FormState,
    stand: Stand<'_>,
) -> maud::Markup {
    let known = || {
        let to = form.get(FIELD_SENT_TO).to_owned();
        let ticket = form.get(FIELD_TICKET).to_owned();
        let sent = (!ticket.is_empty()).then(|| Sent { by_mail: to.contains('@'), to });
        (ticket, sent)
    };
    let (ticket, sent) = match &stand {
        Stand::Sent(a) => (a.ticket.clone(), Some(Sent { to: a.sent_to.clone(), by_mail: a.by_mail })),
        Stand::Typed | Stand::Vouched(_) => known(),
    };
    let vouched = match stand {
        Stand::Vouched(vouched) => Some(vouched),
        Stand::Typed | Stand::Sent(_) => None,
    };
    let view = ProofView {
        consultation_title: target.title.clone(),
        consultation: words::consultation(&target.code),
        action: format!("/consultations/{}/opinion", target.code).into(),
        csrf: visitor.csrf().to_owned(),
        carried: carried(form, files),
        state,
        ticket,
        sent,
        vouched,
        providers: choices(app, visitor, Audience::Residents),
        by_code: target.identity != IdentityLevel::Oidc,
        text: form.get(FIELD_BODY).to_owned(),
        guardian: is_child(form).then(|| form.get(FIELD_GUARDIAN).to_owned()),
    };
    web::identity::proof(&visitor.frame(app, Nav::Consultations), &view)
}
