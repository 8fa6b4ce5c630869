//! The table of topics: who said it, what was said, what became of it and why.

use maud::{Markup, html};

use super::{TopicRow, topic_table};
use crate::{
    component::empty_state,
    icon::Icon,
    label::{Outcome, Tone, badge},
    lang::Lang,
    opinion::proposal,
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
            @if let Some(title) = &t.title { p lang=[lang.content()] { strong { (title) } } }
            @match &t.proposal {
                Some(p) => (proposal(lang, p)),
                None => div.said-words lang=[lang.content()] { (t.text) },
            }
            @if let Some(people) = t.concentrated {
                p {
                    (badge(Tone::Plain, Icon::Chat, lang.t("较为集中的意见", "Raised by many"))) " "
                    span.small { (lang.counted(i64::try_from(people).unwrap_or(i64::MAX), "人", "person", "people")) }
                }
            }
        },
        html! {
            @match t.outcome {
                Some(outcome) => (outcome.badge(lang)),
                None => (badge(Tone::Warn, Icon::Bang, lang.t("未答复", "Not answered"))),
            }
            div.topic-reason lang=[lang.content()] { (t.reason) }
            @if let (Some((label, href)), true) = (&t.final_clause, t.outcome != Some(Outcome::NotAdopted)) {
                p.small lang=[lang.content()] {
                    "见正式文本"
                    @match href { Some(href) => a href=(href) { (label) }, None => (label) }
                }
            }
        },
    ]
}
