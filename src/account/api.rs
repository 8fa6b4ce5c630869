//! The API of people and departments.

use poem_openapi::Object;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// The person a token speaks for.
#[derive(Object)]
struct Me {
    login: String,
    name: String,
    department: String,
    roles: Vec<entity::enums::Role>,
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
}
