//! The API of review.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{
    AppealState, Channel, OpinionState, PersonKind, ReasonCode, ReviewAction, ReviewState, ShowAs,
};
use entity::id::{ClauseId, FloodId, ReviewId};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::appeal;
use super::case::{Case, case};
use super::claim::{self, Whose};
use super::equal::{DecideEqual, review_equal};
use super::flood_api::{ReviewLane, ReviewNear};
use super::queue::{Waiting, queue};
use super::review::{Decide, review};
use super::second::{Second, second};
use super::store::{Filter, Lane, Place};
use super::undo::undo;
use crate::app::App;
use crate::attachment::api::{AttachmentOut, attachment_out};
use crate::duty::Standing;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// A decision on one opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ReviewIn {
    /// The revision that was read; a newer one answers 412.
    revision: i32,
    action: ReviewAction,
    /// For `withhold`, `return` and `reject`.
    reason_code: Option<ReasonCode>,
    /// A note to the author.
    #[oai(default)]
    reason_text: String,
    /// For `publish_redacted`: the text with 【已隐去】 in place of what is removed.
    public_text: Option<String>,
}

/// The second moderator's word on a proposed rejection.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SecondReviewIn {
    revision: i32,
    /// `false` sends the opinion back to the queue.
    confirm: bool,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct EqualOpinionIn {
    number: String,
    revision: i32,
}

/// One decision for opinions that say the same.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct EqualReviewIn {
    opinions: Vec<EqualOpinionIn>,
    action: ReviewAction,
    reason_code: Option<ReasonCode>,
    #[oai(default)]
    reason_text: String,
}

/// What another moderator decides on an appeal.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AppealDecisionIn {
    /// `true` sets the review aside; the opinion is reviewed again.
    overturn: bool,
    /// What the author is told; at most 1000 characters.
    answer: String,
}

/// An appeal that waits.
#[derive(Object)]
struct WaitingAppeal {
    /// Number of the opinion.
    number: String,
    opinion_state: OpinionState,
    reason: String,
    created_at: DateTime<Utc>,
}

#[derive(Object)]
struct AppealDecided {
    number: String,
    state: AppealState,
}

/// Where the opinion stands after the decision.
#[derive(Object)]
struct ReviewDone {
    number: String,
    state: OpinionState,
}

/// What became of one of several; `problem` where it was not decided.
#[derive(Object)]
struct EqualReviewDone {
    number: String,
    #[oai(skip_serializing_if_is_none)]
    state: Option<OpinionState>,
    #[oai(skip_serializing_if_is_none)]
    problem: Option<String>,
}

/// A passage that a machine noticed; characters of the text.
#[derive(Object)]
struct ReviewFinding {
    kind: String,
    start: u32,
    end: u32,
}

/// An opinion that waits.
#[derive(Object)]
struct ReviewQueueItem {
    number: String,
    revision: i32,
    state: OpinionState,
    consultation: String,
    #[oai(skip_serializing_if_is_none)]
    clause: Option<String>,
    channel: Channel,
    person_kind: PersonKind,
    show_as: ShowAs,
    received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    review_by: Option<NaiveDate>,
    overdue: bool,
    text: String,
    findings: Vec<ReviewFinding>,
    /// How many that wait say the same, this one included.
    equal: u64,
    /// How many opinions have nearly the same text, whatever became of them, this one included; 0 for none.
    near: u64,
    /// How many files came with it (附件).
    attachments: u32,
    /// The flood it came in (集中涌入).
    #[oai(skip_serializing_if_is_none)]
    flood: Option<FloodId>,
}

/// What waits, oldest first.
#[derive(Object)]
struct ReviewQueue {
    items: Vec<ReviewQueueItem>,
    total: u64,
    #[oai(skip_serializing_if_is_none)]
    next: Option<String>,
}

/// A review that was made.
#[derive(Object)]
struct ReviewMade {
    id: ReviewId,
    action: ReviewAction,
    state: ReviewState,
    #[oai(skip_serializing_if_is_none)]
    reason_code: Option<ReasonCode>,
    reason_text: String,
    moderator: String,
    #[oai(skip_serializing_if_is_none)]
    second: Option<String>,
    created_at: DateTime<Utc>,
}

