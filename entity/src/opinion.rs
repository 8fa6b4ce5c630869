//! What someone says on a draft (意见). The received text never changes.

use sea_orm::entity::prelude::*;

use crate::enums::{Channel, OpinionState, PersonKind, ShowAs};
use crate::id::{ClauseId, ConsultationId, FloodId, OpinionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpinionId,
    /// Acceptance number (受理编号).
    #[sea_orm(unique)]
    pub number: String,
    pub consultation_id: ConsultationId,
    pub clause_id: Option<ClauseId>,
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
    /// Name, encrypted.
    pub name_enc: Option<Vec<u8>>,
    /// E-mail or phone, encrypted.
    pub contact_enc: Option<Vec<u8>>,
    /// Keyed hash of the contact, to find the same person.
    pub person_hash: Option<String>,
    /// As received; never changed.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// SHA-256 of the normalised text, hex.
    pub text_hash: String,
    pub state: OpinionState,
    /// What the public reads: the text, or its redaction.
    #[sea_orm(column_type = "Text", nullable)]
    pub public_text: Option<String>,
    /// What the public reads for a name.
    pub public_name: Option<String>,
    pub received_at: DateTimeUtc,
    /// Who took it down, for channels other than the site.
    pub received_by: Option<StaffId>,
    pub reviewed_at: Option<DateTimeUtc>,
    pub published_at: Option<DateTimeUtc>,
    /// Language of the author's pages and mails: zh or en.
    pub lang: String,
    /// Counts changes, for If-Match.
    pub revision: i32,
    /// The flood it came in, and whose lane of the queue it stands in.
    pub flood_id: Option<FloodId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
