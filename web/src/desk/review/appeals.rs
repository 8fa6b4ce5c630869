//! Appeals of authors: the list, and the decision beside the case.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::{Due, FIELD_ANSWER, FIELD_OVERTURN, Side, due};
use crate::{
    component::{empty_state, page_head},
    form::{Choice, Field, FormState, csrf, radios, submit, textarea},
    label::OpinionState,
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct AppealsView {
    pub side: Side,
    pub items: Vec<AppealItem>,
}

#[derive(Clone, Debug)]
pub struct AppealItem {
    pub number: String,
    pub href: Href,
    /// Where the opinion stands.
    pub state: OpinionState,
    pub due: Option<Due>,
    pub at: NaiveDateTime,
    pub reason: String,
    pub consultation: String,
}

/// An appeal beside the case it belongs to.
#[derive(Clone, Debug)]
pub struct AppealCard {
    pub at: NaiveDateTime,
    pub reason: String,
    /// `维持原审核决定`, once decided.
    pub decided: Option<String>,
    pub answer: String,
    /// Why this moderator may not decide it.
    pub barred: Option<String>,
    /// The form, for one who may.
    pub form: Option<AppealForm>,
}

#[derive(Clone, Debug)]
pub struct AppealForm {
    pub action: Href,
    pub csrf: String,
    pub max_characters: usize,
}

#[must_use]
pub fn appeals(frame: &Frame<'_>, view: &AppealsView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("申诉复核", "Appeals");
    let body = html! {
        (page_head(title, html! {
            span { (match lang {
                Lang::Zh => format!("{} 件等待复核，最早的在前", view.items.len()),
                Lang::En => format!("{} waiting, oldest first", view.items.len()),
            }) }
            span { (lang.t("由没有参与过原审核的审核员复核，并向作者说明理由。", "Decided by a moderator who took no part in the review; the author is told why.")) }
        }))
        @if view.items.is_empty() {
            (empty_state(lang.t("没有等待复核的申诉", "No appeal waits"), lang.t("作者对审核决定提出申诉后会出现在这里。", "Objections of authors to a review appear here."), None))
        } @else {
            ol.queue { @for item in &view.items { (row(lang, item)) } }
        }
    };
    desk(frame, title, &view.side, body)
}

fn row(lang: Lang, item: &AppealItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (item.number) }
                (item.state.badge(lang))
                @if let Some(d) = &item.due { (due(lang, d)) }
                span.soft { (lang.date_time(item.at)) }
            }
            p.item-words lang=[lang.content()] { (item.reason) }
            p.item-facts lang=[lang.content()] { span { (item.consultation) } }
        }
    }
}

pub(super) fn card(lang: Lang, a: &AppealCard, state: &FormState) -> Markup {
    html! {
        section.card #appeal {
            h2.card-title { (lang.t("作者申诉", "The author objects")) }
            div.own-words lang=[lang.content()] { p { (a.reason) } }
            p.small { (lang.date_time(a.at)) }
            @if let Some(decided) = &a.decided {
                p { strong { (decided) } }
                p lang=[lang.content()] { (a.answer) }
            }
            @if let Some(why) = &a.barred { p.barred { (why) } }
            @if let Some(f) = &a.form {
                form method="post" action=(f.action) novalidate {
                    (csrf(&f.csrf))
                    (radios(lang, state, &Field::new(FIELD_OVERTURN, lang.t("复核结论", "Decision")).required(), &[
                        Choice::new("no", lang.t("维持原审核决定", "The review stands")),
                        Choice::new("yes", lang.t("撤销原决定，重新审核", "Set it aside; review again")),
                    ]))
                    (textarea(lang, state, &Field::new(FIELD_ANSWER, lang.t("给作者的答复", "Answer to the author")).required().rows(4).max(f.max_characters)))
                    div.actions { (submit(lang.t("提交复核结论", "Decide"))) }
                }
            }
        }
    }
}
