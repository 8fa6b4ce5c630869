//! The administrator's page of holidays: the covered years, and importing a notice in two steps.

use chrono::Datelike as _;
use entity::enums::Role;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::admin::calendar as view;
use web::desk::admin::calendar::{CalendarView, HolidayRow, ImportRow, MoveRow, PreviewView};
use web::form::FormState;
use web::lang::Lang;
use web::layout::Nav;

use super::{DayKind, Holiday, civil, store};
use crate::app::App;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{csv, done, form_again, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::Problem;
use crate::{account, duty};

const PATH: &str = "/desk/admin/calendar";
/// Imports that the page lists.
const IMPORTS: u64 = 20;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(PATH, show)
        .get("/desk/admin/calendar/days.csv", export)
        .post("/desk/admin/calendar/preview", preview)
        .post("/desk/admin/calendar/import", import)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct YearQuery {
    year: String,
}

impl YearQuery {
    fn year(&self, app: &App) -> i32 {
        self.year.parse().ok().filter(|y| (1900..=2200).contains(y)).unwrap_or_else(|| app.today().year())
    }
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<YearQuery>,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    Ok(page(calendar_page(app, &visitor, query.year(app), FormState::default()).await?))
}

async fn calendar_page(
    app: &App,
    visitor: &Visitor,
    year: i32,
    state: FormState,
) -> Result<maud::Markup, Problem> {
    let (db, calendar) = (app.db.read(), app.calendar());
    let names = account::names(db).await?;
    let imports = store::imports(db, IMPORTS).await?.into_iter().map(|i| ImportRow {
        at: civil::local_time(i.imported_at),
        who: match i.imported_by {
            Some(id) => names.get(&id).cloned().unwrap_or_default(),
            None => visitor.lang.t("命令行", "the command line").to_owned(),
        },
        years: i.years,
        rows: i.rows,
        moved: i.moved,
    });
    let today = app.today();
    // The notice of the next year comes out in November; before that nobody misses it.
    let awaited = if today.month() >= 11 { today.year() + 1 } else { today.year() };
    let view = CalendarView {
        years: calendar.table().years(),
        missing: Some(awaited).filter(|year| !calendar.covers(*year)),
        year,
        days: calendar.table().of_year(year).map(row).collect(),
        imports: imports.collect(),
        state,
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, visitor, PATH).await?;
    Ok(view::calendar(&visitor.frame(app, Nav::None), &side, &view))
}

fn row(day: &Holiday) -> HolidayRow {
    HolidayRow {
        date: day.date,
        works: day.kind == DayKind::Work,
        name: day.name.clone(),
        source: day.source.clone(),
    }
}

/// In the form that the import reads.
#[handler]
async fn export(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<YearQuery>,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let (calendar, year) = (app.calendar(), query.year(app));
    let rows = calendar.table().of_year(year).map(|day| {
        let kind = match day.kind {
            DayKind::Off => "off",
            DayKind::Work => "work",
        };
        vec![day.date.to_string(), kind.to_owned(), day.name.clone(), day.source.clone()]
    });
    let rows: Vec<_> = rows.collect();
    Ok(csv(&format!("holidays-{year}.csv"), &["date", "kind", "name", "source"], rows)?)
}

/// The pasted text, or the file; what Excel in China saves is often not UTF-8.
fn table(form: &Form) -> String {
    match form.files.iter().find(|f| f.field == "file") {
        Some(file) => match std::str::from_utf8(&file.bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030.decode(&file.bytes).0.into_owned(),
        },
        None => form.get("csv").to_owned(),
    }
}

#[handler]
async fn preview(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let text = table(&form);
    let found = match super::preview(app, &visitor.actor, &text).await {
        Ok(found) => found,
        Err(problem) => return again(app, &visitor, &text, problem).await,
    };
    let (names, lang) = (duty::Names::load(app).await?, visitor.lang);
    let view = PreviewView {
        days: found.rows.iter().map(row).collect(),
        years: found.years,
        warnings: found.warnings.iter().map(|w| lang.t(&w.zh(), &w.to_string()).to_owned()).collect(),
        moves: found.moves.iter().map(|step| moved(step, &names, lang)).collect(),
        moved: found.moved,
        csv: text,
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, &visitor, PATH).await?;
    Ok(page(view::preview(&visitor.frame(app, Nav::None), &side, &view)))
}

fn moved(step: &duty::Move, names: &duty::Names, lang: Lang) -> MoveRow {
    MoveRow {
        kind: lang_words(lang, &duty::kind_words(step.duty.kind)),
        subject: step.duty.title.clone(),
        department: names.department(step.duty.department_id),
        old: step.duty.due_on,
        new: step.due.date,
    }
}

#[handler]
async fn import(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let text = table(&form);
    match super::import(app, &visitor.actor, &text).await {
        Ok(_) => Ok(done(PATH, "imported")),
        Err(problem) => again(app, &visitor, &text, problem).await,
    }
}

async fn again(app: &App, visitor: &Visitor, text: &str, problem: Problem) -> poem::Result<Response> {
    let errors = crate::http::form::errors(&problem, visitor.lang);
    let state = FormState { errors, ..FormState::default().with("csv", text) };
    let markup = calendar_page(app, visitor, app.today().year(), state).await?;
    form_again(problem, |_| markup)
}
