//! The column 重大行政决策: catalogue, consultations, adoption, meetings … in one place (founding plan F29).

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{
        Column, ConsultationCard, Pager, SummaryRow, Tab, Table, card, consultation_board, empty_state,
        page_head, pager, summary_table, table, tabs,
    },
    event::{EventCard, event_board},
    form::{Choice, Field, FormState, select},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct ColumnView {
    pub catalogues: Vec<CatalogueLink>,
    /// Decisions under way, with the word for where they are.
    pub decisions: Vec<DecisionRow>,
    pub decisions_total: u64,
    /// Fields `status`, `year`, `department` of the list of decisions, as chosen.
    pub chosen: FormState,
    pub statuses: Vec<Choice>,
    pub years: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub pager: Pager,
    pub consultations: Vec<ConsultationCard>,
    pub summaries: Vec<SummaryRow>,
    /// Meetings, hearings, seminars, open days: those to come, then the latest.
    pub events: Vec<EventCard>,
}

#[derive(Clone, Debug)]
pub struct CatalogueLink {
    pub title: String,
    pub href: Href,
    pub department: String,
    pub year: i32,
    pub version: u32,
    pub entries: u64,
    pub published: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct DecisionRow {
    pub title: String,
    pub href: Href,
    pub department: String,
    pub category: String,
    /// `公开征求意见`, `合法性审查` …
    pub stage: String,
    /// `截止 12月4日`; may be empty.
    pub next: String,
}

#[must_use]
pub fn column(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    "重大行政决策".clone_into(&mut frame.meta.column_name);
    "政策文件".clone_into(&mut frame.meta.column_type);
    let title = lang.t("重大行政决策专栏", "Major administrative decisions");
    let body = html! {
        (page_head(title, html! { p { (lang.t("从列入目录到公布采纳情况，全过程公开。", "Open from the catalogue to the answer.")) } }))
        (section_tabs(&frame, view))
        (section(lang.t("决策事项目录", "Catalogue of decisions"), "catalogue", path::CATALOGUES, lang.t("全部目录", "All catalogues"), catalogues(&frame, &view.catalogues)))
        (section(lang.t("决策事项进展", "Decisions"), "decisions", "", "", decisions(&frame, view)))
        (section(lang.t("意见征集", "Consultations"), "consultations", path::CONSULTATIONS, lang.t("全部征集", "All consultations"), consultations(&frame, view)))
        (section(lang.t("意见采纳情况", "What became of it"), "summaries", path::SUMMARIES, lang.t("全部采纳情况", "All summaries"), summaries(&frame, view)))
        (section(lang.t("会议公开、听证座谈、政府开放", "Meetings, hearings, open days"), "events", path::EVENTS, lang.t("全部活动", "All events"), events(&frame, view)))
        (later(&frame))
    };
    page(&frame, title, &[Crumb::here(lang.t("重大行政决策", "Decisions"))], body)
}

fn section_tabs(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    tabs(
        lang.t("栏目内容", "In this column"),
        &[
            Tab::new(lang.t("决策事项目录", "Catalogue"), "#catalogue").count(view.catalogues.len() as u64),
            Tab::new(lang.t("决策事项进展", "Under way"), "#decisions").count(view.decisions_total),
            Tab::new(lang.t("意见征集", "Consultations"), "#consultations")
                .count(view.consultations.len() as u64),
            Tab::new(lang.t("意见采纳情况", "Answers"), "#summaries").count(view.summaries.len() as u64),
            Tab::new(lang.t("会议公开与活动", "Meetings and events"), "#events")
                .count(view.events.len() as u64),
        ],
    )
}

fn section(title: &str, id: &str, href: &'static str, more: &str, body: Markup) -> Markup {
    html! {
        section.section id=(id) {
            div.section-head {
                h2 { (title) }
                @if !href.is_empty() { a href=(href) { (more) } }
            }
            (body)
        }
    }
}

/// Catalogues in a list; also used by the page of all catalogues.
#[must_use]
pub fn catalogues(frame: &Frame<'_>, items: &[CatalogueLink]) -> Markup {
    let lang = frame.lang;
    html! {
        @if items.is_empty() {
            (empty_state(
                lang.t("今年的目录尚未公布", "This year's catalogue is not yet published"),
                lang.t("目录经同级党组织同意后公布；公布后的每次调整都会保留并说明理由。", "Every adjustment after publishing stays visible with its reason."),
                None,
            ))
        } @else {
            div.grid-2 {
                @for c in items {
                    article.card.matter {
                        h3 lang=[lang.content()] { a href=(c.href) { (c.title) } }
                        p.matter-facts {
                            span lang=[lang.content()] { (c.department) }
                            span { (lang.counted(i64::try_from(c.entries).unwrap_or(i64::MAX), "项", "item", "items")) }
                            span { (lang.t("第 ", "version ")) (c.version) (lang.t(" 版", "")) }
                            span { (lang.t("公布 ", "published ")) (lang.date(c.published)) }
                        }
                    }
                }
            }
        }
    }
}

fn decisions(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    html! {
        (filters(frame, view))
        @if view.decisions.is_empty() {
            (empty_state(
                lang.t("没有符合条件的决策事项", "No decisions here"),
                lang.t("事项随目录公布后列在这里；也可以换一个条件查看。", "Decisions appear here with their catalogue; or try another filter."),
                None,
            ))
        } @else {
            (card("", decision_rows(lang, &view.decisions)))
            (pager(lang, &view.pager))
        }
    }
}

fn filters(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    let fields = [
        ("status", lang.t("进展", "Status"), &view.statuses),
        ("year", lang.t("年度", "Year"), &view.years),
        ("department", lang.t("承办单位", "Department"), &view.departments),
    ];
    html! {
        form.filters method="get" action={ (path::DECISIONS) "#decisions" } {
            @for (name, label, choices) in fields {
                @if choices.len() > 1 { (select(lang, &view.chosen, &Field::new(name, label), choices)) }
            }
            button.button type="submit" { (lang.t("筛选", "Filter")) }
        }
    }
}

fn decision_rows(lang: Lang, rows: &[DecisionRow]) -> Markup {
    table(&Table {
        caption: lang.t("决策事项", "Decisions").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("决策事项", "Decision")),
            Column::tight(lang.t("决策类别", "Kind")),
            Column::text(lang.t("承办部门", "Department")),
            Column::text(lang.t("目前进展", "Where it stands")),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    html! { a href=(r.href) lang=[lang.content()] { (r.title) } },
                    html! { span lang=[lang.content()] { (r.category) } },
                    html! { span lang=[lang.content()] { (r.department) } },
                    html! { (r.stage) @if !r.next.is_empty() { p.small { (r.next) } } },
                ]
            })
            .collect(),
        row_head: Some(0),
    })
}

