//! The API of opinions and receipts.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AppealState, Channel, OpinionState, Outcome, PersonKind, ReasonCode, ShowAs};
use entity::id::{ClauseId, OpinionId};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::appeal::appeal;
use super::fairness::{NotShown, fairness};
use super::record::{Record, record};
use super::revise::revise;
use super::state::{self, State};
use super::submit::{Submit, submit};
use super::withdraw::withdraw;
use super::words::{reason_words, state_words};
use super::{Content, Counts, Receipt, code, published_page, store};
use crate::app::App;
use crate::calendar::civil;
use crate::consultation::{Stage, stage};
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

/// An opinion on a draft.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct OpinionIn {
    /// The clause it speaks on; without it, the whole draft.
    clause_id: Option<ClauseId>,
    /// Counted in characters; the limit is a setting (2000 by default).
    text: String,
    /// Name or alias.
    #[oai(default)]
    name: String,
    /// E-mail address or phone number; encrypted, never shown.
    #[oai(default)]
    contact: String,
    person_kind: PersonKind,
    show_as: ShowAs,
    /// The rules and the privacy notice were read and accepted (留言须知).
    consent: bool,
}

/// An opinion taken down by staff.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct RecordedOpinionIn {
    clause_id: Option<ClauseId>,
    text: String,
    #[oai(default)]
    name: String,
    #[oai(default)]
    contact: String,
    person_kind: PersonKind,
    show_as: ShowAs,
    /// How it came; not `site`.
    channel: Channel,
    /// The day it reached the bureau, within the consultation.
    received_on: NaiveDate,
}

/// A returned opinion, revised.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct OpinionRevisionIn {
    text: String,
}

/// An objection to a review.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AppealIn {
    /// At most 1000 characters.
    reason: String,
}

/// An objection that was made.
#[derive(Object)]
struct AppealOut {
    state: AppealState,
    reason: String,
    created_at: DateTime<Utc>,
    /// Last day for deciding it, while it waits.
    #[oai(skip_serializing_if_is_none)]
    decide_by: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    decided_at: Option<DateTime<Utc>>,
    /// What the author is told.
    answer: String,
}

/// How many opinions stand where.
#[derive(Object)]
struct OpinionCounts {
    received: u64,
    published: u64,
    /// Waiting for review.
    pending: u64,
    /// Not shown, or sent back for changes; counted and dealt with all the same.
    withheld: u64,
    /// Not accepted.
    rejected: u64,
    /// Taken back by their authors (作者撤回); no longer counted.
    withdrawn: u64,
}

#[derive(Object)]
struct ChannelFigures {
    channel: Channel,
    counts: OpinionCounts,
}

#[derive(Object)]
struct NotShownFigures {
    /// Left out where reasons with fewer than 3 cases stand together, until the consultation closes.
    #[oai(skip_serializing_if_is_none)]
    reason_code: Option<ReasonCode>,
    /// Dealt with all the same; otherwise not accepted.
    counted: bool,
    opinions: u64,
}

#[derive(Object)]
struct AppealFigures {
    open: u64,
    upheld: u64,
    overturned: u64,
}

/// How the opinions of a consultation were handled; it adds up.
#[derive(Object)]
struct FairnessOut {
    counts: OpinionCounts,
    /// Of those published, how many without their personal data (隐去个人信息).
    redacted: u64,
    channels: Vec<ChannelFigures>,
    not_shown: Vec<NotShownFigures>,
    appeals: AppealFigures,
}

/// Proof of receipt.
#[derive(Object)]
struct OpinionReceipt {
    /// Acceptance number (受理编号).
    number: String,
    /// Lookup code (查询码): the key to the state of the opinion.
    lookup_code: String,
    received_at: DateTime<Utc>,
    /// Last day of the review, until 24:00 in Asia/Shanghai.
    review_by: NaiveDate,
    /// Where to follow it.
    state_url: String,
}

#[derive(ApiResponse)]
enum OpinionReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<OpinionReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<OpinionReceipt>),
}

/// What everybody may read of an opinion.
#[derive(Object)]
struct PublishedOpinion {
    id: OpinionId,
    number: String,
    #[oai(skip_serializing_if_is_none)]
    clause_id: Option<ClauseId>,
    /// By the author's choice: a name, 张*, or 匿名.
    name: String,
    person_kind: PersonKind,
    channel: Channel,
    received_on: NaiveDate,
    published_at: DateTime<Utc>,
    /// 【已隐去】 stands for what was removed.
    text: String,
}

/// Published opinions, newest first.
#[derive(Object)]
struct PublishedOpinions {
    items: Vec<PublishedOpinion>,
    /// The cursor of the next page; missing on the last.
    #[oai(skip_serializing_if_is_none)]
    next: Option<String>,
}

