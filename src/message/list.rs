//! Lists: the desk's by due day, and the public's, newest answer first.

use std::collections::HashMap;

use entity::duty::Model as Duty;
use entity::enums::{DutyKind, DutyState, MessageState, Role};
use entity::id::{DepartmentId, MessagePageId};
use entity::message::Model;
use sea_orm::ConnectionTrait;

use super::content::Opened;
use super::policy::may_read;
use super::store::{self, Filter};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::moderation::advice::{self, Finding};
use crate::moderation::lexicon;
use crate::problem::Problem;
use crate::{department, duty, text};

/// A list on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tray {
    /// 待受理
    Intake,
    /// 待答复
    Answer,
    /// 追问待答复
    FollowUp,
    /// 已答复
    Answered,
    /// 不予受理
    Rejected,
}

impl Tray {
    pub const ALL: [Self; 5] = [Self::Intake, Self::Answer, Self::FollowUp, Self::Answered, Self::Rejected];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Answer => "answer",
            Self::FollowUp => "follow_up",
            Self::Answered => "answered",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }

    /// The duty that makes a message lie here.
    fn duty(self) -> Option<DutyKind> {
        match self {
            Self::Intake => Some(DutyKind::MessageIntake),
            Self::Answer => Some(DutyKind::MessageAnswer),
            Self::FollowUp => Some(DutyKind::MessageFollowUp),
            Self::Answered | Self::Rejected => None,
        }
    }
}

/// A message in a list of the desk, opened.
#[derive(Debug)]
pub struct Item {
    pub message: Model,
    pub opened: Opened,
    /// The open duty it lies there for.
    pub duty: Option<Duty>,
}

/// The pages under which messages were left.
pub type Places = HashMap<MessagePageId, entity::message_page::Model>;

/// A part of a list.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Item>,
    pub all: u64,
    pub names: HashMap<DepartmentId, String>,
    pub places: Places,
}

/// A message on the desk, with advice.
#[derive(Debug)]
pub struct Case {
    pub message: Model,
    pub opened: Opened,
    /// The page under which it was left.
    pub place: Option<entity::message_page::Model>,
    pub names: HashMap<DepartmentId, String>,
    /// What the public would read for a name.
    pub name_masked: Option<String>,
    pub contact_masked: Option<String>,
    /// What screening noticed in the title and in the text.
    pub in_title: Vec<Finding>,
    pub in_text: Vec<Finding>,
    pub duties: Vec<Duty>,
}

impl Case {
    /// The duty that is open now.
    pub fn open_duty(&self) -> Option<&Duty> {
        self.duties.iter().find(|d| d.state == DutyState::Open)
    }
}

/// Whether somebody has a part in the board at all.
pub fn takes_part(staff: &Staff) -> bool {
    let roles = [Role::Moderator, Role::Supervisor, Role::Owner];
    roles.iter().any(|role| staff.has(*role)) || !staff.heads.is_empty()
}

/// Whose messages somebody sees: moderators and supervisors all, others those of their departments.
fn scope(staff: &Staff) -> Option<Vec<DepartmentId>> {
    if staff.has(Role::Moderator) || staff.has(Role::Supervisor) {
        return None;
    }
    let mut departments = staff.heads.clone();
    if staff.has(Role::Owner) {
        departments.push(staff.department_id);
    }
    Some(departments)
}

