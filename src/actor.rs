//! Who acts. No I/O: the edge finds out, operations and policies only look.

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

    pub fn is_head_of(&self, department: DepartmentId) -> bool {
        self.heads.contains(&department)
    }
}

impl Actor {
    pub fn system() -> Self {
        Self { who: Who::System, address: String::new(), request_id: String::new() }
    }

    pub fn guest() -> Self {
        Self { who: Who::Guest, address: String::new(), request_id: String::new() }
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
