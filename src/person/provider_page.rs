//! Coming to one's data by a provider, and what the page offers for it.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::layout::Nav;
use web::link::Href;
use web::path;
use web::person::EnterWith;

use super::PURPOSE;
use super::page::{over, private, proof_form, with_cookie};
use crate::app::App;
use crate::config::Audience;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{self, see_other};
use crate::http::visitor::Visitor;
use crate::oidc::page::{Led, choices, leave, way_out};
use crate::oidc::{self, Browser, Errand};
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages.post("/my-data/with/:provider", go).get(ARRIVED, arrived)
}

/// Where somebody goes on whom a provider vouched for.
const ARRIVED: &str = "/my-data/arrived";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Left {
    /// By which provider the session was begun that just ended.
    pub by: String,
}

pub(super) fn with(app: &App, visitor: &Visitor) -> EnterWith {
    EnterWith { providers: choices(app, visitor, Audience::Residents), sign_out: None }
}

pub(super) async fn sign_out(app: &App, visitor: &Visitor, by: &str) -> Option<(String, Href)> {
    way_out(app, visitor, by, Audience::Residents, path::MY_DATA).await
}

#[handler]
async fn go(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Path(key): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let errand = Errand {
        audience: Audience::Residents,
        purpose: PURPOSE.to_owned(),
        back: ARRIVED.to_owned(),
        carried: Vec::new(),
    };
    match oidc::send(app, &visitor.actor, &key, errand, &browser, visitor.lang_code()).await {
        Ok(departure) => Ok(leave(app, &visitor, &departure)?),
        Err(problem) if matches!(problem.code, Code::Unavailable | Code::TooMany) => {
            Ok(enter_again(app, &visitor, &form, &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn enter_again(app: &App, visitor: &Visitor, form: &Form, problem: &Problem) -> Response {
    let form = proof_form(visitor, path::MY_DATA, Some((form, problem)), None);
    let markup = web::person::enter(&visitor.frame(app, Nav::Lookup), &form, &with(app, visitor));
    private(render::page_with(poem::error::ResponseError::status(problem), markup))
}

#[handler]
async fn arrived(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Query(led): Query<Led>,
) -> poem::Result<Response> {
    let visit = match oidc::look(app, &browser, &led.visit, PURPOSE).await {
        // After a refusal, or again: the page itself knows whether somebody is there.
        Ok(visit) if visit.arrival.is_none() || visit.used => return Ok(over()),
        Ok(visit) => visit,
        Err(problem) if problem.code == Code::NotFound => return Ok(over()),
        Err(problem) => return Err(problem.into()),
    };
    match super::enter_by(app, &visitor.actor, &visit).await {
        Ok(secret) => Ok(with_cookie(app, see_other(path::MY_DATA), &secret)),
        Err(problem) if problem.code == Code::ContactUnproven => {
            Ok(enter_again(app, &visitor, &Form::default(), &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}
