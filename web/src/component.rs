//! The pieces that pages are set from, designed once and used everywhere.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    icon::{Icon, icon},
    label::Tone,
    lang::{Lang, iso},
    layout::Frame,
    link::{Href, with_query},
};

mod diff;
mod document_head;
mod duty;
mod matter;
mod numbers;
mod plain;
mod slip;
mod square;
mod table;
mod timeline;

pub use diff::{Change, diff};
pub use document_head::{DocumentHead, document_head};
pub use duty::{DayKind, DayLine, DayUnit, DutyLine, duty, duty_days, duty_left};
pub use matter::{
    ConsultationCard, FileLink, SummaryRow, consultation_board, consultation_card, file_list, opinion_count,
    summary_table,
};
pub use numbers::{Part, PartTone, numbers};
pub use plain::plain;
pub use slip::{SlipHead, slip, what_next};
pub use square::{Square, square_code};
pub use table::{Column, Table, table};
pub use timeline::{TimelineStep, timeline};

/// The head of a page whose title is in the frame's language: set in Song, and below it what one must
/// know first.
#[must_use]
pub fn page_head(title: &str, below: Markup) -> Markup {
    html! {
        div.page-head {
            h1 { (title) }
            div.page-sub { (below) }
        }
    }
}

/// The head of a page whose title comes from the database and is therefore Chinese.
#[must_use]
pub fn content_head(lang: Lang, title: &str, below: Markup) -> Markup {
    html! {
        div.page-head {
            h1 lang=[lang.content()] { (title) }
            div.page-sub { (below) }
        }
    }
}

/// A sheet of paper with a title; an empty title leaves it out.
#[must_use]
pub fn card(title: &str, body: Markup) -> Markup {
    html! {
        section.card {
            @if !title.is_empty() { h2.card-title { (title) } }
            (body)
        }
    }
}

/// Something to know before going on. `Tone::Warn` is read out at once.
#[must_use]
pub fn alert(tone: Tone, title: &str, body: Markup) -> Markup {
    let mark = match tone {
        Tone::Good => Icon::Check,
        Tone::Warn => Icon::Bang,
        Tone::Info | Tone::Plain => Icon::Dot,
    };
    html! {
        div class={ "alert alert-" (tone.class()) } role=[(tone == Tone::Warn).then_some("alert")] {
            (icon(mark))
            div {
                @if !title.is_empty() { p.alert-title { (title) } }
                (body)
            }
        }
    }
}

/// Nothing here yet: what that means and what one can do.
#[must_use]
pub fn empty_state(title: &str, advice: &str, action: Option<(&str, Href)>) -> Markup {
    html! {
        div.empty {
            p.empty-title { (title) }
            @if !advice.is_empty() { p { (advice) } }
            @if let Some((label, href)) = action { p { a.button href=(href) { (label) } } }
        }
    }
}

/// A lookup code (查询码) under an element with the id `code-label`: groups of four; read out as one word.
#[must_use]
pub fn lookup_code(code: &str) -> Markup {
    html! {
        p.code-slip aria-labelledby="code-label" {
            @for (i, group) in code.split('-').enumerate() {
                @if i > 0 { span.code-dash { "-" } }
                span { (group) }
            }
        }
    }
}

/// A label with its value; the value may hold badges or links.
#[derive(Clone, Debug)]
pub struct Fact {
    pub label: String,
    pub value: Markup,
}

impl Fact {
    #[must_use]
    pub fn text(label: impl Into<String>, value: &str) -> Self {
        Self { label: label.into(), value: html! { (value) } }
    }

    #[must_use]
    pub fn new(label: impl Into<String>, value: Markup) -> Self {
        Self { label: label.into(), value }
    }
}

#[must_use]
pub fn definition_list(facts: &[Fact]) -> Markup {
    html! { dl.facts { @for f in facts { div { dt { (f.label) } dd { (f.value) } } } } }
}

/// A tab leads to an anchor or a page, so it works without a script and has an address.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: Href,
    pub count: Option<u64>,
    pub current: bool,
}

impl Tab {
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<Href>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, current: false }
    }

    #[must_use]
    pub fn count(mut self, n: u64) -> Self {
        self.count = Some(n);
        self
    }

    #[must_use]
    pub fn current_if(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

#[must_use]
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("true")] {
                            (tab.label)
                            @if let Some(n) = tab.count { " " span.tab-count { (n) } }
                        }
                    }
                }
            }
        }
    }
}

