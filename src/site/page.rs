//! Pages of the site as a whole.

use poem::web::Data;
use poem::{Response, handler};
use web::layout::Nav;
use web::path;

use super::{consultation_page, home};
use crate::app::App;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;

pub fn add(pages: Pages) -> Pages {
    consultation_page::add(pages).get(path::HOME, show_home)
}

#[handler]
async fn show_home(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let mut view = home::view(app).await?;
    visitor.csrf().clone_into(&mut view.csrf);
    Ok(render::page(web::home::home(&visitor.frame(app, Nav::Home), &view)))
}
