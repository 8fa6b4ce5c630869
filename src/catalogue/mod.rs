//! The catalogue of major decisions (重大行政决策事项目录, 国令713 Art. 3): one a department and year, published,
//! adjusted later with a reason. A published version never changes; every one stays readable and any two can
//! be compared.

mod adjust;
pub mod api;
mod arrange;
mod compare;
mod create;
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
pub use store::{Listed, Place, find, place_of};

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

/// The member of staff, if the catalogue is theirs to write.
///
/// # Errors
/// `unauthenticated`; `not_found` while nobody outside may know of it; `forbidden`.
pub fn may_manage<'a>(actor: &'a Actor, catalogue: &Model, published: bool) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if manages(staff, catalogue.department_id) {
        return Ok(staff);
    }
    let known = published || staff.has(Role::Supervisor);
    Err(if known { Problem::forbidden() } else { Problem::not_found() })
}
