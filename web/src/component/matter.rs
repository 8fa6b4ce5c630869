//! How a consultation, an adoption summary and a file appear in lists, the same everywhere.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{Column, Table, table};
use crate::{
    icon::{Icon, icon},
    label::{ConsultationState, PublicationState},
    lang::{Lang, iso},
    link::Href,
};

/// A consultation in a list.
#[derive(Clone, Debug)]
pub struct ConsultationCard {
    pub title: String,
    pub href: Href,
    pub department: String,
    pub state: ConsultationState,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    /// Days left; the last day is 0.
    pub days_left: i64,
    pub opinions: u64,
    pub people: u64,
}

/// Consultations as rows of one sheet, like a notice board: the days left stand out on the left.
#[must_use]
pub fn consultation_board(lang: Lang, cards: &[ConsultationCard]) -> Markup {
    html! {
        @if !cards.is_empty() {
            ul.board { @for card in cards { li { (consultation_card(lang, card)) } } }
        }
    }
}

/// The whole row leads to the consultation; the link's text is its title.
#[must_use]
pub fn consultation_card(lang: Lang, card: &ConsultationCard) -> Markup {
    html! {
        article class={ "matter leafed" @if card.state == ConsultationState::ClosingSoon { " soon" } } {
            (leaf(lang, card))
            div {
                p.matter-top { (card.state.badge(lang)) span lang=[lang.content()] { (card.department) } }
                h3 lang=[lang.content()] { a href=(card.href) { (card.title) } }
                p.matter-facts {
                    span { (opinion_count(lang, card.opinions, card.people)) }
                    @if card.state == ConsultationState::Upcoming {
                        span { (lang.t("开始 ", "from ")) time datetime=(iso(card.opens)) { (lang.date(card.opens)) } }
                    } @else {
                        span { (lang.t("截止 ", "until ")) time datetime=(iso(card.closes)) { (lang.date(card.closes)) " 24:00" } }
                    }
                }
            }
        }
    }
}

/// A calendar leaf with the days left; only while there are any.
fn leaf(lang: Lang, card: &ConsultationCard) -> Markup {
    let open = matches!(card.state, ConsultationState::Open | ConsultationState::ClosingSoon);
    html! {
        @if open {
            p.leaf {
                @if card.days_left > 0 {
                    span { (lang.t("还剩", "left")) } strong { (card.days_left) } span { (if card.days_left == 1 { lang.t("天", "day") } else { lang.t("天", "days") }) }
                } @else {
                    span { (lang.t("今天", "closes")) } strong.leaf-word { (lang.t("截止", "today")) } span { "24:00" }
                }
            }
        }
    }
}

/// `意见 64 条 · 58 人`; nobody yet is said in words.
#[must_use]
pub fn opinion_count(lang: Lang, opinions: u64, people: u64) -> String {
    match lang {
        Lang::Zh if opinions == 0 => "还没有意见".to_owned(),
        Lang::Zh => format!("意见 {opinions} 条 · {people} 人"),
        Lang::En if opinions == 0 => "no opinions yet".to_owned(),
        Lang::En => format!("{opinions} opinions from {people} people"),
    }
}

/// An answered consultation in a list: the numbers and whether the answer came in time.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    pub title: String,
    pub href: Href,
    pub received: u64,
    /// `None` until the summary is published.
    pub adopted: Option<u64>,
    pub partly: Option<u64>,
    pub not_adopted: Option<u64>,
    pub explained: Option<u64>,
    pub state: PublicationState,
    /// The day of publishing, or the day by which it must be.
    pub day: Option<NaiveDate>,
    /// Working days left or overdue, where it is not yet published.
    pub working_days: i64,
}

#[must_use]
pub fn summary_table(lang: Lang, caption: &str, rows: &[SummaryRow]) -> Markup {
    let number = |n: Option<u64>| html! { @match n { Some(n) => (n), None => span.soft { "–" } } };
    table(&Table {
        caption: caption.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("事项", "Matter")),
            Column::number(lang.t("意见", "Opinions")),
            Column::number(lang.t("采纳", "Adopted")),
            Column::number(lang.t("部分采纳", "Partly")),
            Column::number(lang.t("未采纳", "Not adopted")),
            Column::number(lang.t("已作说明", "Explained")),
            Column::text(lang.t("公布", "Published")),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    html! { a href=(r.href) lang=[lang.content()] { (r.title) } },
                    html! { (r.received) },
                    number(r.adopted),
                    number(r.partly),
                    number(r.not_adopted),
                    number(r.explained),
                    published(lang, r),
                ]
            })
            .collect(),
        row_head: Some(0),
    })
}

fn published(lang: Lang, row: &SummaryRow) -> Markup {
    let n = lang.working_days(row.working_days);
    let text = match (row.state, row.day) {
        (PublicationState::InTime | PublicationState::Late, Some(day)) => lang.date(day),
        (PublicationState::Overdue, _) => match lang {
            Lang::Zh => format!("已逾期 {n}"),
            Lang::En => format!("{n} overdue"),
        },
        (_, Some(day)) => match lang {
            Lang::Zh => format!("应于 {} 前，还剩 {n}", lang.day_month(day)),
            Lang::En => format!("by {}, {n} left", lang.day_month(day)),
        },
        (_, None) => lang.t("决策出台后 10 个工作日内", "within 10 working days of the decision").to_owned(),
    };
    html! { div.published { (row.state.badge(lang)) span.small { (text) } } }
}

/// A file to take away.
#[derive(Clone, Debug)]
pub struct FileLink {
    pub label: String,
    pub href: Href,
    /// `Word`, `PDF`, `TXT`
    pub format: String,
    /// `86 KB`
    pub size: String,
}

#[must_use]
pub fn file_list(lang: Lang, files: &[FileLink]) -> Markup {
    html! {
        @if !files.is_empty() {
            ul.files {
                @for f in files {
                    li {
                        a href=(f.href) download {
                            (icon(Icon::File)) span lang=[lang.content()] { (f.label) }
                        }
                        span.small { (f.format) @if !f.size.is_empty() { " · " (f.size) } }
                    }
                }
            }
        }
    }
}
