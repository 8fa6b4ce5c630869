//! The door of a session: type or scan a code, let in, count; and the list to print.

use maud::{Markup, html};

use crate::{
    asset::asset_url,
    component::{Column, Table, alert, card, empty_state, page_head, table},
    form::{Field, FormState, csrf, error_summary, hidden, submit, text_field},
    label::{RegistrationState, Tone},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

/// A line of the list.
#[derive(Clone, Debug)]
pub struct GuestRow {
    pub number: i32,
    pub name: Option<String>,
    pub contact: Option<String>,
    /// Of somebody under fourteen, who comes with them.
    pub guardian: Option<String>,
    pub seats: i32,
    pub came: i32,
    pub came_at: Option<String>,
    pub state: RegistrationState,
    pub walk_in: bool,
    pub offered_until: Option<String>,
    /// May be let in from the list.
    pub may_enter: bool,
}

/// Who was let in just now.
#[derive(Clone, Debug)]
pub struct LetIn {
    pub number: i32,
    pub name: Option<String>,
    pub came: i32,
    pub seats: i32,
}

#[derive(Clone, Debug)]
pub struct DoorView {
    pub title: String,
    pub event: Href,
    pub session: i32,
    pub when: String,
    pub place: String,
    pub capacity: i32,
    pub taken: i32,
    pub present: i32,
    pub missing: i32,
    pub waiting: (i64, i64),
    pub is_over: bool,
    /// Today is the day.
    pub is_open: bool,
    pub let_in: Option<LetIn>,
    pub rows: Vec<GuestRow>,
    /// `/desk/events/E2026-001/sessions/1`
    pub base: String,
    pub csrf: String,
    /// For the form of the code, and for that of walk-ins.
    pub check_in: FormState,
    pub walk_in: FormState,
}

#[must_use]
pub fn door(frame: &Frame<'_>, side: &[SideItem], view: &DoorView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("签到", "Door");
    let heading = match lang {
        Lang::Zh => format!("{title}：第 {} 场", view.session),
        Lang::En => format!("{title}: session {}", view.session),
    };
    let body = html! {
        p.back { a href=(view.event) lang=[lang.content()] { (view.title) } }
        (page_head(&heading, html! { span { (view.when) } span lang=[lang.content()] { (view.place) } }))
        (counts(lang, view))
        @if let Some(guest) = &view.let_in { (welcome(lang, guest)) }
        (error_summary(lang, &view.check_in))
        (error_summary(lang, &view.walk_in))
        @if view.is_open {
            (queue(lang))
            div.grid-2.no-print { (check_in(lang, view)) (walk_in(lang, view)) }
        } @else {
            (alert(Tone::Info, lang.t("只能在活动当天签到", "People are let in on the day only"), html! {}))
        }
        (list(lang, view))
        script src=(asset_url("door.js")) defer {}
    };
    let state = if view.check_in.has_errors() { &view.check_in } else { &view.walk_in };
    desk(frame, &state.title(lang, &heading), side, body)
}

fn counts(lang: Lang, view: &DoorView) -> Markup {
    let missing =
        if view.is_over { lang.t("未到", "did not come") } else { lang.t("未签到", "not here yet") };
    let free = view.capacity - view.taken;
    html! {
        dl.tally.door-tally {
            div { dt { (lang.t("已到场", "here")) } dd { b data-door-count="present" { (view.present) } span { (lang.t(" 人", "")) } } }
            div { dt { (missing) } dd { b data-door-count="missing" { (view.missing) } span { (lang.t(" 人", "")) } } }
            div { dt { (lang.t("空余名额", "seats free")) } dd { b data-door-count="free" { (free) } span { " / " (view.capacity) } } }
            div { dt { (lang.t("候补", "waiting")) } dd { (view.waiting.1) span { (lang.t(" 人", "")) } } }
        }
    }
}

fn welcome(lang: Lang, guest: &LetIn) -> Markup {
    let title = match lang {
        Lang::Zh => format!("{} 号已签到：{}/{} 人", guest.number, guest.came, guest.seats),
        Lang::En => format!("No. {} is in: {} of {}", guest.number, guest.came, guest.seats),
    };
    alert(
        Tone::Good,
        &title,
        html! { @if let Some(name) = &guest.name { p lang=[lang.content()] { (name) } } },
    )
}

fn check_in(lang: Lang, view: &DoorView) -> Markup {
    let state = &view.check_in;
    card(
        lang.t("凭码签到", "By code"),
        html! {
            form method="post" action={ (view.base) "/check-in" } data-door={ (view.base) "/scans" }
                data-waiting=(lang.t("等待网络", "waiting for the network")) data-sending=(lang.t("正在发送", "sending"))
                data-out=(lang.t("登录已过期：请在另一个页面重新登录，本页会自动补传", "You are signed out: sign in on another page, this one sends what is left")) {
                (csrf(&view.csrf))
                (text_field(lang, state, &Field::new("code", lang.t("查询码、二维码或名单号", "Lookup code, QR code or number")).required().autocomplete("off")
                    // What is wrong is read out first.
                    .focus_if(!state.has_errors() && !view.walk_in.has_errors())
                    .hint(lang.t("扫码枪可直接扫入；也可输入名单上的号。", "A scanner may type it; or the number on the list."))))
                (text_field(lang, state, &Field::new("people", lang.t("实到人数", "How many are here")).short().inputmode("numeric")
                    .hint(lang.t("不填写即全组到齐。", "Empty: all of them."))))
                div.form-acts { (submit(lang.t("签到", "Let in"))) }
            }
        },
    )
}

/// What was scanned on this page and what came of it; filled by the script, which keeps scans while the network is
/// gone.
fn queue(lang: Lang) -> Markup {
    html! {
        section.card.no-print data-door-queue hidden {
            h2.card-title { (lang.t("本页扫码", "Scanned here")) " " span.flag data-door-left hidden {} }
            p.small { (lang.t("没有网络时扫码先存在本机，恢复后自动补传；请不要关闭本页。", "Without a network scans are kept here and sent when it is back; do not close this page.")) }
            ol.text-list aria-live="polite" {}
        }
    }
}

fn walk_in(lang: Lang, view: &DoorView) -> Markup {
    let free = view.capacity - view.taken;
    card(
        lang.t("现场入场", "Walk-in"),
        html! {
            @if free > 0 {
                form method="post" action={ (view.base) "/walk-in" } {
                    (csrf(&view.csrf))
                    (text_field(lang, &view.walk_in, &Field::new("walk_in_name", lang.t("姓名", "Name")).autocomplete("off")))
                    (text_field(lang, &view.walk_in, &Field::new("walk_in_people", lang.t("人数", "People")).short().inputmode("numeric").required()))
                    div.form-acts { button.button type="submit" { (lang.t("放入", "Let in")) } }
                }
            } @else {
                p { (lang.t("没有空余名额。", "No seats are free.")) }
            }
        },
    )
}

fn list(lang: Lang, view: &DoorView) -> Markup {
    let title = lang.t("名单", "List");
    html! {
        section.section #list {
            div.section-head {
                h2 { (title) }
                span.head-links.no-print {
                    @if !view.rows.is_empty() { a href={ (view.base) "/list.csv" } download { (lang.t("下载 CSV", "CSV")) } }
                    button.link type="button" hidden data-act="print" { (lang.t("打印", "Print")) }
                }
            }
            @if view.rows.is_empty() {
                (empty_state(lang.t("还没有人报名", "Nobody has registered yet"), "", None))
            } @else {
                (table(&Table {
                    caption: title.to_owned(),
                    caption_hidden: true,
                    columns: vec![
                        Column::number(lang.t("号", "No.")),
                        Column::text(lang.t("姓名", "Name")),
                        Column::text(lang.t("联系方式", "Contact")),
                        Column::number(lang.t("人数", "People")),
                        Column::tight(lang.t("状态", "State")),
                        Column::text(lang.t("到场", "Here")),
                    ],
                    rows: view.rows.iter().map(|r| row(lang, view, r)).collect(),
                    row_head: Some(1),
                }))
            }
        }
    }
}

fn row(lang: Lang, view: &DoorView, r: &GuestRow) -> Vec<Markup> {
    vec![
        html! { (r.number) },
        html! {
            @if let Some(name) = &r.name { span lang=[lang.content()] { (name) } } @else { span.soft { "—" } }
            @if let Some(name) = &r.guardian { p.small { (lang.t("未满 14 周岁，监护人 ", "under 14, guardian ")) span lang=[lang.content()] { (name) } } }
            @if r.walk_in { p.small { (lang.t("现场入场", "walk-in")) } }
        },
        html! { @if let Some(contact) = &r.contact { (contact) } },
        html! { (r.seats) },
        html! {
            (r.state.badge(lang))
            @if let Some(until) = &r.offered_until { p.small { (lang.t("至 ", "until ")) (until) } }
        },
        html! {
            @if let Some(at) = &r.came_at { (r.came) " · " (at) }
            @else if r.may_enter && view.is_open {
                form.no-print method="post" action={ (view.base) "/check-in" } {
                    (csrf(&view.csrf))
                    (hidden("code", &r.number.to_string()))
                    button.link type="submit" { (lang.t("签到", "Let in")) span.sr { " " (r.number) } }
                }
            }
        },
    ]
}
