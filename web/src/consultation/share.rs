//! A consultation passed on: the card on its page, and the poster to print and hang up.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{Channels, channel_facts};
use crate::{
    component::{Square, card, plain, square_code},
    label::matter,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// The short address, as text and as a square code.
#[derive(Clone, Debug)]
pub struct Share {
    /// `https://host/c/2026-001-1`
    pub link: String,
    pub square: Option<Square>,
    pub poster: Href,
}

pub(super) fn share_card(lang: Lang, share: &Share) -> Markup {
    card(
        lang.t("转给别人", "Pass it on"),
        html! {
            div.share {
                @if let Some(square) = &share.square {
                    (square_code(square, lang.t("本次征集的二维码", "QR code of this consultation")))
                }
                div {
                    p.share-link { (share.link) }
                    p.no-print {
                        button.link type="button" hidden data-act="copy" data-copy=(share.link) data-done=(lang.t("已复制", "Copied")) { (lang.t("复制链接", "Copy the link")) }
                        " " a href=(share.poster) { (lang.t("打印张贴用的海报", "A poster to print")) }
                    }
                }
            }
        },
    )
}

#[derive(Clone, Debug)]
pub struct PosterView {
    pub title: String,
    pub consultation: Href,
    pub department: String,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    /// Whether opinions are taken, now or later.
    pub open: bool,
    /// What it means in plain words; may be empty.
    pub plain: String,
    pub share: Share,
    pub channels: Channels,
}

#[must_use]
pub fn poster(frame: &Frame<'_>, view: &PosterView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = lang.t("张贴用海报", "Poster");
    let body = html! {
        p.actions.no-print {
            button.button.primary type="button" hidden data-act="print" { (lang.t("打印", "Print")) }
            a.button href=(view.consultation) { (lang.t("返回", "Back")) }
        }
        article.poster {
            p.poster-lead { (frame.site.name(lang)) " · " (lang.t("公开征求意见", "public consultation")) }
            h1 lang=[lang.content()] { (matter(&view.title)) }
            p.poster-until {
                @if view.open { (lang.t("提意见截止 ", "Until ")) strong { (lang.deadline(view.closes)) } }
                @else { (lang.t("征集已经截止，结果见网站", "Closed; see the site for the answer")) }
            }
            @if !view.plain.is_empty() { div.poster-plain lang=[lang.content()] { (plain(&view.plain)) } }
            div.poster-code {
                @if let Some(square) = &view.share.square {
                    (square_code(square, lang.t("本次征集的二维码", "QR code of this consultation")))
                }
                div {
                    p { strong { (lang.t("扫码看草案、提意见", "Scan to read the draft and give your opinion")) } }
                    p.share-link { (view.share.link) }
                    p { (lang.t("不用注册，约 3 分钟。每条意见都登记、办理，采纳情况向社会公布。", "No account, about three minutes. Every opinion is registered and answered in public.")) }
                }
            }
            div.poster-channels { (channel_facts(lang, &view.channels)) }
            p.small lang=[lang.content()] { (view.department) "　" (lang.period(view.opens, view.closes)) }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(title),
    ];
    page(&frame, title, &trail, body)
}
