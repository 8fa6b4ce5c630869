//! The opinions: filters, boxes to pick them, where each stands.

use maud::{Markup, html};

use super::{FIELD_NEW_TITLE, FIELD_PICK, FIELD_PLACE, PLACE_NEW, WorkItem, WorkView, kept};
use crate::{
    attachment::attached_files,
    component::{empty_state, pager},
    form::{Choice, Field, FormState, csrf, hidden, select, text_field},
    icon::Icon,
    label::{Tone, badge},
    lang::{Lang, iso},
    opinion::proposal,
};

pub(super) fn filters(lang: Lang, view: &WorkView) -> Markup {
    let any = |label: &str, rest: Vec<Choice>| {
        let mut all = vec![Choice::new("", label)];
        all.extend(rest);
        all
    };
    let state = FormState::default()
        .with("clause", view.clause.as_str())
        .with("topic", view.topic.as_str())
        .with("q", view.q.as_str());
    let topics = view.topics.iter().map(|t| Choice::new(t.id.as_str(), t.title.as_str())).collect();
    html! {
        form.filters method="get" action=(view.base) role="search" {
            (hidden("show", &view.show))
            (select(lang, &state, &Field::new("clause", lang.t("条款", "Clause")), &any(lang.t("全部条款", "All clauses"), view.clauses.clone())))
            (select(lang, &state, &Field::new("topic", lang.t("主题", "Topic")), &any(lang.t("全部主题", "All topics"), topics)))
            (text_field(lang, &state, &Field::new("q", lang.t("文字或编号", "Words or number")).kind("search").short()))
            button.button type="submit" { (lang.t("筛选", "Filter")) }
            @if !(view.clause.is_empty() && view.topic.is_empty() && view.q.is_empty()) {
                a.button href={ (view.base) "?show=" (view.show) } { (lang.t("清除", "Clear")) }
            }
        }
    }
}

pub(super) fn list(lang: Lang, view: &WorkView) -> Markup {
    html! {
        @if view.items.is_empty() {
            (nothing(lang, view))
        } @else {
            @if view.groupable() { (bulk(lang, view)) }
            div.work-list #f-opinions tabindex="-1" {
                @for item in &view.items { (one(lang, view, item)) }
            }
            (pager(lang, &view.pager))
        }
    }
}

fn nothing(lang: Lang, view: &WorkView) -> Markup {
    let (title, advice) = if view.stats.received == 0 {
        (
            lang.t("没有收到意见", "No opinions were received"),
            lang.t(
                "征求意见截止后，可以直接生成采纳情况（零意见也要公布）。",
                "After the end the summary can be generated at once; it is published even with none.",
            ),
        )
    } else {
        (
            lang.t("这里没有待处理的意见", "Nothing to do here"),
            lang.t("换一个筛选条件，或者查看全部意见。", "Change the filter, or look at all opinions."),
        )
    };
    let all = format!("{}?show=all", view.base);
    let action = (view.stats.received > 0).then(|| (lang.t("全部意见", "All opinions"), all.as_str().into()));
    let action = action.or_else(|| Some((lang.t("采纳情况", "The summary"), view.summary.clone())));
    empty_state(title, advice, action)
}

/// The boxes belong to this form by its id, so that a row may hold other controls.
fn bulk(lang: Lang, view: &WorkView) -> Markup {
    let mut places = vec![Choice::new(PLACE_NEW, lang.t("新主题…", "a new topic …"))];
    places.extend(view.topics.iter().map(|t| Choice::new(t.id.as_str(), t.title.as_str())));
    html! {
        form #bulk.filters.bulk method="post" action=(view.base) novalidate {
            (csrf(&view.csrf))
            (kept(view))
            span.bulk-lead { (lang.t("勾选的意见", "Picked opinions")) }
            (select(lang, &view.state, &Field::new(FIELD_PLACE, lang.t("归并到", "into")), &places))
            (text_field(lang, &view.state, &Field::new(FIELD_NEW_TITLE, lang.t("新主题名称", "Name of the new topic")).short()))
            button.button.primary type="submit" name="act" value="join" { (lang.t("归并", "Group")) }
            button.button type="submit" name="act" value="leave" { (lang.t("移出主题", "Take out")) }
        }
    }
}

fn one(lang: Lang, view: &WorkView, item: &WorkItem) -> Markup {
    let picked = view.state.has(FIELD_PICK, &item.number);
    html! {
        article class={ "work-item" @if item.off { " work-off" } } {
            @if view.groupable() && !item.off {
                input type="checkbox" form="bulk" name=(FIELD_PICK) value=(item.number) checked[picked]
                    aria-label={ (lang.t("选择意见 ", "pick opinion ")) (item.number) };
            } @else { span {} }
            div {
                p.work-facts {
                    span.mono { (item.number) }
                    span lang=[lang.content()] { (item.who) "（" (item.kind.word(lang)) "）" }
                    span { (item.channel.word(lang)) }
                    time datetime=(iso(item.on)) { (lang.day_month(item.on)) }
                    @if let Some(clause) = &item.clause { span lang=[lang.content()] { (clause) } }
                    @if !item.state.is_empty() { (badge(Tone::Plain, Icon::Dash, &item.state)) }
                }
                @match &item.proposal { Some(p) => (proposal(lang, p)), None => (words(lang, &item.text)) }
                (attached_files(lang, &item.files))
            }
            div.work-result {
                @if let Some((topic, href)) = &item.topic { a.work-topic href=(href) lang=[lang.content()] { (topic) } }
                @match item.outcome {
                    Some(outcome) => {
                        p {
                            (outcome.badge(lang))
                            span.small { (if item.own { lang.t("单独答复", "own answer") } else { lang.t("随主题", "by its topic") }) }
                        }
                        @if item.own && !item.reason.is_empty() { p.small.clamp lang=[lang.content()] { (item.reason) } }
                    },
                    None if !item.off => p.small.soft { (lang.t("未答复", "not answered")) },
                    None => {},
                }
                @if view.editable() && !item.off {
                    a href=(item.answer) { (if item.own { lang.t("修改答复", "Change answer") } else { lang.t("单独答复", "Answer alone") }) }
                }
            }
        }
    }
}

/// Long texts are folded; the whole is one click away without a script.
fn words(lang: Lang, text: &str) -> Markup {
    const SHORT: usize = 160;
    if text.chars().count() <= SHORT {
        return html! { p.work-text lang=[lang.content()] { (text) } };
    }
    let head: String = text.chars().take(SHORT).collect();
    html! {
        details.work-text lang=[lang.content()] {
            summary { (head) "… " span.more { (lang.t("展开", "more")) } }
            p { (text) }
        }
    }
}
