//! The administrator's pages of people: the list, adding with an invitation link, changing, a new link.

use entity::enums::Role;
use entity::id::StaffId;
use entity::staff::Model;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::desk::admin::staff as view;
use web::desk::admin::staff::{AccountState, StaffForm, StaffList, StaffRow};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::link::with_query;

use super::people::{self, ChangeStaff, Done, NewStaff};
use super::{factor, provider, provider_page, request, request_page, store};
use crate::app::App;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::Problem;
use crate::{department, duty};

const LIST: &str = "/desk/admin/staff";
const NEW: &str = "/desk/admin/staff/new";
const PAGE: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(LIST, list)
        .get(NEW, show_new)
        .post(NEW, create)
        .get("/desk/admin/staff/:id", show)
        .post("/desk/admin/staff/:id", update)
        .post("/desk/admin/staff/:id/link", reset)
        .post("/desk/admin/staff/:id/second-factor/reset", reset_factor)
        .post("/desk/admin/staff/:id/providers/:provider/remove", unlink)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    department: String,
    page: String,
}

#[handler]
async fn list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let (db, lang) = (app.db.read(), visitor.lang);
    let number: u64 = query.page.parse().unwrap_or(1).clamp(1, 10_000);
    let mut people = store::page(db, query.department.parse().ok(), PAGE + 1, (number - 1) * PAGE).await?;
    let holders = factor::holders(db, people.iter().map(|(p, _)| p.id)).await?;
    let more = people.len() as u64 > PAGE;
    people.truncate(PAGE as usize);
    let names = department::names(db).await?;
    let to = |n: u64| with_query(&visitor.path, "page", &n.to_string());
    let view = StaffList {
        state: FormState::default().with("department", &query.department),
        departments: department::page::choices(app, lang).await?,
        rows: people
            .iter()
            .map(|(p, roles)| {
                let home = names.get(&p.department_id).cloned().unwrap_or_default();
                let row = row(app, p, roles, home, lang);
                StaffRow { second_factor: holders.contains(&p.id), ..row }
            })
            .collect(),
        pager: Pager {
            previous: (number > 1).then(|| to(number - 1)),
            next: more.then(|| to(number + 1)),
            note: String::new(),
        },
    };
    let side = desk::side(app, &visitor, LIST).await?;
    Ok(page(view::list(&visitor.frame(app, Nav::None), &side, &view)))
}

fn row(app: &App, p: &Model, roles: &[Role], department: String, lang: Lang) -> StaffRow {
    let state = if p.disabled_at.is_some() {
        AccountState::Disabled
    } else if p.password_hash.is_none() {
        AccountState::Invited
    } else if p.locked_until.is_some_and(|until| until > app.now()) {
        AccountState::Locked
    } else {
        AccountState::Active
    };
    StaffRow {
        name: p.display_name.clone(),
        login: p.login.clone(),
        department,
        roles: roles.iter().map(|role| lang_words(lang, &people::role_words(*role).0)).collect(),
        state,
        second_factor: false,
        href: format!("{LIST}/{}", p.id).into(),
    }
}

async fn form_page(
    app: &App,
    visitor: &Visitor,
    person: Option<&Model>,
    state: FormState,
) -> Result<maud::Markup, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let departments = department::all(db).await?;
    let row = match person {
        Some(p) => {
            let home = departments.iter().find(|d| d.id == p.department_id).map(|d| d.name.clone());
            Some(row(app, p, &store::roles(db, p.id).await?, home.unwrap_or_default(), lang))
        }
        None => None,
    };
    let takes_two = match person {
        Some(p) => people::is_administrator(db, p.id).await?,
        None => false,
    };
    let open_duties = match person {
        Some(p) => duty::count_of_owner(db, p.id).await?,
        None => 0,
    };
    let address = person.map(|p| format!("{LIST}/{}", p.id));
    // One's own goes by one's own page.
    let factor_since = match person.filter(|p| Some(p.id) != visitor.actor.staff_id()) {
        Some(p) => factor::since(db, p.id).await?,
        None => None,
    };
    let view = StaffForm {
        state,
        departments: departments.into_iter().map(|d| Choice::new(d.id.to_string(), d.name)).collect(),
        roles: role_choices(lang),
        action: address.clone().unwrap_or_else(|| NEW.to_owned()).into(),
        // One's own password is changed on one's own page.
        reset: address
            .as_ref()
            .filter(|_| person.map(|p| p.id) != visitor.actor.staff_id())
            .map(|address| format!("{address}/link").into()),
        factor_reset: address
            .as_ref()
            .filter(|_| factor_since.is_some())
            .map(|address| format!("{address}/second-factor/reset").into()),
        links: match person.zip(address.as_ref()) {
            Some((p, address)) => {
                provider_page::lines(app, visitor, provider::links(app, p.id).await?, address)
            }
            None => Vec::new(),
        },
        person: row,
        takes_two,
        open_duties,
        waiting: match person {
            Some(p) => {
                let rows = request::open_about(app, db, p.id).await?;
                rows.iter().map(|row| request_page::what(visitor, row)).collect()
            }
            None => Vec::new(),
        },
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, visitor, LIST).await?;
    Ok(view::person(&visitor.frame(app, Nav::None), &side, &view))
}

