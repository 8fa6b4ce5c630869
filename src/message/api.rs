//! The API of the board for everybody: reading, writing, and following a message by its lookup code.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{MessageKind, MessageReason, MessageState, Satisfaction};
use entity::message::Model;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::figures::{Counts, figures};
use super::list::Shown;
use super::state::{self, State};
use super::store::Filter;
use super::submit::{Receipt, Submit, submit};
use super::words::{reason_words, state_words};
use super::{Content, follow_up, list, place};
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

/// A message to the bureau. Petitions (信访) are not dealt with here.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageIn {
    kind: MessageKind,
    /// At most 100 characters, on one line.
    title: String,
    /// Counted in characters; the limit is a setting (2000 by default).
    text: String,
    /// Key of the department addressed; may be left out.
    #[oai(default)]
    department: String,
    #[oai(default)]
    name: String,
    /// E-mail address, to be told of every step; encrypted, never shown.
    #[oai(default)]
    contact: String,
    /// Message and answer may be published, the name masked.
    #[oai(default)]
    may_publish: bool,
    /// Address or path of the published page under which it is left, if that takes messages.
    #[oai(default)]
    page: String,
    /// The rules and the privacy notice were read and accepted (留言须知).
    consent: bool,
}

/// Proof of receipt.
#[derive(Object)]
struct MessageReceipt {
    /// Acceptance number (受理编号).
    number: String,
    /// Lookup code (查询码): the key to its state and answer.
    lookup_code: String,
    received_at: DateTime<Utc>,
    /// Last day for the answer, if it is accepted, until 24:00 in Asia/Shanghai.
    answer_by: NaiveDate,
    state_url: String,
}

#[derive(ApiResponse)]
enum MessageReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<MessageReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<MessageReceipt>),
}

/// A message and its answer as everybody reads them.
#[derive(Object)]
struct PublishedMessage {
    number: String,
    kind: MessageKind,
    /// 张*, or 匿名.
    name: String,
    /// 【已隐去】 stands for what was removed.
    title: String,
    text: String,
    received_on: NaiveDate,
    /// 受理日期
    #[oai(skip_serializing_if_is_none)]
    accepted_on: Option<NaiveDate>,
    /// 答复日期
    #[oai(skip_serializing_if_is_none)]
    answered_on: Option<NaiveDate>,
    /// 答复部门
    department: String,
    /// 答复内容
    answer: String,
    #[oai(skip_serializing_if_is_none)]
    satisfaction: Option<Satisfaction>,
    /// The page under which it was left.
    #[oai(skip_serializing_if_is_none)]
    page: Option<MessagePage>,
    published_at: DateTime<Utc>,
}

/// A page under which messages are left.
#[derive(Object)]
pub struct MessagePage {
    /// On this site.
    path: String,
    title: String,
}

pub fn page_out(page: &entity::message_page::Model) -> MessagePage {
    MessagePage { path: page.path.clone(), title: page.title.clone() }
}

/// Published messages, the newest first.
#[derive(Object)]
struct PublishedMessages {
    items: Vec<PublishedMessage>,
    /// The cursor of the next page; missing on the last.
    #[oai(skip_serializing_if_is_none)]
    next: Option<String>,
}

/// How many messages stand where; received is answered, rejected and waiting.
#[derive(Object)]
struct MessageCounts {
    received: u64,
    answered: u64,
    /// Of those answered, how many by their last day.
    answered_in_time: u64,
    rejected: u64,
    waiting: u64,
}

#[derive(Object)]
struct MessagesOfKind {
    kind: MessageKind,
    counts: MessageCounts,
}

#[derive(Object)]
struct MessagesOfMonth {
    /// The month they came, `2026-03`.
    month: String,
    counts: MessageCounts,
}

#[derive(Object)]
struct MessageVotes {
    satisfaction: Satisfaction,
    messages: u64,
}

/// The figures of the board.
#[derive(Object)]
struct MessageFigures {
    counts: MessageCounts,
    /// Of those waiting for an answer, how many beyond their last day.
    overdue: u64,
    published: u64,
    kinds: Vec<MessagesOfKind>,
    /// The newest first, twelve at most; months without a message are left out.
    months: Vec<MessagesOfMonth>,
    satisfaction: Vec<MessageVotes>,
}

