//! What surrounds a summary: its corrections and former versions, that it is still to come, that it was
//! taken back.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{DutyLine, alert, card, content_head, duty, empty_state, paragraphs, stamp},
    label::{PublicationState, Tone},
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct Correction {
    pub version: i32,
    pub on: NaiveDate,
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct VersionLink {
    pub version: i32,
    pub on: NaiveDate,
    pub href: Href,
    pub current: bool,
}

/// A consultation whose summary is not public yet.
#[derive(Clone, Debug)]
pub struct WaitingView {
    pub title: String,
    pub consultation: Href,
    pub decision: Href,
    pub state: PublicationState,
    pub duty: Option<DutyLine>,
}

/// A summary that was taken from the public.
#[derive(Clone, Debug)]
pub struct WithdrawnView {
    pub title: String,
    pub consultation: Href,
    pub on: NaiveDate,
    pub reason: String,
    pub duty: Option<DutyLine>,
}

/// A former version, word for word.
#[derive(Clone, Debug)]
pub struct OldView {
    pub title: String,
    pub version: i32,
    pub on: NaiveDate,
    pub body: String,
    pub now: Href,
    pub hash: String,
}

pub(super) fn corrections(lang: Lang, corrections: &[Correction]) -> Markup {
    html! {
        @for c in corrections {
            @let title = match lang {
                Lang::Zh => format!("{}更正（第 {} 版）", lang.date(c.on), c.version),
                Lang::En => format!("Corrected on {} (version {})", lang.date(c.on), c.version),
            };
            (alert(Tone::Info, &title, html! { div lang=[lang.content()] { (paragraphs(&c.reason)) } }))
        }
    }
}

pub(super) fn versions(lang: Lang, versions: &[VersionLink], hash: &str) -> Markup {
    html! {
        @if !hash.is_empty() {
            section.section.no-print {
                @if versions.len() > 1 {
                    h2 { (lang.t("历次版本", "Versions")) }
                    ul.files {
                        @for v in versions {
                            li {
                                a href=(v.href) {
                                    @match lang { Lang::Zh => { "第 " (v.version) " 版" }, Lang::En => { "Version " (v.version) } }
                                }
                                time.small datetime=(iso(v.on)) { (lang.date(v.on)) }
                                @if v.current { span.small { (lang.t("现行", "in force")) } }
                            }
                        }
                    }
                }
                p.small.soft.hash { (lang.t("内容校验值 SHA-256：", "SHA-256 of the text: ")) code { (hash) } }
            }
        }
    }
}

fn trail(lang: Lang) -> [Crumb; 2] {
    [
        Crumb::link(lang.t("采纳情况", "What became of it"), path::SUMMARIES),
        Crumb::here(lang.t("正文", "This summary")),
    ]
}

/// Still to come: by when, and how that day was counted.
#[must_use]
pub fn waiting(frame: &Frame<'_>, view: &WaitingView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Summaries, ..frame.clone() };
    let advice = match view.state {
        PublicationState::Overdue => lang.t(
            "已超过公布期限。提交过意见的人可以凭查询码查看办理进程。",
            "The deadline has passed. With a lookup code everybody can see how far the own opinion has come.",
        ),
        _ => lang.t(
            "决策出台后 10 个工作日内在此公布。提交过意见的人可以凭查询码查看办理进程。",
            "Published here within ten working days of the decision. With a lookup code everybody can see how far the own opinion has come.",
        ),
    };
    let body = html! {
        div.stamped {
            (content_head(lang, &view.title, html! {
                a href=(view.decision) { (lang.t("决策全过程", "The decision's dossier")) }
                a href=(view.consultation) { (lang.t("征集页面", "The consultation")) }
            }))
            (stamp(view.state.tone(), view.state.word(lang)))
        }
        (empty_state(
            lang.t("意见采纳情况尚未公布", "Not published yet"),
            advice,
            Some((lang.t("查询我的意见", "Look up my opinion"), Href::from(path::LOOKUP))),
        ))
        @if let Some(line) = &view.duty { (card(lang.t("公布期限", "The deadline"), duty(lang, line))) }
    };
    page(&frame, &view.title, &trail(lang), body)
}

/// A tombstone: that it was there, since when it is not, and why.
#[must_use]
pub fn withdrawn(frame: &Frame<'_>, view: &WithdrawnView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Summaries, no_index: true, ..frame.clone() };
    let when = match lang {
        Lang::Zh => format!("本页内容已于{}撤下", lang.date(view.on)),
        Lang::En => format!("Taken from this page on {}", lang.date(view.on)),
    };
    let body = html! {
        (content_head(lang, &view.title, html! { a href=(view.consultation) { (lang.t("征集页面", "The consultation")) } }))
        (alert(Tone::Warn, &when, html! {
            div lang=[lang.content()] { (paragraphs(&view.reason)) }
            p { (lang.t("核对后将重新公布。", "It will be published again after it was checked.")) }
        }))
        @if let Some(line) = &view.duty { (card(lang.t("公布期限", "The deadline"), duty(lang, line))) }
    };
    page(&frame, &view.title, &trail(lang), body)
}

#[must_use]
pub fn old_version(frame: &Frame<'_>, view: &OldView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Summaries, no_index: true, ..frame.clone() };
    let title = match lang {
        Lang::Zh => format!("这是第 {} 版（{}公布），已被更新的版本代替", view.version, lang.date(view.on)),
        Lang::En => {
            format!("This is version {} of {}; a newer one replaced it", view.version, lang.date(view.on))
        }
    };
    let body = html! {
        (content_head(lang, &view.title, html! { a href=(view.now) { (lang.t("现行版本", "The version in force")) } }))
        (alert(Tone::Info, &title, html! { p { a href=(view.now) { (lang.t("查看现行版本", "Read the version in force")) } } }))
        (card("", html! { div.prose lang=[lang.content()] { (paragraphs(&view.body)) } }))
        p.small.soft.hash { (lang.t("内容校验值 SHA-256：", "SHA-256 of the text: ")) code { (view.hash) } }
    };
    page(&frame, &view.title, &trail(lang), body)
}
