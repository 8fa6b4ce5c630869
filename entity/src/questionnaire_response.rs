//! What somebody answered. It tells neither who nor from where: both hashes are keyed and cover the questionnaire.

use sea_orm::entity::prelude::*;

use crate::id::{QuestionnaireId, QuestionnaireResponseId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire_response")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireResponseId,
    pub questionnaire_id: QuestionnaireId,
    /// Keyed hash of the verified contact or, where none is asked for, of the device; one answer each.
    pub person: String,
    /// Keyed hash of the network; none where a contact was verified.
    pub network: Option<String>,
    /// The choices taken, by the number of the question.
    pub answers: Json,
    /// Free texts by the number of the question, what looked like personal data removed; encrypted.
    pub texts_enc: Option<Vec<u8>>,
    pub received_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
