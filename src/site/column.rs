//! The column 重大行政决策: catalogues, decisions, consultations and answers in one place.

use entity::decision::Model;
use entity::duty::Model as Duty;
use entity::enums::{DutyKind, DutyState};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::column::{ColumnView, DecisionRow};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;

use super::page::home;
use crate::app::App;
use crate::catalogue;
use crate::decision::view::status_choices;
use crate::decision::{self, Filter, Status, Window};
use crate::department;
use crate::duty;
use crate::http::duty_view::short_line;
use crate::http::lang_words;
use crate::http::pager::{number, pager};
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const CATALOGUES: u64 = 4;
const PAGE: u64 = 20;
/// The two choices besides single statuses.
const UNDER_WAY: &str = "under_way";
const EVERYTHING: &str = "all";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    status: String,
    year: String,
    department: String,
    page: String,
}

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let here = number(&asked.page);
    let departments = department::all(db).await?;
    let filter = Filter {
        departments: departments.iter().find(|d| d.key == asked.department).map(|d| vec![d.id]),
        year: asked.year.parse().ok(),
        status: Status::parse(&asked.status),
        under_way: asked.status.is_empty() || asked.status == UNDER_WAY,
        published_only: true,
        limit: PAGE,
        offset: (here - 1) * PAGE,
        ..Filter::default()
    };
    let rows = decision::list(db, &filter, app.today()).await?;
    let total = decision::count(db, &filter, app.today()).await?;
    let newest = catalogue::Filter { published_only: true, limit: CATALOGUES, ..Default::default() };
    let status = if asked.status.is_empty() { UNDER_WAY } else { &asked.status };
    let view = ColumnView {
        catalogues: catalogue::public_page::links(app, &newest).await?,
        decisions: decision_rows(app, lang, rows, &departments).await?,
        decisions_total: total,
        chosen: FormState::default()
            .with("status", status)
            .with("year", &asked.year)
            .with("department", &asked.department),
        statuses: statuses(lang),
        years: all_and(
            lang,
            decision::years(db, true).await?.iter().map(|y| Choice::new(y.to_string(), y.to_string())),
        ),
        departments: all_and(lang, departments.iter().map(|d| Choice::new(&d.key, &d.short_name))),
        pager: pager(&visitor, here, total, PAGE),
        consultations: home::open_now(app).await?,
        summaries: home::answers(app).await?,
        events: home::events(app, lang).await?,
    };
    Ok(render::page(web::column::column(&visitor.frame(app, Nav::Decisions), &view)))
}

fn statuses(lang: Lang) -> Vec<Choice> {
    let first =
        [Choice::new(UNDER_WAY, lang.t("在办", "Under way")), Choice::new(EVERYTHING, lang.t("全部", "All"))];
    // What has not been listed is not public.
    let public = status_choices(lang).into_iter().filter(|c| c.value != Status::Preparing.as_str());
    first.into_iter().chain(public).collect()
}

fn all_and(lang: Lang, items: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let all: Vec<Choice> = std::iter::once(Choice::new("", lang.t("全部", "All"))).chain(items).collect();
    // One department or year is no choice.
    if all.len() > 2 { all } else { Vec::new() }
}

async fn decision_rows(
    app: &App,
    lang: Lang,
    rows: Vec<Model>,
    departments: &[entity::department::Model],
) -> Result<Vec<DecisionRow>, Problem> {
    let db = app.db.read();
    let ids: Vec<_> = rows.iter().map(|d| d.id).collect();
    let statuses = decision::statuses(app, db, &ids).await?;
    let windows = decision::windows(db, &ids).await?;
    let duties = duty::of_subjects(db, ids.iter().map(|id| id.0)).await?;
    let row = |d: Model| {
        let status = statuses.get(&d.id).copied().unwrap_or(Status::Listed);
        let open = windows.get(&d.id).and_then(|all| all.iter().find(|w| w.is_open(app.today())));
        let due = duties.iter().find(|t| {
            t.subject_id == d.id.0 && t.kind == DutyKind::AdoptionSummary && t.state == DutyState::Open
        });
        DecisionRow {
            href: Href::new(decision::path(&d.code)),
            department: departments
                .iter()
                .find(|x| x.id == d.department_id)
                .map_or_else(String::new, |x| x.short_name.clone()),
            category: lang_words(lang, &decision::kind_words(d.kind)),
            stage: lang_words(lang, &status.words()),
            next: next(app, lang, open, due),
            title: d.title,
        }
    };
    Ok(rows.into_iter().map(row).collect())
}

/// By when the public may speak, or by when it must be answered.
fn next(app: &App, lang: Lang, open: Option<&Window>, due: Option<&Duty>) -> String {
    if let Some(w) = open {
        return format!("{}{}", lang.t("截止 ", "until "), lang.deadline(w.closes_on));
    }
    due.map_or_else(String::new, |t| {
        let line = short_line(app, t, lang);
        format!("{} · {} · {}", line.title, line.state.word(lang), lang.date(line.due))
    })
}
