//! The page behind the lookup code of a registration: how it stands, the code for the door, what may be changed.

use maud::{Markup, html};

use crate::{
    component::{Fact, SlipHead, Square, alert, definition_list, slip, square_code, stamp},
    form::{Choice, Field, FormState, csrf, error_summary, select, submit},
    label::{RegistrationState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct RegistrationView {
    /// With dashes.
    pub code: String,
    pub number: String,
    pub state: RegistrationState,
    pub title: String,
    pub event: Href,
    pub calendar: Href,
    pub session: i32,
    pub when: String,
    pub place: String,
    pub seats: i32,
    pub name: Option<String>,
    pub contact_masked: Option<String>,
    pub registered: String,
    pub group: Option<String>,
    /// The page of the draw, where seats are given by lot.
    pub draw: Option<Href>,
    /// When the draw is held, before it is.
    pub drawn_at: Option<String>,
    /// Parties before this one, while it waits.
    pub ahead: u64,
    /// Until when the offered seat is kept.
    pub offered_until: Option<String>,
    /// Why the event is off.
    pub cancelled: Option<String>,
    pub may_change: bool,
    pub may_accept: bool,
    /// The record of the hearing waits for this person's confirmation.
    pub may_confirm: bool,
    /// When it was confirmed.
    pub confirmed: Option<String>,
    pub qr: Option<Square>,
    pub csrf: String,
    pub form: FormState,
    /// The questionnaire, once it is over.
    pub feedback: Option<Href>,
    /// For door staff who scanned the code: the door.
    pub door: Option<Href>,
}

#[must_use]
pub fn registration(frame: &Frame<'_>, view: &RegistrationView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("活动报名", "Your registration");
    let head = SlipHead {
        kind: lang.t("报名回执", "registration"),
        title,
        stamp: stamp(view.state.tone(), view.state.word(lang)),
        code: &view.code,
        keep: lang.t(
            "请妥善保存：入场、更改和取消都凭它。",
            "Keep it: it opens the door, and is the key to changes.",
        ),
        links: html! {
            @if view.qr.is_some() { a href={ (crate::path::REGISTRATIONS) "/" (view.code) "/ticket" } { (lang.t("入场凭证（PDF）", "Ticket (PDF)")) } }
            a href=(view.calendar) { (lang.t("加入日历", "Add to a calendar")) }
            a href={ "/receipts/mails/" (view.code) } { (lang.t("邮件通知", "Mails")) }
        },
    };
    let below = html! {
        (what_it_means(lang, view))
        (record(lang, view))
        @if let Some(square) = &view.qr {
            (square_code(square, lang.t("入场二维码", "QR code for the door")))
            p.small.qr-note { (lang.t("入场时出示二维码，或者报查询码、报名编号。", "Show this code at the door, or say the lookup code or number.")) }
        }
        (facts(lang, view))
        (acts(lang, view))
    };
    let body = html! { (error_summary(lang, &view.form)) (slip(&frame, &head, below)) };
    page(&frame, &view.form.title(lang, title), &[Crumb::here(title)], body)
}

fn what_it_means(lang: Lang, view: &RegistrationView) -> Markup {
    html! {
        @if let Some(reason) = &view.cancelled {
            (alert(Tone::Warn, lang.t("活动已取消，您不必再做什么", "The event is cancelled; you need not do anything"), html! { p lang=[lang.content()] { (reason) } }))
        } @else if view.state == RegistrationState::Entered {
            (alert(Tone::Info, lang.t("已参加摇号", "You take part in the draw"), html! {
                @if let Some(at) = &view.drawn_at {
                    p { (match lang {
                        Lang::Zh => format!("报名截止后摇号：{at}。结果会通知您，也显示在本页。"),
                        Lang::En => format!("It is held once registration has closed: {at}. You will be told, and this page says it too."),
                    }) }
                }
            }))
        } @else if view.state == RegistrationState::Waiting && view.draw.is_some() {
            (alert(Tone::Info, lang.t("摇号结果：候补", "The draw made you an alternate"), html! {
                p { (match lang {
                    Lang::Zh => format!("前面还有 {} 组。有人取消时按摇号的次序递补。", view.ahead),
                    Lang::En => format!("{} before you. When seats become free they go in the order drawn.", lang.counted(i64::try_from(view.ahead).unwrap_or(i64::MAX), "", "party", "parties")),
                }) }
            }))
        } @else if view.state == RegistrationState::Waiting {
            (alert(Tone::Info, lang.t("名额已满，您在候补名单中", "You are on the waiting list"), html! {
                p { (match lang {
                    Lang::Zh => format!("前面还有 {} 组。有人取消时按先后顺序递补；人数超过空出名额的组保留次序。", view.ahead),
                    Lang::En => format!("{} before you. When seats become free they go to the first in line who fits; a larger party keeps its place.", lang.counted(i64::try_from(view.ahead).unwrap_or(i64::MAX), "", "party", "parties")),
                }) }
            }))
        } @else if view.state == RegistrationState::Offered {
            (alert(Tone::Warn, lang.t("有名额了，请确认", "A seat is kept for you"), html! {
                @if let Some(until) = &view.offered_until { p { (lang.t("保留至 ", "Until ")) strong { (until) } (lang.t("，逾期让给下一位。", "; then it goes to the next in line.")) } }
                @if view.may_accept {
                    form method="post" action={ (crate::path::REGISTRATIONS) "/" (view.code) "/accept" } {
                        (csrf(&view.csrf))
                        p.actions { (submit(lang.t("确认参加", "I will come"))) }
                    }
                }
            }))
        }
    }
}

fn record(lang: Lang, view: &RegistrationView) -> Markup {
    html! {
        @if view.may_confirm {
            (alert(Tone::Info, lang.t("听证会记录待您确认", "The record of the hearing waits for you"), html! {
                p {
                    a href=(view.event) { (lang.t("阅读听证会记录", "Read the record")) }
                    (lang.t("，确认其中您的发言无误。如有不符，请与承办单位联系更正。", " and confirm that it tells what you said. If it does not, please tell the office."))
                }
                form method="post" action={ (crate::path::REGISTRATIONS) "/" (view.code) "/record" } {
                    (csrf(&view.csrf))
                    p.actions { (submit(lang.t("确认记录无误", "It is right"))) }
                }
            }))
        } @else if let Some(at) = &view.confirmed {
            p.small { (lang.t("听证会记录已确认：", "Record confirmed: ")) (at) }
        }
    }
}

fn facts(lang: Lang, view: &RegistrationView) -> Markup {
    let mut facts = vec![
        Fact::new(
            lang.t("活动", "Event"),
            html! { a href=(view.event) lang=[lang.content()] { (view.title) } },
        ),
        Fact::text(lang.t("场次", "Session"), &view.session.to_string()),
        Fact::text(lang.t("时间", "Time"), &view.when),
        Fact::new(lang.t("地点", "Place"), html! { span lang=[lang.content()] { (view.place) } }),
        Fact::text(lang.t("人数", "People"), &view.seats.to_string()),
        Fact::text(lang.t("报名编号", "Number"), &view.number),
        Fact::text(lang.t("报名时间", "Registered"), &view.registered),
    ];
    if let Some(group) = &view.group {
        facts.push(Fact::text(lang.t("组别", "Group"), group));
    }
    if let Some(draw) = &view.draw {
        facts.push(Fact::new(
            lang.t("摇号", "Draw"),
            html! { a href=(draw) { (lang.t("办法和结果", "Method and result")) } },
        ));
    }
    if let Some(name) = &view.name {
        facts.push(Fact::new(lang.t("姓名", "Name"), html! { span lang=[lang.content()] { (name) } }));
    }
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("联系方式", "Contact"), contact));
    }
    if view.name.is_none() && view.contact_masked.is_none() {
        facts.push(Fact::text(
            lang.t("个人信息", "Personal data"),
            lang.t("已按期删除", "erased on schedule"),
        ));
    }
    definition_list(&facts)
}

