//! Departments (单位、部门): the organisation tree, who heads each, and how the public reaches it.

pub mod api;
pub mod page;

use std::collections::HashMap;

use entity::department::{ActiveModel, Column, Entity, Model};
use entity::enums::{Role, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use entity::staff;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use validator::Validate;

use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::{Write, is_duplicate};
use crate::problem::Problem;
use crate::text;

/// A department as an administrator writes it.
#[derive(Clone, Debug, Default, Validate)]
pub struct Details {
    /// Short stable name in Latin letters, used in addresses.
    #[validate(length(min = 2, max = 40), custom(function = key))]
    pub key: String,
    #[validate(length(min = 1, max = 60), custom(function = text::one_line))]
    pub name: String,
    #[validate(length(min = 1, max = 30), custom(function = text::one_line))]
    pub short_name: String,
    pub parent_id: Option<DepartmentId>,
    pub head_id: Option<StaffId>,
    #[validate(length(max = 200), custom(function = text::one_line))]
    pub address: String,
    #[validate(length(max = 10), custom(function = text::one_line))]
    pub postcode: String,
    #[validate(custom(function = text::contact))]
    pub email: String,
    #[validate(length(max = 40), custom(function = text::one_line))]
    pub phone: String,
}

fn key(key: &str) -> Result<(), validator::ValidationError> {
    if key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')) {
        return Ok(());
    }
    Err(validator::ValidationError::new(
        "只能用小写字母、数字和 - _|Lower-case letters, digits, - and _ only",
    ))
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DepartmentId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Key.eq(key)).one(db).await?.ok_or_else(Problem::not_found)
}

/// All departments in the order of the organisation.
///
/// # Errors
/// The database's own.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().order_by_asc(Column::Position).all(db).await?)
}

/// Names by id.
///
/// # Errors
/// The database's own.
pub async fn names(db: &impl ConnectionTrait) -> Result<HashMap<DepartmentId, String>, Problem> {
    Ok(all(db).await?.into_iter().map(|d| (d.id, d.name)).collect())
}

/// The bureau itself, at the first set-up.
///
/// # Errors
/// `invalid`; the database's own.
pub async fn insert_bureau(app: &App, write: &Write, name: &str) -> Result<DepartmentId, Problem> {
    let details =
        Details { key: "bureau".into(), name: name.into(), short_name: name.into(), ..Details::default() };
    insert(app, write, &details).await
}

/// Adds a department.
///
/// # Errors
/// `forbidden`; `invalid`; the database's own.
pub async fn add(app: &App, actor: &Actor, details: &Details) -> Result<DepartmentId, Problem> {
    actor.require(Role::Admin)?;
    let write = app.write().await?;
    let id = insert(app, &write, details).await?;
    audit::record(
        app,
        &write,
        actor,
        "department.add",
        audit::subject(SubjectKind::Department, id),
        json!({}),
    )
    .await?;
    write.commit().await?;
    Ok(id)
}

/// The parent and the head must be there, and the tree must stay a tree.
async fn check_relations(write: &Write, id: Option<DepartmentId>, d: &Details) -> Result<(), Problem> {
    let parents: HashMap<DepartmentId, Option<DepartmentId>> =
        all(&**write).await?.into_iter().map(|d| (d.id, d.parent_id)).collect();
    let mut above = d.parent_id;
    // No more steps than there are departments: a ring made by two changes at once must not hang this one.
    for _ in 0..=parents.len() {
        let Some(parent) = above else { break };
        if Some(parent) == id {
            let (zh, en) = ("不能以自身或下级为上级", "A department cannot be below itself");
            return Err(Problem::invalid("parent_id", zh, en));
        }
        above = *parents
            .get(&parent)
            .ok_or_else(|| Problem::invalid("parent_id", "没有这个单位", "There is no such department"))?;
    }
    if let Some(head) = d.head_id {
        let head = staff::Entity::find_by_id(head).filter(staff::Column::DisabledAt.is_null());
        if head.one(&**write).await?.is_none() {
            let (zh, en) = (
                "没有这位工作人员，或账号已停用",
                "There is no such member of staff, or the account is closed",
            );
            return Err(Problem::invalid("head_id", zh, en));
        }
    }
    Ok(())
}

async fn insert(app: &App, write: &Write, d: &Details) -> Result<DepartmentId, Problem> {
    d.validate()?;
    check_relations(write, None, d).await?;
    let id = app.id::<DepartmentId>();
    let position = i32::try_from(Entity::find().count(&**write).await?).unwrap_or(i32::MAX);
    let row = ActiveModel {
        id: Set(id),
        parent_id: Set(d.parent_id),
        key: Set(d.key.clone()),
        name: Set(d.name.clone()),
        short_name: Set(d.short_name.clone()),
        head_id: Set(d.head_id),
        address: Set(d.address.clone()),
        postcode: Set(d.postcode.clone()),
        email: Set(d.email.clone()),
        phone: Set(d.phone.clone()),
        position: Set(position),
        created_at: Set(app.now()),
    };
    row.insert(&**write).await.map_err(|e| {
        if is_duplicate(&e) {
            Problem::invalid("key", "该代号已被使用", "This key is taken")
        } else {
            e.into()
        }
    })?;
    Ok(id)
}

/// Changes a department; the key stays, because addresses use it.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; the database's own.
pub async fn change(app: &App, actor: &Actor, id: DepartmentId, d: &Details) -> Result<(), Problem> {
    actor.require(Role::Admin)?;
    d.validate()?;
    let write = app.write().await?;
    find(&*write, id).await?;
    check_relations(&write, Some(id), d).await?;
    Entity::update_many()
        .col_expr(Column::Name, Expr::value(d.name.clone()))
        .col_expr(Column::ShortName, Expr::value(d.short_name.clone()))
        .col_expr(Column::ParentId, Expr::value(d.parent_id))
        .col_expr(Column::HeadId, Expr::value(d.head_id))
        .col_expr(Column::Address, Expr::value(d.address.clone()))
        .col_expr(Column::Postcode, Expr::value(d.postcode.clone()))
        .col_expr(Column::Email, Expr::value(d.email.clone()))
        .col_expr(Column::Phone, Expr::value(d.phone.clone()))
        .filter(Column::Id.eq(id))
        .exec(&*write)
        .await?;
    audit::record(
        app,
        &write,
        actor,
        "department.change",
        audit::subject(SubjectKind::Department, id),
        json!({}),
    )
    .await?;
    write.commit().await
}