/// Numbered instructions.
#[must_use]
pub fn step_list(steps: &[Markup]) -> Markup {
    html! { ol.step-list { @for s in steps { li { (s) } } } }
}

/// A key of the keyboard and what it does, for the desks.
#[must_use]
pub fn key_hint(key: &str, does: &str) -> Markup {
    html! { span.key-hint { kbd { (key) } " " (does) } }
}

/// `还剩 10 天，截止 …`. `days` is the number of days left; the last day is 0.
#[must_use]
pub fn countdown(lang: Lang, days: i64, until: NaiveDate) -> Markup {
    html! {
        p class={ "countdown" @if (0..=3).contains(&days) { " countdown-soon" } } {
            (days_left(lang, days))
            span.countdown-until { (lang.t("截止 ", "until ")) time datetime=(iso(until)) { (lang.deadline(until)) } }
        }
    }
}

/// The number of days left, big; words for the last day and for what is over.
#[must_use]
pub fn days_left(lang: Lang, days: i64) -> Markup {
    html! {
        @if days < 0 {
            span.days-left { (lang.t("已截止", "Closed")) }
        } @else if days == 0 {
            span.days-left { (icon(Icon::Clock)) (lang.t("今天截止", "Closes today")) }
        } @else if lang == Lang::Zh {
            span.days-left { "还剩 " strong { (days) } " 天" }
        } @else {
            span.days-left { strong { (days) } (if days == 1 { " day left" } else { " days left" }) }
        }
    }
}

/// Links to the neighbouring pages of a cursor-paged list.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub previous: Option<Href>,
    pub next: Option<Href>,
    /// For example `第 21–40 条，共 47 条`.
    pub note: String,
}

#[must_use]
pub fn pager(lang: Lang, pager: &Pager) -> Markup {
    html! {
        @if pager.previous.is_some() || pager.next.is_some() || !pager.note.is_empty() {
            nav.pager aria-label=(lang.t("分页", "Pages")) {
                @if let Some(href) = &pager.previous { a.button rel="prev" href=(href) { (lang.t("上一页", "Previous")) } }
                span.pager-note { (pager.note) }
                @if let Some(href) = &pager.next { a.button rel="next" href=(href) { (lang.t("下一页", "Next")) } }
            }
        }
    }
}

/// Source, time of publishing and the tools that people know from government pages. The buttons need the
/// script and stay hidden without it; large type works as a link.
#[must_use]
pub fn article_tools(frame: &Frame<'_>, source: &str, published: Option<chrono::NaiveDateTime>) -> Markup {
    let lang = frame.lang;
    html! {
        div.tools {
            p.tools-source {
                @if !source.is_empty() { span { (lang.t("信息来源：", "Source: ")) span lang=[lang.content()] { (source) } } }
                @if let Some(at) = published { span { (lang.t("发布日期：", "Published: ")) (crate::lang::stamp(at)) } }
            }
            p.tools-acts {
                (type_size(frame))
                button.link type="button" hidden data-act="print" { (lang.t("打印", "Print")) }
                button.link type="button" hidden data-act="share" data-done=(lang.t("链接已复制", "Link copied")) { (lang.t("分享", "Share")) }
                button.link type="button" hidden data-act="close" { (lang.t("关闭", "Close")) }
            }
        }
    }
}

/// 字体【大 中 小】 for this page; the larger type that stays is the mode, a link that needs no script.
fn type_size(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let sizes = [("l", lang.t("大", "L")), ("m", lang.t("中", "M")), ("s", lang.t("小", "S"))];
    html! {
        span.type-size role="group" aria-label=(lang.t("字体大小", "Type size")) {
            (lang.t("字体：", "Type: "))
            @if frame.large {
                a href=(with_query(frame.path, "mode", "normal")) { (lang.t("标准模式", "standard")) }
            } @else {
                @for (size, label) in sizes {
                    button.link type="button" hidden data-act="type" data-type=(size) aria-pressed=(size == "m") { (label) }
                }
                a href=(with_query(frame.path, "mode", "large")) { (lang.t("长者模式", "large type")) }
            }
        }
    }
}

/// A stamp on paper: 按期公布, 已登记. Shape, frame and word; vermilion only for what is sealed or late.
#[must_use]
pub fn stamp(tone: Tone, word: &str) -> Markup {
    html! { span class={ "stamp stamp-" (tone.class()) } { (word) } }
}

/// Text with its line breaks kept, one paragraph a line.
#[must_use]
pub fn paragraphs(text: &str) -> Markup {
    html! { @for line in text.lines().filter(|l| !l.trim().is_empty()) { p { (line) } } }
}
