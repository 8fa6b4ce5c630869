//! The one act of publishing: a snapshot of a subject with its content hash, column and meta tags. What was
//! published is never changed: a new version follows, or a tombstone with a reason. The search index hears
//! of it in the same transaction.

mod index;
pub mod tokens;

pub use index::rebuild as rebuild_index;

use chrono::{DateTime, Utc};
use entity::enums::SubjectKind;
use entity::id::PublicationId;
use entity::publication::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::Problem;

/// The columns (栏目) of the site; the number of the array is their order.
pub const CATALOGUE: &str = "决策事项目录";
pub const DECISIONS: &str = "重大行政决策";
pub const CONSULTATIONS: &str = "意见征集";
pub const SUMMARIES: &str = "意见采纳情况";
pub const EVENTS: &str = "公众参与活动";
pub const MESSAGES: &str = "留言答复";
pub const QA: &str = "网络问政";

/// What is to become public.
#[derive(Clone, Debug)]
pub struct Release<'a> {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub column: &'static str,
    pub title: &'a str,
    /// The whole text, as plain text: it is hashed and indexed, a line a passage.
    pub body: &'a str,
    /// A path of this site.
    pub path: &'a str,
    /// Content source (信息来源): the department.
    pub source: &'a str,
}

/// Publishes a new version of a subject.
///
/// # Errors
/// The database's own.
pub async fn publish(
    app: &App,
    write: &Write,
    actor: &Actor,
    release: &Release<'_>,
) -> Result<Model, Problem> {
    let last = latest(&**write, release.subject_kind, release.subject_id).await?;
    if let Some(last) = &last {
        retire(write, last.id).await?;
    }
    let id = app.id::<PublicationId>();
    let row = ActiveModel {
        id: Set(id),
        subject_kind: Set(release.subject_kind),
        subject_id: Set(release.subject_id),
        version: Set(last.map_or(1, |l| l.version + 1)),
        column_name: Set(release.column.to_owned()),
        title: Set(release.title.to_owned()),
        body: Set(release.body.to_owned()),
        path: Set(release.path.to_owned()),
        meta: Set(json!({ "source": release.source })),
        content_hash: Set(sha256_hex(format!("{}\n{}", release.title, release.body).as_bytes())),
        published_at: Set(app.now()),
        published_by: Set(actor.staff_id()),
        current: Set(true),
        withdrawn_at: Set(None),
        withdrawn_reason: Set(None),
    }
    .insert(&**write)
    .await?;
    index::add(write, id, release.title, release.body).await?;
    let detail = json!({ "version": row.version, "hash": row.content_hash });
    let subject = audit::subject(release.subject_kind, release.subject_id);
    audit::record(app, write, actor, "publication.publish", subject, detail).await?;
    Ok(row)
}

/// Lets a version that another site published appear: it stands in its table already, as it was published
/// there. The version it follows is no longer the current one.
///
/// # Errors
/// The database's own.
pub async fn adopt(write: &Write, row: &Model) -> Result<(), Problem> {
    if !row.current {
        return Ok(());
    }
    let older = Entity::find()
        .filter(Column::SubjectKind.eq(row.subject_kind))
        .filter(Column::SubjectId.eq(row.subject_id))
        .filter(Column::Current.eq(true))
        .filter(Column::Id.ne(row.id));
    for older in older.all(&**write).await? {
        retire(write, older.id).await?;
    }
    index::add(write, row.id, &row.title, &row.body).await
}

/// Takes a subject from the public; its page shows the reason.
///
/// # Errors
/// The database's own.
pub async fn withdraw(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: SubjectKind,
    id: Uuid,
    reason: &str,
) -> Result<(), Problem> {
    let Some(last) = latest(&**write, kind, id).await? else { return Ok(()) };
    retire(write, last.id).await?;
    Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(Some(app.now())))
        .col_expr(Column::WithdrawnReason, Expr::value(Some(reason)))
        .filter(Column::Id.eq(last.id))
        .exec(&**write)
        .await?;
    audit::record(app, write, actor, "publication.withdraw", audit::subject(kind, id), json!({})).await
}

async fn retire(write: &Write, id: PublicationId) -> Result<(), Problem> {
    index::remove(write, id).await?;
    Entity::update_many()
        .col_expr(Column::Current, Expr::value(false))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// The newest version of a subject, withdrawn or not.
///
/// # Errors
/// The database's own.
pub async fn latest(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    id: Uuid,
) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::SubjectKind.eq(kind)).filter(Column::SubjectId.eq(id));
    Ok(query.order_by_desc(Column::Version).limit(1).one(db).await?)
}

/// What is public now at an address of this site; of several things on one page the first that was published.
///
/// # Errors
/// The database's own.
pub async fn at_path(db: &impl ConnectionTrait, path: &str) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::Path.eq(path)).filter(Column::Current.eq(true));
    Ok(query.order_by_asc(Column::PublishedAt).order_by_asc(Column::Id).limit(1).one(db).await?)
}

/// Every version of a subject, newest first.
///
/// # Errors
/// The database's own.
pub async fn versions(db: &impl ConnectionTrait, kind: SubjectKind, id: Uuid) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::SubjectKind.eq(kind)).filter(Column::SubjectId.eq(id));
    Ok(query.order_by_desc(Column::Version).all(db).await?)
}

/// What is public now in a column, newest first: for feeds.
///
/// # Errors
/// The database's own.
pub async fn recent(db: &impl ConnectionTrait, column: &str, limit: u64) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::Current.eq(true)).filter(Column::ColumnName.eq(column));
    Ok(query.order_by_desc(Column::PublishedAt).limit(limit).all(db).await?)
}

/// What was published last in any column but one, the newest first.
///
/// # Errors
/// The database's own.
pub async fn latest_outside(
    db: &impl ConnectionTrait,
    column: &str,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::Current.eq(true)).filter(Column::ColumnName.ne(column));
    Ok(query.order_by_desc(Column::PublishedAt).limit(limit).all(db).await?)
}

/// When anything was last published.
///
/// # Errors
/// The database's own.
pub async fn last_change(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, Problem> {
    Ok(Entity::find().order_by_desc(Column::PublishedAt).limit(1).one(db).await?.map(|row| row.published_at))
}
