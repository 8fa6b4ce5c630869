//! Beside the work: the topics with how they are answered, groups worth a topic, the numbers.

use maud::{Markup, html};

use super::{FIELD_NEW_TITLE, FIELD_PLACE, PLACE_NEW, Panel, Stats, TopicLine, WorkView, kept, panel};
use crate::{
    component::{Part, PartTone, card, numbers},
    form::{Choice, csrf, hidden, submit},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
};

pub(super) fn topics(lang: Lang, view: &WorkView) -> Markup {
    let body = html! {
        @if view.topics.is_empty() {
            p.soft { (lang.t("还没有主题。勾选意见归并，或者从下面的建议开始。", "No topics yet. Pick opinions, or start with a suggestion.")) }
        }
        ol.topic-lines { @for t in &view.topics { (line(lang, view, t)) } }
        @if view.groupable() && !matches!(view.panel, Some(Panel::Edit(_))) {
            details.new-topic open[view.state.has("form", "topic")] {
                summary { (lang.t("新建主题", "New topic")) }
                form method="post" action=(view.topics_base) novalidate {
                    (csrf(&view.csrf))
                    (kept(view))
                    (panel::fields(lang, view))
                    div.actions { (submit(lang.t("建立", "Add"))) }
                }
            }
        }
    };
    card(lang.t("主题", "Topics"), body)
}

fn line(lang: Lang, view: &WorkView, t: &TopicLine) -> Markup {
    let count = match lang {
        Lang::Zh => format!("{} 条 · {} 人", t.opinions, t.people),
        Lang::En => format!("{} opinions, {} people", t.opinions, t.people),
    };
    html! {
        li.item aria-current=[t.current.then_some("true")] {
            p { a href=(t.show) lang=[lang.content()] { (t.title) } }
            p.topic-line-facts {
                span.small { (count) }
                @if t.concentrated { (badge(Tone::Info, Icon::Chat, lang.t("较为集中", "by many"))) }
                @match t.outcome {
                    Some(outcome) => (outcome.badge(lang)),
                    None => span.small.soft { (lang.t("未答复", "not answered")) },
                }
                @if t.lacking { (badge(Tone::Warn, Icon::Bang, lang.t("须说明原因", "needs a reason"))) }
            }
            @if view.editable() {
                p.topic-line-acts {
                    a href=(t.answer) { (if t.outcome.is_some() { lang.t("修改答复", "Change answer") } else { lang.t("答复", "Answer") }) }
                    a href=(t.edit) { (lang.t("编辑", "Edit")) }
                }
            }
        }
    }
}

pub(super) fn suggestions(lang: Lang, view: &WorkView) -> Markup {
    html! {
        @if view.groupable() && !view.suggestions.is_empty() {
            (card(lang.t("归并建议", "Suggestions"), html! {
                ul.topic-lines { @for (i, _) in view.suggestions.iter().enumerate() { (suggestion(lang, view, i)) } }
            }))
        }
    }
}

fn suggestion(lang: Lang, view: &WorkView, i: usize) -> Markup {
    let Some(s) = view.suggestions.get(i) else { return html! {} };
    let why = if s.kind == "text" {
        lang.t("文字相同", "same words")
    } else {
        lang.t("针对同一条款", "same clause")
    };
    let mut places = vec![Choice::new(PLACE_NEW, lang.t("新主题", "a new topic"))];
    places.extend(view.topics.iter().map(|t| Choice::new(t.id.as_str(), t.title.as_str())));
    html! {
        li {
            p lang=[lang.content()] { (s.label) }
            p.topic-line-facts { span.small { (why) " · " (lang.counted(i64::try_from(s.opinions).unwrap_or(i64::MAX), "条", "opinion", "opinions")) } }
            form.inline-form method="post" action={ (view.base) "/gather" } {
                (csrf(&view.csrf))
                (kept(view))
                (hidden("group", s.kind))
                (hidden("value", &s.value))
                (hidden(FIELD_NEW_TITLE, &s.title))
                @if view.topics.is_empty() {
                    (hidden(FIELD_PLACE, PLACE_NEW))
                } @else {
                    label.sr for={ "suggest-" (i) } { (lang.t("归并到", "into")) }
                    select id={ "suggest-" (i) } name=(FIELD_PLACE) { @for c in &places { option value=(c.value) { (c.label) } } }
                }
                button.button type="submit" { (lang.t("整组归并", "Group all")) }
            }
        }
    }
}

pub(super) fn stats(lang: Lang, s: &Stats) -> Markup {
    const TONES: [PartTone; 4] = [PartTone::Strong, PartTone::Middle, PartTone::Light, PartTone::Pale];
    let mut parts: Vec<Part> =
        s.by_outcome.iter().zip(TONES).map(|((o, n), tone)| Part::new(o.word(lang), *n, tone)).collect();
    parts.push(Part::new(lang.t("未答复", "Not answered"), s.unanswered, PartTone::Warn));
    let channels: Vec<String> = s.by_channel.iter().map(|(c, n)| format!("{} {n}", c.word(lang))).collect();
    let received = match lang {
        Lang::Zh => format!(
            "收到 {} 条 · {} 人；不予受理 {} 条、作者撤回 {} 条不计入办理",
            s.received, s.people, s.rejected, s.withdrawn
        ),
        Lang::En => format!(
            "{} received from {} people; {} rejected and {} withdrawn are not counted",
            s.received, s.people, s.rejected, s.withdrawn
        ),
    };
    card(
        lang.t("统计", "Numbers"),
        html! {
            p.small { (received) }
            (numbers(lang.t("处理结果", "Outcomes"), lang.t("计入办理", "Counted"), &parts))
            @if !channels.is_empty() { p.small { (channels.join(" · ")) } }
        },
    )
}
