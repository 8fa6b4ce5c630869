//! A receipt as a slip of paper: whose it is, a stamp, the lookup code in big groups, and what to do with it.

use maud::{Markup, html};

use super::{TimelineStep, lookup_code, timeline};
use crate::{lang::Lang, layout::Frame};

/// What stands at the top of a slip.
#[derive(Clone, Debug)]
pub struct SlipHead<'a> {
    /// `意见回执`
    pub kind: &'a str,
    pub title: &'a str,
    /// The stamp; empty without one.
    pub stamp: Markup,
    /// With dashes: `7K3M-Q9TX-2HDV-0ABC`
    pub code: &'a str,
    /// What the code is kept for.
    pub keep: &'a str,
    /// Links between the two buttons, to copy the code and to print.
    pub links: Markup,
}

#[must_use]
pub fn slip(frame: &Frame<'_>, head: &SlipHead<'_>, body: Markup) -> Markup {
    let lang = frame.lang;
    html! {
        div.slip {
            div.slip-head {
                div {
                    p.slip-kind { (frame.site.name) " · " (head.kind) }
                    h1 { (head.title) }
                }
                (head.stamp)
            }
            p.slip-code-label #code-label { (lang.t("查询码", "Code")) }
            (lookup_code(head.code))
            p.slip-acts {
                span { (head.keep) }
                button.link type="button" hidden data-act="copy" data-copy=(head.code) data-done=(lang.t("已复制", "Copied")) { (lang.t("复制", "Copy")) }
                (head.links)
                button.link type="button" hidden data-act="print" { (lang.t("打印", "Print")) }
            }
            (body)
        }
    }
}

/// The part of a slip that says what happens next.
#[must_use]
pub fn what_next(lang: Lang, steps: &[TimelineStep]) -> Markup {
    html! {
        section.slip-part {
            h2 { (lang.t("接下来", "What happens next")) }
            (timeline(lang, steps))
        }
    }
}
