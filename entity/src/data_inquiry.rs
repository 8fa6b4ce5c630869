//! A request about one's personal data that a person of the bureau answers (个人信息保护法 Art. 44 to 48, 50).

use sea_orm::entity::prelude::*;

use crate::enums::DataRight;
use crate::id::{DataRequestId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_inquiry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataRequestId,
    /// Of the same row of numbers as the requests that the site carries out by itself.
    #[sea_orm(unique)]
    pub number: String,
    pub kind: DataRight,
    /// What is asked for, encrypted; none once erased.
    pub text_enc: Option<Vec<u8>>,
    /// The proved contact, encrypted; none once erased.
    pub contact_enc: Option<Vec<u8>>,
    /// Keyed hash of the contact.
    pub person_hash: Option<String>,
    pub received_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub answered_by: Option<StaffId>,
    /// Whether it was done as asked.
    pub granted: Option<bool>,
    /// What was done, or why not, encrypted; none once erased.
    pub answer_enc: Option<Vec<u8>>,
    /// Language of the person's pages and mails: zh or en.
    pub lang: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
