//! What takes two administrators: who asks for what, and the other one's answer.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Column, Table, card, empty_state, page_head, table},
    form::csrf,
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    Waiting,
    Approved,
    Refused,
    Withdrawn,
    /// Nobody decided in time.
    Void,
}

impl RequestState {
    fn badge(self, lang: Lang) -> Markup {
        match self {
            Self::Waiting => badge(Tone::Info, Icon::Clock, lang.t("待确认", "Waits")),
            Self::Approved => badge(Tone::Good, Icon::Check, lang.t("已确认", "Confirmed")),
            Self::Refused => badge(Tone::Warn, Icon::Cross, lang.t("已拒绝", "Refused")),
            Self::Withdrawn => badge(Tone::Plain, Icon::Cross, lang.t("已撤回", "Taken back")),
            Self::Void => badge(Tone::Plain, Icon::Dash, lang.t("已失效", "Void")),
        }
    }
}

/// What the reader may do about it.
#[derive(Clone, Debug)]
pub struct RequestActs {
    /// None for who asked and for whom it is about.
    pub approve: Option<Href>,
    pub refuse: Href,
    /// The reader asked: refusing takes it back.
    pub own: bool,
}

#[derive(Clone, Debug)]
pub struct RequestRow {
    pub what: String,
    pub person: String,
    pub person_href: Href,
    pub asked_by: String,
    pub asked_at: NaiveDateTime,
    pub state: RequestState,
    pub decided_by: Option<String>,
    pub acts: Option<RequestActs>,
}

#[must_use]
pub fn requests(frame: &Frame<'_>, side: &[SideItem], rows: &[RequestRow], token: &str) -> Markup {
    let lang = frame.lang;
    let title = lang.t("待确认事项", "Requests");
    let lead = lang.t(
        "这里的事项须由两位管理员办理：一位提出，另一位核实后确认。申请 72 小时内有效。",
        "These take two administrators: one asks, another makes sure and confirms within 72 hours.",
    );
    let (waiting, decided): (Vec<&RequestRow>, Vec<&RequestRow>) =
        rows.iter().partition(|row| row.acts.is_some());
    let body = html! {
        p.back { a href="/desk/admin/staff" { (lang.t("← 全部人员", "← All staff")) } }
        (page_head(title, html! { p { (lead) } }))
        @if waiting.is_empty() {
            (empty_state(lang.t("没有待确认的事项", "Nothing waits"), "", None))
        } @else {
            (card(lang.t("待确认", "Waiting"), list(lang, title, &waiting, Some(token))))
        }
        @if !decided.is_empty() {
            (card(lang.t("已办理", "Decided"), list(lang, title, &decided, None)))
        }
    };
    desk(frame, title, side, body)
}

fn list(lang: Lang, caption: &str, rows: &[&RequestRow], token: Option<&str>) -> Markup {
    let cells = |row: &&RequestRow| {
        vec![
            html! { (row.what) },
            html! { a href=(row.person_href) lang=[lang.content()] { (row.person) } },
            html! { span lang=[lang.content()] { (row.asked_by) } },
            html! { (lang.date_time(row.asked_at)) },
            html! {
                @match (&row.acts, token) {
                    (Some(acts), Some(token)) => (buttons(lang, acts, token)),
                    _ => {
                        (row.state.badge(lang))
                        @if let Some(by) = &row.decided_by { " " span lang=[lang.content()] { (by) } }
                    }
                }
            },
        ]
    };
    table(&Table {
        caption: caption.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("事项", "What")),
            Column::text(lang.t("当事人", "About")),
            Column::text(lang.t("申请人", "Asked by")),
            Column::tight(lang.t("申请时间", "Asked")),
            Column::tight(lang.t("办理", "Decision")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn buttons(lang: Lang, acts: &RequestActs, token: &str) -> Markup {
    let refuse = if acts.own { lang.t("撤回", "Take back") } else { lang.t("拒绝", "Refuse") };
    let button = |action: &Href, class: &str, label: &str| {
        html! {
            form method="post" action=(action) {
                (csrf(token))
                button class=(class) type="submit" { (label) }
            }
        }
    };
    html! {
        div.row-acts {
            @if let Some(action) = &acts.approve { (button(action, "button small-button", lang.t("确认", "Confirm"))) }
            (button(&acts.refuse, "button small-button", refuse))
        }
    }
}
