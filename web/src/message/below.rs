//! What stands under a published page that takes messages: how many are public, the latest, and the way to write
//! one.

use maud::{Markup, html};

use super::board::{MessageCard, card};
use crate::{lang::Lang, link::Href};

#[derive(Clone, Debug)]
pub struct BelowView {
    /// All that are public under this page.
    pub published: u64,
    /// The latest of them.
    pub items: Vec<MessageCard>,
    /// The whole list, where more are public than shown here.
    pub all: Option<Href>,
    /// The form; none where no more messages are taken.
    pub write: Option<Href>,
}

#[must_use]
pub fn below(lang: Lang, view: &BelowView) -> Markup {
    let count = match lang {
        Lang::Zh => format!("{} 条已公开", view.published),
        Lang::En => format!("{} published", view.published),
    };
    html! {
        section.section.no-print #messages {
            div.section-head {
                h2 { (lang.t("网民留言", "Messages")) }
                span.soft { (count) }
            }
            @if view.items.is_empty() {
                p.soft { (lang.t("还没有公开的留言。留言答复后，经留言人同意，隐去姓名公开在这里。", "None is public yet. Answered messages appear here where their authors agree, names masked.")) }
            } @else {
                ul.board { @for item in &view.items { li { (card(lang, item)) } } }
            }
            p.actions {
                @if let Some(href) = &view.write { a.button href=(href) { (lang.t("对本页内容留言", "Leave a message on this page")) } }
                @else { span.soft { (lang.t("本页不再接收留言。", "This page takes no more messages.")) } }
                @if let Some(href) = &view.all { a href=(href) { (lang.t("查看全部", "See all")) } }
            }
        }
    }
}
