//! Pages of the site as a whole.

pub(super) mod home;
mod rules;

use poem::web::Data;
use poem::{IntoResponse as _, Response, handler};
use web::layout::Nav;
use web::path;
use web::site::MapView;

use super::{column, consultation_list, consultation_page, dossier, feed, machines};
use crate::app::App;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::publication;

/// More catalogues than a bureau has departments.
const CATALOGUES: u64 = 40;

pub fn add(pages: Pages) -> Pages {
    consultation_list::add(consultation_page::add(pages))
        .shared(path::HOME, show_home)
        .shared(path::FEED_CONSULTATIONS, feed::consultations)
        .shared(path::FEED_SUMMARIES, feed::summaries)
        .shared(path::DECISIONS, column::show)
        .shared(dossier::SHOW, dossier::show)
        .shared(dossier::VERSION, dossier::show_version)
        .shared(path::NOTICE, show_rules)
        .shared(path::ACCESSIBILITY, show_accessibility)
        .shared(path::SITE_MAP, show_map)
        .shared("/robots.txt", robots)
        .shared("/.well-known/security.txt", security)
}

#[handler]
async fn show_home(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let mut view = home::view(app, visitor.lang).await?;
    visitor.csrf().clone_into(&mut view.csrf);
    Ok(render::page(web::home::home(&visitor.frame(app, Nav::Home), &view)))
}

#[handler]
async fn show_rules(Data(app): Data<&App>, visitor: Visitor) -> Response {
    let frame = visitor.frame(app, Nav::None);
    render::page(web::site::rules(&frame, &rules::view(app, visitor.lang)))
}

#[handler]
async fn show_accessibility(Data(app): Data<&App>, visitor: Visitor) -> Response {
    render::page(web::site::accessibility(&visitor.frame(app, Nav::None)))
}

#[handler]
async fn show_map(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let catalogues = publication::recent(app.db.read(), publication::CATALOGUE, CATALOGUES).await?;
    let catalogues = catalogues.into_iter().map(|p| (p.title, p.path.into())).collect();
    let frame = visitor.frame(app, Nav::None);
    Ok(render::page(web::site::site_map(&frame, &MapView { catalogues })))
}

#[handler]
async fn robots(Data(app): Data<&App>) -> Response {
    machines::robots(app).with_content_type("text/plain; charset=utf-8").into_response()
}

#[handler]
async fn security(Data(app): Data<&App>) -> Response {
    machines::security(app).with_content_type("text/plain; charset=utf-8").into_response()
}
