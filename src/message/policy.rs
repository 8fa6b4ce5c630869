//! Who may see and do what with a message.

use entity::enums::Role;
use entity::message::Model;

use crate::actor::Staff;

/// Moderators and supervisors see every message; a department those routed to it.
pub fn may_read(staff: &Staff, message: &Model) -> bool {
    staff.has(Role::Moderator) || staff.has(Role::Supervisor) || may_answer(staff, message)
}

/// The owners of the department it was routed to, and its head.
pub fn may_answer(staff: &Staff, message: &Model) -> bool {
    message.department_id.is_some_and(|department| staff.runs(department))
}
