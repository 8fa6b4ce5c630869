//! The API of what takes two administrators.

use chrono::{DateTime, Utc};
use entity::enums::{RequestOutcome, Role, StaffRequestKind};
use entity::id::{StaffId, StaffRequestId};
use entity::staff_request::Model;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::request;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// What one administrator asks and another confirms.
#[derive(Object)]
struct StaffRequestOut {
    id: StaffRequestId,
    kind: StaffRequestKind,
    /// Whom it is about.
    staff: StaffId,
    /// The roles to grant, for `roles`.
    roles: Vec<Role>,
    requested_by: StaffId,
    requested_at: DateTime<Utc>,
    /// Whether it waits for a decision.
    open: bool,
    outcome: Option<RequestOutcome>,
    decided_by: Option<StaffId>,
    decided_at: Option<DateTime<Utc>>,
}

/// What a confirmation brought. The link, where one was asked for, is given only here.
#[derive(Object)]
struct StaffRequestDone {
    link: Option<String>,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 须两位管理员办理的事项 What takes two administrators, newest first
    #[oai(path = "/staff-requests", method = "get", operation_id = "listStaffRequests")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<StaffRequestOut>>, Problem> {
        let rows = request::list(app, &token.0).await?;
        Ok(Json(rows.into_iter().map(|row| out(app, row)).collect()))
    }

    /// 确认 Confirms a request of another administrator, which is then done
    #[oai(path = "/staff-requests/:id/approve", method = "post", operation_id = "approveStaffRequest")]
    async fn approve(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffRequestId>,
    ) -> Result<Json<StaffRequestDone>, Problem> {
        let link = request::approve(app, &token.0, id.0).await?.map(|(_, link)| link);
        Ok(Json(StaffRequestDone { link }))
    }

    /// 拒绝或撤回 Refuses a request, or takes the own one back
    #[oai(path = "/staff-requests/:id/refuse", method = "post", operation_id = "refuseStaffRequest")]
    async fn refuse(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffRequestId>,
    ) -> Result<Json<StaffRequestDone>, Problem> {
        request::refuse(app, &token.0, id.0).await?;
        Ok(Json(StaffRequestDone { link: None }))
    }
}

fn out(app: &App, row: Model) -> StaffRequestOut {
    StaffRequestOut {
        id: row.id,
        kind: row.kind,
        staff: row.staff_id,
        roles: request::roles_of(&row),
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        open: request::is_open(app, &row),
        outcome: row.outcome,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    }
}
