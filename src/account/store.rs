//! The rows of staff and their roles.

use std::collections::HashMap;

use entity::enums::Role;
use entity::id::{DepartmentId, StaffId};
use entity::staff::{Column, Entity, Model};
use entity::{department, staff_role};
use sea_orm::sea_query::NullOrdering;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, Order, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

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

/// Some of the people, by name, with their roles: of one department, or of all.
///
/// # Errors
/// The database's own.
pub async fn page(
    db: &impl ConnectionTrait,
    department: Option<DepartmentId>,
    limit: u64,
    offset: u64,
) -> Result<Vec<(Model, Vec<Role>)>, Problem> {
    let mut query = Entity::find();
    if let Some(id) = department {
        query = query.filter(Column::DepartmentId.eq(id));
    }
    // Closed accounts last: they are looked for least.
    let people = query
        .order_by_with_nulls(Column::DisabledAt, Order::Asc, NullOrdering::First)
        .order_by_asc(Column::Login)
        .limit(limit)
        .offset(offset)
        .all(db)
        .await?;
    let ids = people.iter().map(|p| p.id);
    let held = staff_role::Entity::find().filter(staff_role::Column::StaffId.is_in(ids));
    let mut roles: HashMap<StaffId, Vec<Role>> = HashMap::new();
    for row in held.order_by_asc(staff_role::Column::Role).all(db).await? {
        roles.entry(row.staff_id).or_default().push(row.role);
    }
    Ok(people
        .into_iter()
        .map(|p| {
            let roles = roles.remove(&p.id).unwrap_or_default();
            (p, roles)
        })
        .collect())
}

/// People whose account is open, by name.
///
/// # Errors
/// The database's own.
pub async fn active(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::DisabledAt.is_null());
    Ok(query.order_by_asc(Column::DisplayName).all(db).await?)
}

#[derive(FromQueryResult)]
struct Size {
    department_id: DepartmentId,
    n: i64,
}

/// How many open accounts each department has.
///
/// # Errors
/// The database's own.
pub async fn count_by_department(db: &impl ConnectionTrait) -> Result<HashMap<DepartmentId, usize>, Problem> {
    let rows: Vec<Size> = Entity::find()
        .select_only()
        .column(Column::DepartmentId)
        .column_as(Column::Id.count(), "n")
        .filter(Column::DisabledAt.is_null())
        .group_by(Column::DepartmentId)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.department_id, usize::try_from(r.n).unwrap_or(0))).collect())
}

/// People of a department who may own its decisions.
///
/// # Errors
/// The database's own.
pub async fn owners_of(db: &impl ConnectionTrait, department: DepartmentId) -> Result<Vec<Model>, Problem> {
    let owners = staff_role::Entity::find()
        .select_only()
        .column(staff_role::Column::StaffId)
        .filter(staff_role::Column::Role.eq(Role::Owner));
    let query = Entity::find()
        .filter(Column::DepartmentId.eq(department))
        .filter(Column::DisabledAt.is_null())
        .filter(Column::Id.in_subquery(owners.into_query()));
    Ok(query.order_by_asc(Column::DisplayName).all(db).await?)
}

/// Whoever has held a role longest, of the open accounts.
///
/// # Errors
/// The database's own.
pub async fn first_with_role(db: &impl ConnectionTrait, role: Role) -> Result<Option<Model>, Problem> {
    let holders = staff_role::Entity::find()
        .filter(staff_role::Column::Role.eq(role))
        .order_by_asc(staff_role::Column::GrantedAt)
        .order_by_asc(staff_role::Column::StaffId);
    for held in holders.all(db).await? {
        let open = Entity::find_by_id(held.staff_id).filter(Column::DisabledAt.is_null());
        if let Some(found) = open.one(db).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Display names, for staff pages.
///
/// # Errors
/// The database's own.
pub async fn names(db: &impl ConnectionTrait) -> Result<HashMap<StaffId, String>, Problem> {
    Ok(Entity::find().all(db).await?.into_iter().map(|p| (p.id, p.display_name)).collect())
}
