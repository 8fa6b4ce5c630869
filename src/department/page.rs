//! The administrator's pages of departments.

use std::collections::HashMap;

use entity::department::Model;
use entity::enums::Role;
use entity::id::DepartmentId;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::admin::department as view;
use web::desk::admin::department::{DepartmentForm, DepartmentRow};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;

use super::Details;
use crate::account;
use crate::app::App;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const LIST: &str = "/desk/admin/departments";
const NEW: &str = "/desk/admin/departments/new";

pub fn add(pages: Pages) -> Pages {
    pages
        .get(LIST, list)
        .get(NEW, show_new)
        .post(NEW, create)
        .get("/desk/admin/departments/:id", show)
        .post("/desk/admin/departments/:id", change)
}

#[handler]
async fn list(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let db = app.db.read();
    let departments = super::all(db).await?;
    let (names, sizes) = (account::names(db).await?, account::count_by_department(db).await?);
    let rows: Vec<DepartmentRow> = as_tree(&departments)
        .into_iter()
        .map(|(depth, d)| DepartmentRow {
            name: d.name.clone(),
            key: d.key.clone(),
            depth,
            head: d.head_id.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
            staff: sizes.get(&d.id).copied().unwrap_or(0),
            phone: d.phone.clone(),
            email: d.email.clone(),
            href: format!("{LIST}/{}", d.id).into(),
        })
        .collect();
    let side = desk::side(app, &visitor, LIST).await?;
    Ok(page(view::departments(&visitor.frame(app, Nav::None), &side, &rows)))
}

/// The departments below their parents, each with its depth.
fn as_tree(all: &[Model]) -> Vec<(usize, &Model)> {
    let mut below: HashMap<Option<DepartmentId>, Vec<&Model>> = HashMap::new();
    for d in all {
        below.entry(d.parent_id).or_default().push(d);
    }
    let mut rows = Vec::with_capacity(all.len());
    let mut open: Vec<(usize, &Model)> = Vec::new();
    let push = |open: &mut Vec<_>, depth, parent| {
        let children = below.get(&parent).map(Vec::as_slice).unwrap_or_default();
        open.extend(children.iter().rev().map(|d| (depth, *d)));
    };
    push(&mut open, 0, None);
    while let Some((depth, d)) = open.pop() {
        rows.push((depth, d));
        push(&mut open, depth + 1, Some(d.id));
    }
    rows
}

async fn form_view(
    app: &App,
    visitor: &Visitor,
    department: Option<&Model>,
    state: FormState,
) -> Result<DepartmentForm, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let none = Choice::new("", lang.t("（无）", "(none)"));
    let all = super::all(db).await?;
    let parents = as_tree(&all)
        .into_iter()
        .filter(|(_, d)| department.is_none_or(|me| me.id != d.id))
        .map(|(depth, d)| Choice::new(d.id.to_string(), format!("{}{}", "　".repeat(depth), d.name)));
    let heads = account::active(db).await?.into_iter().map(|p| {
        let home = all.iter().find(|d| d.id == p.department_id).map_or("", |d| d.short_name.as_str());
        Choice::new(p.id.to_string(), format!("{}（{home}）", p.display_name))
    });
    Ok(DepartmentForm {
        state,
        parents: [none.clone()].into_iter().chain(parents).collect(),
        heads: [none].into_iter().chain(heads).collect(),
        action: department.map_or(NEW.to_owned(), |d| format!("{LIST}/{}", d.id)).into(),
        name: department.map(|d| d.name.clone()).unwrap_or_default(),
        csrf: visitor.csrf().to_owned(),
    })
}

async fn form_page(
    app: &App,
    visitor: &Visitor,
    department: Option<&Model>,
    state: FormState,
) -> Result<maud::Markup, Problem> {
    let view = form_view(app, visitor, department, state).await?;
    let side = desk::side(app, visitor, LIST).await?;
    Ok(view::department(&visitor.frame(app, Nav::None), &side, &view))
}

#[handler]
async fn show_new(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    Ok(page(form_page(app, &visitor, None, FormState::default()).await?))
}

#[handler]
async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let made = match details(&form, form.get("key")) {
        Ok(details) => super::add(app, &visitor.actor, &details).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(_) => Ok(done(LIST, "saved")),
        Err(problem) => again(app, &visitor, None, &form, problem).await,
    }
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let department = of_path(app, &id).await?;
    Ok(page(form_page(app, &visitor, Some(&department), filled(&department)).await?))
}

#[handler]
async fn change(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let department = of_path(app, &id).await?;
    let changed = match details(&form, &department.key) {
        Ok(details) => super::change(app, &visitor.actor, department.id, &details).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(()) => Ok(done(LIST, "saved")),
        Err(problem) => again(app, &visitor, Some(&department), &form, problem).await,
    }
}

async fn of_path(app: &App, id: &str) -> Result<Model, Problem> {
    super::find(app.db.read(), id.parse().map_err(|_| Problem::not_found())?).await
}

async fn again(
    app: &App,
    visitor: &Visitor,
    department: Option<&Model>,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let markup = form_page(app, visitor, department, form.state(&problem, visitor.lang)).await?;
    form_again(problem, |_| markup)
}

fn details(form: &Form, key: &str) -> Result<Details, Problem> {
    Ok(Details {
        key: key.to_owned(),
        name: form.get("name").to_owned(),
        short_name: form.get("short_name").to_owned(),
        parent_id: form.parse_opt("parent_id", |text| text.parse().ok())?,
        head_id: form.parse_opt("head_id", |text| text.parse().ok())?,
        address: form.get("address").to_owned(),
        postcode: form.get("postcode").to_owned(),
        email: form.get("email").to_owned(),
        phone: form.get("phone").to_owned(),
    })
}

fn filled(d: &Model) -> FormState {
    let id = |id: Option<String>| id.unwrap_or_default();
    FormState::default()
        .with("name", &d.name)
        .with("short_name", &d.short_name)
        .with("parent_id", id(d.parent_id.map(|id| id.to_string())))
        .with("head_id", id(d.head_id.map(|id| id.to_string())))
        .with("address", &d.address)
        .with("postcode", &d.postcode)
        .with("email", &d.email)
        .with("phone", &d.phone)
}

/// Choices of a filter by department, everybody first.
///
/// # Errors
/// The database's own.
pub async fn choices(app: &App, lang: Lang) -> Result<Vec<Choice>, Problem> {
    let all = super::all(app.db.read()).await?.into_iter();
    let first = Choice::new("", lang.t("全部单位", "All departments"));
    Ok([first].into_iter().chain(all.map(|d| Choice::new(d.id.to_string(), d.name))).collect())
}
