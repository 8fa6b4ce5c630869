//! The form of registering.

use maud::{Markup, html};

use super::{crumbs, seats_left};
use crate::{
    component::{Fact, alert, card, definition_list, page_head},
    form::{Choice, Field, FormState, checkbox, csrf, error_summary, hidden, select, submit, text_field},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

pub const FIELD_NAME: &str = "name";
pub const FIELD_CONTACT: &str = "contact";
pub const FIELD_SEATS: &str = "seats";
pub const FIELD_GROUP: &str = "group";
pub const FIELD_NAME_PUBLIC: &str = "name_public";
/// `yes`: whoever registers is under fourteen.
pub const FIELD_CHILD: &str = "child";
/// Name of the guardian who agrees and comes along.
pub const FIELD_GUARDIAN: &str = "guardian";
pub const FIELD_AGREE: &str = "consent";
pub const FIELD_KEY: &str = "key";

#[derive(Clone, Debug)]
pub struct RegisterView {
    pub title: String,
    pub event: Href,
    pub session: i32,
    pub when: String,
    pub place: String,
    pub conditions: String,
    pub free: i32,
    pub party_max: i32,
    /// Until when, in words.
    pub until: String,
    pub action: Href,
    pub csrf: String,
    pub idempotency_key: String,
    /// For whom people may come, where the session asks for it.
    pub groups: Vec<Choice>,
    /// Groups with seats of their own, and what is left for all others.
    pub quotas: Vec<(String, i32)>,
    /// Seats are given by lot once registration has closed; its page.
    pub draw: Option<Href>,
    /// Whether the names of participants are published, masked unless they agree.
    pub asks_name_public: bool,
    pub state: FormState,
    pub erase_days: u32,
    /// Hours for taking up a seat from the waiting list; 0 gives it at once.
    pub offer_hours: i32,
    /// Registration is not open now: why; the form is not shown.
    pub closed: Option<String>,
}

#[must_use]
pub fn register(frame: &Frame<'_>, view: &RegisterView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Events, no_index: true, ..frame.clone() };
    let title = lang.t("活动报名", "Register");
    let body = html! {
        (page_head(title, html! { span lang=[lang.content()] { (view.title) } }))
        div.side-by-side.form-page {
            aside { (beforehand(lang, view)) }
            div {
                @if let Some(why) = &view.closed {
                    (alert(Tone::Info, lang.t("现在不能报名", "Registration is not open"), html! {
                        p { (why) }
                        p { a href=(view.event) { (lang.t("查看活动", "See the event")) } }
                    }))
                } @else {
                    (error_summary(lang, &view.state))
                    (the_form(lang, view))
                }
            }
        }
    };
    let mut trail = crumbs(lang);
    trail.push(Crumb { label: view.title.clone(), href: Some(view.event.clone()) });
    trail.push(Crumb::here(title));
    page(&frame, &view.state.title(lang, title), &trail, body)
}

fn the_form(lang: Lang, view: &RegisterView) -> Markup {
    let state = &view.state;
    let people: Vec<Choice> =
        (1..=view.party_max).map(|n| Choice::new(n.to_string(), n.to_string())).collect();
    html! {
        @if let Some(draw) = &view.draw {
            (alert(Tone::Info, lang.t("名额由摇号决定", "Seats are given by lot"), html! {
                p {
                    (lang.t("报名先后不影响结果；报名截止后摇号并通知您。", "It does not matter who comes first; the draw is held once registration has closed, and you will be told. "))
                    a href=(draw) { (lang.t("怎样摇号", "How it is drawn")) }
                }
            }))
        } @else if view.free <= 0 {
            (alert(Tone::Info, lang.t("名额已满", "All seats are taken"), html! {
                p { (lang.t("现在报名将按先后顺序列入候补；有人取消时，依次递补。", "You will be put on the waiting list in the order of arrival and move up when somebody cancels.")) }
            }))
        }
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden(FIELD_KEY, &view.idempotency_key))
            (text_field(lang, state, &Field::new(FIELD_NAME, lang.t("姓名", "Name")).required().autocomplete("name")
                .hint(if view.asks_name_public {
                    lang.t("入场核对用；参加人名单依法公布。", "Checked at the door; the list of participants is published by law.")
                } else {
                    lang.t("入场核对用，不公开。", "Checked at the door; not published.")
                })))
            (text_field(lang, state, &Field::new(FIELD_CONTACT, lang.t("电子邮箱或手机号", "E-mail or mobile")).required().autocomplete("email")
                .hint(lang.t("留邮箱可收到确认、候补递补、变更和提醒；留手机号的，请凭查询码查看。每个联系方式每场只能报名一次。", "With an e-mail address you are told of your seat, changes and a reminder; with a phone number, use the lookup code. One registration for each contact and session."))))
            (select(lang, state, &Field::new(FIELD_SEATS, lang.t("人数（含本人）", "People, you included")).required()
                .hint(lang.t("同行的人一起报名；名额不够时不拆开，整组候补。", "A group stays together: it gets all its seats or waits.")), &people))
            @if !view.groups.is_empty() {
                (select(lang, state, &Field::new(FIELD_GROUP, lang.t("组别", "You come as")).required()
                    .hint(lang.t("一起报名的人按同一组别计算。", "A party counts as one group.")), &view.groups))
            }
            @if view.asks_name_public {
                (checkbox(lang, state, &Field::new(FIELD_NAME_PUBLIC, ""), html! {
                    (lang.t("参加人名单依法公布；我同意公布全名（不勾选时只公布姓氏）", "The list of participants is published by law; I agree to my full name there (otherwise it is masked)"))
                }))
            }
            @if view.party_max > 1 {
                details.wording open[!state.value(FIELD_CHILD).is_empty() || state.error(FIELD_GUARDIAN).is_some()] {
                    summary { (lang.t("参加人未满 14 周岁", "Somebody under 14 takes part")) }
                    p.small { (lang.t("未满十四周岁的由监护人同意并陪同（《个人信息保护法》第三十一条）：姓名填写孩子的，联系方式填写监护人的，人数包括监护人。", "A guardian agrees and comes along (Personal Information Protection Law, Art. 31): the name above is the child's, the contact the guardian's, and the number includes the guardian.")) }
                    (checkbox(lang, state, &Field::new(FIELD_CHILD, ""), html! { (lang.t("我是监护人，同意并陪同参加", "I am the guardian, I agree and come along")) }))
                    (text_field(lang, state, &Field::new(FIELD_GUARDIAN, lang.t("监护人姓名", "The guardian's name")).autocomplete("off")))
                }
            }
            (checkbox(lang, state, &Field::new(FIELD_AGREE, "").required(), html! {
                (lang.t("我同意为本次活动的报名、通知和入场核对使用以上信息", "I agree that the above is used for this event: registration, messages and the door"))
                (lang.t("（", " (")) a href=(path::NOTICE) { (lang.t("个人信息保护说明", "privacy notice")) } (lang.t("）。", ")."))
            }))
            div.actions {
                (submit(if view.draw.is_some() { lang.t("报名摇号", "Enter the draw") } else if view.free > 0 { lang.t("提交报名", "Register") } else { lang.t("报名候补", "Join the waiting list") }))
                a.button href=(view.event) { (lang.t("返回", "Back")) }
            }
        }
    }
}

