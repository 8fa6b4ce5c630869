//! The lane of floods: what goes on, why, and the way back into the usual queue.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::FIELD_BACK;
use crate::{
    component::card,
    form::{csrf, hidden},
    lang::Lang,
    link::Href,
};

/// The lanes of the queue.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub usual: Href,
    pub floods: Href,
    /// How many wait in floods.
    pub in_floods: u64,
    pub is_usual: bool,
    /// How many the list below shows.
    pub shown: u64,
    pub csrf: String,
    pub back: String,
    pub cards: Vec<FloodCard>,
}

/// One flood.
#[derive(Clone, Debug)]
pub struct FloodCard {
    pub consultation: String,
    pub why: String,
    pub began: NaiveDateTime,
    pub ended: Option<NaiveDateTime>,
    pub released: bool,
    pub received: u64,
    pub waiting: u64,
    /// The list shows this flood alone.
    pub chosen: bool,
    pub only: Href,
    pub release: Href,
}

/// Why a case stands in the lane.
#[derive(Clone, Debug)]
pub struct FloodNote {
    pub why: String,
    pub only: Href,
    pub release: Href,
    pub csrf: String,
    pub back: String,
}

pub(super) fn lanes(lang: Lang, lanes: &Lanes) -> Markup {
    let tab = |href: &Href, here: bool, label: String| html! { li { a href=(href) aria-current=[here.then_some("page")] { (label) } } };
    let floods = match lang {
        Lang::Zh => format!("集中涌入（{}）", lanes.in_floods),
        Lang::En => format!("Floods ({})", lanes.in_floods),
    };
    let usual = lang.t("普通队列", "The usual queue").to_owned();
    html! {
        nav.lanes aria-label=(lang.t("队列", "Lanes")) {
            ul { (tab(&lanes.usual, lanes.is_usual, usual)) (tab(&lanes.floods, !lanes.is_usual, floods)) }
        }
        @if !lanes.is_usual {
            p.small.soft { (lang.t(
                "短时间内大量提交的意见在这里单列，以免淹没其他人的意见；同样登记、计数、在同样的期限内审核，集中涌入不是不公开的理由。",
                "What comes in great numbers at once stands here, so that it does not drown what others say. It is registered, counted and reviewed within the same period; a flood is no reason not to show an opinion.",
            )) }
            @if !lanes.cards.is_empty() { ul.floods { @for f in &lanes.cards { (flood(lang, lanes, f)) } } }
        }
    }
}

fn flood(lang: Lang, lanes: &Lanes, f: &FloodCard) -> Markup {
    let figures = match lang {
        Lang::Zh => format!("共 {} 条，待审核 {} 条", f.received, f.waiting),
        Lang::En => format!("{} in all, {} waiting", f.received, f.waiting),
    };
    html! {
        li.item aria-current=[f.chosen.then_some("true")] {
            p.item-top {
                strong { (f.why) }
                @if f.released { span.flag { (lang.t("已移回普通队列", "let back")) } }
                @else if f.ended.is_none() { span.flag.flag-warn { (lang.t("正在进行", "going on")) } }
            }
            p.item-facts {
                span lang=[lang.content()] { (f.consultation) }
                span { (lang.date_time(f.began)) @if let Some(ended) = f.ended { " – " (lang.date_time(ended)) } }
                span { (figures) }
            }
            div.actions {
                @if !f.chosen { a.button href=(f.only) { (lang.t("只看这一组", "Only these")) } }
                @if !f.released {
                    form.inline method="post" action=(f.release) {
                        (csrf(&lanes.csrf)) (hidden(FIELD_BACK, &lanes.back))
                        button.button type="submit" data-confirm=(lang.t("整组移回普通队列？之后同样来源的意见也不再单列。", "Let all of them back into the usual queue? More of the same will stay there.")) {
                            (lang.t("整组移回普通队列", "Let all back"))
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn note(lang: Lang, note: &FloodNote) -> Markup {
    card(
        lang.t("集中涌入", "Came in a flood"),
        html! {
            p { (note.why) (lang.t("。", ".")) }
            p.small.soft { (lang.t("只影响排队，不影响期限和审核结果。", "It only orders the work; period and decision are those of every opinion.")) }
            div.actions {
                a.button href=(note.only) { (lang.t("查看这一组", "All of it")) }
                form.inline method="post" action=(note.release) {
                    (csrf(&note.csrf)) (hidden(FIELD_BACK, &note.back))
                    button.button type="submit" { (lang.t("移回普通队列", "Let it back")) }
                }
            }
        },
    )
}
