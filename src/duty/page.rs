//! Pages of duties: the list, its export, and one duty with its count, reminders and changes.

use entity::duty::Model;
use entity::enums::{DutyKind, DutyState, Role, StageState};
use entity::id::DutyUrgingId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::{Pager, duty_left};
use web::desk::duty::{
    self as view, ChangeRow, DutiesView, DutyRow, DutyView, StageRow, UrgingAnswer, UrgingRow,
};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::link::with_query;

use super::view::{Asked, Names, may_see, scope};
use super::{Order, Reply, urge};
use crate::actor::Staff;
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::duty_view::{duty_line, short_line};
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{csv, done, form_again, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::Problem;

const LIST: &str = "/desk/duties";
const PAGE: u64 = 50;
/// Rows of an export; more than any bureau has open in a year.
const EXPORT: u64 = 10_000;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(LIST, show_list)
        .get("/desk/duties.csv", export)
        .get("/desk/duties/:id", show_one)
        .post("/desk/duties/:id/urge", order)
        .post("/desk/urgings/:id/answer", reply)
}

#[derive(Deserialize)]
#[serde(default)]
struct ListQuery {
    kind: String,
    state: String,
    department: String,
    page: String,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self { kind: String::new(), state: "open".into(), department: String::new(), page: "1".into() }
    }
}

impl ListQuery {
    fn asked(&self) -> Asked<'_> {
        Asked { kind: &self.kind, state: &self.state, department: &self.department }
    }

    /// From 1.
    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).clamp(1, 10_000)
    }
}

#[handler]
async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> poem::Result<Response> {
    let (staff, lang) = (visitor.actor.require_staff()?, visitor.lang);
    let (db, number) = (app.db.read(), query.page());
    let mut filter = query.asked().filter(app, staff);
    let total = super::count(db, &filter).await?;
    (filter.limit, filter.offset) = (PAGE, (number - 1) * PAGE);
    let duties = super::list(db, &filter).await?;
    let names = Names::load(app).await?;
    let departments = match scope(staff) {
        None => department::page::choices(app, lang).await?,
        Some(_) => Vec::new(),
    };
    let view = DutiesView {
        state: FormState::default()
            .with("kind", &query.kind)
            .with("state", &query.state)
            .with("department", &query.department),
        kinds: kind_choices(lang),
        states: state_choices(lang),
        departments,
        rows: duties.iter().map(|d| row(app, staff, d, &names, lang)).collect(),
        total,
        csv: with_path(&visitor.path, "/desk/duties.csv"),
        pager: pager(&visitor.path, number, total, lang),
    };
    let side = desk::side(app, &visitor, LIST).await?;
    Ok(page(view::duties(&visitor.frame(app, Nav::None), &side, &view)))
}

/// The same query on another path.
fn with_path(path: &str, other: &str) -> web::link::Href {
    let query = path.split_once('?').map(|(_, q)| format!("?{q}")).unwrap_or_default();
    format!("{other}{query}").into()
}

fn pager(path: &str, number: u64, total: u64, lang: Lang) -> Pager {
    let to = |n: u64| with_query(path, "page", &n.to_string());
    let (first, last) = ((number - 1) * PAGE + 1, (number * PAGE).min(total));
    if total <= PAGE && number == 1 {
        return Pager::default();
    }
    Pager {
        previous: (number > 1).then(|| to(number - 1)),
        next: (last < total).then(|| to(number + 1)),
        note: match lang {
            Lang::Zh => format!("第 {first}–{last} 项，共 {total} 项"),
            Lang::En => format!("{first}–{last} of {total}"),
        },
    }
}

/// A duty for a list. What people ask about their data is opened by those who answer it alone; everybody else
/// who sees the duty is led to the duty itself.
pub fn row(app: &App, staff: &Staff, duty: &Model, names: &Names, lang: Lang) -> DutyRow {
    let own = view::duty_href(&duty.id.to_string());
    let opens = duty.kind != DutyKind::DataInquiry || staff.answers_for_data();
    DutyRow {
        line: short_line(app, duty, lang),
        subject: duty.title.clone(),
        work: if opens { duty.path.as_str().into() } else { own.clone() },
        href: own,
        department: names.short(duty.department_id),
        owner: names.person(duty.owner_id),
    }
}

fn kind_choices(lang: Lang) -> Vec<Choice> {
    let first = Choice::new("", lang.t("全部（不含意见审核和申诉）", "All but reviews and appeals"));
    let kinds = DutyKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), lang_words(lang, &super::kind_words(*kind))));
    [first].into_iter().chain(kinds).collect()
}

fn state_choices(lang: Lang) -> Vec<Choice> {
    [
        ("open", lang.t("未办结", "Open")),
        ("overdue", lang.t("已逾期", "Overdue")),
        ("done", lang.t("已办结", "Done")),
        ("cancelled", lang.t("已取消", "Cancelled")),
        ("all", lang.t("全部", "All")),
    ]
    .map(|(value, label)| Choice::new(value, label))
    .into()
}

