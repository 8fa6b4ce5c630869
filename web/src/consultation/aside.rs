//! Beside the draft: time left and the action, the way so far, the numbers, the files; and the other
//! channels.

use maud::{Markup, html};

use super::share::share_card;
use super::{Channels, ConsultationView};
use crate::{
    component::{Fact, Part, PartTone, card, countdown, definition_list, duty, file_list, numbers, timeline},
    identity::Asks,
    label::ConsultationState,
    lang::Lang,
    link::Href,
};

pub(super) fn side(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        (act(lang, view))
        @if !view.draft.files.is_empty() {
            (card(lang.t("下载全文", "Download"), file_list(lang, &view.draft.files)))
        }
        (card(lang.t("办理进程", "The way of this matter"), html! {
            (timeline(lang, &view.steps))
            @if let Some(line) = &view.next_duty { div.side-duty { (duty(lang, line)) } }
            @if let Some(href) = &view.decision { p.small { a href=(href) { (lang.t("查看决策全过程", "The whole dossier")) } } }
        }))
        (card(lang.t("收到的意见", "Opinions received"), sums(lang, view)))
        @if let Some(share) = &view.share { (share_card(lang, share)) }
    }
}

fn act(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        section class={ "card act" @if view.state == ConsultationState::ClosingSoon { " act-soon" } } {
            h2.sr { (lang.t("提意见", "Give your opinion")) }
            @match view.state {
                ConsultationState::Upcoming => p.days-left { (lang.date(view.opens)) (lang.t(" 开始征集", " opens")) },
                _ => div.countdown-big { (countdown(lang, view.days_left, view.closes)) },
            }
            @if !view.counted.is_empty() {
                details.explain {
                    summary { (lang.t("这个日期是怎么算的", "How this date was counted")) }
                    p.small { (view.counted) }
                }
            }
            @if let Some(href) = &view.speak {
                a.button.primary.wide href=(href) { (lang.t("我要提意见", "Give your opinion")) }
                @if view.asks == Asks::Provider {
                    p.small { (lang.t("提交前通过统一身份认证核验（后台实名、前台自愿），防止冒名和重复计数；联系方式不公开。", "You sign in at an identity provider before an opinion is taken, so that nobody speaks for you or is counted twice; your contact is never shown.")) }
                } @else if view.asks == Asks::Contact {
                    p.small { (lang.t("提交前用验证码核验手机号码或电子邮箱，防止冒名和重复计数；不公开。", "A mobile number or e-mail address is verified by a code before an opinion is taken, so that nobody speaks for you or is counted twice; it is never shown.")) }
                } @else {
                    p.small { a href={ (href) "/several" } { (lang.t("一次对多条提意见", "Speak on several clauses at once")) } }
                }
                p.small { (lang.t("约 3 分钟，不用注册。", "About three minutes, no account. ")) a href="#channels" { (lang.t("也可来信、来电、发邮件", "Or write, call or e-mail")) } (lang.t("。", ".")) }
            } @else if let Some(href) = &view.summary {
                a.button.wide href=(href) { (lang.t("查看采纳情况", "See the answer")) }
            } @else {
                p.small { (lang.t("草案和已公开的意见仍可查看。", "Draft and published opinions stay readable.")) }
            }
        }
    }
}

fn sums(lang: Lang, view: &ConsultationView) -> Markup {
    let r = view.received;
    let mut parts = vec![
        Part::new(lang.t("已公开", "Published"), r.published, PartTone::Strong),
        Part::new(lang.t("待审核", "Waiting for review"), r.pending, PartTone::Middle),
        Part::new(lang.t("不公开", "Not shown"), r.withheld, PartTone::Light)
            .note(lang.t("已计入办理", "counted and dealt with")),
        Part::new(lang.t("不予受理", "Not accepted"), r.rejected, PartTone::Pale),
    ];
    if r.withdrawn > 0 {
        parts.push(Part::new(lang.t("作者撤回", "Withdrawn"), r.withdrawn, PartTone::Pale));
    }
    html! {
        @if r.total() == 0 {
            p.soft {
                @if view.speak.is_some() {
                    (lang.t("还没有收到意见，欢迎您第一个提出。", "None yet. Be the first."))
                } @else {
                    (lang.t("没有收到意见。", "None were received."))
                }
            }
        } @else {
            (numbers(lang.t("收到的意见", "Opinions received"), lang.t("共收到", "Received"), &parts))
            p.small { (match lang {
                Lang::Zh => format!("来自 {} 人", view.people),
                Lang::En => format!("from {} people", view.people),
            }) }
            p.small { a href={ (view.href) "/fairness" } { (lang.t("怎样办理的：提交方式、原因、申诉", "How they were handled: channels, reasons, appeals")) } }
        }
    }
}

pub(super) fn channels(lang: Lang, view: &ConsultationView) -> Markup {
    html! {
        @if let Some(href) = &view.speak {
            p {
                (lang.t(
                    "以下方式提出的意见同样登记、同样办理。截止时间：",
                    "Opinions sent in these ways are registered and dealt with just the same. Until ",
                ))
                strong { (lang.deadline(view.closes)) }
                (lang.t("（来信以邮戳为准）。", " (letters by postmark)."))
            }
            p { a.button.primary href=(href) { (lang.t("在线提意见", "Online form")) } }
        } @else {
            p { (lang.t(
                "现在不能在本页提意见。对本事项有疑问，可以联系承办部门：",
                "Opinions cannot be given here at present. For questions, reach the department:",
            )) }
        }
        (channel_facts(lang, &view.channels))
    }
}

/// Address, postcode, e-mail, telephone: what is not given is left out.
#[must_use]
pub fn channel_facts(lang: Lang, c: &Channels) -> Markup {
    let mut facts = Vec::new();
    for (label, value) in
        [(lang.t("信函地址", "Letters"), &c.address), (lang.t("邮编", "Postcode"), &c.postcode)]
    {
        if !value.is_empty() {
            facts.push(Fact::text(label, value));
        }
    }
    if !c.email.is_empty() {
        let href = Href::new(format!("mailto:{}", c.email));
        facts.push(Fact::new(lang.t("电子邮箱", "E-mail"), html! { a href=(href) { (c.email) } }));
    }
    if !c.phone.is_empty() {
        let digits: String = c.phone.chars().filter(|ch| ch.is_ascii_digit() || *ch == '+').collect();
        facts.push(Fact::new(
            lang.t("联系电话", "Telephone"),
            html! { a href=(Href::new(format!("tel:{digits}"))) { (c.phone) } },
        ));
    }
    for (label, value) in [(lang.t("联系人", "Contact"), &c.contact), (lang.t("说明", "Note"), &c.note)]
    {
        if !value.is_empty() {
            facts.push(Fact::text(label, value));
        }
    }
    definition_list(&facts)
}
