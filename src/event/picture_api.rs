//! The API of an event's pictures.

use entity::id::AttachmentId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::pictures::{AddPicture, add_picture, pictures, remove_picture};
use super::{path, policy, store};
use crate::app::App;
use crate::attachment::api::{AttachmentOut, attachment_out};
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// A picture for an event that is over.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct EventPictureIn {
    /// Of an upload (`POST /uploads`).
    ticket: String,
    /// What it shows, in one line, for those who cannot see it.
    alt: String,
    /// 照片中的人脸已确认征得同意 Those whose faces are seen agreed.
    faces_checked: bool,
}

/// Pictures of an event, in their order.
#[derive(Object)]
struct EventPictures {
    items: Vec<AttachmentOut>,
}

#[derive(ApiResponse)]
enum PictureAdded {
    /// 已添加 Added
    #[oai(status = 201)]
    Created(Json<EventPictures>),
}

#[derive(ApiResponse)]
enum PictureRemoved {
    /// 已撤下 Taken away
    #[oai(status = 204)]
    Done,
}

pub struct Api;

#[OpenApi(tag = "Area::Event")]
impl Api {
    /// 活动照片 The pictures of an event
    #[oai(path = "/events/:code/pictures", method = "get", operation_id = "listEventPictures")]
    async fn list(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<EventPictures>, Problem> {
        let event = store::by_code(app.db.read(), &code.0).await?;
        if event.published_at.is_none() || event.report_published_at.is_none() {
            return Err(Problem::not_found());
        }
        all(app, &event).await
    }

    /// 添加活动照片 Add a picture
    #[oai(path = "/events/:code/pictures", method = "post", operation_id = "addEventPicture")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventPictureIn>,
    ) -> Result<PictureAdded, Problem> {
        token.0.require_staff()?;
        let event = store::by_code(app.db.read(), &code.0).await?;
        policy::may_organise(&token.0, &event)?;
        let b = body.0;
        let input = AddPicture { ticket: b.ticket, alt: b.alt, faces_checked: b.faces_checked };
        add_picture(app, &token.0, event.id, &input).await?;
        Ok(PictureAdded::Created(all(app, &event).await?))
    }

    /// 撤下活动照片 Take a picture away
    #[oai(path = "/events/:code/pictures/:picture", method = "delete", operation_id = "removeEventPicture")]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        picture: Path<AttachmentId>,
    ) -> Result<PictureRemoved, Problem> {
        token.0.require_staff()?;
        let event = store::by_code(app.db.read(), &code.0).await?;
        remove_picture(app, &token.0, event.id, picture.0).await?;
        Ok(PictureRemoved::Done)
    }
}

async fn all(app: &App, event: &entity::event::Model) -> Result<Json<EventPictures>, Problem> {
    let rows = pictures(app.db.read(), event.id).await?;
    let base = path(&event.code);
    Ok(Json(EventPictures { items: rows.iter().map(|p| attachment_out(&base, p, false)).collect() }))
}
