//! A question asked in a session. What was received never changes and is encrypted; what is published stands in
//! the clear.

use sea_orm::entity::prelude::*;

use crate::enums::{MessageReason, QuestionState};
use crate::id::{DepartmentId, QaQuestionId, QaSessionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "qa_question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QaQuestionId,
    pub session_id: QaSessionId,
    /// In the order of arrival, from 1 in each session.
    pub number: i32,
    /// Encrypted.
    pub text_enc: Vec<u8>,
    /// Name, encrypted.
    pub name_enc: Option<Vec<u8>>,
    /// E-mail, encrypted.
    pub contact_enc: Option<Vec<u8>>,
    pub state: QuestionState,
    /// Who answers, once published.
    pub department_id: Option<DepartmentId>,
    pub received_at: DateTimeUtc,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<StaffId>,
    /// Why it is not published.
    pub reason: Option<MessageReason>,
    /// What the author is told beside the reason; may be empty.
    #[sea_orm(column_type = "Text")]
    pub reason_note: String,
    /// The author's words or their redaction.
    #[sea_orm(column_type = "Text", nullable)]
    pub public_text: Option<String>,
    pub public_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub answered_at: Option<DateTimeUtc>,
    pub answered_by: Option<StaffId>,
    /// Language of the author's pages and mails: zh or en.
    pub lang: String,
    /// Counts changes.
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
