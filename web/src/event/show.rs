//! The page of one event: what, when and where, how to register, and afterwards what happened.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::feedback::{FeedbackFigures, figures};
use super::hearing::{self, HearingView};
use super::{crumbs, seats_left};
use crate::{
    attachment::{AttachedFile, attached_files},
    component::{Fact, alert, article_tools, card, content_head, definition_list, paragraphs},
    label::{EventState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct SessionView {
    pub number: i32,
    pub state: EventState,
    /// `2026年3月20日 09:30—11:30（北京时间）`
    pub when: String,
    pub place: String,
    pub directions: String,
    pub capacity: i32,
    pub free: i32,
    /// Parties on the waiting list are not told; how long it is would tempt to bargain.
    pub registration: String,
    pub party_max: i32,
    /// Groups with seats of their own, and what is left for all others; empty when all are open to everybody.
    pub quotas: Vec<(String, i32)>,
    /// The page of the draw, where seats are given by lot.
    pub draw: Option<Href>,
    /// The form, while registration is open.
    pub register: Option<Href>,
    /// People who came, once it is over.
    pub present: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct EventView {
    pub code: String,
    pub title: String,
    pub kind: String,
    pub state: EventState,
    pub department: String,
    pub published: Option<NaiveDateTime>,
    /// Not published; only those who work on it see it.
    pub preview: bool,
    pub cancelled: Option<String>,
    pub summary: String,
    pub conditions: String,
    pub accessibility: String,
    pub contact: String,
    pub phone: String,
    pub email: String,
    /// Title and page of the decision.
    pub decision: Option<(String, Href)>,
    pub sessions: Vec<SessionView>,
    pub calendar: Href,
    /// Documents to download.
    pub materials: Vec<AttachedFile>,
    pub report: Option<ReportView>,
    pub hearing: HearingView,
    pub erase_days: u32,
}

#[derive(Clone, Debug)]
pub struct ReportView {
    pub text: String,
    pub outcome: Option<String>,
    /// What those who sat in said, and what was answered.
    pub said: Option<String>,
    /// People from outside by group.
    pub groups: Vec<(String, i32)>,
    pub attended: i32,
    /// Seats, and people counted at the door, where it was held with registration.
    pub seats: i32,
    pub registered: i32,
    pub present: i32,
    pub published: Option<NaiveDateTime>,
    /// What visitors said of it.
    pub feedback: Option<FeedbackFigures>,
    pub pictures: Vec<AttachedFile>,
}

#[must_use]
pub fn event(frame: &Frame<'_>, view: &EventView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Events, no_index: view.preview, ..frame.clone() };
    "公众参与活动".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    frame.meta.article_title.clone_from(&view.title);
    frame.meta.content_source.clone_from(&view.department);
    let body = html! {
        (content_head(lang, &view.title, html! {
            (view.state.badge(lang))
            span { (view.kind) }
            span { (lang.t("主办：", "Held by: ")) span lang=[lang.content()] { (view.department) } }
        }))
        (article_tools(&frame, &view.department, view.published))
        @if view.preview {
            (alert(Tone::Info, lang.t("预览：尚未发布，公众看不到本页", "Preview: not published, nobody outside sees this page"), html! {}))
        }
        @if let Some(reason) = &view.cancelled {
            (alert(Tone::Warn, lang.t("活动已取消", "This event is cancelled"), html! { p lang=[lang.content()] { (reason) } }))
        }
        div.side-by-side {
            div.stack {
                @if let Some(report) = &view.report { (report_card(lang, report)) }
                (card(lang.t("活动内容", "What it is about"), html! { div.prose lang=[lang.content()] { (paragraphs(&view.summary)) } }))
                @if !view.materials.is_empty() { (card(lang.t("活动材料", "Materials"), attached_files(lang, &view.materials))) }
                (hearing::hearing(lang, &view.hearing))
                @if let Some(v) = &view.hearing.voices { (hearing::voices(lang, v)) }
                section.section #sessions {
                    h2 { (lang.t("场次", "Sessions")) }
                    div.stack { @for s in &view.sessions { (session(lang, view, s)) } }
                }
            }
            aside { (aside(lang, view)) }
        }
    };
    let mut trail = crumbs(lang);
    trail.push(Crumb::here(lang.t("活动详情", "This event")));
    page(&frame, &view.title, &trail, body)
}

fn session(lang: Lang, view: &EventView, s: &SessionView) -> Markup {
    let title = match lang {
        Lang::Zh => format!("第 {} 场", s.number),
        Lang::En => format!("Session {}", s.number),
    };
    let mut facts = vec![
        Fact::text(lang.t("时间", "Time"), &s.when),
        Fact::new(lang.t("地点", "Place"), html! { span lang=[lang.content()] { (s.place) } }),
    ];
    if !s.directions.is_empty() {
        facts.push(Fact::new(
            lang.t("交通", "Directions"),
            html! { span lang=[lang.content()] { (s.directions) } },
        ));
    }
    facts.push(Fact::text(lang.t("报名时间", "Registration"), &s.registration));
    let seats = match s.present {
        None if s.draw.is_some() && s.free == s.capacity => match lang {
            Lang::Zh => format!("共 {} 个，摇号决定", s.capacity),
            Lang::En => format!("{} in all, given by lot", s.capacity),
        },
        Some(present) => match lang {
            Lang::Zh => format!("共 {} 个，到场 {present} 人", s.capacity),
            Lang::En => format!("{}, {present} came", s.capacity),
        },
        None => match lang {
            Lang::Zh => format!("共 {} 个，{}", s.capacity, seats_left(lang, s.free)),
            Lang::En => format!("{} in all, {}", s.capacity, seats_left(lang, s.free)),
        },
    };
    facts.push(Fact::text(lang.t("名额", "Seats"), &seats));
    if !s.quotas.is_empty() {
        facts.push(Fact::text(lang.t("组别名额", "By group"), &quotas(lang, &s.quotas)));
    }
    html! {
        section.card id={ "session-" (s.number) } {
            div.card-row { h3.card-title { (title) } (s.state.badge(lang)) }
            (definition_list(&facts))
            @if let (Some(href), false) = (&s.draw, view.preview) {
                p { a href=(href) { (lang.t("摇号办法、承诺值和结果", "The draw: method, commitment, result")) span.sr { "：" (title) } } }
            }
            @if let (Some(href), false) = (&s.register, view.preview) {
                p.actions {
                    a.button.primary href=(href) {
                        (if s.draw.is_some() { lang.t("报名摇号", "Enter the draw") } else if s.free > 0 { lang.t("报名", "Register") } else { lang.t("报名候补", "Join the waiting list") })
                        span.sr { "：" (title) }
                    }
                    span.small { (match lang {
                        Lang::Zh if s.draw.is_some() => format!("每次最多 {} 人，报名先后不影响结果", s.party_max),
                        Lang::En if s.draw.is_some() => format!("At most {} people at a time; it does not matter who comes first", s.party_max),
                        Lang::Zh => format!("每次最多 {} 人，先到先得", s.party_max),
                        Lang::En => format!("At most {} people at a time; first come, first served", s.party_max),
                    }) }
                }
            }
        }
    }
}

/// `市民 10 · 专家 5 · 其他 15`
#[must_use]
pub fn quotas(lang: Lang, all: &[(String, i32)]) -> String {
    let one = |(group, seats): &(String, i32)| match lang {
        Lang::Zh => format!("{group} {seats}"),
        Lang::En => format!("{group}: {seats}"),
    };
    all.iter().map(one).collect::<Vec<_>>().join(" · ")
}

fn report_card(lang: Lang, r: &ReportView) -> Markup {
    let people = |n: i32| lang.counted(n.into(), "人", "person", "people");
    let mut facts = vec![Fact::text(lang.t("参加", "Took part"), &people(r.attended))];
    if !r.groups.is_empty() {
        facts.push(Fact::text(lang.t("其中", "By group"), &quotas(lang, &r.groups)));
    }
    if r.registered > 0 {
        let figures = match lang {
            Lang::Zh => format!(
                "名额 {} 个，报名成功 {} 人，签到 {} 人，未到 {} 人",
                r.seats,
                r.registered,
                r.present,
                r.registered - r.present
            ),
            Lang::En => format!(
                "{} seats, {} registered, {} came, {} did not",
                r.seats,
                r.registered,
                r.present,
                r.registered - r.present
            ),
        };
        facts.push(Fact::text(lang.t("到场", "At the door"), &figures));
    }
    if let Some(at) = r.published {
        facts.push(Fact::text(lang.t("公布", "Published"), &lang.date(at.date())));
    }
    html! {
        section.card #report {
            h2.card-title { (lang.t("活动情况", "What happened")) }
            div.prose lang=[lang.content()] { (paragraphs(&r.text)) }
            @if let Some(said) = &r.said {
                h3.sub { (lang.t("列席人员意见", "What those who sat in said")) }
                div.prose lang=[lang.content()] { (paragraphs(said)) }
            }
            @if let Some(outcome) = &r.outcome {
                h3.sub { (lang.t("审议情况", "What was decided")) }
                div.prose lang=[lang.content()] { (paragraphs(outcome)) }
            }
            (attached_files(lang, &r.pictures))
            (definition_list(&facts))
            @if let Some(f) = &r.feedback { h3.sub { (lang.t("参加者评价", "What visitors say")) } (figures(lang, f)) }
        }
    }
}

fn aside(lang: Lang, view: &EventView) -> Markup {
    let over = !view.sessions.is_empty() && view.sessions.iter().all(|s| s.present.is_some());
    let conditions = if view.conditions.is_empty() {
        lang.t("不限，欢迎参加", "Everybody is welcome")
    } else {
        &view.conditions
    };
    let mut contact =
        vec![Fact::new(lang.t("联系人", "Contact"), html! { span lang=[lang.content()] { (view.contact) } })];
    if !view.phone.is_empty() {
        contact.push(Fact::new(
            lang.t("电话", "Telephone"),
            html! { a href=(Href::new(format!("tel:{}", view.phone))) { (view.phone) } },
        ));
    }
    if !view.email.is_empty() {
        contact.push(Fact::new(
            lang.t("邮箱", "E-mail"),
            html! { a href=(Href::new(format!("mailto:{}", view.email))) { (view.email) } },
        ));
    }
    html! {
        (card(lang.t("参加条件", "Who may come"), html! { div lang=[lang.content()] { (paragraphs(conditions)) } }))
        @if !view.accessibility.is_empty() {
            (card(lang.t("无障碍信息", "Accessibility"), html! { div lang=[lang.content()] { (paragraphs(&view.accessibility)) } }))
        }
        (hearing::materials(lang, &view.hearing))
        (card(lang.t("咨询", "Questions"), definition_list(&contact)))
        @if let Some((title, href)) = &view.decision {
            (card(lang.t("关联的决策事项", "The decision"), html! { p lang=[lang.content()] { a href=(href) { (title) } } }))
        }
        (card(lang.t("更多", "More"), html! {
            ul.text-list {
                @if !view.preview && !over { li { a href=(view.calendar) { (lang.t("加入日历（.ics）", "Add to a calendar (.ics)")) } } }
                @if !over { li { a href={ (crate::path::EVENTS) "/" (view.code) "/poster" } { (lang.t("海报（打印或存为 PDF）", "Poster (print or save as PDF)")) } } }
                li { a href=(crate::path::LOOKUP) { (lang.t("查询、更改或取消报名", "Look up, change or cancel a registration")) } }
            }
            p.small { (match lang {
                Lang::Zh => format!("报名信息加密保存，活动结束 {} 天后删除。", view.erase_days),
                Lang::En => format!("What you give is stored encrypted and erased {} after the event.", lang.days(view.erase_days.into())),
            }) }
        }))
    }
}
