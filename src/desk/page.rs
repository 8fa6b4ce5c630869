//! The handler of the desk's first page.

use chrono::{Datelike as _, TimeDelta};
use entity::enums::{Role, SummaryState};
use entity::id::DepartmentId;
use poem::web::Data;
use poem::{Response, handler};
use web::desk::home::{DeskView, GuideStep, ReviewQueue, WaitingRow};
use web::lang::Lang;
use web::layout::Nav;
use web::path;

use super::store::{self, Waiting};
use crate::actor::Staff;
use crate::app::App;
use crate::http::pages::Pages;
use crate::http::render::page;
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::Problem;
use crate::{duty, notice};

/// Rows of a list on this page; the rest are one link away.
const ROWS: u64 = 10;
const NOTICES: u64 = 6;

pub fn add(pages: Pages) -> Pages {
    pages.get(path::DESK, home)
}

#[handler]
async fn home(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let view = view(app, staff, visitor.lang).await?;
    let side = desk::side(app, &visitor, path::DESK).await?;
    Ok(page(web::desk::home::home(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn view(app: &App, staff: &Staff, lang: Lang) -> Result<DeskView, Problem> {
    let (db, today) = (app.db.read(), app.today());
    let runs = staff.has(Role::Owner) || !staff.heads.is_empty();
    let supervises = staff.has(Role::Supervisor);
    let duties = if supervises {
        let filter = duty::Filter {
            state: Some(entity::enums::DutyState::Open),
            limit: ROWS,
            ..duty::Filter::default()
        };
        duty::list(db, &filter).await?
    } else if runs {
        duty::open_of_staff(db, staff.id, &staff.heads, ROWS).await?
    } else {
        Vec::new()
    };
    let names = duty::Names::load(app).await?;
    let notices = notice::inbox(db, staff.id, false, None, NOTICES).await?;
    Ok(DeskView {
        name: format!("{} · {}", staff.name, staff.department),
        today: Some(today),
        day_word: {
            let status = app.calendar().day(today).status;
            lang.t(&status.zh(), &status.en()).to_owned()
        },
        guide: guide(app, staff, lang).await?,
        duties: duties.iter().map(|d| duty::page::row(app, staff, d, &names, lang)).collect(),
        duties_of_all: supervises,
        duties_shown: supervises || runs,
        review: review(app, staff, lang).await?,
        to_answer: to_answer(app, staff, lang).await?,
        to_approve: to_approve(app, staff, lang).await?,
        drafts: if runs { drafts(app, staff, lang).await? } else { Vec::new() },
        notices: notices.into_iter().map(notice::page::row).collect(),
    })
}

async fn review(app: &App, staff: &Staff, lang: Lang) -> Result<Option<ReviewQueue>, Problem> {
    if !staff.has(Role::Moderator) {
        return Ok(None);
    }
    let queue = store::queue(app.db.read(), app.today()).await?;
    Ok(Some(ReviewQueue {
        waiting: queue.waiting,
        oldest: queue.oldest.map(|at| age(app.now() - at, lang)).unwrap_or_default(),
        overdue: queue.overdue,
        href: "/desk/review".into(),
    }))
}

fn age(age: TimeDelta, lang: Lang) -> String {
    match (age.num_days(), age.num_hours()) {
        (0, 0) => lang.t("不到 1 小时", "less than an hour").to_owned(),
        (0, hours) => lang.counted(hours, "小时", "hour", "hours"),
        (days, _) => lang.days(days),
    }
}

/// Orders of supervisors that wait for an answer.
async fn to_answer(app: &App, staff: &Staff, lang: Lang) -> Result<Vec<WaitingRow>, Problem> {
    let duties = duty::urged(app.db.read(), staff, ROWS).await?.into_iter();
    let rows = duties.map(|d| WaitingRow {
        note: lang_words(lang, &duty::kind_words(d.kind)),
        href: web::desk::duty::duty_href(&d.id.to_string()),
        title: d.title,
    });
    Ok(rows.collect())
}

async fn to_approve(app: &App, staff: &Staff, lang: Lang) -> Result<Vec<WaitingRow>, Problem> {
    if staff.heads.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::summaries(app.db.read(), SummaryState::Submitted, &staff.heads, ROWS).await?;
    let note = lang.t("意见采纳情况，待审批", "adoption summary, to approve");
    Ok(rows.into_iter().map(|row| summary(row, note)).collect())
}

fn summary(row: Waiting, note: &str) -> WaitingRow {
    let href = format!("/desk/consultations/{}/summary", row.code);
    WaitingRow { title: row.title, note: note.to_owned(), href: href.into() }
}

async fn drafts(app: &App, staff: &Staff, lang: Lang) -> Result<Vec<WaitingRow>, Problem> {
    let db = app.db.read();
    let mut mine: Vec<DepartmentId> = staff.heads.clone();
    mine.push(staff.department_id);
    let mut rows = Vec::new();
    for row in store::summaries(db, SummaryState::Draft, &mine, ROWS).await? {
        rows.push(summary(row, lang.t("意见采纳情况", "adoption summary")));
    }
    for row in store::unpublished_consultations(db, &mine, ROWS).await? {
        let href = format!("/desk/consultations/{}", row.code).into();
        rows.push(WaitingRow {
            title: row.title,
            note: lang.t("征求意见，未发布", "consultation, not published").to_owned(),
            href,
        });
    }
    for row in store::unpublished_decisions(db, &mine, ROWS).await? {
        let href = format!("/desk/decisions/{}", row.code).into();
        rows.push(WaitingRow {
            title: row.title,
            note: lang.t("决策事项，未公开", "decision, not public").to_owned(),
            href,
        });
    }
    Ok(rows)
}

/// The first steps of a new site, for its administrator.
async fn guide(app: &App, staff: &Staff, lang: Lang) -> Result<Vec<GuideStep>, Problem> {
    if !staff.has(Role::Admin) {
        return Ok(Vec::new());
    }
    let done = store::progress(app.db.read(), staff.id).await?;
    let today = app.today();
    // The State Council's notice comes out in November; before December nobody misses next year's.
    let year = if today.month() == 12 { today.year() + 1 } else { today.year() };
    let step = |title: &str, why: &str, href: &'static str, done: bool| GuideStep {
        title: title.to_owned(),
        why: why.to_owned(),
        href: (!href.is_empty()).then(|| href.into()),
        done,
    };
    Ok(vec![
        step(
            lang.t("建立各单位", "Add the departments"),
            lang.t(
                "承办处室和直属单位，填写公众联系方式。",
                "Those that undertake decisions, with how the public reaches them.",
            ),
            "/desk/admin/departments",
            done.departments > 1,
        ),
        step(
            lang.t("邀请工作人员", "Invite the staff"),
            lang.t(
                "至少一位承办人、两位审核员和一位监督员。",
                "At least one owner, two moderators and a supervisor.",
            ),
            "/desk/admin/staff",
            done.staff > 0,
        ),
        step(
            lang.t("指定单位负责人", "Name the heads"),
            lang.t(
                "负责人审批采纳情况，并收到逾期提醒。",
                "Heads approve the summaries and are told when something is overdue.",
            ),
            "/desk/admin/departments",
            done.headed > 0,
        ),
        step(
            lang.t("核对放假安排", "Check the holidays"),
            lang.t(
                "没有放假安排的年份，期限暂按周末推算。",
                "A year without its notice is counted by weekends alone.",
            ),
            "/desk/admin/calendar",
            app.calendar().covers(year),
        ),
        step(
            lang.t("由承办人列入第一个决策事项", "Let an owner list the first decision"),
            lang.t("在承办人的工作台办理。", "On the owner's desk."),
            "",
            done.decisions > 0,
        ),
    ])
}
