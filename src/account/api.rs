//! The API of people: who a token speaks for, and the administrator's list.

use entity::enums::Role;
use entity::id::{DepartmentId, StaffId};
use entity::staff::Model;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::people::{self, ChangeStaff, Done, NewStaff};
use super::{factor, store};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

const PAGE: u64 = 50;
const MAX_PAGE: u64 = 100;

pub struct Api;

/// The person a token speaks for.
#[derive(Object)]
struct Me {
    login: String,
    name: String,
    department: String,
    roles: Vec<Role>,
}

/// A member of staff.
#[derive(Object)]
struct StaffOut {
    id: StaffId,
    login: String,
    name: String,
    email: String,
    department: DepartmentId,
    roles: Vec<Role>,
    disabled: bool,
    /// Whether the invitation still waits to be used.
    invited: bool,
    /// Whether signing in takes a code beside the password.
    second_factor: bool,
}

/// Somebody to invite.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct StaffNewIn {
    login: String,
    name: String,
    email: String,
    department: DepartmentId,
    roles: Vec<Role>,
}

/// What to change; what is absent stays.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct StaffPatch {
    name: Option<String>,
    email: Option<String>,
    department: Option<DepartmentId>,
    roles: Option<Vec<Role>>,
    disabled: Option<bool>,
}

/// A person with the link that sets the first or a new password. It is given only here; none where another
/// administrator must confirm first.
#[derive(Object)]
struct StaffInvitation {
    staff: StaffOut,
    link: Option<String>,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 当前令牌所代表的人员 Who the token speaks for
    #[oai(path = "/me", method = "get", operation_id = "getMe")]
    async fn me(&self, token: StaffToken) -> Result<Json<Me>, Problem> {
        let staff = token.0.require_staff()?;
        Ok(Json(Me {
            login: staff.login.clone(),
            name: staff.name.clone(),
            department: staff.department.clone(),
            roles: staff.roles.clone(),
        }))
    }

    /// 人员列表 Staff, for administrators
    #[oai(path = "/staff", method = "get", operation_id = "listStaff")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        department: Query<Option<DepartmentId>>,
        /// 页码 From 1.
        page: Query<Option<u64>>,
        /// 每页条数 At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<StaffOut>>, Problem> {
        token.0.require(Role::Admin)?;
        let limit = limit.0.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let offset = (page.0.unwrap_or(1).clamp(1, 1_000_000) - 1) * limit;
        let people = store::page(app.db.read(), department.0, limit, offset).await?;
        let holders = factor::holders(app.db.read(), people.iter().map(|(p, _)| p.id)).await?;
        let of = |(p, roles): (Model, Vec<Role>)| {
            let second_factor = holders.contains(&p.id);
            out(p, roles, second_factor)
        };
        Ok(Json(people.into_iter().map(of).collect()))
    }

    /// 人员 One member of staff
    #[oai(path = "/staff/:id", method = "get", operation_id = "getStaff")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffId>,
    ) -> Result<Json<StaffOut>, Problem> {
        token.0.require(Role::Admin)?;
        one(app, id.0).await.map(Json)
    }

    /// 新增人员并生成邀请链接 Adds somebody and makes the invitation link
    #[oai(path = "/staff", method = "post", operation_id = "addStaff")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<StaffNewIn>,
    ) -> Result<Json<StaffInvitation>, Problem> {
        let new = NewStaff {
            login: input.login,
            display_name: input.name,
            email: input.email,
            department_id: input.department,
            roles: input.roles,
        };
        let (id, link) = people::add(app, &token.0, &new).await.map_err(renamed)?;
        Ok(Json(StaffInvitation { staff: one(app, id).await?, link: Some(link) }))
    }

    /// 修改人员 Changes a person
    #[oai(path = "/staff/:id", method = "patch", operation_id = "changeStaff")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffId>,
        Json(patch): Json<StaffPatch>,
    ) -> Result<Json<StaffOut>, Problem> {
        token.0.require(Role::Admin)?;
        let before = one(app, id.0).await?;
        let change = ChangeStaff {
            display_name: patch.name.unwrap_or(before.name),
            email: patch.email.unwrap_or(before.email),
            department_id: patch.department.unwrap_or(before.department),
            roles: patch.roles.unwrap_or(before.roles),
            disabled: patch.disabled.unwrap_or(before.disabled),
        };
        people::change(app, &token.0, id.0, &change).await.map_err(renamed)?;
        one(app, id.0).await.map(Json)
    }

    /// 生成重设密码的链接（管理员须两人办理） Makes a one-time link for a new password; for an administrator, asks another
    #[oai(path = "/staff/:id/link", method = "post", operation_id = "makeStaffLink")]
    async fn link(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffId>,
    ) -> Result<Json<StaffInvitation>, Problem> {
        let link = match people::reset_link(app, &token.0, id.0).await? {
            Done::Now(link) => Some(link),
            Done::Asked => None,
        };
        Ok(Json(StaffInvitation { staff: one(app, id.0).await?, link }))
    }

    /// 重置他人的两步验证（管理员须两人办理） Resets somebody else's second factor; for an administrator, asks another
    #[oai(path = "/staff/:id/second-factor", method = "delete", operation_id = "resetSecondFactor")]
    async fn reset_factor(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<StaffId>,
    ) -> Result<Json<StaffOut>, Problem> {
        factor::reset(app, &token.0, id.0).await?;
        one(app, id.0).await.map(Json)
    }
}

/// The fields as this API calls them.
fn renamed(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        field.field = match field.field.as_ref() {
            "display_name" => "name".into(),
            "department_id" => "department".into(),
            other => other.to_owned().into(),
        };
    }
    problem
}

async fn one(app: &App, id: StaffId) -> Result<StaffOut, Problem> {
    let db = app.db.read();
    let second_factor = factor::since(db, id).await?.is_some();
    Ok(out(store::find_staff(db, id).await?, store::roles(db, id).await?, second_factor))
}

fn out(p: Model, roles: Vec<Role>, second_factor: bool) -> StaffOut {
    StaffOut {
        id: p.id,
        login: p.login,
        name: p.display_name,
        email: p.email,
        department: p.department_id,
        roles,
        disabled: p.disabled_at.is_some(),
        invited: p.password_hash.is_none(),
        second_factor,
    }
}
