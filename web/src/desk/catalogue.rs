//! The desk of catalogues: drafts, entries, publishing and adjusting.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{Column, Pager, Table, alert, card, empty_state, page_head, pager, table},
    form::{Choice, Field, FormState, csrf, error_summary, hidden, select, submit, text_field, textarea},
    icon::Icon,
    label::{CatalogueChange, Tone, badge},
    lang::{Lang, iso},
    layout::{Frame, SideItem, desk},
    link::Href,
};

mod entry;

pub use entry::{EntryForm, PlanRow, entry_form};

#[derive(Clone, Debug, Default)]
pub struct CataloguesView {
    pub csrf: String,
    /// Fields `department_id`, `year` of the form that begins a catalogue.
    pub state: FormState,
    /// Empty for those who only read.
    pub departments: Vec<Choice>,
    pub rows: Vec<CatalogueRow>,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct CatalogueRow {
    pub title: String,
    pub href: Href,
    pub year: i32,
    pub entries: u64,
    pub version: i32,
    /// A draft is open.
    pub draft: bool,
    /// The version in force and its public page.
    pub in_force: Option<(i32, Href)>,
}

#[must_use]
pub fn catalogues(frame: &Frame<'_>, side: &[SideItem], view: &CataloguesView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("决策目录", "Catalogues");
    let body = html! {
        (page_head(title, html! { p { (lang.t("每个单位每年一份；公布后只能调整，历次版本都保留。", "One a department and year; once published it is adjusted, and every version stays.")) } }))
        (error_summary(lang, &view.state))
        @if view.rows.is_empty() {
            (empty_state(lang.t("还没有目录", "No catalogues yet"), lang.t("先新建本年度的目录，再添加决策事项。", "Begin this year's catalogue, then add decisions."), None))
        } @else {
            (card("", rows(lang, view)))
            (pager(lang, &view.pager))
        }
        @if !view.departments.is_empty() { (begin(lang, view)) }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn rows(lang: Lang, view: &CataloguesView) -> Markup {
    let cells = |r: &CatalogueRow| {
        vec![
            html! { a href=(r.href) lang=[lang.content()] { (r.title) } },
            html! { (r.year) },
            html! { (r.entries) },
            html! {
                @if r.draft && r.in_force.is_some() { (badge(Tone::Info, Icon::Half, lang.t("调整中", "being adjusted"))) }
                @else if r.draft { (badge(Tone::Info, Icon::Half, lang.t("编制中", "draft"))) }
                @else { (badge(Tone::Good, Icon::Check, lang.t("已公布", "published"))) }
            },
            html! { @if let Some((number, href)) = &r.in_force { a href=(href) { (version(lang, *number)) } } @else { span.soft { "–" } } },
        ]
    };
    table(&Table {
        caption: lang.t("目录", "Catalogues").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("目录", "Catalogue")),
            Column::number(lang.t("年度", "Year")),
            Column::number(lang.t("事项", "Items")),
            Column::tight(lang.t("状态", "State")),
            Column::tight(lang.t("公开的版本", "In force")),
        ],
        rows: view.rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn version(lang: Lang, number: i32) -> String {
    match lang {
        Lang::Zh => format!("第 {number} 版"),
        Lang::En => format!("version {number}"),
    }
}

fn begin(lang: Lang, view: &CataloguesView) -> Markup {
    let year = Field::new("year", lang.t("年度", "Year")).required().short().inputmode("numeric");
    html! {
        section.section {
            h2 { (lang.t("新建目录", "New catalogue")) }
            form.filters method="post" action="/desk/catalogues" novalidate {
                (csrf(&view.csrf))
                (select(lang, &view.state, &Field::new("department_id", lang.t("单位", "Department")).required(), &view.departments))
                (text_field(lang, &view.state, &year))
                (submit(lang.t("新建", "Begin")))
            }
        }
    }
}

/// One catalogue: its draft, or the version in force.
#[derive(Clone, Debug)]
pub struct CatalogueDesk {
    pub csrf: String,
    pub title: String,
    pub version: i32,
    pub draft: bool,
    /// Whether the person may write.
    pub writes: bool,
    pub entries: Vec<EntryRow>,
    /// Taken out against the version in force.
    pub removed: Vec<String>,
    /// Published versions, the newest first: number, day, reason, address.
    pub versions: Vec<(i32, NaiveDate, String, Href)>,
    /// Where the forms post: `{base}/publish`, `{base}/adjust`, `{base}/discard`.
    pub base: String,
    /// Field `reason` of the form that publishes.
    pub state: FormState,
}

#[derive(Clone, Debug)]
pub struct EntryRow {
    pub number: usize,
    pub title: String,
    /// The decision's desk.
    pub decision: Href,
    pub code: String,
    pub kind: String,
    pub department: String,
    pub planned: String,
    pub steps: String,
    /// Against the version in force.
    pub change: Option<CatalogueChange>,
    /// `{base}/entries/{id}`, for editing and below it the small acts.
    pub href: String,
    pub first: bool,
    pub last: bool,
}

#[must_use]
pub fn catalogue(frame: &Frame<'_>, side: &[SideItem], view: &CatalogueDesk) -> Markup {
    let lang = frame.lang;
    let works = view.draft && view.writes;
    let body = html! {
        (page_head(&view.title, html! {
            span { (version(lang, view.version)) }
            @if view.draft { (badge(Tone::Info, Icon::Half, lang.t("草稿，未公布", "draft, not published"))) }
            @else { (badge(Tone::Good, Icon::Check, lang.t("现行", "in force"))) }
        }))
        (error_summary(lang, &view.state))
        @if works { p.actions { a.button.primary href={ (view.base) "/entries/new" } { (lang.t("添加事项", "Add an entry")) } } }
        @if view.entries.is_empty() {
            (empty_state(lang.t("还没有事项", "No entries yet"), lang.t("添加新的决策事项，或者选择已有的事项。", "Add a new decision or one that exists."), None))
        } @else {
            (card("", entries(lang, view, works)))
        }
        @if !view.removed.is_empty() {
            (alert(Tone::Info, lang.t("本次调出", "Taken out in this adjustment"), html! { ul lang=[lang.content()] { @for title in &view.removed { li { (title) } } } }))
        }
        @if works { (publish(lang, view)) }
        @if !view.draft && view.writes { (adjust(lang, view)) }
        (versions(lang, view))
    };
    desk(frame, &view.state.title(lang, &view.title), side, body)
}

fn entries(lang: Lang, view: &CatalogueDesk, works: bool) -> Markup {
    let cells = |e: &EntryRow| {
        vec![
            html! { (e.number) },
            html! {
                span lang=[lang.content()] { (e.title) }
                p.small { a href=(e.decision) { (e.code) } " · " span lang=[lang.content()] { (e.kind) " · " (e.department) } }
            },
            html! { span lang=[lang.content()] { (e.planned) } },
            html! { span.small lang=[lang.content()] { (e.steps) } },
            html! { @if let Some(change) = e.change { (change.badge(lang)) } },
            html! { @if works { (entry_acts(lang, &view.csrf, e)) } },
        ]
    };
    table(&Table {
        caption: lang.t("目录事项", "Entries").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::number(lang.t("序号", "No.")),
            Column::text(lang.t("决策事项", "Decision")),
            Column::tight(lang.t("计划完成时间", "Planned")),
            Column::text(lang.t("程序环节", "Steps")),
            Column::tight(lang.t("调整情况", "Adjustment")),
            Column::tight(lang.t("办理", "Do")),
        ],
        rows: view.entries.iter().map(cells).collect(),
        row_head: Some(1),
    })
}

fn entry_acts(lang: Lang, token: &str, e: &EntryRow) -> Markup {
    let act = |path: &str, label: &str| {
        html! {
            form method="post" action={ (e.href) "/" (path) } {
                (csrf(token))
                button.link type="submit" { (label) span.sr { " " (e.title) } }
            }
        }
    };
    html! {
        div.row-acts {
            a href=(e.href) { (lang.t("修改", "Edit")) span.sr { " " (e.title) } }
            @if !e.first { (act("up", lang.t("上移", "Up"))) }
            @if !e.last { (act("down", lang.t("下移", "Down"))) }
            (act("remove", lang.t("移除", "Remove")))
        }
    }
}

fn publish(lang: Lang, view: &CatalogueDesk) -> Markup {
    let adjusts = !view.versions.is_empty();
    let field = Field::new("reason", lang.t("调整的理由", "Why it is adjusted"))
        .hint(lang.t(
            "理由随目录公布，例如经哪次会议同意、因何新增或者调出。",
            "Published with the catalogue: who agreed, why entries came or went.",
        ))
        .required()
        .max(1000)
        .rows(3);
    html! {
        section.section {
            h2 { @if adjusts { (lang.t("公布调整", "Publish the adjustment")) } @else { (lang.t("公布目录", "Publish the catalogue")) } }
            form.card method="post" action={ (view.base) "/publish" } novalidate {
                (csrf(&view.csrf))
                p.soft { (lang.t("目录经同级党组织同意后公布（重大行政决策程序暂行条例第三条）。公布后事项的公开页面同时开放，本版不能再修改，只能另行调整。", "Published with the consent of the Party committee (State Council Order 713, Art. 3). The pages of its decisions open with it; this version can then no longer be changed, only adjusted.")) }
                @if adjusts { (textarea(lang, &view.state, &field)) } @else { (hidden("reason", "")) }
                div.actions { (submit(lang.t("公布", "Publish"))) }
            }
            @if adjusts {
                form method="post" action={ (view.base) "/discard" } {
                    (csrf(&view.csrf))
                    button.link type="submit" { (lang.t("放弃本次调整", "Give this adjustment up")) }
                }
            }
        }
    }
}

fn adjust(lang: Lang, view: &CatalogueDesk) -> Markup {
    html! {
        section.section {
            h2 { (lang.t("调整目录", "Adjust the catalogue")) }
            form.card method="post" action={ (view.base) "/adjust" } {
                (csrf(&view.csrf))
                p.soft { (lang.t("将以现行版本为底稿，可新增、修改、调出事项；公布时写明理由。", "Starts from the version in force: add, change or take out entries, and publish with a reason.")) }
                div.actions { (submit(lang.t("开始调整", "Begin an adjustment"))) }
            }
        }
    }
}

fn versions(lang: Lang, view: &CatalogueDesk) -> Markup {
    html! {
        @if !view.versions.is_empty() {
            section.section {
                h2 { (lang.t("历次版本", "Versions")) }
                ol.versions {
                    @for (number, day, reason, href) in &view.versions {
                        li {
                            p.version-line { a href=(href) { (version(lang, *number)) } time.soft datetime=(iso(*day)) { (lang.date(*day)) } }
                            p lang=[lang.content()] { (reason) }
                        }
                    }
                }
            }
        }
    }
}
