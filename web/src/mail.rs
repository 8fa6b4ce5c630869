//! The mails about one thing: stopped, or sent again.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{alert, page_head},
    form::{csrf, hidden, submit},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct MailsView {
    /// What they are about: 意见, 留言, 活动报名.
    pub about: String,
    pub stopped: Option<NaiveDateTime>,
    pub action: Href,
    pub csrf: String,
    /// Behind the lookup code; the link in a mail only stops.
    pub may_resume: bool,
}

#[must_use]
pub fn mails(frame: &Frame<'_>, view: &MailsView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("邮件通知", "Mails about your matter");
    let body = html! {
        div.narrow {
            (page_head(title, html! { span { (view.about) } }))
            @match view.stopped {
                Some(at) => {
                    (alert(Tone::Good, lang.t("已停止", "Stopped"), html! {
                        p { (lang.t("从此不再发送关于此事的邮件。停止时间：", "No more mails about it are sent. Since ")) (lang.date_time(at)) (lang.t("。", ".")) }
                        p { (lang.t("办理不受影响；凭查询码随时可以查看进展。", "It is dealt with all the same; with the lookup code you see how it stands at any time.")) }
                    }))
                    @if view.may_resume {
                        form.card method="post" action=(view.action) {
                            (csrf(&view.csrf)) (hidden("wanted", "yes"))
                            div.actions { (submit(lang.t("重新接收邮件", "Send me mails again"))) }
                        }
                    } @else {
                        p { (lang.t("想重新接收，请凭查询码打开办理情况页，再选“邮件通知”。", "To have them again, open the state page with your lookup code and choose “Mails”.")) }
                        p { a href=(path::LOOKUP) { (lang.t("凭查询码查看进展", "Look up a receipt")) } }
                    }
                },
                None => {
                    form.card method="post" action=(view.action) {
                        (csrf(&view.csrf)) (hidden("wanted", "no"))
                        p { (lang.t("现在每次进展都会发邮件告诉您。停止后不再发送关于此事的邮件，包括提醒和名额递补的通知；办理不受影响。", "You get a mail at every step. Once stopped, none about this matter is sent, reminders and offers of a seat included; it is dealt with all the same.")) }
                        div.actions { (submit(lang.t("停止接收邮件", "Stop these mails"))) }
                    }
                },
            }
        }
    };
    page(
        &frame,
        title,
        &[Crumb::link(lang.t("查询回执", "Look up a receipt"), path::LOOKUP), Crumb::here(title)],
        body,
    )
}

/// The way to the mails' page from the state page of a thing.
#[must_use]
pub fn link(lang: Lang, code: &str) -> Markup {
    html! { p.small.no-print { a href={ "/receipts/mails/" (code) } { (lang.t("邮件通知：停止或恢复", "Mails: stop or start them")) } } }
}
