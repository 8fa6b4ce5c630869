//! The clause reader: the draft as a well-set text; under each clause how many spoke on it, what they said,
//! and the way to speak.

use maud::{Markup, html};

use super::{ClauseLine, ClauseView, DraftPart, DraftView, LineKind, said::published_opinion};
use crate::{
    component::empty_state,
    icon::{Icon, icon},
    lang::Lang,
};

#[must_use]
pub fn reader(lang: Lang, draft: &DraftView) -> Markup {
    let headings = draft.parts.iter().filter(|p| matches!(p, DraftPart::Heading { .. })).count();
    html! {
        div.reader {
            @if draft.parts.is_empty() {
                (empty_state(lang.t("草案全文见下载文件", "The draft is in the files to download"), "", None))
            }
            @if headings >= 3 { (contents(lang, draft)) }
            @for part in &draft.parts {
                @match part {
                    DraftPart::Heading { anchor, level, text } => (heading(lang, anchor, *level, text)),
                    DraftPart::Title(text) => p.legal.draft-title lang=[lang.content()] { (text) },
                    DraftPart::Text(text) => div.legal lang=[lang.content()] { (around(text)) },
                    DraftPart::Table(text) => div.legal lang=[lang.content()] { (rows(text)) },
                    DraftPart::Clause(c) => (clause(lang, c)),
                }
            }
        }
    }
}

/// Long drafts need a way to jump; it is folded so that the text comes first.
fn contents(lang: Lang, draft: &DraftView) -> Markup {
    html! {
        details.contents {
            summary { (lang.t("目录", "Contents")) }
            ol lang=[lang.content()] {
                @for part in &draft.parts {
                    @if let DraftPart::Heading { anchor, level, text } = part {
                        li class={ "level-" (level) } { a href={ "#" (anchor) } { (text) } }
                    }
                }
            }
        }
    }
}

fn heading(lang: Lang, anchor: &str, level: u8, text: &str) -> Markup {
    html! {
        @if level <= 1 {
            h3.legal.chapter #(anchor) lang=[lang.content()] { (text) }
        } @else {
            h4.legal.chapter.chapter-low #(anchor) lang=[lang.content()] { (text) }
        }
    }
}

fn clause(lang: Lang, c: &ClauseView) -> Markup {
    html! {
        article.clause #(c.anchor) aria-label=(c.label) {
            div.legal lang=[lang.content()] { (lines(&c.label, &c.lines)) }
            div.clause-foot {
                @if !c.opinions.is_empty() {
                    details.clause-said {
                        summary { (icon(Icon::Chat)) (lang.t("意见 ", "Opinions ")) strong { (c.count) } }
                        div.said {
                            @for o in &c.opinions { (published_opinion(lang, o, false)) }
                            @if let Some(href) = &c.more { p { a href=(href) { (more_label(lang, c.count)) } } }
                        }
                    }
                } @else {
                    (count(lang, c))
                }
                @if let Some(href) = &c.speak {
                    a.clause-speak href=(href) {
                        (lang.t("对本条提意见", "Speak on this")) span.sr { "（" (c.label) "）" }
                    }
                }
            }
        }
    }
}

/// How many spoke on it; where the words themselves are further down, a link to them.
fn count(lang: Lang, c: &ClauseView) -> Markup {
    let words = html! { (icon(Icon::Chat)) (lang.t("意见 ", "Opinions ")) strong { (c.count) } };
    html! {
        @match &c.more {
            Some(href) => a.clause-count href=(href) { (words) span.sr { "（" (c.label) "）" } },
            None if c.speak.is_some() || c.count > 0 => span.clause-count { (words) },
            None => {},
        }
    }
}

fn more_label(lang: Lang, count: u64) -> String {
    match lang {
        Lang::Zh => format!("查看本条全部 {count} 条意见"),
        Lang::En => format!("All {count} opinions on this clause"),
    }
}

/// The label is set a little stronger, and stays part of the sentence as in print.
fn lines(label: &str, lines: &[ClauseLine]) -> Markup {
    html! {
        @for (i, line) in lines.iter().enumerate() {
            @if line.kind == LineKind::Table {
                (rows(&line.text))
            } @else {
                p class={ "line line-" (class(line.kind)) } {
                    @match (i, line.text.strip_prefix(label)) {
                        (0, Some(rest)) => { b.clause-label { (label) } (rest.trim_start()) },
                        _ => (line.text),
                    }
                }
            }
        }
    }
}

/// Text around the clauses, a paragraph a line.
fn around(text: &str) -> Markup {
    html! { @for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) { p.line { (line) } } }
}

/// A table as it came: rows with tabs between their cells, the first one being the heading.
fn rows(text: &str) -> Markup {
    html! {
        // Wide tables scroll inside themselves; the keyboard has to reach them.
        div.legal-rows tabindex="0" role="region" aria-label="表格" {
            table {
                @for (i, row) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
                    tr {
                        @for cell in row.split('\t').map(str::trim) {
                            @if i == 0 { th scope="col" { (cell) } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn class(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Paragraph => "paragraph",
        LineKind::Item => "item",
        LineKind::Subitem | LineKind::Table => "subitem",
    }
}

/// A clause quoted above the form or on a receipt.
#[must_use]
pub fn clause_quote(lang: Lang, label: &str, text: &[ClauseLine]) -> Markup {
    html! { blockquote.quote.legal lang=[lang.content()] { (lines(label, text)) } }
}
