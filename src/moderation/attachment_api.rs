//! The API of attachments under review.

use entity::id::AttachmentId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::api::{ReviewCase, case_out};
use super::attachments;
use super::case::case;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// Which attachments everybody may see.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AttachmentsIn {
    /// Ids; those that are not named are not shown.
    shown: Vec<AttachmentId>,
}

pub struct Api;

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 决定附件是否公开 Decide which attachments of an opinion are shown
    ///
    /// 未列出的一律不公开。Those that are not named are not shown.
    #[oai(path = "/review/:number/attachments", method = "post", operation_id = "decideAttachments")]
    async fn attachments(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<AttachmentsIn>,
    ) -> Result<Json<ReviewCase>, Problem> {
        attachments::decide(app, &token.0, &number.0, &body.0.shown).await?;
        Ok(Json(case_out(case(app, &token.0, &number.0).await?)))
    }
}
