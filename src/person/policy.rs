//! Who sees and answers requests about personal data. Pure.

use entity::enums::Role;

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// The office of open government, and administrators.
pub fn answers(staff: &Staff) -> bool {
    staff.has(Role::Disclosure) || staff.has(Role::Admin)
}

/// Sees and answers them.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn may_answer(actor: &Actor) -> Result<&Staff, Problem> {
    let staff = actor.require_staff()?;
    if answers(staff) { Ok(staff) } else { Err(Problem::forbidden()) }
}
