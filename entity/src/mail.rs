//! A mail that waits to be sent, or was.

use sea_orm::entity::prelude::*;

use crate::enums::MailState;
use crate::id::{MailId, NoticeId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    pub notice_id: NoticeId,
    /// Stable Message-ID, so that a copy can be told from a second mail.
    #[sea_orm(unique)]
    pub message_id: String,
    pub to_enc: Vec<u8>,
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub state: MailState,
    pub sent_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
