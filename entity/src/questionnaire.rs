//! The questionnaire of a consultation (问卷调查): at most one, fixed with the first answer.

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, QuestionnaireId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireId,
    #[sea_orm(unique)]
    pub consultation_id: ConsultationId,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// May be empty.
    #[sea_orm(column_type = "Text")]
    pub intro: String,
    /// The questions in their order.
    pub questions: Json,
    /// Results are public from the start, not only after the end.
    pub open_results: bool,
    /// Shown with the consultation since; none while it is being composed.
    pub ready_at: Option<DateTimeUtc>,
    /// Who filled it in; moved with each row of `questionnaire_response`.
    pub responses: i64,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
