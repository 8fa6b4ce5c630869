//! Published opinions: the words first, then who, when and what became of them.

use maud::{Markup, html};

use super::{ConsultationView, OpinionOrder, PublishedOpinion, Span};
use crate::{
    attachment::attached_files,
    component::{empty_state, file_list, pager},
    label::Channel,
    lang::{Lang, iso},
    opinion::proposal,
};

#[must_use]
pub fn published_opinions(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        @if let Some((label, all)) = &view.opinions_on {
            p.small {
                (lang.t("只显示对“", "Only those on ")) strong lang=[lang.content()] { (label) } (lang.t("”的意见。", ". "))
                a href=(all) { (lang.t("显示全部", "Show all")) }
            }
        }
        @if let Some(order) = &view.opinion_order { (order_line(lang, order)) }
        @if view.opinions.is_empty() {
            (empty_state(
                lang.t("还没有公开的意见", "No published opinions yet"),
                lang.t("意见经审核后在此公开；不公开的意见同样计入办理。", "Opinions appear after review; those not shown are dealt with all the same."),
                view.speak.clone().map(|href| (lang.t("我要提意见", "Give your opinion"), href)),
            ))
        } @else {
            div.said { @for o in &view.opinions { (published_opinion(lang, o, true)) } }
            (pager(lang, &view.opinion_pager))
            @if let Some(file) = &view.opinion_file { (file_list(lang, std::slice::from_ref(file))) }
        }
    }
}

fn order_line(lang: Lang, order: &OpinionOrder) -> Markup {
    html! {
        p.small {
            @if order.by_support {
                (lang.t("有人赞同的意见，按赞同次数排列（点击次数，不是人数）。", "Those supported, by the number of clicks. "))
                a href=(order.other) rel="nofollow" { (lang.t("按时间显示全部", "Show all by time")) }
            } @else {
                (lang.t("按时间排列。", "By time. "))
                a href=(order.other) rel="nofollow" { (lang.t("按赞同次数排列", "Most supported first")) }
            }
        }
    }
}

/// One opinion; `with_clause` says which clause it speaks on, where that is not plain from the place.
#[must_use]
pub fn published_opinion(lang: Lang, o: &PublishedOpinion, with_clause: bool) -> Markup {
    html! {
        article.opinion id=[with_clause.then_some(&o.id)] {
            @match &o.proposal {
                Some(p) => (proposal(lang, p)),
                None => div.opinion-text lang=[lang.content()] { (opinion_text(&o.text, lang)) },
            }
            (attached_files(lang, &o.files))
            p.opinion-by {
                span lang=[lang.content()] { (o.who) "（" (o.kind.word(lang)) "）" }
                time datetime=(iso(o.on)) { (lang.day_month(o.on)) }
                @if o.channel != Channel::Online { span { (o.channel.word(lang)) } }
                @if let (true, Some((label, href))) = (with_clause, &o.clause) {
                    a href=(href) lang=[lang.content()] { (label) }
                }
                @if with_clause { (support(lang, o)) }
                @if with_clause { a.no-print href=(o.report) rel="nofollow" { (lang.t("举报", "Report")) } }
            }
            @if let Some((outcome, reason)) = &o.outcome {
                p.opinion-outcome { (outcome.badge(lang)) span lang=[lang.content()] { (reason) } }
            }
        }
    }
}

/// How many support it, and the way to do so: a form without a key, for the page is the same for everybody.
fn support(lang: Lang, o: &PublishedOpinion) -> Markup {
    let label = match lang {
        Lang::Zh => format!("赞同 {}", o.supports),
        Lang::En => format!("Support {}", o.supports),
    };
    html! {
        @match &o.support {
            Some(href) => form.support.no-print method="post" action=(href) { button.link type="submit" { (label) } },
            None if o.supports > 0 => span { (label) },
            None => {},
        }
    }
}

/// Text with its line breaks; what was removed is said to be removed.
#[must_use]
pub fn opinion_text(spans: &[Span], lang: Lang) -> Markup {
    html! {
        p {
            @for span in spans {
                @match span {
                    Span::Plain(text) => (text),
                    Span::Hidden => span.redacted { (lang.t("【已隐去】", "[removed]")) },
                }
            }
        }
    }
}
