//! The API of the board's desk: the trays, one message, and each act on it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{MessageKind, MessageReason, MessageState, Satisfaction};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::answer::{Answer, answer};
use super::api::{MessagePage, page_out};
use super::decide::{Decision, Note, decide, route};
use super::list::{self, Case, Item, Tray};
use super::publish::{Public, publish, take_down};
use super::{extend, follow_up};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::moderation::advice::Finding;
use crate::problem::Problem;

pub struct DeskApi;

/// A list on the desk.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
enum MessageTray {
    Intake,
    Answer,
    FollowUp,
    Answered,
    Rejected,
}

impl From<MessageTray> for Tray {
    fn from(tray: MessageTray) -> Self {
        match tray {
            MessageTray::Intake => Self::Intake,
            MessageTray::Answer => Self::Answer,
            MessageTray::FollowUp => Self::FollowUp,
            MessageTray::Answered => Self::Answered,
            MessageTray::Rejected => Self::Rejected,
        }
    }
}

/// A message in a tray.
#[derive(Object)]
struct DeskMessageItem {
    number: String,
    kind: MessageKind,
    state: MessageState,
    title: String,
    received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    department: Option<String>,
    /// The page under which it was left.
    #[oai(skip_serializing_if_is_none)]
    page: Option<MessagePage>,
    /// Last day of what it waits for.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
}

/// A part of a tray: what waits by its due day, what is done the newest first.
#[derive(Object)]
struct DeskMessages {
    total: u64,
    items: Vec<DeskMessageItem>,
}

/// A passage that a machine noticed; characters of the text.
#[derive(Object)]
struct MessageFinding {
    /// `title` or `text`.
    field: String,
    kind: String,
    start: u32,
    end: u32,
}

