//! What a member of staff proves beside the password: a secret shared with an app (TOTP, RFC 6238).

use sea_orm::entity::prelude::*;

use crate::id::StaffId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub staff_id: StaffId,
    /// Sealed for this person alone.
    pub secret_enc: Vec<u8>,
    /// The last time step whose code was used: no code is good twice, nor one before it.
    pub last_step: i64,
    pub begun_at: DateTimeUtc,
    /// The session that sets it up, until it is confirmed.
    pub session_id: Option<String>,
    /// None while the first code is awaited; nobody is asked for it until then.
    pub confirmed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
