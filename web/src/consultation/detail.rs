//! The page of one consultation.

use maud::{Markup, html};

use super::{
    ConsultationView, Correction,
    aside::{channels, side},
    reader::reader,
    said::published_opinions,
};
use crate::{
    component::{
        Tab, alert, article_tools, content_head, days_left, document_head, file_list, paragraphs, plain, tabs,
    },
    label::{ConsultationState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    path, questionnaire,
};

#[must_use]
pub fn consultation(frame: &Frame<'_>, view: &ConsultationView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Consultations, no_index: view.preview, ..frame.clone() };
    let title = view.title.clone();
    frame.meta.article_title.clone_from(&title);
    frame.meta.content_source.clone_from(&view.source);
    frame.meta.pub_date.get_or_insert(view.published);
    frame.meta.description = description(view);
    "意见征集".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let body = html! {
        (content_head(lang, &title, html! {
            (view.state.badge(lang))
            span { (lang.t("征集部门：", "Department: ")) span lang=[lang.content()] { (view.department) } }
            span { (lang.period(view.opens, view.closes)) }
        }))
        (article_tools(&frame, &view.source, Some(view.published)))
        (changes(lang, view))
        @if !view.plain.is_empty() { (in_plain_words(lang, view)) }
        (tab_bar(lang, view))
        div.side-by-side.reading {
            div.stack { (sections(lang, view)) }
            aside { (side(lang, view)) }
        }
        (sticky(lang, view))
    };
    let trail = [
        Crumb::link(lang.t("重大行政决策", "Decisions"), path::DECISIONS),
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb::here(lang.t("征集正文", "This consultation")),
    ];
    page(&frame, &title, &trail, body)
}

/// What a messenger shows under a shared link.
fn description(view: &ConsultationView) -> String {
    let words = if view.plain.is_empty() { &view.notice } else { &view.plain };
    let first: String = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(90).collect();
    format!("{}，截止 {}。{first}", view.department, Lang::Zh.date(view.closes))
}

/// What it means, above the legal text. What is decided on is the draft, which is said.
fn in_plain_words(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        section.card.plain-words aria-labelledby="plain-title" {
            h2.card-title #plain-title { (lang.t("一看就懂：这份草案说了什么", "In plain words")) }
            div.prose lang=[lang.content()] { (plain(&view.plain)) }
            p.small { (lang.t("通俗解读便于了解，以草案条文为准。", "This helps to understand; the draft itself is what counts.")) }
        }
    }
}

/// Everything that was changed since the opening, told before the text.
fn changes(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        @if view.preview {
            (alert(Tone::Info, lang.t("预览：尚未发布，公众看不到本页", "Preview: not published, nobody outside sees this page"), html! {}))
        }
        @if let Some(reason) = &view.withdrawn_reason {
            (alert(Tone::Warn, lang.t("本次征集已撤回", "This consultation was withdrawn"), html! { p lang=[lang.content()] { (reason) } }))
        }
        @if let Some(from) = &view.imported {
            (alert(Tone::Info, lang.t("本征求意见由其他网站公布", "Another site published this consultation"), html! {
                p {
                    (lang.t("本征求意见由", "It was published by ")) span lang=[lang.content()] { (from.site) }
                    (lang.t("公布，", " and taken over here on ")) (lang.date(from.on))
                    (lang.t("转载于本站；日期、意见和编号以原网站为准。", "; dates, opinions and numbers are those of the original. "))
                    a href=(from.href) rel="external noopener" { (lang.t("查看原网页", "See the original page")) }
                }
            }))
        }
        @if let Some(href) = &view.summary {
            (alert(Tone::Good, lang.t("采纳情况已公布", "The answer is published"), html! {
                p { a href=(href) { (lang.t("查看意见收集和采纳情况", "See what was received and adopted")) } }
            }))
        }
        @if let Some(reason) = &view.shortened_reason {
            (alert(Tone::Info, lang.t("本次征集期少于 30 日，原因如下", "Shorter than 30 days, because"), html! { p lang=[lang.content()] { (reason) } }))
        }
        @for e in &view.extensions {
            (alert(Tone::Info, lang.t("征集期已延长", "The period was extended"), html! {
                p {
                    (lang.date(e.announced)) (lang.t(" 公告：截止时间由 ", ": the end moved from ")) (lang.date(e.from))
                    (lang.t(" 延至 ", " to ")) strong { (lang.deadline(e.to)) } (lang.t("。", ". ")) span lang=[lang.content()] { (e.reason) }
                }
            }))
        }
        @for c in &view.corrections { (correction(lang, c)) }
    }
}

