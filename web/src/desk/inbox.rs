//! The inbox: what the system told this person, newest first.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Pager, Tab, empty_state, page_head, pager, paragraphs, tabs},
    form::csrf,
    lang::{Lang, stamp},
    layout::{Frame, SideItem, desk},
    path,
};

#[derive(Clone, Debug)]
pub struct NoticeRow {
    pub id: String,
    pub title: String,
    pub body: String,
    pub at: NaiveDateTime,
    pub unread: bool,
}

#[derive(Clone, Debug)]
pub struct InboxView {
    pub unread_only: bool,
    pub unread: u64,
    pub rows: Vec<NoticeRow>,
    pub pager: Pager,
    pub csrf: String,
}

#[must_use]
pub fn inbox(frame: &Frame<'_>, side: &[SideItem], view: &InboxView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("收件箱", "Inbox");
    let body = html! {
        (page_head(title, html! {}))
        (tabs(title, &[
            Tab::new(lang.t("全部", "All"), path::INBOX).current_if(!view.unread_only),
            Tab::new(lang.t("未读", "Unread"), format!("{}?unread=yes", path::INBOX)).count(view.unread).current_if(view.unread_only),
        ]))
        @if view.unread > 0 {
            form.inline-form.inbox-all method="post" action="/desk/inbox/read" {
                (csrf(&view.csrf))
                button.button type="submit" { (lang.t("全部标为已读", "Mark all as read")) }
            }
        }
        @if view.rows.is_empty() {
            (empty_state(
                lang.t("没有消息", "Nothing here"),
                lang.t("时限提醒、督办和审批结果会出现在这里，同时发送邮件。", "Reminders, orders and approvals appear here and come by mail."),
                None,
            ))
        } @else {
            ol.inbox { @for row in &view.rows { (notice(lang, row, &view.csrf)) } }
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn notice(lang: Lang, row: &NoticeRow, token: &str) -> Markup {
    html! {
        li class={ "inbox-row" @if row.unread { " inbox-unread" } } {
            div.inbox-text {
                p.inbox-title lang=[lang.content()] {
                    @if row.unread { span.sr { (lang.t("未读：", "Unread: ")) } }
                    (row.title)
                }
                details { summary { (lang.t("详情", "Details")) } div lang=[lang.content()] { (paragraphs(&row.body)) } }
            }
            p.inbox-at.small { time datetime=(row.at.format("%Y-%m-%dT%H:%M:%S+08:00")) { (stamp(row.at)) } }
            (acts(lang, row, token))
        }
    }
}

/// Opening a notice marks it as read, so it is a button: a link that is followed by a preview must not.
fn acts(lang: Lang, row: &NoticeRow, token: &str) -> Markup {
    html! {
        div.inbox-acts {
            form method="post" action={ "/desk/inbox/" (row.id) "/open" } {
                (csrf(token))
                button.button type="submit" { (lang.t("去办理", "Open")) }
            }
            @if row.unread {
                form method="post" action="/desk/inbox/read" {
                    (csrf(token))
                    input type="hidden" name="id" value=(row.id);
                    button.link type="submit" { (lang.t("标为已读", "Mark as read")) }
                }
            }
        }
    }
}