/// Why an opinion is not shown, was returned or not accepted.
#[derive(Object)]
struct OpinionReason {
    code: ReasonCode,
    words: String,
    words_en: String,
    note: String,
    at: DateTime<Utc>,
}

/// What became of an opinion.
#[derive(Object)]
struct OpinionOutcome {
    outcome: Outcome,
    reason: String,
    #[oai(skip_serializing_if_is_none)]
    topic: Option<String>,
    /// The clause of the final text that changed.
    #[oai(skip_serializing_if_is_none)]
    final_clause: Option<String>,
}

/// Where an opinion stands, for who holds its lookup code.
#[derive(Object)]
struct OpinionStateOut {
    number: String,
    consultation: String,
    consultation_title: String,
    #[oai(skip_serializing_if_is_none)]
    clause: Option<String>,
    channel: Channel,
    show_as: ShowAs,
    received_at: DateTime<Utc>,
    state: OpinionState,
    state_words: String,
    state_words_en: String,
    review_by: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    reviewed_at: Option<DateTime<Utc>>,
    /// As received; never changed.
    text: String,
    /// The author's last revision.
    #[oai(skip_serializing_if_is_none)]
    revised_text: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    public_text: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    reason: Option<OpinionReason>,
    /// The author's objection to the review.
    #[oai(skip_serializing_if_is_none)]
    appeal: Option<AppealOut>,
    /// Last day for an objection, where one is possible.
    #[oai(skip_serializing_if_is_none)]
    may_appeal_until: Option<NaiveDate>,
    /// Whether it was grouped with others or is being studied.
    taken_up: bool,
    /// Once the answer is published.
    #[oai(skip_serializing_if_is_none)]
    outcome: Option<OpinionOutcome>,
}

#[OpenApi(tag = "Area::Opinion")]
impl Api {
    /// 提交意见 Give an opinion
    ///
    /// 相同的 Idempotency-Key 与相同内容只登记一次。The same key with the same content is registered once.
    #[oai(path = "/consultations/:code/opinions", method = "post", operation_id = "submitOpinion")]
    async fn submit(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<OpinionIn>,
    ) -> Result<OpinionReceived, Problem> {
        let b = body.0;
        let input = Submit {
            consultation: code.0,
            clause_id: b.clause_id,
            content: Content {
                text: b.text,
                name: b.name,
                contact: b.contact,
                person_kind: Some(b.person_kind),
                show_as: Some(b.show_as),
            },
            consent: b.consent,
            idempotency_key: key.0,
            lang: visitor.lang_code(),
        };
        let receipt = submit(app, &visitor.actor, &input).await?;
        Ok(if receipt.repeated {
            OpinionReceived::Repeated(Json(receipt_out(app, receipt)))
        } else {
            OpinionReceived::Created(Json(receipt_out(app, receipt)))
        })
    }

