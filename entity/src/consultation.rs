//! A window in which the public may comment on a draft (公开征求意见).

use sea_orm::entity::prelude::*;

use crate::enums::IdentityLevel;
use crate::id::{ConsultationId, DecisionId, DocumentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsultationId,
    #[sea_orm(unique)]
    pub code: String,
    pub decision_id: DecisionId,
    /// The version of the draft that is asked about.
    pub document_id: DocumentId,
    pub title: String,
    /// The notice (征集公告).
    #[sea_orm(column_type = "Text")]
    pub notice: String,
    /// What it means in plain words (通俗解读); may be empty.
    #[sea_orm(column_type = "Text")]
    pub plain: String,
    /// First day, from 00:00 or the moment of publication.
    pub opens_on: Date,
    /// Last day, until 24:00 Asia/Shanghai.
    pub closes_on: Date,
    /// Why the window is shorter than 30 days (国令713 Art. 15).
    pub short_reason: Option<String>,
    pub contact_name: String,
    pub address: String,
    pub postcode: String,
    pub email: String,
    pub phone: String,
    /// What is verified of who speaks.
    pub identity: IdentityLevel,
    pub published_at: Option<DateTimeUtc>,
    pub published_by: Option<StaffId>,
    /// When the result of the consultation was first answered to the public.
    pub result_published_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
