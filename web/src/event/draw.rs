//! The draw of a session: how it is done, what was published before it, and its result for everybody to repeat.

use maud::{Markup, html};

use super::crumbs;
use crate::{
    component::{
        Column, Fact, Pager, Table, alert, card, definition_list, empty_state, page_head, pager, table,
    },
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

/// A registration as the draw left it.
#[derive(Clone, Debug)]
pub struct DrawRow {
    pub place: i32,
    /// `E2026-003-1-0007`
    pub number: String,
    pub group: Option<String>,
    pub seats: i32,
    pub seated: bool,
}

/// What is known once the draw was held.
#[derive(Clone, Debug)]
pub struct DrawnView {
    pub at: String,
    pub parties: usize,
    pub seated: usize,
    pub people: i64,
    pub list_hash: String,
    pub secret: String,
    pub seed: String,
    pub file: Href,
    pub rows: Vec<DrawRow>,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct DrawView {
    pub title: String,
    pub event: Href,
    pub session: i32,
    pub when: String,
    pub seats: i32,
    /// Groups with seats of their own, and what is left for all others.
    pub quotas: Vec<(String, i32)>,
    /// When registration closes, and with it the draw is held.
    pub closes: String,
    pub commitment: String,
    pub committed: String,
    pub cancelled: bool,
    pub drawn: Option<DrawnView>,
}

#[must_use]
pub fn draw(frame: &Frame<'_>, view: &DrawView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Events, ..frame.clone() };
    let title = match lang {
        Lang::Zh => format!("第 {} 场摇号", view.session),
        Lang::En => format!("Draw of session {}", view.session),
    };
    let body = html! {
        (page_head(&title, html! {
            span lang=[lang.content()] { a href=(view.event) { (view.title) } }
            span { (view.when) }
        }))
        @if view.drawn.is_none() {
            @if view.cancelled {
                (alert(Tone::Warn, lang.t("活动已取消，不再摇号", "The event is cancelled; no draw is held"), html! {}))
            } @else {
                (alert(Tone::Info, lang.t("尚未摇号", "The draw has not been held"), html! {
                    p { (match lang {
                        Lang::Zh => format!("报名截止后摇号：{}。", view.closes),
                        Lang::En => format!("It is held once registration has closed: {}.", view.closes),
                    }) }
                }))
            }
        }
        div.side-by-side {
            div.stack {
                @if let Some(drawn) = &view.drawn { (result(lang, drawn)) }
                (method(lang))
            }
            aside { (proof(lang, view)) }
        }
    };
    let mut trail = crumbs(lang);
    trail.push(Crumb { label: view.title.clone(), href: Some(view.event.clone()) });
    trail.push(Crumb::here(lang.t("摇号", "Draw")));
    page(&frame, &format!("{title}：{}", view.title), &trail, body)
}

fn result(lang: Lang, d: &DrawnView) -> Markup {
    let rows = d.rows.iter().map(|r| {
        vec![
            html! { (r.place) },
            html! { (r.number) },
            html! { (r.group.as_deref().unwrap_or("—")) },
            html! { (r.seats) },
            html! { @if r.seated { (badge(Tone::Good, Icon::Check, lang.t("中签", "Seats"))) } @else { (badge(Tone::Plain, Icon::Half, lang.t("候补", "Alternate"))) } },
        ]
    });
    let listed = Table {
        caption: lang.t("摇号结果", "Result").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::number(lang.t("次序", "Order")),
            Column::tight(lang.t("报名编号", "Number")),
            Column::text(lang.t("组别", "Group")),
            Column::number(lang.t("人数", "People")),
            Column::tight(lang.t("结果", "Result")),
        ],
        rows: rows.collect(),
        row_head: Some(1),
    };
    let sum = match lang {
        Lang::Zh => format!(
            "{}摇号。报名 {} 组、{} 人，中签 {} 组；其余按次序候补。",
            d.at, d.parties, d.people, d.seated
        ),
        Lang::En => format!(
            "Held on {}. {} parties with {} people, {} of them have seats; the others are alternates in this order.",
            d.at, d.parties, d.people, d.seated
        ),
    };
    html! {
        section.card #result {
            h2.card-title { (lang.t("摇号结果", "Result")) }
            @if d.parties == 0 {
                (empty_state(lang.t("没有人报名", "Nobody registered"), lang.t("名单为空，所有名额空着。", "The list is empty and all seats are free."), None))
            } @else {
                p { (sum) }
                p.small { (lang.t("这是摇号当时的结果；之后有人取消的，名额按候补次序递补。不公布姓名和联系方式。", "As it was drawn; seats that become free later go to the alternates in order. No names or contacts are published.")) }
                (table(&listed))
                (pager(lang, &d.pager))
            }
        }
    }
}

