//! What the page of a hearing tells beside that of every event: rules of selection, participants, materials, record,
//! and the opinions it brought.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{Column, Table, card, paragraphs, table},
    lang::Lang,
    link::Href,
};

#[derive(Clone, Debug)]
pub struct ParticipantRow {
    pub number: String,
    pub name: String,
    pub group: Option<String>,
    pub seats: i32,
}

#[derive(Clone, Debug, Default)]
pub struct HearingView {
    /// Empty when whoever has a seat takes part.
    pub rules: String,
    pub participants: Vec<ParticipantRow>,
    pub participants_at: Option<NaiveDateTime>,
    /// Last day for the materials, and when they were delivered.
    pub materials_due: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    pub record: Option<String>,
    /// Parties that took part, and those that confirmed the record.
    pub confirmed: (u64, u64),
    pub voices: Option<VoicesView>,
}

/// The opinions an event brought.
#[derive(Clone, Debug)]
pub struct VoicesView {
    pub count: usize,
    /// Numbers of those that are published.
    pub numbers: Vec<String>,
    pub consultation: Href,
}

#[must_use]
pub fn hearing(lang: Lang, h: &HearingView) -> Markup {
    html! {
        @if let Some(record) = &h.record {
            (card(lang.t("听证会记录", "Record of the hearing"), html! {
                div.prose lang=[lang.content()] { (paragraphs(record)) }
                p.small { (confirmed(lang, h.confirmed)) }
            }))
        }
        @if !h.rules.is_empty() {
            (card(lang.t("遴选办法", "How participants are selected"), html! { div.prose lang=[lang.content()] { (paragraphs(&h.rules)) } }))
        }
        @if !h.participants.is_empty() { (participants(lang, h)) }
    }
}

/// `3 组参加人中 2 组已确认记录`
#[must_use]
pub fn confirmed(lang: Lang, (came, confirmed): (u64, u64)) -> String {
    match lang {
        Lang::Zh => format!("到场 {came} 组参加人，{confirmed} 组已确认或签字。"),
        Lang::En => format!("Of {came} parties that took part, {confirmed} have confirmed or signed it."),
    }
}

fn participants(lang: Lang, h: &HearingView) -> Markup {
    let rows = h.participants.iter().map(|p| {
        vec![
            html! { (p.number) },
            html! { span lang=[lang.content()] { (p.name) } },
            html! { (p.group.as_deref().unwrap_or("—")) },
            html! { (p.seats) },
        ]
    });
    let listed = Table {
        caption: lang.t("听证会参加人名单", "Participants").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("报名编号", "Number")),
            Column::text(lang.t("姓名", "Name")),
            Column::text(lang.t("组别", "Group")),
            Column::number(lang.t("人数", "People")),
        ],
        rows: rows.collect(),
        row_head: Some(0),
    };
    card(
        lang.t("听证会参加人名单", "Participants"),
        html! {
            (table(&listed))
            @if let Some(at) = h.participants_at {
                p.small { (match lang {
                    Lang::Zh => format!("{} 公布；未同意公布全名的只公布姓氏。", lang.date_time(at)),
                    Lang::En => format!("Published on {}; names are masked unless the person agreed.", lang.date_time(at)),
                }) }
            }
        },
    )
}

/// Beside the page: the materials.
#[must_use]
pub fn materials(lang: Lang, h: &HearingView) -> Markup {
    html! {
        @if let Some(due) = h.materials_due {
            (card(lang.t("听证材料", "Materials"), html! {
                p { (match (h.delivered_on, lang) {
                    (Some(on), Lang::Zh) => format!("{}送达参加人。", lang.date(on)),
                    (Some(on), Lang::En) => format!("Delivered to the participants on {}.", lang.date(on)),
                    (None, Lang::Zh) => format!("最迟 {} 送达参加人。", lang.date(due)),
                    (None, Lang::En) => format!("They reach the participants by {}.", lang.date(due)),
                }) }
                p.small { (lang.t("会议召开 7 日前送达（重大行政决策程序暂行条例第16条）。", "7 days before the hearing (State Council Order 713, Art. 16).")) }
            }))
        }
    }
}

/// The opinions an event brought into its consultation.
#[must_use]
pub fn voices(lang: Lang, v: &VoicesView) -> Markup {
    card(
        lang.t("会上提出的意见", "Opinions voiced there"),
        html! {
            p {
                (match lang {
                    Lang::Zh => format!("{} 条意见已录入征求意见，与网上意见一样审核、办理和答复。", v.count),
                    Lang::En => format!("{} entered in the consultation, reviewed and answered like all others.", lang.counted(i64::try_from(v.count).unwrap_or(i64::MAX), "", "opinion was", "opinions were")),
                })
                " " a href=(v.consultation) { (lang.t("查看征求意见", "See the consultation")) }
            }
            @if !v.numbers.is_empty() {
                p.small { (lang.t("已公开：", "Published: ")) (v.numbers.join(lang.t("、", ", "))) }
            }
        },
    )
}
