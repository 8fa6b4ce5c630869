//! The API of the templates of reasons, for moderators.

use chrono::{DateTime, Utc};
use entity::enums::ReviewAction;
use entity::id::ReasonTemplateId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::template::{self, Details};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// A template of a reason.
#[derive(Object)]
struct ReasonTemplateOut {
    id: ReasonTemplateId,
    /// `withhold`, `return` or `reject`.
    action: ReviewAction,
    name: String,
    text: String,
    changed_at: DateTime<Utc>,
}

/// A new template.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ReasonTemplateIn {
    /// `withhold`, `return` or `reject`.
    action: ReviewAction,
    /// At most 30 characters.
    name: String,
    /// At most 500 characters.
    text: String,
}

/// A template's new words.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ReasonTemplateChange {
    name: String,
    text: String,
}

#[derive(Object)]
struct ReasonTemplateDone {
    id: ReasonTemplateId,
}

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 理由模板 The templates of reasons
    #[oai(path = "/review/templates", method = "get", operation_id = "listReasonTemplates")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<ReasonTemplateOut>>, Problem> {
        let all = template::list(app, &token.0).await?;
        let out = all.into_iter().map(|t| ReasonTemplateOut {
            id: t.id,
            action: t.action,
            name: t.name,
            text: t.text,
            changed_at: t.changed_at,
        });
        Ok(Json(out.collect()))
    }

    /// 新增理由模板 Add a template
    #[oai(path = "/review/templates", method = "post", operation_id = "addReasonTemplate")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<ReasonTemplateIn>,
    ) -> Result<Json<ReasonTemplateDone>, Problem> {
        let details = Details { action: input.action, name: input.name, text: input.text };
        let id = template::add(app, &token.0, &details).await?;
        Ok(Json(ReasonTemplateDone { id }))
    }

    /// 修改理由模板 Change a template; its decision stays
    #[oai(path = "/review/templates/:id", method = "put", operation_id = "changeReasonTemplate")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<ReasonTemplateId>,
        Json(input): Json<ReasonTemplateChange>,
    ) -> Result<Json<ReasonTemplateDone>, Problem> {
        template::change(app, &token.0, id.0, &input.name, &input.text).await?;
        Ok(Json(ReasonTemplateDone { id: id.0 }))
    }

    /// 删去理由模板 Remove a template
    #[oai(path = "/review/templates/:id", method = "delete", operation_id = "removeReasonTemplate")]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<ReasonTemplateId>,
    ) -> Result<Json<ReasonTemplateDone>, Problem> {
        template::remove(app, &token.0, id.0).await?;
        Ok(Json(ReasonTemplateDone { id: id.0 }))
    }
}