#[handler]
async fn export(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> poem::Result<Response> {
    let (staff, lang) = (visitor.actor.require_staff()?, visitor.lang);
    let filter = super::Filter { limit: EXPORT, ..query.asked().filter(app, staff) };
    let duties = super::list(app.db.read(), &filter).await?;
    let names = Names::load(app).await?;
    let header = [
        ("类别", "Kind"),
        ("事项", "Matter"),
        ("承办单位", "Department"),
        ("承办人", "Owner"),
        ("起算日", "Start"),
        ("工作日数", "Working days"),
        ("期限", "Due"),
        ("暂定", "Provisional"),
        ("状态", "State"),
        ("剩余", "Left"),
        ("办结日", "Done"),
    ]
    .map(|(zh, en)| lang.t(zh, en));
    let rows = duties.iter().map(|duty| {
        let line = short_line(app, duty, lang);
        vec![
            line.title.clone(),
            duty.title.clone(),
            names.department(duty.department_id),
            names.person(duty.owner_id),
            duty.start_on.to_string(),
            duty.days.map(|n| n.to_string()).unwrap_or_default(),
            duty.due_on.to_string(),
            if line.provisional { lang.t("是", "yes").to_owned() } else { String::new() },
            line.state.word(lang).to_owned(),
            duty_left(lang, &line),
            duty.completed_on.map(|d| d.to_string()).unwrap_or_default(),
        ]
    });
    Ok(csv("duties.csv", &header, rows)?)
}

#[handler]
async fn show_one(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> poem::Result<Response> {
    let duty = of_path(app, &visitor, &id).await?;
    Ok(page(duty_page(app, &visitor, &duty, FormState::default()).await?))
}

async fn of_path(app: &App, visitor: &Visitor, id: &str) -> Result<Model, Problem> {
    let staff = visitor.actor.require_staff()?;
    let duty = super::find(app.db.read(), id.parse().map_err(|_| Problem::not_found())?).await?;
    may_see(staff, &duty)?;
    Ok(duty)
}

async fn duty_page(
    app: &App,
    visitor: &Visitor,
    duty: &Model,
    state: FormState,
) -> Result<maud::Markup, Problem> {
    let view = one(app, visitor, duty, state).await?;
    let side = desk::side(app, visitor, LIST).await?;
    Ok(view::duty_page(&visitor.frame(app, Nav::None), &side, &view))
}

#[handler]
async fn order(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let duty = of_path(app, &visitor, &id).await?;
    let order = Order { text: form.get("text").to_owned() };
    match super::urge(app, &visitor.actor, duty.id, &order).await {
        Ok(_) => Ok(done(&format!("{LIST}/{}", duty.id), "sent")),
        Err(problem) => again(app, &visitor, &duty, &form, problem).await,
    }
}

#[handler]
async fn reply(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let id: DutyUrgingId = id.parse().map_err(|_| Problem::not_found())?;
    let urging = urge::find(app.db.read(), id).await?;
    let duty = of_path(app, &visitor, &urging.duty_id.to_string()).await?;
    let reply = Reply { answer: form.get("answer").to_owned() };
    match super::answer(app, &visitor.actor, id, &reply).await {
        Ok(duty) => Ok(done(&format!("{LIST}/{duty}"), "sent")),
        Err(problem) => again(app, &visitor, &duty, &form, problem).await,
    }
}

async fn again(
    app: &App,
    visitor: &Visitor,
    duty: &Model,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let markup = duty_page(app, visitor, duty, form.state(&problem, visitor.lang)).await?;
    form_again(problem, |_| markup)
}

async fn one(app: &App, visitor: &Visitor, duty: &Model, state: FormState) -> Result<DutyView, Problem> {
    let (db, lang, staff) = (app.db.read(), visitor.lang, visitor.actor.require_staff()?);
    let names = Names::load(app).await?;
    let line = duty_line(app, duty, lang).await?;
    let stages = super::stages(db, duty.id).await?;
    let changes = super::history(db, duty.id).await?;
    let urgings = urge::of_duty(db, duty.id).await?;
    let may_urge = staff.has(Role::Supervisor) && duty.state == DutyState::Open;
    Ok(DutyView {
        row: DutyRow {
            line,
            department: names.department(duty.department_id),
            ..row(app, staff, duty, &names, lang)
        },
        start: duty.start_on,
        stages: stages.into_iter().map(|s| stage(s, lang)).collect(),
        changes: changes.into_iter().map(|c| change(c, &names, lang)).collect(),
        urgings: urgings.into_iter().map(|u| urging(u, &names)).collect(),
        urge: may_urge.then(|| format!("{LIST}/{}/urge", duty.id).into()),
        may_answer: super::may_answer(staff, duty),
        state,
        csrf: visitor.csrf().to_owned(),
    })
}

fn urging(row: entity::duty_urging::Model, names: &Names) -> UrgingRow {
    let answer = row.answer.zip(row.answered_at).map(|(text, at)| UrgingAnswer {
        by: names.person(row.answered_by),
        at: civil::local_time(at),
        text,
    });
    UrgingRow {
        id: row.id.to_string(),
        by: names.person(Some(row.urged_by)),
        at: civil::local_time(row.urged_at),
        text: row.text,
        answer,
    }
}

fn stage(row: entity::duty_stage::Model, lang: Lang) -> StageRow {
    StageRow {
        name: lang_words(lang, &super::stage_words(&row.stage)),
        due: row.due_on,
        planned: civil::local_time(row.planned_at),
        state: match row.state {
            StageState::Planned => view::StageState::Planned,
            StageState::Sent => view::StageState::Sent,
            StageState::Skipped => view::StageState::Skipped,
        },
        handled: row.handled_at.map(civil::local_time),
        reason: row.reason.map(|code| lang_words(lang, &super::reason_words(&code))).unwrap_or_default(),
    }
}

fn change(row: entity::duty_change::Model, names: &Names, lang: Lang) -> ChangeRow {
    let who = match row.changed_by {
        Some(id) => names.person(Some(id)),
        None => lang.t("系统", "the system").to_owned(),
    };
    ChangeRow {
        at: civil::local_time(row.changed_at),
        who,
        what: lang_words(lang, &super::words::change_words(row.kind)),
        old_due: row.old_due_on,
        new_due: row.new_due_on,
        reason: row.reason,
    }
}
