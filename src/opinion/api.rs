//! The API of opinions and receipts.

mod shapes;

use entity::enums::{AttachmentState, Channel, SubjectKind};
use entity::id::OpinionId;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;

use super::appeal::appeal;
use super::batch::{self, Batch};
use super::fairness::{NotShown, fairness};
use super::record::{Record, record};
use super::revise::revise;
use super::several::{self, Part, Several, submit_several};
use super::state;
use super::submit::{Submit, ask_code, submit};
use super::support::{Device, standing, support};
use super::withdraw::withdraw;
use super::{Content, Counts, code, published_page, store, wording};
use crate::app::App;
use crate::attachment;
use crate::attachment::api::attachment_out;
use crate::calendar::civil;
use crate::consultation::{Stage, stage};
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::identity::api::CodeSent;
use crate::identity::{Given, Proof};
use crate::problem::Problem;
use crate::receipt::LookupCode;
use crate::sheet;

use shapes::{
    AppealFigures, AppealIn, ChannelFigures, FairnessOut, NotShownFigures, OpinionBatchIn, OpinionBatchOut,
    OpinionContactIn, OpinionIn, OpinionReceived, OpinionRevisionIn, OpinionStateOut, PublishedOpinion,
    PublishedOpinions, RecordedOpinionIn, SubmissionIn, SubmissionOut, SubmissionPartIn, SubmissionReceipt,
    SubmissionReceived, SupportIn, SupportOut, batch_out, counts_out, receipt_out, state_out,
    submission_part,
};

