//! The public page of results.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::component::FileLink;
use web::layout::Nav;
use web::link::Href;
use web::questionnaire::{ResultsView, results as results_page};

use super::view;
use crate::app::App;
use crate::consultation::{Stage, stage};
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::questionnaire::results::{FEW, of_public};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let r = of_public(app, &code).await?;
    let lang = visitor.lang;
    let file = r.figures.as_ref().map(|_| FileLink {
        label: lang.t("统计结果", "Figures").to_owned(),
        href: Href::new(format!("{}/results.csv", view::path(&r.consultation.code))),
        format: "CSV".to_owned(),
        size: String::new(),
    });
    let view = ResultsView {
        consultation: format!("/consultations/{}", r.consultation.code).into(),
        title: r.questionnaire.title.clone(),
        responses: r.responses,
        figures: r.figures.as_ref().map(|all| view::figures(lang, all)),
        few: FEW,
        closes: r.consultation.closes_on,
        is_open: stage(&r.consultation, app.now()) == Stage::Open,
        file,
        consultation_title: r.consultation.title,
    };
    Ok(render::page(results_page(&visitor.frame(app, Nav::Consultations), &view)))
}
