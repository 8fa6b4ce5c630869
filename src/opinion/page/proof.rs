//! The step between writing and sending, where the consultation asks for a verified contact. Every field of the
//! form is carried along unseen, whatever fields it has, so that nothing that was written is lost.

use entity::consultation::Model;
use entity::enums::IdentityLevel;
use poem::Response;
use web::attachment::FIELD_KEPT;
use web::form::FormState;
use web::identity::{
    FIELD_AGE, FIELD_CODE, FIELD_CONSENT_VERSION, FIELD_CONTACT, FIELD_GUARDIAN, FIELD_SENT_TO, FIELD_STEP,
    FIELD_TICKET, FIELD_VISIT, ProofView, Sending, Sent, Vouched,
};
use web::layout::{Frame, Nav};
use web::oidc::STEP_PREFIX;
use web::opinion::FIELD_BODY;

use super::words;
use crate::app::App;
use crate::challenge::Gate;
use crate::config::Audience;
use crate::http::challenge;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::identity::{Asked, Given, Proof};
use crate::oidc::page::choices;
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

/// What is being proved: the form it belongs to, and what stands in it.
pub struct About<'a> {
    pub target: &'a Model,
    pub sending: Sending,
    /// Where the form is sent to.
    pub action: String,
    /// What is going to be sent, in words.
    pub text: String,
    /// Tickets of what was attached.
    pub files: &'a [String],
}

impl<'a> About<'a> {
    pub fn opinion(target: &'a Model, form: &Form, files: &'a [String]) -> Self {
        let action = format!("/consultations/{}/opinion", target.code);
        Self { target, sending: Sending::Opinion, action, text: form.get(FIELD_BODY).to_owned(), files }
    }
}

/// Shows the step: asks for the contact, sends a code with `asking` when the button says so, or takes the code again.
///
/// # Errors
/// What cannot be mended on the page.
pub async fn show(
    app: &App,
    visitor: &Visitor,
    about: &About<'_>,
    form: &Form,
    asking: impl Future<Output = Result<Asked, Problem>>,
    problem: Problem,
) -> poem::Result<Response> {
    if Step::of(form) == Step::Code {
        return match asking.await {
            Ok(asked) => {
                let mut state = form.state(&Problem::new(Code::Invalid), visitor.lang);
                state.errors.clear();
                state.values.remove(FIELD_CODE);
                Ok(render::page(page(app, visitor, about, form, state, Stand::Sent(&asked))))
            }
            Err(problem) => render::form_again(problem, |p| {
                page(app, visitor, about, form, form.state(p, visitor.lang), Stand::Typed)
            }),
        };
    }
    let mut state = form.state(&problem, visitor.lang);
    // Whoever comes from the form has done nothing wrong yet.
    if form.get(FIELD_TICKET).is_empty() && form.get(FIELD_VISIT).is_empty() {
        state.errors.clear();
        return Ok(render::page(page(app, visitor, about, form, state, Stand::Typed)));
    }
    render::form_again(problem, |_| page(app, visitor, about, form, state, Stand::Typed))
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
    about: &About<'_>,
    form: &Form,
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
    let is_opinion = about.sending == Sending::Opinion;
    let providers = if is_opinion { choices(app, visitor, Audience::Residents) } else { Vec::new() };
    let view = ProofView {
        sending: about.sending,
        consultation_title: about.target.title.clone(),
        consultation: words::consultation(&about.target.code),
        action: about.action.as_str().into(),
        csrf: visitor.csrf().to_owned(),
        carried: carried(form, about.files),
        state,
        ticket,
        sent,
        vouched,
        providers,
        // A questionnaire asks for no more than a contact: it only keeps people to one answer.
        by_code: !is_opinion || about.target.identity != IdentityLevel::Oidc,
        text: about.text.clone(),
        guardian: is_child(form).then(|| form.get(FIELD_GUARDIAN).to_owned()),
    };
    let gate = challenge::before(app, &visitor.actor, Gate::Code);
    let frame = Frame { challenge: gate, ..visitor.frame(app, Nav::Consultations) };
    web::identity::proof(&frame, &view)
}
