//! The desk of decisions: what is next for each, and the dossier with its timeline and forms.

use maud::{Markup, html};

use crate::{
    component::{
        Column, DutyLine, Fact, Pager, Table, alert, card, definition_list, duty, empty_state, page_head,
        pager, table,
    },
    form::{Choice, Field, FormState, csrf, select, text_field},
    icon::{Icon, icon},
    label::{StepState, Tone, badge},
    lang::{Lang, iso},
    layout::{Frame, SideItem, desk},
    link::Href,
};

mod form;

pub use form::{
    DossierForm, IssueForm, ReasonForm, SkipForm, StepForm, WhenDue, dossier_form, issue_form, reason_form,
    skip_form, step_form,
};

/// The list of decisions.
#[derive(Clone, Debug, Default)]
pub struct DecisionsView {
    /// Fields `q`, `status`, `year`, `department`, as chosen.
    pub state: FormState,
    pub statuses: Vec<Choice>,
    pub years: Vec<Choice>,
    /// Empty for people of one department.
    pub departments: Vec<Choice>,
    pub rows: Vec<DecisionRow>,
    pub pager: Pager,
    pub create: Option<Href>,
    /// Whether a filter narrows the list.
    pub filtered: bool,
}

#[derive(Clone, Debug)]
pub struct DecisionRow {
    pub code: String,
    pub title: String,
    pub href: Href,
    pub department: String,
    pub owner: String,
    pub status: String,
    /// What is to be done next.
    pub next: String,
    pub duty: Option<DutyLine>,
    pub public: bool,
}

#[must_use]
pub fn decisions(frame: &Frame<'_>, side: &[SideItem], view: &DecisionsView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("决策事项", "Decisions");
    let body = html! {
        (page_head(title, html! {
            @if let Some(href) = &view.create { a.button.primary href=(href) { (lang.t("新建决策事项", "New decision")) } }
        }))
        (filters(lang, view))
        @if view.rows.is_empty() {
            @if view.filtered {
                (empty_state(lang.t("没有符合条件的事项", "Nothing matches"), lang.t("换一个条件，或者清除筛选。", "Change or clear the filter."), Some((lang.t("清除筛选", "Clear"), Href::new("/desk/decisions")))))
            } @else {
                (empty_state(lang.t("没有在办的决策事项", "No decisions under way"), lang.t("新建一项，或者从决策目录中添加。", "Begin one here, or add it to the catalogue."), Some((lang.t("到决策目录", "Catalogues"), Href::new("/desk/catalogues")))))
            }
        } @else {
            (card("", rows(lang, view)))
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn filters(lang: Lang, view: &DecisionsView) -> Markup {
    let search = Field::new("q", lang.t("名称或编号", "Title or code")).kind("search");
    html! {
        form.filters method="get" action="/desk/decisions" {
            (text_field(lang, &view.state, &search))
            (select(lang, &view.state, &Field::new("status", lang.t("进展", "Status")), &view.statuses))
            (select(lang, &view.state, &Field::new("year", lang.t("年度", "Year")), &view.years))
            @if !view.departments.is_empty() {
                (select(lang, &view.state, &Field::new("department", lang.t("承办单位", "Department")), &view.departments))
            }
            button.button type="submit" { (lang.t("筛选", "Filter")) }
        }
    }
}

fn rows(lang: Lang, view: &DecisionsView) -> Markup {
    let cells = |r: &DecisionRow| {
        vec![
            html! { span.small { (r.code) } },
            html! {
                a href=(r.href) lang=[lang.content()] { (r.title) }
                p.small { span lang=[lang.content()] { (r.department) @if !r.owner.is_empty() { " · " (r.owner) } } }
            },
            html! { (r.status) @if !r.public { " " (badge(Tone::Plain, Icon::Dash, lang.t("未公开", "not public"))) } },
            html! { (r.next) },
            html! { @if let Some(line) = &r.duty { (line.state.badge(lang)) p.small { time datetime=(iso(line.due)) { (lang.date(line.due)) } } } },
        ]
    };
    table(&Table {
        caption: lang.t("决策事项", "Decisions").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("编号", "Code")),
            Column::text(lang.t("事项", "Decision")),
            Column::text(lang.t("目前进展", "Now")),
            Column::text(lang.t("下一步", "Next")),
            Column::tight(lang.t("时限", "Due")),
        ],
        rows: view.rows.iter().map(cells).collect(),
        row_head: Some(1),
    })
}

/// The desk of one decision.
#[derive(Clone, Debug)]
pub struct DossierView {
    pub csrf: String,
    pub code: String,
    pub title: String,
    pub status: String,
    /// The public page, once there is one.
    pub public: Option<Href>,
    pub facts: Vec<Fact>,
    /// What to do now, the most urgent first.
    pub next: Vec<NextThing>,
    /// What still stands against issuing the decision.
    pub gates: Vec<String>,
    pub duties: Vec<DutyLine>,
    pub steps: Vec<StepRow>,
    /// Documents, consultations, summary.
    pub rooms: Vec<Room>,
    /// Edit, issue, stop …; empty for those who only read.
    pub acts: Vec<(String, Href)>,
}

#[derive(Clone, Debug)]
pub struct NextThing {
    pub label: String,
    pub href: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct Room {
    pub label: String,
    pub href: Href,
    pub note: String,
}

/// A step with what can be done about it.
#[derive(Clone, Debug)]
pub struct StepRow {
    pub title: String,
    pub state: StepState,
    pub when: String,
    pub note: String,
    pub document: String,
    pub record: Option<Href>,
    pub skip: Option<Href>,
    /// Posts there to take the record back.
    pub take_back: Option<Href>,
}

#[must_use]
pub fn dossier(frame: &Frame<'_>, side: &[SideItem], view: &DossierView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (page_head(&view.title, html! {
            span { (view.code) }
            span { (lang.t("目前进展：", "Now: ")) strong.ink { (view.status) } }
            @if let Some(href) = &view.public { a href=(href) { (lang.t("公开页面", "Public page")) } }
            @else { (badge(Tone::Plain, Icon::Dash, lang.t("未公开", "not public"))) }
        }))
        div.side-by-side {
            div.stack {
                (next_things(lang, view))
                @for line in &view.duties { section.card.next-duty { (duty(lang, line)) } }
                (card(lang.t("全过程", "The whole way"), steps(lang, view)))
            }
            aside {
                (rooms(lang, view))
                (card(lang.t("档案", "Dossier"), html! {
                    (definition_list(&view.facts))
                    @if !view.acts.is_empty() {
                        p.actions { @for (label, href) in &view.acts { a.button href=(href) { (label) } " " } }
                    }
                }))
            }
        }
    };
    desk(frame, &format!("{} {}", view.code, view.title), side, body)
}

