//! The organiser's pages of events: the list, one event with its sessions and acts; forms and door beside it.

pub mod door;
pub mod form;
pub mod hearing;
mod materials;
mod pictures;

pub use materials::MaterialsDesk;
pub use pictures::PicturesDesk;

use chrono::NaiveDateTime;
use hearing::HearingDeskView;
use maud::{Markup, html};

use crate::{
    component::{
        Column, Fact, Pager, Table, card, definition_list, empty_state, page_head, pager, paragraphs, table,
    },
    event::{
        Year,
        feedback::{FeedbackFigures, desk_card},
        year,
    },
    form::{Choice, Field, FormState, csrf, error_summary, submit, text_field, textarea},
    label::EventState,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct EventRow {
    pub code: String,
    pub title: String,
    pub kind: String,
    pub department: String,
    pub href: Href,
    pub state: EventState,
    pub begins: Option<NaiveDateTime>,
    pub taken: i32,
    pub capacity: i32,
}

#[derive(Clone, Debug)]
pub struct EventsDeskView {
    pub rows: Vec<EventRow>,
    pub pager: Pager,
    pub year: Year,
    /// Whether this person may announce events.
    pub may_create: bool,
}

#[must_use]
pub fn events(frame: &Frame<'_>, side: &[SideItem], view: &EventsDeskView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("公众参与活动", "Events with the public");
    let body = html! {
        (page_head(title, html! {
            @if view.may_create { a.button.primary href="/desk/events/new" { (lang.t("筹备活动", "Prepare an event")) } }
        }))
        div.side-by-side {
            div.stack {
                @if view.rows.is_empty() {
                    (empty_state(lang.t("还没有活动", "No events yet"), lang.t("开放日、听证会、座谈会、走访和列席会议都在这里筹备、发布和签到。", "Open days, hearings, seminars, visits and open meetings are prepared, published and run from here."), None))
                } @else { (rows(lang, &view.rows)) }
                (pager(lang, &view.pager))
            }
            aside { (year(lang, &view.year)) }
        }
    };
    desk(frame, title, side, body)
}

fn rows(lang: Lang, rows: &[EventRow]) -> Markup {
    table(&Table {
        caption: lang.t("活动", "Events").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("活动", "Event")),
            Column::tight(lang.t("类型", "Kind")),
            Column::text(lang.t("主办", "Held by")),
            Column::tight(lang.t("时间", "Time")),
            Column::number(lang.t("名额", "Seats")),
            Column::tight(lang.t("状态", "State")),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    html! { a href=(r.href) lang=[lang.content()] { (r.title) } p.small { (r.code) } },
                    html! { (r.kind) },
                    html! { span lang=[lang.content()] { (r.department) } },
                    html! { @if let Some(at) = r.begins { (lang.date_time(at)) } },
                    html! { (r.taken) " / " (r.capacity) },
                    html! { (r.state.badge(lang)) },
                ]
            })
            .collect(),
        row_head: Some(0),
    })
}

/// A session as its organiser sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub number: i32,
    pub state: EventState,
    pub when: String,
    pub place: String,
    pub registration: String,
    pub capacity: i32,
    pub taken: i32,
    pub present: i32,
    /// Parties and people on the waiting list.
    pub waiting: (i64, i64),
    pub edit: Option<Href>,
    /// Takes it away, while nobody registered.
    pub remove: Option<Href>,
    pub door: Option<Href>,
    /// Groups with seats of their own, and what is left for all others.
    pub quotas: Vec<(String, i32)>,
    /// The page of the draw, where seats are given by lot.
    pub draw: Option<Href>,
    /// Holds it, once registration has closed.
    pub hold: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct EventDeskView {
    pub code: String,
    pub title: String,
    pub kind: String,
    pub state: EventState,
    pub department: String,
    pub summary: String,
    pub conditions: String,
    pub accessibility: String,
    pub contact: String,
    pub decision: Option<(String, Href)>,
    pub cancelled: Option<String>,
    pub sessions: Vec<SessionRow>,
    pub report: Option<String>,
    pub organises: bool,
    pub is_draft: bool,
    /// What stands in the way of publishing; empty when nothing does.
    pub missing: Vec<String>,
    pub may_cancel: bool,
    pub may_report: bool,
    /// Where pictures can be added.
    pub pictures: Option<PicturesDesk>,
    pub materials: Option<MaterialsDesk>,
    /// The kind whose result is published with the report.
    pub is_meeting: bool,
    /// Groups of those who sat in: the field and its name.
    pub groups: Vec<(String, String)>,
    pub may_edit: bool,
    pub public: Href,
    pub csrf: String,
    pub form: FormState,
    pub hearing: Option<HearingDeskView>,
    /// Kinds of speakers and how many opinions were entered, where what was said can be entered now.
    pub voice: Option<(Vec<Choice>, usize)>,
    /// People counted at the door.
    pub counted: i32,
    pub erased: Option<NaiveDateTime>,
    /// What visitors said, and in which words; these for the organisers.
    pub feedback: Option<FeedbackFigures>,
    pub feedback_words: Vec<String>,
}

