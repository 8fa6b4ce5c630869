//! The home page answers first: what is open now, until when, and what became of what people said.

use maud::{Markup, html};

use crate::{
    component::{ConsultationCard, SummaryRow, card, consultation_board, empty_state, summary_table},
    event::{EventCard, event_board},
    form::{self, FormState},
    lang::Lang,
    layout::{Frame, Nav, page},
    link::Href,
    opinion::lookup_fields,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct HomeView {
    /// A sentence of the house; empty for the usual one.
    pub headline: String,
    /// What is open, the nearest end first.
    pub open: Vec<ConsultationCard>,
    /// How many are open altogether; a link leads to the rest.
    pub open_total: u64,
    /// What opens soon.
    pub upcoming: Vec<ConsultationCard>,
    /// The latest adoption summaries, published or due.
    pub answered: Vec<SummaryRow>,
    /// Summaries published in the last 30 days.
    pub answered_30_days: u64,
    /// Opinions received and dealt with this year.
    pub year_received: u64,
    pub year_dealt_with: u64,
    pub catalogue: Option<Teaser>,
    pub work_plan: Option<Teaser>,
    /// Events to come, then the latest.
    pub events: Vec<EventCard>,
    /// For the lookup box.
    pub csrf: String,
}

/// A link with a line that says what is behind it.
#[derive(Clone, Debug)]
pub struct Teaser {
    pub title: String,
    pub href: Href,
    pub line: String,
}

#[must_use]
pub fn home(frame: &Frame<'_>, view: &HomeView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Home, ..frame.clone() };
    let body = html! {
        (hero(&frame, view))
        div.side-by-side.home-open {
            section {
                div.section-head {
                    h2 { (lang.t("现在可以提意见", "Open for opinions now")) }
                    @if view.open_total > view.open.len() as u64 {
                        a href=(path::CONSULTATIONS) { (lang.t("全部征集", "All consultations")) "（" (view.open_total) "）" }
                    }
                }
                (open(&frame, view))
            }
            aside {
                (lookup_box(&frame, view))
                ul.board {
                    li { (message_board(&frame)) }
                    @for teaser in [&view.catalogue, &view.work_plan].into_iter().flatten() { li { (one_teaser(&frame, teaser)) } }
                }
            }
        }
        section.section {
            div.section-head {
                h2 { (lang.t("大家的意见，办得怎么样", "What became of what people said")) }
                a href=(path::SUMMARIES) { (lang.t("全部采纳情况", "All summaries")) }
            }
            (answered(&frame, view))
        }
        @if !view.events.is_empty() {
            section.section {
                div.section-head {
                    h2 { (lang.t("来现场看看", "Come and see")) }
                    a href=(path::EVENTS) { (lang.t("全部活动", "All events")) }
                }
                (event_board(lang, &view.events))
            }
        }
        (ways(&frame))
    };
    page(&frame, "", &[], body)
}

fn hero(frame: &Frame<'_>, view: &HomeView) -> Markup {
    let lang = frame.lang;
    let usual = lang.t("城市的事，请您一起定", "The city decides, together with you");
    html! {
        div.hero {
            div {
                // The headline is a setting in Chinese; an English page has its own.
                h1 { (if view.headline.is_empty() || lang == Lang::En { usual } else { &view.headline }) }
                p.lead { (lang.t("每一条意见都登记、都办理、都有结果。不用注册，约 3 分钟。", "Every opinion is registered, dealt with and answered. No account needed; about three minutes.")) }
            }
            dl.tally {
                div { dt { (lang.t("正在征求意见", "open now")) } dd { (view.open_total) span { (lang.t(" 项", "")) } } }
                div { dt { (lang.t("近 30 天公布结果", "answered in 30 days")) } dd { (view.answered_30_days) span { (lang.t(" 项", "")) } } }
                div { dt { (lang.t("今年征集到意见", "opinions this year")) } dd { (view.year_received) span { (lang.t(" 条", "")) } } }
                div { dt { (lang.t("其中已办理", "of them dealt with")) } dd { (view.year_dealt_with) span { (lang.t(" 条", "")) } } }
            }
        }
    }
}

fn lookup_box(frame: &Frame<'_>, view: &HomeView) -> Markup {
    let lang = frame.lang;
    html! {
        form.slip-form method="post" action=(path::LOOKUP) {
            h2 { (lang.t("查询回执", "Look up a receipt")) }
            (form::csrf(&view.csrf))
            (lookup_fields(lang, &FormState::default()))
            button.button type="submit" { (lang.t("查询办理情况", "Look up")) }
        }
    }
}

fn open(frame: &Frame<'_>, view: &HomeView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.open.is_empty() {
            (empty_state(
                lang.t("目前没有正在征求意见的事项", "Nothing is open for opinions at the moment"),
                lang.t("可以先看看今年的决策事项目录，了解接下来将要决定什么。", "See this year's catalogue for what will be decided next."),
                Some((lang.t("决策事项目录", "Catalogue of decisions"), Href::from(path::CATALOGUES))),
            ))
        } @else {
            (consultation_board(lang, &view.open))
        }
        @if !view.upcoming.is_empty() {
            h3.sub { (lang.t("即将开始", "Opening soon")) }
            (consultation_board(lang, &view.upcoming))
        }
    }
}

fn answered(frame: &Frame<'_>, view: &HomeView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.answered.is_empty() {
            (empty_state(
                lang.t("还没有公布采纳情况", "No summaries yet"),
                lang.t("决策出台后 10 个工作日内，这里会公布意见的收集、采纳情况和未采纳的理由。", "Within ten working days of a decision, what was received, adopted and why not is published here."),
                None,
            ))
        } @else {
            (card("", summary_table(lang, lang.t("近期采纳情况", "Recent summaries"), &view.answered)))
        }
    }
}

/// The way of an opinion in four words, for who comes the first time.
fn ways(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let steps = [
        (
            lang.t("读草案", "Read the draft"),
            lang.t(
                "草案、起草说明和依据全文公开，可以下载。",
                "Draft, explanation and basis are public and can be downloaded.",
            ),
        ),
        (
            lang.t("提意见", "Say what you think"),
            lang.t(
                "对全文，或者只对某一条。也可以来信、来电。",
                "On the whole draft or on one clause; letters and calls count too.",
            ),
        ),
        (
            lang.t("拿查询码", "Keep the code"),
            lang.t(
                "登记后当场给出回执，凭码随时查询。",
                "You get a receipt at once and can look it up any time.",
            ),
        ),
        (
            lang.t("看采纳", "See the answer"),
            lang.t(
                "采纳了什么、为什么没有采纳，按期公布。",
                "What was adopted and why not is published on time.",
            ),
        ),
    ];
    html! {
        section.section {
            h2 { (lang.t("您的意见怎样走完全程", "The way of an opinion")) }
            ol.ways { @for (title, text) in steps { li { h3 { (title) } p { (text) } } } }
        }
    }
}

/// Where to speak of what is not open for opinions.
fn message_board(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    html! {
        article.matter {
            h3 { a href=(path::MESSAGES) { (lang.t("留言板", "Message board")) } }
            p.matter-facts { span { (lang.t("咨询、建议、投诉、网站找错，按期答复", "Questions, suggestions, complaints, errors of the site")) } }
        }
    }
}

fn one_teaser(frame: &Frame<'_>, teaser: &Teaser) -> Markup {
    html! {
        article.matter {
            h3 lang=[frame.lang.content()] { a href=(teaser.href) { (teaser.title) } }
            p.matter-facts { span lang=[frame.lang.content()] { (teaser.line) } }
        }
    }
}
