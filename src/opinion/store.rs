//! The rows of opinions.

use entity::enums::OpinionState;
use entity::id::{ConsultationId, OpinionId};
use entity::opinion::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _,
};

use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: OpinionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_number(db: &impl ConnectionTrait, number: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Number.eq(number)).one(db).await?.ok_or_else(Problem::not_found)
}

/// How many opinions of a consultation stand where: received = published + withheld + rejected + pending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub published: u64,
    /// 不予公开（已计入办理）, and those sent back for changes.
    pub withheld: u64,
    pub rejected: u64,
    /// 待审核, second reviews included.
    pub pending: u64,
}

impl Counts {
    pub fn received(&self) -> u64 {
        self.published + self.withheld + self.rejected + self.pending
    }

    /// What must be dealt with in the summary: everything that is not rejected.
    pub fn counted(&self) -> u64 {
        self.published + self.withheld + self.pending
    }
}

#[derive(FromQueryResult)]
struct Row {
    state: OpinionState,
    n: i64,
}

/// # Errors
/// The database's own.
pub async fn counts(db: &impl ConnectionTrait, consultation: ConsultationId) -> Result<Counts, Problem> {
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "n")
        .filter(Column::ConsultationId.eq(consultation))
        .group_by(Column::State)
        .into_model()
        .all(db)
        .await?;
    let mut counts = Counts::default();
    for row in rows {
        let n = u64::try_from(row.n).unwrap_or(0);
        match row.state {
            OpinionState::Published => counts.published += n,
            OpinionState::Withheld | OpinionState::Returned => counts.withheld += n,
            OpinionState::Rejected => counts.rejected += n,
            OpinionState::Pending | OpinionState::AwaitingSecond => counts.pending += n,
        }
    }
    Ok(counts)
}
