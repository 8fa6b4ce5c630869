//! The API of adoption summaries.

mod shapes;

use entity::consultation::Model as Consultation;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::draft::{self, Texts, Work};
use super::gate::Needed;
use super::{approve, correct, list, policy, publish};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;
use crate::{consultation, decision, text};

use shapes::{
    SummaryApproveIn, SummaryDraft, SummaryGate, SummaryGenerateIn, SummaryList, SummaryPatch, SummaryPublic,
    SummaryReasonIn, check, draft_out, item, public,
};

pub struct Api;

async fn enter(app: &App, actor: &Actor, code: &str) -> Result<Consultation, Problem> {
    actor.require_staff()?;
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    policy::may_see(actor, &decision::find(db, found.decision_id).await?)?;
    Ok(found)
}

async fn work(app: &App, actor: &Actor, code: &str) -> Result<Work, Problem> {
    draft::read(app, enter(app, actor, code).await?).await
}

#[OpenApi(tag = "Area::Summary")]
impl Api {
    /// 意见采纳情况列表 Published summaries, and those still due
    #[oai(path = "/summaries", method = "get", operation_id = "listSummaries")]
    async fn list(
        &self,
        app: Data<&App>,
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))] limit: Query<Option<u64>>,
        #[oai(validator(maximum(value = "1000000")))] offset: Query<Option<u64>>,
    ) -> Result<Json<SummaryList>, Problem> {
        let (lines, total) = list::list(&app, limit.0.unwrap_or(20), offset.0.unwrap_or(0)).await?;
        Ok(Json(SummaryList { total, items: lines.into_iter().map(|l| item(&app, l)).collect() }))
    }

    /// 已公布的意见采纳情况 The published summary of a consultation
    #[oai(path = "/summaries/:code", method = "get", operation_id = "getSummary")]
    async fn get(&self, app: Data<&App>, code: Path<String>) -> Result<Json<SummaryPublic>, Problem> {
        let mut found = list::find(&app, &code).await?;
        let snapshot = found.snapshot.take().ok_or_else(Problem::not_found)?;
        Ok(Json(public(found, snapshot)))
    }

    /// 起草中的采纳情况 The summary as it is being written
    #[oai(path = "/consultations/:code/summary", method = "get", operation_id = "getSummaryDraft")]
    async fn draft(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 送审和公布的条件 What is missing before it may be submitted and published
    #[oai(path = "/consultations/:code/summary/gate", method = "get", operation_id = "getSummaryGate")]
    async fn gate(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryGate>, Problem> {
        let work = draft::look(&app, enter(&app, &token.0, &code).await?).await?;
        let may = |step: Needed| work.checks.iter().all(|c| c.ok || c.needed > step);
        Ok(Json(SummaryGate {
            may_submit: may(Needed::Submit),
            may_publish: may(Needed::Publish),
            checks: work.checks.iter().map(check).collect(),
        }))
    }

    /// 生成采纳情况 Write the summary from the responses
    #[oai(path = "/consultations/:code/summary/generate", method = "post", operation_id = "generateSummary")]
    async fn generate(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryGenerateIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        draft::generate(&app, &token.0, before.id, body.overwrite).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 修改文字 Edit the two texts
    #[oai(path = "/consultations/:code/summary", method = "patch", operation_id = "editSummary")]
    async fn edit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryPatch>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = draft::look(&app, enter(&app, &token.0, &code).await?).await?;
        let now = before.summary.ok_or_else(Problem::not_found)?;
        let texts = Texts {
            participation: body.participation.as_deref().map_or(now.participation, text::tidy),
            overview: body.overview.as_deref().map_or(now.overview, text::tidy),
            // A text that was not sent is the one of this revision.
            revision: body.revision.or(Some(now.revision)),
        };
        draft::edit(&app, &token.0, before.consultation.id, &texts).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 送审 Submit to the department's head
    #[oai(path = "/consultations/:code/summary/submit", method = "post", operation_id = "submitSummary")]
    async fn submit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        approve::submit(&app, &token.0, before.id).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 审批通过 Approve what was submitted
    #[oai(path = "/consultations/:code/summary/approve", method = "post", operation_id = "approveSummary")]
    async fn approve(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryApproveIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        approve::approve(&app, &token.0, before.id, body.hash.as_deref()).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 退回修改 Send it back with a reason
    #[oai(path = "/consultations/:code/summary/return", method = "post", operation_id = "returnSummary")]
    async fn send_back(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        approve::send_back(&app, &token.0, before.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 公布 Publish what was approved
    #[oai(path = "/consultations/:code/summary/publish", method = "post", operation_id = "publishSummary")]
    async fn publish(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryPublic>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        publish::publish(&app, &token.0, before.id).await?;
        self.get(app, code).await
    }

    /// 发起更正 Open a correction of a published summary
    #[oai(path = "/consultations/:code/summary/correct", method = "post", operation_id = "correctSummary")]
    async fn correct(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        correct::correct(&app, &token.0, before.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 撤下 Take a published summary from the public
    #[oai(path = "/consultations/:code/summary/withdraw", method = "post", operation_id = "withdrawSummary")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = enter(&app, &token.0, &code).await?;
        correct::withdraw(&app, &token.0, before.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }
}
