//! The API of draws.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::api::mine;
use super::draw::{self, Public};
use super::lot::Protocol;
use super::store;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct DrawApi;

/// A draw, before and after it is held.
#[derive(Object)]
pub struct DrawOut {
    /// SHA-256 of the number that decides together with the list; published before registration opened.
    pub commitment: String,
    pub committed_at: DateTime<Utc>,
    /// The file with which everybody can repeat the draw, once it was held.
    #[oai(skip_serializing_if_is_none)]
    pub protocol: Option<Protocol>,
}

fn draw_out(p: Public) -> DrawOut {
    DrawOut { commitment: p.commitment, committed_at: p.committed_at, protocol: p.protocol }
}

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
        Ok(Json(draw_out(public)))
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
        let event = mine(app, &token.0, &code.0).await?;
        draw::draw(app, &token.0, event.id, number.0).await?;
        let db = app.db.read();
        let session = store::session(db, event.id, number.0).await?;
        let public = draw::public(db, session.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Json(draw_out(public)))
    }
}
