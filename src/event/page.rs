//! Pages of events: for the public, for who registered, for organisers and the door.

mod desk;
mod door;
mod draw;
mod edit;
mod feedback;
mod hearing;
pub mod labels;
mod materials;
mod pictures;
mod print;
mod public;
mod register;
mod registration;

use crate::http::pages::Pages;
use web::path;

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .shared(path::EVENTS, public::show_list)
        .shared(path::EVENTS_CALENDAR, public::feed)
        .shared("/events/:code", public::show)
        .shared("/events/:code/calendar.ics", public::calendar)
        .shared("/events/:code/poster", print::poster)
        .get("/events/:code/files/:picture", pictures::show)
        .shared("/events/:code/sessions/:number/draw", draw::show)
        .get("/events/:code/sessions/:number/draw.json", draw::file)
        .get("/events/:code/sessions/:number/register", register::show)
        .post("/events/:code/sessions/:number/register", register::send)
        .get("/registrations/:code", registration::show)
        .get("/registrations/:code/ticket", print::ticket)
        .get("/registrations/:code/feedback", feedback::show)
        .post("/registrations/:code/feedback", feedback::send)
        .post("/registrations/:code/accept", registration::accept)
        .post("/registrations/:code/size", registration::shrink)
        .post("/registrations/:code/record", registration::confirm_record)
        .post("/registrations/:code/cancel", registration::give_up);
    pages
        .get("/desk/events", desk::show_list)
        .get("/desk/events/new", edit::new)
        .post("/desk/events/new", edit::create)
        .get("/desk/events/:code", desk::show)
        .get("/desk/events/:code/edit", edit::show)
        .post("/desk/events/:code/edit", edit::save)
        .get("/desk/events/:code/sessions/new", edit::new_session)
        .post("/desk/events/:code/sessions/new", edit::add_session)
        .get("/desk/events/:code/sessions/:number/edit", edit::show_session)
        .post("/desk/events/:code/sessions/:number/edit", edit::save_session)
        .post("/desk/events/:code/sessions/:number/remove", desk::remove_session)
        .post("/desk/events/:code/sessions/:number/draw", desk::hold_draw)
        .post("/desk/events/:code/publish", desk::publish)
        .post("/desk/events/:code/cancel", desk::cancel)
        .post("/desk/events/:code/discard", desk::discard)
        .post("/desk/events/:code/hearing/selection", hearing::select)
        .post("/desk/events/:code/hearing/participants", hearing::list)
        .post("/desk/events/:code/hearing/materials", hearing::deliver)
        .post("/desk/events/:code/hearing/record", hearing::record_one)
        .post("/desk/events/:code/hearing/signature", hearing::sign)
        .post("/desk/events/:code/opinions", hearing::voice_one)
        .post("/desk/events/:code/report", desk::report)
        .post("/desk/events/:code/materials", materials::add)
        .post("/desk/events/:code/materials/:material/remove", materials::remove)
        .post("/desk/events/:code/pictures", pictures::add)
        .post("/desk/events/:code/pictures/:picture/remove", pictures::remove)
        .get("/desk/events/:code/sessions/:number/door", door::show)
        .get("/desk/events/:code/sessions/:number/list.csv", door::file)
        .post("/desk/events/:code/sessions/:number/check-in", door::check_in)
        .post("/desk/events/:code/sessions/:number/scans", door::scan)
        .post("/desk/events/:code/sessions/:number/walk-in", door::walk_in)
}