/// A list on the desk: what has a duty by its due day, what is done the newest first.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn queue(app: &App, actor: &Actor, tray: Tray, limit: u64, offset: u64) -> Result<Page, Problem> {
    let staff = actor.require_staff()?;
    if !takes_part(staff) {
        return Err(Problem::forbidden());
    }
    let (db, departments) = (app.db.read(), scope(staff));
    let item = |message: Model, duty: Option<Duty>| Item { opened: Opened::of(app, &message), message, duty };
    let (items, all) = match tray.duty() {
        // What is not routed yet is the moderators' alone.
        Some(DutyKind::MessageIntake) if departments.is_some() => (Vec::new(), 0),
        Some(kind) => {
            let filter = open(kind, departments, limit, offset);
            let duties = duty::list(db, &filter).await?;
            let rows = store::of_ids(db, duties.iter().map(|d| d.subject_id)).await?;
            let mut rows: HashMap<_, _> = rows.into_iter().map(|m| (m.id.0, m)).collect();
            let items = duties.into_iter().filter_map(|d| Some(item(rows.remove(&d.subject_id)?, Some(d))));
            (items.collect(), duty::count(db, &filter).await?)
        }
        None => {
            let state = if tray == Tray::Answered { MessageState::Answered } else { MessageState::Rejected };
            let (rows, all) = store::of_state(db, state, departments.as_deref(), limit, offset).await?;
            (rows.into_iter().map(|m| item(m, None)).collect(), all)
        }
    };
    let places = places(db, items.iter().map(|i: &Item| &i.message)).await?;
    Ok(Page { items, all, names: department::names(db).await?, places })
}

/// The pages of some messages.
async fn places<'a>(
    db: &impl ConnectionTrait,
    messages: impl Iterator<Item = &'a Model>,
) -> Result<Places, Problem> {
    store::place::of_ids(db, messages.filter_map(|m| m.page_id)).await
}

fn open(kind: DutyKind, departments: Option<Vec<DepartmentId>>, limit: u64, offset: u64) -> duty::Filter {
    duty::Filter {
        departments,
        kind: Some(kind),
        state: Some(DutyState::Open),
        overdue_on: None,
        limit,
        offset,
    }
}

/// How many messages wait for somebody: for a moderator's decision, and for answers.
///
/// # Errors
/// The database's own.
pub async fn waiting_for(app: &App, staff: &Staff) -> Result<u64, Problem> {
    let db = app.db.read();
    let mut n = 0;
    if staff.has(Role::Moderator) {
        n += store::waiting(db).await?;
    }
    let mut mine = staff.heads.clone();
    if staff.has(Role::Owner) {
        mine.push(staff.department_id);
    }
    for kind in [DutyKind::MessageAnswer, DutyKind::MessageFollowUp] {
        n += duty::count(db, &open(kind, Some(mine.clone()), 0, 0)).await?;
    }
    Ok(n)
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
    let place = match message.page_id {
        Some(id) => Some(store::place::find(db, id).await?),
        None => None,
    };
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let opened = Opened::of(app, &message);
    Ok(Case {
        place,
        names: department::names(db).await?,
        name_masked: open(&message.name_enc).map(|n| text::mask_name(&n).into_owned()),
        contact_masked: open(&message.contact_enc).map(|c| text::mask_contact(&c)),
        in_title: advice::find(&opened.title, &lexicon),
        in_text: advice::find(&opened.text, &lexicon),
        duties: duty::of_subject(db, message.id.0).await?,
        opened,
        message,
    })
}

/// Published messages, the cursor of the next page, and the names of departments.
#[derive(Debug)]
pub struct Published {
    pub items: Vec<Model>,
    pub next: Option<String>,
    pub names: HashMap<DepartmentId, String>,
    pub places: Places,
}

/// A page of the answered messages that are public.
///
/// # Errors
/// The database's own.
pub async fn published(app: &App, filter: &Filter, limit: u64) -> Result<Published, Problem> {
    let db = app.db.read();
    let mut items = store::published(db, filter, limit + 1).await?;
    let more = items.len() as u64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(100));
    let next = if more { items.last().map(|m| m.number.clone()) } else { None };
    let places = places(db, items.iter()).await?;
    Ok(Published { items, next, names: department::names(db).await?, places })
}

/// A published message as everybody reads it.
#[derive(Debug)]
pub struct Shown {
    pub message: Model,
    /// The department that answered.
    pub department: String,
    /// The page under which it was left.
    pub place: Option<entity::message_page::Model>,
}

/// One of them.
///
/// # Errors
/// `not_found` for one that is not public; the database's own.
pub async fn public(app: &App, number: &str) -> Result<Shown, Problem> {
    let db = app.db.read();
    let message = store::by_number(db, number).await?;
    if message.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let names = department::names(db).await?;
    let department = message.department_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let place = places(db, std::iter::once(&message)).await?.into_values().next();
    Ok(Shown { message, department, place })
}
