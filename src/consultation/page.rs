//! The owner's pages of consultations. The public pages, which also show opinions, are the site's.

use entity::consultation::Model;
use entity::decision as decision_row;
use entity::enums::IdentityLevel;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::desk::consultation::ConsultationsView;
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::{Content, Correction, Extend, list, staff_view, store};
use crate::app::App;
use crate::calendar::civil;
use crate::decision;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, see_other};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const DESK: &str = "/desk/consultations";
const PAGE: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(DESK, show_list)
        .get("/desk/decisions/:code/consultations/new", show_new)
        .post("/desk/decisions/:code/consultations/new", do_new)
        .get("/desk/consultations/:code", show_desk)
        .get("/desk/consultations/:code/edit", show_edit)
        .post("/desk/consultations/:code/edit", do_edit)
        .post("/desk/consultations/:code/publish", do_publish)
        .post("/desk/consultations/:code/extend", do_extend)
        .post("/desk/consultations/:code/correct", do_correct)
        .post("/desk/consultations/:code/discard", do_discard)
}

/// The consultation of an address and its decision, if this person may read its desk.
async fn readable(app: &App, visitor: &Visitor, code: &str) -> Result<(Model, decision_row::Model), Problem> {
    visitor.actor.require_staff()?;
    let c = store::by_code(app.db.read(), code).await?;
    let decision = decision::find(app.db.read(), c.decision_id).await?;
    decision::may_read_desk(&visitor.actor, &decision)?;
    Ok((c, decision))
}

/// The same, if this person runs it: forms are for them alone.
async fn mine(app: &App, visitor: &Visitor, code: &str) -> Result<(Model, decision_row::Model), Problem> {
    let (c, decision) = readable(app, visitor, code).await?;
    decision::may_run(&visitor.actor, &decision)?;
    Ok((c, decision))
}

async fn decision_of(app: &App, visitor: &Visitor, code: &str) -> Result<decision_row::Model, Problem> {
    visitor.actor.require_staff()?;
    let decision = decision::by_code(app.db.read(), code).await?;
    decision::may_read_desk(&visitor.actor, &decision)?;
    decision::may_run(&visitor.actor, &decision)?;
    Ok(decision)
}

fn desk_path(c: &Model) -> String {
    format!("{DESK}/{}", c.code)
}

#[derive(Deserialize)]
struct PageQuery {
    #[serde(default)]
    page: Option<u64>,
}