fn method(lang: Lang) -> Markup {
    let steps = match lang {
        Lang::Zh => [
            "发布场次时生成一个随机数，加密保存，只公布它的 SHA-256，即承诺值。任何人（包括工作人员）在摇号之前都看不到这个数。",
            "报名截止后公布名单：每个报名的编号、组别和人数，不含个人信息；名单按固定格式写成文本，取 SHA-256，即名单哈希。",
            "公布随机数。种子 = SHA-256（名单哈希 + 空格 + 随机数）。",
            "每个报名的签 = SHA-256（种子 + 空格 + 编号），由小到大排序。",
            "按次序给名额：一组的人要么全有，要么都没有；设了组别名额的，只占本组的名额；其余的按次序候补。",
        ],
        Lang::En => [
            "When the session is published, a random number is made and kept encrypted; only its SHA-256 is published: the commitment. Nobody, staff included, can see the number before the draw.",
            "When registration has closed, the list is published: number, group and size of every registration, no personal data. Written as text in a fixed form, its SHA-256 is the list's hash.",
            "The number is revealed. Seed = SHA-256(hash of the list, a space, the number).",
            "The ticket of a registration = SHA-256(seed, a space, its number); the smallest comes first.",
            "Seats are given in this order: a party gets all its seats or none; groups with a quota use their own seats only; the rest are alternates in the same order.",
        ],
    };
    card(
        lang.t("怎样摇号", "How it is drawn"),
        html! {
            ol.text-list { @for step in steps { li { (step) } } }
            p.small { (lang.t("结果由报名名单和事先承诺的数共同决定，同样的输入总是得到同样的结果，任何人都可以重做验证。", "The list and the number committed to beforehand decide together; the same input always gives the same result, so anybody can repeat it.")) }
        },
    )
}

fn proof(lang: Lang, view: &DrawView) -> Markup {
    let code = |text: &str| html! { code.digest { (text) } };
    let mut facts = vec![Fact::text(lang.t("名额", "Seats"), &view.seats.to_string())];
    for (group, seats) in &view.quotas {
        facts.push(Fact::text(group.as_str(), &seats.to_string()));
    }
    facts.push(Fact::text(lang.t("报名截止", "Closes"), &view.closes));
    facts.push(Fact::new(lang.t("承诺值", "Commitment"), code(&view.commitment)));
    facts.push(Fact::text(lang.t("承诺时间", "Committed"), &view.committed));
    if let Some(d) = &view.drawn {
        facts.push(Fact::new(lang.t("名单哈希", "Hash of the list"), code(&d.list_hash)));
        facts.push(Fact::new(lang.t("随机数", "The number"), code(&d.secret)));
        facts.push(Fact::new(lang.t("种子", "Seed"), code(&d.seed)));
    }
    html! {
        (card(lang.t("可验证", "To check"), html! {
            (definition_list(&facts))
            @if let Some(d) = &view.drawn {
                p.actions { a.button href=(d.file) download { (lang.t("下载摇号文件（JSON）", "Download the file (JSON)")) } }
                p.small { (lang.t("验证：", "Check it with: ")) code { "jianyan draw verify FILE" } }
            } @else {
                p.small { (lang.t("请记下承诺值：摇号之后公布的数，其 SHA-256 应与它相同。", "Note the commitment: the SHA-256 of the number revealed after the draw must be the same.")) }
            }
        }))
    }
}
