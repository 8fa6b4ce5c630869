//! The owner's work: topics, responses, the summary and its approval.

use entity::enums::{DocumentKind, Outcome};
use entity::id::ClauseId;

use super::content::{Decision, text};
use super::find;
use super::live::World;
use crate::actor::Actor;
use crate::consultation;
use crate::document;
use crate::problem::Problem;
use crate::summary::{self, Texts};
use crate::topic::{self, Answer, NewTopic, Place, Target};

/// Groups and answers what the content answers. With the final text out, adopted answers name its clause.
pub async fn answer(world: &World<'_>, decision: &Decision, with_clauses: bool) -> Result<(), Problem> {
    let actor = world.actor(&decision.owner).await?;
    let clauses =
        match document::latest(world.app.db.read(), world.decision_id(&decision.key)?, DocumentKind::Final)
            .await?
        {
            Some(last) => document::clauses(world.app.db.read(), last.id).await?,
            None => Vec::new(),
        };
    let clause = |hint: &Option<String>| hint.as_deref().and_then(|hint| find::clause(&clauses, hint));
    for t in world.content.topics.iter().filter(|t| t.decision == decision.key) {
        let id = if with_clauses {
            topic_of(world, decision, &t.title).await?
        } else {
            gather(world, &actor, decision, t).await?
        };
        let Some(id) = id else { continue };
        if let (Some(outcome), Some(reason)) = (t.outcome, &t.reason) {
            respond(world, &actor, Target::Topic(id), outcome, reason, clause(&t.final_clause)).await?;
        }
    }
    for o in world.content.opinions_of(&decision.key) {
        let (Some(outcome), Some(number)) = (o.outcome, world.numbers.get(&o.key)) else { continue };
        if (o.topic.is_some() && o.outcome_reason.is_none()) || !world.counts(number).await? {
            continue;
        }
        let id = crate::opinion::by_number(world.app.db.read(), number).await?.id;
        let reason = o.outcome_reason.clone().unwrap_or_default();
        respond(world, &actor, Target::Opinion(id), outcome, &reason, clause(&o.final_clause)).await?;
    }
    Ok(())
}

async fn respond(
    world: &World<'_>,
    actor: &Actor,
    target: Target,
    outcome: Outcome,
    reason: &str,
    final_clause_id: Option<ClauseId>,
) -> Result<(), Problem> {
    topic::respond(world.app, actor, target, &Answer { outcome, reason: reason.to_owned(), final_clause_id })
        .await?;
    Ok(())
}

/// Makes the topic and puts its opinions in; none when all of them were rejected.
async fn gather(
    world: &World<'_>,
    actor: &Actor,
    decision: &Decision,
    t: &super::content::Topic,
) -> Result<Option<entity::id::TopicId>, Problem> {
    let mut numbers = Vec::new();
    for o in world.content.opinions_of(&decision.key) {
        if o.topic.as_deref() == Some(t.key.as_str())
            && let Some(number) = world.numbers.get(&o.key)
            && world.counts(number).await?
        {
            numbers.push(number.clone());
        }
    }
    if numbers.is_empty() {
        return Ok(None);
    }
    let (consultation, _) = world.consultation(&decision.key)?;
    let new = NewTopic { title: t.title.clone(), gist: String::new() };
    let id = topic::create(world.app, actor, consultation, &new).await?;
    topic::join(world.app, actor, consultation, &Place::Topic(id), &numbers).await?;
    Ok(Some(id))
}

async fn topic_of(
    world: &World<'_>,
    decision: &Decision,
    title: &str,
) -> Result<Option<entity::id::TopicId>, Problem> {
    let (consultation, _) = world.consultation(&decision.key)?;
    let topics = topic::of_consultation(world.app.db.read(), consultation).await?;
    Ok(topics.into_iter().find(|t| t.title == title).map(|t| t.id))
}

/// Writes, submits, approves and publishes the summary. A head who owns the decision lets somebody else
/// submit it, for nobody approves one's own.
pub async fn summarise(world: &World<'_>, decision: &Decision) -> Result<(), Problem> {
    let colleague = world.content.staff.iter().find(|s| {
        s.department == decision.department
            && s.head_of.is_none()
            && s.roles.contains(&entity::enums::Role::Owner)
    });
    let actor = world.actor(colleague.map_or(decision.owner.as_str(), |s| s.login.as_str())).await?;
    let (id, _) = world.consultation(&decision.key)?;
    summary::generate(world.app, &actor, id, true).await?;
    if let Some(file) = &decision.summary_file {
        let row = summary::read(world.app, consultation::find(world.app.db.read(), id).await?).await?;
        let row = row.summary.ok_or_else(Problem::not_found)?;
        let written = text(file)?;
        // The hand-written introduction is used where it needs no numbers filled in.
        let introduction: Vec<&str> = written
            .lines()
            .skip_while(|l| !l.starts_with("一、"))
            .skip(1)
            .take_while(|l| !l.starts_with("二、"))
            .filter(|l| !l.contains('{'))
            .collect();
        if !introduction.is_empty() {
            let participation = format!("{}\n{}", row.participation, introduction.join("\n"));
            let texts = Texts { participation, overview: row.overview, revision: Some(row.revision) };
            summary::edit(world.app, &actor, id, &texts).await?;
        }
    }
    summary::submit(world.app, &actor, id).await?;
    summary::approve(world.app, &world.head_of(decision).await?, id, None).await?;
    summary::publish(world.app, &actor, id).await
}