/// A message on the desk.
#[derive(Object)]
struct DeskMessage {
    number: String,
    /// The page under which it was left.
    #[oai(skip_serializing_if_is_none)]
    page: Option<MessagePage>,
    kind: MessageKind,
    state: MessageState,
    title: String,
    text: String,
    findings: Vec<MessageFinding>,
    #[oai(skip_serializing_if_is_none)]
    name_masked: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    contact_masked: Option<String>,
    /// Its author agreed to publication.
    may_publish: bool,
    received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    department: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    decided_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    reason_code: Option<MessageReason>,
    #[oai(skip_serializing_if_is_none)]
    extension_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    answer: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    answered_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    satisfaction: Option<Satisfaction>,
    #[oai(skip_serializing_if_is_none)]
    follow_up: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    follow_up_answer: Option<String>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageRouteIn {
    /// Key of the department that answers.
    department: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageRejectIn {
    reason_code: MessageReason,
    /// What the author is told beside the reason; needed for `not_ours`, `petition`, `unclear` and `other`.
    #[oai(default)]
    note: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageReasonIn {
    /// At most 500 characters; the author reads it.
    reason: String,
}

/// The author's words as published: with passages replaced by 【已隐去】 at most.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessagePublicIn {
    title: String,
    text: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageAnswerIn {
    /// At most 5000 characters.
    answer: String,
    /// Without it, question and answer stay between the bureau and the author.
    publish: Option<MessagePublicIn>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageFollowUpAnswerIn {
    /// At most 5000 characters.
    answer: String,
}

#[OpenApi(tag = "Area::Message")]
impl DeskApi {
    /// 留言办理列表 Messages on the desk
    #[oai(path = "/desk-messages", method = "get", operation_id = "listDeskMessages")]
    async fn queue(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        #[oai(default = "default_tray")] tray: Query<MessageTray>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u64>,
        #[oai(default, validator(maximum(value = "1000000")))] offset: Query<u64>,
    ) -> Result<Json<DeskMessages>, Problem> {
        let page = list::queue(app, &token.0, tray.0.into(), limit.0.clamp(1, 100), offset.0).await?;
        let item = |i: &Item| DeskMessageItem {
            number: i.message.number.clone(),
            kind: i.message.kind,
            state: i.message.state,
            title: i.opened.title.clone(),
            received_at: i.message.received_at,
            department: i.message.department_id.and_then(|id| page.names.get(&id).cloned()),
            page: i.message.page_id.and_then(|id| page.places.get(&id)).map(page_out),
            due_on: i.duty.as_ref().map(|d| d.due_on),
        };
        Ok(Json(DeskMessages { total: page.all, items: page.items.iter().map(item).collect() }))
    }

    /// 一条留言 A message on the desk
    #[oai(path = "/desk-messages/:number", method = "get", operation_id = "getDeskMessage")]
    async fn case(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
    ) -> Result<Json<DeskMessage>, Problem> {
        shown(app, &token.0, &number.0).await
    }

    /// 受理并转办 Accept a message and pass it on
    #[oai(path = "/desk-messages/:number/accept", method = "post", operation_id = "acceptMessage")]
    async fn accept(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageRouteIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        let decision = Decision::Accept { department: body.0.department };
        decide(app, &token.0, &number.0, &decision).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 不予受理 Do not accept a message
    #[oai(path = "/desk-messages/:number/reject", method = "post", operation_id = "rejectMessage")]
    async fn reject(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageRejectIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        let note = Note { note: body.0.note };
        let decision = Decision::Reject { reason: Some(body.0.reason_code), note };
        decide(app, &token.0, &number.0, &decision).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 改由其他单位办理 Pass an accepted message on to another department
    #[oai(path = "/desk-messages/:number/route", method = "post", operation_id = "routeMessage")]
    async fn route(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageRouteIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        route(app, &token.0, &number.0, &body.0.department).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 延期答复 Extend the time for the answer, once
    #[oai(path = "/desk-messages/:number/extension", method = "post", operation_id = "extendMessage")]
    async fn extend(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageReasonIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        extend::extend(app, &token.0, &number.0, &body.0.reason).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 答复留言 Answer a message
    #[oai(path = "/desk-messages/:number/answer", method = "post", operation_id = "answerMessage")]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageAnswerIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        let publish = body.0.publish.map(|p| Public { title: p.title, text: p.text });
        answer(app, &token.0, &number.0, &Answer { answer: body.0.answer, publish }).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 公开已答复的留言 Publish an answered message
    #[oai(path = "/desk-messages/:number/publication", method = "put", operation_id = "publishMessage")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessagePublicIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        let public = Public { title: body.0.title, text: body.0.text };
        publish(app, &token.0, &number.0, &public).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 撤下公开的留言 Take a message from the board
    #[oai(path = "/desk-messages/:number/take-down", method = "post", operation_id = "takeDownMessage")]
    async fn take_down(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageReasonIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        take_down(app, &token.0, &number.0, &body.0.reason).await?;
        shown(app, &token.0, &number.0).await
    }

    /// 答复追问 Answer the further question
    #[oai(path = "/desk-messages/:number/follow-up", method = "post", operation_id = "answerMessageFollowUp")]
    async fn follow_up(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<MessageFollowUpAnswerIn>,
    ) -> Result<Json<DeskMessage>, Problem> {
        follow_up::answer(app, &token.0, &number.0, &body.0.answer).await?;
        shown(app, &token.0, &number.0).await
    }
}

fn default_limit() -> u64 {
    30
}

fn default_tray() -> MessageTray {
    MessageTray::Answer
}

/// The message as it stands now.
async fn shown(app: &App, actor: &Actor, number: &str) -> Result<Json<DeskMessage>, Problem> {
    Ok(Json(case_out(list::case(app, actor, number).await?)))
}

fn case_out(c: Case) -> DeskMessage {
    let due_on = c.open_duty().map(|d| d.due_on);
    let mut findings = found("title", &c.opened.title, &c.in_title);
    findings.extend(found("text", &c.opened.text, &c.in_text));
    let m = c.message;
    DeskMessage {
        page: c.place.as_ref().map(page_out),
        number: m.number,
        kind: m.kind,
        state: m.state,
        title: c.opened.title,
        text: c.opened.text,
        findings,
        name_masked: c.name_masked,
        contact_masked: c.contact_masked,
        may_publish: m.may_publish,
        received_at: m.received_at,
        department: m.department_id.and_then(|id| c.names.get(&id).cloned()),
        due_on,
        decided_at: m.decided_at,
        reason_code: m.reason,
        extension_reason: m.extended_at.map(|_| m.extension_reason),
        answer: c.opened.answer,
        answered_at: m.answered_at,
        published_at: m.published_at,
        satisfaction: m.satisfaction,
        follow_up: c.opened.follow_up,
        follow_up_answer: c.opened.follow_up_answer,
    }
}

fn found(field: &str, text: &str, findings: &[Finding]) -> Vec<MessageFinding> {
    let characters = |to: usize| u32::try_from(text[..to].chars().count()).unwrap_or(u32::MAX);
    let one = |f: &Finding| MessageFinding {
        field: field.to_owned(),
        kind: f.kind.as_str().to_owned(),
        start: characters(f.start),
        end: characters(f.end),
    };
    findings.iter().map(one).collect()
}
