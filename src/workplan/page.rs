//! The page of the work plan, and the same as a table to take away.

use entity::work_plan_item::Model;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::layout::Nav;
use web::link::Href;
use web::path;
use web::workplan::{PlanRow, PlanSection, PlanSubsection, WorkPlanView};

use super::{items, years};
use crate::app::App;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub fn add(pages: Pages) -> Pages {
    pages.shared(path::WORK_PLAN, show).shared("/work-plan/plan.csv", csv)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    year: String,
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Query(asked): Query<Asked>) -> poem::Result<Response> {
    let all = years(app.db.read()).await?;
    let year = chosen(&all, &asked.year)?;
    let rows = match year {
        Some(year) => items(app.db.read(), year).await?,
        None => Vec::new(),
    };
    let view = WorkPlanView {
        title: year.map(|y| title(app, y)).unwrap_or_default(),
        source: app.config.site.name.clone(),
        published: None,
        sections: sections(rows),
        csv: year.map(|y| Href::new(format!("{}/plan.csv?year={y}", path::WORK_PLAN))),
        years: all
            .iter()
            .map(|y| (*y, Href::new(format!("{}?year={y}", path::WORK_PLAN)), Some(*y) == year))
            .collect(),
    };
    Ok(render::page(web::workplan::work_plan(&visitor.frame(app, Nav::WorkPlan), &view)))
}

/// The year asked for, the newest by default; one without a plan does not exist.
fn chosen(all: &[i32], asked: &str) -> Result<Option<i32>, Problem> {
    if asked.is_empty() {
        return Ok(all.first().copied());
    }
    let year = asked.parse().ok().filter(|y| all.contains(y));
    year.map(Some).ok_or_else(Problem::not_found)
}

fn title(app: &App, year: i32) -> String {
    format!("{year}年{}政务公开工作计划表", app.config.site.name)
}

/// Neighbouring rows of the same heading under that heading; numbers run on through a section, as printed.
fn sections(rows: Vec<Model>) -> Vec<PlanSection> {
    let mut sections: Vec<PlanSection> = Vec::new();
    let mut number = 0;
    for row in rows {
        if sections.last().is_none_or(|s| s.title != row.section) {
            sections.push(PlanSection { title: row.section.clone(), subsections: Vec::new() });
            number = 0;
        }
        let Some(section) = sections.last_mut() else { continue };
        if section.subsections.last().is_none_or(|s| s.title != row.subsection) {
            section.subsections.push(PlanSubsection { title: row.subsection.clone(), rows: Vec::new() });
        }
        number += 1;
        if let Some(subsection) = section.subsections.last_mut() {
            subsection.rows.push(plan_row(number, row));
        }
    }
    sections
}

fn plan_row(number: u32, row: Model) -> PlanRow {
    PlanRow {
        number,
        requirement: row.requirement,
        responsible: row.responsible,
        implementing: row.implementing,
        measure: row.measure,
        deadline: row.deadline_text,
        due: row.deadline_on,
        state: None,
        evidence: None,
    }
}

#[handler]
async fn csv(Data(app): Data<&App>, Query(asked): Query<Asked>) -> poem::Result<Response> {
    let year = chosen(&years(app.db.read()).await?, &asked.year)?.ok_or_else(Problem::not_found)?;
    let head =
        ["序号", "部分", "类别", "工作要求", "责任部门", "实施部门", "落实措施", "完成时限", "期限日期"];
    let rows = items(app.db.read(), year).await?.into_iter().map(|r| {
        let due = r.deadline_on.map(|d| d.to_string()).unwrap_or_default();
        let position = r.position.to_string();
        vec![
            position,
            r.section,
            r.subsection,
            r.requirement,
            r.responsible,
            r.implementing,
            r.measure,
            r.deadline_text,
            due,
        ]
    });
    Ok(render::csv(&format!("{}.csv", title(app, year)), &head, rows)?)
}
