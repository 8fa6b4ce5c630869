//! The organiser's part of a hearing: selection, participants, materials, record, and what was said.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{card, paragraphs},
    event::hearing::confirmed,
    form::{Choice, Field, FormState, checkbox, csrf, date_field, select, submit, text_field, textarea},
    lang::Lang,
};

#[derive(Clone, Debug)]
pub struct HearingDeskView {
    pub code: String,
    pub csrf: String,
    pub may_select: bool,
    pub rules: String,
    pub may_list: bool,
    /// How many stand in the published list.
    pub listed: usize,
    /// Last day for the materials.
    pub due: Option<NaiveDate>,
    pub delivered: Option<(NaiveDate, String)>,
    pub may_deliver: bool,
    pub may_record: bool,
    pub has_record: bool,
    pub confirmed: (u64, u64),
}

#[must_use]
pub fn hearing(lang: Lang, v: &HearingDeskView, state: &FormState) -> Markup {
    let base = format!("/desk/events/{}/hearing", v.code);
    html! {
        section.card #hearing {
            h2.card-title { (lang.t("听证会", "The hearing")) }
            (selection(lang, v, state, &base))
            @if v.may_list { (list(lang, v, &base)) }
            @if let Some(due) = v.due { (materials(lang, v, state, &base, due)) }
            @if v.may_record { (record(lang, v, state, &base)) }
        }
    }
}

fn selection(lang: Lang, v: &HearingDeskView, state: &FormState, base: &str) -> Markup {
    html! {
        h3.sub { (lang.t("遴选办法", "Selection of participants")) }
        @if v.may_select {
            form method="post" action={ (base) "/selection" } {
                (csrf(&v.csrf))
                (checkbox(lang, state, &Field::new("selects", ""), html! {
                    (lang.t("从报名者中遴选参加人", "Participants are selected from those who register"))
                }))
                (textarea(lang, state, &Field::new("rules", lang.t("遴选办法", "Rules of selection")).rows(4).max(5000)
                    .hint(lang.t("遴选的（包括摇号、分组名额）必须提前公布，保证各方都有代表（国令713第16条第3款）。", "A must where participants are selected, by lot or group too; every side is represented (Order 713, Art. 16(3)).")) ))
                div.form-acts { (submit(lang.t("保存", "Save"))) }
            }
        } @else if v.rules.is_empty() {
            p { (lang.t("不遴选，有名额者参加。", "No selection: whoever has a seat takes part.")) }
        } @else {
            div.prose lang=[lang.content()] { (paragraphs(&v.rules)) }
        }
    }
}

fn list(lang: Lang, v: &HearingDeskView, base: &str) -> Markup {
    html! {
        h3.sub { (lang.t("参加人名单", "List of participants")) }
        @if v.listed > 0 {
            p { (match lang {
                Lang::Zh => format!("已公布 {} 组。名额有变化的，可以重新公布。", v.listed),
                Lang::En => format!("{} published. If seats changed, publish it again.", lang.counted(i64::try_from(v.listed).unwrap_or(i64::MAX), "", "party", "parties")),
            }) }
        }
        form.form-acts method="post" action={ (base) "/participants" } {
            (csrf(&v.csrf))
            (submit(if v.listed > 0 { lang.t("重新公布名单", "Publish it again") } else { lang.t("公布名单", "Publish the list") }))
            span.small { (lang.t("公布所有已取得名额的报名：编号、组别、姓名（未同意的只公布姓氏）。", "Everybody with a seat: number, group, and the name, masked unless they agreed.")) }
        }
    }
}

fn materials(lang: Lang, v: &HearingDeskView, state: &FormState, base: &str, due: NaiveDate) -> Markup {
    html! {
        h3.sub { (lang.t("材料送达", "Materials")) }
        p { (match lang {
            Lang::Zh => format!("最迟 {} 送达（会前 7 日）。", lang.date(due)),
            Lang::En => format!("Due by {}, 7 days before.", lang.date(due)),
        }) }
        @if let Some((on, how)) = &v.delivered {
            p { (lang.date(*on)) " " span lang=[lang.content()] { (how) } }
        }
        @if v.may_deliver {
            @let form = delivery(lang, v, state, base);
            @if v.delivered.is_some() {
                (again(lang.t("更正送达记录", "Correct the delivery"), state, &["delivered_on", "how"], form))
            } @else { (form) }
        }
    }
}

