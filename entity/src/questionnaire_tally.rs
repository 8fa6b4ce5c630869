//! How often a choice was taken; moved with each row of `questionnaire_response`, so that results are read from a
//! few rows however many answered.

use sea_orm::entity::prelude::*;

use crate::id::{QuestionnaireId, QuestionnaireTallyId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire_tally")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireTallyId,
    pub questionnaire_id: QuestionnaireId,
    /// The number of the question.
    pub question: i32,
    /// A choice from 1, or the mark on a scale; 0 for 其他 of a choice; 100 counts who answered the question.
    pub choice: i32,
    pub n: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