pub struct Api;

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
                wording: b.wording,
                name: b.name,
                contact: b.contact,
                person_kind: Some(b.person_kind),
                show_as: Some(b.show_as),
            },
            files: b.files,
            consent: b.consent,
            identity: Given {
                proof: b.contact_ticket.zip(b.contact_code).map(|(ticket, code)| Proof { ticket, code }),
                visit: None,
                consent_version: b.consent_version,
                guardian: b.guardian,
            },
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

    /// 获取验证码 Ask for the one-time code that a consultation wants
    ///
    /// 只有要求核验联系方式的征集需要；验证码 10 分钟内有效，可试 5 次，用一次。For consultations whose `identity` is
    /// `contact`; the code is good for ten minutes, five tries and one opinion.
    #[oai(path = "/consultations/:code/contact-codes", method = "post", operation_id = "askContactCode")]
    async fn ask_code(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<OpinionContactIn>,
    ) -> Result<CodeSent, Problem> {
        let asked = {
            let b = body.0;
            ask_code(app, &visitor.actor, &code.0, &b.contact, b.guardian, visitor.lang_code()).await?
        };
        Ok(CodeSent::Sent(Json(asked.into())))
    }

    /// 一次对多条提意见 Give opinions on several clauses at once
    ///
    /// 一次提交、一个查询码；每条意见分别登记、审核、计数。One submission with one code; each part is an opinion of its own.
    #[oai(path = "/consultations/:code/submissions", method = "post", operation_id = "submitOpinions")]
    async fn submit_several(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<SubmissionIn>,
    ) -> Result<SubmissionReceived, Problem> {
        let b = body.0;
        let part = |p: SubmissionPartIn| Part { clause_id: p.clause_id, text: p.text, wording: p.wording };
        let input = Several {
            consultation: code.0,
            parts: b.parts.into_iter().map(part).collect(),
            person: Content {
                name: b.name,
                contact: b.contact,
                person_kind: Some(b.person_kind),
                show_as: Some(b.show_as),
                ..Content::default()
            },
            consent: b.consent,
            identity: Given {
                proof: b.contact_ticket.zip(b.contact_code).map(|(ticket, code)| Proof { ticket, code }),
                visit: None,
                consent_version: b.consent_version,
                guardian: b.guardian,
            },
            idempotency_key: key.0,
            lang: visitor.lang_code(),
        };
        let sent = submit_several(app, &visitor.actor, &input).await?;
        let repeated = sent.repeated;
        let out = Json(SubmissionReceipt {
            lookup_code: sent.code.grouped(),
            opinions: sent.parts.into_iter().map(|r| receipt_out(app, r)).collect(),
        });
        Ok(if repeated { SubmissionReceived::Repeated(out) } else { SubmissionReceived::Created(out) })
    }

    /// 凭查询码查看一次提交的各条意见 What came in one submission, by its lookup code
    #[oai(path = "/submissions/:code", method = "get", operation_id = "getSubmission")]
    async fn submission(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<SubmissionOut>, Problem> {
        let found = several::open(app, &visitor.actor.address, &code.0).await?;
        let part = |(o, clause, code): (entity::opinion::Model, Option<String>, LookupCode)| {
            submission_part(o, clause, code.grouped())
        };
        Ok(Json(SubmissionOut {
            consultation: found.consultation.code,
            opinions: found.parts.into_iter().map(part).collect(),
        }))
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
        let ids: Vec<OpinionId> = rows.iter().map(|o| o.id).collect();
        let supports = super::supports(app.db.read(), &ids).await?;
        let subjects: Vec<_> = rows.iter().map(|o| o.id.0).collect();
        let files = attachment::of_many(app.db.read(), SubjectKind::Opinion, &subjects).await?;
        let base = format!("/consultations/{}", target.code);
        let items = rows.into_iter().map(|o| PublishedOpinion {
            attachments: files
                .get(&o.id.0)
                .into_iter()
                .flatten()
                .filter(|f| f.state == AttachmentState::Published)
                .map(|f| attachment_out(&base, f, false))
                .collect(),
            supports: supports.get(&o.id).copied().unwrap_or(0),
            id: o.id,
            number: o.number,
            clause_id: o.clause_id,
            name: o.public_name.unwrap_or_default(),
            person_kind: o.person_kind,
            channel: o.channel,
            received_on: civil::local_date(o.received_at),
            published_at: o.published_at.unwrap_or(o.received_at),
            wording: o
                .clause_id
                .and(o.public_text.as_deref().and_then(|t| wording::split(t).1))
                .map(str::to_owned),
            text: o.public_text.unwrap_or_default(),
        });
        Ok(Json(PublishedOpinions { items: items.collect(), next }))
    }

    /// 赞同或取消赞同一条已公开的意见 Support a published opinion, or take that back
    ///
    /// 按设备计数，不是投票，也不是人数。Devices are counted: neither votes nor people.
    #[oai(path = "/opinions/:number/support", method = "put", operation_id = "supportOpinion")]
    async fn support(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        number: Path<String>,
        body: Json<SupportIn>,
    ) -> Result<Json<SupportOut>, Problem> {
        let device = Device::of_program(app, body.0.device.as_deref())?;
        support(app, &visitor.actor, &number.0, &device, body.0.support).await?;
        let found = standing(app, &number.0, Some(&device)).await?;
        Ok(Json(SupportOut { supports: found.supports, mine: found.mine, device: device.signed(app) }))
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
            in_floods: f.in_floods,
            channels: f.channels.into_iter().map(channel).collect(),
            not_shown: f.not_shown.into_iter().map(reason).collect(),
            appeals: AppealFigures {
                open: f.appeals_open,
                upheld: f.appeals_upheld,
                overturned: f.appeals_overturned,
            },
            questionnaire_responses: f.questionnaire,
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
                wording: b.wording,
                name: b.name,
                contact: b.contact,
                person_kind: Some(b.person_kind),
                show_as: Some(b.show_as),
            },
            files: b.files,
            channel: Some(b.channel),
            received_on: Some(b.received_on),
        };
        Ok(OpinionReceived::Created(Json(receipt_out(app, record(app, &token.0, &input).await?))))
    }

    /// 批量录入线下意见 Take down a table of opinions
    ///
    /// 已登记过的行自动跳过，同一表格可重复提交。Rows that are there already are left out.
    #[oai(
        path = "/consultations/:code/recorded-opinions/batch",
        method = "post",
        operation_id = "recordOpinions"
    )]
    async fn record_batch(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<OpinionBatchIn>,
    ) -> Result<Json<OpinionBatchOut>, Problem> {
        let b = body.0;
        let lines = sheet::parse(&b.table).map_err(|w| Problem::invalid("table", w.zh, w.en))?;
        let input = Batch { consultation: code.0, lines, channel: b.channel, received_on: b.received_on };
        let found = if b.dry_run {
            batch::preview(app, &token.0, &input).await?
        } else {
            batch::import(app, &token.0, &input).await?
        };
        Ok(Json(batch_out(found, b.dry_run)))
    }
}

fn default_limit() -> u64 {
    50
}