/// One opinion with what helps to decide on it.
#[derive(Object)]
pub(super) struct ReviewCase {
    number: String,
    revision: i32,
    state: OpinionState,
    consultation: String,
    #[oai(skip_serializing_if_is_none)]
    clause: Option<String>,
    clause_text: Vec<String>,
    channel: Channel,
    person_kind: PersonKind,
    show_as: ShowAs,
    public_name: String,
    #[oai(skip_serializing_if_is_none)]
    contact_masked: Option<String>,
    /// The guardian who agreed for an author under fourteen; the contact is theirs.
    #[oai(skip_serializing_if_is_none)]
    guardian_masked: Option<String>,
    received_at: DateTime<Utc>,
    /// The words that count now.
    text: String,
    findings: Vec<ReviewFinding>,
    /// The text with what was noticed already replaced.
    suggested_text: String,
    /// Numbers of opinions that say the same and wait, this one included.
    equal: Vec<String>,
    /// Opinions with nearly the same text (近似重复): the first of them, and how many there are.
    near: Vec<ReviewNear>,
    near_total: u64,
    /// The flood it came in (集中涌入).
    #[oai(skip_serializing_if_is_none)]
    flood: Option<FloodId>,
    /// Numbers of the same person's other opinions.
    same_person: Vec<String>,
    reviews: Vec<ReviewMade>,
    attachments: Vec<AttachmentOut>,
    /// Whether the caller may decide now.
    may_review: bool,
    may_second: bool,
}

/// Whose opinions.
#[derive(poem_openapi::Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum ReviewWhose {
    /// Those that nobody else claimed.
    Free,
    Mine,
    All,
}

impl From<ReviewWhose> for Whose {
    fn from(whose: ReviewWhose) -> Self {
        match whose {
            ReviewWhose::Free => Self::Free,
            ReviewWhose::Mine => Self::Mine,
            ReviewWhose::All => Self::All,
        }
    }
}

/// How many to claim.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ReviewClaimIn {
    /// Code of a consultation; of all without it.
    #[oai(skip_serializing_if_is_none)]
    consultation: Option<String>,
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    count: u32,
}

