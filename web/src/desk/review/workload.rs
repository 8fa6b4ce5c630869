//! What the moderators did in a time.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::Side;
use crate::{
    component::{Column, Fact, Tab, Table, definition_list, empty_state, page_head, table, tabs},
    lang::Lang,
    layout::{Frame, desk},
};

const PAGE: &str = "/desk/workload";

#[derive(Clone, Debug)]
pub struct WorkloadView {
    pub side: Side,
    /// The reader is a moderator.
    pub reviews: bool,
    pub days: u32,
    pub choices: Vec<u32>,
    pub since: NaiveDate,
    /// What the decisions are called, in the order of [`ShareRow::kinds`].
    pub kinds: Vec<&'static str>,
    pub finished: u64,
    pub in_time: u64,
    pub overdue: u64,
    /// Of a hundred proposed rejections; none without one.
    pub agreement: Option<u64>,
    pub rows: Vec<ShareRow>,
}

#[derive(Clone, Debug)]
pub struct ShareRow {
    pub name: String,
    pub total: u64,
    pub kinds: Vec<u64>,
    pub taken_back: u64,
    pub confirmed: u64,
    pub overruled: u64,
    pub seconds: u64,
    pub set_aside: u64,
}

#[must_use]
pub fn workload(frame: &Frame<'_>, view: &WorkloadView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("审核工作量", "The moderators' work");
    let all: Vec<Tab> = view
        .choices
        .iter()
        .map(|d| {
            let label = match lang {
                Lang::Zh => format!("近 {d} 天"),
                Lang::En => format!("{d} days"),
            };
            Tab::new(label, format!("{PAGE}?days={d}")).current_if(*d == view.days)
        })
        .collect();
    let body = html! {
        (page_head(title, html! {
            span { (since(lang, view)) }
            @if view.reviews { a href="/desk/review" { (lang.t("意见审核", "Review of opinions")) } }
        }))
        (tabs(lang.t("时段", "Time"), &all))
        (whole(lang, view))
        @if view.rows.is_empty() {
            (empty_state(lang.t("这段时间没有审核", "Nothing was reviewed in this time"), "", None))
        } @else {
            div.section {
                h2 { (lang.t("各审核员", "By moderator")) }
                (shares(lang, view))
                p.small.soft { (lang.t(
                    "本表供分工和统一尺度使用，不对外公布，也不作排名。一分钟内自行撤回的决定也计入决定数。",
                    "For dividing the work and reading the rules alike; never published, and no ranking. Decisions taken back within the minute are counted among the decisions.",
                )) }
            }
        }
    };
    desk(frame, title, &view.side, body)
}

fn since(lang: Lang, view: &WorkloadView) -> String {
    let day = view.since.format("%Y-%m-%d");
    match lang {
        Lang::Zh => format!("自 {day} 起"),
        Lang::En => format!("Since {day}"),
    }
}

fn whole(lang: Lang, view: &WorkloadView) -> Markup {
    let share = (view.finished > 0).then(|| view.in_time * 100 / view.finished);
    let percent = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), |n| format!("{n}%"));
    definition_list(&[
        Fact::text(lang.t("办结的审核", "Reviews finished"), &view.finished.to_string()),
        Fact::text(lang.t("其中按时", "Of them in time"), &format!("{}（{}）", view.in_time, percent(share))),
        Fact::text(lang.t("现已逾期未审", "Waiting past their day now"), &view.overdue.to_string()),
        Fact::text(lang.t("复核同意率", "Second moderators agreed"), &percent(view.agreement)),
    ])
}

fn shares(lang: Lang, view: &WorkloadView) -> Markup {
    let mut columns =
        vec![Column::tight(lang.t("审核员", "Moderator")), Column::number(lang.t("决定", "Decisions"))];
    columns.extend(view.kinds.iter().map(|k| Column::number(*k)));
    columns.extend([
        Column::number(lang.t("自行撤回", "Taken back")),
        Column::number(lang.t("提议获复核同意", "Own rejections confirmed")),
        Column::number(lang.t("提议未获同意", "Own rejections overruled")),
        Column::number(lang.t("复核他人", "Second looks")),
        Column::number(lang.t("申诉后撤销", "Set aside on appeal")),
    ]);
    let cell = |n: u64| html! { (n) };
    let row = |r: &ShareRow| {
        let mut cells = vec![html! { span lang=[lang.content()] { (r.name) } }, cell(r.total)];
        cells.extend(r.kinds.iter().map(|n| cell(*n)));
        cells.extend([r.taken_back, r.confirmed, r.overruled, r.seconds, r.set_aside].map(cell));
        cells
    };
    table(&Table {
        caption: lang.t("各审核员的决定", "Decisions by moderator").to_owned(),
        caption_hidden: true,
        columns,
        rows: view.rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}
