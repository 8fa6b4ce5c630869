//! The administrators' page of what takes two of them.

use entity::enums::{RequestOutcome, Role};
use entity::id::StaffRequestId;
use entity::staff_request::Model;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::admin::request as view;
use web::desk::admin::request::{RequestActs, RequestRow, RequestState};
use web::layout::Nav;

use super::{people, request};
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::Problem;

const STAFF: &str = "/desk/admin/staff";

pub fn add(pages: Pages) -> Pages {
    pages
        .get(request::PATH, list)
        .post("/desk/admin/staff-requests/:id/approve", approve)
        .post("/desk/admin/staff-requests/:id/refuse", refuse)
}

/// What is asked, with the roles where roles are asked for.
pub fn what(visitor: &Visitor, row: &Model) -> String {
    let lang = visitor.lang;
    let roles: Vec<String> =
        request::roles_of(row).iter().map(|role| lang_words(lang, &people::role_words(*role).0)).collect();
    let kind = lang_words(lang, &request::kind_words(row.kind));
    if roles.is_empty() {
        kind
    } else {
        format!("{kind}{}{}", lang.t("：", ": "), roles.join(lang.t("、", ", ")))
    }
}

fn state(app: &App, row: &Model) -> RequestState {
    match row.outcome {
        Some(RequestOutcome::Approved) => RequestState::Approved,
        Some(RequestOutcome::Refused) => RequestState::Refused,
        Some(RequestOutcome::Withdrawn) => RequestState::Withdrawn,
        None if request::is_open(app, row) => RequestState::Waiting,
        None => RequestState::Void,
    }
}

#[handler]
async fn list(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let me = visitor.actor.require(Role::Admin)?.id;
    let names = super::names(app.db.read()).await?;
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    let rows = request::list(app, &visitor.actor).await?;
    let rows: Vec<RequestRow> = rows
        .iter()
        .map(|row| RequestRow {
            what: what(&visitor, row),
            person: name(row.staff_id),
            person_href: format!("{STAFF}/{}", row.staff_id).into(),
            asked_by: name(row.requested_by),
            asked_at: civil::local_time(row.requested_at),
            state: state(app, row),
            decided_by: row.decided_by.map(name),
            acts: request::is_open(app, row).then(|| RequestActs {
                approve: request::may_confirm(row, me)
                    .then(|| format!("{}/{}/approve", request::PATH, row.id).into()),
                refuse: format!("{}/{}/refuse", request::PATH, row.id).into(),
                own: row.requested_by == me,
            }),
        })
        .collect();
    let side = desk::side(app, &visitor, STAFF).await?;
    Ok(page(view::requests(&visitor.frame(app, Nav::None), &side, &rows, visitor.csrf())))
}

fn id_of(text: &str) -> Result<StaffRequestId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[handler]
async fn approve(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let id = id_of(&id)?;
    match request::approve(app, &visitor.actor, id).await? {
        Some((name, link)) => super::admin_page::link_page(app, &visitor, &name, &link).await,
        None => Ok(done(request::PATH, "request_approved")),
    }
}

#[handler]
async fn refuse(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    request::refuse(app, &visitor.actor, id_of(&id)?).await?;
    Ok(done(request::PATH, "request_refused"))
}