/// Why a message was not accepted.
#[derive(Object)]
struct MessageRefusal {
    code: MessageReason,
    words: String,
    words_en: String,
    note: String,
}

/// Where a message stands, for who holds its lookup code.
#[derive(Object)]
struct MessageStateOut {
    number: String,
    /// The page under which it was left.
    #[oai(skip_serializing_if_is_none)]
    page: Option<MessagePage>,
    kind: MessageKind,
    title: String,
    text: String,
    may_publish: bool,
    received_at: DateTime<Utc>,
    state: MessageState,
    state_words: String,
    state_words_en: String,
    /// The department that answers, or that was written to.
    #[oai(skip_serializing_if_is_none)]
    department: Option<String>,
    answer_by: NaiveDate,
    /// When it was accepted or not.
    #[oai(skip_serializing_if_is_none)]
    decided_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    refusal: Option<MessageRefusal>,
    /// Why it takes longer.
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
    /// The one further question.
    #[oai(skip_serializing_if_is_none)]
    follow_up: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    follow_up_answer: Option<String>,
    /// Last day for the answer to it, while it waits.
    #[oai(skip_serializing_if_is_none)]
    follow_up_by: Option<NaiveDate>,
    /// Last day for a further question, where one is possible.
    #[oai(skip_serializing_if_is_none)]
    may_ask_until: Option<NaiveDate>,
}

/// What the author thinks of the answer.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageVoteIn {
    satisfaction: Satisfaction,
}

/// One further question.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessageQuestionIn {
    /// At most 500 characters.
    question: String,
}

#[OpenApi(tag = "Area::Message")]
impl Api {
    /// 提交留言 Write a message
    ///
    /// 相同的 Idempotency-Key 与相同内容只登记一次。The same key with the same content is registered once.
    #[oai(path = "/messages", method = "post", operation_id = "submitMessage")]
    async fn submit(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<MessageIn>,
    ) -> Result<MessageReceived, Problem> {
        let b = body.0;
        let input = Submit {
            content: Content {
                kind: Some(b.kind),
                title: b.title,
                text: b.text,
                department: b.department,
                name: b.name,
                contact: b.contact,
                may_publish: b.may_publish,
            },
            page: b.page,
            consent: b.consent,
            idempotency_key: key.0,
            lang: visitor.lang_code(),
        };
        let receipt = submit(app, &visitor.actor, &input).await?;
        Ok(if receipt.repeated {
            MessageReceived::Repeated(Json(receipt_out(app, receipt)))
        } else {
            MessageReceived::Created(Json(receipt_out(app, receipt)))
        })
    }

    /// 已公开的留言和答复 Published messages
    #[oai(path = "/messages", method = "get", operation_id = "listMessages")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        kind: Query<Option<MessageKind>>,
        /// Key of the department that answered.
        department: Query<Option<String>>,
        /// Address or path of a page: only those that were left under it.
        page: Query<Option<String>>,
        /// `next` of the page before.
        cursor: Query<Option<String>>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u64>,
    ) -> Result<Json<PublishedMessages>, Problem> {
        let department = match department.0 {
            Some(key) => Some(department::by_key(app.db.read(), &key).await?.id),
            None => None,
        };
        let page = match &page.0 {
            Some(address) => {
                let path = place::path_of(app, address).ok_or_else(Problem::not_found)?;
                Some(place::at(app, &path).await?.ok_or_else(Problem::not_found)?.id)
            }
            None => None,
        };
        let filter = Filter { kind: kind.0, department, page, after: cursor.0 };
        let found = list::published(app, &filter, limit.0.clamp(1, 100)).await?;
        let item = |m: &Model| {
            let department = m.department_id.and_then(|id| found.names.get(&id).cloned());
            let place = m.page_id.and_then(|id| found.places.get(&id).cloned());
            let department = department.unwrap_or_default();
            published_out(Shown { message: m.clone(), department, place })
        };
        let items = found.items.iter().map(item);
        Ok(Json(PublishedMessages { items: items.collect(), next: found.next.clone() }))
    }

    /// 一条公开的留言 A published message
    #[oai(path = "/messages/:number", method = "get", operation_id = "getMessage")]
    async fn one(
        &self,
        Data(app): Data<&App>,
        number: Path<String>,
    ) -> Result<Json<PublishedMessage>, Problem> {
        Ok(Json(published_out(list::public(app, &number.0).await?)))
    }

    /// 留言办理统计 The figures of the board
    #[oai(path = "/message-figures", method = "get", operation_id = "getMessageFigures")]
    async fn figures(&self, Data(app): Data<&App>) -> Result<Json<MessageFigures>, Problem> {
        let f = figures(app).await?;
        let of_kind = |(kind, c)| MessagesOfKind { kind, counts: counts_out(c) };
        let of_month = |(month, c)| MessagesOfMonth { month, counts: counts_out(c) };
        let votes = |(satisfaction, messages)| MessageVotes { satisfaction, messages };
        Ok(Json(MessageFigures {
            counts: counts_out(f.all),
            overdue: f.overdue,
            published: f.published,
            kinds: f.kinds.into_iter().map(of_kind).collect(),
            months: f.months.into_iter().map(of_month).collect(),
            satisfaction: f.satisfaction.into_iter().map(votes).collect(),
        }))
    }

    /// 凭查询码查看留言办理情况 The state of a message by its lookup code
    #[oai(path = "/receipts/messages/:code", method = "get", operation_id = "getMessageReceipt")]
    async fn state(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<MessageStateOut>, Problem> {
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 评价答复 Rate the answer
    #[oai(path = "/receipts/messages/:code/vote", method = "post", operation_id = "rateMessageAnswer")]
    async fn vote(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<MessageVoteIn>,
    ) -> Result<Json<MessageStateOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        follow_up::vote(app, &visitor.actor, id, body.0.satisfaction).await?;
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 追问一次 Ask once more
    #[oai(path = "/receipts/messages/:code/follow-up", method = "post", operation_id = "followUpMessage")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<MessageQuestionIn>,
    ) -> Result<Json<MessageStateOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        follow_up::ask(app, &visitor.actor, id, &body.0.question).await?;
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }
}

