//! The rows of opinions, their revisions, and the answers kept for repeated requests.

pub mod appeal;
mod figures;
pub(super) mod flood;
pub(super) mod near;
pub(super) mod own;
pub(super) mod submission;
pub(super) mod support;
pub mod tally;
mod way;

use std::collections::HashMap;

use entity::id::{ConsultationId, DepartmentId, OpinionId, OpinionRevisionId};
use entity::opinion::{Column, Entity, Model};
use entity::{consultation, decision, idempotency, opinion_revision};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

use crate::app::App;
use crate::db::Write;
use crate::problem::{Code, Problem};

pub use figures::{
    Counts, Group, by_channel, by_channel_and_kind, counted_ids, counts, older, published_page,
    questionnaire_responses,
};
pub use way::{Answer, due};
pub(super) use way::{answer, last_review};

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: OpinionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_number(db: &impl ConnectionTrait, number: &str) -> Result<Model, Problem> {
    let number = super::code(number)?;
    Entity::find().filter(Column::Number.eq(number)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The opinion, held until the transaction ends.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock(write: &Write, id: OpinionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// The opinion and its consultation, both held until the transaction ends: for whatever may put the opinion
/// back into the queue or out of the count, so that its answer is not published meanwhile. Holds the
/// consultation first, as publishing and grouping do.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn hold(write: &Write, id: OpinionId) -> Result<(Model, consultation::Model), Problem> {
    let of = find(&**write, id).await?.consultation_id;
    let consultation = consultation::Entity::find_by_id(of).lock_shared().one(&**write).await?;
    Ok((lock(write, id).await?, consultation.ok_or_else(Problem::not_found)?))
}

/// What a published answer counts stays as it was counted.
///
/// # Errors
/// `conflict` once the summary is published.
pub fn unanswered(consultation: &consultation::Model) -> Result<(), Problem> {
    if consultation.result_published_at.is_none() {
        return Ok(());
    }
    Err(Problem::conflict(
        "采纳情况已经公布，这条意见已计入，不能再变动",
        "The result is published and counts this opinion; it can no longer be moved",
    ))
}

/// Writes where the opinion stands now, if it still has the revision that was read.
pub(super) async fn move_on(write: &Write, read: i32, after: &Model) -> Result<bool, Problem> {
    let moved = Entity::update_many()
        .col_expr(Column::State, Expr::value(after.state))
        .col_expr(Column::PublicText, Expr::value(after.public_text.clone()))
        .col_expr(Column::PublicName, Expr::value(after.public_name.clone()))
        .col_expr(Column::ReviewedAt, Expr::value(after.reviewed_at))
        .col_expr(Column::PublishedAt, Expr::value(after.published_at))
        .col_expr(Column::TextHash, Expr::value(after.text_hash.clone()))
        .col_expr(Column::Revision, Expr::value(after.revision))
        .filter(Column::Id.eq(after.id))
        .filter(Column::Revision.eq(read))
        .exec(&**write)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// The consultation that an opinion is for, and the department that undertakes its decision.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn target(
    db: &impl ConnectionTrait,
    code: &str,
) -> Result<(consultation::Model, DepartmentId), Problem> {
    let row = consultation::Entity::find()
        .join(
            JoinType::InnerJoin,
            consultation::Entity::belongs_to(decision::Entity)
                .from(consultation::Column::DecisionId)
                .to(decision::Column::Id)
                .into(),
        )
        .select_also(decision::Entity)
        .filter(consultation::Column::Code.eq(code))
        .one(db)
        .await?;
    match row {
        Some((consultation, Some(decision))) => Ok((consultation, decision.department_id)),
        _ => Err(Problem::not_found()),
    }
}

/// The first answer given to a key, or none when this is the first time; then `answer` is kept.
///
/// # Errors
/// `key_reused` for the same key with another request; the database's own.
pub async fn first_answer(
    app: &App,
    write: &Write,
    scope: &str,
    key: &str,
    request_hash: &str,
    answer: Value,
) -> Result<Option<Value>, Problem> {
    let row = idempotency::ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        request_hash: Set(request_hash.to_owned()),
        response: Set(answer),
        created_at: Set(app.now()),
    };
    // On PostgreSQL a second request waits here for the first to commit.
    let inserted = idempotency::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([idempotency::Column::Scope, idempotency::Column::Key])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&**write)
        .await?;
    if inserted == 1 {
        return Ok(None);
    }
    let first = idempotency::Entity::find_by_id((scope.to_owned(), key.to_owned())).one(&**write).await?;
    let first = first.ok_or_else(|| Problem::internal("an answer that conflicts but is not there"))?;
    if first.request_hash == request_hash {
        Ok(Some(first.response))
    } else {
        Err(Problem::new(Code::KeyReused))
    }
}

pub(super) async fn last_revision(
    db: &impl ConnectionTrait,
    id: OpinionId,
) -> Result<Option<opinion_revision::Model>, Problem> {
    let query = opinion_revision::Entity::find().filter(opinion_revision::Column::OpinionId.eq(id));
    Ok(query.order_by_desc(opinion_revision::Column::Number).limit(1).one(db).await?)
}

pub(super) async fn add_revision(
    app: &App,
    write: &Write,
    id: OpinionId,
    number: i32,
    text: &str,
) -> Result<(), Problem> {
    opinion_revision::ActiveModel {
        id: Set(app.id::<OpinionRevisionId>()),
        opinion_id: Set(id),
        number: Set(number),
        text: Set(text.to_owned()),
        submitted_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    Ok(())
}

/// The words that count now: the author's last revision, or the text as received.
///
/// # Errors
/// The database's own.
pub async fn current_text(db: &impl ConnectionTrait, opinion: &Model) -> Result<String, Problem> {
    Ok(last_revision(db, opinion.id).await?.map_or_else(|| opinion.text.clone(), |r| r.text))
}

/// What was taken down by staff in a consultation with one of these texts.
pub(super) async fn taken_down(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
    text_hashes: &[&str],
) -> Result<Vec<Model>, Problem> {
    let mut found = Vec::new();
    for chunk in text_hashes.chunks(500) {
        let query = Entity::find()
            .filter(Column::ConsultationId.eq(consultation))
            .filter(Column::TextHash.is_in(chunk.iter().copied()))
            .filter(Column::ReceivedBy.is_not_null());
        found.extend(query.all(db).await?);
    }
    Ok(found)
}

/// The same for many at once: only those that were revised.
///
/// # Errors
/// The database's own.
pub async fn revised_texts(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
) -> Result<HashMap<OpinionId, String>, Problem> {
    let query = opinion_revision::Entity::find()
        .filter(opinion_revision::Column::OpinionId.is_in(ids.iter().copied()))
        .order_by_asc(opinion_revision::Column::Number);
    Ok(query.all(db).await?.into_iter().map(|r| (r.opinion_id, r.text)).collect())
}
