//! The desk of catalogues: the list, one catalogue with its draft, its entries.

use chrono::Datelike as _;
use entity::catalogue::Model;
use entity::catalogue_entry::Model as Entry;
use entity::catalogue_version::Model as Version;
use entity::enums::{DecisionKind, StepKind, VersionState};
use entity::id::{CatalogueEntryId, CatalogueId};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::catalogue::{CatalogueDesk, CatalogueRow, CataloguesView, EntryForm, EntryRow, PlanRow};
use web::form::{Choice, FormState};
use web::label::CatalogueChange;
use web::layout::Nav;
use web::link::Href;

use super::compare::{Comparison, compare, steps_text};
use super::store::{self, Filter};
use super::{
    EntryFields, Foreseen, KINDS, NewCatalogue, Publish, Way, add_entry, adjust, change_entry, create,
    discard, foreseen, manages, may_manage, may_read, move_entry, publish, reach, remove_entry, title,
};
use crate::app::App;
use crate::calendar::civil;
use crate::decision::SKIPPABLE;
use crate::decision::view::{kind_choices, say};
use crate::decision::{self, kind_words, step_words};
use crate::department;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::pager::{number, pager};
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const DESK: &str = "/desk/catalogues";
const PAGE: u64 = 50;
/// Decisions offered for picking.
const PICK: u64 = 200;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(DESK, index)
        .post(DESK, do_create)
        .get("/desk/catalogues/:id", show)
        .post("/desk/catalogues/:id/publish", do_publish)
        .post("/desk/catalogues/:id/adjust", do_adjust)
        .post("/desk/catalogues/:id/discard", do_discard)
        .get("/desk/catalogues/:id/entries/new", new_entry)
        .post("/desk/catalogues/:id/entries", do_add)
        .get("/desk/catalogues/:id/entries/:entry", edit_entry)
        .post("/desk/catalogues/:id/entries/:entry", do_change)
        .post("/desk/catalogues/:id/entries/:entry/remove", do_remove)
        .post("/desk/catalogues/:id/entries/:entry/up", do_up)
        .post("/desk/catalogues/:id/entries/:entry/down", do_down)
}

fn base(id: CatalogueId) -> String {
    format!("{DESK}/{id}")
}

fn id(text: &str) -> Result<CatalogueId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn entry_id(text: &str) -> Result<CatalogueEntryId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    decision: String,
}

