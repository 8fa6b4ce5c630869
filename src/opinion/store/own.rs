//! The rows of one person's opinions.

use entity::id::{ConsultationId, OpinionId};
use entity::opinion::{Column, Entity, Model};
use entity::{appeal, consultation, opinion_revision};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

pub(in crate::opinion) async fn of_person(
    db: &impl ConnectionTrait,
    person: &str,
) -> Result<Vec<(Model, consultation::Model)>, Problem> {
    let to = Entity::belongs_to(consultation::Entity)
        .from(Column::ConsultationId)
        .to(consultation::Column::Id)
        .into();
    let found = Entity::find()
        .join(JoinType::InnerJoin, to)
        .select_also(consultation::Entity)
        .filter(Column::PersonHash.eq(person))
        .order_by_desc(Column::ReceivedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(o, c)| Some((o, c?))).collect())
}

/// Whether somebody has an opinion in one of these consultations.
pub(in crate::opinion) async fn speaks_in(
    db: &impl ConnectionTrait,
    person: &str,
    consultations: &[ConsultationId],
) -> Result<bool, Problem> {
    let query = Entity::find()
        .filter(Column::PersonHash.eq(person))
        .filter(Column::ConsultationId.is_in(consultations.iter().copied()));
    Ok(query.count(db).await? > 0)
}

pub(in crate::opinion) async fn set_contact(
    write: &Write,
    id: OpinionId,
    person: &str,
    contact_enc: Vec<u8>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::PersonHash, Expr::value(Some(person)))
        .col_expr(Column::ContactEnc, Expr::value(Some(contact_enc)))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Name and contact are gone; a pseudonym counts in the person's place.
pub(in crate::opinion) async fn forget_person(
    write: &Write,
    o: &Model,
    pseudonym: &str,
) -> Result<(), Problem> {
    let public_name = o.public_name.as_ref().map(|_| "匿名".to_owned());
    Entity::update_many()
        .col_expr(Column::PersonHash, Expr::value(Some(pseudonym)))
        .col_expr(Column::NameEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::ContactEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::PublicName, Expr::value(public_name))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .filter(Column::Id.eq(o.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// What was written is gone, revisions and the words of an appeal included.
pub(in crate::opinion) async fn forget_text(
    write: &Write,
    id: OpinionId,
    instead: &str,
    text_hash: &str,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Text, Expr::value(instead))
        .col_expr(Column::TextHash, Expr::value(text_hash))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    opinion_revision::Entity::update_many()
        .col_expr(opinion_revision::Column::Text, Expr::value(instead))
        .filter(opinion_revision::Column::OpinionId.eq(id))
        .exec(&**write)
        .await?;
    appeal::Entity::update_many()
        .col_expr(appeal::Column::Reason, Expr::value(instead))
        .filter(appeal::Column::OpinionId.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}
