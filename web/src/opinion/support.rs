//! Supporting a published opinion: what the number means is said before anything is pressed.

use maud::{Markup, html};

use crate::{
    component::page_head,
    consultation::PublishedOpinion,
    consultation::published_opinion,
    form::{FormState, csrf, error_summary, hidden},
    label::matter,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct SupportView {
    pub action: Href,
    pub csrf: String,
    pub consultation_title: String,
    pub back: Href,
    pub opinion: PublishedOpinion,
    pub supports: u64,
    /// Supported from this browser.
    pub mine: bool,
    /// Whether support is taken now.
    pub open: bool,
    pub state: FormState,
}

#[must_use]
pub fn support(frame: &Frame<'_>, view: &SupportView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = lang.t("赞同这条意见", "Support this opinion");
    let body = html! {
        div.narrow {
            (page_head(title, html! { a href=(view.back) lang=[lang.content()] { (matter(&view.consultation_title)) } }))
            (error_summary(lang, &view.state))
            section.card { (published_opinion(lang, &view.opinion, false)) }
            section.card {
                p { strong { (counted(lang, view.supports)) } }
                p.soft { (lang.t(
                    "这是点击次数，不是投票，也不是人数：每个浏览器对一条意见只计一次，不需要登记身份，所以只作参考。意见是否采纳，看理由，不看赞同数；您有自己的理由，请直接提意见。",
                    "These are clicks, neither votes nor people: each browser is counted once for an opinion and nobody is identified. Whether an opinion is adopted depends on its reasons, not on this number; if you have reasons of your own, please give an opinion.",
                )) }
                (act(lang, view))
            }
        }
    };
    let trail = [Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS), Crumb::here(title)];
    page(&frame, &view.state.title(lang, title), &trail, body)
}

fn act(lang: Lang, view: &SupportView) -> Markup {
    html! {
        @if view.open {
            form method="post" action=(view.action) {
                (csrf(&view.csrf))
                @if view.mine { (hidden("act", "take_back")) }
                div.actions {
                    @if view.mine {
                        button.button type="submit" { (lang.t("取消赞同", "Take it back")) }
                    } @else {
                        button.button.primary type="submit" { (lang.t("赞同", "Support")) }
                    }
                    a.button href=(view.back) { (lang.t("返回", "Back")) }
                }
            }
        } @else {
            p { (lang.t("征集已经截止，不再计数。", "The consultation has closed; nothing more is counted.")) }
            p.actions { a.button href=(view.back) { (lang.t("返回", "Back")) } }
        }
    }
}

fn counted(lang: Lang, n: u64) -> String {
    match lang {
        Lang::Zh => format!("赞同 {n} 次"),
        Lang::En => format!("Supported {n} {}", if n == 1 { "time" } else { "times" }),
    }
}