fn default_limit() -> u64 {
    20
}

fn receipt_out(app: &App, receipt: Receipt) -> MessageReceipt {
    let code = receipt.code.grouped();
    MessageReceipt {
        number: receipt.number,
        state_url: format!("{}{}/{code}", app.config.base_url(), web::path::MESSAGE_RECEIPTS),
        lookup_code: code,
        received_at: receipt.received_at,
        answer_by: receipt.answer_by,
    }
}

fn published_out(shown: Shown) -> PublishedMessage {
    let (m, department) = (shown.message, shown.department);
    PublishedMessage {
        page: shown.place.as_ref().map(page_out),
        number: m.number,
        kind: m.kind,
        name: m.public_name.unwrap_or_default(),
        title: m.public_title.unwrap_or_default(),
        text: m.public_text.unwrap_or_default(),
        received_on: civil::local_date(m.received_at),
        accepted_on: m.decided_at.map(civil::local_date),
        answered_on: m.answered_at.map(civil::local_date),
        department,
        answer: m.public_answer.unwrap_or_default(),
        satisfaction: m.satisfaction,
        published_at: m.published_at.unwrap_or(m.received_at),
    }
}

fn counts_out(c: Counts) -> MessageCounts {
    MessageCounts {
        received: c.received(),
        answered: c.answered,
        answered_in_time: c.in_time,
        rejected: c.rejected,
        waiting: c.waiting,
    }
}

fn state_out(s: State) -> MessageStateOut {
    let m = s.message;
    let words = state_words(m.state);
    MessageStateOut {
        page: s.place.as_ref().map(page_out),
        number: m.number,
        kind: m.kind,
        title: s.opened.title,
        text: s.opened.text,
        may_publish: m.may_publish,
        received_at: m.received_at,
        state: m.state,
        state_words: words.zh.into_owned(),
        state_words_en: words.en.into_owned(),
        department: s.department,
        answer_by: s.answer_by,
        decided_at: m.decided_at,
        refusal: m.reason.map(|code| {
            let words = reason_words(code);
            MessageRefusal {
                code,
                words: words.zh.into_owned(),
                words_en: words.en.into_owned(),
                note: m.reason_note,
            }
        }),
        extension_reason: m.extended_at.map(|_| m.extension_reason),
        answer: s.opened.answer,
        answered_at: m.answered_at,
        published_at: m.published_at,
        satisfaction: m.satisfaction,
        follow_up: s.opened.follow_up,
        follow_up_answer: s.opened.follow_up_answer,
        follow_up_by: s.follow_up_by,
        may_ask_until: s.may_ask_until,
    }
}
