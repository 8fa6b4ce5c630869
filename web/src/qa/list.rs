//! The sessions: to come and under way, and past ones.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Pager, empty_state, page_head, pager},
    label::QaState,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// A session in a list.
#[derive(Clone, Debug)]
pub struct QaCard {
    pub title: String,
    pub href: Href,
    pub state: QaState,
    pub department: String,
    pub begins: NaiveDateTime,
    pub received: u64,
    pub answered: u64,
}

#[derive(Clone, Debug)]
pub struct QaListView {
    pub to_come: Vec<QaCard>,
    pub past: Vec<QaCard>,
    pub pager: Pager,
}

#[must_use]
pub fn list(frame: &Frame<'_>, view: &QaListView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Messages, ..frame.clone() };
    "网络问政".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let title = lang.t("网络问政", "Online questions and answers");
    let body = html! {
        (page_head(title, html! {
            p { (lang.t("提前公布主题和参加单位，会前、会中都可以提问，不用注册；未能当场答复的，会后在期限内答复。", "Theme and departments are announced; anybody asks before and during the session, without an account. What is left open is answered afterwards within a time.")) }
        }))
        section {
            div.section-head { h2 #to-come { (lang.t("预告和正在进行", "To come and live")) } }
            @if view.to_come.is_empty() {
                (empty_state(
                    lang.t("目前没有预告的网络问政", "No session is announced at the moment"),
                    lang.t("平时有问题，可以到留言板提出。", "Questions are welcome on the message board at any time."),
                    Some((lang.t("我要留言", "Write a message"), Href::from(path::MESSAGES_NEW))),
                ))
            } @else { (board(lang, &view.to_come)) }
        }
        section.section {
            div.section-head { h2 #past { (lang.t("往期实录", "Transcripts")) } }
            @if view.past.is_empty() {
                (empty_state(lang.t("还没有举行过网络问政", "No session was held yet"), "", None))
            } @else {
                (board(lang, &view.past))
                (pager(lang, &view.pager))
            }
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

fn board(lang: Lang, cards: &[QaCard]) -> Markup {
    html! {
        ul.board { @for c in cards { li {
            article.matter {
                p.matter-top { (c.state.badge(lang)) span lang=[lang.content()] { (c.department) } }
                h3 lang=[lang.content()] { a href=(c.href) { (c.title) } }
                p.matter-facts {
                    span { time datetime=(iso(c.begins.date())) { (lang.date_time(c.begins)) } }
                    span { (figures(lang, c.received, c.answered)) }
                }
            }
        } } }
    }
}

/// `收到 12 个问题，已答复 9 个`
#[must_use]
pub fn figures(lang: Lang, received: u64, answered: u64) -> String {
    match lang {
        Lang::Zh => format!("收到 {received} 个问题，已答复 {answered} 个"),
        Lang::En => format!("{received} received, {answered} answered"),
    }
}
