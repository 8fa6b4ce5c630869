//! The rows of one-time codes, consents and consent texts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::contact_code::{Column, Entity, Model};
use entity::enums::SubjectKind;
use entity::id::{ContactCodeId, StaffId};
use entity::{consent, consent_text};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    ExprTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::db::Write;
use crate::problem::Problem;

/// When codes were sent to a contact since a moment.
pub(super) async fn sent_since(
    write: &Write,
    contact_hash: &str,
    since: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Problem> {
    let query = Entity::find()
        .select_only()
        .column(Column::CreatedAt)
        .filter(Column::ContactHash.eq(contact_hash))
        .filter(Column::CreatedAt.gt(since));
    Ok(query.into_tuple().all(&**write).await?)
}

/// Whether the code was the first of its contact in its minute.
pub(super) async fn add(write: &Write, row: &Model) -> Result<bool, Problem> {
    let one_a_minute = OnConflict::columns([Column::ContactHash, Column::Minute]).do_nothing().to_owned();
    let inserted = Entity::insert(row.clone().into_active_model())
        .on_conflict(one_a_minute)
        .exec_without_returning(&**write)
        .await?;
    Ok(inserted == 1)
}

/// Counts a try at the code behind a ticket; none when there is no such code or it takes no more.
pub(super) async fn count_try(
    write: &Write,
    ticket_hash: &str,
    purpose: &str,
    contact_hash: &str,
    tries: i32,
    now: DateTime<Utc>,
) -> Result<Option<Model>, Problem> {
    let counted = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::TicketHash.eq(ticket_hash))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::ContactHash.eq(contact_hash))
        .filter(Column::Tries.lt(tries))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    if counted.rows_affected != 1 {
        return Ok(None);
    }
    // The row is ours until the commit.
    Ok(Entity::find().filter(Column::TicketHash.eq(ticket_hash)).one(&**write).await?)
}

/// Uses a code up; false when somebody else just did.
pub(super) async fn spend(write: &Write, id: ContactCodeId, now: DateTime<Utc>) -> Result<bool, Problem> {
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(spent.rows_affected == 1)
}

pub(super) async fn remove(write: &Write, id: ContactCodeId) -> Result<(), Problem> {
    Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// What the author of a thing agreed to; none for what staff took down and for what came before consents were
/// kept.
///
/// # Errors
/// The database's own.
pub async fn consented(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    id: Uuid,
) -> Result<Option<consent::Model>, Problem> {
    Ok(consent::Entity::find_by_id((kind, id)).one(db).await?)
}

/// The versions of the consent text that the authors of some things agreed to.
///
/// # Errors
/// The database's own.
pub async fn agreed_versions(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, i32>, Problem> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let query = consent::Entity::find()
            .filter(consent::Column::SubjectKind.eq(kind))
            .filter(consent::Column::SubjectId.is_in(ids.iter().copied()));
        found.extend(query.all(db).await?.into_iter().map(|c| (c.subject_id, c.text_version)));
    }
    Ok(found)
}

/// The guardians of some things' authors, sealed.
///
/// # Errors
/// The database's own.
pub async fn guardians(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<u8>>, Problem> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let query = consent::Entity::find()
            .filter(consent::Column::SubjectKind.eq(kind))
            .filter(consent::Column::GuardianEnc.is_not_null())
            .filter(consent::Column::SubjectId.is_in(ids.iter().copied()));
        found.extend(query.all(db).await?.into_iter().filter_map(|c| Some((c.subject_id, c.guardian_enc?))));
    }
    Ok(found)
}

/// Forgets the guardians of some things' authors.
///
/// # Errors
/// The database's own.
pub async fn forget_guardians(write: &Write, kind: SubjectKind, ids: &[Uuid]) -> Result<(), Problem> {
    for ids in ids.chunks(500) {
        consent::Entity::update_many()
            .col_expr(consent::Column::GuardianEnc, Expr::value(None::<Vec<u8>>))
            .filter(consent::Column::SubjectKind.eq(kind))
            .filter(consent::Column::SubjectId.is_in(ids.iter().copied()))
            .exec(&**write)
            .await?;
    }
    Ok(())
}

/// The texts of some versions, the newest first.
pub(super) async fn texts(db: &impl ConnectionTrait) -> Result<Vec<consent_text::Model>, Problem> {
    Ok(consent_text::Entity::find().order_by_desc(consent_text::Column::Version).all(db).await?)
}

/// The newest version that was written here.
pub(super) async fn newest(db: &impl ConnectionTrait) -> Result<Option<i32>, Problem> {
    let query = consent_text::Entity::find()
        .select_only()
        .column(consent_text::Column::Version)
        .order_by_desc(consent_text::Column::Version)
        .limit(1);
    Ok(query.into_tuple().one(db).await?)
}

pub(super) async fn text(
    db: &impl ConnectionTrait,
    version: i32,
) -> Result<Option<consent_text::Model>, Problem> {
    Ok(consent_text::Entity::find_by_id(version).one(db).await?)
}

pub(super) async fn add_text(
    write: &Write,
    version: i32,
    zh: &str,
    en: &str,
    at: DateTime<Utc>,
    by: StaffId,
) -> Result<(), Problem> {
    consent_text::ActiveModel {
        version: Set(version),
        zh: Set(zh.to_owned()),
        en: Set(en.to_owned()),
        published_at: Set(at),
        published_by: Set(by),
    }
    .insert(&**write)
    .await?;
    Ok(())
}
