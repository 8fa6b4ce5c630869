//! The desk of catalogues: the list, and one catalogue with its draft.

use chrono::Datelike as _;
use entity::catalogue::Model;
use entity::catalogue_entry::Model as Entry;
use entity::catalogue_version::Model as Version;
use entity::enums::VersionState;
use entity::id::CatalogueId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::catalogue::{CatalogueDesk, CatalogueRow, CataloguesView, EntryRow};
use web::form::{Choice, FormState};
use web::label::CatalogueChange;
use web::layout::Nav;
use web::link::Href;

use super::compare::{Comparison, compare, steps_text};
use super::store::{self, Filter};
use super::{NewCatalogue, Publish, adjust, create, discard, manages, may_read, publish, title};
use crate::app::App;
use crate::calendar::civil;
use crate::decision::{self, kind_words};
use crate::department;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::pager::{number, pager};
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub(super) const DESK: &str = "/desk/catalogues";
const PAGE: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    super::entry_page::add(pages)
        .get(DESK, index)
        .post(DESK, do_create)
        .get("/desk/catalogues/:id", show)
        .post("/desk/catalogues/:id/publish", do_publish)
        .post("/desk/catalogues/:id/adjust", do_adjust)
        .post("/desk/catalogues/:id/discard", do_discard)
}

pub(super) fn base(id: CatalogueId) -> String {
    format!("{DESK}/{id}")
}

pub(super) fn id(text: &str) -> Result<CatalogueId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
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
pub(super) struct Open {
    pub catalogue: Model,
    pub department: entity::department::Model,
    pub versions: Vec<Version>,
    pub newest: Version,
    pub entries: Vec<Entry>,
    pub adjusted: Option<Comparison>,
}

pub(super) async fn open(app: &App, visitor: &Visitor, of: &str) -> Result<Open, Problem> {
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
            kind: lang_words(visitor.lang, &kind_words(e.kind)),
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