/// How many the caller holds now.
#[derive(Object)]
struct ReviewClaims {
    held: u64,
}

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 待审核的意见 The queue of opinions to review
    #[oai(path = "/review/queue", method = "get", operation_id = "getReviewQueue")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the address")]
    async fn queue(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// Code of a consultation.
        consultation: Query<Option<String>>,
        /// `pending` or `awaiting_second`.
        state: Query<Option<OpinionState>>,
        clause: Query<Option<ClauseId>>,
        channel: Query<Option<Channel>>,
        /// Whose; everybody's without it.
        whose: Query<Option<ReviewWhose>>,
        /// What came in floods (集中涌入), or outside of them; both without it.
        lane: Query<Option<ReviewLane>>,
        /// What came in one flood.
        flood: Query<Option<FloodId>>,
        /// `next` of the page before.
        cursor: Query<Option<String>>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u64>,
    ) -> Result<Json<ReviewQueue>, Problem> {
        let staff = token.0.require(entity::enums::Role::Moderator)?;
        let consultation = match &consultation.0 {
            Some(code) => {
                let code = crate::opinion::code(code)?;
                Some(crate::consultation::by_code(app.db.read(), code).await?.id)
            }
            None => None,
        };
        let claims = whose.0.map(|whose| claim::view(app, staff, whose.into()));
        let lane = match (flood.0, lane.0) {
            (Some(id), _) => Lane::Flood(id),
            (None, Some(lane)) => lane.into(),
            (None, None) => Lane::All,
        };
        let filter =
            Filter { consultation, state: state.0, clause: clause.0, channel: channel.0, claims, lane };
        let after = match &cursor.0 {
            Some(cursor) => Some(
                Place::parse(cursor)
                    .ok_or_else(|| Problem::invalid("cursor", "游标不正确", "Not a cursor of this list"))?,
            ),
            None => None,
        };
        let queue = queue(app, &token.0, &filter, after, limit.0.clamp(1, 100)).await?;
        Ok(Json(ReviewQueue {
            items: queue.items.into_iter().map(item_out).collect(),
            total: queue.total,
            next: queue.next.map(|place| place.to_string()),
        }))
    }

    /// 认领待审核的意见 Claim the next opinions of the queue
    ///
    /// 认领只用于分工，到时自动释放。A claim only divides the work and lapses by itself.
    #[oai(path = "/review/claims", method = "post", operation_id = "claimOpinions")]
    async fn claim(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<ReviewClaimIn>,
    ) -> Result<Json<ReviewClaims>, Problem> {
        token.0.require(entity::enums::Role::Moderator)?;
        let consultation = match &body.consultation {
            Some(code) => {
                let code = crate::opinion::code(code)?;
                Some(crate::consultation::by_code(app.db.read(), code).await?.id)
            }
            None => None,
        };
        let filter = Filter { consultation, ..Filter::default() };
        let held = claim::claim(app, &token.0, &filter, body.count.into()).await?;
        Ok(Json(ReviewClaims { held }))
    }

    /// 释放认领的意见 Give back what was claimed
    #[oai(path = "/review/claims", method = "delete", operation_id = "releaseOpinions")]
    async fn release(&self, Data(app): Data<&App>, token: StaffToken) -> Result<Json<ReviewClaims>, Problem> {
        claim::release(app, &token.0).await?;
        Ok(Json(ReviewClaims { held: 0 }))
    }

    /// 审核所需的一条意见及其背景 One opinion with its context
    #[oai(path = "/review/:number", method = "get", operation_id = "getReviewCase")]
    async fn case(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
    ) -> Result<Json<ReviewCase>, Problem> {
        Ok(Json(case_out(case(app, &token.0, &number.0).await?)))
    }

    /// 审核一条意见 Decide on an opinion
    #[oai(path = "/review/:number", method = "post", operation_id = "reviewOpinion")]
    async fn review(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<ReviewIn>,
    ) -> Result<Json<ReviewDone>, Problem> {
        let b = body.0;
        let input = Decide {
            number: number.0.clone(),
            revision: b.revision,
            action: b.action,
            reason_code: b.reason_code,
            reason_text: b.reason_text,
            public_text: b.public_text,
        };
        let state = review(app, &token.0, &input).await?;
        Ok(Json(ReviewDone { number: number.0, state }))
    }

    /// 复核不予受理 Confirm or overrule a proposed rejection
    #[oai(path = "/review/:number/second", method = "post", operation_id = "secondReview")]
    async fn second(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<SecondReviewIn>,
    ) -> Result<Json<ReviewDone>, Problem> {
        let input = Second { number: number.0.clone(), revision: body.0.revision, confirm: body.0.confirm };
        let state = second(app, &token.0, &input).await?;
        Ok(Json(ReviewDone { number: number.0, state }))
    }

    /// 等待复核的申诉 Appeals that wait
    #[oai(path = "/review-appeals", method = "get", operation_id = "listAppeals")]
    async fn appeals(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<WaitingAppeal>>, Problem> {
        let out = |(a, o): (entity::appeal::Model, entity::opinion::Model)| WaitingAppeal {
            number: o.number,
            opinion_state: o.state,
            reason: a.reason,
            created_at: a.created_at,
        };
        Ok(Json(appeal::waiting(app, &token.0).await?.into_iter().map(out).collect()))
    }

    /// 复核申诉 Decide an appeal
    #[oai(path = "/review/:number/appeal", method = "post", operation_id = "decideAppeal")]
    async fn decide_appeal(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<AppealDecisionIn>,
    ) -> Result<Json<AppealDecided>, Problem> {
        let b = body.0;
        let input = appeal::Decide { number: number.0.clone(), overturn: b.overturn, answer: b.answer };
        let state = appeal::decide(app, &token.0, &input).await?;
        Ok(Json(AppealDecided { number: number.0, state }))
    }

    /// 一分钟内撤回自己的审核 Take back one's own review within a minute
    #[oai(path = "/review/:number/undo", method = "post", operation_id = "undoReview")]
    async fn undo(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
    ) -> Result<Json<ReviewDone>, Problem> {
        undo(app, &token.0, &number.0).await?;
        Ok(Json(ReviewDone { number: number.0, state: OpinionState::Pending }))
    }

    /// 对相同的意见作出同一决定 One decision for opinions that say the same
    #[oai(path = "/review/:number/equal", method = "post", operation_id = "reviewEqualOpinions")]
    async fn equal(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// The opinion whose text the others share, or nearly.
        number: Path<String>,
        body: Json<EqualReviewIn>,
    ) -> Result<Json<Vec<EqualReviewDone>>, Problem> {
        let b = body.0;
        let input = DecideEqual {
            number: number.0,
            opinions: b.opinions.into_iter().map(|o| (o.number, o.revision)).collect(),
            action: b.action,
            reason_code: b.reason_code,
            reason_text: b.reason_text,
        };
        let results = review_equal(app, &token.0, &input).await?;
        let out = |(number, result): (String, Result<OpinionState, Problem>)| match result {
            Ok(state) => EqualReviewDone { number, state: Some(state), problem: None },
            Err(p) => EqualReviewDone { number, state: None, problem: Some(p.code.as_str().to_owned()) },
        };
        Ok(Json(results.into_iter().map(out).collect()))
    }
}