#[handler]
async fn index(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let state = FormState::default()
        .with("year", app.today().year().to_string())
        .with("department_id", staff.department_id.to_string());
    let view = list_view(app, &visitor, number(&asked.page), state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::catalogues(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn list_view(
    app: &App,
    visitor: &Visitor,
    here: u64,
    state: FormState,
) -> Result<CataloguesView, Problem> {
    let staff = visitor.actor.require_staff()?;
    let departments = decision::own_departments(&visitor.actor)?;
    let db = app.db.read();
    let filter = Filter { departments, limit: PAGE, offset: (here - 1) * PAGE, ..Filter::default() };
    let all = department::all(db).await?;
    let total = store::count(db, &filter).await?;
    let rows = store::list(db, &filter).await?.into_iter().filter_map(|row| {
        let department = all.iter().find(|d| d.id == row.catalogue.department_id)?;
        let public = Href::new(super::path(department, row.catalogue.year));
        Some(CatalogueRow {
            title: title(&department.name, row.catalogue.year),
            href: Href::new(base(row.catalogue.id)),
            year: row.catalogue.year,
            entries: row.entries,
            version: row.version.number,
            draft: row.version.state == VersionState::Draft,
            in_force: row.in_force.map(|n| (n, public)),
        })
    });
    let mine = all.iter().filter(|d| manages(staff, d.id));
    Ok(CataloguesView {
        csrf: visitor.csrf().to_owned(),
        state,
        departments: mine.map(|d| Choice::new(d.id.to_string(), &d.name)).collect(),
        rows: rows.collect(),
        pager: pager(visitor, here, total, PAGE),
    })
}

#[handler]
async fn do_create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let read = || -> Result<NewCatalogue, Problem> {
        Ok(NewCatalogue {
            department_id: form.parse("department_id", |id| id.parse().ok())?,
            year: form.parse("year", |y| y.parse().ok())?,
        })
    };
    let result = match read() {
        Ok(new) => create(app, &visitor.actor, &new).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(row) => Ok(done(&base(row.id), "saved")),
        Err(problem) => {
            let view = list_view(app, &visitor, 1, form.state(&problem, visitor.lang)).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::catalogue::catalogues(&frame, &side, &view))
        }
    }
}

/// The catalogue, its newest version, and what the draft changes against the version in force.
struct Open {
    catalogue: Model,
    department: entity::department::Model,
    versions: Vec<Version>,
    newest: Version,
    entries: Vec<Entry>,
    adjusted: Option<Comparison>,
}

async fn open(app: &App, visitor: &Visitor, of: &str) -> Result<Open, Problem> {
    visitor.actor.require_staff()?;
    let db = app.db.read();
    let catalogue = store::find(db, id(of)?).await?;
    may_read(&visitor.actor, &catalogue)?;
    let department = department::find(db, catalogue.department_id).await?;
    let versions = store::versions(db, catalogue.id).await?;
    let newest = versions.last().cloned().ok_or_else(Problem::not_found)?;
    let entries = store::entries(db, newest.id).await?;
    let adjusted = match versions.iter().rfind(|v| v.state == VersionState::Published && v.id != newest.id) {
        Some(before) if newest.state == VersionState::Draft => {
            let names = department::names(db).await?;
            Some(compare(&store::entries(db, before.id).await?, &entries, &names))
        }
        _ => None,
    };
    Ok(Open { catalogue, department, versions, newest, entries, adjusted })
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Path(of): Path<String>) -> poem::Result<Response> {
    let open = open(app, &visitor, &of).await?;
    let view = desk_view(app, &visitor, &open, FormState::default()).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::catalogue(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn desk_view(
    app: &App,
    visitor: &Visitor,
    o: &Open,
    state: FormState,
) -> Result<CatalogueDesk, Problem> {
    let staff = visitor.actor.require_staff()?;
    let public = super::path(&o.department, o.catalogue.year);
    let published = o.versions.iter().rev().filter(|v| v.state == VersionState::Published);
    let removed = o.adjusted.as_ref().map_or(&[][..], |c| &c.removed);
    Ok(CatalogueDesk {
        csrf: visitor.csrf().to_owned(),
        title: title(&o.department.name, o.catalogue.year),
        version: o.newest.number,
        draft: o.newest.state == VersionState::Draft,
        writes: manages(staff, o.catalogue.department_id),
        entries: entry_rows(app, visitor, o).await?,
        removed: removed.iter().map(|e| e.title.clone()).collect(),
        versions: published
            .map(|v| {
                let day = civil::local_date(v.published_at.unwrap_or(v.created_at));
                let reason = v.reason.clone().unwrap_or_else(|| "首次公布。".to_owned());
                (v.number, day, reason, Href::new(format!("{public}?version={}", v.number)))
            })
            .collect(),
        base: base(o.catalogue.id),
        state,
    })
}

async fn entry_rows(app: &App, visitor: &Visitor, o: &Open) -> Result<Vec<EntryRow>, Problem> {
    let db = app.db.read();
    let ids: Vec<_> = o.entries.iter().map(|e| e.decision_id).collect();
    let decisions = decision::by_ids(db, &ids).await?;
    let departments = department::all(db).await?;
    let count = o.entries.len();
    let row = |(n, e): (usize, &Entry)| {
        let code = decisions.iter().find(|d| d.id == e.decision_id).map_or("", |d| d.code.as_str());
        EntryRow {
            number: n + 1,
            title: e.title.clone(),
            decision: Href::new(decision::page::desk_path(code)),
            code: code.to_owned(),
            kind: say(visitor.lang, &kind_words(e.kind)),
            department: departments
                .iter()
                .find(|d| d.id == e.department_id)
                .map_or_else(String::new, |d| d.short_name.clone()),
            planned: e.planned_time.clone(),
            steps: steps_text(e),
            change: o.adjusted.as_ref().map(|c| change(c, e)),
            href: format!("{}/entries/{}", base(o.catalogue.id), e.id),
            first: n == 0,
            last: n + 1 == count,
        }
    };
    Ok(o.entries.iter().enumerate().map(row).collect())
}

fn change(c: &Comparison, entry: &Entry) -> CatalogueChange {
    let same = |e: &Entry| e.decision_id == entry.decision_id;
    if c.added.iter().any(same) {
        CatalogueChange::Added
    } else if c.changed.iter().any(|(e, _)| same(e)) {
        CatalogueChange::Changed
    } else {
        CatalogueChange::Kept
    }
}

/// The catalogue's page again, with what stands against the act.
async fn desk_again(
    app: &App,
    visitor: &Visitor,
    of: &str,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let open = open(app, visitor, of).await?;
    let view = desk_view(app, visitor, &open, form.state(&problem, visitor.lang)).await?;
    let side = side(app, visitor, DESK).await?;
    let frame = visitor.frame(app, Nav::None);
    form_again(problem, |_| web::desk::catalogue::catalogue(&frame, &side, &view))
}

#[handler]
async fn do_publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let input = Publish { reason: form.get("reason").to_owned() };
    match publish(app, &visitor.actor, id(&of)?, &input).await {
        Ok(_) => Ok(done(&base(id(&of)?), "published")),
        Err(problem) => desk_again(app, &visitor, &of, &form, problem).await,
    }
}

#[handler]
async fn do_adjust(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    match adjust(app, &visitor.actor, id(&of)?).await {
        Ok(_) => Ok(done(&base(id(&of)?), "saved")),
        Err(problem) => desk_again(app, &visitor, &of, &form, problem).await,
    }
}

#[handler]
async fn do_discard(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    match discard(app, &visitor.actor, id(&of)?).await {
        Ok(()) => Ok(done(&base(id(&of)?), "removed")),
        Err(problem) => desk_again(app, &visitor, &of, &form, problem).await,
    }
}

/// The form of an entry; `entry` is the one that is changed.
async fn entry_view(
    app: &App,
    visitor: &Visitor,
    o: &Open,
    entry: Option<CatalogueEntryId>,
    state: FormState,
) -> Result<EntryForm, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let staff = may_manage(&visitor.actor, &o.catalogue)?;
    let departments = reach(db, staff, &o.catalogue).await?;
    let root = base(o.catalogue.id);
    let mut pick = vec![Choice::new("", lang.t("新的决策事项", "a new decision"))];
    if entry.is_none() {
        let filter = decision::Filter {
            departments: Some(departments.iter().map(|d| d.id).collect()),
            under_way: true,
            limit: PICK,
            ..decision::Filter::default()
        };
        let rows = decision::list(db, &filter, app.today()).await?;
        let free = rows.into_iter().filter(|d| !o.entries.iter().any(|e| e.decision_id == d.id));
        pick.extend(free.map(|d| Choice::new(d.code.clone(), decision::view::about(&d))));
    }
    let plan = KINDS.iter().map(|k| PlanRow {
        kind: k.as_str(),
        title: say(lang, &step_words(*k)),
        optional: SKIPPABLE.contains(k),
    });
    Ok(EntryForm {
        csrf: visitor.csrf().to_owned(),
        action: Href::new(entry.map_or_else(|| format!("{root}/entries"), |e| format!("{root}/entries/{e}"))),
        back: Href::new(root),
        about: title(&o.department.name, o.catalogue.year),
        decision: state.value("decision").to_owned(),
        pick,
        is_new: entry.is_none(),
        kinds: kind_choices(lang),
        departments: departments.into_iter().map(|d| Choice::new(d.id.to_string(), d.name)).collect(),
        plan: plan.collect(),
        state,
    })
}

/// A new entry foresees what nearly every decision needs; the rest is to be thought about.
fn usual() -> FormState {
    [
        StepKind::Consultation,
        StepKind::LegalityReview,
        StepKind::CollectiveDiscussion,
        StepKind::Interpretation,
    ]
    .iter()
    .fold(FormState::default(), |state, kind| state.with(&format!("step_{kind}"), "yes"))
}

#[handler]
async fn new_entry(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let open = open(app, &visitor, &of).await?;
    let staff = may_manage(&visitor.actor, &open.catalogue)?;
    let mut state = usual();
    let picked = match asked.decision.as_str() {
        "" => None,
        code => decision::by_code(app.db.read(), code).await.ok(),
    };
    let inside = reach(app.db.read(), staff, &open.catalogue).await?;
    state = match picked.filter(|d| inside.iter().any(|i| i.id == d.department_id)) {
        Some(d) => state
            .with("decision", &d.code)
            .with("title", &d.title)
            .with("kind", d.kind.as_str())
            .with("department_id", d.department_id.to_string())
            .with("basis", &d.basis),
        None => state.with("department_id", open.catalogue.department_id.to_string()),
    };
    let view = entry_view(app, &visitor, &open, None, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::entry_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn edit_entry(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
) -> poem::Result<Response> {
    let open = open(app, &visitor, &of).await?;
    let entry = entry_id(&entry)?;
    let row = open.entries.iter().find(|e| e.id == entry).ok_or_else(Problem::not_found)?;
    let mut state = FormState::default()
        .with("title", &row.title)
        .with("kind", row.kind.as_str())
        .with("department_id", row.department_id.to_string())
        .with("basis", &row.basis)
        .with("planned_time", &row.planned_time);
    for step in foreseen(row) {
        let value = if step.foreseen { "yes" } else { "no" };
        state = state
            .with(&format!("step_{}", step.kind), value)
            .with(&format!("reason_{}", step.kind), step.reason);
    }
    let view = entry_view(app, &visitor, &open, Some(entry), state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::entry_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn read_entry(form: &Form) -> Result<EntryFields, Problem> {
    let step = |kind: &StepKind| {
        let foreseen = match form.get(&format!("step_{kind}")) {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        Some(Foreseen { kind: *kind, foreseen, reason: form.get(&format!("reason_{kind}")).to_owned() })
    };
    Ok(EntryFields {
        title: form.get("title").to_owned(),
        kind: form.parse("kind", DecisionKind::parse)?,
        department_id: form.parse("department_id", |id| id.parse().ok())?,
        basis: form.get("basis").to_owned(),
        planned_time: form.get("planned_time").to_owned(),
        steps: KINDS.iter().filter_map(step).collect(),
    })
}

async fn entry_again(
    app: &App,
    visitor: &Visitor,
    of: &str,
    entry: Option<CatalogueEntryId>,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let open = open(app, visitor, of).await?;
    let view = entry_view(app, visitor, &open, entry, form.state(&problem, visitor.lang)).await?;
    let side = side(app, visitor, DESK).await?;
    let frame = visitor.frame(app, Nav::None);
    form_again(problem, |_| web::desk::catalogue::entry_form(&frame, &side, &view))
}

#[handler]
async fn do_add(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let code = form.opt("decision");
    let result = match read_entry(&form) {
        Ok(fields) => add_entry(app, &visitor.actor, id(&of)?, code.as_deref(), &fields).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&base(id(&of)?), "saved")),
        Err(problem) => entry_again(app, &visitor, &of, None, &form, problem).await,
    }
}

#[handler]
async fn do_change(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let entry = entry_id(&entry)?;
    let result = match read_entry(&form) {
        Ok(fields) => change_entry(app, &visitor.actor, id(&of)?, entry, &fields).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(()) => Ok(done(&base(id(&of)?), "saved")),
        Err(problem) => entry_again(app, &visitor, &of, Some(entry), &form, problem).await,
    }
}

#[handler]
async fn do_remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    remove_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?).await?;
    Ok(done(&base(id(&of)?), "removed"))
}

#[handler]
async fn do_up(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    move_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?, Way::Up).await?;
    Ok(done(&base(id(&of)?), "saved"))
}

#[handler]
async fn do_down(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    move_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?, Way::Down).await?;
    Ok(done(&base(id(&of)?), "saved"))
}