fn consultations(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.consultations.is_empty() {
            (empty_state(
                lang.t("目前没有正在征求意见的事项", "Nothing is open for opinions"),
                lang.t("已结束的征集和它们的结果仍可查看。", "Closed consultations and their results stay readable."),
                Some((lang.t("查看已结束的征集", "Closed consultations"), Href::new(format!("{}?state=closed", path::CONSULTATIONS)))),
            ))
        } @else {
            (consultation_board(lang, &view.consultations))
        }
    }
}

fn summaries(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.summaries.is_empty() {
            (empty_state(
                lang.t("还没有公布采纳情况", "No summaries yet"),
                lang.t("决策出台后 10 个工作日内在此公布。", "Published within ten working days of a decision."),
                None,
            ))
        } @else {
            (card("", summary_table(lang, lang.t("意见采纳情况", "Adoption summaries"), &view.summaries)))
        }
    }
}

fn events(frame: &Frame<'_>, view: &ColumnView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.events.is_empty() {
            (empty_state(
                lang.t("还没有公布活动", "No events yet"),
                lang.t("列席会议、听证会、座谈会、实地走访和政府开放日公布后列在这里。", "Open meetings, hearings, seminars, visits and open days are listed here."),
                None,
            ))
        } @else { (event_board(lang, &view.events)) }
    }
}

/// Sections that the column must have and that open later: said openly instead of an empty page.
fn later(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let items = [
        (
            lang.t("政策解读", "Interpretation"),
            lang.t("随决策同步发布的解读材料", "explanations published with the decision"),
        ),
        (
            lang.t("决策后评估", "Evaluation"),
            lang.t("实施效果评估和公众评价", "effects and public appraisal"),
        ),
    ];
    html! {
        section.section #later {
            h2 { (lang.t("政策解读、决策后评估", "Interpretation, evaluation")) }
            ul.later {
                @for (title, text) in items {
                    li { h3 { (title) } p { (text) } (badge(Tone::Plain, Icon::Ring, lang.t("待开通", "to come"))) }
                }
            }
        }
    }
}
