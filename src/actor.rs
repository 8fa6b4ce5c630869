//! Who acts. No I/O: the edge finds out, operations and policies only look.

use std::sync::{Arc, OnceLock};

use entity::enums::{ActorKind, Role};
use entity::id::{DepartmentId, StaffId};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// Who asks for an operation, and from where; the audit record takes it from here.
#[derive(Clone, Debug)]
pub struct Actor {
    pub who: Who,
    /// Network address, as the trusted proxies tell it.
    pub address: String,
    pub request_id: String,
    /// A program that came with a member of staff's token; no task is set to it.
    pub trusted: bool,
    /// Shared by all copies: what the request brought for the gate, and which gate it found closed.
    pub gate: Arc<AtGate>,
}

/// A request before a gate that wants a task solved first; see `challenge`.
#[derive(Debug, Default)]
pub struct AtGate {
    /// The answer to a task, as it came.
    pub answer: OnceLock<String>,
    /// The gate that stayed closed.
    pub closed: OnceLock<&'static str>,
}

#[derive(Clone, Debug)]
pub enum Who {
    /// The program itself: jobs, commands.
    System,
    /// Anybody, not signed in.
    Guest,
    Staff(Staff),
}

/// A member of staff who is signed in and not disabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub department_id: DepartmentId,
    pub department: String,
    pub roles: Vec<Role>,
    /// Departments this person is the head of (负责人).
    pub heads: Vec<DepartmentId>,
}

impl Staff {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Owner of the department, or its head.
    pub fn runs(&self, department: DepartmentId) -> bool {
        (self.has(Role::Owner) && self.department_id == department) || self.is_head_of(department)
    }

    /// Reads what people ask about their data: the office of open government, and administrators.
    pub fn answers_for_data(&self) -> bool {
        self.has(Role::Disclosure) || self.has(Role::Admin)
    }

    pub fn is_head_of(&self, department: DepartmentId) -> bool {
        self.heads.contains(&department)
    }
}

impl Actor {
    /// Somebody before any gate.
    pub fn of(who: Who, address: String, request_id: String) -> Self {
        Self { who, address, request_id, trusted: false, gate: Arc::default() }
    }

    pub fn system() -> Self {
        Self::of(Who::System, String::new(), String::new())
    }

    pub fn guest() -> Self {
        Self::of(Who::Guest, String::new(), String::new())
    }

    pub fn is_system(&self) -> bool {
        matches!(self.who, Who::System)
    }

    pub fn staff(&self) -> Option<&Staff> {
        match &self.who {
            Who::Staff(staff) => Some(staff),
            Who::System | Who::Guest => None,
        }
    }

    /// The member of staff, or "please sign in".
    ///
    /// # Errors
    /// `unauthenticated` for a guest, `forbidden` for the program itself.
    pub fn require_staff(&self) -> Result<&Staff, Problem> {
        match &self.who {
            Who::Staff(staff) => Ok(staff),
            Who::Guest => Err(Problem::new(Code::Unauthenticated)),
            Who::System => Err(Problem::forbidden()),
        }
    }

    /// The member of staff, if the role is held.
    ///
    /// # Errors
    /// `unauthenticated`, `forbidden`.
    pub fn require(&self, role: Role) -> Result<&Staff, Problem> {
        let staff = self.require_staff()?;
        if staff.has(role) { Ok(staff) } else { Err(Problem::forbidden()) }
    }

    pub fn kind(&self) -> ActorKind {
        match self.who {
            Who::System => ActorKind::System,
            Who::Guest => ActorKind::Guest,
            Who::Staff(_) => ActorKind::Staff,
        }
    }

    pub fn id(&self) -> Option<Uuid> {
        self.staff().map(|staff| staff.id.0)
    }

    pub fn staff_id(&self) -> Option<StaffId> {
        self.staff().map(|staff| staff.id)
    }
}
