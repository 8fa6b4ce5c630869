//! Pages of giving an opinion, its receipt and state, and of taking one down.

mod attached;
mod batch;
mod fairness;
mod files;
mod form;
pub mod proof;
mod provider;
mod receipt;
mod record;
mod several;
mod support;
mod way;
pub mod words;

pub use attached::attached;

use crate::http::pages::Pages;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .get("/consultations/:code/opinion", form::show)
        .post("/consultations/:code/opinion", form::send)
        .get("/consultations/:code/opinion/arrived", provider::arrived)
        .get("/consultations/:code/opinion/several", several::show)
        .post("/consultations/:code/opinion/several", several::send)
        .get("/receipts/submissions/:code", several::submission)
        .get("/opinions/:number/support", support::show)
        .post("/opinions/:number/support", support::send)
        .get("/receipts", receipt::lookup)
        .post("/receipts", receipt::look_up)
        .get("/receipts/:code", receipt::show)
        .get("/receipts/:code/receipt.txt", receipt::download)
        .post("/receipts/:code/revise", receipt::revise)
        .post("/receipts/:code/appeal", receipt::object)
        .post("/receipts/:code/withdraw", receipt::take_back)
        .get("/receipts/:code/files/:id", files::of_author)
        .get("/consultations/:code/files/:id", files::of_everybody)
        .get("/desk/opinions/:number/files/:id", files::of_staff)
        .shared("/consultations/:code/fairness", fairness::show);
    pages
        .get("/desk/consultations/:code/opinions/new", record::show)
        .post("/desk/consultations/:code/opinions/new", record::send)
        .get("/desk/consultations/:code/opinions/batch", batch::show)
        .get("/desk/consultations/:code/opinions/batch/template.csv", batch::template)
        .post("/desk/consultations/:code/opinions/batch/preview", batch::look)
        .post("/desk/consultations/:code/opinions/batch/import", batch::send)
}
