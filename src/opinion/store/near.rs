//! The rows of groups of near-equal texts.

use std::collections::HashMap;

use entity::enums::OpinionState;
use entity::id::{ConsultationId, OpinionId};
use entity::{near_band, opinion, opinion_near};
use sea_orm::sea_query::{Asterisk, Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Statement,
};
use uuid::Uuid;

use crate::db::Write;
use crate::problem::Problem;

/// Ids are made in the order of time, but a transaction may end after one that began later: so many milliseconds before
/// the last that was sketched are looked at again.
const AGAIN: u64 = 60_000;

/// Opinions that wait and have no place in any group, the oldest first.
pub(in crate::opinion) async fn unsketched(
    db: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<(OpinionId, ConsultationId, String)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OpinionId,
        consultation_id: ConsultationId,
        text: String,
    }
    let last =
        opinion_near::Entity::find().order_by_desc(opinion_near::Column::OpinionId).limit(1).one(db).await?;
    let after = last.map_or(Uuid::nil(), |row| before(row.opinion_id.0));
    let sql = "SELECT o.id, o.consultation_id, COALESCE((SELECT r.text FROM opinion_revision r WHERE r.opinion_id = o.id \
               ORDER BY r.number DESC LIMIT 1), o.text) AS text FROM opinion o \
               WHERE o.id > $1 AND o.state IN ('pending', 'awaiting_second') \
               AND NOT EXISTS (SELECT 1 FROM opinion_near n WHERE n.opinion_id = o.id) ORDER BY o.id LIMIT $2";
    let values = [after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = Row::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.consultation_id, r.text)).collect())
}

/// The least id of some time before this one.
fn before(id: Uuid) -> Uuid {
    let millis = (id.as_u128() >> 80) as u64;
    Uuid::from_u128(u128::from(millis.saturating_sub(AGAIN)) << 80)
}

/// The leaders with the most bands in common, with their words as received.
pub(in crate::opinion) async fn leaders(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
    bands: &[i64],
    limit: u64,
) -> Result<Vec<(OpinionId, String)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OpinionId,
        text: String,
    }
    let ids: Vec<OpinionId> = near_band::Entity::find()
        .select_only()
        .column(near_band::Column::LeaderId)
        .filter(near_band::Column::ConsultationId.eq(consultation))
        .filter(near_band::Column::Band.is_in(bands.iter().copied()))
        .group_by(near_band::Column::LeaderId)
        .order_by_desc(Expr::col(Asterisk).count())
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = opinion::Entity::find()
        .select_only()
        .columns([opinion::Column::Id, opinion::Column::Text])
        .filter(opinion::Column::Id.is_in(ids))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.text)).collect())
}

/// Writes places and sketches; those that another instance wrote meanwhile stay.
pub(in crate::opinion) async fn put(
    write: &Write,
    all: Vec<opinion_near::Model>,
    bands: Vec<near_band::Model>,
) -> Result<(), Problem> {
    let once = OnConflict::column(opinion_near::Column::OpinionId).do_nothing().to_owned();
    let rows = all.into_iter().map(|row| row.into_active_model());
    opinion_near::Entity::insert_many(rows).on_conflict(once).exec_without_returning(&**write).await?;
    for chunk in bands.chunks(500) {
        use near_band::Column::{Band, ConsultationId, LeaderId};
        let once = OnConflict::columns([ConsultationId, Band, LeaderId]).do_nothing().to_owned();
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        near_band::Entity::insert_many(rows).on_conflict(once).exec_without_returning(&**write).await?;
    }
    Ok(())
}

/// Whether others stand in a group for their likeness to this opinion.
pub(in crate::opinion) async fn leads(write: &Write, id: OpinionId) -> Result<bool, Problem> {
    let other = opinion_near::Entity::find()
        .filter(opinion_near::Column::LeaderId.eq(id))
        .filter(opinion_near::Column::OpinionId.ne(id));
    Ok(other.one(&**write).await?.is_some())
}

