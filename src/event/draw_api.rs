//! The API of draws.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::draw;
use super::draw_types::DrawOut;
use super::{list, store};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct DrawApi;

#[OpenApi(tag = "Area::Event")]
impl DrawApi {
    /// 摇号 The draw of a session
    ///
    /// 摇号之前只有承诺值。Before it is held, the commitment alone.
    #[oai(path = "/events/:code/sessions/:number/draw", method = "get", operation_id = "getDraw")]
    async fn show(
        &self,
        Data(app): Data<&App>,
        code: Path<String>,
        number: Path<i32>,
    ) -> Result<Json<DrawOut>, Problem> {
        let db = app.db.read();
        let event = store::by_code(db, &code.0).await?;
        if event.published_at.is_none() {
            return Err(Problem::not_found());
        }
        let session = store::session(db, event.id, number.0).await?;
        let public = draw::public(db, session.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Json(public.into()))
    }

    /// 举行摇号 Hold the draw
    ///
    /// 报名截止后才能摇号；不调用时由系统自动进行。Once registration has closed; the system does it by itself too.
    #[oai(path = "/events/:code/sessions/:number/draw", method = "post", operation_id = "holdDraw")]
    async fn hold(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
    ) -> Result<Json<DrawOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        draw::draw(app, &token.0, event.id, number.0).await?;
        let db = app.db.read();
        let session = store::session(db, event.id, number.0).await?;
        let public = draw::public(db, session.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Json(public.into()))
    }
}
