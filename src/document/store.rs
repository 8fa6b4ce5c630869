//! The rows of documents, their files and clauses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::document::{Column, Entity, Model};
use entity::enums::DocumentKind;
use entity::id::{ClauseId, DecisionId, DocumentId, FileId, StaffId};
use entity::{clause, file};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    ExprTrait as _, FromQueryResult, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, SqlErr,
};

use super::upload::Original;
use crate::app::App;
use crate::db::{Write, is_duplicate};
use crate::keys::sha256_hex;
use crate::problem::{Code, Problem};

/// The kind of the row that holds the first line of a text: with it the rows are the whole text.
pub const TITLE: &str = "title";
/// SQLite takes 32,766 values in a statement, a clause has nine.
const CHUNK: usize = 1000;

/// A version without its text, for lists.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Head {
    pub id: DocumentId,
    pub decision_id: DecisionId,
    pub kind: DocumentKind,
    pub version: i32,
    pub title: String,
    /// Characters of the text; 0 when the version is a file only.
    pub chars: i64,
    pub content_hash: String,
    pub correction_notice: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    pub created_by: Option<StaffId>,
    pub created_at: DateTime<Utc>,
}

/// A file without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FileHead {
    pub id: FileId,
    pub document_id: DocumentId,
    pub name: String,
    pub media_type: String,
    pub size: i64,
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DocumentId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The same with the row locked until the transaction ends.
pub(super) async fn find_locked(write: &Write, id: DocumentId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// Every version of every kind with its text, oldest first.
///
/// # Errors
/// The database's own.
pub async fn of_decision(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::DecisionId.eq(decision));
    Ok(query.order_by_asc(Column::Kind).order_by_asc(Column::Version).all(db).await?)
}

fn select_heads() -> sea_orm::Select<Entity> {
    let columns = [
        Column::Id,
        Column::DecisionId,
        Column::Kind,
        Column::Version,
        Column::Title,
        Column::ContentHash,
        Column::CorrectionNotice,
        Column::PublishedAt,
        Column::CreatedBy,
        Column::CreatedAt,
    ];
    Entity::find()
        .select_only()
        .columns(columns)
        .column_as(Expr::cust("LENGTH(body)").cast_as("BIGINT"), "chars")
}

/// Every version of every kind without its text, newest first within a kind.
///
/// # Errors
/// The database's own.
pub async fn heads(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Vec<Head>, Problem> {
    let query = select_heads().filter(Column::DecisionId.eq(decision));
    let query = query.order_by_asc(Column::Kind).order_by_desc(Column::Version);
    Ok(query.into_model::<Head>().all(db).await?)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn head(db: &impl ConnectionTrait, id: DocumentId) -> Result<Head, Problem> {
    let found = select_heads().filter(Column::Id.eq(id)).into_model::<Head>().one(db).await?;
    found.ok_or_else(Problem::not_found)
}

/// The newest version of a kind, published or not.
///
/// # Errors
/// The database's own.
pub async fn latest(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    kind: DocumentKind,
) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::DecisionId.eq(decision)).filter(Column::Kind.eq(kind));
    Ok(query.order_by_desc(Column::Version).limit(1).one(db).await?)
}

/// The newest published version of a kind.
///
/// # Errors
/// The database's own.
pub async fn latest_published(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    kind: DocumentKind,
) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::DecisionId.eq(decision)).filter(Column::Kind.eq(kind));
    let query = query.filter(Column::PublishedAt.is_not_null());
    Ok(query.order_by_desc(Column::Version).limit(1).one(db).await?)
}

