//! Pages of online questions and answers: for everybody, for authors behind their lookup code, and the desk.

mod ask;
mod desk;
mod edit;
mod public;
mod question;
mod receipt;

use web::label::{QaState, QuestionState};
use web::path;

use crate::http::pages::Pages;
use crate::qa::Stage;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .shared(path::QA, public::show_list)
        .shared("/qa/:code", public::show)
        .get("/qa/:code/live", public::live)
        .get("/qa/:code/ask", ask::show)
        .post("/qa/:code/ask", ask::send)
        .get("/receipts/qa/:lookup", receipt::show);
    pages
        .get(path::DESK_QA, desk::show_list)
        .get("/desk/qa/new", edit::new)
        .post("/desk/qa/new", edit::create)
        .get("/desk/qa/:code", desk::show)
        .get("/desk/qa/:code/edit", edit::show)
        .post("/desk/qa/:code/edit", edit::save)
        .post("/desk/qa/:code/publish", desk::publish)
        .post("/desk/qa/:code/cancel", desk::cancel)
        .post("/desk/qa/:code/discard", desk::discard)
        .get("/desk/qa/:code/questions/:number", question::show)
        .post("/desk/qa/:code/questions/:number/publish", question::publish)
        .post("/desk/qa/:code/questions/:number/reject", question::reject)
        .post("/desk/qa/:code/questions/:number/route", question::route)
        .post("/desk/qa/:code/questions/:number/answer", question::answer)
}

fn stage_label(stage: Stage) -> QaState {
    match stage {
        Stage::Draft => QaState::Draft,
        Stage::Announced => QaState::Announced,
        Stage::Collecting => QaState::Collecting,
        Stage::Live => QaState::Live,
        Stage::Ended => QaState::Ended,
        Stage::Cancelled => QaState::Cancelled,
    }
}

fn state_label(state: entity::enums::QuestionState) -> QuestionState {
    match state {
        entity::enums::QuestionState::Pending => QuestionState::Pending,
        entity::enums::QuestionState::Published => QuestionState::Published,
        entity::enums::QuestionState::Answered => QuestionState::Answered,
        entity::enums::QuestionState::Rejected => QuestionState::Rejected,
    }
}
