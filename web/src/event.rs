//! Events with the public: the list with the year's counters. The page of one is in [`show`], registering in
//! [`register`], the page behind a lookup code in [`registration`], the draw of seats in [`draw`].

pub mod draw;
pub mod feedback;
pub mod hearing;
pub mod print;
pub mod register;
pub mod registration;
pub mod show;

use chrono::{Datelike as _, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{Pager, card, empty_state, page_head, pager},
    icon::{Icon, icon},
    label::EventState,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// An event in a list.
#[derive(Clone, Debug)]
pub struct EventCard {
    pub title: String,
    pub href: Href,
    /// `政府开放日`
    pub kind: String,
    pub department: String,
    pub state: EventState,
    /// The session that comes next, or the last one, in local time.
    pub begins: Option<NaiveDateTime>,
    pub place: String,
    pub sessions: u64,
    /// Seats left in sessions to come; none where that means nothing.
    pub free: Option<i32>,
    /// People who took part, once the report says so.
    pub attended: Option<i32>,
    pub has_report: bool,
}

/// One line of the year against the plan.
#[derive(Clone, Debug)]
pub struct Counter {
    pub label: String,
    pub done: u32,
    pub wanted: u32,
    pub planned: u32,
    /// Held, but its report is not published.
    pub without_report: u32,
}

/// The year against the plan; days and weeks of openness stand for each other.
#[derive(Clone, Debug)]
pub struct Year {
    pub year: i32,
    pub open: Vec<Counter>,
    pub open_is_met: bool,
    pub meetings: Counter,
    pub meetings_are_met: bool,
}

#[derive(Clone, Debug)]
pub struct EventsView {
    pub upcoming: Vec<EventCard>,
    pub past: Vec<EventCard>,
    pub pager: Pager,
    pub year: Year,
}

#[must_use]
pub fn events(frame: &Frame<'_>, view: &EventsView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Events, ..frame.clone() };
    "公众参与活动".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let title = lang.t("公众参与活动", "Events with the public");
    let body = html! {
        (page_head(title, html! {
            p { (lang.t("政府开放日、听证会、座谈会、实地走访和列席会议。报名不用注册，先到先得。", "Open days, hearings, seminars, visits and open meetings. No account needed; first come, first served.")) }
        }))
        div.side-by-side {
            div.stack {
                section {
                    div.section-head { h2 #upcoming { (lang.t("即将举行", "To come")) } }
                    @if view.upcoming.is_empty() {
                        (empty_state(
                            lang.t("目前没有即将举行的活动", "No event is announced at the moment"),
                            lang.t("活动至少提前公布；已举行的活动和活动情况列在下面。", "Events are announced here; past ones and their reports are below."),
                            None,
                        ))
                    } @else { (event_board(lang, &view.upcoming)) }
                }
                section.section {
                    div.section-head { h2 #past { (lang.t("已举行", "Past")) } }
                    @if view.past.is_empty() {
                        (empty_state(lang.t("还没有举行过活动", "No event was held yet"), "", None))
                    } @else {
                        (event_board(lang, &view.past))
                        (pager(lang, &view.pager))
                    }
                }
            }
            aside {
                (year(lang, &view.year))
                (card("", html! { p { a href=(path::EVENTS_CALENDAR) { (lang.t("订阅活动日历（.ics）", "Follow in a calendar (.ics)")) } } }))
            }
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

/// Events as rows of one sheet, the day on a calendar leaf on the left.
#[must_use]
pub fn event_board(lang: Lang, cards: &[EventCard]) -> Markup {
    html! { ul.board { @for card in cards { li { (event_card(lang, card)) } } } }
}

fn event_card(lang: Lang, card: &EventCard) -> Markup {
    html! {
        article class={ "matter" @if card.begins.is_some() { " leafed" } } {
            @if let Some(begins) = card.begins { (leaf(lang, begins)) }
            div {
                p.matter-top { (card.state.badge(lang)) span { (card.kind) } span lang=[lang.content()] { (card.department) } }
                h3 lang=[lang.content()] { a href=(card.href) { (card.title) } }
                p.matter-facts {
                    @if let Some(begins) = card.begins {
                        span { time datetime=(iso(begins.date())) { (lang.date_time(begins)) } }
                    }
                    @if !card.place.is_empty() { span lang=[lang.content()] { (card.place) } }
                    @if card.sessions > 1 {
                        span { (lang.counted(i64::try_from(card.sessions).unwrap_or(i64::MAX), "场", "session", "sessions")) }
                    }
                    @if let Some(free) = card.free { span { (seats_left(lang, free)) } }
                    @if let Some(attended) = card.attended {
                        span { (lang.counted(attended.into(), "人参加", "person took part", "people took part")) }
                    }
                    @if card.has_report { span { (icon(Icon::File)) " " (lang.t("已公布活动情况", "report published")) } }
                }
            }
        }
    }
}

/// `余 12 个名额`; none left is said in words.
#[must_use]
pub fn seats_left(lang: Lang, free: i32) -> String {
    match (lang, free) {
        (Lang::Zh, ..=0) => "名额已满".to_owned(),
        (Lang::En, ..=0) => "no seats left".to_owned(),
        (_, n) => match lang {
            Lang::Zh => format!("余 {n} 个名额"),
            Lang::En => lang.counted(n.into(), "", "seat left", "seats left"),
        },
    }
}

fn leaf(lang: Lang, begins: NaiveDateTime) -> Markup {
    let day = begins.date();
    let month = match lang {
        Lang::Zh => format!("{}月", day.month()),
        Lang::En => day.format("%b").to_string(),
    };
    html! { p.leaf aria-hidden="true" { span { (month) } strong { (day.day()) } span { (lang.weekday(day)) } } }
}

/// The year against the plan, in words and numbers.
#[must_use]
pub fn year(lang: Lang, year: &Year) -> Markup {
    let title = match lang {
        Lang::Zh => format!("{} 年计划完成情况", year.year),
        Lang::En => format!("The plan of {}", year.year),
    };
    html! {
        section.card {
            h2.card-title { (title) }
            p.small { (lang.t("全年政府开放日不少于 3 次，或者开放周不少于 1 次；会议开放不少于 2 次（政务公开工作要点）。", "At least three open days or one open week, and two meetings opened, in a year (annual plan of open government).")) }
            ul.checklist {
                li class=(if year.open_is_met { "fine" } else { "noted" }) {
                    (icon(if year.open_is_met { Icon::Check } else { Icon::Half }))
                    div { @for (i, c) in year.open.iter().enumerate() { @if i > 0 { p.small { (lang.t("或者", "or")) } } p { (counter(lang, c)) } } }
                }
                li class=(if year.meetings_are_met { "fine" } else { "noted" }) {
                    (icon(if year.meetings_are_met { Icon::Check } else { Icon::Half }))
                    div { p { (counter(lang, &year.meetings)) } }
                }
            }
        }
    }
}

fn counter(lang: Lang, c: &Counter) -> Markup {
    html! {
        (c.label) (lang.t("：", ": ")) strong { (c.done) } " / " (c.wanted)
        @if c.planned > 0 { span.small { (lang.t("，另有待举行 ", ", to come: ")) (c.planned) } }
        @if c.without_report > 0 { span.small { (lang.t("，已举行待公布 ", ", held without a report: ")) (c.without_report) } }
    }
}

/// The way back to the list, as the first crumbs of a page.
#[must_use]
pub fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb::link(lang.t("公众参与活动", "Events"), path::EVENTS)]
}