fn acts(lang: Lang, view: &RegistrationView) -> Markup {
    let base = format!("{}/{}", crate::path::REGISTRATIONS, view.code);
    let fewer: Vec<Choice> =
        (1..view.seats).rev().map(|n| Choice::new(n.to_string(), n.to_string())).collect();
    html! {
        @if let Some(href) = &view.feedback {
            section.slip-part.no-print {
                h2 { (lang.t("谢谢您来参加", "Thank you for coming")) }
                p.actions { a.button.primary href=(href) { (lang.t("评价活动", "Tell us how it was")) } }
            }
        }
        @if let Some(door) = &view.door {
            section.slip-part.no-print { p.actions { a.button.primary href=(door) { (lang.t("去签到", "To the door")) } } }
        }
        @if view.may_change {
            section.slip-part.no-print {
                h2 { (lang.t("更改或取消", "Change or cancel")) }
                @if !fewer.is_empty() {
                    form.inline-form method="post" action={ (base) "/size" } {
                        (csrf(&view.csrf))
                        (select(lang, &view.form, &Field::new("seats", lang.t("减少到（人）", "Fewer people: only")), &fewer))
                        button.button type="submit" { (lang.t("减少人数", "Change")) }
                    }
                }
                form method="post" action={ (base) "/cancel" } {
                    (csrf(&view.csrf))
                    p.actions {
                        button.button type="submit" { (lang.t("取消报名", "Cancel my registration")) }
                        span.small { (lang.t("名额将让给后面的人，取消后不能恢复。", "The seats go on at once; this cannot be undone.")) }
                    }
                }
            }
        }
    }
}
