//! One decision for opinions that say the same. The list is the preview: what is ticked is what is decided.

use maud::{Markup, html};

use super::{
    FIELD_ACTION, FIELD_BACK, FIELD_OPINIONS, Piece, Side,
    decide::{Reasons, reason_fields},
    pieces,
};
use crate::{
    component::{Change, alert, diff, empty_state, page_head},
    form::{FormState, csrf, error_summary, hidden},
    label::matter,
    label::{AuthorKind, Channel, Showing, Tone},
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
    opinion::When,
};

#[derive(Clone, Debug)]
pub struct EqualView {
    pub side: Side,
    pub number: String,
    pub case: Href,
    pub consultation_title: String,
    pub words: Vec<Piece>,
    /// The texts are nearly the same, and each says what tells it from the one at hand.
    pub near: bool,
    pub items: Vec<EqualItem>,
    pub action: Href,
    pub csrf: String,
    pub back: String,
    pub form: FormState,
    pub withhold: Reasons,
    pub reject: Reasons,
    /// How many were decided, and those that were not, with the reason.
    pub done: Option<(usize, Vec<(String, String)>)>,
}

#[derive(Clone, Debug)]
pub struct EqualItem {
    pub number: String,
    /// `number:revision`
    pub value: String,
    pub href: Href,
    pub who: String,
    pub kind: AuthorKind,
    pub channel: Channel,
    pub showing: Showing,
    pub received: When,
    pub chosen: bool,
    /// From the words of the case to its own; empty where they are the same.
    pub differs: Vec<Change>,
}

#[must_use]
pub fn equal(frame: &Frame<'_>, view: &EqualView) -> Markup {
    let lang = frame.lang;
    let title = match (lang, view.near) {
        (Lang::Zh, true) => format!("一并审核 {} 条相近的意见", view.items.len()),
        (Lang::En, true) => format!("Review {} near-equal opinions together", view.items.len()),
        (Lang::Zh, false) => format!("一并审核 {} 条相同的意见", view.items.len()),
        (Lang::En, false) => format!("Review {} equal opinions together", view.items.len()),
    };
    let body = html! {
        (page_head(&title, html! {
            span lang=[lang.content()] { (matter(&view.consultation_title)) }
            a href=(view.case) data-key="q" { (lang.t("返回 ", "Back to ")) (view.number) }
        }))
        @if let Some((n, failed)) = &view.done { (done(lang, *n, failed)) }
        (error_summary(lang, &view.form))
        section.card { div.own-words lang=[lang.content()] { p { (pieces(&view.words)) } } }
        @if view.items.is_empty() {
            (empty_state(lang.t("没有等待审核的相同意见了", "No equal opinions wait any more"), "", None))
        } @else { (the_form(lang, view)) }
    };
    desk(frame, &view.form.title(lang, &title), &view.side, body)
}

fn done(lang: Lang, n: usize, failed: &[(String, String)]) -> Markup {
    let title = match lang {
        Lang::Zh => format!("已审核 {n} 条，{} 条没有处理", failed.len()),
        Lang::En => format!("{n} reviewed, {} left", failed.len()),
    };
    alert(Tone::Warn, &title, html! { ul { @for (number, why) in failed { li { (number) "：" (why) } } } })
}

fn the_form(lang: Lang, view: &EqualView) -> Markup {
    html! {
        form method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden(FIELD_BACK, &view.back))
            fieldset.equal-list {
                legend { (lang.t("对选中的意见作出同一决定", "The same decision for those ticked")) }
                @if view.near { p.small.soft { (lang.t("相近由程序判断，请逐条看清不同之处：下划线为该条多出的，删除线为该条没有的。", "A program found them alike; please read what tells them apart: underlined is what one has more, struck out what it has not.")) } }
                @for (i, item) in view.items.iter().enumerate() { (one(lang, i, item)) }
            }
            div.decide {
                div.act {
                    button.button.primary type="submit" name=(FIELD_ACTION) value="publish" data-key="p" data-once { (lang.t("公开选中的", "Publish those")) " " kbd { "p" } }
                    p.small { (lang.t("作者选择不公开的，按作者意愿不公开。", "Those whose authors do not want it are withheld by that wish.")) }
                }
                (group(lang, view, "withhold", "w", lang.t("选中的都不公开（计入办理）", "Withhold those (still counted)"), &view.withhold))
                (group(lang, view, "reject", "x", lang.t("选中的都不予受理（须复核）", "Reject those (to be confirmed)"), &view.reject))
            }
        }
    }
}

fn group(lang: Lang, view: &EqualView, name: &str, key: &str, title: &str, reasons: &Reasons) -> Markup {
    let (code, text) = (format!("{name}_code"), format!("{name}_text"));
    let touched =
        [&code, &text].iter().any(|f| view.form.error(f).is_some() || !view.form.value(f).is_empty());
    html! {
        details.act open[touched] {
            summary data-key=(key) { (title) " " kbd { (key) } }
            (reason_fields(lang, &view.form, &code, &text, lang.t("告知作者的补充说明", "A note to the authors"), reasons))
            div.actions { button.button type="submit" name=(FIELD_ACTION) value=(name) data-once { (title) } }
        }
    }
}

fn one(lang: Lang, i: usize, item: &EqualItem) -> Markup {
    let id = if i == 0 { format!("f-{FIELD_OPINIONS}") } else { format!("f-{FIELD_OPINIONS}-{i}") };
    html! {
        div.choice {
            input id=(id) type="checkbox" name=(FIELD_OPINIONS) value=(item.value) checked[item.chosen];
            label for=(id) {
                (item.number) " "
                span.item-facts {
                    span { (item.received.text(lang)) }
                    span { (item.channel.word(lang)) }
                    span { (item.kind.word(lang)) }
                    span { (item.showing.word(lang)) @if item.showing != Showing::Private { "：" span lang=[lang.content()] { (item.who) } } }
                }
            }
        }
        @if !item.differs.is_empty() { div.legal.near-text lang=[lang.content()] { (diff(lang, &item.differs)) } }
    }
}
