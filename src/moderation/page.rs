//! The moderator's pages: the queue, one opinion, and one decision for equal opinions.

mod appeals;
mod attachments;
mod case;
mod equal;
mod flood;
mod lexicon;
mod queue;
mod reports;
mod templates;
mod words;
mod workload;

pub use words::{noticed, pieces};

use crate::http::pages::Pages;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .get("/desk/review", queue::show)
        .post("/desk/review/claim", queue::take)
        .post("/desk/review/release", queue::give_back)
        .get("/desk/review/:number", case::show)
        .post("/desk/review/:number", case::decide)
        .post("/desk/review/:number/second", case::second)
        .post("/desk/review/:number/leave-flood", flood::release_one)
        .post("/desk/floods/:id/release", flood::release)
        .post("/desk/review/:number/attachments", attachments::decide);
    templates::add(lexicon::add(pages))
        .get(workload::PATH, workload::show)
        .post("/desk/review/:number/undo", case::take_back)
        .get("/desk/review/:number/equal", equal::show)
        .post("/desk/review/:number/equal", equal::decide)
        .get("/desk/review/:number/near", equal::show_near)
        .post("/desk/review/:number/near", equal::decide_near)
        .get(appeals::LIST, appeals::show)
        .post("/desk/review/:number/appeal", appeals::decide)
        .get("/opinions/:number/report", reports::ask)
        .post("/opinions/:number/report", reports::send)
        .get(reports::LIST, reports::show)
        .get("/desk/reports/:number", reports::open)
        .post("/desk/reports/:number", reports::act)
}
