//! The rows of catalogues, their versions and entries.

use std::collections::HashMap;

use entity::catalogue::{Column, Entity, Model};
use entity::catalogue_entry::{self, Model as Entry};
use entity::catalogue_version::{self, Model as Version};
use entity::enums::VersionState;
use entity::id::{CatalogueEntryId, CatalogueId, CatalogueVersionId, DecisionId, DepartmentId};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use super::may_manage;
use crate::actor::Actor;
use crate::app::App;
use crate::db::{Write, is_duplicate};
use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: CatalogueId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn of_year(
    db: &impl ConnectionTrait,
    department: DepartmentId,
    year: i32,
) -> Result<Model, Problem> {
    let query = Entity::find().filter(Column::DepartmentId.eq(department)).filter(Column::Year.eq(year));
    query.one(db).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn lock(write: &Write, id: CatalogueId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// The catalogue, locked, and its draft, for somebody who may write it.
pub(super) async fn lock_draft(
    write: &Write,
    actor: &Actor,
    id: CatalogueId,
) -> Result<(Model, Version), Problem> {
    let catalogue = lock(write, id).await?;
    let versions = versions(&**write, id).await?;
    may_manage(actor, &catalogue)?;
    match versions.into_iter().next_back() {
        Some(draft) if draft.state == VersionState::Draft => Ok((catalogue, draft)),
        _ => Err(Problem::conflict(
            "目录已公布，不能直接修改；请先开始调整",
            "The catalogue is published and never changed; begin an adjustment first",
        )),
    }
}

/// Every version, the first one first; a draft is the last.
///
/// # Errors
/// The database's own.
pub async fn versions(db: &impl ConnectionTrait, id: CatalogueId) -> Result<Vec<Version>, Problem> {
    let query = catalogue_version::Entity::find().filter(catalogue_version::Column::CatalogueId.eq(id));
    Ok(query.order_by_asc(catalogue_version::Column::Number).all(db).await?)
}

pub(super) async fn find_version(
    db: &impl ConnectionTrait,
    id: CatalogueVersionId,
) -> Result<Version, Problem> {
    catalogue_version::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The entries of a version, in order.
///
/// # Errors
/// The database's own.
pub async fn entries(db: &impl ConnectionTrait, version: CatalogueVersionId) -> Result<Vec<Entry>, Problem> {
    use catalogue_entry::Column as E;
    let query = catalogue_entry::Entity::find().filter(E::VersionId.eq(version));
    Ok(query.order_by_asc(E::Position).order_by_asc(E::Id).all(db).await?)
}

pub(super) async fn find_entry(
    db: &impl ConnectionTrait,
    version: CatalogueVersionId,
    id: CatalogueEntryId,
) -> Result<Entry, Problem> {
    let query =
        catalogue_entry::Entity::find_by_id(id).filter(catalogue_entry::Column::VersionId.eq(version));
    query.one(db).await?.ok_or_else(Problem::not_found)
}

/// Which catalogues to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub departments: Option<Vec<DepartmentId>>,
    pub year: Option<i32>,
    pub published_only: bool,
    pub limit: u64,
    pub offset: u64,
}

/// A catalogue with the version a list shows: the one in force, or on desks the draft after it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub catalogue: Model,
    pub version: Version,
    pub entries: u64,
    /// The version in force, if there is one.
    pub in_force: Option<i32>,
}

/// # Errors
/// The database's own.
pub async fn list(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Listed>, Problem> {
    let query = select(filter).order_by_desc(Column::Year).order_by_asc(Column::CreatedAt);
    let rows = query.offset(filter.offset).limit(filter.limit).all(db).await?;
    let mut versions: HashMap<CatalogueId, Vec<Version>> = HashMap::new();
    let of_rows = catalogue_version::Column::CatalogueId.is_in(rows.iter().map(|c| c.id));
    let found = catalogue_version::Entity::find().filter(of_rows);
    for version in found.order_by_asc(catalogue_version::Column::Number).all(db).await? {
        versions.entry(version.catalogue_id).or_default().push(version);
    }
    let mut listed = Vec::new();
    for catalogue in rows {
        let all = versions.remove(&catalogue.id).unwrap_or_default();
        let in_force = all.iter().rfind(|v| v.state == VersionState::Published);
        let number = in_force.map(|v| v.number);
        let shown = if filter.published_only { in_force } else { all.last() };
        if let Some(version) = shown.cloned() {
            listed.push(Listed { catalogue, version, entries: 0, in_force: number });
        }
    }
    let counts = entry_counts(db, &listed).await?;
    for row in &mut listed {
        row.entries = counts.get(&row.version.id).copied().unwrap_or(0);
    }
    Ok(listed)
}

async fn entry_counts(
    db: &impl ConnectionTrait,
    listed: &[Listed],
) -> Result<HashMap<CatalogueVersionId, u64>, Problem> {
    use catalogue_entry::Column as E;
    let rows: Vec<(CatalogueVersionId, i64)> = catalogue_entry::Entity::find()
        .select_only()
        .column(E::VersionId)
        .column_as(E::Id.count(), "n")
        .filter(E::VersionId.is_in(listed.iter().map(|l| l.version.id)))
        .group_by(E::VersionId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, n)| (id, u64::try_from(n).unwrap_or(0))).collect())
}

