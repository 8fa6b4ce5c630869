//! The API of readers' reports.

use chrono::{DateTime, Utc};
use entity::enums::{OpinionState, ReasonCode, ReportState, ReviewAction};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::report::{self, Report};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

/// What a reader says is wrong with a published opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct OpinionReportIn {
    /// `personal_data`, `insult`, `illegal`, `advertising`, `off_topic` or `other`.
    reason: ReasonCode,
    /// Needed for `other`.
    #[oai(default)]
    note: String,
}

/// The report is kept.
#[derive(Object)]
struct OpinionReported {
    received: bool,
}

/// One report.
#[derive(Object)]
struct OpinionReportLine {
    reason: ReasonCode,
    note: String,
    created_at: DateTime<Utc>,
}

/// An opinion with its open reports.
#[derive(Object)]
struct ReportedOpinion {
    number: String,
    state: OpinionState,
    revision: i32,
    text: String,
    #[oai(skip_serializing_if_is_none)]
    public_text: Option<String>,
    reports: Vec<OpinionReportLine>,
}

/// What is done about the reports of an opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ReportsDecideIn {
    /// The revision that was read; a newer one answers 412.
    revision: i32,
    /// `publish_redacted` or `withhold`; without it the opinion stays as it is shown.
    action: Option<ReviewAction>,
    /// For `withhold`.
    reason_code: Option<ReasonCode>,
    /// A note to the author.
    #[oai(default)]
    reason_text: String,
    /// For `publish_redacted`.
    #[oai(default)]
    public_text: String,
}

#[derive(Object)]
struct ReportsDecided {
    state: ReportState,
}

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 举报一条公开的意见 Report a published opinion
    #[oai(path = "/opinions/:number/reports", method = "post", operation_id = "reportOpinion")]
    async fn report(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        number: Path<String>,
        body: Json<OpinionReportIn>,
    ) -> Result<Json<OpinionReported>, Problem> {
        let input = Report { number: number.0, reason: Some(body.0.reason), note: body.0.note };
        report::report(app, &visitor.actor, &input).await?;
        Ok(Json(OpinionReported { received: true }))
    }

    /// 待处理的举报 Opinions with reports to decide on
    #[oai(path = "/review-reports", method = "get", operation_id = "listReports")]
    async fn reports(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<ReportedOpinion>>, Problem> {
        let found = report::waiting(app, &token.0).await?;
        let line = |r: entity::report::Model| OpinionReportLine {
            reason: r.reason,
            note: r.note,
            created_at: r.created_at,
        };
        let out = found.into_iter().map(|r| ReportedOpinion {
            number: r.opinion.number,
            state: r.opinion.state,
            revision: r.opinion.revision,
            text: r.opinion.text,
            public_text: r.opinion.public_text,
            reports: r.reports.into_iter().map(line).collect(),
        });
        Ok(Json(out.collect()))
    }

    /// 处理举报 Decide on the reports of an opinion
    #[oai(path = "/review-reports/:number", method = "post", operation_id = "decideReports")]
    async fn decide_reports(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<ReportsDecideIn>,
    ) -> Result<Json<ReportsDecided>, Problem> {
        let b = body.0;
        let input = report::Decide {
            number: number.0,
            revision: b.revision,
            action: b.action,
            reason_code: b.reason_code,
            reason_text: b.reason_text,
            public_text: b.public_text,
        };
        Ok(Json(ReportsDecided { state: report::decide(app, &token.0, &input).await? }))
    }
}
