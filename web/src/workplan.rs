//! The work plan of the bureau: every row with who, what, by when, and how it stands.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{
        Column, Part, PartTone, Table, article_tools, card, content_head, empty_state, numbers, page_head,
        table,
    },
    label::TaskState,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct WorkPlanView {
    /// `2020年上海市体育局政务公开工作计划表`
    pub title: String,
    pub source: String,
    pub published: Option<NaiveDateTime>,
    pub sections: Vec<PlanSection>,
    pub csv: Option<Href>,
    /// Every year that has a plan, its address, and whether it is shown.
    pub years: Vec<(i32, Href, bool)>,
}

#[derive(Clone, Debug)]
pub struct PlanSection {
    pub title: String,
    pub subsections: Vec<PlanSubsection>,
}

#[derive(Clone, Debug)]
pub struct PlanSubsection {
    pub title: String,
    pub rows: Vec<PlanRow>,
}

#[derive(Clone, Debug)]
pub struct PlanRow {
    pub number: u32,
    pub requirement: String,
    pub responsible: String,
    pub implementing: String,
    pub measure: String,
    /// As the plan words it: `6月30日`, `年底`, `全年`.
    pub deadline: String,
    pub due: Option<NaiveDate>,
    /// `None` where the plan is only published, not tracked.
    pub state: Option<TaskState>,
    /// What shows that it is done.
    pub evidence: Option<Href>,
}

#[must_use]
pub fn work_plan(frame: &Frame<'_>, view: &WorkPlanView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::WorkPlan, ..frame.clone() };
    frame.meta.article_title.clone_from(&view.title);
    let rows: Vec<&PlanRow> =
        view.sections.iter().flat_map(|s| &s.subsections).flat_map(|s| &s.rows).collect();
    let body = html! {
        @if rows.is_empty() {
            (page_head(lang.t("工作计划", "Work plan"), html! {}))
            (empty_state(lang.t("今年的工作计划尚未公布", "This year's work plan is not yet published"), lang.t("工作要点印发后 30 日内公开。", "It is published within 30 days of its issue."), None))
        } @else {
            (content_head(lang, &view.title, html! {
                span { (lang.counted(i64::try_from(rows.len()).unwrap_or(0), "项工作", "task", "tasks")) }
                @if view.years.len() > 1 { (years(lang, view)) }
                @if let Some(csv) = &view.csv { a href=(csv) download { (lang.t("下载（CSV）", "Download (CSV)")) } }
            }))
            (article_tools(&frame, &view.source, view.published))
            div.plan-top {
                (contents(lang, view))
                (progress(lang, &rows))
            }
            @for (i, s) in view.sections.iter().enumerate() { (section(lang, i, s)) }
        }
    };
    let title = if rows.is_empty() { lang.t("工作计划", "Work plan") } else { &view.title };
    page(&frame, title, &[Crumb::here(lang.t("工作计划", "Work plan"))], body)
}

fn years(lang: Lang, view: &WorkPlanView) -> Markup {
    html! {
        span {
            (lang.t("年度：", "Year: "))
            @for (year, href, here) in &view.years {
                @if *here { strong { (year) } } @else { a href=(href) { (year) } }
                " "
            }
        }
    }
}

/// Shown only where the plan is tracked.
fn progress(lang: Lang, rows: &[&PlanRow]) -> Markup {
    let of = |states: &[TaskState]| {
        rows.iter().filter(|r| r.state.is_some_and(|s| states.contains(&s))).count() as u64
    };
    let parts = [
        Part::new(lang.t("已完成", "Done"), of(&[TaskState::Done, TaskState::DoneLate]), PartTone::Strong),
        Part::new(lang.t("推进中", "Going on"), of(&[TaskState::Running]), PartTone::Middle),
        Part::new(lang.t("未开始", "Not begun"), of(&[TaskState::Planned]), PartTone::Light),
        Part::new(lang.t("已逾期", "Overdue"), of(&[TaskState::Overdue]), PartTone::Warn),
    ];
    html! {
        @if rows.iter().any(|r| r.state.is_some()) {
            (card(lang.t("完成情况", "Progress"), numbers(lang.t("完成情况", "Progress"), lang.t("合计", "Sum"), &parts)))
        }
    }
}

fn contents(lang: Lang, view: &WorkPlanView) -> Markup {
    html! {
        nav.plan-contents aria-label=(lang.t("目录", "Contents")) {
            h2 { (lang.t("目录", "Contents")) }
            ol lang=[lang.content()] {
                @for (i, s) in view.sections.iter().enumerate() { li { a href={ "#plan-" (i + 1) } { (s.title) } } }
            }
        }
    }
}

fn section(lang: Lang, i: usize, s: &PlanSection) -> Markup {
    html! {
        section.section id={ "plan-" (i + 1) } lang=[lang.content()] {
            h2 { (s.title) }
            @for sub in &s.subsections {
                div.card.plan-card { (rows(lang, sub)) }
            }
        }
    }
}

fn rows(lang: Lang, sub: &PlanSubsection) -> Markup {
    let row = |r: &PlanRow| {
        vec![
            html! { (r.number) },
            html! { (r.requirement) },
            html! { (r.responsible) },
            html! { (r.implementing) },
            html! { (r.measure) },
            html! {
                @if let Some(due) = r.due { time datetime=(iso(due)) { (r.deadline) } } @else { (r.deadline) }
                @if let Some(state) = r.state { p { (state.badge(lang)) } }
                @if let Some(href) = &r.evidence { p.small { a href=(href) { (lang.t("完成情况", "Evidence")) } } }
            },
        ]
    };
    table(&Table {
        caption: sub.title.clone(),
        caption_hidden: false,
        columns: vec![
            Column::number(lang.t("序号", "No.")),
            Column::text(lang.t("工作要求", "Requirement")),
            Column::text(lang.t("责任部门", "Responsible")),
            Column::text(lang.t("实施部门", "Carried out by")),
            Column::text(lang.t("落实措施", "Measure")),
            Column::text(lang.t("完成时限", "Due")),
        ],
        rows: sub.rows.iter().map(row).collect(),
        row_head: None,
    })
}
