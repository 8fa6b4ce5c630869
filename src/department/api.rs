//! The API of departments: staff read them, administrators change them.

use entity::department::Model;
use entity::id::{DepartmentId, StaffId};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Details;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// A department.
#[derive(Object)]
struct DepartmentOut {
    id: DepartmentId,
    /// Short stable name, used in addresses.
    key: String,
    name: String,
    short_name: String,
    #[oai(skip_serializing_if_is_none)]
    parent: Option<DepartmentId>,
    #[oai(skip_serializing_if_is_none)]
    head: Option<StaffId>,
    address: String,
    postcode: String,
    email: String,
    phone: String,
}

/// What an administrator writes about a department; an absent text is empty, an absent parent or head none.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DepartmentIn {
    /// Lower-case letters, digits, - and _; given when the department is added, and fixed for good.
    key: Option<String>,
    name: String,
    short_name: String,
    parent: Option<DepartmentId>,
    head: Option<StaffId>,
    #[oai(default)]
    address: String,
    #[oai(default)]
    postcode: String,
    #[oai(default)]
    email: String,
    #[oai(default)]
    phone: String,
}

impl DepartmentIn {
    fn details(self, key: String) -> Details {
        Details {
            key,
            name: self.name,
            short_name: self.short_name,
            parent_id: self.parent,
            head_id: self.head,
            address: self.address,
            postcode: self.postcode,
            email: self.email,
            phone: self.phone,
        }
    }
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 单位列表 All departments
    #[oai(path = "/departments", method = "get", operation_id = "listDepartments")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<DepartmentOut>>, Problem> {
        token.0.require_staff()?;
        Ok(Json(super::all(app.db.read()).await?.into_iter().map(out).collect()))
    }

    /// 单位 One department
    #[oai(path = "/departments/:id", method = "get", operation_id = "getDepartment")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<DepartmentId>,
    ) -> Result<Json<DepartmentOut>, Problem> {
        token.0.require_staff()?;
        Ok(Json(out(super::find(app.db.read(), id.0).await?)))
    }

    /// 新增单位 Adds a department
    #[oai(path = "/departments", method = "post", operation_id = "addDepartment")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(mut input): Json<DepartmentIn>,
    ) -> Result<Json<DepartmentOut>, Problem> {
        let key = input.key.take().unwrap_or_default();
        let id = super::add(app, &token.0, &input.details(key)).await.map_err(renamed)?;
        Ok(Json(out(super::find(app.db.read(), id).await?)))
    }

    /// 修改单位 Writes a department anew; the key stays
    #[oai(path = "/departments/:id", method = "put", operation_id = "changeDepartment")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<DepartmentId>,
        Json(input): Json<DepartmentIn>,
    ) -> Result<Json<DepartmentOut>, Problem> {
        token.0.require(entity::enums::Role::Admin)?;
        let before = super::find(app.db.read(), id.0).await?;
        if input.key.as_ref().is_some_and(|key| *key != before.key) {
            return Err(Problem::invalid("key", "代号不能更改", "The key is fixed for good"));
        }
        super::change(app, &token.0, id.0, &input.details(before.key)).await.map_err(renamed)?;
        Ok(Json(out(super::find(app.db.read(), id.0).await?)))
    }
}

/// The fields as this API calls them.
fn renamed(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        if let Some(name) = field.field.strip_suffix("_id") {
            field.field = name.to_owned().into();
        }
    }
    problem
}

fn out(d: Model) -> DepartmentOut {
    DepartmentOut {
        id: d.id,
        key: d.key,
        name: d.name,
        short_name: d.short_name,
        parent: d.parent_id,
        head: d.head_id,
        address: d.address,
        postcode: d.postcode,
        email: d.email,
        phone: d.phone,
    }
}