    /// 已公开的意见 Published opinions
    #[oai(path = "/consultations/:code/opinions", method = "get", operation_id = "listOpinions")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        path: Path<String>,
        /// `next` of the page before.
        cursor: Query<Option<String>>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u64>,
    ) -> Result<Json<PublishedOpinions>, Problem> {
        let (target, _) = store::target(app.db.read(), code(&path.0)?).await?;
        if stage(&target, app.now()) == Stage::Draft {
            return Err(Problem::not_found());
        }
        let limit = limit.0.clamp(1, 100);
        let mut rows = published_page(app.db.read(), target.id, cursor.0.as_deref(), limit + 1).await?;
        let more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(100));
        let next = if more { rows.last().map(|o| o.number.clone()) } else { None };
        let items = rows.into_iter().map(|o| PublishedOpinion {
            id: o.id,
            number: o.number,
            clause_id: o.clause_id,
            name: o.public_name.unwrap_or_default(),
            person_kind: o.person_kind,
            channel: o.channel,
            received_on: civil::local_date(o.received_at),
            published_at: o.published_at.unwrap_or(o.received_at),
            text: o.public_text.unwrap_or_default(),
        });
        Ok(Json(PublishedOpinions { items: items.collect(), next }))
    }

    /// 意见办理公开 How the opinions of a consultation were handled
    #[oai(path = "/consultations/:code/fairness", method = "get", operation_id = "getFairness")]
    async fn fairness(
        &self,
        Data(app): Data<&App>,
        code: Path<String>,
    ) -> Result<Json<FairnessOut>, Problem> {
        let (_, f) = fairness(app, &code.0).await?;
        let channel = |(channel, c): (Channel, Counts)| ChannelFigures { channel, counts: counts_out(c) };
        let reason =
            |r: NotShown| NotShownFigures { reason_code: r.reason, counted: r.counted, opinions: r.n };
        Ok(Json(FairnessOut {
            counts: counts_out(f.counts),
            redacted: f.redacted,
            channels: f.channels.into_iter().map(channel).collect(),
            not_shown: f.not_shown.into_iter().map(reason).collect(),
            appeals: AppealFigures {
                open: f.appeals_open,
                upheld: f.appeals_upheld,
                overturned: f.appeals_overturned,
            },
        }))
    }

    /// 凭查询码查看办理情况 The state of an opinion by its lookup code
    #[oai(path = "/receipts/:code", method = "get", operation_id = "getReceipt")]
    async fn state(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<OpinionStateOut>, Problem> {
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 修改被退回的意见 Revise a returned opinion
    #[oai(path = "/receipts/:code/revision", method = "post", operation_id = "reviseOpinion")]
    async fn revise(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<OpinionRevisionIn>,
    ) -> Result<Json<OpinionStateOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        revise(app, &visitor.actor, id, &body.0.text).await?;
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 对审核决定提出申诉 Object to a review
    #[oai(path = "/receipts/:code/appeal", method = "post", operation_id = "appealReview")]
    async fn appeal(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<AppealIn>,
    ) -> Result<Json<OpinionStateOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        appeal(app, &visitor.actor, id, &body.0.reason).await?;
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 撤回意见 Take an opinion back
    ///
    /// 撤回后不再公开，也不再计入办理，不能恢复。It is then neither shown nor counted; this cannot be undone.
    #[oai(path = "/receipts/:code/withdrawal", method = "post", operation_id = "withdrawOpinion")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<OpinionStateOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        withdraw(app, &visitor.actor, id).await?;
        Ok(Json(state_out(state::open(app, &visitor.actor.address, &code.0).await?)))
    }

    /// 录入线下意见 Take down an opinion that did not come over the site
    #[oai(path = "/consultations/:code/recorded-opinions", method = "post", operation_id = "recordOpinion")]
    async fn record(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<RecordedOpinionIn>,
    ) -> Result<OpinionReceived, Problem> {
        let b = body.0;
        let input = Record {
            consultation: code.0,
            clause_id: b.clause_id,
            content: Content {
                text: b.text,
                name: b.name,
                contact: b.contact,
                person_kind: Some(b.person_kind),
                show_as: Some(b.show_as),
            },
            channel: Some(b.channel),
            received_on: Some(b.received_on),
        };
        Ok(OpinionReceived::Created(Json(receipt_out(app, record(app, &token.0, &input).await?))))
    }
}

fn counts_out(c: Counts) -> OpinionCounts {
    OpinionCounts {
        received: c.received(),
        published: c.published,
        pending: c.pending,
        withheld: c.withheld,
        rejected: c.rejected,
        withdrawn: c.withdrawn,
    }
}

fn default_limit() -> u64 {
    50
}

fn receipt_out(app: &App, receipt: Receipt) -> OpinionReceipt {
    let code = receipt.code.grouped();
    OpinionReceipt {
        number: receipt.number,
        state_url: format!("{}/receipts/{code}", app.config.base_url()),
        lookup_code: code,
        received_at: receipt.received_at,
        review_by: receipt.review_by,
    }
}

fn state_out(s: State) -> OpinionStateOut {
    // Whether a second moderator looks at it is the house's business.
    let state = match s.opinion.state {
        OpinionState::AwaitingSecond => OpinionState::Pending,
        state => state,
    };
    let words = state_words(state);
    let outcome = s.answer.response.map(|r| OpinionOutcome {
        outcome: r.outcome,
        reason: r.reason,
        topic: s.answer.topic.map(|t| t.title),
        final_clause: s.answer.final_clause,
    });
    OpinionStateOut {
        number: s.opinion.number,
        consultation: s.consultation.code,
        consultation_title: s.consultation.title,
        clause: s.clause.map(|c| c.label()),
        channel: s.opinion.channel,
        show_as: s.opinion.show_as,
        received_at: s.opinion.received_at,
        state,
        state_words: words.zh.into_owned(),
        state_words_en: words.en.into_owned(),
        review_by: s.review_by,
        reviewed_at: s.opinion.reviewed_at,
        revised_text: Some(s.text).filter(|t| *t != s.opinion.text),
        text: s.opinion.text,
        public_text: s.opinion.public_text,
        published_at: s.opinion.published_at,
        reason: s.reason.map(|r| {
            let words = reason_words(r.code);
            OpinionReason {
                code: r.code,
                words: words.zh.into_owned(),
                words_en: words.en.into_owned(),
                note: r.note,
                at: r.at,
            }
        }),
        appeal: s.appeal.map(|a| AppealOut {
            state: a.state,
            reason: a.reason,
            created_at: a.created_at,
            decide_by: s.appeal_due,
            decided_at: a.decided_at,
            answer: a.answer,
        }),
        may_appeal_until: s.may_appeal_until,
        taken_up: s.answer.taken_up,
        outcome,
    }
}
