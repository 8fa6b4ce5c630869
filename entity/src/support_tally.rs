//! How many support an opinion; kept beside it, and moved with each row of `support`.

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, OpinionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "support_tally")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    pub consultation_id: ConsultationId,
    pub n: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