fn role_choices(lang: Lang) -> Vec<Choice> {
    let choice = |role: &Role| {
        let (name, does) = people::role_words(*role);
        Choice::new(role.as_str(), lang_words(lang, &name)).note(lang_words(lang, &does))
    };
    Role::ALL.iter().map(choice).collect()
}

#[handler]
async fn show_new(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    Ok(page(form_page(app, &visitor, None, FormState::default()).await?))
}

#[handler]
async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    match try_create(app, &visitor, &form).await {
        Ok(link) => link_page(app, &visitor, form.get("display_name"), &link).await,
        Err(problem) => again(app, &visitor, None, &form, problem).await,
    }
}

async fn try_create(app: &App, visitor: &Visitor, form: &Form) -> Result<String, Problem> {
    let new = NewStaff {
        login: form.get("login").to_lowercase(),
        display_name: form.get("display_name").to_owned(),
        email: form.get("email").to_owned(),
        department_id: form.parse("department_id", |text| text.parse().ok())?,
        roles: roles(form)?,
    };
    Ok(people::add(app, &visitor.actor, &new).await?.1)
}

/// Another administrator must confirm it.
fn asked() -> Response {
    done(request::PATH, "requested")
}

/// The link is in this answer and nowhere else: it cannot be shown again.
pub(super) async fn link_page(
    app: &App,
    visitor: &Visitor,
    name: &str,
    link: &str,
) -> poem::Result<Response> {
    let side = desk::side(app, visitor, LIST).await?;
    Ok(page(view::invitation(&visitor.frame(app, Nav::None), &side, name, link)))
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let person = of_path(app, &id).await?;
    let mut state = FormState::default()
        .with("display_name", &person.display_name)
        .with("email", &person.email)
        .with("department_id", person.department_id.to_string());
    if person.disabled_at.is_some() {
        state = state.with("disabled", "yes");
    }
    for role in store::roles(app.db.read(), person.id).await? {
        state = state.with("roles", role.as_str());
    }
    Ok(page(form_page(app, &visitor, Some(&person), state).await?))
}

#[handler]
async fn update(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let person = of_path(app, &id).await?;
    match try_change(app, &visitor, person.id, &form).await {
        Ok(Done::Now(())) => Ok(done(LIST, "saved")),
        Ok(Done::Asked) => Ok(asked()),
        Err(problem) => again(app, &visitor, Some(&person), &form, problem).await,
    }
}

async fn try_change(app: &App, visitor: &Visitor, id: StaffId, form: &Form) -> Result<Done<()>, Problem> {
    let change = ChangeStaff {
        display_name: form.get("display_name").to_owned(),
        email: form.get("email").to_owned(),
        department_id: form.parse("department_id", |text| text.parse().ok())?,
        roles: roles(form)?,
        disabled: form.is_checked("disabled"),
    };
    people::change(app, &visitor.actor, id, &change).await
}

#[handler]
async fn reset(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let person = of_path(app, &id).await?;
    match people::reset_link(app, &visitor.actor, person.id).await? {
        Done::Now(link) => link_page(app, &visitor, &person.display_name, &link).await,
        Done::Asked => Ok(asked()),
    }
}

#[handler]
async fn reset_factor(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let person = of_path(app, &id).await?;
    match factor::reset(app, &visitor.actor, person.id).await? {
        Done::Now(()) => Ok(done(&format!("{LIST}/{}", person.id), "factor_reset")),
        Done::Asked => Ok(asked()),
    }
}

#[handler]
async fn unlink(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((id, key)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let person = of_path(app, &id).await?;
    provider::unlink_of(app, &visitor.actor, person.id, &key).await?;
    Ok(done(&format!("{LIST}/{}", person.id), "provider_unlinked"))
}

fn roles(form: &Form) -> Result<Vec<Role>, Problem> {
    let known = form.all("roles").iter().map(|text| Role::parse(text));
    known
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Problem::invalid("roles", "没有这个角色", "There is no such role"))
}

async fn of_path(app: &App, id: &str) -> Result<Model, Problem> {
    store::find_staff(app.db.read(), id.parse().map_err(|_| Problem::not_found())?).await
}

async fn again(
    app: &App,
    visitor: &Visitor,
    person: Option<&Model>,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let markup = form_page(app, visitor, person, form.state(&problem, visitor.lang)).await?;
    form_again(problem, |_| markup)
}
