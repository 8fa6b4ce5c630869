//! The pages before a closed gate: which forms ask for a task, and the page that carries everything typed along while
//! the task is solved, or its reader waits. No handler has to know: an operation that answers `challenge_required`
//! leads here.

use std::collections::BTreeMap;

use poem::Response;
use poem::http::{StatusCode, header};
use web::attachment::FIELD_KEPT;
use web::challenge::{GateView, Wait, gate as gate_page};
use web::layout::Nav;

use crate::actor::Actor;
use crate::app::App;
use crate::challenge::{self, FIELD, Gate};
use crate::config::When;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

/// What a form sent.
pub type Sent = BTreeMap<String, Vec<String>>;

/// The gate that the form of a page leads through.
fn of_page(path: &str) -> Option<Gate> {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["consultations", _, "opinion"] | ["consultations", _, "opinion", "several"] => Some(Gate::Opinion),
        ["messages", "new"] => Some(Gate::Message),
        ["qa", _, "ask"] => Some(Gate::Question),
        ["events", _, "sessions", _, "register"] => Some(Gate::Registration),
        ["opinions", _, "support"] => Some(Gate::Support),
        ["my-data"] => Some(Gate::Code),
        _ => None,
    }
}

/// The same where the gate may be closed to this visitor.
pub fn on_page(app: &App, actor: &Actor, path: &str) -> Option<&'static str> {
    if !app.config.challenge.is_used() {
        return None;
    }
    of_page(path).and_then(|gate| before(app, actor, gate))
}

/// The name of a gate that may be closed to this visitor.
pub fn before(app: &App, actor: &Actor, gate: Gate) -> Option<&'static str> {
    let open = gate.when(&app.config.challenge) == When::Off || actor.staff().is_some();
    (!open).then(|| gate.as_str())
}

/// A form came: what it brings for a gate, and itself, should the gate stay closed.
pub fn keep(app: &App, visitor: &Visitor, sent: &Sent, answer: &str) {
    if app.config.challenge.is_used() {
        let _ = visitor.actor.gate.answer.set(answer.to_owned());
        let _ = visitor.sent.set(sent.clone());
    }
}

/// The page for a form that was stopped; none where there was no form, or it was stopped by something else.
pub async fn way(app: &App, visitor: &Visitor, problem: &Problem) -> Option<Response> {
    if problem.code != Code::ChallengeRequired {
        return None;
    }
    show(app, visitor, visitor.sent.get()?, &[], problem).await.ok()
}

/// The same for a form whose files were taken already: their tickets are carried along.
///
/// # Errors
/// The database's own.
pub async fn carry(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    files: &[String],
    problem: &Problem,
) -> poem::Result<Response> {
    Ok(show(app, visitor, form.values(), files, problem).await?)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    sent: &Sent,
    files: &[String],
    problem: &Problem,
) -> Result<Response, Problem> {
    let gate = visitor.actor.gate.closed.get().and_then(|name| Gate::parse(name)).unwrap_or(Gate::Opinion);
    let shown = sent.get(FIELD).and_then(|v| v.first()).map(String::as_str).unwrap_or_default();
    // A ticket that is not due yet is kept: another would make its reader wait from the beginning.
    let wait = match problem.retry_after {
        Some(left) => Wait::Until { ticket: shown.to_owned(), seconds: left, early: true },
        None => match challenge::ticket(app, &visitor.actor, gate).await {
            Ok((ticket, seconds)) => Wait::Until { ticket, seconds: seconds.into(), early: false },
            Err(problem) if problem.code == Code::TooMany => Wait::TooMany(problem.wait().unwrap_or(60)),
            Err(problem) => return Err(problem),
        },
    };
    let fields = sent.iter().filter(|(name, _)| !["csrf", FIELD, FIELD_KEPT].contains(&name.as_str()));
    let carried = fields.flat_map(|(name, values)| values.iter().map(move |v| (name.clone(), v.clone())));
    let kept = sent.get(FIELD_KEPT).into_iter().flatten().chain(files);
    let mut tickets: Vec<(String, String)> = Vec::new();
    for ticket in kept {
        if !tickets.iter().any(|(_, known)| known == ticket) {
            tickets.push((FIELD_KEPT.to_owned(), ticket.clone()));
        }
    }
    let view = GateView {
        action: visitor.path.clone().into(),
        csrf: visitor.csrf().to_owned(),
        carried: carried.chain(tickets).collect(),
        field: FIELD,
        wait,
    };
    let frame = web::layout::Frame { challenge: Some(gate.as_str()), ..visitor.frame(app, Nav::None) };
    let mut response = render::page_with(StatusCode::FORBIDDEN, gate_page(&frame, &view));
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_through_their_gates() {
        assert_eq!(of_page("/consultations/2026-001-1/opinion?clause=x"), Some(Gate::Opinion));
        assert_eq!(of_page("/events/E1/sessions/2/register"), Some(Gate::Registration));
        assert_eq!(of_page("/consultations/2026-001-1"), None);
        assert_eq!(of_page("/"), None);
    }
}
