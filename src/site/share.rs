//! The short address of a consultation, its square code, and the poster that carries both.

use entity::consultation::Model;
use poem::web::{Data, Path};
use poem::{Response, handler};
use qrcode::{Color, EcLevel, QrCode};
use web::component::Square;
use web::consultation::{PosterView, Share};
use web::layout::Nav;
use web::link::Href;

use super::consultation_page::visible;
use super::said;
use crate::app::App;
use crate::consultation::{Stage, show, stage};
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// What is passed on of a published consultation.
pub(super) fn of(app: &App, c: &Model) -> Share {
    let link = format!("{}/c/{}", app.config.base_url(), c.code);
    Share { square: square(&link), link, poster: Href::new(format!("/consultations/{}/poster", c.code)) }
}

fn square(address: &str) -> Option<Square> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let dark = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
    Some(Square { width: code.width(), dark })
}

/// `/c/CODE`: short enough for a poster and a text message.
#[handler]
pub(super) async fn short(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    Ok(render::see_other(&format!("/consultations/{}", c.code)))
}

#[handler]
pub(super) async fn poster(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    // Nothing is hung up before it is published.
    if c.published_at.is_none() {
        return Err(Problem::not_found().into());
    }
    let facts = said::facts(app.db.read(), &c).await?;
    let view = PosterView {
        title: c.title.clone(),
        consultation: show::href(&c),
        department: facts.department,
        opens: c.opens_on,
        closes: c.closes_on,
        open: matches!(stage(&c, app.now()), Stage::Announced | Stage::Open),
        plain: c.plain.clone(),
        share: of(app, &c),
        channels: show::channels(&c),
    };
    Ok(render::page(web::consultation::poster(&visitor.frame(app, Nav::Consultations), &view)))
}
