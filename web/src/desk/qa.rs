//! The desk of online questions and answers: the sessions, one session with its questions, one question with what may
//! be done to it, and the form of a session.

use chrono::NaiveDateTime;
use maud::{Markup, html};

mod form;
mod question;

use crate::{
    component::{
        Column, Fact, Pager, Tab, Table, card, definition_list, empty_state, page_head, pager, paragraphs,
        table, tabs,
    },
    form::{Field, FormState, csrf, error_summary, submit, textarea},
    label::{QaState, QuestionState},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

pub use form::{GuestChoice, QaFormView, form};
pub use question::{QuestionActs, QuestionCaseView, question};

pub const FIELD_DEPARTMENT: &str = "department";
pub const FIELD_PUBLIC_TEXT: &str = "public_text";
pub const FIELD_REASON: &str = "reason";
pub const FIELD_NOTE: &str = "note";
pub const FIELD_ANSWER: &str = "answer";
/// Why a session is called off.
pub const FIELD_CANCEL: &str = "reason";

#[derive(Clone, Debug)]
pub struct QaRow {
    pub code: String,
    pub title: String,
    pub href: Href,
    pub state: QaState,
    pub department: String,
    pub begins: NaiveDateTime,
    pub pending: u64,
    pub open: u64,
    pub answered: u64,
}

#[derive(Clone, Debug)]
pub struct QaDeskListView {
    pub rows: Vec<QaRow>,
    pub pager: Pager,
    pub may_create: bool,
}

#[must_use]
pub fn sessions(frame: &Frame<'_>, side: &[SideItem], view: &QaDeskListView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("网络问政", "Online questions and answers");
    let new = format!("{}/new", path::DESK_QA);
    let body = html! {
        (page_head(title, html! {
            @if view.may_create { a.button.primary href=(new) { (lang.t("筹备一场", "Prepare a session")) } }
        }))
        @if view.rows.is_empty() {
            (empty_state(lang.t("还没有网络问政", "No sessions yet"), lang.t("公布主题、参加单位和时间，会前会中征集问题，审核后由参加单位答复。", "Announce theme, departments and times; questions come before and during it and are answered after review."), None))
        } @else {
            (rows(lang, &view.rows))
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn rows(lang: Lang, rows: &[QaRow]) -> Markup {
    let row = |r: &QaRow| {
        vec![
            html! { a href=(r.href) lang=[lang.content()] { (r.title) } p.small { (r.code) } },
            html! { span lang=[lang.content()] { (r.department) } },
            html! { (lang.date_time(r.begins)) },
            html! { (r.pending) },
            html! { (r.open) },
            html! { (r.answered) },
            html! { (r.state.badge(lang)) },
        ]
    };
    table(&Table {
        caption: lang.t("场次", "Sessions").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("场次", "Session")),
            Column::text(lang.t("主办", "Held by")),
            Column::tight(lang.t("时间", "Time")),
            Column::number(lang.t("待审核", "To review")),
            Column::number(lang.t("待答复", "To answer")),
            Column::number(lang.t("已答复", "Answered")),
            Column::tight(lang.t("状态", "State")),
        ],
        rows: rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}

/// A question in a tray.
#[derive(Clone, Debug)]
pub struct QaItem {
    pub number: i32,
    pub href: Href,
    pub state: QuestionState,
    pub received: NaiveDateTime,
    pub text: String,
    pub department: String,
}

#[derive(Clone, Debug)]
pub struct QaDeskView {
    pub code: String,
    pub title: String,
    pub state: QaState,
    pub when: String,
    pub opens: String,
    pub department: String,
    pub theme: String,
    pub guests: Vec<String>,
    pub cancelled: Option<String>,
    pub trays: Vec<Tab>,
    pub items: Vec<QaItem>,
    pub public: Option<Href>,
    /// Where it is edited, published, thrown away, called off; what is not possible is not there.
    pub edit: Option<Href>,
    pub publish: Option<Href>,
    pub discard: Option<Href>,
    pub cancel: Option<Href>,
    pub csrf: String,
    pub form: FormState,
}

#[must_use]
pub fn session(frame: &Frame<'_>, side: &[SideItem], view: &QaDeskView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (page_head(&view.title, html! {
            (view.state.badge(lang)) span { (view.code) } span { (view.when) }
            @if let Some(href) = &view.public { a href=(href) { (lang.t("公众页面", "Public page")) } }
        }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                (tabs(lang.t("提问", "Questions"), &view.trays))
                @if view.items.is_empty() {
                    (empty_state(lang.t("这里没有提问", "No questions here"), "", None))
                } @else {
                    ol.queue { @for item in &view.items { (row(lang, item)) } }
                }
            }
            aside {
                (card(lang.t("本场", "The session"), facts(lang, view)))
                (acts(lang, view))
            }
        }
    };
    desk(frame, &view.form.title(lang, &view.title), side, body)
}

fn row(lang: Lang, item: &QaItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (match lang { Lang::Zh => format!("第 {} 号", item.number), Lang::En => format!("No. {}", item.number) }) }
                (item.state.badge(lang))
                span.soft { (lang.date_time(item.received)) }
            }
            p.item-words lang=[lang.content()] { (item.text) }
            @if !item.department.is_empty() { p.item-facts lang=[lang.content()] { span { (item.department) } } }
        }
    }
}

fn facts(lang: Lang, view: &QaDeskView) -> Markup {
    html! {
        (definition_list(&[
            Fact::new(lang.t("主办", "Held by"), html! { span lang=[lang.content()] { (view.department) } }),
            Fact::text(lang.t("征集问题", "Questions from"), &view.opens),
            Fact::text(lang.t("在线答复", "Live"), &view.when),
            Fact::new(lang.t("参加单位", "At the table"), html! { ul.text-list { @for g in &view.guests { li lang=[lang.content()] { (g) } } } }),
        ]))
        @if let Some(reason) = &view.cancelled { p lang=[lang.content()] { strong { (lang.t("取消原因：", "Cancelled: ")) } (reason) } }
        details { summary { (lang.t("主题", "Theme")) } div lang=[lang.content()] { (paragraphs(&view.theme)) } }
    }
}

fn acts(lang: Lang, view: &QaDeskView) -> Markup {
    html! {
        @if view.publish.is_some() || view.edit.is_some() {
            section.card {
                h2.card-title { (lang.t("办理", "What you may do")) }
                div.actions {
                    @if let Some(href) = &view.publish {
                        form method="post" action=(href) { (csrf(&view.csrf)) (submit(lang.t("发布", "Publish"))) }
                    }
                    @if let Some(href) = &view.edit { a.button href=(href) { (lang.t("修改", "Edit")) } }
                    @if let Some(href) = &view.discard {
                        form method="post" action=(href) { (csrf(&view.csrf)) button.button type="submit" data-once data-confirm=(lang.t("删除这份草稿？", "Discard this draft?")) { (lang.t("删除草稿", "Discard")) } }
                    }
                }
            }
        }
        @if let Some(href) = &view.cancel {
            details.card.act open[view.form.error(FIELD_CANCEL).is_some()] {
                summary { (lang.t("取消本场", "Call it off")) }
                form method="post" action=(href) novalidate {
                    (csrf(&view.csrf))
                    (textarea(lang, &view.form, &Field::new(FIELD_CANCEL, lang.t("原因", "Reason")).required().rows(3).max(500)
                        .hint(lang.t("公开，并通知提问人。", "Published; who asked is told."))))
                    div.actions { button.button type="submit" data-once { (lang.t("取消本场", "Call it off")) } }
                }
            }
        }
    }
}