/// A form that was sent before: folded away until it is wanted again.
fn again(summary: &str, state: &FormState, fields: &[&str], form: Markup) -> Markup {
    let open = fields.iter().any(|f| state.error(f).is_some());
    html! { details.act open[open] { summary { (summary) } (form) } }
}

fn delivery(lang: Lang, v: &HearingDeskView, state: &FormState, base: &str) -> Markup {
    html! {
        form method="post" action={ (base) "/materials" } {
            (csrf(&v.csrf))
            div.field-row {
                (date_field(lang, state, &Field::new("delivered_on", lang.t("送达日期", "Delivered on")).required()))
                (text_field(lang, state, &Field::new("how", lang.t("送达方式", "How")).required()))
            }
            div.form-acts { (submit(lang.t("登记送达", "Record the delivery"))) }
        }
    }
}

fn record(lang: Lang, v: &HearingDeskView, state: &FormState, base: &str) -> Markup {
    html! {
        @let form = html! {
            form method="post" action={ (base) "/record" } {
                (csrf(&v.csrf))
                (textarea(lang, state, &Field::new("record", lang.t("记录", "The record")).required().rows(10).max(50_000)
                    .hint(lang.t("承办单位介绍、参加人陈述意见、询问和辩论。公布在活动页面，由参加人确认；更正后须重新确认。未经同意不写全名。", "Presentation, statements, questions and debate. Published and confirmed by the participants; a corrected one is confirmed anew. No full names without consent."))))
                div.form-acts { (submit(if v.has_record { lang.t("公布更正", "Publish the correction") } else { lang.t("公布记录", "Publish the record") })) }
            }
        };
        h3.sub { (lang.t("听证会记录", "Record")) }
        @if !v.has_record { (form) }
        @else {
            p { (lang.t("已公布。", "Published. ")) (confirmed(lang, v.confirmed)) }
            (again(lang.t("更正记录", "Correct the record"), state, &["record"], form))
            p.small { (lang.t("在纸质记录上签字的，登记如下：", "Whoever signed the record on paper is noted here:")) }
            form.inline-form method="post" action={ (base) "/signature" } {
                (csrf(&v.csrf))
                (text_field(lang, state, &Field::new("session", lang.t("场次", "Session")).short().inputmode("numeric").required()))
                (text_field(lang, state, &Field::new("place", lang.t("报名序号", "Number on the list")).short().inputmode("numeric").required()))
                button.button type="submit" { (lang.t("登记已签字", "Note the signature")) }
            }
        }
    }
}

/// Entering what was said.
#[must_use]
pub fn voice(
    lang: Lang,
    code: &str,
    token: &str,
    kinds: &[Choice],
    entered: usize,
    state: &FormState,
) -> Markup {
    card(
        lang.t("录入会上意见", "Enter what was said"),
        html! {
            p.small { (match lang {
                Lang::Zh => format!("已录入 {entered} 条。意见进入关联决策事项的征求意见，照常审核和答复。"),
                Lang::En => format!("{entered} entered so far. They go into the consultation of the decision, and are reviewed and answered there."),
            }) }
            form method="post" action={ "/desk/events/" (code) "/opinions" } {
                (csrf(token))
                (textarea(lang, state, &Field::new("voice", lang.t("意见", "Opinion")).required().rows(4)))
                div.field-row {
                    (text_field(lang, state, &Field::new("speaker", lang.t("发言人（可不填）", "Speaker (may be empty)"))))
                    (select(lang, state, &Field::new("person_kind", lang.t("身份", "Who spoke")).required(), kinds))
                    (date_field(lang, state, &Field::new("received_on", lang.t("日期（不填为活动当日）", "Day (empty: of the event)"))))
                }
                div.form-acts { (submit(lang.t("录入", "Enter"))) }
            }
        },
    )
}
