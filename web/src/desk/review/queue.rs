//! What waits, oldest first: the words, what they are about, what a machine noticed, and how long it waits.

use maud::{Markup, html};

use super::{Due, FIELD_BACK, Lanes, Piece, Side, Undo, due, flood, keys, pieces, undo};
use crate::{
    component::{Pager, empty_state, page_head, pager},
    form::{Choice, Field, FormState, csrf, hidden, select},
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
    pub claims: Claims,
    /// Where there are floods.
    pub lanes: Option<Lanes>,
}

/// Taking a part of the queue for oneself, and giving it back.
#[derive(Clone, Debug)]
pub struct Claims {
    pub csrf: String,
    pub back: String,
    /// How many the moderator holds.
    pub held: u64,
    /// How many one press claims.
    pub at_once: u64,
    pub minutes: u32,
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
    /// How many are nearly the same, and where they stand together.
    pub near: Option<(u64, Href)>,
    /// The moderator took it down; somebody else must review it.
    pub own: bool,
    pub hidden: bool,
    /// Why it stands in the lane of floods.
    pub flood: Option<String>,
    /// Who works on it for the moment; without a name it is the reader.
    pub claimed: Option<Option<String>>,
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
            a href="/desk/templates" { (lang.t("理由模板", "Templates of reasons")) }
            a href="/desk/workload" { (lang.t("审核工作量", "The team's work")) }
        }))
        (undo(lang, view.undo.as_ref()))
        @if let Some(lanes) = &view.lanes { (flood::lanes(lang, lanes)) }
        (filters(lang, view))
        (claims(lang, view))
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

fn claims(lang: Lang, view: &QueueView) -> Markup {
    let c = &view.claims;
    let act = |path: &str, label: String| {
        html! {
            form.inline method="post" action={ "/desk/review/" (path) } {
                (csrf(&c.csrf)) (hidden(FIELD_BACK, &c.back))
                button.button type="submit" { (label) }
            }
        }
    };
    let (take, give) = match lang {
        Lang::Zh => (format!("认领接下来的 {} 条", c.at_once), format!("释放我认领的 {} 条", c.held)),
        Lang::En => (format!("Claim the next {}", c.at_once), format!("Release my {}", c.held)),
    };
    html! {
        div.actions.claims {
            (act("claim", take))
            @if c.held > 0 { (act("release", give)) }
            span.small.soft { (match lang {
                Lang::Zh => format!("认领只用于分工，{} 分钟后自动释放", c.minutes),
                Lang::En => format!("A claim only divides the work; it lapses after {} minutes", c.minutes),
            }) }
        }
    }
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
    let whose = [
        Choice::new("", lang.t("他人未认领的", "Not claimed by others")),
        Choice::new("mine", lang.t("我认领的", "Claimed by me")),
        Choice::new("all", lang.t("全部", "All")),
    ];
    html! {
        form.filters method="get" {
            @if !view.filter.value("lane").is_empty() { (hidden("lane", view.filter.value("lane"))) }
            (select(lang, &view.filter, &Field::new("consultation", lang.t("征集事项", "Consultation")), &with_all(&view.consultations)))
            (select(lang, &view.filter, &Field::new("state", lang.t("状态", "State")), &with_all(&states)))
            (select(lang, &view.filter, &Field::new("channel", lang.t("来源", "Channel")), &with_all(&view.channels)))
            (select(lang, &view.filter, &Field::new("whose", lang.t("分工", "Whose")), &whose))
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
                @if let Some((n, href)) = &item.near { a.flag href=(href) { (lang.t("相近 ", "alike: ")) (n) (lang.t(" 条", "")) } }
                @if let Some(why) = &item.flood { span.flag title=(why) { (lang.t("集中涌入", "flood")) span.sr { "（" (why) "）" } } }
                @for finding in &item.findings { span.flag.flag-warn { (finding) } }
                @if item.hidden { span.flag { (lang.t("作者不公开", "author: not shown")) } }
                @match &item.claimed {
                    Some(Some(name)) => span.flag { (lang.t("认领：", "claimed: ")) (name) },
                    Some(None) => span.flag { (lang.t("我认领", "mine")) },
                    None => {}
                }
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
