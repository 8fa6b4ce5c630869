//! The API of the inbox.

use chrono::{DateTime, Utc};
use entity::id::NoticeId;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::stop_page;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const PAGE: u64 = 50;
const MAX_PAGE: u64 = 100;

pub struct Api;

/// A message in the inbox.
#[derive(Object)]
struct InboxNotice {
    id: NoticeId,
    title: String,
    body: String,
    /// Where to read on; a path of this site.
    path: String,
    created_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    read_at: Option<DateTime<Utc>>,
}

/// A page of the inbox, newest first.
#[derive(Object)]
struct InboxPage {
    unread: u64,
    items: Vec<InboxNotice>,
    /// Give it as `before` for the next page.
    #[oai(skip_serializing_if_is_none)]
    next: Option<NoticeId>,
}

/// Which messages to mark as read.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct InboxReadIn {
    /// One message; absent for all.
    id: Option<NoticeId>,
}

/// What was marked.
#[derive(Object)]
struct InboxReadOut {
    marked: u64,
}

/// Whether mails about a thing are wanted.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MailsWanted {
    wanted: bool,
}

#[OpenApi(tag = "Area::Duty")]
impl Api {
    /// 收件箱 One's own messages, newest first
    #[oai(path = "/inbox", method = "get", operation_id = "listInbox")]
    async fn inbox(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// 仅未读 Only unread ones.
        #[oai(default)]
        unread: Query<bool>,
        before: Query<Option<NoticeId>>,
        /// 每页条数 At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<InboxPage>, Problem> {
        let staff = token.0.require_staff()?.id;
        let limit = limit.0.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let mut rows = super::inbox(app.db.read(), staff, unread.0, before.0, limit + 1).await?;
        let more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        let next = rows.last().map(|n| n.id).filter(|_| more);
        let items = rows.into_iter().map(|n| InboxNotice {
            id: n.id,
            title: n.title,
            body: n.body,
            path: n.path,
            created_at: n.created_at,
            read_at: n.read_at,
        });
        let unread = super::unread(app.db.read(), staff).await?;
        Ok(Json(InboxPage { unread, items: items.collect(), next }))
    }

    /// 停止或恢复邮件通知 Stops the mails about what a lookup code stands for, or starts them again
    #[oai(path = "/receipts/:code/mails", method = "put", operation_id = "setReceiptMails")]
    async fn mails(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        Json(input): Json<MailsWanted>,
    ) -> Result<Json<MailsWanted>, Problem> {
        let (kind, id, _) = stop_page::subject(app, &visitor, &code.0).await?;
        super::want_mails(app, &visitor.actor, kind, id, input.wanted).await?;
        Ok(Json(MailsWanted { wanted: super::stopped(app.db.read(), kind, id).await?.is_none() }))
    }

    /// 标为已读 Marks one message, or all, as read
    #[oai(path = "/inbox/read", method = "post", operation_id = "markInboxRead")]
    async fn read(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<InboxReadIn>,
    ) -> Result<Json<InboxReadOut>, Problem> {
        Ok(Json(InboxReadOut { marked: super::mark_read(app, &token.0, input.id).await? }))
    }
}
