//! The API of requests about personal data for who answers them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::DataRight;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::inquiry::{self, Answer, Opened};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct DeskApi;

/// A request about personal data on the desk.
#[derive(Object)]
struct DataInquiryDesk {
    number: String,
    kind: DataRight,
    received_at: DateTime<Utc>,
    /// Last day for the answer, while it waits.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    contact_masked: Option<String>,
    /// What is asked; empty once erased.
    text: String,
    #[oai(skip_serializing_if_is_none)]
    answered_at: Option<DateTime<Utc>>,
    /// Whether it was done as asked.
    #[oai(skip_serializing_if_is_none)]
    granted: Option<bool>,
    #[oai(skip_serializing_if_is_none)]
    answer: Option<String>,
}

#[derive(Object)]
struct DataInquiries {
    total: u64,
    items: Vec<DataInquiryDesk>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DataAnswerIn {
    /// Done as asked.
    granted: bool,
    /// What was done, or why not; at most 2000 characters, read by who asked alone.
    text: String,
}

fn out(o: Opened) -> DataInquiryDesk {
    DataInquiryDesk {
        number: o.inquiry.number,
        kind: o.inquiry.kind,
        received_at: o.inquiry.received_at,
        due_on: o.due_on,
        contact_masked: o.contact_masked,
        text: o.text,
        answered_at: o.inquiry.answered_at,
        granted: o.inquiry.granted,
        answer: o.answer,
    }
}

fn default_limit() -> u64 {
    30
}

#[OpenApi(tag = "Area::Opinion")]
impl DeskApi {
    /// 个人信息权利请求 Requests about personal data
    #[oai(path = "/desk-data-requests", method = "get", operation_id = "listDataInquiries")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// 已答复的 Those that are answered.
        #[oai(default)]
        answered: Query<bool>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u64>,
        #[oai(default, validator(maximum(value = "1000000")))] offset: Query<u64>,
    ) -> Result<Json<DataInquiries>, Problem> {
        let limit = limit.0.clamp(1, 100);
        let (items, total) = inquiry::list(app, &token.0, answered.0, limit, offset.0).await?;
        Ok(Json(DataInquiries { total, items: items.into_iter().map(out).collect() }))
    }

    /// 答复个人信息权利请求 Answer a request about personal data
    #[oai(path = "/desk-data-requests/:number/answer", method = "post", operation_id = "answerDataInquiry")]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<DataAnswerIn>,
    ) -> Result<Json<DataInquiryDesk>, Problem> {
        let input = Answer { granted: Some(body.0.granted), text: body.0.text };
        inquiry::answer(app, &token.0, &number.0, &input).await?;
        Ok(Json(out(inquiry::case(app, &token.0, &number.0).await?)))
    }
}
