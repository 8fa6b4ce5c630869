//! Answering a topic or a single opinion (处理结果). A response may change until the summary is published;
//! every change is audited.

use entity::enums::{Outcome, SubjectKind};
use entity::id::{ClauseId, ConsultationId, OpinionId, ResponseId, TopicId};
use entity::response::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;
use validator::Validate;

use super::{arrange, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::{audit, opinion, text};

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Topic(TopicId),
    Opinion(OpinionId),
}

/// What becomes of it.
#[derive(Clone, Debug, Validate)]
pub struct Answer {
    pub outcome: Outcome,
    #[validate(length(max = 4000), custom(function = text::several_lines))]
    pub reason: String,
    /// The clause of the final text (正式文本) where an adopted opinion is found.
    pub final_clause_id: Option<ClauseId>,
}

/// Answers, or answers again.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid` for a missing reason or a clause of another text; `against_rule` for a
/// concentrated topic not adopted without a reason; `conflict` once published, or for a rejected opinion; the
/// database's own.
pub async fn respond(
    app: &App,
    actor: &Actor,
    target: Target,
    answer: &Answer,
) -> Result<ResponseId, Problem> {
    answer.validate()?;
    let write = app.write().await?;
    let (consultation, known) = look(&write, target).await?;
    let entered = arrange::enter(app, &write, actor, consultation).await?;
    let concentrated = match target {
        Target::Topic(topic) => policy::is_concentrated(
            store::people(&*write, topic).await?,
            app.config.rules.concentrated_people,
        ),
        Target::Opinion(_) => false,
    };
    policy::reason_suffices(answer.outcome, &answer.reason, concentrated)?;
    let clause = final_clause(&write, entered.decision.id, answer).await?;
    let id = match &known {
        Some(before) => {
            update(app, &write, actor, before.id, answer, clause).await?;
            before.id
        }
        None => insert(app, &write, actor, consultation, target, answer, clause).await?,
    };
    let detail = json!({
        "before": known.map(|r| r.outcome),
        "outcome": answer.outcome,
        "reason_hash": crate::keys::sha256_hex(answer.reason.as_bytes()),
        "clause": clause,
    });
    audit::record(app, &write, actor, "response.set", subject(target), detail).await?;
    write.commit().await?;
    Ok(id)
}

/// Takes an answer back; an opinion then follows its topic again.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` once it was published; the database's own.
pub async fn retract(app: &App, actor: &Actor, target: Target) -> Result<(), Problem> {
    let write = app.write().await?;
    let (consultation, known) = look(&write, target).await?;
    arrange::enter(app, &write, actor, consultation).await?;
    let known = known.ok_or_else(Problem::not_found)?;
    if known.public_version.is_some() {
        return Err(Problem::conflict(
            "已公布的答复不能撤销，只能更正",
            "A published response can be corrected but not taken back",
        ));
    }
    Entity::delete_by_id(known.id).exec(&*write).await?;
    let detail = json!({ "before": known.outcome });
    audit::record(app, &write, actor, "response.retract", subject(target), detail).await?;
    write.commit().await
}

fn subject(target: Target) -> audit::Subject {
    match target {
        Target::Topic(id) => audit::subject(SubjectKind::Topic, id),
        Target::Opinion(id) => audit::subject(SubjectKind::Opinion, id),
    }
}

async fn look(write: &Write, target: Target) -> Result<(ConsultationId, Option<Model>), Problem> {
    match target {
        Target::Topic(id) => {
            let topic = store::find(&**write, id).await?;
            Ok((topic.consultation_id, store::response_of_topic(&**write, id).await?))
        }
        Target::Opinion(id) => {
            let opinion = opinion::find(&**write, id).await?;
            if !opinion.state.is_counted() {
                return Err(Problem::conflict(
                    "该意见不予受理或已由作者撤回，不计入办理，无需答复",
                    "This opinion was rejected or withdrawn; it is not counted and needs no response",
                ));
            }
            Ok((opinion.consultation_id, store::response_of_opinion(&**write, id).await?))
        }
    }
}

/// The clause an adopted answer points at; the other outcomes changed nothing in the final text.
async fn final_clause(
    write: &Write,
    decision: entity::id::DecisionId,
    answer: &Answer,
) -> Result<Option<ClauseId>, Problem> {
    let Some(id) = answer.final_clause_id else { return Ok(None) };
    if !matches!(answer.outcome, Outcome::Adopted | Outcome::PartlyAdopted) {
        return Ok(None);
    }
    if store::decision_of_final_clause(&**write, id).await? == Some(decision) {
        return Ok(Some(id));
    }
    Err(Problem::invalid(
        "final_clause",
        "请选择本决策正式文本中的条款",
        "Choose a clause of this decision's final text",
    ))
}

async fn insert(
    app: &App,
    write: &Write,
    actor: &Actor,
    consultation: ConsultationId,
    target: Target,
    answer: &Answer,
    clause: Option<ClauseId>,
) -> Result<ResponseId, Problem> {
    let (topic, opinion) = match target {
        Target::Topic(id) => (Some(id), None),
        Target::Opinion(id) => (None, Some(id)),
    };
    let id = app.id::<ResponseId>();
    ActiveModel {
        id: Set(id),
        consultation_id: Set(consultation),
        topic_id: Set(topic),
        opinion_id: Set(opinion),
        outcome: Set(answer.outcome),
        reason: Set(answer.reason.clone()),
        final_clause_id: Set(clause),
        public_outcome: Set(None),
        public_reason: Set(None),
        public_clause_id: Set(None),
        public_version: Set(None),
        created_by: Set(actor.require_staff()?.id),
        created_at: Set(app.now()),
        updated_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    Ok(id)
}

async fn update(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: ResponseId,
    answer: &Answer,
    clause: Option<ClauseId>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(answer.outcome))
        .col_expr(Column::Reason, Expr::value(answer.reason.clone()))
        .col_expr(Column::FinalClauseId, Expr::value(clause))
        .col_expr(Column::CreatedBy, Expr::value(actor.require_staff()?.id))
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}
