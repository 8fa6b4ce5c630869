//! A message on the board (网民留言). What was received never changes. Title, text, answer and what follows are
//! encrypted: only what is published stands in the clear.

use sea_orm::entity::prelude::*;

use crate::enums::{MessageKind, MessageReason, MessageState, Satisfaction};
use crate::id::{DepartmentId, MessageId, MessagePageId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// Acceptance number (受理编号).
    #[sea_orm(unique)]
    pub number: String,
    pub kind: MessageKind,
    /// Encrypted.
    pub title_enc: Vec<u8>,
    /// Encrypted.
    pub text_enc: Vec<u8>,
    /// The department that the author wrote to.
    pub addressed_to: Option<DepartmentId>,
    /// Name, encrypted.
    pub name_enc: Option<Vec<u8>>,
    /// E-mail, encrypted.
    pub contact_enc: Option<Vec<u8>>,
    /// Keyed hash of the contact.
    pub person_hash: Option<String>,
    /// The author agrees to publication, the name masked.
    pub may_publish: bool,
    pub state: MessageState,
    /// Who answers, once accepted.
    pub department_id: Option<DepartmentId>,
    pub received_at: DateTimeUtc,
    /// The month it came in Asia/Shanghai, `2026-03`: the figures are counted by it.
    pub month: String,
    /// When it was accepted (受理日期) or not accepted.
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<StaffId>,
    pub reason: Option<MessageReason>,
    /// What the author is told beside the reason; may be empty.
    #[sea_orm(column_type = "Text")]
    pub reason_note: String,
    /// When the time for the answer was extended, once, and why.
    pub extended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub extension_reason: String,
    /// Encrypted.
    pub answer_enc: Option<Vec<u8>>,
    pub answered_at: Option<DateTimeUtc>,
    pub answered_by: Option<StaffId>,
    /// Whether it was answered by its last day, as that stood then.
    pub in_time: Option<bool>,
    /// What the public reads: the author's words or their redaction, and the answer.
    pub public_title: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_text: Option<String>,
    pub public_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_answer: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    pub satisfaction: Option<Satisfaction>,
    /// The author's one further question, encrypted.
    pub follow_up_enc: Option<Vec<u8>>,
    pub followed_up_at: Option<DateTimeUtc>,
    /// The answer to it, encrypted.
    pub follow_up_answer_enc: Option<Vec<u8>>,
    pub follow_up_answered_at: Option<DateTimeUtc>,
    /// The published page under which it was left; none for the board itself.
    pub page_id: Option<MessagePageId>,
    /// Language of the author's pages and mails: zh or en.
    pub lang: String,
    /// Counts changes.
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