fn default_limit() -> u64 {
    50
}

fn findings_out(text: &str, findings: &[super::advice::Finding]) -> Vec<ReviewFinding> {
    let characters = |to: usize| u32::try_from(text[..to].chars().count()).unwrap_or(u32::MAX);
    let out = |f: &super::advice::Finding| ReviewFinding {
        kind: f.kind.as_str().to_owned(),
        start: characters(f.start),
        end: characters(f.end),
    };
    findings.iter().map(out).collect()
}

fn item_out(w: Waiting) -> ReviewQueueItem {
    ReviewQueueItem {
        findings: findings_out(&w.text, &w.findings),
        number: w.opinion.number,
        revision: w.opinion.revision,
        state: w.opinion.state,
        consultation: w.consultation,
        clause: w.clause,
        channel: w.opinion.channel,
        person_kind: w.opinion.person_kind,
        show_as: w.opinion.show_as,
        received_at: w.opinion.received_at,
        review_by: w.duty.as_ref().map(|(d, _)| d.due_on),
        overdue: w.duty.is_some_and(|(_, s)| matches!(s, Standing::Overdue { .. })),
        text: w.text,
        equal: w.equal,
        attachments: u32::try_from(w.attachments).unwrap_or(u32::MAX),
        near: w.near,
        flood: w.flood.map(|f| f.id),
    }
}

pub(super) fn case_out(c: Case) -> ReviewCase {
    let name = |id| c.names.get(&id).cloned().unwrap_or_default();
    let made = |r: &entity::review::Model| ReviewMade {
        id: r.id,
        action: r.action,
        state: r.state,
        reason_code: r.reason_code,
        reason_text: r.reason_text.clone(),
        moderator: name(r.moderator_id),
        second: r.second_id.map(name),
        created_at: r.created_at,
    };
    let files = format!("/desk/opinions/{}", c.opinion.number);
    ReviewCase {
        attachments: c.files.iter().map(|f| attachment_out(&files, f, true)).collect(),
        near: c.near.members.iter().map(ReviewNear::of).collect(),
        near_total: c.near.total,
        flood: c.flood.as_ref().map(|f| f.id),
        reviews: c.reviews.iter().map(made).collect(),
        findings: findings_out(&c.text, &c.findings),
        suggested_text: super::advice::suggest(&c.text, &c.findings),
        clause_text: c.clause.iter().flat_map(|q| q.members.iter().map(|m| m.text.clone())).collect(),
        clause: c.clause.map(|q| q.label()),
        number: c.opinion.number,
        revision: c.opinion.revision,
        state: c.opinion.state,
        consultation: c.consultation.code,
        channel: c.opinion.channel,
        person_kind: c.opinion.person_kind,
        show_as: c.opinion.show_as,
        public_name: c.public_name,
        contact_masked: c.contact_masked,
        guardian_masked: c.guardian_masked,
        received_at: c.opinion.received_at,
        text: c.text,
        equal: c.equal.into_iter().map(|o| o.number).collect(),
        same_person: c.others.into_iter().map(|o| o.number).collect(),
        may_review: c.may_review.is_ok(),
        may_second: c.may_second.is_ok(),
    }
}
