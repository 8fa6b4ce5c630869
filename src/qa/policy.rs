//! Who may do what with a session and its questions. Pure.

use entity::enums::Role;
use entity::id::DepartmentId;
use entity::qa_session::Model;

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// Whether this person organises the sessions of a department: its owners (决策承办人) and its head.
pub fn organises(staff: &Staff, department: DepartmentId) -> bool {
    staff.runs(department)
}

/// Announces, changes, publishes, cancels.
///
/// # Errors
/// `unauthenticated`; `forbidden`, or `not_found` for a draft of others.
pub fn may_organise<'a>(actor: &'a Actor, session: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if organises(staff, session.department_id) {
        return Ok(staff);
    }
    Err(if session.published_at.is_some() { Problem::forbidden() } else { Problem::not_found() })
}

/// Reads its desk, with every question: organisers, the departments at the table, moderators and supervisors.
///
/// # Errors
/// As [`may_organise`].
pub fn may_read<'a>(
    actor: &'a Actor,
    session: &Model,
    guests: &[DepartmentId],
) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if reads(staff, session.department_id, guests) {
        return Ok(staff);
    }
    Err(if session.published_at.is_some() { Problem::forbidden() } else { Problem::not_found() })
}

fn reads(staff: &Staff, host: DepartmentId, guests: &[DepartmentId]) -> bool {
    staff.has(Role::Moderator)
        || staff.has(Role::Supervisor)
        || organises(staff, host)
        || guests.iter().any(|d| staff.runs(*d))
}

/// The owners of the department that the question was given to, and its head.
pub fn may_answer(staff: &Staff, department: Option<DepartmentId>) -> bool {
    department.is_some_and(|d| staff.runs(d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Who;
    use crate::problem::Code;
    use chrono::DateTime;
    use entity::id::{QaSessionId, StaffId};
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

    fn session(is_public: bool) -> Model {
        let at = DateTime::UNIX_EPOCH;
        Model {
            id: QaSessionId(Uuid::nil()),
            code: "Q2026-001".into(),
            department_id: department(1),
            title: String::new(),
            theme: String::new(),
            opens_at: at,
            begins_at: at,
            ends_at: at,
            published_at: is_public.then_some(at),
            published_by: None,
            cancelled_at: None,
            cancelled_reason: None,
            transcript_at: None,
            issued: 0,
            version: 0,
            created_by: StaffId(Uuid::nil()),
            created_at: at,
            revision: 1,
        }
    }

    #[test]
    fn each_may_what_the_work_needs() {
        // Host 1, at the table 2. (who, organise, read, answer a question given to 2)
        let table = [
            (actor(1, &[Role::Owner], &[]), "YYN"),
            (actor(9, &[], &[1]), "YYN"),
            (actor(2, &[Role::Owner], &[]), "NYY"),
            (actor(9, &[], &[2]), "NYY"),
            (actor(9, &[Role::Moderator], &[]), "NYN"),
            (actor(9, &[Role::Supervisor], &[]), "NYN"),
            (actor(1, &[], &[]), "NNN"),
            (actor(2, &[Role::Admin, Role::Disclosure], &[]), "NNN"),
            (actor(3, &[Role::Owner], &[3]), "NNN"),
        ];
        let sign = |ok: bool| if ok { 'Y' } else { 'N' };
        for (actor, meant) in table {
            let (draft, guests) = (session(false), [department(2)]);
            let staff = actor.require_staff().unwrap();
            let said: String = [
                sign(may_organise(&actor, &draft).is_ok()),
                sign(may_read(&actor, &draft, &guests).is_ok()),
                sign(may_answer(staff, Some(department(2)))),
            ]
            .into_iter()
            .collect();
            assert_eq!(said, meant, "{actor:?}");
            assert!(!may_answer(staff, None));
            if let Err(problem) = may_organise(&actor, &draft) {
                assert_eq!(problem.code, Code::NotFound);
                assert_eq!(may_organise(&actor, &session(true)).unwrap_err().code, Code::Forbidden);
            }
        }
        assert_eq!(may_organise(&Actor::guest(), &session(true)).unwrap_err().code, Code::Unauthenticated);
    }
}
