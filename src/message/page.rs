//! Pages of the board: for everybody, for authors behind their lookup code, and the desk.

mod board;
mod desk;
mod form;
mod places;
mod receipt;

pub use places::below;

use web::form::Choice;
use web::lang::Lang;
use web::path;

use crate::app::App;
use crate::department;
use crate::http::lang_words;
use crate::http::pages::Pages;
use crate::message::words::kind_words;
use crate::problem::Problem;
use entity::enums::MessageKind;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .shared(path::MESSAGES, board::show)
        .get(path::MESSAGES_NEW, form::show)
        .post(path::MESSAGES_NEW, form::send)
        .shared(path::MESSAGES_FIGURES, board::figures)
        .shared("/messages/:number", board::one)
        .get("/receipts/messages/:code", receipt::show)
        .get("/receipts/messages/:code/receipt.txt", receipt::download)
        .post("/receipts/messages/:code/vote", receipt::vote)
        .post("/receipts/messages/:code/follow-up", receipt::ask);
    pages
        .get(path::DESK_MESSAGES, desk::show)
        .get(path::DESK_MESSAGE_PAGES, places::show)
        .post(path::DESK_MESSAGE_PAGES, places::open)
        .post("/desk/message-pages/close", places::close)
        .get("/desk/messages/:number", desk::case)
        .post("/desk/messages/:number/accept", desk::accept)
        .post("/desk/messages/:number/reject", desk::reject)
        .post("/desk/messages/:number/route", desk::route)
        .post("/desk/messages/:number/extend", desk::extend)
        .post("/desk/messages/:number/answer", desk::answer)
        .post("/desk/messages/:number/publish", desk::publish)
        .post("/desk/messages/:number/take-down", desk::take_down)
        .post("/desk/messages/:number/follow-up", desk::follow_up)
}

fn kinds(lang: Lang) -> impl Iterator<Item = Choice> {
    MessageKind::ALL.iter().map(move |k| Choice::new(k.as_str(), lang_words(lang, &kind_words(*k))))
}

/// Every department by its key, after a first choice that is none of them.
async fn departments(app: &App, none: &str) -> Result<Vec<Choice>, Problem> {
    let all = department::all(app.db.read()).await?.into_iter();
    Ok(std::iter::once(Choice::new("", none)).chain(all.map(|d| Choice::new(d.key, d.name))).collect())
}
