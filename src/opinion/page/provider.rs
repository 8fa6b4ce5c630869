//! The way to a provider and back between writing and sending. What was typed waits here, sealed, meanwhile.

use entity::consultation::Model;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::attachment::FIELD_KEPT;
use web::identity::{FIELD_CONTACT, Vouched};
use web::opinion::FIELD_BODY;
use web::opinion::FIELD_WORDING;

use super::form::{closed, edit};
use super::proof::{self, Stand};
use crate::app::App;
use crate::config::Audience;
use crate::consultation::{Stage, stage};
use crate::http::form::Form;
use crate::http::render::{self, can_be_mended};
use crate::http::visitor::Visitor;
use crate::identity::Use;
use crate::oidc::page::{Led, leave, refused};
use crate::oidc::{self, Browser, Errand, Refusal};
use crate::opinion::{code, store, wording};
use crate::problem::{Code, Problem};
use crate::text;

/// Sends the person to a provider with what was typed; when that cannot be, shows the step again.
pub async fn go(
    app: &App,
    visitor: &Visitor,
    browser: &Browser,
    target: &Model,
    form: &Form,
    files: &[String],
    key: &str,
) -> poem::Result<Response> {
    let mut carried = proof::carried(form, files);
    // Who comes back with nothing finds the contact as it was typed.
    carried.push((FIELD_CONTACT.to_owned(), form.get(FIELD_CONTACT).to_owned()));
    let errand = Errand {
        audience: Audience::Residents,
        purpose: Use::Opinion(&target.code).to_string(),
        back: format!("/consultations/{}/opinion/arrived", target.code),
        carried,
    };
    match oidc::send(app, &visitor.actor, key, errand, browser, visitor.lang_code()).await {
        Ok(departure) => Ok(leave(app, visitor, &departure)?),
        Err(problem) if can_be_mended(&problem) || problem.code == Code::Unavailable => {
            let status = poem::error::ResponseError::status(&problem);
            let state = form.state(&problem, visitor.lang);
            let about = proof::About::opinion(target, form, files);
            let page = proof::page(app, visitor, &about, form, state, Stand::Typed);
            Ok(render::page_with(status, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[handler]
pub async fn arrived(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Path(path): Path<String>,
    Query(led): Query<Led>,
) -> poem::Result<Response> {
    let (target, _) = store::target(app.db.read(), code(&path)?).await?;
    if stage(&target, app.now()) == Stage::Draft {
        return Err(Problem::not_found().into());
    }
    let again = format!("/consultations/{}/opinion", target.code);
    let purpose = Use::Opinion(&target.code).to_string();
    let visit = match oidc::look(app, &browser, &led.visit, &purpose).await {
        Ok(visit) if visit.used => return Ok(refused(app, &visitor, Refusal::Repeated, None, Some(again))),
        Ok(visit) => visit,
        Err(problem) if problem.code == Code::NotFound => {
            return Ok(refused(app, &visitor, Refusal::Unknown, None, Some(again)));
        }
        Err(problem) => return Err(problem.into()),
    };
    let form = Form::of(visit.carried);
    if stage(&target, app.now()) == Stage::Closed {
        let text = wording::join(form.get(FIELD_BODY), form.get(FIELD_WORDING));
        return Ok(render::page_with(StatusCode::CONFLICT, closed(app, &visitor, &target, text)));
    }
    let Some(arrival) = visit.arrival else {
        // Refused there: the form as it was written.
        return edit(app, &visitor, &target, &form).await;
    };
    let name = app.providers.get(&visit.provider).map(|p| oidc::name(p));
    let vouched = Vouched {
        by: name.map(|name| visitor.say(&name)).unwrap_or_default(),
        contact: arrival.contact.as_deref().map(text::mask_contact).unwrap_or_default(),
        ticket: arrival.ticket,
    };
    let mut state = form.state(&Problem::new(Code::Invalid), visitor.lang);
    state.errors.clear();
    let files = form.all(FIELD_KEPT).to_vec();
    let about = proof::About::opinion(&target, &form, &files);
    let page = proof::page(app, &visitor, &about, &form, state, Stand::Vouched(vouched));
    Ok(render::secret(render::page(page), true))
}
