//! Who may do what with a summary. Pure.

use entity::decision::Model as Decision;
use entity::enums::Role;
use entity::id::StaffId;

use crate::actor::{Actor, Staff};
use crate::decision;
use crate::problem::Problem;

/// Reads the draft: who runs the decision, who publishes columns, who watches deadlines.
pub fn may_see<'a>(actor: &'a Actor, d: &Decision) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    let sees = staff.runs(d.department_id) || staff.has(Role::Disclosure) || staff.has(Role::Supervisor);
    if sees { Ok(staff) } else { Err(Problem::forbidden()) }
}

/// Writes and submits it.
pub fn may_write<'a>(actor: &'a Actor, d: &Decision) -> Result<&'a Staff, Problem> {
    decision::may_run(actor, d)
}

/// Sends it back: the department's head (负责人).
pub fn may_return<'a>(actor: &'a Actor, d: &Decision) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if staff.is_head_of(d.department_id) { Ok(staff) } else { Err(Problem::forbidden()) }
}

/// Approves it: the head, and another person than who submitted it; `alone` when the department has nobody
/// else who could submit.
pub fn may_approve<'a>(
    actor: &'a Actor,
    d: &Decision,
    submitted_by: Option<StaffId>,
    alone: bool,
) -> Result<&'a Staff, Problem> {
    let head = may_return(actor, d)?;
    if submitted_by == Some(head.id) && !alone {
        return Err(Problem::conflict(
            "送审人不能审批自己送审的采纳情况，请由其他承办人送审",
            "Whoever submitted a summary cannot approve it; another owner of the department has to submit it",
        ));
    }
    Ok(head)
}

/// Publishes it: who runs the decision, or a disclosure officer (公开专员).
pub fn may_publish<'a>(actor: &'a Actor, d: &Decision) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    let may = staff.runs(d.department_id) || staff.has(Role::Disclosure);
    if may { Ok(staff) } else { Err(Problem::forbidden()) }
}

/// Takes it from the public: the head or a disclosure officer.
pub fn may_withdraw<'a>(actor: &'a Actor, d: &Decision) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    let may = staff.is_head_of(d.department_id) || staff.has(Role::Disclosure);
    if may { Ok(staff) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::enums::DecisionKind;
    use entity::id::{DecisionId, DepartmentId};
    use uuid::Uuid;

    use super::*;
    use crate::actor::Who;
    use crate::problem::Code;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn decision() -> Decision {
        Decision {
            id: DecisionId(id(1)),
            code: "2026-001".into(),
            year: 2026,
            title: "办法".into(),
            kind: DecisionKind::Plan,
            department_id: DepartmentId(id(10)),
            owner_id: None,
            summary: String::new(),
            basis: String::new(),
            doc_number: None,
            promulgated_on: None,
            not_disclosed_basis: None,
            published_at: None,
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
            revision: 1,
        }
    }

    fn person(n: u128, department: u128, roles: &[Role], heads: &[u128]) -> Actor {
        let staff = Staff {
            id: StaffId(id(n)),
            login: String::new(),
            name: String::new(),
            department_id: DepartmentId(id(department)),
            department: String::new(),
            roles: roles.to_vec(),
            heads: heads.iter().map(|h| DepartmentId(id(*h))).collect(),
        };
        Actor { who: Who::Staff(staff), ..Actor::guest() }
    }

    #[test]
    fn who_may_do_what() {
        let d = decision();
        // see, write, return, publish, withdraw
        for (who, actor, want) in [
            ("owner", person(2, 10, &[Role::Owner], &[]), [true, true, false, true, false]),
            ("head", person(3, 10, &[], &[10]), [true, true, true, true, true]),
            ("owner elsewhere", person(4, 11, &[Role::Owner], &[11]), [false; 5]),
            ("disclosure", person(5, 11, &[Role::Disclosure], &[]), [true, false, false, true, true]),
            ("supervisor", person(6, 11, &[Role::Supervisor], &[]), [true, false, false, false, false]),
            ("moderator", person(7, 10, &[Role::Moderator], &[]), [false; 5]),
            ("admin", person(8, 10, &[Role::Admin], &[]), [false; 5]),
        ] {
            let may = [
                may_see(&actor, &d).is_ok(),
                may_write(&actor, &d).is_ok(),
                may_return(&actor, &d).is_ok(),
                may_publish(&actor, &d).is_ok(),
                may_withdraw(&actor, &d).is_ok(),
            ];
            assert_eq!(may, want, "{who}");
        }
        assert_eq!(may_see(&Actor::guest(), &d).unwrap_err().code, Code::Unauthenticated);
    }

    #[test]
    fn four_eyes_unless_there_are_only_two() {
        let d = decision();
        let head = person(3, 10, &[Role::Owner], &[10]);
        let (owner, self_) = (Some(StaffId(id(2))), Some(StaffId(id(3))));
        assert!(may_approve(&head, &d, owner, false).is_ok());
        assert_eq!(may_approve(&head, &d, self_, false).unwrap_err().code, Code::Conflict);
        assert!(may_approve(&head, &d, self_, true).is_ok());
        assert!(may_approve(&person(2, 10, &[Role::Owner], &[]), &d, owner, true).is_err());
    }
}
