//! Pages of questionnaires: answering, the receipt, the results, and the owner's desk.

mod answer;
mod desk;
mod edit;
mod file;
mod receipt;
mod results;
mod view;

pub use view::card;

use crate::http::pages::Pages;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .get("/consultations/:code/questionnaire", answer::show)
        .post("/consultations/:code/questionnaire", answer::send)
        .shared("/consultations/:code/questionnaire/results", results::show)
        .shared("/consultations/:code/questionnaire/results.csv", file::of_everybody)
        .get("/receipts/questionnaires/:code", receipt::show);
    pages
        .get("/desk/consultations/:code/questionnaire", desk::show)
        .post("/desk/consultations/:code/questionnaire", desk::send)
        .post("/desk/consultations/:code/questionnaire/ready", desk::switch)
        .post("/desk/consultations/:code/questionnaire/order", desk::order)
        .get("/desk/consultations/:code/questionnaire/preview", desk::preview)
        .get("/desk/consultations/:code/questionnaire/questions/:which", edit::show)
        .post("/desk/consultations/:code/questionnaire/questions/:which", edit::send)
        .get("/desk/consultations/:code/questionnaire/results.csv", file::of_desk)
        .post("/desk/consultations/:code/questionnaire/responses.csv", file::singles)
}
