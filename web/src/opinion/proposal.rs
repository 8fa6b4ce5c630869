//! Proposed words against those of the clause.

use maud::{Markup, html};

use super::Proposal;
use crate::{component::diff, consultation::opinion_text, lang::Lang};

/// The reason, then the words proposed. What changes is underlined or struck out, which is said, so that nobody
/// has to know it from a colour.
#[must_use]
pub fn proposal(lang: Lang, p: &Proposal) -> Markup {
    html! {
        div.proposed lang=[lang.content()] {
            @if !p.reason.is_empty() { div.opinion-text { (opinion_text(&p.reason, lang)) } }
            p.proposed-label lang=(lang.html_tag()) {
                (lang.t("建议修改为", "Proposed wording"))
                span.small { " " (lang.t("（", "(")) ins { (lang.t("下划线为新增", "underlined: added")) } (lang.t("，", ", "))
                    del { (lang.t("删除线为删去", "struck out: removed")) } (lang.t("）", ")")) }
            }
            div.legal { (diff(lang, &p.changes)) }
        }
    }
}