/// # Errors
/// The database's own.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, Problem> {
    Ok(select(filter).count(db).await?)
}

fn select(filter: &Filter) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(departments) = &filter.departments {
        query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
    }
    if let Some(year) = filter.year {
        query = query.filter(Column::Year.eq(year));
    }
    if filter.published_only {
        let published = Query::select()
            .column(catalogue_version::Column::CatalogueId)
            .from(catalogue_version::Entity)
            .and_where(catalogue_version::Column::State.eq(VersionState::Published))
            .to_owned();
        query = query.filter(Column::Id.in_subquery(published));
    }
    query
}

/// Where a decision is listed: the newest published version that holds it.
#[derive(Clone, Debug)]
pub struct Place {
    pub catalogue: Model,
    pub version: Version,
    pub entry: Entry,
}

/// # Errors
/// The database's own.
pub async fn place_of(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Option<Place>, Problem> {
    use catalogue_version::Column as V;
    let holding = Query::select()
        .column(catalogue_entry::Column::VersionId)
        .from(catalogue_entry::Entity)
        .and_where(Expr::col(catalogue_entry::Column::DecisionId).eq(decision))
        .to_owned();
    let version = catalogue_version::Entity::find()
        .filter(V::State.eq(VersionState::Published))
        .filter(V::Id.in_subquery(holding))
        .order_by_desc(V::PublishedAt)
        .order_by_desc(V::Number)
        .limit(1)
        .one(db)
        .await?;
    let Some(version) = version else { return Ok(None) };
    let entry = catalogue_entry::Entity::find()
        .filter(catalogue_entry::Column::VersionId.eq(version.id))
        .filter(catalogue_entry::Column::DecisionId.eq(decision))
        .one(db)
        .await?;
    let catalogue = find(db, version.catalogue_id).await?;
    Ok(entry.map(|entry| Place { catalogue, version, entry }))
}

pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await.map_err(|e| {
        if is_duplicate(&e) {
            Problem::conflict(
                "该单位该年度的目录已经建立",
                "The catalogue of this department and year exists",
            )
        } else {
            e.into()
        }
    })?;
    Ok(())
}

pub(super) async fn insert_version(
    app: &App,
    write: &Write,
    catalogue: CatalogueId,
    number: i32,
) -> Result<Version, Problem> {
    let row = Version {
        id: app.id(),
        catalogue_id: catalogue,
        number,
        state: VersionState::Draft,
        reason: None,
        published_at: None,
        published_by: None,
        created_at: app.now(),
    };
    row.clone().into_active_model().insert(&**write).await?;
    Ok(row)
}

pub(super) async fn publish_version(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: CatalogueVersionId,
    reason: Option<&str>,
) -> Result<(), Problem> {
    use catalogue_version::Column as V;
    catalogue_version::Entity::update_many()
        .col_expr(V::State, Expr::value(VersionState::Published))
        .col_expr(V::Reason, Expr::value(reason))
        .col_expr(V::PublishedAt, Expr::value(Some(app.now())))
        .col_expr(V::PublishedBy, Expr::value(actor.staff_id()))
        .filter(V::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn delete_version(write: &Write, id: CatalogueVersionId) -> Result<(), Problem> {
    let entries = catalogue_entry::Entity::delete_many();
    entries.filter(catalogue_entry::Column::VersionId.eq(id)).exec(&**write).await?;
    catalogue_version::Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

pub(super) async fn insert_entry(write: &Write, row: &Entry) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub(super) async fn update_entry(write: &Write, row: &Entry) -> Result<(), Problem> {
    use catalogue_entry::Column as E;
    catalogue_entry::Entity::update_many()
        .col_expr(E::Title, Expr::value(row.title.clone()))
        .col_expr(E::Kind, Expr::value(row.kind))
        .col_expr(E::DepartmentId, Expr::value(row.department_id))
        .col_expr(E::Basis, Expr::value(row.basis.clone()))
        .col_expr(E::PlannedTime, Expr::value(row.planned_time.clone()))
        .col_expr(E::Steps, Expr::value(row.steps.clone()))
        .filter(E::Id.eq(row.id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn delete_entry(write: &Write, id: CatalogueEntryId) -> Result<(), Problem> {
    catalogue_entry::Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

pub(super) async fn set_position(write: &Write, id: CatalogueEntryId, position: i32) -> Result<(), Problem> {
    use catalogue_entry::Column as E;
    let update = catalogue_entry::Entity::update_many().col_expr(E::Position, Expr::value(position));
    update.filter(E::Id.eq(id)).exec(&**write).await?;
    Ok(())
}