fn correction(lang: Lang, c: &Correction) -> Markup {
    let title = match lang {
        Lang::Zh => format!("{}更正：第 {} 版（{}）", c.kind, c.version, lang.date(c.on)),
        Lang::En => format!("{} corrected: version {} ({})", c.kind, c.version, lang.date(c.on)),
    };
    alert(
        Tone::Info,
        &title,
        html! {
            p lang=[lang.content()] { (c.notice) @if let Some(href) = &c.compare { " " a href=(href) { (lang.t("查看改动", "see the changes")) } } }
        },
    )
}

fn tab_bar(lang: Lang, view: &ConsultationView) -> Markup {
    let mut all = vec![
        Tab::new(lang.t("征集公告", "Notice"), "#notice"),
        Tab::new(lang.t("草案内容", "Draft"), "#draft"),
        Tab::new(lang.t("起草说明", "Explanation"), "#explanation"),
        Tab::new(lang.t("决策依据", "Basis"), "#basis"),
        Tab::new(lang.t("已公开意见", "Opinions"), "#opinions").count(view.received.published),
        Tab::new(lang.t("如何提意见", "How to speak"), "#channels"),
    ];
    if view.questionnaire.is_some() {
        all.insert(1, Tab::new(lang.t("问卷调查", "Questionnaire"), "#questionnaire"));
    }
    tabs(lang.t("征集内容", "Contents"), &all)
}

fn sections(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        section.card #notice {
            h2.card-title { (lang.t("征集公告", "Notice")) }
            div.prose lang=[lang.content()] { (paragraphs(&view.notice)) }
        }
        @if let Some(q) = &view.questionnaire { (questionnaire::card(lang, q)) }
        section #draft {
            h2.sr { (lang.t("草案内容", "Draft")) }
            (reader(lang, &view.draft))
        }
        section.card #explanation {
            h2.card-title { (lang.t("起草说明", "Explanation")) }
            @if view.explanation.is_empty() && view.explanation_files.is_empty() {
                p.soft { (lang.t("起草说明见征集公告。", "See the notice.")) }
            }
            div.prose lang=[lang.content()] { (paragraphs(&view.explanation)) }
            (file_list(lang, &view.explanation_files))
        }
        section.card #basis {
            h2.card-title { (lang.t("决策依据", "Basis")) }
            (basis(lang, view))
        }
        section.card #opinions {
            h2.card-title { (lang.t("已公开意见", "Published opinions")) " " span.tab-count { (view.received.published) } }
            (published_opinions(lang, view))
        }
        section.card #channels {
            h2.card-title { (lang.t("如何提意见", "How to speak")) }
            (channels(lang, view))
        }
        (document_head(lang, &view.head))
    }
}

fn basis(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        @if view.basis.is_empty() && view.basis_files.is_empty() {
            p.soft { (lang.t("未列明单独的依据文件。", "No separate basis is named.")) }
        }
        div.prose lang=[lang.content()] { (paragraphs(&view.basis)) }
        (file_list(lang, &view.basis_files))
    }
}

/// On a phone the action is always under the thumb.
fn sticky(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        @if let Some(href) = &view.speak {
            div class={ "sticky-act" @if view.state == ConsultationState::ClosingSoon { " countdown-soon" } } {
                (days_left(lang, view.days_left))
                a.button.primary href=(href) { (lang.t("我要提意见", "Give your opinion")) }
            }
        }
    }
}
