//! The table of topics: who said it, what was said, what became of it and why.

use maud::{Markup, html};

use super::{TopicRow, topic_table};
use crate::{
    component::empty_state,
    icon::Icon,
    label::{Outcome, Tone, badge},
    lang::Lang,
};

pub(super) fn topics(lang: Lang, topics: &[TopicRow], total: u64) -> Markup {
    html! {
        @if topics.is_empty() {
            @if total == 0 {
                (empty_state(
                    lang.t("没有收到意见建议，汇总表为空", "No opinions were received; the table is empty"),
                    lang.t("征集的方式、时间和参与途径见第一部分。", "How and when opinions were asked for is told in part one."),
                    None,
                ))
            }
        } @else {
            div.card.topics { (topic_table(lang, topics.iter().map(|t| row(lang, t)).collect())) }
        }
    }
}

fn row(lang: Lang, t: &TopicRow) -> Vec<Markup> {
    vec![
        html! { (t.number) },
        html! {
            span lang=[lang.content()] { (t.source) }
            p.small { (lang.counted(i64::try_from(t.count).unwrap_or(i64::MAX), "条", "opinion", "opinions")) }
        },
        html! {
            div lang=[lang.content()] { (t.text) }
            @if t.concentrated { p { (badge(Tone::Plain, Icon::Chat, lang.t("较为集中的意见", "Raised by many"))) } }
        },
        html! {
            (t.outcome.badge(lang))
            div.topic-reason lang=[lang.content()] { (t.reason) }
            @if let (Some((label, href)), true) = (&t.final_clause, t.outcome != Outcome::NotAdopted) {
                p.small lang=[lang.content()] { "见正式文本" a href=(href) { (label) } }
            }
        },
    ]
}