/// Takes an opinion out of its group, and its sketch away. Who leads others stays, and is found no more.
pub(in crate::opinion) async fn forget(write: &Write, id: OpinionId) -> Result<(), Problem> {
    near_band::Entity::delete_many().filter(near_band::Column::LeaderId.eq(id)).exec(&**write).await?;
    if !leads(write, id).await? {
        opinion_near::Entity::delete_by_id(id).exec(&**write).await?;
    }
    Ok(())
}

/// The leaders of the groups that opinions belong to.
///
/// # Errors
/// The database's own.
pub async fn group_of(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
) -> Result<HashMap<OpinionId, OpinionId>, Problem> {
    let rows = opinion_near::Entity::find()
        .filter(opinion_near::Column::OpinionId.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|r| Some((r.opinion_id, r.leader_id?))).collect())
}

/// How many belong to each group.
///
/// # Errors
/// The database's own.
pub async fn counts(
    db: &impl ConnectionTrait,
    leaders: &[OpinionId],
) -> Result<HashMap<OpinionId, u64>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        leader_id: OpinionId,
        n: i64,
    }
    let rows: Vec<Row> = opinion_near::Entity::find()
        .select_only()
        .column(opinion_near::Column::LeaderId)
        .column_as(Expr::col(Asterisk).count(), "n")
        .filter(opinion_near::Column::LeaderId.is_in(leaders.iter().copied()))
        .group_by(opinion_near::Column::LeaderId)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.leader_id, u64::try_from(r.n).unwrap_or(0))).collect())
}

/// Another opinion of the group.
#[derive(Clone, Debug)]
pub struct Member {
    pub opinion: opinion::Model,
    /// How alike it is to the leader, in percent.
    pub alike: i32,
}

fn in_group(leader: OpinionId) -> Select<opinion_near::Entity> {
    let its = opinion_near::Entity::belongs_to(opinion::Entity)
        .from(opinion_near::Column::OpinionId)
        .to(opinion::Column::Id);
    opinion_near::Entity::find()
        .join(JoinType::InnerJoin, its.into())
        .filter(opinion_near::Column::LeaderId.eq(leader))
}

/// The first of a group.
///
/// # Errors
/// The database's own.
pub async fn members(
    db: &impl ConnectionTrait,
    leader: OpinionId,
    limit: u64,
) -> Result<Vec<Member>, Problem> {
    let query = in_group(leader).select_also(opinion::Entity).order_by_asc(opinion_near::Column::OpinionId);
    let rows = query.limit(limit).all(db).await?;
    Ok(rows.into_iter().filter_map(|(n, o)| Some(Member { opinion: o?, alike: n.alike })).collect())
}

/// How many of the first of a group are published, one left out.
pub(in crate::opinion) async fn published(
    db: &impl ConnectionTrait,
    leader: OpinionId,
    but: OpinionId,
    first: u64,
) -> Result<u64, Problem> {
    let states: Vec<(OpinionId, OpinionState)> = in_group(leader)
        .select_only()
        .columns([opinion::Column::Id, opinion::Column::State])
        .order_by_asc(opinion_near::Column::OpinionId)
        .limit(first)
        .into_tuple()
        .all(db)
        .await?;
    Ok(states.iter().filter(|(id, state)| *id != but && *state == OpinionState::Published).count() as u64)
}

pub(in crate::opinion) async fn in_state(
    db: &impl ConnectionTrait,
    leader: OpinionId,
    state: OpinionState,
    limit: u64,
) -> Result<Vec<opinion::Model>, Problem> {
    let query = in_group(leader)
        .select_also(opinion::Entity)
        .filter(opinion::Column::State.eq(state))
        .order_by_asc(opinion_near::Column::OpinionId);
    Ok(query.limit(limit).all(db).await?.into_iter().filter_map(|(_, o)| o).collect())
}
