//! The way to the sign-in page and to the second factor, and back.

use poem::http::{HeaderValue, header};
use poem::{Request, Response};
use web::layout::Nav;

use crate::app::App;
use crate::http::render;
use crate::http::visitor::Visitor;

/// What somebody reaches who needs a second factor and has none: setting it up, and the way out.
pub fn is_open_without_factor(path: &str) -> bool {
    let below = path.strip_prefix(web::path::SECOND_FACTOR);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == web::path::SIGN_OUT
}

/// Whether somebody followed a link on another site, for instance in a mail read in the browser.
pub fn is_linked(request: &Request) -> bool {
    request.header("sec-fetch-site") == Some("cross-site")
}

/// The sign-in page, which knows where to go on, and leads there at once whoever is signed in.
pub fn sign_in_path(visitor: &Visitor) -> String {
    let back = poem::http::Uri::try_from(visitor.path.as_str())
        .map_or_else(|_| String::new(), |u| u.path().to_owned());
    format!("{}?next={back}", web::path::SIGN_IN)
}

/// A page that goes on to the sign-in page by itself, and so from this site.
pub fn lead_on(app: &App, visitor: &Visitor) -> Response {
    let to = sign_in_path(visitor);
    let mut response = render::page(web::sign_in::lead_on(&visitor.frame(app, Nav::None), &to));
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={to}")) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}
