//! Templates of reasons (理由模板): words to an author that moderators use again and again. They save typing; what
//! is sent stays the moderator's own decision, and a template changed later changes nothing that was sent.

use entity::enums::{ReviewAction, Role, SubjectKind};
use entity::id::ReasonTemplateId;
use entity::reason_template::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use validator::Validate;

use super::reason;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::{Write, is_duplicate};
use crate::problem::{Code, Problem};
use crate::text;

/// More than anybody finds a way through.
pub const MOST: u64 = 60;

/// Longest text, characters: that of a note.
const LONGEST: u64 = reason::LONGEST_NOTE as u64;

/// The decisions that say something to the author.
pub const ACTIONS: [ReviewAction; 3] = [ReviewAction::Withhold, ReviewAction::Return, ReviewAction::Reject];

/// A template as a moderator writes it.
#[derive(Clone, Debug, Validate)]
pub struct Details {
    pub action: ReviewAction,
    #[validate(length(min = 1, max = 30), custom(function = text::one_line))]
    pub name: String,
    #[validate(length(min = 1, max = "LONGEST"), custom(function = text::several_lines))]
    pub text: String,
}

impl Details {
    fn checked(&self) -> Result<Self, Problem> {
        let tidy = Self { action: self.action, name: text::tidy(&self.name), text: text::tidy(&self.text) };
        tidy.validate()?;
        if !ACTIONS.contains(&tidy.action) {
            let (zh, en) = ("这种决定没有说明", "This decision says nothing to the author");
            return Err(Problem::invalid("action", zh, en));
        }
        Ok(tidy)
    }
}

/// All templates, by decision and name.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Model>, Problem> {
    actor.require(Role::Moderator)?;
    let query = Entity::find().order_by_asc(Column::Action).order_by_asc(Column::Name);
    Ok(query.all(app.db.read()).await?)
}

/// Adds a template.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid`; `conflict` when there are too many; the database's own.
pub async fn add(app: &App, actor: &Actor, details: &Details) -> Result<ReasonTemplateId, Problem> {
    let staff = actor.require(Role::Moderator)?.id;
    let details = details.checked()?;
    let write = app.write().await?;
    if Entity::find().count(&*write).await? >= MOST {
        return Err(Problem::new(Code::Conflict).because(
            format!("最多 {MOST} 条，请先删去不用的"),
            format!("{MOST} at most; remove some that are not used first"),
        ));
    }
    let id = app.id::<ReasonTemplateId>();
    let row = Model {
        id,
        action: details.action,
        name: details.name,
        text: details.text,
        changed_at: app.now(),
        changed_by: staff,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(&*write).await.map_err(taken)?;
    record(app, &write, actor, "template.add", id, details.action).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a template; its decision stays.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; the database's own.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ReasonTemplateId,
    name: &str,
    words: &str,
) -> Result<(), Problem> {
    let staff = actor.require(Role::Moderator)?.id;
    let write = app.write().await?;
    let before = find(&*write, id).await?;
    let asked = Details { action: before.action, name: name.to_owned(), text: words.to_owned() };
    let details = asked.checked()?;
    let row =
        Model { name: details.name, text: details.text, changed_at: app.now(), changed_by: staff, ..before };
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    Entity::update(row).exec(&*write).await.map_err(taken)?;
    record(app, &write, actor, "template.change", id, details.action).await?;
    write.commit().await?;
    Ok(())
}

/// Removes a template.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; the database's own.
pub async fn remove(app: &App, actor: &Actor, id: ReasonTemplateId) -> Result<(), Problem> {
    actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let before = find(&*write, id).await?;
    Entity::delete_by_id(id).exec(&*write).await?;
    record(app, &write, actor, "template.remove", id, before.action).await?;
    write.commit().await?;
    Ok(())
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: ReasonTemplateId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The note of a decision: what was typed, or else the words of the chosen template of that decision.
///
/// # Errors
/// The database's own.
pub async fn note(
    db: &impl ConnectionTrait,
    action: ReviewAction,
    typed: &str,
    chosen: Option<ReasonTemplateId>,
) -> Result<String, Problem> {
    if !text::tidy(typed).is_empty() {
        return Ok(typed.to_owned());
    }
    let Some(id) = chosen else { return Ok(String::new()) };
    let found = Entity::find_by_id(id).filter(Column::Action.eq(action)).one(db).await?;
    Ok(found.map(|t| t.text).unwrap_or_default())
}

fn taken(e: sea_orm::DbErr) -> Problem {
    if is_duplicate(&e) {
        return Problem::invalid("name", "已有同名的模板", "There is a template of this name already");
    }
    e.into()
}

async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    act: &'static str,
    id: ReasonTemplateId,
    action: ReviewAction,
) -> Result<(), Problem> {
    let subject = audit::subject(SubjectKind::Setting, id);
    audit::record(app, write, actor, act, subject, json!({ "action": action })).await
}