fn beforehand(lang: Lang, view: &RegisterView) -> Markup {
    let mut facts = vec![
        Fact::text(lang.t("场次", "Session"), &view.session.to_string()),
        Fact::text(lang.t("时间", "Time"), &view.when),
        Fact::new(lang.t("地点", "Place"), html! { span lang=[lang.content()] { (view.place) } }),
        Fact::text(
            lang.t("名额", "Seats"),
            &if view.draw.is_some() {
                lang.t("摇号决定", "given by lot").to_owned()
            } else {
                seats_left(lang, view.free)
            },
        ),
        Fact::text(lang.t("报名截止", "Closes"), &view.until),
    ];
    if !view.quotas.is_empty() {
        facts.push(Fact::text(lang.t("组别名额", "By group"), &super::show::quotas(lang, &view.quotas)));
    }
    if !view.conditions.is_empty() {
        facts.push(Fact::new(
            lang.t("条件", "Conditions"),
            html! { span lang=[lang.content()] { (view.conditions) } },
        ));
    }
    card(
        lang.t("报名须知", "Before you register"),
        html! {
            (definition_list(&facts))
            ul.beforehand {
                li { (lang.t("报名成功后给出查询码和入场二维码。", "You get a lookup code and a QR code for the door.")) }
                li { (lang.t("凭查询码可以减少人数或取消，名额依次递补。", "With the code you may bring fewer people or cancel; the seats go to the next in line.")) }
                @if view.offer_hours > 0 {
                    li { (match lang {
                        Lang::Zh => format!("候补递补后请在 {} 小时内确认，逾期让给下一位；没有留邮箱的直接确认。", view.offer_hours),
                        Lang::En => format!("A seat from the waiting list is kept for {} hours; without an e-mail address it is yours at once.", view.offer_hours),
                    }) }
                }
                li { (match lang {
                    Lang::Zh => format!("报名信息加密保存，活动结束 {} 天后删除。", view.erase_days),
                    Lang::En => format!("Stored encrypted, erased {} after the event.", lang.days(view.erase_days.into())),
                }) }
            }
        },
    )
}
