//! The automatic check before a form is taken: the line that says how far it is, and the page for who came without
//! it, which works by waiting where there is no script.

use maud::{Markup, html};

use crate::{
    component::{alert, page_head},
    form::{csrf, hidden},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, page},
    link::Href,
    path,
};

/// A form that was stopped before a closed gate. Nothing of it is lost.
#[derive(Clone, Debug)]
pub struct GateView {
    pub action: Href,
    pub csrf: String,
    /// Fields of the form, in their order.
    pub carried: Vec<(String, String)>,
    /// The field that takes the answer.
    pub field: &'static str,
    pub wait: Wait,
}

/// The way without a script.
#[derive(Clone, Debug)]
pub enum Wait {
    Until {
        ticket: String,
        seconds: u64,
        /// The button was pressed too early.
        early: bool,
    },
    /// This address took as many tickets as one may; so many seconds are left.
    TooMany(u64),
}

#[must_use]
pub fn gate(frame: &Frame<'_>, view: &GateView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { no_index: true, ..frame.clone() };
    let title = lang.t("还差一步：自动验证", "One more step: an automatic check");
    let ticket = match &view.wait {
        Wait::Until { ticket, .. } => ticket.as_str(),
        Wait::TooMany(_) => "",
    };
    let body = html! {
        div.narrow {
            (page_head(title, html! {}))
            (alert(Tone::Info, lang.t("您填写的内容已经保留", "Everything you filled in is kept"), html! {
                p { (lang.t(
                    "为了不让程序成批提交，请完成一次自动验证；不需要辨认图片，也不需要输入任何内容。",
                    "So that programs cannot send forms by the thousand, an automatic check comes first; there is no picture to read and nothing to type.",
                )) }
            }))
            form.card #gate method="post" action=(view.action) data-at-once="yes" {
                (csrf(&view.csrf))
                @for (name, value) in &view.carried { (hidden(name, value)) }
                (hidden(view.field, ticket))
                (wait(lang, &view.wait))
                div.actions { button.button.primary type="submit" data-once="yes" { (lang.t("继续提交", "Continue")) } }
            }
            p.small { (lang.t("不便使用本页的，可以来信、来电或者到现场提出，同样登记、同样办理。", "If this page does not suit you, write, call or come by: it counts the same.")) " " a href=(path::ACCESSIBILITY) { (lang.t("无障碍说明", "Accessibility")) } }
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

fn wait(lang: Lang, wait: &Wait) -> Markup {
    let words = match (wait, lang) {
        (Wait::Until { seconds, early: true, .. }, Lang::Zh) => {
            format!("还没有到时间：请再等 {seconds} 秒，然后按“继续提交”。")
        }
        (Wait::Until { seconds, early: true, .. }, Lang::En) => {
            format!("Not yet: please wait {seconds} more seconds, then press Continue.")
        }
        (Wait::Until { seconds, .. }, Lang::Zh) => format!("请等待 {seconds} 秒，然后按“继续提交”。"),
        (Wait::Until { seconds, .. }, Lang::En) => {
            format!("Please wait {seconds} seconds, then press Continue.")
        }
        (Wait::TooMany(seconds), Lang::Zh) => {
            format!("您所在的网络提交过于频繁，请在 {seconds} 秒后按“继续提交”，再试一次。")
        }
        (Wait::TooMany(seconds), Lang::En) => {
            format!(
                "Too many forms came from your network; press Continue in {seconds} seconds to try again."
            )
        }
    };
    html! { p data-instead="yes" role=[matches!(wait, Wait::Until { early: true, .. }).then_some("alert")] { (words) } }
}

/// Tells the script which task to fetch, and the reader how far it is. Nothing is seen before it begins.
#[must_use]
pub(crate) fn line(lang: Lang, gate: &str) -> Markup {
    html! {
        p.small.soft #challenge role="status"
            data-challenge={ "/api/v1/challenges/" (gate) }
            data-busy=(lang.t("正在后台进行自动验证，不影响您填写。", "An automatic check runs in the background; just go on."))
            data-wait=(lang.t("请稍候，自动验证完成后会自动提交：", "Please wait, it is sent as soon as the check is done: "))
            data-done=(lang.t("自动验证已完成，可以提交。", "The automatic check is done; you may send.")) {}
    }
}
