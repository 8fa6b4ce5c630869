//! The rows of staff and their roles.

use std::collections::HashMap;

use entity::enums::Role;
use entity::id::{DepartmentId, StaffId};
use entity::staff::{Column, Entity, Model};
use entity::{department, staff_role};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::actor::Staff;
use crate::problem::Problem;

/// A member of staff as an actor; none when disabled.
///
/// # Errors
/// The database's own.
pub async fn staff_of(db: &impl ConnectionTrait, id: StaffId) -> Result<Option<Staff>, Problem> {
    let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    if row.disabled_at.is_some() {
        return Ok(None);
    }
    let department = department::Entity::find_by_id(row.department_id).one(db).await?;
    let heads = department::Entity::find().filter(department::Column::HeadId.eq(id)).all(db).await?;
    Ok(Some(Staff {
        id,
        login: row.login,
        name: row.display_name,
        department_id: row.department_id,
        department: department.map(|d| d.name).unwrap_or_default(),
        roles: roles(db, id).await?,
        heads: heads.into_iter().map(|d| d.id).collect(),
    }))
}

/// # Errors
/// The database's own.
pub async fn roles(db: &impl ConnectionTrait, id: StaffId) -> Result<Vec<Role>, Problem> {
    let rows = staff_role::Entity::find().filter(staff_role::Column::StaffId.eq(id)).all(db).await?;
    Ok(rows.into_iter().map(|r| r.role).collect())
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find_staff(db: &impl ConnectionTrait, id: StaffId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// The database's own.
pub async fn by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::Login.eq(login.to_lowercase())).one(db).await?)
}

/// Everybody, by department and name, with their roles.
///
/// # Errors
/// The database's own.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<(Model, Vec<Role>)>, Problem> {
    let people =
        Entity::find().order_by_asc(Column::DepartmentId).order_by_asc(Column::DisplayName).all(db).await?;
    let mut roles: HashMap<StaffId, Vec<Role>> = HashMap::new();
    for row in staff_role::Entity::find().all(db).await? {
        roles.entry(row.staff_id).or_default().push(row.role);
    }
    Ok(people.into_iter().map(|p| (p.clone(), roles.remove(&p.id).unwrap_or_default())).collect())
}

/// People of a department who may own its decisions.
///
/// # Errors
/// The database's own.
pub async fn owners_of(db: &impl ConnectionTrait, department: DepartmentId) -> Result<Vec<Model>, Problem> {
    let people = all(db).await?.into_iter();
    Ok(people
        .filter(|(p, roles)| {
            p.department_id == department && p.disabled_at.is_none() && roles.contains(&Role::Owner)
        })
        .map(|(p, _)| p)
        .collect())
}

/// Display names, for staff pages.
///
/// # Errors
/// The database's own.
pub async fn names(db: &impl ConnectionTrait) -> Result<HashMap<StaffId, String>, Problem> {
    Ok(Entity::find().all(db).await?.into_iter().map(|p| (p.id, p.display_name)).collect())
}
