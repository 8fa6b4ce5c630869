//! Reading a plan from its table: `section,subsection,no,requirement,responsible_dept,implementing_dept,
//! measure,deadline_text,deadline_date`, UTF-8, one row a task in printed order.

use chrono::{Datelike as _, NaiveDate};
use entity::enums::SubjectKind;
use entity::id::WorkPlanItemId;
use entity::work_plan_item::Model;
use serde::Deserialize;
use serde_json::json;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::calendar::civil;
use crate::db::Write;
use crate::problem::Problem;
use crate::text;

const MOST: usize = 1000;
const LONGEST: usize = 4000;

#[derive(Deserialize)]
struct Row {
    section: String,
    subsection: String,
    requirement: String,
    responsible_dept: String,
    implementing_dept: String,
    measure: String,
    deadline_text: String,
    deadline_date: String,
}

/// Takes the plan over into the open transaction, in place of what the year had; says how many rows it has.
/// The year is that of its deadlines.
///
/// # Errors
/// `invalid` for the field `csv`, with the line; the database's own.
pub async fn import(app: &App, write: &Write, csv: &str) -> Result<usize, Problem> {
    let rows = read(csv)?;
    let year = rows.iter().find_map(|(_, due)| *due).map(|d| d.year());
    let year = year.ok_or_else(|| wrong(1, "没有任何一行写明期限日期", "no row has a deadline date"))?;
    let items: Vec<Model> =
        rows.into_iter().enumerate().map(|(n, (row, due))| item(app.id(), year, n, row, due)).collect();
    let count = items.len();
    store::replace(write, year, items).await?;
    let subject = Subject { kind: SubjectKind::WorkPlan, id: None };
    let detail = json!({ "year": year, "rows": count });
    audit::record(app, write, &Actor::system(), "work_plan.import", subject, detail).await?;
    Ok(count)
}

fn item(id: WorkPlanItemId, year: i32, n: usize, row: Row, due: Option<NaiveDate>) -> Model {
    Model {
        id,
        year,
        position: i32::try_from(n + 1).unwrap_or(i32::MAX),
        section: text::tidy(&row.section),
        subsection: text::tidy(&row.subsection),
        requirement: text::tidy(&row.requirement),
        responsible: text::tidy(&row.responsible_dept),
        implementing: text::tidy(&row.implementing_dept),
        measure: text::tidy(&row.measure),
        deadline_text: text::tidy(&row.deadline_text),
        deadline_on: due,
    }
}

fn read(csv: &str) -> Result<Vec<(Row, Option<NaiveDate>)>, Problem> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for (n, row) in reader.deserialize::<Row>().enumerate() {
        let line = n + 2;
        let row = row.map_err(|e| wrong(line, "无法读取，请核对列名和列数", &e.to_string()))?;
        if row.requirement.trim().is_empty() || row.section.trim().is_empty() {
            return Err(wrong(line, "工作要求和所属部分不能为空", "section and requirement are needed"));
        }
        let cells = [&row.section, &row.subsection, &row.requirement, &row.responsible_dept];
        let more = [&row.implementing_dept, &row.measure, &row.deadline_text];
        for cell in cells.into_iter().chain(more) {
            if cell.chars().count() > LONGEST || text::several_lines(&text::tidy(cell)).is_err() {
                return Err(wrong(line, "内容过长或者含有控制字符", "too long, or control characters"));
            }
        }
        let due = match row.deadline_date.trim() {
            "" => None,
            date => Some(civil::parse_date(date).ok_or_else(|| {
                wrong(line, "期限日期应写作 2020-06-30", "the deadline date must be like 2020-06-30")
            })?),
        };
        rows.push((row, due));
        if rows.len() > MOST {
            return Err(wrong(line, "行数过多", "too many rows"));
        }
    }
    if rows.is_empty() {
        return Err(wrong(2, "表中没有内容", "the table is empty"));
    }
    Ok(rows)
}

fn wrong(line: usize, zh: &str, en: &str) -> Problem {
    Problem::invalid("csv", format!("第 {line} 行：{zh}"), format!("Line {line}: {en}"))
}