fn next_things(lang: Lang, view: &DossierView) -> Markup {
    html! {
        @if !view.next.is_empty() {
            (card(lang.t("下一步", "Next"), html! {
                ul.plain {
                    @for (i, n) in view.next.iter().enumerate() {
                        li {
                            @if let Some(href) = &n.href {
                                a.button.primary[i == 0] href=(href) { (n.label) }
                            } @else { (n.label) }
                        }
                    }
                }
            }))
        }
        @if !view.gates.is_empty() {
            (alert(Tone::Info, lang.t("出台前还需要", "Before it can be issued"), html! {
                ul { @for gate in &view.gates { li { (gate) } } }
            }))
        }
    }
}

fn steps(lang: Lang, view: &DossierView) -> Markup {
    let cells = |s: &StepRow| {
        vec![
            html! { (icon(s.state.icon())) " " (s.title) },
            html! {
                @if s.when.is_empty() { span.soft { (s.state.word(lang)) } } @else { (s.when) }
                @if s.state == StepState::Current { p.small { (s.state.word(lang)) } }
            },
            html! {
                span lang=[lang.content()] { (s.note) }
                @if !s.document.is_empty() { p.small lang=[lang.content()] { (lang.t("文件：", "Document: ")) (s.document) } }
            },
            step_acts(lang, &view.csrf, s),
        ]
    };
    table(&Table {
        caption: lang.t("环节", "Steps").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("环节", "Step")),
            Column::tight(lang.t("日期", "Date")),
            Column::text(lang.t("说明", "Note")),
            Column::tight(lang.t("办理", "Do")),
        ],
        rows: view.steps.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn step_acts(lang: Lang, token: &str, s: &StepRow) -> Markup {
    html! {
        div.row-acts {
            @if let Some(href) = &s.record {
                a href=(href) { (lang.t("登记", "Record")) span.sr { (s.title) } }
            }
            @if let Some(href) = &s.skip {
                a href=(href) { (lang.t("不适用", "Not applicable")) span.sr { (s.title) } }
            }
            @if let Some(action) = &s.take_back {
                form method="post" action=(action) {
                    (csrf(token))
                    button.link type="submit" { (lang.t("撤销登记", "Take back")) span.sr { (s.title) } }
                }
            }
        }
    }
}

fn rooms(lang: Lang, view: &DossierView) -> Markup {
    html! {
        (card(lang.t("办理", "Work"), html! {
            ul.plain.rooms {
                @for room in &view.rooms {
                    li {
                        a href=(room.href) { (room.label) }
                        @if !room.note.is_empty() { p.small { (room.note) } }
                    }
                }
            }
        }))
    }
}
