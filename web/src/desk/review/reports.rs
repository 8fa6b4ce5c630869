//! Readers' reports of published opinions: the list, and the decision on one opinion.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::decide::{Reasons, reason_fields};
use super::{Due, FIELD_ACTION, FIELD_PUBLIC_TEXT, FIELD_REVISION, Piece, Side, due, pieces};
use crate::{
    component::{card, empty_state, page_head},
    form::{Field, FormState, csrf, error_summary, hidden, submit, textarea},
    label::OpinionState,
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct ReportsView {
    pub side: Side,
    pub items: Vec<ReportItem>,
}

#[derive(Clone, Debug)]
pub struct ReportItem {
    pub number: String,
    pub href: Href,
    pub state: OpinionState,
    pub due: Option<Due>,
    /// How many reported it.
    pub reports: usize,
    /// What they say, each once.
    pub reasons: Vec<String>,
    /// The beginning of the public text.
    pub words: String,
    pub consultation: String,
}

#[must_use]
pub fn reports(frame: &Frame<'_>, view: &ReportsView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("举报处理", "Reports");
    let body = html! {
        (page_head(title, html! {
            span { (match lang {
                Lang::Zh => format!("{} 条意见被举报，最早的在前", view.items.len()),
                Lang::En => format!("{} opinions reported, oldest first", view.items.len()),
            }) }
        }))
        @if view.items.is_empty() {
            (empty_state(lang.t("没有待处理的举报", "No report waits"), lang.t("读者举报公开的意见后会出现在这里。", "Reports of published opinions appear here."), None))
        } @else {
            ol.queue { @for item in &view.items { (row(lang, item)) } }
        }
    };
    desk(frame, title, &view.side, body)
}

fn row(lang: Lang, item: &ReportItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (item.number) }
                (item.state.badge(lang))
                @if let Some(d) = &item.due { (due(lang, d)) }
                span.flag { (match lang { Lang::Zh => format!("{} 次举报", item.reports), Lang::En => format!("reports: {}", item.reports) }) }
                @for reason in &item.reasons { span.flag.flag-warn { (reason) } }
            }
            p.item-words lang=[lang.content()] { (item.words) }
            p.item-facts lang=[lang.content()] { span { (item.consultation) } }
        }
    }
}

#[derive(Clone, Debug)]
pub struct ReportedView {
    pub side: Side,
    pub number: String,
    pub state: OpinionState,
    pub consultation: String,
    /// Everything decided on it before.
    pub case: Href,
    pub due: Option<Due>,
    /// The author's words, with what a machine noticed.
    pub words: Vec<Piece>,
    /// What everybody reads, where it differs.
    pub public_text: Option<String>,
    pub reports: Vec<ReportLine>,
    /// Why this moderator may not decide.
    pub barred: Option<String>,
    pub action: Href,
    pub csrf: String,
    pub revision: i32,
    /// The text with personal data already replaced.
    pub suggested: String,
    pub withhold: Reasons,
    pub form: FormState,
}

#[derive(Clone, Debug)]
pub struct ReportLine {
    pub reason: String,
    pub note: String,
    pub at: NaiveDateTime,
}

#[must_use]
pub fn reported(frame: &Frame<'_>, view: &ReportedView) -> Markup {
    let lang = frame.lang;
    let title = match lang {
        Lang::Zh => format!("处理举报 {}", view.number),
        Lang::En => format!("Reports of {}", view.number),
    };
    let body = html! {
        p.back { a href="/desk/reports" { (lang.t("← 举报处理", "← Reports")) } }
        (page_head(&title, html! {
            (view.state.badge(lang))
            @if let Some(d) = &view.due { (due(lang, d)) }
            a href=(view.case) { (lang.t("审核经过", "Its reviews")) }
        }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                (card(lang.t("意见", "The opinion"), html! {
                    p.small lang=[lang.content()] { (view.consultation) }
                    div.own-words lang=[lang.content()] { p { (pieces(&view.words)) } }
                    @if let Some(text) = &view.public_text {
                        h3.block-title { (lang.t("公开的文字", "What everybody reads")) }
                        div.own-words lang=[lang.content()] { p { (text) } }
                    }
                }))
                (card(lang.t("举报", "Reports"), html! {
                    ul.plain-list { @for r in &view.reports {
                        li {
                            p.item-top { strong { (r.reason) } span.soft { (lang.date_time(r.at)) } }
                            @if !r.note.is_empty() { p lang=[lang.content()] { (r.note) } }
                        }
                    } }
                }))
            }
            div.stack { (decide(lang, view)) }
        }
    };
    desk(frame, &view.form.title(lang, &title), &view.side, body)
}

fn decide(lang: Lang, view: &ReportedView) -> Markup {
    if let Some(why) = &view.barred {
        return html! { section.card { p.barred { (why) } } };
    }
    let head = |action: &str| {
        html! { (csrf(&view.csrf)) (hidden(FIELD_REVISION, &view.revision.to_string())) (hidden(FIELD_ACTION, action)) }
    };
    let text = Field::new(FIELD_PUBLIC_TEXT, lang.t("公开的文字", "What everybody will read"))
        .required()
        .rows(6)
        .hint(lang.t(
            "把要隐去的文字换成【已隐去】，其余一字不改；原文保留。",
            "Put 【已隐去】 in place of what is removed; change nothing else. The original is kept.",
        ));
    let filled = if view.form.value(FIELD_PUBLIC_TEXT).is_empty() {
        FormState { errors: view.form.errors.clone(), ..FormState::default() }
            .with(FIELD_PUBLIC_TEXT, view.suggested.as_str())
    } else {
        view.form.clone()
    };
    let touched = |field: &str| view.form.error(field).is_some() || !view.form.value(field).is_empty();
    html! {
        div.decide {
            form.act method="post" action=(view.action) {
                (head("keep"))
                button.button.primary type="submit" data-once { (lang.t("维持公开", "Keep it as it is")) }
            }
            details.act open[touched(FIELD_PUBLIC_TEXT)] {
                summary { (lang.t("隐去后公开", "Remove something")) }
                form method="post" action=(view.action) novalidate {
                    (head("publish_redacted"))
                    (textarea(lang, &filled, &text))
                    div.actions { (submit(lang.t("隐去后公开", "Publish this text"))) }
                }
            }
            details.act open[touched("withhold_code") || touched("withhold_text")] {
                summary { (lang.t("不再公开（仍计入办理）", "Show it no longer (still counted)")) }
                form method="post" action=(view.action) novalidate {
                    (head("withhold"))
                    (reason_fields(lang, &view.form, "withhold_code", "withhold_text", lang.t("告知作者的补充说明", "A note to the author"), &view.withhold))
                    div.actions { button.button type="submit" data-once { (lang.t("不再公开", "Withhold")) } }
                }
            }
        }
    }
}
