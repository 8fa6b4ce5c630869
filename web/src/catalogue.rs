//! The yearly catalogue of decisions: one version at a time, every version and its reason always in sight.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    column::{CatalogueLink, catalogues},
    component::{
        Change, Column, DocumentHead, Pager, Table, article_tools, card, content_head, diff, document_head,
        page_head, pager, paragraphs, table,
    },
    form::{Choice, Field, FormState, select},
    label::CatalogueChange,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct CatalogueListView {
    pub catalogues: Vec<CatalogueLink>,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct CatalogueView {
    /// `示例市体育局2026年度重大行政决策事项目录`
    pub title: String,
    pub department: String,
    pub year: i32,
    /// The version shown.
    pub version: u32,
    pub head: DocumentHead,
    pub source: String,
    pub published: NaiveDateTime,
    pub entries: Vec<CatalogueEntry>,
    /// All versions, the newest first.
    pub versions: Vec<CatalogueVersion>,
    pub csv: Href,
}

#[derive(Clone, Debug)]
pub struct CatalogueEntry {
    /// None for an entry that this version took out.
    pub number: Option<u32>,
    pub title: String,
    /// The dossier, when there is one.
    pub href: Option<Href>,
    pub category: String,
    pub department: String,
    /// 决策依据; may be empty.
    pub basis: String,
    /// `第四季度`
    pub planned: String,
    /// `公开征求意见、座谈会`
    pub participation: String,
    /// Where the decision stands now; empty where nobody may know yet.
    pub stage: String,
    /// Against the version before; none in the first.
    pub change: Option<CatalogueChange>,
    /// What changed in this version, in words.
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct CatalogueVersion {
    pub number: u32,
    pub published: NaiveDate,
    pub reason: String,
    pub href: Href,
    /// Comparison with the version before.
    pub compare: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct CatalogueCompareView {
    pub title: String,
    pub catalogue: Href,
    pub from: (u32, NaiveDate),
    pub to: (u32, NaiveDate),
    /// The reasons of every adjustment between the two, a line each.
    pub reason: String,
    /// Entries that were added, changed or removed.
    pub rows: Vec<CompareRow>,
    pub kept: u64,
    /// Every published version, to choose others.
    pub versions: Vec<(u32, NaiveDate)>,
}

#[derive(Clone, Debug)]
pub struct CompareRow {
    pub title: String,
    pub change: CatalogueChange,
    pub reason: String,
    /// For a changed entry: the column's name and what changed in it.
    pub fields: Vec<(String, Vec<Change>)>,
}

fn crumbs(frame: &Frame<'_>, rest: Vec<Crumb>) -> Vec<Crumb> {
    let mut all = vec![Crumb::link(frame.t("重大行政决策", "Decisions"), path::DECISIONS)];
    all.extend(rest);
    all
}

fn version_name(lang: Lang, number: u32) -> String {
    match lang {
        Lang::Zh => format!("第 {number} 版"),
        Lang::En => format!("Version {number}"),
    }
}

#[must_use]
pub fn catalogue_list(frame: &Frame<'_>, view: &CatalogueListView) -> Markup {
    let title = frame.t("重大行政决策事项目录", "Catalogues of decisions");
    let frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    let body = html! {
        (page_head(title, html! {
            p { (frame.t("每年公布一次；公布后的每次调整都保留并说明理由。", "Published every year; every later adjustment stays visible with its reason.")) }
        }))
        h2.sr { (frame.t("目录列表", "List")) }
        (catalogues(&frame, &view.catalogues))
        (pager(frame.lang, &view.pager))
    };
    page(&frame, title, &crumbs(&frame, vec![Crumb::here(frame.t("决策事项目录", "Catalogues"))]), body)
}

#[must_use]
pub fn catalogue(frame: &Frame<'_>, view: &CatalogueView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    frame.meta.article_title.clone_from(&view.title);
    frame.meta.pub_date.get_or_insert(view.published);
    let latest = view.versions.first().is_none_or(|v| v.number == view.version);
    let body = html! {
        (content_head(lang, &view.title, html! {
            span { (version_name(lang, view.version)) @if latest { (lang.t("（现行）", " (current)")) } }
            span { (lang.counted(i64::try_from(view.entries.len()).unwrap_or(0), "项", "item", "items")) }
        }))
        (article_tools(&frame, &view.source, Some(view.published)))
        @if !latest { (old_version(lang, view)) }
        (document_head(lang, &view.head))
        div.card { (entries(lang, view)) }
        p.actions { a.button href=(view.csv) download { (lang.t("下载本版（CSV）", "Download this version (CSV)")) } }
        (versions(lang, view))
    };
    let trail = crumbs(
        &frame,
        vec![
            Crumb::link(lang.t("决策事项目录", "Catalogues"), path::CATALOGUES),
            Crumb::here(format!("{} {}", view.department, view.year)),
        ],
    );
    page(&frame, &view.title, &trail, body)
}

fn old_version(lang: Lang, view: &CatalogueView) -> Markup {
    html! {
        @if let Some(newest) = view.versions.first() {
            (crate::component::alert(crate::label::Tone::Warn, lang.t("这是旧版本", "This is an old version"), html! {
                p { (lang.t("目录已经调整。", "The catalogue was adjusted since. ")) a href=(newest.href) { (lang.t("查看现行版本", "See the current version")) } }
            }))
        }
    }
}

fn entries(lang: Lang, view: &CatalogueView) -> Markup {
    let row = |e: &CatalogueEntry| {
        vec![
            html! { @if let Some(n) = e.number { (n) } @else { "–" } },
            entry_title(lang, e),
            html! { span lang=[lang.content()] { (e.category) } },
            html! { span lang=[lang.content()] { (e.department) } },
            html! { span lang=[lang.content()] { (e.planned) } },
            html! { span.small lang=[lang.content()] { (e.participation) } },
            html! { (e.stage) },
            html! { @if let Some(change) = e.change { (change.badge(lang)) } @if !e.reason.is_empty() { p.small lang=[lang.content()] { (e.reason) } } },
        ]
    };
    table(&Table {
        caption: lang.t("决策事项", "Decisions in this catalogue").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::number(lang.t("序号", "No.")),
            Column::text(lang.t("决策事项名称", "Decision")),
            Column::text(lang.t("决策类别", "Kind")),
            Column::text(lang.t("承办部门", "Department")),
            Column::tight(lang.t("计划完成时间", "Planned")),
            Column::text(lang.t("程序环节", "Steps")),
            Column::text(lang.t("目前进展", "Now")),
            Column::text(lang.t("调整情况", "Adjustment")),
        ],
        rows: view.entries.iter().map(row).collect(),
        row_head: Some(1),
    })
}

fn entry_title(lang: Lang, e: &CatalogueEntry) -> Markup {
    html! {
        span lang=[lang.content()] {
            @if let Some(href) = &e.href { a href=(href) { (e.title) } } @else { (e.title) }
        }
        @if !e.basis.is_empty() {
            p.small { (lang.t("决策依据：", "Basis: ")) span lang=[lang.content()] { (e.basis) } }
        }
    }
}

fn versions(lang: Lang, view: &CatalogueView) -> Markup {
    html! {
        section.section {
            h2 { (lang.t("历次版本", "Versions")) }
            ol.versions {
                @for v in &view.versions {
                    li aria-current=[(v.number == view.version).then_some("true")] {
                        p.version-line {
                            @if v.number == view.version {
                                strong { (version_name(lang, v.number)) (lang.t("（正在查看）", " (shown here)")) }
                            } @else {
                                a href=(v.href) { (version_name(lang, v.number)) }
                            }
                            time.soft datetime=(iso(v.published)) { (lang.date(v.published)) }
                            @if let Some(href) = &v.compare { a href=(href) { (lang.t("与上一版比较", "Compare with the one before")) } }
                        }
                        p lang=[lang.content()] { (v.reason) }
                    }
                }
            }
        }
    }
}

/// What one adjustment changed.
#[must_use]
pub fn catalogue_compare(frame: &Frame<'_>, view: &CatalogueCompareView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    let title = format!("{}{}", view.title, lang.t("：版本比较", ": comparison"));
    let name =
        |(number, day): (u32, NaiveDate)| format!("{}（{}）", version_name(lang, number), lang.date(day));
    let body = html! {
        (content_head(lang, &view.title, html! {
            p { (name(view.from)) " → " (name(view.to)) }
            a href=(view.catalogue) { (lang.t("返回目录", "Back to the catalogue")) }
        }))
        @if !view.reason.is_empty() {
            (card(lang.t("调整理由", "Reason"), html! { div lang=[lang.content()] { (paragraphs(&view.reason)) } }))
        }
        div.compare lang=[lang.content()] { @for row in &view.rows { (compare_row(lang, row)) } }
        p.soft.actions { (match lang {
            Lang::Zh => format!("其余 {} 项保留不变。", view.kept),
            Lang::En => format!("The other {} items were kept unchanged.", view.kept),
        }) }
        @if view.versions.len() > 2 { (choose_versions(lang, view)) }
    };
    let trail = crumbs(
        &frame,
        vec![
            Crumb::link(lang.t("决策事项目录", "Catalogues"), path::CATALOGUES),
            Crumb::here(lang.t("版本比较", "Comparison")),
        ],
    );
    page(&frame, &title, &trail, body)
}

/// Any two versions, through a form that works without a script.
fn choose_versions(lang: Lang, view: &CatalogueCompareView) -> Markup {
    let choices: Vec<Choice> = view
        .versions
        .iter()
        .map(|(n, day)| {
            Choice::new(n.to_string(), format!("{}（{}）", version_name(lang, *n), lang.date(*day)))
        })
        .collect();
    let state = FormState::default().with("from", view.from.0.to_string()).with("to", view.to.0.to_string());
    html! {
        form.filters method="get" {
            (select(lang, &state, &Field::new("from", lang.t("从", "From")), &choices))
            (select(lang, &state, &Field::new("to", lang.t("到", "To")), &choices))
            button.button type="submit" { (lang.t("比较这两版", "Compare these")) }
        }
    }
}

fn compare_row(lang: Lang, row: &CompareRow) -> Markup {
    html! {
        article.card {
            p.matter-top { (row.change.badge(lang)) }
            h2.card-title { (row.title) }
            @if !row.reason.is_empty() { p.soft { (row.reason) } }
            @if !row.fields.is_empty() {
                dl.facts { @for (field, changes) in &row.fields { div { dt { (field) } dd { (diff(lang, changes)) } } } }
            }
        }
    }
}
