//! One session: what it is about, who sits at the table, and every question that is public, in the order of arrival.
//!
//! With a script the page follows: told that something changed, it asks for itself again and puts the new questions
//! and answers into their places (`data-live`). Without one there is a link that reads it anew, and one after which
//! it does so by itself.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::list::figures;
use crate::{
    component::{Fact, alert, article_tools, card, content_head, definition_list, empty_state, paragraphs},
    consultation::{Span, opinion_text},
    label::{QaState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct QaView {
    pub title: String,
    pub state: QaState,
    pub department: String,
    pub theme: String,
    pub when: String,
    pub opens: String,
    pub guests: Vec<GuestView>,
    pub cancelled: Option<String>,
    pub published: Option<NaiveDateTime>,
    pub received: u64,
    pub answered: u64,
    /// Public and not answered.
    pub open: u64,
    /// Waiting for review.
    pub pending: u64,
    /// Working days for what the session left open.
    pub days: i64,
    pub questions: Vec<QuestionView>,
    /// Where one asks, while questions are taken.
    pub ask: Option<Href>,
    /// Where news come from, while there may be any.
    pub live: Option<Href>,
    /// What these questions are the state of; news tell another one.
    pub version: String,
    /// This page, and this page renewed by itself.
    pub here: Href,
    pub renewing: Option<Href>,
    /// Seconds after which the page is read anew, where the reader wanted that.
    pub renewed_every: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct GuestView {
    pub department: String,
    pub person: String,
}

#[derive(Clone, Debug)]
pub struct QuestionView {
    pub number: i32,
    /// Counts its changes.
    pub revision: i32,
    pub name: String,
    pub received: NaiveDateTime,
    pub text: Vec<Span>,
    /// Who answers.
    pub department: String,
    pub answer: Option<String>,
    pub answered: Option<NaiveDateTime>,
}

#[must_use]
pub fn show(frame: &Frame<'_>, view: &QaView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Messages, ..frame.clone() };
    "网络问政".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let body = html! {
        (content_head(lang, &view.title, html! {
            span #qa-state { (view.state.badge(lang)) }
            span { (view.when) }
            span { (lang.t("主办：", "Held by: ")) span lang=[lang.content()] { (view.department) } }
        }))
        (article_tools(&frame, &view.department, view.published))
        @if let Some(reason) = &view.cancelled {
            (alert(Tone::Warn, lang.t("本场网络问政已取消", "This session is cancelled"), html! { p lang=[lang.content()] { (reason) } }))
        }
        div.side-by-side {
            div.stack {
                (card(lang.t("主题", "Theme"), html! { div.prose lang=[lang.content()] { (paragraphs(&view.theme)) } }))
                section.section {
                    div.section-head {
                        h2 #questions { (lang.t("提问和答复", "Questions and answers")) }
                        @if view.live.is_some() { (renew(lang, view)) }
                    }
                    p #qa-figures { (tally(lang, view)) }
                    // On a phone the card beside it is far below.
                    @if let Some(href) = &view.ask { p.actions.narrow-only { a.button.primary href=(href) { (lang.t("我要提问", "Ask a question")) } } }
                    (questions(lang, view))
                }
            }
            aside { (aside(lang, view)) }
        }
    };
    let trail = [
        Crumb::link(lang.t("网络问政", "Online Q&A"), path::QA),
        Crumb::here(lang.t("本场问答", "This session")),
    ];
    page(&frame, &view.title, &trail, body)
}

fn renew(lang: Lang, view: &QaView) -> Markup {
    html! {
        p.small.no-print {
            span role="status" data-live-state hidden data-on=(lang.t("有新问答时自动显示", "New answers appear by themselves")) data-off=(lang.t("连接中断，每 20 秒刷新一次", "Connection lost; asked for every 20 seconds")) {}
            " " a href=(view.here) { (lang.t("刷新", "Read anew")) }
            " " (match (&view.renewing, view.renewed_every) {
                (_, Some(seconds)) => html! { (match lang {
                    Lang::Zh => format!("每 {seconds} 秒自动刷新，"),
                    Lang::En => format!("read anew every {seconds} seconds, "),
                }) a href=(view.here) { (lang.t("停止", "stop")) } },
                (Some(href), None) => html! { a href=(href) data-live-plain { (lang.t("自动刷新", "do so by itself")) } },
                (None, None) => html! {},
            })
        }
    }
}

fn tally(lang: Lang, view: &QaView) -> String {
    let mut words = figures(lang, view.received, view.answered);
    if view.open > 0 {
        words.push_str(&match lang {
            Lang::Zh => format!("，待答复 {} 个", view.open),
            Lang::En => format!(", {} to be answered", view.open),
        });
    }
    if view.pending > 0 {
        words.push_str(&match lang {
            Lang::Zh => format!("，待审核 {} 个", view.pending),
            Lang::En => format!(", {} waiting for review", view.pending),
        });
    }
    words + lang.t("。", ".")
}

fn questions(lang: Lang, view: &QaView) -> Markup {
    let live = view.live.as_ref();
    let unanswered: Vec<_> = view.questions.iter().filter(|q| q.answer.is_none()).collect();
    let over = view.state == QaState::Ended;
    html! {
        @if over && !unanswered.is_empty() {
            (alert(Tone::Info, lang.t("以下问题未能当场答复", "These were left open"), html! {
                p {
                    @for q in &unanswered { a href={ "#q-" (q.number) } { (number(lang, q.number)) } " " }
                }
                p.small { (match lang {
                    Lang::Zh => format!("由承办单位在结束后 {} 个工作日内答复，答复后显示在问题下面。", view.days),
                    Lang::En => format!("Each is answered within {} after the end and appears below its question.", lang.working_days(view.days)),
                }) }
            }))
        }
        @if view.questions.is_empty() && live.is_none() {
            (empty_state(lang.t("没有公开的问题", "No question is public"), "", None))
        }
        // The list stands there even when it is empty: news come into it.
        @if !view.questions.is_empty() || live.is_some() {
            @if view.questions.is_empty() { p.soft #qa-empty { (lang.t("还没有公开的问题。提问经审核后显示在这里。", "No question is public yet. They appear here after review.")) } }
            ol.qa #qa-list data-live=[live.map(Href::as_str)] data-version=[live.map(|_| view.version.as_str())] aria-live=[live.map(|_| "polite")] aria-relevant=[live.map(|_| "additions text")] {
                @for q in &view.questions { (question(lang, q)) }
            }
        }
    }
}

fn number(lang: Lang, n: i32) -> String {
    match lang {
        Lang::Zh => format!("第 {n} 号提问"),
        Lang::En => format!("Question {n}"),
    }
}

fn question(lang: Lang, q: &QuestionView) -> Markup {
    html! {
        li.card.qa-item id={ "q-" (q.number) } data-revision=(q.revision) {
            p.item-top {
                strong { (number(lang, q.number)) }
                span lang=[lang.content()] { (q.name) }
                span.soft { (lang.date_time(q.received)) }
            }
            div.own-words lang=[lang.content()] { (opinion_text(&q.text, lang)) }
            @match &q.answer {
                Some(answer) => {
                    div.qa-answer {
                        p.item-top {
                            strong lang=[lang.content()] { (q.department) "答：" }
                            @if let Some(at) = q.answered { span.soft { (lang.date_time(at)) } }
                        }
                        div lang=[lang.content()] { (paragraphs(answer)) }
                    }
                }
                None => { p.soft { (lang.t("等待答复：", "To be answered by ")) span lang=[lang.content()] { (q.department) } } }
            }
        }
    }
}

fn aside(lang: Lang, view: &QaView) -> Markup {
    html! {
        @match &view.ask {
            Some(href) => {
                section.card #qa-ask {
                    h2.card-title { (lang.t("我要提问", "Ask a question")) }
                    p { (lang.t("不用注册。提问经审核后公开，由参加单位答复。", "No account needed. After review your question is published and answered.")) }
                    p.actions { a.button.primary href=(href) { (lang.t("提问", "Ask")) } }
                }
            }
            None => {
                section.card #qa-ask {
                    h2.card-title { (lang.t("提问", "Questions")) }
                    p { (match view.state {
                        QaState::Announced => match lang {
                            Lang::Zh => format!("{} 开始征集。", view.opens),
                            Lang::En => format!("They are taken from {}.", view.opens),
                        },
                        _ => lang.t("本场不再接受提问，可以到留言板提出。", "No more questions are taken; please use the message board.").to_owned(),
                    }) }
                    @if view.state != QaState::Announced { p.actions { a.button href=(path::MESSAGES_NEW) { (lang.t("我要留言", "Write a message")) } } }
                }
            }
        }
        (card(lang.t("参加单位", "At the table"), html! {
            ul.text-list { @for g in &view.guests {
                li lang=[lang.content()] { (g.department) @if !g.person.is_empty() { br; span.soft { (g.person) } } }
            } }
        }))
        (card(lang.t("安排", "Times"), definition_list(&[
            Fact::text(lang.t("征集问题", "Questions from"), &view.opens),
            Fact::text(lang.t("在线答复", "Live"), &view.when),
        ])))
        (card("", html! {
            ul.text-list {
                li { a href=(path::LOOKUP) { (lang.t("查询我的提问", "Look up my question")) } }
                li { a href=(path::QA) { (lang.t("全部场次", "All sessions")) } }
            }
        }))
    }
}
