//! The desk of requests about personal data (个人信息权利请求).

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::review::{Due, due};
use crate::{
    component::{
        Column, Fact, Pager, Tab, Table, card, definition_list, empty_state, page_head, pager, paragraphs,
        table, tabs,
    },
    form::{Choice, Field, FormState, csrf, error_summary, radios, submit, textarea},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

/// `yes` or `no`
pub const FIELD_GRANTED: &str = "granted";
pub const FIELD_TEXT: &str = "text";

#[derive(Clone, Debug)]
pub struct DataView {
    pub side: Vec<SideItem>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<DataRow>,
    pub automatic: Vec<AutoRow>,
    pub pager: Pager,
    /// What waits is shown, not what is done.
    pub waits: bool,
}

/// A request that somebody answers.
#[derive(Clone, Debug)]
pub struct DataRow {
    pub number: String,
    pub href: Href,
    pub kind: String,
    pub received: NaiveDateTime,
    pub due: Option<Due>,
    pub outcome: String,
    pub answered: Option<NaiveDateTime>,
}

/// A request that the site carried out by itself; it names nobody.
#[derive(Clone, Debug)]
pub struct AutoRow {
    pub number: String,
    pub kind: String,
    pub done: NaiveDateTime,
    /// How many things it was about.
    pub things: u64,
}

#[derive(Clone, Debug)]
pub struct DataCaseView {
    pub side: Vec<SideItem>,
    pub row: DataRow,
    pub contact_masked: Option<String>,
    pub text: String,
    pub answer: Option<String>,
    /// Who asked had it erased since.
    pub erased: bool,
    pub outcomes: Vec<Choice>,
    pub longest: usize,
    pub csrf: String,
    pub form: FormState,
}

#[must_use]
pub fn list(frame: &Frame<'_>, view: &DataView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("个人信息请求", "Requests about personal data");
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("《个人信息保护法》第四十四条至第四十八条；拒绝的，应当说明理由（第五十条）。", "Personal Information Protection Law, Art. 44 to 48; a refusal gives its reasons (Art. 50).")) }
        }))
        (tabs(title, &view.tabs))
        @if view.rows.is_empty() && view.automatic.is_empty() {
            (empty_state(lang.t("这里没有请求", "No requests here"), if view.waits { lang.t("核验过联系方式的人可以在“我的数据”页面提出。", "Whoever proved a contact asks on the page My data.") } else { "" }, None))
        } @else if view.automatic.is_empty() {
            (asked(lang, view))
            (pager(lang, &view.pager))
        } @else {
            p.soft { (lang.t("查阅、更正联系方式和删除由本人在“我的数据”页面自行办理，当场完成，不记录是谁。", "People take a copy, correct their contact and erase on the page My data by themselves, at once; who it was is not recorded.")) }
            (carried_out(lang, &view.automatic))
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, &view.side, body)
}

fn asked(lang: Lang, view: &DataView) -> Markup {
    let row = |r: &DataRow| {
        vec![
            html! { a href=(r.href) { (r.number) } },
            html! { (r.kind) },
            html! { (lang.date_time(r.received)) },
            html! {
                @if let Some(d) = &r.due { (due(lang, d)) }
                @else { (r.outcome) @if let Some(at) = r.answered { p.small { (lang.date_time(at)) } } }
            },
        ]
    };
    table(&Table {
        caption: lang.t("请求", "Requests").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("编号", "Number")),
            Column::text(lang.t("请求", "Asked for")),
            Column::tight(lang.t("收到", "Received")),
            Column::tight(if view.waits { lang.t("期限", "Due") } else { lang.t("结果", "Outcome") }),
        ],
        rows: view.rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}

fn carried_out(lang: Lang, rows: &[AutoRow]) -> Markup {
    let row = |r: &AutoRow| {
        vec![
            html! { (r.number) },
            html! { (r.kind) },
            html! { (lang.date_time(r.done)) },
            html! { (r.things) },
        ]
    };
    table(&Table {
        caption: lang.t("系统自动办理的请求", "Carried out by the site").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("编号", "Number")),
            Column::text(lang.t("办理", "What was done")),
            Column::tight(lang.t("时间", "Time")),
            Column::number(lang.t("涉及（条）", "Things")),
        ],
        rows: rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}

#[must_use]
pub fn case(frame: &Frame<'_>, view: &DataCaseView) -> Markup {
    let lang = frame.lang;
    let title = format!("{} {}", lang.t("个人信息请求", "Request about personal data"), view.row.number);
    let mut facts = vec![
        Fact::text(lang.t("请求", "Asked for"), &view.row.kind),
        Fact::text(lang.t("收到", "Received"), &lang.date_time(view.row.received)),
    ];
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("联系方式（已核验）", "Contact (proved)"), contact));
    }
    if let Some(at) = view.row.answered {
        facts.push(Fact::text(lang.t("结果", "Outcome"), &view.row.outcome));
        facts.push(Fact::text(lang.t("答复", "Answered"), &lang.date_time(at)));
    }
    let body = html! {
        p.back { a href=(path::DESK_DATA_REQUESTS) { (lang.t("← 个人信息请求", "← Requests about personal data")) } }
        (page_head(&title, html! { @if let Some(d) = &view.row.due { (due(lang, d)) } @else { span { (view.row.outcome) } } }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                section.card {
                    h2.card-title { (lang.t("请求内容", "What is asked")) }
                    @if view.erased { p.soft { (lang.t("请求人已要求删除。", "Erased since, as its author asked.")) } }
                    @else { div.own-words lang=[lang.content()] { p { (view.text) } } }
                }
                @if let Some(answer) = &view.answer {
                    section.card.result { h2.card-title { (lang.t("答复", "The answer")) } div lang=[lang.content()] { (paragraphs(answer)) } }
                } @else if view.row.answered.is_none() { (answer_form(lang, view)) }
            }
            aside { (card(lang.t("请求信息", "About it"), definition_list(&facts))) }
        }
    };
    desk(frame, &view.form.title(lang, &title), &view.side, body)
}

fn answer_form(lang: Lang, view: &DataCaseView) -> Markup {
    let state = &view.form;
    html! {
        form.card method="post" action={ (view.row.href) "/answer" } novalidate {
            (csrf(&view.csrf))
            h2.card-title { (lang.t("答复", "Answer")) }
            div.choices-row { (radios(lang, state, &Field::new(FIELD_GRANTED, lang.t("办理结果", "Outcome")).required(), &view.outcomes)) }
            (textarea(lang, state, &Field::new(FIELD_TEXT, lang.t("答复内容", "The answer")).required().rows(6).max(view.longest)
                .hint(lang.t("写明办了什么；不予办理的，写明理由和依据，并告知可以向人民法院起诉（第五十条）。只有请求人凭查询码看到。", "What was done; where it was not, why, on which ground, and that a court may be asked (Art. 50). Only its author reads it."))))
            div.actions { (submit(lang.t("提交答复", "Answer"))) }
        }
    }
}
