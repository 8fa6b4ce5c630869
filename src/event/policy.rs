//! Who may do what with an event. Pure.

use entity::enums::Role;
use entity::event::Model;
use entity::id::DepartmentId;

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// Whether this person organises the events of a department: its owners (决策承办人) and its head.
pub fn organises(staff: &Staff, department: DepartmentId) -> bool {
    staff.runs(department)
}

/// Announces, changes, publishes, cancels, reports.
pub fn may_organise<'a>(actor: &'a Actor, event: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if organises(staff, event.department_id) { Ok(staff) } else { Err(refusal(staff, event)) }
}

/// Stands at the door and sees who is expected: the organisers and everybody of their department.
pub fn may_serve_door<'a>(actor: &'a Actor, event: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    let may = organises(staff, event.department_id) || staff.department_id == event.department_id;
    if may { Ok(staff) } else { Err(refusal(staff, event)) }
}

/// Reads its desk, without the names of visitors.
pub fn may_read<'a>(actor: &'a Actor, event: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if reads(staff, event) { Ok(staff) } else { Err(refusal(staff, event)) }
}

fn reads(staff: &Staff, event: &Model) -> bool {
    organises(staff, event.department_id)
        || staff.department_id == event.department_id
        || staff.has(Role::Disclosure)
        || staff.has(Role::Supervisor)
}

/// What is not to be seen does not exist.
fn refusal(staff: &Staff, event: &Model) -> Problem {
    let seen = event.published_at.is_some() || reads(staff, event);
    if seen { Problem::forbidden() } else { Problem::not_found() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Who;
    use crate::problem::Code;
    use chrono::DateTime;
    use entity::enums::EventKind;
    use entity::id::{EventId, StaffId};
    use uuid::Uuid;

    fn department(n: u128) -> DepartmentId {
        DepartmentId(Uuid::from_u128(n))
    }

    fn actor(of: u128, roles: &[Role], heads: &[u128]) -> Actor {
        let staff = Staff {
            id: StaffId(Uuid::nil()),
            login: String::new(),
            name: String::new(),
            department_id: department(of),
            department: String::new(),
            roles: roles.to_vec(),
            heads: heads.iter().map(|n| department(*n)).collect(),
        };
        Actor { who: Who::Staff(staff), ..Actor::guest() }
    }

    fn event(is_public: bool) -> Model {
        Model {
            id: EventId(Uuid::nil()),
            code: "E2026-001".into(),
            kind: EventKind::OpenDay,
            department_id: department(1),
            decision_id: None,
            title: String::new(),
            summary: String::new(),
            conditions: String::new(),
            accessibility: String::new(),
            contact_name: String::new(),
            phone: String::new(),
            email: String::new(),
            published_at: is_public.then_some(DateTime::UNIX_EPOCH),
            published_by: None,
            cancelled_at: None,
            cancelled_reason: None,
            report: None,
            outcome: None,
            said: None,
            attendance: None,
            attended: None,
            report_published_at: None,
            erased_at: None,
            created_by: StaffId(Uuid::nil()),
            created_at: DateTime::UNIX_EPOCH,
            revision: 1,
        }
    }

    #[test]
    fn each_may_what_the_work_needs() {
        // (who, organise, door, read): of a draft; F may not and knows, N does not see it.
        let table = [
            (actor(1, &[Role::Owner], &[]), "YYY"),
            (actor(2, &[], &[1]), "YYY"),
            (actor(1, &[Role::Disclosure], &[]), "FYY"),
            (actor(1, &[], &[]), "FYY"),
            (actor(2, &[Role::Disclosure], &[]), "FFY"),
            (actor(2, &[Role::Supervisor], &[]), "FFY"),
            (actor(2, &[Role::Owner], &[2]), "NNN"),
            (actor(2, &[Role::Admin], &[]), "NNN"),
            (actor(2, &[Role::Moderator], &[]), "NNN"),
        ];
        let sign = |r: Result<&Staff, Problem>| match r {
            Ok(_) => 'Y',
            Err(p) if p.code == Code::Forbidden => 'F',
            Err(p) if p.code == Code::NotFound => 'N',
            Err(p) => panic!("{p}"),
        };
        for (actor, meant) in table {
            let draft = event(false);
            let said: String = [
                sign(may_organise(&actor, &draft)),
                sign(may_serve_door(&actor, &draft)),
                sign(may_read(&actor, &draft)),
            ]
            .into_iter()
            .collect();
            assert_eq!(said, meant, "{actor:?}");
            if meant == "NNN" {
                assert_eq!(sign(may_read(&actor, &event(true))), 'F', "what is public is no secret");
            }
        }
        assert_eq!(may_read(&Actor::guest(), &event(true)).unwrap_err().code, Code::Unauthenticated);
    }
}
