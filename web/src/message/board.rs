//! The board: what was asked and answered, with the four things that must stand there (受理日期、答复日期、
//! 答复部门、答复内容; 国办发〔2017〕47号).

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{FIELD_DEPARTMENT, FIELD_KIND};
use crate::{
    component::{Pager, empty_state, page_head, pager},
    form::{Choice, Field, FormState, select},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct BoardView {
    pub items: Vec<MessageCard>,
    /// The fields of the filter as chosen.
    pub chosen: FormState,
    pub kinds: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub filtered: bool,
    /// Title and address of the page whose messages alone are listed.
    pub of_page: Option<(String, Href)>,
    pub pager: Pager,
    pub received: u64,
    pub answered: u64,
    pub in_time: u64,
}

#[derive(Clone, Debug)]
pub struct MessageCard {
    pub title: String,
    pub href: Href,
    pub kind: String,
    pub name: String,
    /// The beginning of the author's words and of the answer.
    pub text: String,
    pub answer: String,
    pub accepted: Option<NaiveDate>,
    pub answered: Option<NaiveDate>,
    pub department: String,
    /// Title of the page under which it was left.
    pub page: Option<String>,
}

#[must_use]
pub fn board(frame: &Frame<'_>, view: &BoardView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Messages, ..frame.clone() };
    "留言答复".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let title = lang.t("留言板", "Message board");
    let body = html! {
        (page_head(title, html! {
            p { (lang.t("咨询、建议、投诉、网站找错，都在这里提出；每条留言都登记、都答复。", "Questions, suggestions, complaints and errors of the site; every message is registered and answered.")) }
        }))
        p.actions {
            a.button.primary href=(path::MESSAGES_NEW) { (lang.t("我要留言", "Write a message")) }
            a.button href=(path::LOOKUP) { (lang.t("查询我的留言", "Look up mine")) }
            a.button href=(path::QA) { (lang.t("网络问政", "Online Q&A")) }
        }
        (tally(&frame, view))
        section.section #answered {
            div.section-head {
                h2 { (lang.t("公开的留言和答复", "Published messages and answers")) }
                a href=(path::MESSAGES_FIGURES) { (lang.t("办理统计", "Figures")) }
            }
            @if let Some((title, href)) = &view.of_page {
                p.filter-note {
                    (lang.t("只看这个页面下的留言：", "Only those under: ")) a href=(href) lang=[lang.content()] { (title) }
                    " · " a href={ (path::MESSAGES) "#answered" } { (lang.t("查看全部留言", "See all messages")) }
                }
            } @else { (filters(lang, view)) }
            (list(lang, view))
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

fn tally(frame: &Frame<'_>, view: &BoardView) -> Markup {
    let lang = frame.lang;
    html! {
        dl.tally.board-tally {
            div { dt { (lang.t("收到留言", "received")) } dd { (view.received) span { (lang.t(" 件", "")) } } }
            div { dt { (lang.t("已答复", "answered")) } dd { (view.answered) span { (lang.t(" 件", "")) } } }
            div { dt { (lang.t("其中按期答复", "of them in time")) } dd { (view.in_time) span { (lang.t(" 件", "")) } } }
        }
    }
}

fn filters(lang: Lang, view: &BoardView) -> Markup {
    html! {
        form.filters method="get" action={ (path::MESSAGES) "#answered" } {
            (select(lang, &view.chosen, &Field::new(FIELD_KIND, lang.t("类别", "Kind")), &view.kinds))
            @if view.departments.len() > 2 {
                (select(lang, &view.chosen, &Field::new(FIELD_DEPARTMENT, lang.t("答复部门", "Department")), &view.departments))
            }
            button.button type="submit" { (lang.t("筛选", "Filter")) }
        }
    }
}

fn list(lang: Lang, view: &BoardView) -> Markup {
    html! {
        @if view.items.is_empty() && view.filtered {
            (empty_state(
                lang.t("没有符合条件的留言", "No messages here"),
                lang.t("可以换一个类别或部门。", "Try another kind or department."),
                Some((lang.t("查看全部", "See all"), Href::from(path::MESSAGES))),
            ))
        } @else if view.items.is_empty() {
            (empty_state(
                lang.t("还没有公开的留言", "No messages are public yet"),
                lang.t("留言答复后，经留言人同意，隐去姓名公开在这里。", "Answered messages appear here where their authors agree, names masked."),
                Some((lang.t("我要留言", "Write a message"), Href::from(path::MESSAGES_NEW))),
            ))
        } @else {
            ul.board { @for item in &view.items { li { (card(lang, item)) } } }
            (pager(lang, &view.pager))
        }
    }
}

pub(super) fn card(lang: Lang, m: &MessageCard) -> Markup {
    html! {
        article.matter {
            p.matter-top {
                span { (m.kind) }
                span lang=[lang.content()] { (m.name) }
            }
            h3 lang=[lang.content()] { a href=(m.href) { (m.title) } }
            p lang=[lang.content()] { (m.text) }
            p lang=[lang.content()] { strong { "答：" } (m.answer) }
            p.matter-facts {
                @if let Some(day) = m.accepted { span { (lang.t("受理 ", "accepted ")) (lang.date(day)) } }
                @if let Some(day) = m.answered { span { (lang.t("答复 ", "answered ")) (lang.date(day)) } }
                span lang=[lang.content()] { (m.department) }
                @if let Some(page) = &m.page { span { (lang.t("留言于 ", "left under ")) span lang=[lang.content()] { (page) } } }
            }
        }
    }
}
