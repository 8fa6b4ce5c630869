//! Search over everything that is published.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{Pager, Tab, alert, empty_state, page_head, pager, tabs},
    icon::{Icon, icon},
    label::Tone,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct SearchView {
    pub query: String,
    /// Why this could not be looked for.
    pub problem: String,
    /// Columns with their counts; the first is 全部.
    pub filters: Vec<Tab>,
    /// Sent along when the words are changed; empty for all columns.
    pub column: String,
    pub total: u64,
    pub hits: Vec<SearchHit>,
    pub pager: Pager,
}

/// Text in segments; `true` marks what was found.
pub type Passage = Vec<(bool, String)>;

#[derive(Clone, Debug)]
pub struct SearchHit {
    pub title: Passage,
    pub href: Href,
    /// The column (栏目).
    pub kind: String,
    pub department: String,
    pub on: NaiveDate,
    pub passages: Vec<Passage>,
}

#[must_use]
pub fn search(frame: &Frame<'_>, view: &SearchView) -> Markup {
    let lang = frame.lang;
    let frame =
        Frame { nav: Nav::Search, no_index: !view.query.is_empty() || frame.no_index, ..frame.clone() };
    let title = lang.t("搜索", "Search");
    let body = html! {
        (page_head(title, html! {}))
        (search_form(lang, view))
        @if !view.problem.is_empty() {
            (alert(Tone::Warn, "", html! { p { (view.problem) } }))
        } @else if !view.query.is_empty() {
            @if !view.filters.is_empty() { (tabs(lang.t("按栏目筛选", "Filter by column"), &view.filters)) }
            (results(lang, view))
        } @else {
            p.soft { (lang.t("可以搜索征集公告、草案条款、已公开的意见、采纳情况和目录。两个字也能搜。", "Search notices, clauses of drafts, published opinions, summaries and catalogues.")) }
        }
    };
    let full = if view.query.is_empty() { title.to_owned() } else { format!("{title}：{}", view.query) };
    page(&frame, &full, &[Crumb::here(title)], body)
}

fn search_form(lang: Lang, view: &SearchView) -> Markup {
    html! {
        form.inline-form.search-form method="get" action=(path::SEARCH) role="search" {
            label.sr for="q" { (lang.t("搜索词", "Words")) }
            input #q type="search" name="q" value=(view.query) maxlength="100" autocomplete="off" data-key="/" aria-invalid=[(!view.problem.is_empty()).then_some("true")];
            @if !view.column.is_empty() { input type="hidden" name="column" value=(view.column); }
            button.button.primary type="submit" { (icon(Icon::Search)) (lang.t("搜索", "Search")) }
        }
    }
}

fn results(lang: Lang, view: &SearchView) -> Markup {
    html! {
        p.soft role="status" { (match lang {
            Lang::Zh => format!("找到 {} 条", view.total),
            Lang::En => format!("{} found", view.total),
        }) }
        @if view.hits.is_empty() {
            (empty_state(
                lang.t("没有找到相关内容", "Nothing found"),
                lang.t("试试更短的词，或者去掉筛选；也可以从栏目里找。", "Try shorter words or all columns, or look through the columns."),
                Some((lang.t("重大行政决策专栏", "The column of decisions"), Href::from(path::DECISIONS))),
            ))
        }
        ol.hits { @for hit in &view.hits { li { (one_hit(lang, hit)) } } }
        (pager(lang, &view.pager))
    }
}

fn one_hit(lang: Lang, hit: &SearchHit) -> Markup {
    html! {
        h2.hit-title lang=[lang.content()] { a href=(hit.href) { (passage(&hit.title)) } }
        p.hit-facts {
            span.hit-kind lang=[lang.content()] { (hit.kind) }
            span lang=[lang.content()] { (hit.department) }
            time datetime=(iso(hit.on)) { (lang.date(hit.on)) }
        }
        @for p in &hit.passages { p.hit-passage lang=[lang.content()] { (passage(p)) } }
    }
}

#[must_use]
pub fn passage(segments: &Passage) -> Markup {
    html! { @for (found, text) in segments { @if *found { mark { (text) } } @else { (text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_and_everything_is_escaped() {
        let html = passage(&vec![(false, "<b>开放".into()), (true, "时间".into())]).into_string();
        assert_eq!(html, "&lt;b&gt;开放<mark>时间</mark>");
    }
}
