//! Who sees and answers requests about personal data. Pure.

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// Sees and answers them.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn may_answer(actor: &Actor) -> Result<&Staff, Problem> {
    let staff = actor.require_staff()?;
    if staff.answers_for_data() { Ok(staff) } else { Err(Problem::forbidden()) }
}
