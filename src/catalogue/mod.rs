//! The catalogue of major decisions (重大行政决策事项目录, 国令713 Art. 3): one a department and year, published,
//! adjusted later with a reason. A published version never changes; every one stays readable and any two can
//! be compared.

mod adjust;
pub mod api;
mod arrange;
mod compare;
mod create;
mod desk_page;
mod entry;
mod foreseen;
pub mod page;
pub mod public_page;
mod publish;
mod read;
pub mod store;

use entity::catalogue::Model;
use entity::department;
use entity::enums::Role;
use entity::id::DepartmentId;

pub use adjust::{adjust, discard};
pub use arrange::{Way, move_entry, remove_entry};
pub use compare::{Comparison, Field, FieldChange, compare};
pub use create::{NewCatalogue, create};
pub use entry::{EntryFields, add_entry, change_entry, reach};
pub use foreseen::{Foreseen, KINDS, foreseen};
pub use publish::{Publish, publish};
pub use read::{Compared, Shown, compared, shown};
pub use store::{Filter, Listed, Place, find, place_of};

use crate::actor::{Actor, Staff};
use crate::problem::Problem;

/// `示例市体育局2026年度重大行政决策事项目录`
pub fn title(department: &str, year: i32) -> String {
    format!("{department}{year}年度重大行政决策事项目录")
}

/// The public address of a catalogue.
pub fn path(department: &department::Model, year: i32) -> String {
    format!("{}/{}/{year}", web::path::CATALOGUES, department.key)
}

/// The owners of the department and its head; disclosure officers for every department.
pub fn manages(staff: &Staff, department: DepartmentId) -> bool {
    staff.runs(department) || staff.has(Role::Disclosure)
}

/// The member of staff, if the catalogue's desk may be read: those who write it, and supervisors. Everybody
/// else on the desks hears nothing of it.
///
/// # Errors
/// `unauthenticated`; `not_found`.
pub fn may_read<'a>(actor: &'a Actor, catalogue: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    let reads = manages(staff, catalogue.department_id) || staff.has(Role::Supervisor);
    if reads { Ok(staff) } else { Err(Problem::not_found()) }
}

/// The member of staff, if the catalogue is theirs to write.
///
/// # Errors
/// `unauthenticated`; `not_found`; `forbidden` for those who only read.
pub fn may_manage<'a>(actor: &'a Actor, catalogue: &Model) -> Result<&'a Staff, Problem> {
    let staff = may_read(actor, catalogue)?;
    if manages(staff, catalogue.department_id) { Ok(staff) } else { Err(Problem::forbidden()) }
}
