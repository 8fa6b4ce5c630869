//! Duties: the list with its filters, and one duty with everything that is known of it.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{
        Column, DutyLine, Fact, Pager, Table, card, definition_list, duty, duty_days, duty_left, empty_state,
        page_head, pager, table,
    },
    form::{Choice, Field, FormState, csrf, error_summary, select, submit, textarea},
    icon::Icon,
    label::{Tone, badge},
    lang::{Lang, iso, stamp},
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

/// A duty in a list.
#[derive(Clone, Debug)]
pub struct DutyRow {
    pub line: DutyLine,
    /// What it is about.
    pub subject: String,
    /// The duty itself.
    pub href: Href,
    /// Where to do it; the duty itself for somebody who only oversees it.
    pub work: Href,
    pub department: String,
    pub owner: String,
}

#[derive(Clone, Debug)]
pub struct DutiesView {
    /// Fields `kind`, `state`, `department`.
    pub state: FormState,
    pub kinds: Vec<Choice>,
    pub states: Vec<Choice>,
    /// Empty for those who see one department only.
    pub departments: Vec<Choice>,
    pub rows: Vec<DutyRow>,
    pub total: u64,
    pub csv: Href,
    pub pager: Pager,
}

#[must_use]
pub fn duties(frame: &Frame<'_>, side: &[SideItem], view: &DutiesView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("时限", "Duties");
    let total = i64::try_from(view.total).unwrap_or(i64::MAX);
    let body = html! {
        (page_head(title, html! {
            span { (lang.counted(total, "项", "duty", "duties")) }
            a href=(view.csv) download { (lang.t("导出（CSV）", "Export (CSV)")) }
        }))
        (filters(lang, view))
        @if view.rows.is_empty() {
            (empty_state(
                lang.t("没有符合条件的时限", "No duty fits"),
                lang.t("决策出台、发起征求意见后，系统会自动建立时限并按工作日提醒。", "Duties begin by themselves when a decision is issued or a consultation opens."),
                None,
            ))
        } @else {
            div.card { (duty_table(lang, title, &view.rows, !view.departments.is_empty())) }
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn filters(lang: Lang, view: &DutiesView) -> Markup {
    html! {
        form.filters method="get" action="/desk/duties" role="search" {
            (select(lang, &view.state, &Field::new("kind", lang.t("类别", "Kind")), &view.kinds))
            (select(lang, &view.state, &Field::new("state", lang.t("状态", "State")), &view.states))
            @if !view.departments.is_empty() {
                (select(lang, &view.state, &Field::new("department", lang.t("单位", "Department")), &view.departments))
            }
            button.button type="submit" { (lang.t("筛选", "Filter")) }
        }
    }
}

/// The same table on the list and on the desk's first page.
#[must_use]
pub fn duty_table(lang: Lang, caption: &str, rows: &[DutyRow], whose: bool) -> Markup {
    let mut columns = vec![
        Column::tight(lang.t("状态", "State")),
        Column::text(lang.t("事项", "Matter")),
        Column::tight(lang.t("期限", "Due")),
        Column::tight(lang.t("剩余", "Left")),
    ];
    if whose {
        columns.push(Column::text(lang.t("承办", "Whose")));
    }
    table(&Table {
        caption: caption.to_owned(),
        caption_hidden: true,
        columns,
        rows: rows.iter().map(|row| cells(lang, row, whose)).collect(),
        row_head: Some(1),
    })
}

fn cells(lang: Lang, row: &DutyRow, whose: bool) -> Vec<Markup> {
    let line = &row.line;
    let mut cells = vec![
        line.state.badge(lang),
        html! {
            a href=(row.work) { (line.title) }
            p.small lang=[lang.content()] { (row.subject) }
        },
        html! {
            a href=(row.href) title=(lang.t("期限是怎么算的", "How this date was counted")) {
                time datetime=(iso(line.due)) { (iso(line.due)) }
            }
            @if line.provisional { p.small { (lang.t("暂定", "provisional")) } }
        },
        html! { span class=[line.is_urgent().then_some("late")] { (duty_left(lang, line)) } },
    ];
    if whose {
        cells.push(html! {
            span lang=[lang.content()] { (row.department) }
            @if !row.owner.is_empty() { p.small lang=[lang.content()] { (row.owner) } }
        });
    }
    cells
}

/// What became of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    Planned,
    Sent,
    Skipped,
}

#[derive(Clone, Debug)]
pub struct StageRow {
    pub name: String,
    /// The due day it counts to.
    pub due: NaiveDate,
    pub planned: NaiveDateTime,
    pub state: StageState,
    pub handled: Option<NaiveDateTime>,
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct ChangeRow {
    pub at: NaiveDateTime,
    pub who: String,
    pub what: String,
    pub old_due: NaiveDate,
    pub new_due: NaiveDate,
    pub reason: String,
}

/// A supervisor's order on the duty, and its answer.
#[derive(Clone, Debug)]
pub struct UrgingRow {
    pub id: String,
    pub by: String,
    pub at: NaiveDateTime,
    pub text: String,
    pub answer: Option<UrgingAnswer>,
}

#[derive(Clone, Debug)]
pub struct UrgingAnswer {
    pub by: String,
    pub at: NaiveDateTime,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct DutyView {
    pub row: DutyRow,
    pub start: NaiveDate,
    pub stages: Vec<StageRow>,
    pub changes: Vec<ChangeRow>,
    pub urgings: Vec<UrgingRow>,
    /// Where a supervisor's order goes; none for those who may not give one.
    pub urge: Option<Href>,
    /// Whether this person may answer open orders.
    pub may_answer: bool,
    /// Fields `text` (an order) and `answer`.
    pub state: FormState,
    pub csrf: String,
}

#[must_use]
pub fn duty_page(frame: &Frame<'_>, side: &[SideItem], view: &DutyView) -> Markup {
    let lang = frame.lang;
    let row = &view.row;
    let body = html! {
        p.back { a href="/desk/duties" { (lang.t("← 全部时限", "← All duties")) } }
        (page_head(&row.line.title, html! { span lang=[lang.content()] { (row.subject) } }))
        (error_summary(lang, &view.state))
        div.side-by-side {
            div {
                (card("", html! {
                    (duty(lang, &DutyLine { days_explained: Vec::new(), ..row.line.clone() }))
                    @if row.work != row.href {
                        p.actions { a.button.primary href=(row.work) { (lang.t("去办理", "Go and do it")) } }
                    }
                }))
                @if !row.line.days_explained.is_empty() {
                    (card(lang.t("这个日期是怎么算的", "How this date was counted"), duty_days(lang, &row.line.days_explained)))
                }
                (urgings(lang, view))
                (card(lang.t("提醒", "Reminders"), stages(lang, &view.stages)))
                @if !view.changes.is_empty() { (card(lang.t("变更记录", "Changes"), changes(lang, &view.changes))) }
            }
            aside { (card(lang.t("基本信息", "Facts"), facts(lang, view))) }
        }
    };
    desk(frame, &view.state.title(lang, &row.line.title), side, body)
}

fn facts(lang: Lang, view: &DutyView) -> Markup {
    let row = &view.row;
    let owner = if row.owner.is_empty() { lang.t("未指定", "nobody yet") } else { &row.owner };
    definition_list(&[
        Fact::new(
            lang.t("承办单位", "Department"),
            html! { span lang=[lang.content()] { (row.department) } },
        ),
        Fact::new(lang.t("承办人", "Owner"), html! { span lang=[lang.content()] { (owner) } }),
        Fact::text(lang.t("起算日", "Start"), &lang.date(view.start)),
        Fact::text(lang.t("期限", "Due"), &lang.deadline(row.line.due)),
    ])
}

fn stages(lang: Lang, rows: &[StageRow]) -> Markup {
    let cells = |s: &StageRow| {
        vec![
            html! { (s.name) },
            html! { time datetime=(iso(s.planned.date())) { (stamp(s.planned)) } },
            stage_badge(lang, s.state),
            html! {
                @if let Some(at) = s.handled.filter(|_| s.state == StageState::Sent) { (stamp(at)) }
                (s.reason)
            },
        ]
    };
    table(&Table {
        caption: lang.t("提醒阶段", "Stages").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("阶段", "Stage")),
            Column::tight(lang.t("计划时间", "Planned for")),
            Column::tight(lang.t("状态", "State")),
            Column::text(lang.t("说明", "Note")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn stage_badge(lang: Lang, state: StageState) -> Markup {
    match state {
        StageState::Planned => badge(Tone::Info, Icon::Ring, lang.t("待发送", "Waiting")),
        StageState::Sent => badge(Tone::Good, Icon::Check, lang.t("已发送", "Sent")),
        StageState::Skipped => badge(Tone::Plain, Icon::Dash, lang.t("未发送", "Not sent")),
    }
}

fn changes(lang: Lang, rows: &[ChangeRow]) -> Markup {
    let cells = |c: &ChangeRow| {
        vec![
            html! { (stamp(c.at)) },
            html! { span lang=[lang.content()] { (c.who) } },
            html! { (c.what) },
            html! {
                @if c.old_due == c.new_due { (iso(c.new_due)) } @else { (iso(c.old_due)) " → " strong { (iso(c.new_due)) } }
            },
            html! { span lang=[lang.content()] { (c.reason) } },
        ]
    };
    table(&Table {
        caption: lang.t("变更记录", "Changes").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("时间", "When")),
            Column::text(lang.t("办理人", "Who")),
            Column::tight(lang.t("变更", "Change")),
            Column::tight(lang.t("期限", "Due")),
            Column::text(lang.t("原因", "Reason")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: None,
    })
}

fn urgings(lang: Lang, view: &DutyView) -> Markup {
    html! {
        @if !view.urgings.is_empty() || view.urge.is_some() {
            (card(lang.t("督办", "Urging"), html! {
                @for u in &view.urgings { (urging(lang, view, u)) }
                @if let Some(action) = &view.urge {
                    form method="post" action=(action) novalidate {
                        (csrf(&view.csrf))
                        (textarea(lang, &view.state, &Field::new("text", lang.t("督办意见", "Order")).required().rows(3).max(500)
                            .hint(lang.t("将告知承办人和部门负责人，承办人须书面回复。", "The owner and the head of the department are told; the owner must answer in writing."))))
                        p.actions { (submit(lang.t("发出督办", "Send the order"))) }
                    }
                }
            }))
        }
    }
}

fn urging(lang: Lang, view: &DutyView, u: &UrgingRow) -> Markup {
    html! {
        div.urging {
            p.small { span lang=[lang.content()] { (u.by) } " · " (stamp(u.at)) }
            div lang=[lang.content()] { (crate::component::paragraphs(&u.text)) }
            @if let Some(answer) = &u.answer {
                div.urging-answer {
                    p.small { (lang.t("回复：", "Answer: ")) span lang=[lang.content()] { (answer.by) } " · " (stamp(answer.at)) }
                    div lang=[lang.content()] { (crate::component::paragraphs(&answer.text)) }
                }
            } @else if view.may_answer {
                form method="post" action={ "/desk/urgings/" (u.id) "/answer" } novalidate {
                    (csrf(&view.csrf))
                    (textarea(lang, &view.state, &Field::new("answer", lang.t("回复", "Answer")).required().rows(3).max(500)))
                    p.actions { (submit(lang.t("提交回复", "Send the answer"))) }
                }
            } @else {
                p { (badge(Tone::Warn, Icon::Clock, lang.t("等待回复", "No answer yet"))) }
            }
        }
    }
}

/// The address of one duty.
#[must_use]
pub fn duty_href(id: &str) -> Href {
    Href::new(format!("{}/duties/{id}", path::DESK))
}
