//! The pages that take messages, for who opens and closes them.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{Column, Table, card, page_head, table},
    form::{Field, FormState, csrf, error_summary, hidden, submit, text_field},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

/// Address of a page of this site, or its path.
pub const FIELD_ADDRESS: &str = "address";

#[derive(Clone, Debug)]
pub struct PagesView {
    pub side: Vec<SideItem>,
    /// The desk of messages, for who has a part in it.
    pub back: Option<Href>,
    pub rows: Vec<PageRow>,
    /// What was published last and takes none yet.
    pub candidates: Vec<Candidate>,
    pub csrf: String,
    pub form: FormState,
}

#[derive(Clone, Debug)]
pub struct PageRow {
    pub title: String,
    pub href: Href,
    pub opened: NaiveDate,
    /// Since when it takes no more.
    pub closed: Option<NaiveDate>,
    pub withdrawn: bool,
    pub received: i64,
    pub published: i64,
}

#[derive(Clone, Debug)]
pub struct Candidate {
    pub title: String,
    pub href: Href,
    pub column: String,
    pub published: NaiveDate,
}

#[must_use]
pub fn pages(frame: &Frame<'_>, view: &PagesView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("页面留言", "Messages under pages");
    let body = html! {
        @if let Some(back) = &view.back { p.back { a href=(back) { (lang.t("← 留言办理", "← Messages")) } } }
        (page_head(title, html! {
            span { (lang.t("选定哪些已公开的页面下可以留言。留言同留言板一样受理、答复，公开后显示在该页下方。", "Which published pages take messages. They are dealt with as those of the board, and appear under their page once published.")) }
        }))
        (error_summary(lang, &view.form))
        (opened(lang, view))
        (open_another(lang, view))
    };
    desk(frame, &view.form.title(lang, title), &view.side, body)
}

fn opened(lang: Lang, view: &PagesView) -> Markup {
    let row = |r: &PageRow| {
        vec![
            html! { a href=(r.href) lang=[lang.content()] { (r.title) } },
            html! { (lang.date(r.opened)) },
            html! { (r.received) },
            html! { (r.published) },
            html! { (state(lang, view, r)) },
        ]
    };
    let list = Table {
        caption: lang.t("开放过留言的页面", "Pages that were opened").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("页面", "Page")),
            Column::tight(lang.t("开放于", "Opened")),
            Column::number(lang.t("收到", "Received")),
            Column::number(lang.t("公开", "Published")),
            Column::tight(lang.t("状态", "State")),
        ],
        rows: view.rows.iter().map(row).collect(),
        row_head: Some(0),
    };
    html! {
        @if view.rows.is_empty() {
            p.soft { (lang.t("还没有页面开放留言。", "No page takes messages yet.")) }
        } @else { (table(&list)) }
    }
}

fn state(lang: Lang, view: &PagesView, r: &PageRow) -> Markup {
    html! {
        @if let Some(day) = r.closed {
            span.soft { (lang.t("已关闭 ", "closed ")) (lang.date(day)) }
        } @else {
            @if r.withdrawn { span.flag.flag-warn { (lang.t("页面已撤下", "page withdrawn")) } " " }
            form.one-line method="post" action={ (path::DESK_MESSAGE_PAGES) "/close" } {
                (csrf(&view.csrf))
                (hidden(FIELD_ADDRESS, r.href.as_str()))
                button.link type="submit" data-once { (lang.t("关闭留言", "Take no more")) span.sr { " " (r.title) } }
            }
        }
    }
}

fn open_another(lang: Lang, view: &PagesView) -> Markup {
    card(
        lang.t("开放一个页面", "Open a page"),
        html! {
            form method="post" action=(path::DESK_MESSAGE_PAGES) novalidate {
                (csrf(&view.csrf))
                (text_field(lang, &view.form, &Field::new(FIELD_ADDRESS, lang.t("页面地址", "Address of the page")).required().max(300)
                    .hint(lang.t("从浏览器地址栏复制：决策事项、意见征集、采纳情况、公开文件、活动、网络问政等已发布的页面都可以。", "As the browser shows it: decisions, consultations, summaries, documents, events, online Q&A; whatever is published."))))
                div.actions { (submit(lang.t("开放留言", "Open"))) }
            }
            @if !view.candidates.is_empty() {
                h3.block-title { (lang.t("最近发布的页面", "Published lately")) }
                ul.offers {
                    @for c in &view.candidates {
                        li {
                            form method="post" action=(path::DESK_MESSAGE_PAGES) {
                                (csrf(&view.csrf))
                                (hidden(FIELD_ADDRESS, c.href.as_str()))
                                span {
                                    a href=(c.href) lang=[lang.content()] { (c.title) }
                                    " " span.soft lang=[lang.content()] { (c.column) " " (lang.date(c.published)) }
                                }
                                button.link type="submit" data-once { (lang.t("开放留言", "Open")) span.sr { " " (c.title) } }
                            }
                        }
                    }
                }
            }
        },
    )
}
