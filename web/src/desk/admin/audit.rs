//! The audit record: who did what, and whether the chain is whole.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Column, Pager, Table, alert, empty_state, page_head, pager, table},
    form::{Choice, Field, FormState, csrf, select, text_field},
    label::Tone,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

const PAGE: &str = "/desk/admin/audit";

#[derive(Clone, Debug)]
pub struct AuditRow {
    pub seq: i64,
    pub at: NaiveDateTime,
    pub who: String,
    pub address: String,
    pub action: String,
    pub subject: String,
    /// The records of the same subject.
    pub subject_href: Option<Href>,
    pub detail: String,
}

/// What a check of the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainCheck {
    Whole { records: i64 },
    Broken { at: i64 },
}

#[derive(Clone, Debug)]
pub struct AuditView {
    /// Fields `action`, `kind`, `subject`, `actor`.
    pub state: FormState,
    pub kinds: Vec<Choice>,
    pub actors: Vec<Choice>,
    pub rows: Vec<AuditRow>,
    pub pager: Pager,
    pub check: Option<ChainCheck>,
    pub csrf: String,
}

#[must_use]
pub fn audit(frame: &Frame<'_>, side: &[SideItem], view: &AuditView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("操作日志", "Audit record");
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("只增不改，逐条校验；查看日志本身也会记录。", "Only ever added to, each record sealed by the next; reading it is recorded too.")) }
            form method="post" action={ (PAGE) "/check" } { (csrf(&view.csrf)) button.button type="submit" { (lang.t("校验完整性", "Check the chain")) } }
        }))
        @if let Some(check) = view.check { (finding(lang, check)) }
        form.filters method="get" action=(PAGE) role="search" {
            (text_field(lang, &view.state, &Field::new("action", lang.t("操作代码", "Action")).short()))
            (select(lang, &view.state, &Field::new("kind", lang.t("对象", "Subject")), &view.kinds))
            (select(lang, &view.state, &Field::new("actor", lang.t("办理人", "Who")), &view.actors))
            @if !view.state.value("subject").is_empty() { input type="hidden" name="subject" value=(view.state.value("subject")); }
            button.button type="submit" { (lang.t("筛选", "Filter")) }
            a href=(PAGE) { (lang.t("清除", "Clear")) }
        }
        @if view.rows.is_empty() {
            (empty_state(lang.t("没有符合条件的记录", "No record fits"), "", None))
        } @else {
            div.card { (rows(lang, title, &view.rows)) }
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn finding(lang: Lang, check: ChainCheck) -> Markup {
    match check {
        ChainCheck::Whole { records } => alert(
            Tone::Good,
            lang.t("日志完整", "The record is whole"),
            html! { p { (lang.counted(records, "条记录逐条相符。", "record fits.", "records fit, one by one.")) } },
        ),
        ChainCheck::Broken { at } => alert(
            Tone::Warn,
            lang.t("日志被改动", "The record was tampered with"),
            html! { p {
                (match lang {
                    Lang::Zh => format!("从第 {at} 条起不相符：记录被修改、删除或插入。请立即保留数据库副本并报告。"),
                    Lang::En => format!("It does not fit from number {at} on: a record was changed, removed or put in. Keep a copy of the database and report it at once."),
                })
            } },
        ),
    }
}

fn rows(lang: Lang, title: &str, rows: &[AuditRow]) -> Markup {
    let cells = |r: &AuditRow| {
        vec![
            html! { (r.seq) },
            html! { (r.at.format("%Y-%m-%d %H:%M:%S")) },
            html! { span lang=[lang.content()] { (r.who) } @if !r.address.is_empty() { p.small { (r.address) } } },
            html! { code { (r.action) } },
            html! { @if let Some(href) = &r.subject_href { a href=(href) { (r.subject) } } @else { (r.subject) } },
            html! { code.audit-detail { (r.detail) } },
        ]
    };
    table(&Table {
        caption: title.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::number(lang.t("序号", "No.")),
            Column::tight(lang.t("时间", "When")),
            Column::tight(lang.t("办理人", "Who")),
            Column::tight(lang.t("操作", "Action")),
            Column::tight(lang.t("对象", "Subject")),
            Column::text(lang.t("内容", "Detail")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: None,
    })
}