/// The published versions of a decision, newest first within a kind. Texts that are cut into clauses are
/// left out: their clauses are read instead.
///
/// # Errors
/// The database's own.
pub async fn published(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Vec<Model>, Problem> {
    let cut = Column::Kind.is_in([DocumentKind::Draft, DocumentKind::Final]);
    let body: Expr = Expr::case(cut, Expr::value("")).finally(Expr::col(Column::Body)).into();
    let columns = [
        Column::Id,
        Column::DecisionId,
        Column::Kind,
        Column::Version,
        Column::Title,
        Column::ContentHash,
        Column::CorrectionNotice,
        Column::PublishedAt,
        Column::CreatedBy,
        Column::CreatedAt,
    ];
    let query = Entity::find()
        .select_only()
        .columns(columns)
        .column_as(body, "body")
        .filter(Column::DecisionId.eq(decision))
        .filter(Column::PublishedAt.is_not_null());
    Ok(query.order_by_asc(Column::Kind).order_by_desc(Column::Version).all(db).await?)
}

/// The clauses of a version in the order of the text; the first may be the title ([`TITLE`]).
///
/// # Errors
/// The database's own.
pub async fn clauses(db: &impl ConnectionTrait, document: DocumentId) -> Result<Vec<clause::Model>, Problem> {
    let query = clause::Entity::find().filter(clause::Column::DocumentId.eq(document));
    Ok(query.order_by_asc(clause::Column::Position).all(db).await?)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn clause(db: &impl ConnectionTrait, id: ClauseId) -> Result<clause::Model, Problem> {
    clause::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// Clauses by id, in one query, for lists of opinions.
///
/// # Errors
/// The database's own.
pub async fn clauses_at(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ClauseId>,
) -> Result<HashMap<ClauseId, clause::Model>, Problem> {
    let mut ids: Vec<ClauseId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = clause::Entity::find().filter(clause::Column::Id.is_in(chunk.iter().copied()));
        found.extend(query.all(db).await?.into_iter().map(|c| (c.id, c)));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Counted {
    document_id: DocumentId,
    kind: String,
    n: i64,
}

/// How many clauses of which kind the versions of a decision have.
///
/// # Errors
/// The database's own.
pub async fn cut_counts(
    db: &impl ConnectionTrait,
    documents: &[DocumentId],
) -> Result<HashMap<DocumentId, Vec<(String, i64)>>, Problem> {
    let rows: Vec<Counted> = clause::Entity::find()
        .select_only()
        .column(clause::Column::DocumentId)
        .column(clause::Column::Kind)
        .column_as(clause::Column::Id.count(), "n")
        .filter(clause::Column::DocumentId.is_in(documents.iter().copied()))
        .group_by(clause::Column::DocumentId)
        .group_by(clause::Column::Kind)
        .into_model()
        .all(db)
        .await?;
    let mut counts: HashMap<DocumentId, Vec<(String, i64)>> = HashMap::new();
    for row in rows {
        counts.entry(row.document_id).or_default().push((row.kind, row.n));
    }
    Ok(counts)
}

/// The originals of a version.
///
/// # Errors
/// The database's own.
pub async fn files(db: &impl ConnectionTrait, document: DocumentId) -> Result<Vec<FileHead>, Problem> {
    files_of(db, &[document]).await
}

/// The originals of several versions.
///
/// # Errors
/// The database's own.
pub async fn files_of(db: &impl ConnectionTrait, documents: &[DocumentId]) -> Result<Vec<FileHead>, Problem> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let columns = [
        file::Column::Id,
        file::Column::DocumentId,
        file::Column::Name,
        file::Column::MediaType,
        file::Column::Size,
    ];
    let query = file::Entity::find().select_only().columns(columns);
    let query = query.filter(file::Column::DocumentId.is_in(documents.iter().copied()));
    Ok(query.order_by_asc(file::Column::Id).into_model::<FileHead>().all(db).await?)
}

/// A file with its bytes.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn file(db: &impl ConnectionTrait, id: FileId) -> Result<file::Model, Problem> {
    file::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// Writes a new version. Two at once get the same number, and the second is told.
pub(super) async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    row.into_active_model().insert(&**write).await.map_err(stale_if_taken)?;
    Ok(())
}

fn stale_if_taken(e: DbErr) -> Problem {
    if is_duplicate(&e) { Problem::new(Code::Stale) } else { e.into() }
}

pub(super) async fn insert_clauses(write: &Write, rows: &[clause::Model]) -> Result<(), Problem> {
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|r| r.clone().into_active_model());
        clause::Entity::insert_many(models).exec_without_returning(&**write).await?;
    }
    Ok(())
}

