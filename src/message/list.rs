//! Lists: the desk's, oldest waiting first, and the public's, newest answer first.

use std::collections::HashMap;

use entity::enums::{MessageState, Role};
use entity::id::DepartmentId;
use entity::message::Model;

use super::policy::may_read;
use super::store;
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::department;
use crate::moderation::advice::{self, Finding};
use crate::moderation::lexicon;
use crate::problem::Problem;
use crate::text;

/// A part of a list.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Model>,
    pub all: u64,
    pub names: HashMap<DepartmentId, String>,
}

/// A message on the desk, with advice.
#[derive(Debug)]
pub struct Case {
    pub message: Model,
    pub names: HashMap<DepartmentId, String>,
    /// What the public would read for a name.
    pub name_masked: Option<String>,
    pub contact_masked: Option<String>,
    /// What screening noticed in the title and in the text.
    pub in_title: Vec<Finding>,
    pub in_text: Vec<Finding>,
}

/// Whether somebody has a part in the board at all.
fn takes_part(staff: &Staff) -> bool {
    let roles = [Role::Moderator, Role::Supervisor, Role::Owner];
    roles.iter().any(|role| staff.has(*role)) || !staff.heads.is_empty()
}

/// Messages of a state that somebody may see: moderators and supervisors all of them, others those of their
/// departments.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn queue(
    app: &App,
    actor: &Actor,
    state: MessageState,
    limit: u64,
    offset: u64,
) -> Result<Page, Problem> {
    let staff = actor.require_staff()?;
    if !takes_part(staff) {
        return Err(Problem::forbidden());
    }
    let mut departments = staff.heads.clone();
    if staff.has(Role::Owner) {
        departments.push(staff.department_id);
    }
    let sees_all = staff.has(Role::Moderator) || staff.has(Role::Supervisor);
    let only = (!sees_all).then_some(departments.as_slice());
    let db = app.db.read();
    let (items, all) = store::queue(db, state, only, limit, offset).await?;
    Ok(Page { items, all, names: department::names(db).await? })
}

/// One message on the desk.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`, for who may not see it too; the database's own.
pub async fn case(app: &App, actor: &Actor, number: &str) -> Result<Case, Problem> {
    let staff = actor.require_staff()?;
    if !takes_part(staff) {
        return Err(Problem::forbidden());
    }
    let db = app.db.read();
    let message = store::by_number(db, number).await?;
    if !may_read(staff, &message) {
        return Err(Problem::not_found());
    }
    let lexicon = lexicon::current(app).await?;
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    Ok(Case {
        names: department::names(db).await?,
        name_masked: open(&message.name_enc).map(|n| text::mask_name(&n).into_owned()),
        contact_masked: open(&message.contact_enc).map(|c| text::mask_contact(&c)),
        in_title: advice::find(&message.title, &lexicon),
        in_text: advice::find(&message.text, &lexicon),
        message,
    })
}

/// Answered messages that are public.
///
/// # Errors
/// The database's own.
pub async fn published(app: &App, limit: u64, offset: u64) -> Result<Page, Problem> {
    let db = app.db.read();
    let (items, all) = store::published(db, limit, offset).await?;
    Ok(Page { items, all, names: department::names(db).await? })
}

/// One of them, with the department that answered.
///
/// # Errors
/// `not_found` for one that is not public; the database's own.
pub async fn public(app: &App, number: &str) -> Result<(Model, String), Problem> {
    let db = app.db.read();
    let message = store::by_number(db, number).await?;
    if message.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let names = department::names(db).await?;
    let department = message.department_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    Ok((message, department))
}
