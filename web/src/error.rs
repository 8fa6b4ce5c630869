//! Pages for what went wrong: what happened in plain words, that nothing was lost, what to do next.

use maud::{Markup, html};

use crate::{
    lang::Lang,
    layout::{Frame, page},
    path,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorKind {
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    Unprocessable,
    TooMany,
    Internal,
    Unavailable,
}

struct Words {
    title: &'static str,
    what: &'static str,
    next: &'static str,
}

impl ErrorKind {
    /// The page for a status; whatever has none of its own is told as the server's fault.
    fn from_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            413 | 414 => Self::TooLarge,
            400 | 409 | 412 | 415 | 422 => Self::Unprocessable,
            429 => Self::TooMany,
            503 => Self::Unavailable,
            _ => Self::Internal,
        }
    }

    fn words(self, lang: Lang) -> Words {
        let w = |title: (&'static str, &'static str),
                 what: (&'static str, &'static str),
                 next: (&'static str, &'static str)| Words {
            title: lang.t(title.0, title.1),
            what: lang.t(what.0, what.1),
            next: lang.t(next.0, next.1),
        };
        match self {
            Self::Forbidden => w(
                ("您没有查看此页的权限", "You may not see this page"),
                (
                    "此页只对有相应权限的工作人员开放，或者您的登录已过期。",
                    "This page is for staff with the right role, or your session has ended.",
                ),
                (
                    "如果您是工作人员，请重新登录后再试；仍然不行，请联系本单位管理员。",
                    "If you work here, sign in again. If that does not help, ask your administrator.",
                ),
            ),
            Self::NotFound => w(
                ("没有找到这个页面", "This page was not found"),
                (
                    "地址可能输入有误，或者内容已经移到别处。已公布的事项不会被悄悄删除，撤回的内容会保留说明。",
                    "The address may be wrong, or the page has moved. Published matters are never silently removed.",
                ),
                ("请检查地址，或者用下面的搜索查找。", "Check the address, or use the search below."),
            ),
            Self::MethodNotAllowed => w(
                ("这个地址不能这样访问", "This address cannot be used this way"),
                (
                    "您可能直接打开了一个只用于提交的地址。",
                    "You may have opened an address that only takes a form.",
                ),
                ("请返回上一页，从页面上的按钮重新操作。", "Go back and use the button on the page."),
            ),
            Self::TooLarge => w(
                ("提交的内容太大", "What you sent is too large"),
                (
                    "文字或附件超过了允许的大小，没有保存。",
                    "The text or a file is larger than allowed and was not saved.",
                ),
                (
                    "请返回上一页，缩短文字或减小附件（每个不超过 20 MB）后再提交。",
                    "Go back, shorten the text or use smaller files (20 MB each at most), and send again.",
                ),
            ),
            Self::Unprocessable => w(
                ("提交的内容有问题", "Something in the form is not right"),
                (
                    "系统没有保存这次提交。可能是页面停留太久，或者有内容填写不完整。",
                    "Nothing was saved. The page may have been open too long, or something is missing.",
                ),
                (
                    "请返回上一页检查后重新提交；浏览器一般会保留您已填写的文字。",
                    "Go back, check the form and send it again; your browser usually keeps what you typed.",
                ),
            ),
            Self::TooMany => w(
                ("操作太频繁，请稍候", "Too many requests"),
                (
                    "短时间内收到来自您的请求过多，为保护系统暂时停止处理。",
                    "We received too many requests from you in a short time.",
                ),
                (
                    "请稍等一分钟再试。已经提交成功的意见不受影响，可凭查询码查询。",
                    "Wait a minute and try again. What you already sent is safe; look it up by its code.",
                ),
            ),
            Self::Internal => w(
                ("系统出了问题", "Something went wrong on our side"),
                (
                    "这不是您的错误，问题已经自动记录，工作人员会处理。",
                    "This is not your fault. The problem was recorded and will be looked at.",
                ),
                (
                    "请过几分钟再试。如果您刚刚提交了意见而没有看到查询码，请重新提交一次：系统会识别重复提交，不会重复登记。",
                    "Try again in a few minutes. If you sent an opinion and saw no code, send it again: it will not be counted twice.",
                ),
            ),
            Self::Unavailable => w(
                ("系统正在维护或繁忙", "The service is busy or under maintenance"),
                ("暂时无法显示此页。", "This page cannot be shown right now."),
                (
                    "请过几分钟再试。您也可以通过下列方式联系我们，来信来电同样登记、同样办理。",
                    "Try again in a few minutes, or reach us in the ways below; letters and calls are registered all the same.",
                ),
            ),
        }
    }
}

/// The whole page. `request_id` helps staff to find the record; it is shown, small.
#[must_use]
pub fn error(frame: &Frame<'_>, status: u16, detail: Option<&str>, request_id: Option<&str>) -> Markup {
    let kind = ErrorKind::from_status(status);
    let words = kind.words(frame.lang);
    let frame = Frame { no_index: true, ..frame.clone() };
    let body = html! {
        div.narrow.error-page {
            p.error-code aria-hidden="true" { (status) }
            h1 { (words.title) }
            p.lead { (words.what) }
            @if let Some(detail) = detail { p.error-detail { (detail) } }
            p { (words.next) }
            @if kind == ErrorKind::NotFound { (search(&frame)) }
            p.actions {
                a.button.primary href=(path::HOME) { (frame.t("回到首页", "Home page")) }
                @if kind == ErrorKind::Forbidden {
                    a.button href=(path::SIGN_IN) { (frame.t("工作人员登录", "Staff sign-in")) }
                } @else {
                    a.button href=(path::CONSULTATIONS) { (frame.t("正在征集的意见", "Open consultations")) }
                    a.button href=(path::LOOKUP) { (frame.t("查询回执", "Look up a receipt")) }
                }
            }
            (contact(&frame))
            @if let Some(id) = request_id {
                p.small { (frame.t("问题编号：", "Reference: ")) code { (id) } }
            }
        }
    };
    page(&frame, words.title, &[], body)
}

fn search(frame: &Frame<'_>) -> Markup {
    html! {
        form.inline-form method="get" action=(path::SEARCH) role="search" {
            label.sr for="error-q" { (frame.t("搜索全站", "Search the site")) }
            input #error-q type="search" name="q";
            button.button type="submit" { (frame.t("搜索", "Search")) }
        }
    }
}

fn contact(frame: &Frame<'_>) -> Markup {
    let (phone, email) = (&frame.site.phone, &frame.site.email);
    html! {
        @if !phone.is_empty() || !email.is_empty() {
            p.small {
                (frame.t("需要帮助：", "Help: "))
                @if !phone.is_empty() { (frame.t("电话 ", "telephone ")) (phone) " " }
                @if !email.is_empty() { (frame.t("邮箱 ", "e-mail ")) (email) }
            }
        }
    }
}
