//! Who may see and do what with a message.

use entity::enums::Role;
use entity::id::DepartmentId;
use entity::message::Model;

use crate::actor::Staff;
use crate::problem::Problem;

/// Moderators and supervisors see every message; a department those routed to it.
pub fn may_read(staff: &Staff, message: &Model) -> bool {
    reads(staff, message.department_id)
}

/// The owners of the department it was routed to, and its head: to answer, to publish and to take down.
pub fn may_answer(staff: &Staff, message: &Model) -> bool {
    answers(staff, message.department_id)
}

/// The head of the department that answers gives more time.
pub fn may_extend(staff: &Staff, message: &Model) -> bool {
    extends(staff, message.department_id)
}

/// Opens a published page for messages, and closes it: who runs the board, and who is answerable for what the site
/// publishes.
///
/// # Errors
/// `forbidden`.
pub fn may_open_pages(staff: &Staff) -> Result<(), Problem> {
    let may = staff.has(Role::Moderator) || staff.has(Role::Disclosure);
    if may { Ok(()) } else { Err(Problem::forbidden()) }
}

fn reads(staff: &Staff, routed_to: Option<DepartmentId>) -> bool {
    staff.has(Role::Moderator) || staff.has(Role::Supervisor) || answers(staff, routed_to)
}

fn answers(staff: &Staff, routed_to: Option<DepartmentId>) -> bool {
    routed_to.is_some_and(|department| staff.runs(department))
}

fn extends(staff: &Staff, routed_to: Option<DepartmentId>) -> bool {
    routed_to.is_some_and(|department| staff.is_head_of(department))
}

#[cfg(test)]
mod tests {
    use entity::id::StaffId;
    use uuid::Uuid;

    use super::*;

    fn staff(roles: &[Role], department: u128, heads: &[u128]) -> Staff {
        Staff {
            id: StaffId(Uuid::from_u128(1)),
            login: String::new(),
            name: String::new(),
            department_id: DepartmentId(Uuid::from_u128(department)),
            department: String::new(),
            roles: roles.to_vec(),
            heads: heads.iter().map(|d| DepartmentId(Uuid::from_u128(*d))).collect(),
        }
    }

    #[test]
    fn who_may_do_what() {
        let routed = DepartmentId(Uuid::from_u128(7));
        // Read, answer, extend, once routed; read before.
        let cases = [
            (staff(&[Role::Moderator], 1, &[]), [true, false, false], true),
            (staff(&[Role::Supervisor], 1, &[]), [true, false, false], true),
            (staff(&[Role::Owner], 7, &[]), [true, true, false], false),
            (staff(&[Role::Owner], 8, &[]), [false, false, false], false),
            (staff(&[], 1, &[7]), [true, true, true], false),
            (staff(&[], 1, &[8]), [false, false, false], false),
            (staff(&[Role::Admin, Role::Disclosure], 7, &[]), [false, false, false], false),
        ];
        for (who, [read, answer, extend], read_before) in cases {
            let may = |check: fn(&Staff, Option<DepartmentId>) -> bool, at| check(&who, at);
            assert_eq!(may(reads, Some(routed)), read, "{who:?}");
            assert_eq!(may(answers, Some(routed)), answer, "{who:?}");
            assert_eq!(may(extends, Some(routed)), extend, "{who:?}");
            assert_eq!(may(reads, None), read_before, "{who:?}");
            assert!(!may(answers, None) && !may(extends, None), "{who:?}");
        }
    }
}
