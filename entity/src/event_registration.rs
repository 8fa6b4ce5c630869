//! Somebody who wants to come, alone or with others.

use sea_orm::entity::prelude::*;

use crate::enums::{RegistrationState, SeatGroup};
use crate::id::{EventRegistrationId, EventSessionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_registration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventRegistrationId,
    pub session_id: EventSessionId,
    /// In the order of arrival at the server, from 1 in each session.
    pub number: i32,
    /// People, whoever registers included.
    pub seats: i32,
    pub state: RegistrationState,
    /// Came to the door without a registration.
    pub walk_in: bool,
    /// Name, encrypted; none once erased.
    pub name_enc: Option<Vec<u8>>,
    /// E-mail or phone, encrypted; none once erased.
    pub contact_enc: Option<Vec<u8>>,
    /// Keyed hash of session and contact while the registration stands: one a person and session. None
    /// once it ended.
    pub person_hash: Option<String>,
    /// Keyed hash of the form's key: the same form sent twice is one registration.
    pub form_hash: Option<String>,
    /// Language of the person's pages and mails: zh or en.
    pub lang: String,
    pub registered_at: DateTimeUtc,
    /// Until when a seat that became free is kept.
    pub offered_until: Option<DateTimeUtc>,
    /// When it was cancelled or its offer expired.
    pub ended_at: Option<DateTimeUtc>,
    pub came_at: Option<DateTimeUtc>,
    /// How many of them came.
    pub came: i32,
    pub let_in_by: Option<StaffId>,
    /// For whom they come (组别), where it was asked.
    pub seat_group: Option<SeatGroup>,
    /// Place in the order that was drawn, from 1.
    pub drawn: Option<i32>,
    /// The name may stand in the published list of participants; otherwise it is masked there.
    pub name_public: bool,
    /// When the record of the hearing was confirmed as right.
    pub confirmed_record_at: Option<DateTimeUtc>,
    /// Who noted the signature under the record; none when it was confirmed by the lookup code.
    pub signature_noted_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
