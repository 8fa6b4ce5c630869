//! The frame of staff pages: narrow bar, side navigation, the work.

use maud::{DOCTYPE, Markup, html};

use super::{Frame, flash, head, utility};
use crate::{form, icon::seal, link::Href, path};

/// An item of the side navigation; `heading` starts a group before it.
#[derive(Clone, Debug)]
pub struct SideItem {
    pub label: String,
    pub href: Href,
    pub current: bool,
    /// How much waits there.
    pub count: Option<u32>,
    /// Something there is overdue.
    pub alert: bool,
    pub heading: Option<String>,
}

impl SideItem {
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<Href>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            current: false,
            count: None,
            alert: false,
            heading: None,
        }
    }
}

/// A staff page. The body brings its own `h1`; an empty `side` leaves the whole width to the body.
#[must_use]
pub fn desk(frame: &Frame<'_>, title: &str, side: &[SideItem], body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(frame.lang.html_tag()) class=[frame.large.then_some("large")] {
            (head(frame, title))
            body.desk {
                a.skip href="#main" { (frame.t("跳到正文", "Skip to content")) }
                (bar(frame))
                div class={ "desk-grid" @if side.is_empty() { " desk-plain" } } {
                    @if !side.is_empty() { (side_nav(frame, side)) }
                    main #main tabindex="-1" {
                        (flash(frame))
                        (body)
                    }
                }
            }
        }
    }
}

fn bar(frame: &Frame<'_>) -> Markup {
    html! {
        header.desk-bar {
            a.brand href=(path::DESK) {
                (seal())
                span.brand-text {
                    span.brand-name { (frame.site.name(frame.lang)) }
                    span.brand-line { (frame.t("工作台", "Desk")) }
                }
            }
            @if let Some(me) = &frame.signed_in {
                a.desk-link href=(path::HOME) { (frame.t("公开网站", "Public site")) }
                a.desk-link href=(path::INBOX) {
                    (frame.t("消息", "Inbox")) " "
                    @if me.unread > 0 {
                        span.count { (me.unread) span.sr { (frame.t(" 条未读", " unread")) } }
                    }
                }
                span.desk-me { a href=(path::ACCOUNT) { (me.name) } span.desk-dept { (me.department) } }
                form.desk-out method="post" action=(path::SIGN_OUT) {
                    (form::csrf(&me.csrf))
                    button.link type="submit" { (frame.t("退出", "Sign out")) }
                }
            }
            (utility(&Frame { signed_in: None, ..frame.clone() }))
        }
    }
}

fn side_nav(frame: &Frame<'_>, side: &[SideItem]) -> Markup {
    html! {
        nav.side aria-label=(frame.t("工作台导航", "Desk")) {
            ul {
                @for item in side {
                    @if let Some(heading) = &item.heading { li.side-heading { (heading) } }
                    li {
                        a href=(item.href) aria-current=[item.current.then_some("page")] {
                            span { (item.label) }
                            @if let Some(n) = item.count {
                                span class={ "count" @if item.alert { " count-alert" } } {
                                    (n)
                                    @if item.alert { span.sr { (frame.t(" 有逾期", " overdue")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
