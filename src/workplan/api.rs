//! The API of the work plan.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{items, years};
use crate::app::App;
use crate::http::api::Area;
use crate::problem::Problem;

pub struct Api;

/// The work plan of a year; without rows when none was published.
#[derive(Object)]
struct WorkPlanOut {
    #[oai(skip_serializing_if_is_none)]
    year: Option<i32>,
    /// Every year that has a plan, newest first.
    years: Vec<i32>,
    items: Vec<WorkPlanItemOut>,
}

/// A task of the plan.
#[derive(Object)]
struct WorkPlanItemOut {
    position: i32,
    section: String,
    subsection: String,
    requirement: String,
    responsible: String,
    implementing: String,
    measure: String,
    /// As the plan words it, such as 年底.
    deadline: String,
    #[oai(skip_serializing_if_is_none)]
    deadline_on: Option<NaiveDate>,
}

#[OpenApi(tag = "Area::Search")]
impl Api {
    /// 政务公开工作计划 The open-government work plan of a year, the newest one by default
    #[oai(path = "/work-plan", method = "get", operation_id = "getWorkPlan")]
    async fn work_plan(
        &self,
        Data(app): Data<&App>,
        Query(year): Query<Option<i32>>,
    ) -> Result<Json<WorkPlanOut>, Problem> {
        let years = years(app.db.read()).await?;
        let year = match year {
            Some(year) if years.contains(&year) => Some(year),
            Some(_) => return Err(Problem::not_found()),
            None => years.first().copied(),
        };
        let rows = match year {
            Some(year) => items(app.db.read(), year).await?,
            None => Vec::new(),
        };
        let items = rows
            .into_iter()
            .map(|r| WorkPlanItemOut {
                position: r.position,
                section: r.section,
                subsection: r.subsection,
                requirement: r.requirement,
                responsible: r.responsible,
                implementing: r.implementing,
                measure: r.measure,
                deadline: r.deadline_text,
                deadline_on: r.deadline_on,
            })
            .collect();
        Ok(Json(WorkPlanOut { year, years, items }))
    }
}
