//! The API of an event's materials.

use entity::id::AttachmentId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::materials::{AddMaterial, add_material, materials, remove_material};
use super::{list, path, store};
use crate::app::App;
use crate::attachment::api::{AttachmentOut, attachment_out};
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// A document for an event.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct EventMaterialIn {
    /// Of an upload (`POST /uploads`).
    ticket: String,
    /// What it is, in one line.
    title: String,
}

/// Documents of an event, in their order.
#[derive(Object)]
struct EventMaterials {
    items: Vec<AttachmentOut>,
}

#[derive(ApiResponse)]
enum MaterialAdded {
    /// 已添加 Added
    #[oai(status = 201)]
    Created(Json<EventMaterials>),
}

#[derive(ApiResponse)]
enum MaterialRemoved {
    /// 已撤下 Taken away
    #[oai(status = 204)]
    Done,
}

pub struct MaterialApi;

#[OpenApi(tag = "Area::Event")]
impl MaterialApi {
    /// 活动材料 The materials of an event
    #[oai(path = "/events/:code/materials", method = "get", operation_id = "listEventMaterials")]
    async fn list(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<EventMaterials>, Problem> {
        let event = store::by_code(app.db.read(), &code.0).await?;
        if event.published_at.is_none() {
            return Err(Problem::not_found());
        }
        all(app, &event).await
    }

    /// 添加活动材料 Add a document
    #[oai(path = "/events/:code/materials", method = "post", operation_id = "addEventMaterial")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventMaterialIn>,
    ) -> Result<MaterialAdded, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let input = AddMaterial { ticket: body.0.ticket, title: body.0.title };
        add_material(app, &token.0, event.id, &input).await?;
        Ok(MaterialAdded::Created(all(app, &event).await?))
    }

    /// 撤下活动材料 Take a document away
    #[oai(
        path = "/events/:code/materials/:material",
        method = "delete",
        operation_id = "removeEventMaterial"
    )]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        material: Path<AttachmentId>,
    ) -> Result<MaterialRemoved, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        remove_material(app, &token.0, event.id, material.0).await?;
        Ok(MaterialRemoved::Done)
    }
}

async fn all(app: &App, event: &entity::event::Model) -> Result<Json<EventMaterials>, Problem> {
    let rows = materials(app.db.read(), event.id).await?;
    let base = path(&event.code);
    Ok(Json(EventMaterials { items: rows.iter().map(|f| attachment_out(&base, f, false)).collect() }))
}
