//! Reading the record, newest first.

use entity::audit::{Column, Entity, Model};
use entity::enums::SubjectKind;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::problem::Problem;

/// Which records to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// An action, or the part before its dot: `staff` finds `staff.add`.
    pub action: Option<String>,
    pub subject_kind: Option<SubjectKind>,
    pub subject_id: Option<Uuid>,
    pub actor_id: Option<Uuid>,
    /// Only records with a smaller number.
    pub before: Option<i64>,
    pub limit: u64,
}

pub(super) async fn list(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find();
    if let Some(action) = &filter.action {
        let below = Column::Action.starts_with(format!("{action}."));
        query = query.filter(Column::Action.eq(action.as_str()).or(below));
    }
    if let Some(kind) = filter.subject_kind {
        query = query.filter(Column::SubjectKind.eq(kind));
    }
    if let Some(id) = filter.subject_id {
        query = query.filter(Column::SubjectId.eq(id));
    }
    if let Some(id) = filter.actor_id {
        query = query.filter(Column::ActorId.eq(id));
    }
    if let Some(seq) = filter.before {
        query = query.filter(Column::Seq.lt(seq));
    }
    Ok(query.order_by_desc(Column::Seq).limit(filter.limit).all(db).await?)
}
