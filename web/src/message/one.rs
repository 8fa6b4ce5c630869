//! One published message and its answer.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{Fact, article_tools, card, content_head, definition_list, paragraphs},
    consultation::{Span, opinion_text},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct MessageView {
    pub number: String,
    pub title: String,
    pub kind: String,
    pub name: String,
    pub text: Vec<Span>,
    pub answer: String,
    pub received: NaiveDate,
    pub accepted: Option<NaiveDate>,
    pub answered: Option<NaiveDate>,
    pub department: String,
    /// What its author thinks of the answer.
    pub satisfaction: Option<String>,
    /// Title and address of the page under which it was left.
    pub page: Option<(String, Href)>,
}

#[must_use]
pub fn one(frame: &Frame<'_>, view: &MessageView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Messages, ..frame.clone() };
    "互动交流".clone_into(&mut frame.meta.column_type);
    let date = |day: Option<NaiveDate>| day.map(|d| lang.date(d)).unwrap_or_default();
    let mut facts = vec![
        Fact::text(lang.t("受理编号", "Number"), &view.number),
        Fact::text(lang.t("留言日期", "Received"), &lang.date(view.received)),
        Fact::text(lang.t("受理日期", "Accepted"), &date(view.accepted)),
        Fact::text(lang.t("答复日期", "Answered"), &date(view.answered)),
        Fact::new(
            lang.t("答复部门", "Answered by"),
            html! { span lang=[lang.content()] { (view.department) } },
        ),
    ];
    if let Some((title, href)) = &view.page {
        let to = html! { a href=(href) lang=[lang.content()] { (title) } };
        facts.push(Fact::new(lang.t("留言页面", "Left under"), to));
    }
    if let Some(word) = &view.satisfaction {
        facts.push(Fact::text(lang.t("留言人评价", "The author says"), word));
    }
    let body = html! {
        (content_head(lang, &view.title, html! { span { (view.kind) } span lang=[lang.content()] { (view.name) } }))
        (article_tools(&frame, &view.department, frame.meta.pub_date))
        div.side-by-side {
            div.stack {
                section.card {
                    h2.card-title { (lang.t("留言", "The message")) }
                    div.own-words lang=[lang.content()] { (opinion_text(&view.text, lang)) }
                }
                section.card.result {
                    h2.card-title { (lang.t("答复", "The answer")) }
                    div lang=[lang.content()] { (paragraphs(&view.answer)) }
                }
            }
            aside { (card(lang.t("办理情况", "How it was handled"), definition_list(&facts))) }
        }
    };
    let trail = [
        Crumb::link(lang.t("留言板", "Message board"), path::MESSAGES),
        Crumb::here(lang.t("留言和答复", "Message and answer")),
    ];
    page(&frame, &view.title, &trail, body)
}
