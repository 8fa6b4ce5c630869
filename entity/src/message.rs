//! A message on the board (网民留言). What was received never changes.

use sea_orm::entity::prelude::*;

use crate::enums::{MessageKind, MessageReason, MessageState};
use crate::id::{DepartmentId, MessageId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// Acceptance number (受理编号).
    #[sea_orm(unique)]
    pub number: String,
    pub kind: MessageKind,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// The department that the author wrote to.
    pub addressed_to: Option<DepartmentId>,
    /// Name, encrypted.
    pub name_enc: Option<Vec<u8>>,
    /// E-mail or phone, encrypted.
    pub contact_enc: Option<Vec<u8>>,
    /// Keyed hash of the contact.
    pub person_hash: Option<String>,
    /// The author agrees to publication, the name masked.
    pub may_publish: bool,
    pub state: MessageState,
    /// Who answers, once accepted.
    pub department_id: Option<DepartmentId>,
    pub received_at: DateTimeUtc,
    /// When it was accepted (受理日期) or not accepted.
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<StaffId>,
    pub reason: Option<MessageReason>,
    /// What the author is told beside the reason; may be empty.
    #[sea_orm(column_type = "Text")]
    pub reason_note: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub answered_at: Option<DateTimeUtc>,
    pub answered_by: Option<StaffId>,
    /// What the public reads: the title and text, or their redaction.
    pub public_title: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_text: Option<String>,
    pub public_name: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    /// Language of the author's pages and mails: zh or en.
    pub lang: String,
    /// Counts changes, for If-Match.
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
