//! Published documents: reading one version, and comparing two clause by clause.

use maud::{Markup, html};

use crate::{
    component::{
        Change, FileLink, Tab, alert, article_tools, card, content_head, diff, empty_state, file_list,
        page_head, tabs,
    },
    consultation::{DraftView, reader},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct DocumentView {
    /// `决策草案`
    pub kind: String,
    pub title: String,
    pub version: i32,
    pub source: String,
    pub published: Option<chrono::NaiveDateTime>,
    pub notice: String,
    pub draft: DraftView,
    /// The text as it is, where it is not cut.
    pub text: String,
    pub files: Vec<FileLink>,
    pub decision: Option<Href>,
    /// Every published version: its name, its page, whether it is this one.
    pub versions: Vec<Tab>,
    /// A newer one is there.
    pub newer: Option<Href>,
}

#[must_use]
pub fn document(frame: &Frame<'_>, view: &DocumentView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    let body = html! {
        (content_head(lang, &view.title, html! {
            span { (view.kind) }
            span { (crate::desk::document::version_word(lang, view.version)) }
        }))
        (article_tools(&frame, &view.source, view.published))
        @if let Some(href) = &view.newer {
            (alert(Tone::Info, lang.t("这不是最新版本", "There is a newer version"), html! { p { a href=(href) { (lang.t("查看最新版本", "See the newest version")) } } }))
        }
        @if !view.notice.is_empty() {
            (alert(Tone::Info, lang.t("更正说明", "What was corrected"), html! {
                p lang=[lang.content()] { (view.notice) @if let Some(href) = &view.draft.compare { " " a href=(href) { (lang.t("查看改动", "see the changes")) } } }
            }))
        }
        @if view.versions.len() > 1 { (tabs(lang.t("版本", "Versions"), &view.versions)) }
        div.side-by-side.reading {
            div.stack { (text_of(lang, view)) }
            aside {
                @if !view.files.is_empty() { (card(lang.t("下载全文", "Download"), file_list(lang, &view.files))) }
                @if let Some(href) = &view.decision {
                    (card(lang.t("决策事项", "Decision"), html! { p { a href=(href) { (lang.t("查看决策全过程", "The whole dossier")) } } }))
                }
            }
        }
    };
    page(&frame, &view.title, &trail(lang, &view.kind), body)
}

fn trail(lang: Lang, here: &str) -> [Crumb; 2] {
    [Crumb::link(lang.t("重大行政决策", "Decisions"), path::DECISIONS), Crumb::here(here)]
}

fn text_of(lang: Lang, view: &DocumentView) -> Markup {
    html! {
        @if !view.draft.parts.is_empty() {
            (reader(lang, &view.draft))
        } @else if view.text.is_empty() {
            (empty_state(lang.t("全文见下载文件", "The text is in the files to download"), "", None))
        } @else {
            section.card { div.prose lang=[lang.content()] { (crate::component::paragraphs(&view.text)) } }
        }
    }
}

/// What became of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseChange {
    Kept,
    Reworded,
    Renumbered,
    Both,
    Added,
    Removed,
}

impl ClauseChange {
    fn badge(self, lang: Lang) -> Markup {
        let (tone, mark, word) = match self {
            Self::Kept => (Tone::Plain, Icon::Dash, lang.t("未改动", "Unchanged")),
            Self::Reworded => (Tone::Info, Icon::Half, lang.t("修改", "Reworded")),
            Self::Renumbered => (Tone::Plain, Icon::Arrow, lang.t("序号调整", "Renumbered")),
            Self::Both => (Tone::Info, Icon::Half, lang.t("序号和内容调整", "Renumbered and reworded")),
            Self::Added => (Tone::Good, Icon::Check, lang.t("新增", "Added")),
            Self::Removed => (Tone::Warn, Icon::Cross, lang.t("删除", "Removed")),
        };
        badge(tone, mark, word)
    }
}

#[derive(Clone, Debug)]
pub struct CompareRow {
    pub change: ClauseChange,
    /// `第八条`, or `第八条 → 第九条`
    pub label: String,
    pub words: Vec<Change>,
}

#[derive(Clone, Debug)]
pub struct CompareView {
    /// Name and page of the older and the newer text.
    pub from: (String, Href),
    pub to: (String, Href),
    pub title: String,
    /// Kept, reworded, renumbered, both, added, removed.
    pub counts: [usize; 6],
    /// Everything, or only what changed.
    pub rows: Vec<CompareRow>,
    /// Switches between the two.
    pub all: bool,
    pub switch: Href,
}

#[must_use]
pub fn compare(frame: &Frame<'_>, view: &CompareView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Decisions, no_index: true, ..frame.clone() };
    let title = lang.t("版本对比", "Comparison of versions");
    let body = html! {
        (page_head(title, html! {
            p lang=[lang.content()] { (view.title) }
            p { a href=(view.from.1) { (view.from.0) } " → " a href=(view.to.1) { (view.to.0) } }
        }))
        (counts(lang, view))
        p { a.button href=(view.switch) { (if view.all { lang.t("只看改动", "Changes only") } else { lang.t("显示全文", "Show the whole text") }) } }
        @if view.rows.is_empty() { (empty_state(lang.t("两个版本的内容完全相同", "Both versions say the same"), "", None)) }
        div.compare { @for row in &view.rows { (compare_row(lang, row)) } }
    };
    page(&frame, title, &trail(lang, title), body)
}

fn counts(lang: Lang, view: &CompareView) -> Markup {
    let words = [
        lang.t("未改动", "unchanged"),
        lang.t("修改", "reworded"),
        lang.t("序号调整", "renumbered"),
        lang.t("序号和内容调整", "both"),
        lang.t("新增", "added"),
        lang.t("删除", "removed"),
    ];
    html! {
        ul.compare-counts {
            @for (word, n) in words.iter().zip(view.counts) {
                @if n > 0 { li { strong { (n) } " " (word) } }
            }
        }
    }
}

fn compare_row(lang: Lang, row: &CompareRow) -> Markup {
    html! {
        article.compare-row {
            p.compare-head { strong lang=[lang.content()] { (row.label) } (row.change.badge(lang)) }
            div.legal lang=[lang.content()] { (diff(lang, &row.words)) }
        }
    }
}
