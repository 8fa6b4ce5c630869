//! What waits, oldest first: the words, what they are about, what a machine noticed, and how long it waits.

use maud::{Markup, html};

use super::{Due, Piece, Side, Undo, due, keys, pieces, undo};
use crate::{
    component::{Pager, empty_state, page_head, pager},
    form::{Choice, Field, FormState, select},
    label::{AuthorKind, Channel},
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct QueueView {
    pub side: Side,
    pub total: u64,
    pub filter: FormState,
    pub consultations: Vec<Choice>,
    pub channels: Vec<Choice>,
    /// The clause that the queue is narrowed to, with the way back to all.
    pub clause: Option<(String, Href)>,
    pub items: Vec<QueueItem>,
    pub pager: Pager,
    pub undo: Option<Undo>,
}

#[derive(Clone, Debug)]
pub struct QueueItem {
    pub number: String,
    pub href: Href,
    /// The beginning of the words.
    pub words: Vec<Piece>,
    pub consultation: String,
    pub clause: Option<(String, Href)>,
    pub channel: Channel,
    pub kind: AuthorKind,
    /// `3 天前` or the time of today.
    pub age: String,
    pub due: Option<Due>,
    pub second: bool,
    pub findings: Vec<String>,
    pub equal: Option<(u64, Href)>,
    /// The moderator took it down; somebody else must review it.
    pub own: bool,
    pub hidden: bool,
}

#[must_use]
pub fn queue(frame: &Frame<'_>, view: &QueueView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("意见审核", "Review of opinions");
    let body = html! {
        (page_head(title, html! {
            span { (match lang {
                Lang::Zh => format!("{} 条等待处理，最早的在前", view.total),
                Lang::En => format!("{} waiting, oldest first", view.total),
            }) }
        }))
        (undo(lang, view.undo.as_ref()))
        (filters(lang, view))
        @if view.items.is_empty() {
            (empty_state(lang.t("没有等待审核的意见", "Nothing waits for review"), lang.t("可以放宽筛选条件，或稍后再看。", "Widen the filter, or come back later."), None))
        } @else {
            ol.queue { @for item in &view.items { (row(lang, item)) } }
            (pager(lang, &view.pager))
            (keys(lang, &[("j", "下一条", "next"), ("k", "上一条", "previous"), ("Enter", "打开", "open"), ("u", "撤回", "take back")]))
        }
    };
    desk(frame, title, &view.side, body)
}

fn filters(lang: Lang, view: &QueueView) -> Markup {
    let with_all = |choices: &[Choice]| {
        let mut all = vec![Choice::new("", lang.t("全部", "All"))];
        all.extend(choices.iter().cloned());
        all
    };
    let states = [
        Choice::new("pending", lang.t("待审核", "First review")),
        Choice::new("awaiting_second", lang.t("待复核", "Second review")),
    ];
    html! {
        form.filters method="get" {
            (select(lang, &view.filter, &Field::new("consultation", lang.t("征集事项", "Consultation")), &with_all(&view.consultations)))
            (select(lang, &view.filter, &Field::new("state", lang.t("状态", "State")), &with_all(&states)))
            (select(lang, &view.filter, &Field::new("channel", lang.t("来源", "Channel")), &with_all(&view.channels)))
            button.button type="submit" { (lang.t("筛选", "Filter")) }
            @if let Some((label, all)) = &view.clause {
                span.filter-set { (lang.t("仅看 ", "Only ")) strong lang=[lang.content()] { (label) } " " a href=(all) { (lang.t("取消", "clear")) } }
            }
        }
    }
}

fn row(lang: Lang, item: &QueueItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (item.number) }
                @if item.second { span.flag.flag-warn { (lang.t("待复核", "second review")) } }
                @if let Some(d) = &item.due { (due(lang, d)) }
                span.soft { (item.age) }
                @if let Some((n, href)) = &item.equal { a.flag href=(href) { (lang.t("相同 ", "equal: ")) (n) (lang.t(" 条", "")) } }
                @for finding in &item.findings { span.flag.flag-warn { (finding) } }
                @if item.hidden { span.flag { (lang.t("作者不公开", "author: not shown")) } }
                @if item.own { span.flag { (lang.t("本人录入", "taken down by you")) } }
            }
            p.item-words lang=[lang.content()] { (pieces(&item.words)) }
            p.item-facts lang=[lang.content()] {
                span { (item.consultation) }
                @if let Some((label, href)) = &item.clause { a href=(href) { (label) } }
                span { (item.channel.word(Lang::Zh)) }
                span { (item.kind.word(Lang::Zh)) }
            }
        }
    }
}
