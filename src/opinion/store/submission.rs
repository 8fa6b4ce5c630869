//! What came in one submission.

use entity::id::SubmissionId;
use entity::{opinion, submission_part};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::problem::Problem;

/// The opinions of a submission, in the order they were sent.
///
/// # Errors
/// The database's own.
pub async fn opinions(db: &impl ConnectionTrait, id: SubmissionId) -> Result<Vec<opinion::Model>, Problem> {
    let parts = opinion::Entity::belongs_to(submission_part::Entity)
        .from(opinion::Column::Id)
        .to(submission_part::Column::OpinionId)
        .into();
    let query = opinion::Entity::find()
        .join(JoinType::InnerJoin, parts)
        .filter(submission_part::Column::SubmissionId.eq(id))
        .order_by_asc(submission_part::Column::Position);
    Ok(query.all(db).await?)
}
