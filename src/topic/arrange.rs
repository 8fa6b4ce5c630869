//! Making, naming, ordering and removing topics.

use entity::enums::SubjectKind;
use entity::id::{ConsultationId, TopicId};
use entity::topic::{ActiveModel, Column, Entity};
use entity::{response, topic_opinion};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use serde_json::json;
use validator::Validate;

use super::{policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::{audit, decision, text};

/// More topics than a reader would take in.
const MOST: u64 = 500;

/// A topic as its owner names it.
#[derive(Clone, Debug, Validate)]
pub struct NewTopic {
    #[validate(length(min = 1, max = 80), custom(function = text::one_line))]
    pub title: String,
    /// What the opinions say, in the words of the table (意见建议).
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub gist: String,
}

/// A consultation whose answers may change, locked for the transaction.
pub(super) struct Entered {
    pub decision: entity::decision::Model,
    correcting: bool,
}

impl Entered {
    /// Grouping stays as published: the authors read the response of the topic they were grouped into.
    pub fn may_group(&self) -> Result<(), Problem> {
        if !self.correcting {
            return Ok(());
        }
        Err(Problem::conflict(
            "更正期间不再调整归并；需要不同答复的意见，请单独答复",
            "Grouping stays as published while a correction is written; answer single opinions instead",
        ))
    }
}

/// Locks the consultation and proves that the actor may answer its opinions now.
pub(super) async fn enter(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: ConsultationId,
) -> Result<Entered, Problem> {
    let consultation = store::lock(write, id).await?;
    let decision = decision::find(&**write, consultation.decision_id).await?;
    decision::may_run(actor, &decision)?;
    let correcting = consultation.result_published_at.is_some() && store::correcting(&**write, id).await?;
    policy::open_for_answers(&consultation, correcting, app.now())?;
    Ok(Entered { decision, correcting })
}

/// Adds a topic at the end.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict`; the database's own.
pub async fn create(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    new: &NewTopic,
) -> Result<TopicId, Problem> {
    let write = app.write().await?;
    enter(app, &write, actor, id).await?;
    let topic = insert(app, &write, actor, id, new).await?;
    write.commit().await?;
    Ok(topic)
}

pub(super) async fn insert(
    app: &App,
    write: &Write,
    actor: &Actor,
    consultation: ConsultationId,
    new: &NewTopic,
) -> Result<TopicId, Problem> {
    new.validate()?;
    let here = store::of_consultation(&**write, consultation).await?;
    if here.len() as u64 >= MOST {
        return Err(Problem::conflict(
            format!("一次征求意见最多设 {MOST} 个主题"),
            format!("A consultation has at most {MOST} topics"),
        ));
    }
    if here.iter().any(|t| t.title == new.title) {
        return Err(Problem::invalid("title", "已有同名主题", "There is a topic of this name"));
    }
    let id = app.id::<TopicId>();
    let by = actor.require_staff()?.id;
    ActiveModel {
        id: Set(id),
        consultation_id: Set(consultation),
        title: Set(new.title.clone()),
        gist: Set(new.gist.clone()),
        people: Set(0),
        position: Set(here.last().map_or(0, |t| t.position + 1)),
        created_by: Set(by),
        created_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    note(app, write, actor, "topic.create", id).await?;
    Ok(id)
}

async fn note(
    app: &App,
    write: &Write,
    actor: &Actor,
    action: &'static str,
    id: TopicId,
) -> Result<(), Problem> {
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Topic, id), json!({})).await
}

/// Changes a topic's title and gist.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict`; the database's own.
pub async fn change(app: &App, actor: &Actor, id: TopicId, new: &NewTopic) -> Result<(), Problem> {
    new.validate()?;
    let write = app.write().await?;
    let topic = store::find(&*write, id).await?;
    enter(app, &write, actor, topic.consultation_id).await?;
    let others = store::of_consultation(&*write, topic.consultation_id).await?;
    if others.iter().any(|t| t.id != id && t.title == new.title) {
        return Err(Problem::invalid("title", "已有同名主题", "There is a topic of this name"));
    }
    Entity::update_many()
        .col_expr(Column::Title, Expr::value(new.title.clone()))
        .col_expr(Column::Gist, Expr::value(new.gist.clone()))
        .filter(Column::Id.eq(id))
        .exec(&*write)
        .await?;
    note(app, &write, actor, "topic.change", id).await?;
    write.commit().await
}

/// Removes a topic without opinions, and its response.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` while it has opinions, or once its response was published; the
/// database's own.
pub async fn delete(app: &App, actor: &Actor, id: TopicId) -> Result<(), Problem> {
    let write = app.write().await?;
    let topic = store::find(&*write, id).await?;
    enter(app, &write, actor, topic.consultation_id).await?.may_group()?;
    let members =
        topic_opinion::Entity::find().filter(topic_opinion::Column::TopicId.eq(id)).count(&*write).await?;
    if members > 0 {
        return Err(Problem::conflict(
            format!("主题中还有 {members} 条意见，移出后才能删除"),
            format!("The topic still has {members} opinion(s); take them out first"),
        ));
    }
    response::Entity::delete_many().filter(response::Column::TopicId.eq(id)).exec(&*write).await?;
    Entity::delete_by_id(id).exec(&*write).await?;
    note(app, &write, actor, "topic.delete", id).await?;
    write.commit().await
}

/// Puts the topics of a consultation into a new order; every one must be named once.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict`; the database's own.
pub async fn order(app: &App, actor: &Actor, id: ConsultationId, topics: &[TopicId]) -> Result<(), Problem> {
    let write = app.write().await?;
    enter(app, &write, actor, id).await?;
    let mut known: Vec<TopicId> =
        store::of_consultation(&*write, id).await?.into_iter().map(|t| t.id).collect();
    let mut named = topics.to_vec();
    known.sort_unstable();
    named.sort_unstable();
    if known != named {
        return Err(Problem::invalid(
            "topics",
            "须列出全部主题，每个一次",
            "Name every topic of the consultation once",
        ));
    }
    for (position, topic) in topics.iter().enumerate() {
        Entity::update_many()
            .col_expr(Column::Position, Expr::value(i32::try_from(position).unwrap_or(i32::MAX)))
            .filter(Column::Id.eq(*topic))
            .exec(&*write)
            .await?;
    }
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "topic.order", subject, json!({ "topics": topics.len() })).await?;
    write.commit().await
}
