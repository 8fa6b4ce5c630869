//! The pages between this site and a provider. A form's answer may not lead to another host by a redirect (our own
//! Content-Security-Policy forbids it, `form-action 'self'`), and after a redirect from another host the browser keeps
//! a `Strict` cookie back; so a page of ours stands in between both ways, and goes on by itself.

use maud::Markup;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Data, Query};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use serde::Deserialize;
use web::layout::Nav;
use web::link::Href;
use web::oidc::{ProviderChoice, RefusedView};
use web::path;

use super::{Browser, Callback, Departure, Outcome, Refusal, come_back, name, sign_out_address};
use crate::app::App;
use crate::config::Audience;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::{Visitor, cookie};
use crate::problem::{Problem, Words};

pub fn add(pages: Pages) -> Pages {
    pages.get(path::CALLBACK, callback)
}

impl<'a> FromRequest<'a> for Browser {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = request.data::<App>().ok_or_else(|| Problem::internal("no app"))?;
        Ok(Self::parse(app, cookie(request, Self::cookie_name(app)).unwrap_or_default()))
    }
}

/// The providers that a page offers, in their order in the settings.
pub fn choices(app: &App, visitor: &Visitor, audience: Audience) -> Vec<ProviderChoice> {
    let choice = |p: &std::sync::Arc<super::Provider>| ProviderChoice {
        key: p.key.clone(),
        name: visitor.say(&name(p)),
    };
    app.providers.of(audience).map(choice).collect()
}

/// The page that goes on after a provider comes with the visit.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Led {
    pub visit: String,
}

/// What the provider is called by which a session was begun, and the way out of it as well; none where it is not for
/// these people any more, or has no such way.
pub async fn way_out(
    app: &App,
    visitor: &Visitor,
    by: &str,
    audience: Audience,
    back: &str,
) -> Option<(String, Href)> {
    let provider = app.providers.get(by).filter(|p| p.settings.is_for(audience))?;
    let to = sign_out_address(app, by, back).await?;
    Some((visitor.say(&name(provider)), to.into()))
}

/// A page that goes on to an address by itself; the way before it stays here.
fn going_on(markup: Markup, to: &str) -> Result<Response, Problem> {
    let mut response = render::secret(render::page(markup), false);
    let refresh = HeaderValue::from_str(&format!("0; url={to}")).map_err(Problem::internal)?;
    response.headers_mut().insert(header::REFRESH, refresh);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Sends the browser to a provider.
///
/// # Errors
/// `internal`; an address of ours always fits into a header.
pub fn leave(app: &App, visitor: &Visitor, departure: &Departure) -> Result<Response, Problem> {
    let name = visitor.say(&departure.name);
    let frame = visitor.frame(app, Nav::None);
    let mut response = going_on(web::oidc::leave(&frame, &name, &departure.url), &departure.url)?;
    let cookie = HeaderValue::from_str(&departure.cookie).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

#[handler]
async fn callback(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    said: poem::Result<Query<Callback>>,
) -> poem::Result<Response> {
    // What cannot be read names no visit.
    let said = said.map(|Query(said)| said).unwrap_or_default();
    Ok(match come_back(app, &visitor.actor, &said, &browser).await? {
        Outcome::Arrived { back } => {
            going_on(web::oidc::arrived(&visitor.frame(app, Nav::None), &back), &back)?
        }
        Outcome::Refused { why, provider, back } => refused(app, &visitor, why, provider.as_ref(), back),
    })
}

/// The page that says why nothing came of it.
pub fn refused(
    app: &App,
    visitor: &Visitor,
    why: Refusal,
    provider: Option<&Words>,
    back: Option<String>,
) -> Response {
    let view = RefusedView {
        title: visitor.say(&why.title()),
        advice: visitor.say(&why.advice()),
        provider: provider.map(|name| visitor.say(name)),
        back: back.map(Into::into),
    };
    let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::FORBIDDEN);
    let page = render::page_with(status, web::oidc::refused(&visitor.frame(app, Nav::None), &view));
    let mut response = render::secret(page, false);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