#[must_use]
pub fn event(frame: &Frame<'_>, side: &[SideItem], view: &EventDeskView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        p.back { a href="/desk/events" { (lang.t("公众参与活动", "Events")) } }
        div.page-head {
            h1 lang=[lang.content()] { (view.title) }
            div.page-sub {
                (view.state.badge(lang))
                span { (view.kind) }
                span lang=[lang.content()] { (view.department) }
                span { (view.code) }
            }
        }
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                @if view.is_draft && view.organises { (before(lang, view)) }
                (sessions(lang, view))
                @if let Some(figures) = &view.feedback { (desk_card(lang, figures, &view.feedback_words)) }
                @if let (Some(h), true) = (&view.hearing, view.organises) { (hearing::hearing(lang, h, &view.form)) }
                @if let (Some((kinds, entered)), true) = (&view.voice, view.organises) {
                    (hearing::voice(lang, &view.code, &view.csrf, kinds, *entered, &view.form))
                }
                @if view.may_report { (report_form(lang, view)) }
                @if let Some(m) = &view.materials { (materials::materials(lang, m, &view.csrf, &view.form)) }
                @if let Some(p) = &view.pictures { (pictures::pictures(lang, p, &view.csrf, &view.form)) }
                (content(lang, view))
            }
            aside { (acts(lang, view)) }
        }
    };
    desk(frame, &view.form.title(lang, &view.title), side, body)
}

fn before(lang: Lang, view: &EventDeskView) -> Markup {
    card(
        lang.t("发布", "Publish"),
        html! {
            @if view.missing.is_empty() {
                form.form-acts method="post" action={ "/desk/events/" (view.code) "/publish" } {
                    (csrf(&view.csrf))
                    (submit(lang.t("发布活动", "Publish")))
                    span.small { (lang.t("发布后类型和主办单位不能更改；时间、地点变化会通知报名者。", "Afterwards kind and department stay; who registered is told of another time or place.")) }
                }
            } @else {
                p { (lang.t("发布之前还需要：", "Before it can be published:")) }
                ul.text-list { @for m in &view.missing { li { (m) } } }
            }
        },
    )
}

fn sessions(lang: Lang, view: &EventDeskView) -> Markup {
    let rows = view.sessions.iter().map(|s| {
        vec![
            html! { (s.number) },
            html! { (s.when) p.small lang=[lang.content()] { (s.place) } p.small { (s.registration) }
                @if !s.quotas.is_empty() { p.small { (crate::event::show::quotas(lang, &s.quotas)) } }
            },
            html! {
                (s.taken) " / " (s.capacity)
                @if s.waiting.0 > 0 {
                    p.small { (match lang {
                        Lang::Zh => format!("候补 {} 组 {} 人", s.waiting.0, s.waiting.1),
                        Lang::En => format!("waiting: {} parties, {} people", s.waiting.0, s.waiting.1),
                    }) }
                }
            },
            html! { (s.present) },
            html! { (s.state.badge(lang)) },
            html! {
                div.row-acts {
                    @if let Some(door) = &s.door { a href=(door) { (lang.t("签到", "Door")) } }
                    @if let Some(draw) = &s.draw { a href=(draw) { (lang.t("摇号", "Draw")) } }
                    @if let Some(hold) = &s.hold {
                        form method="post" action=(hold) { (csrf(&view.csrf)) button.link type="submit" { (lang.t("立即摇号", "Hold the draw")) } }
                    }
                    @if let Some(edit) = &s.edit { a href=(edit) { (lang.t("修改", "Change")) } }
                    @if let Some(remove) = &s.remove {
                        form method="post" action=(remove) { (csrf(&view.csrf)) button.link type="submit" { (lang.t("移除", "Remove")) } }
                    }
                }
            },
        ]
    });
    let table = Table {
        caption: lang.t("场次", "Sessions").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::number(lang.t("场", "No.")),
            Column::text(lang.t("时间和地点", "Time and place")),
            Column::number(lang.t("报名/名额", "Given / seats")),
            Column::number(lang.t("到场", "Here")),
            Column::tight(lang.t("状态", "State")),
            Column::text(lang.t("操作", "Acts")),
        ],
        rows: rows.collect(),
        row_head: Some(1),
    };
    card(
        lang.t("场次", "Sessions"),
        html! {
            @if view.sessions.is_empty() {
                p { (lang.t("还没有场次。", "No sessions yet.")) }
            } @else { (crate::component::table(&table)) }
            @if view.may_edit {
                p.actions { a.button href={ "/desk/events/" (view.code) "/sessions/new" } { (lang.t("添加场次", "Add a session")) } }
            }
        },
    )
}

