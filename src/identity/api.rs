//! The API of one-time codes and of the consent text.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Asked;
use super::consent::{self, Publish, Text};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// Where to send a one-time code.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ContactIn {
    /// E-mail address, or mobile number of 11 digits.
    pub contact: String,
}

/// A code that is on its way.
#[derive(Object)]
pub struct ContactCodeOut {
    /// To be given back together with the code.
    ticket: String,
    /// The contact, masked.
    sent_to: String,
    expires_at: DateTime<Utc>,
}

impl From<Asked> for ContactCodeOut {
    fn from(asked: Asked) -> Self {
        Self { ticket: asked.ticket, sent_to: asked.sent_to, expires_at: asked.expires_at }
    }
}

#[derive(ApiResponse)]
pub enum CodeSent {
    /// 已发送 Sent
    #[oai(status = 202)]
    Sent(Json<ContactCodeOut>),
}

/// What people agree to when they send something.
#[derive(Object)]
struct ConsentText {
    version: i32,
    text: String,
    text_en: String,
    /// Missing for the version that comes with the program.
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
}

impl From<Text> for ConsentText {
    fn from(text: Text) -> Self {
        Self { version: text.version, text: text.zh, text_en: text.en, published_at: text.published_at }
    }
}

/// The next version of the consent text.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ConsentTextIn {
    /// The version it follows.
    after: i32,
    text: String,
    text_en: String,
}

pub struct Api;

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 个人信息处理同意书 The consent text
    #[oai(path = "/consent-text", method = "get", operation_id = "getConsentText")]
    async fn consent(
        &self,
        Data(app): Data<&App>,
        /// By default the newest.
        version: Query<Option<i32>>,
    ) -> Result<Json<ConsentText>, Problem> {
        Ok(Json(consent::of(app.db.read(), version.0).await?.into()))
    }

    /// 发布新的同意书 Publish the next version of the consent text
    #[oai(path = "/consent-text", method = "post", operation_id = "publishConsentText")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<ConsentTextIn>,
    ) -> Result<Json<ConsentText>, Problem> {
        let input = Publish { after: body.0.after, zh: body.0.text, en: body.0.text_en };
        let version = consent::publish(app, &token.0, &input).await?;
        Ok(Json(consent::of(app.db.read(), Some(version)).await?.into()))
    }
}