/// Puts new rows in the place of the old ones; a row with a known id is changed, not replaced.
pub(super) async fn replace_clauses(
    write: &Write,
    document: DocumentId,
    rows: &[clause::Model],
) -> Result<(), Problem> {
    // The positions are unique, so the old ones step aside first.
    clause::Entity::update_many()
        .col_expr(clause::Column::Position, Expr::value(-1).sub(Expr::col(clause::Column::Position)))
        .filter(clause::Column::DocumentId.eq(document))
        .exec(&**write)
        .await?;
    let columns = [
        clause::Column::LineageId,
        clause::Column::Position,
        clause::Column::ParentId,
        clause::Column::Path,
        clause::Column::Kind,
        clause::Column::Number,
        clause::Column::Text,
    ];
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|r| r.clone().into_active_model());
        let same = OnConflict::column(clause::Column::Id).update_columns(columns).to_owned();
        clause::Entity::insert_many(models).on_conflict(same).exec_without_returning(&**write).await?;
    }
    delete_clauses(write, document, true).await
}

/// Removes the clauses of a version, or only those that stepped aside.
pub(super) async fn delete_clauses(write: &Write, document: DocumentId, aside: bool) -> Result<(), Problem> {
    let mut query = clause::Entity::delete_many().filter(clause::Column::DocumentId.eq(document));
    if aside {
        query = query.filter(clause::Column::Position.lt(0));
    }
    query.exec(&**write).await.map_err(|e| match e.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Problem::conflict(
            "有意见处理结果指向将被删除的条款，请先修改处理结果",
            "An answer points at a clause that would be removed; change the answer first",
        ),
        _ => e.into(),
    })?;
    Ok(())
}

pub(super) async fn insert_files(
    app: &App,
    write: &Write,
    document: DocumentId,
    files: Vec<Original>,
) -> Result<(), Problem> {
    for original in files {
        file::ActiveModel {
            id: Set(app.id::<FileId>()),
            document_id: Set(document),
            name: Set(original.name),
            media_type: Set(original.format.media_type().to_owned()),
            size: Set(i64::try_from(original.bytes.len()).unwrap_or(i64::MAX)),
            content_hash: Set(sha256_hex(&original.bytes)),
            bytes: Set(original.bytes),
            created_at: Set(app.now()),
        }
        .insert(&**write)
        .await?;
    }
    Ok(())
}

pub(super) async fn delete_files(
    write: &Write,
    document: DocumentId,
    only: Option<&[FileId]>,
) -> Result<(), Problem> {
    let mut query = file::Entity::delete_many().filter(file::Column::DocumentId.eq(document));
    if let Some(ids) = only {
        query = query.filter(file::Column::Id.is_in(ids.iter().copied()));
    }
    query.exec(&**write).await?;
    Ok(())
}

pub(super) async fn set_text(write: &Write, id: DocumentId, title: &str, body: &str) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Title, Expr::value(title))
        .col_expr(Column::Body, Expr::value(body))
        .col_expr(Column::ContentHash, Expr::value(sha256_hex(body.as_bytes())))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_notice(write: &Write, id: DocumentId, notice: Option<&str>) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::CorrectionNotice, Expr::value(notice))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_published(write: &Write, id: DocumentId, at: DateTime<Utc>) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::PublishedAt, Expr::value(Some(at)))
        .filter(Column::Id.eq(id))
        .filter(Column::PublishedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn delete(write: &Write, id: DocumentId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::Id.eq(id)).exec(&**write).await.map_err(|e| match e.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Problem::conflict(
            "有征求意见或步骤使用该版本，不能删除",
            "A consultation or a step uses this version; it cannot be removed",
        ),
        _ => e.into(),
    })?;
    Ok(())
}