fn report_form(lang: Lang, view: &EventDeskView) -> Markup {
    let state = &view.form;
    let own = ["text", "said", "outcome", "attended"];
    let wrong = own.iter().any(|f| state.error(f).is_some());
    let counted = match lang {
        Lang::Zh => format!("不填写时按签到人数：{} 人。", view.counted),
        Lang::En => format!("Without it, those counted at the door: {}.", view.counted),
    };
    html! {
        section.card #report {
            h2.card-title { (if view.report.is_some() { lang.t("活动情况（已公布）", "The report (published)") } else { lang.t("公布活动情况", "Publish the report") }) }
            @let form = html! { form method="post" action={ "/desk/events/" (view.code) "/report" } {
                (csrf(&view.csrf))
                (textarea(lang, state, &Field::new("text", lang.t("活动情况", "What happened")).required().rows(7).max(20_000)
                    .hint(lang.t("参加人员的类别和人数、讨论了什么、提出了哪些意见建议。不写个人姓名。", "Who took part, by kind and number; what was discussed and said. No names of persons."))))
                @if view.is_meeting {
                    (textarea(lang, state, &Field::new("said", lang.t("列席人员意见", "What those who sat in said")).required().rows(4).max(10_000)
                        .hint(lang.t("列席人员提出的意见和会上的回应；没有意见的，请写明。", "What they said and what was answered; if nothing, say so."))))
                    (textarea(lang, state, &Field::new("outcome", lang.t("审议情况", "What was decided")).required().rows(3).max(5000)
                        .hint(lang.t("会议开放须公布决策事项审议情况。", "Of an opened meeting this is published."))))
                }
                @if view.is_meeting {
                    fieldset.group {
                        legend { (lang.t("列席人员", "Who sat in")) }
                        p.hint { (lang.t("各组人数；都不填写时按签到人数。", "By group; all empty: those counted at the door.")) }
                        div.field-row {
                            @for (name, label) in &view.groups {
                                (text_field(lang, state, &Field::new(name, label).short().inputmode("numeric")))
                            }
                        }
                    }
                }
                (text_field(lang, state, &Field::new("attended", lang.t("参加人数（外部人员）", "People from outside")).short().inputmode("numeric").hint(&counted)))
                div.form-acts {
                    (submit(if view.report.is_some() { lang.t("公布更正", "Publish the correction") } else { lang.t("公布", "Publish") }))
                }
            } };
            @match &view.report {
                Some(text) => {
                    div.prose lang=[lang.content()] { (paragraphs(text)) }
                    details.act open[wrong] { summary { (lang.t("更正活动情况", "Correct the report")) } (form) }
                },
                None => { (form) },
            }
        }
    }
}

fn content(lang: Lang, view: &EventDeskView) -> Markup {
    let mut facts = vec![Fact::text(lang.t("咨询", "Contact"), &view.contact)];
    for (label, text) in [
        (lang.t("参加条件", "Conditions"), &view.conditions),
        (lang.t("无障碍", "Accessibility"), &view.accessibility),
    ] {
        if !text.is_empty() {
            facts.push(Fact::new(label, html! { span lang=[lang.content()] { (text) } }));
        }
    }
    if let Some((title, href)) = &view.decision {
        facts.push(Fact::new(
            lang.t("决策事项", "Decision"),
            html! { a href=(href) lang=[lang.content()] { (title) } },
        ));
    }
    if let Some(reason) = &view.cancelled {
        facts.push(Fact::new(
            lang.t("取消原因", "Why cancelled"),
            html! { span lang=[lang.content()] { (reason) } },
        ));
    }
    if let Some(at) = view.erased {
        facts.push(Fact::text(
            lang.t("个人信息", "Personal data"),
            &match lang {
                Lang::Zh => format!("已于 {} 删除", lang.date_time(at)),
                Lang::En => format!("erased on {}", lang.date_time(at)),
            },
        ));
    }
    card(
        lang.t("活动内容", "What it says"),
        html! { div.prose lang=[lang.content()] { (paragraphs(&view.summary)) } (definition_list(&facts)) },
    )
}

fn acts(lang: Lang, view: &EventDeskView) -> Markup {
    let base = format!("/desk/events/{}", view.code);
    html! {
        (card(lang.t("操作", "Acts"), html! {
            div.stack-acts {
                @if view.may_edit { a.button href={ (base) "/edit" } { (lang.t("修改内容", "Change")) } }
                a.button href=(view.public) { (if view.is_draft { lang.t("预览公开页面", "Preview") } else { lang.t("公开页面", "Public page") }) }
                @if view.is_draft && view.organises {
                    form method="post" action={ (base) "/discard" } { (csrf(&view.csrf)) button.button type="submit" { (lang.t("删除草稿", "Discard")) } }
                }
            }
        }))
        @if view.may_cancel {
            (card(lang.t("取消活动", "Cancel the event"), html! {
                form method="post" action={ (base) "/cancel" } {
                    (csrf(&view.csrf))
                    (text_field(lang, &view.form, &Field::new("reason", lang.t("原因", "Reason")).required()
                        .hint(lang.t("公布在活动页面，并通知所有报名者。", "Published, and mailed to everybody who registered."))))
                    div.form-acts { button.button type="submit" { (lang.t("取消活动", "Cancel the event")) } }
                }
            }))
        }
    }
}
