//! Duties as pages and the API read them: who may see which, and the names beside them.

use std::collections::HashMap;

use entity::duty::Model;
use entity::enums::{DutyKind, DutyState, Role};
use entity::id::{DepartmentId, StaffId};

use super::Filter;
use crate::actor::Staff;
use crate::app::App;
use crate::problem::Problem;
use crate::{account, department};

/// The departments whose duties a person sees: all for supervisors, else the own one and those one heads.
pub fn scope(staff: &Staff) -> Option<Vec<DepartmentId>> {
    if staff.has(Role::Supervisor) {
        return None;
    }
    let mut mine = staff.heads.clone();
    if !mine.contains(&staff.department_id) {
        mine.push(staff.department_id);
    }
    Some(mine)
}

/// A duty of somebody else's department does not exist for this person.
pub fn may_see(staff: &Staff, duty: &Model) -> Result<(), Problem> {
    match scope(staff) {
        Some(mine) if !mine.contains(&duty.department_id) => Err(Problem::not_found()),
        _ => Ok(()),
    }
}

/// What was asked of the list, in the words of its address.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    pub kind: &'a str,
    /// `open`, `overdue`, `done`, `cancelled`, `all`; open when nothing is said.
    pub state: &'a str,
    pub department: &'a str,
}

impl Asked<'_> {
    /// The filter for this person. A value that is not known filters nothing; a department of others shows
    /// nothing.
    pub fn filter(&self, app: &App, staff: &Staff) -> Filter {
        let chosen: Option<DepartmentId> = self.department.parse().ok();
        let departments = match (scope(staff), chosen) {
            (None, chosen) => chosen.map(|id| vec![id]),
            (Some(mine), None) => Some(mine),
            (Some(mine), Some(id)) => Some(mine.into_iter().filter(|d| *d == id).collect()),
        };
        let state = match self.state {
            "all" | "overdue" => None,
            other => Some(DutyState::parse(other).unwrap_or(DutyState::Open)),
        };
        Filter {
            departments,
            kind: DutyKind::parse(self.kind),
            state,
            overdue_on: (self.state == "overdue").then(|| app.today()),
            ..Filter::default()
        }
    }
}

/// Names of departments, in full and short, and of people.
pub struct Names {
    departments: HashMap<DepartmentId, (String, String)>,
    staff: HashMap<StaffId, String>,
}

impl Names {
    pub async fn load(app: &App) -> Result<Self, Problem> {
        let db = app.db.read();
        let departments = department::all(db).await?.into_iter().map(|d| (d.id, (d.name, d.short_name)));
        Ok(Self { departments: departments.collect(), staff: account::names(db).await? })
    }

    pub fn department(&self, id: DepartmentId) -> String {
        self.departments.get(&id).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// For tables, where the bureau's own name in front would say the same in every row.
    pub fn short(&self, id: DepartmentId) -> String {
        self.departments.get(&id).map(|(_, short)| short.clone()).unwrap_or_default()
    }

    pub fn person(&self, id: Option<StaffId>) -> String {
        id.and_then(|id| self.staff.get(&id)).cloned().unwrap_or_default()
    }
}
