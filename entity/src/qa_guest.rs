//! A department at the table of a session of questions and answers.

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, QaGuestId, QaSessionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "qa_guest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QaGuestId,
    pub session_id: QaSessionId,
    /// From 1 in each session.
    pub position: i32,
    pub department_id: DepartmentId,
    /// Who speaks for it, with the office held; may be empty.
    pub person: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
