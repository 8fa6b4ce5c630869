//! The period ended while somebody was writing: the text is kept on the page.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::label::matter;
use crate::{
    component::{alert, card, page_head},
    consultation::{Channels, channel_facts},
    label::Tone,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct ClosedView {
    pub consultation_title: String,
    pub consultation: Href,
    pub closed: NaiveDate,
    /// What was typed; empty when the form was only opened.
    pub text: String,
    pub channels: Channels,
}

#[must_use]
pub fn closed(frame: &Frame<'_>, view: &ClosedView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = lang.t("征集已经截止", "The consultation has closed");
    let body = html! {
        div.narrow {
            (page_head(title, html! { span lang=[lang.content()] { (matter(&view.consultation_title)) } }))
            (alert(Tone::Warn, "", html! {
                p { (lang.t("本次征集已于 ", "It closed on ")) (lang.deadline(view.closed)) (lang.t(" 截止，这条意见没有登记。", "; this opinion was not registered.")) }
            }))
            @if !view.text.is_empty() { (kept(&frame, &view.text)) }
            (card(lang.t("还可以怎样反映", "What you can still do"), html! {
                p { (lang.t("您可以直接联系承办部门，对正在执行的决策提出意见和建议：", "You can still write to the department:")) }
                (channel_facts(lang, &view.channels))
            }))
            p.actions { a.button href=(view.consultation) { (lang.t("查看草案和结果", "See draft and result")) } }
        }
    };
    let trail = [Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS), Crumb::here(title)];
    page(&frame, title, &trail, body)
}

fn kept(frame: &Frame<'_>, text: &str) -> Markup {
    let lang = frame.lang;
    html! {
        section.card {
            h2.card-title { label for="kept" { (lang.t("您写的文字都在这里", "Your text is kept here")) } }
            textarea #kept rows="8" readonly { "\n" (text) }
            p.actions {
                button.button type="button" hidden data-act="copy" data-copy=(text) data-done=(lang.t("已复制", "Copied")) { (lang.t("复制文字", "Copy the text")) }
            }
        }
    }
}