#[handler]
async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<PageQuery>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let mut departments = staff.heads.clone();
    if staff.has(entity::enums::Role::Owner) {
        departments.push(staff.department_id);
    }
    if departments.is_empty() {
        return Err(Problem::forbidden().into());
    }
    let number = query.page.unwrap_or(1).clamp(1, 10_000);
    let db = app.db.read();
    let mut rows = store::of_departments(db, &departments, PAGE + 1, (number - 1) * PAGE).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let listed = list::listed(db, rows).await?;
    let to = |n: u64| Href::new(format!("{DESK}?page={n}"));
    let view = ConsultationsView {
        rows: listed.iter().map(|l| staff_view::row(app, l)).collect(),
        pager: Pager {
            previous: (number > 1).then(|| to(number - 1)),
            next: more.then(|| to(number + 1)),
            note: String::new(),
        },
    };
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::consultation::consultations(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn show_new(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let decision = decision_of(app, &visitor, &code).await?;
    let existing = store::of_decision(app.db.read(), decision.id).await?;
    if let Some(draft) = existing.iter().find(|c| c.published_at.is_none()) {
        return Ok(see_other(&desk_path(draft)));
    }
    let state = staff_view::fresh(app, &decision).await?;
    let view = staff_view::form(app, &visitor, &decision, None, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::consultation::consultation_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn content(form: &Form) -> Result<Content, Problem> {
    Ok(Content {
        document_id: None,
        title: form.get("title").to_owned(),
        notice: form.get("notice").to_owned(),
        plain: form.get("plain").to_owned(),
        opens_on: form.parse("opens_on", civil::parse_date)?,
        closes_on: form.parse("closes_on", civil::parse_date)?,
        short_reason: form.opt("short_reason"),
        contact_name: form.get("contact_name").to_owned(),
        address: form.get("address").to_owned(),
        postcode: form.get("postcode").to_owned(),
        email: form.get("email").to_owned(),
        phone: form.get("phone").to_owned(),
        identity: form.parse_opt("identity", IdentityLevel::parse)?.unwrap_or(IdentityLevel::Unverified),
    })
}

async fn create(
    app: &App,
    visitor: &Visitor,
    decision: &decision_row::Model,
    form: &Form,
) -> Result<Model, Problem> {
    super::create(app, &visitor.actor, decision.id, &content(form)?).await
}

#[handler]
async fn do_new(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let decision = decision_of(app, &visitor, &code).await?;
    match create(app, &visitor, &decision, &form).await {
        Ok(c) => Ok(done(&desk_path(&c), "saved")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let view = staff_view::form(app, &visitor, &decision, None, state).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::consultation::consultation_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn show_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (c, decision) = mine(app, &visitor, &code).await?;
    if c.published_at.is_some() {
        return Ok(see_other(&desk_path(&c)));
    }
    let view = staff_view::form(app, &visitor, &decision, Some(&c), staff_view::filled(&c)).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::consultation::consultation_form(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn edit(app: &App, visitor: &Visitor, c: &Model, form: &Form) -> Result<Model, Problem> {
    let revision = form.parse_opt("revision", |v| v.parse::<i32>().ok())?;
    super::edit(app, &visitor.actor, c.id, revision, &content(form)?).await
}

#[handler]
async fn do_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (c, decision) = mine(app, &visitor, &code).await?;
    match edit(app, &visitor, &c, &form).await {
        Ok(c) => Ok(done(&desk_path(&c), "saved")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let view = staff_view::form(app, &visitor, &decision, Some(&c), state).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::consultation::consultation_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn show_desk(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (c, decision) = readable(app, &visitor, &code).await?;
    let view = staff_view::desk(app, &visitor, &decision, &c, FormState::default()).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::consultation::consultation(&visitor.frame(app, Nav::None), &side, &view)))
}

/// After an act on the page of a consultation: the page again with what went wrong, or on.
async fn after(
    app: &App,
    visitor: &Visitor,
    (c, decision): (Model, decision_row::Model),
    form: &Form,
    result: Result<Model, Problem>,
    word: &str,
) -> poem::Result<Response> {
    let problem = match result {
        Ok(c) => return Ok(done(&desk_path(&c), word)),
        Err(problem) => problem,
    };
    let view = staff_view::desk(app, visitor, &decision, &c, form.state(&problem, visitor.lang)).await?;
    let side = side(app, visitor, DESK).await?;
    let frame = visitor.frame(app, Nav::None);
    form_again(problem, |_| web::desk::consultation::consultation(&frame, &side, &view))
}

#[handler]
async fn do_publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let mine = mine(app, &visitor, &code).await?;
    let result = super::publish(app, &visitor.actor, mine.0.id).await;
    after(app, &visitor, mine, &form, result, "published").await
}

async fn extend(app: &App, visitor: &Visitor, c: &Model, form: &Form) -> Result<Model, Problem> {
    let input = Extend {
        new_closes_on: form.parse("new_closes_on", civil::parse_date)?,
        reason: form.get("reason").to_owned(),
    };
    super::extend(app, &visitor.actor, c.id, &input).await
}

#[handler]
async fn do_extend(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let mine = mine(app, &visitor, &code).await?;
    let result = extend(app, &visitor, &mine.0, &form).await;
    after(app, &visitor, mine, &form, result, "extended").await
}

async fn correct(app: &App, visitor: &Visitor, c: &Model, form: &Form) -> Result<Model, Problem> {
    let input = Correction {
        document_id: form.parse("document_id", |v| v.parse().ok())?,
        notice: form.get("notice").to_owned(),
    };
    super::publish_correction(app, &visitor.actor, c.id, &input).await
}

#[handler]
async fn do_correct(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let mine = mine(app, &visitor, &code).await?;
    let result = correct(app, &visitor, &mine.0, &form).await;
    after(app, &visitor, mine, &form, result, "published").await
}

#[handler]
async fn do_discard(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let mine = mine(app, &visitor, &code).await?;
    match super::discard(app, &visitor.actor, mine.0.id).await {
        Ok(()) => Ok(done(DESK, "removed")),
        Err(problem) => after(app, &visitor, mine, &form, Err(problem), "removed").await,
    }
}
