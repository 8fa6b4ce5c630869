//! Decisions (决策事项) with their public dossier and timeline. A decision's status is derived from its steps,
//! never stored twice.
//!
//! A decision begins with an undertaking department (承办单位), becomes public when a catalogue that lists it is
//! published, passes the gates of [`policy`], and is issued ([`promulgate()`]), which starts the days for its
//! adoption summary (2020 plan, table 二-5). Every change of a public dossier is a new version of its
//! publication.

pub mod api;
mod create;
mod desk_form;
mod dossier;
mod edit;
mod facts;
mod listing;
mod non_disclosure;
mod number;
pub mod page;
pub mod policy;
mod promulgate;
mod record;
mod status;
pub mod store;

mod timeline;
pub mod view;
mod withdraw;
mod words;

use entity::decision::Model;
use entity::enums::Role;
use entity::id::DepartmentId;

pub use create::{NewDecision, create, insert};
pub use dossier::{path, publish_dossier};
pub use edit::{Edit, edit};
pub use facts::{facts, statuses, windows};
pub use listing::{Listing, enter};
pub use non_disclosure::{NotDisclosed, mark_not_disclosed};
pub use policy::{Facts, SKIPPABLE, Window};
pub use promulgate::{Promulgation, promulgate, summary_due};
pub use record::{NewStep, Record, Skip, add_step, record_step, skip_step, take_back};
pub use status::{Status, status};
pub use store::{Filter, by_code, by_ids, count, documents, find, list, steps, steps_of, years};
pub use timeline::{Moment, Way, When, timeline};
pub use withdraw::{Withdrawal, withdraw};
pub use words::{kind_words, step_words};

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// Whether the dossier may be read: by anybody once it is public, before that by those who run it, and by
/// supervisors and disclosure officers, whose work spans departments.
pub fn may_see(actor: &Actor, decision: &Model) -> bool {
    decision.published_at.is_some() || actor.staff().is_some_and(|staff| works_on(staff, decision))
}

fn works_on(staff: &Staff, decision: &Model) -> bool {
    staff.runs(decision.department_id) || staff.has(Role::Supervisor) || staff.has(Role::Disclosure)
}

/// The departments whose decisions stand on the person's desk; none for all of them.
///
/// # Errors
/// `unauthenticated`; `forbidden` for people who neither run decisions nor look over them.
pub fn own_departments(actor: &Actor) -> Result<Option<Vec<DepartmentId>>, Problem> {
    let staff = actor.require_staff()?;
    if staff.has(Role::Supervisor) || staff.has(Role::Disclosure) {
        return Ok(None);
    }
    let mut own = staff.heads.clone();
    if staff.has(Role::Owner) {
        own.push(staff.department_id);
    }
    if own.is_empty() { Err(Problem::forbidden()) } else { Ok(Some(own)) }
}

/// The member of staff, if the decision's desk may be read.
///
/// # Errors
/// `unauthenticated`; `not_found` for what is not to be seen; `forbidden` for what is public but not theirs.
pub fn may_read_desk<'a>(actor: &'a Actor, decision: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if works_on(staff, decision) { Ok(staff) } else { Err(refusal(actor, decision)) }
}

/// The member of staff, if the decision is run by the own department (or a department one heads).
///
/// # Errors
/// `unauthenticated`; `not_found` for what is not to be seen; `forbidden`.
pub fn may_run<'a>(actor: &'a Actor, decision: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if staff.runs(decision.department_id) { Ok(staff) } else { Err(refusal(actor, decision)) }
}

fn refusal(actor: &Actor, decision: &Model) -> Problem {
    if may_see(actor, decision) { Problem::forbidden() } else { Problem::not_found() }
}
