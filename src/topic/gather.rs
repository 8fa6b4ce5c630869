//! Putting opinions into topics: picked by hand, or a whole group that speaks on one clause or says the
//! same words.

use entity::enums::SubjectKind;
use entity::id::{ConsultationId, LineageId, OpinionId, TopicId};
use entity::topic_opinion::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _,
};
use serde_json::json;

use super::arrange::{self, NewTopic};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::opinion::tally;
use crate::problem::Problem;

/// How many opinions one request may name.
pub const MOST: usize = 500;

/// Rows of one INSERT; SQLite takes at most 32,766 values in a statement.
const CHUNK: usize = 500;

/// Where opinions go.
#[derive(Clone, Debug)]
pub enum Place {
    Topic(TopicId),
    New(NewTopic),
}

/// Opinions without a topic that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// On the same clause, in whatever version of the draft.
    Clause(LineageId),
    /// With the same words, by their hash.
    Text(String),
}

/// Puts opinions into a topic, by number; one that had another topic moves.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid` for numbers that are not of this consultation or were rejected;
/// `conflict`; the database's own.
pub async fn join(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    place: &Place,
    numbers: &[String],
) -> Result<TopicId, Problem> {
    let write = app.write().await?;
    arrange::enter(app, &write, actor, id).await?.may_group()?;
    let opinions = named(&write, id, numbers).await?;
    let topic = resolve(app, &write, actor, id, place).await?;
    put(app, &write, actor, id, topic, &opinions).await?;
    write.commit().await?;
    Ok(topic)
}

/// Takes opinions out of their topics.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict`; the database's own.
pub async fn leave(app: &App, actor: &Actor, id: ConsultationId, numbers: &[String]) -> Result<(), Problem> {
    let write = app.write().await?;
    arrange::enter(app, &write, actor, id).await?.may_group()?;
    let opinions = named(&write, id, numbers).await?;
    tally::regroup(&write, id, &opinions, None).await?;
    Entity::delete_many().filter(Column::OpinionId.is_in(opinions.iter().copied())).exec(&*write).await?;
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "topic.leave", subject, json!({ "opinions": opinions.len() })).await?;
    write.commit().await
}

/// Puts a whole group into a topic; says how many opinions that were.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict` when the group is gone; the database's own.
pub async fn gather(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    group: &Group,
    place: &Place,
) -> Result<(TopicId, usize), Problem> {
    let write = app.write().await?;
    arrange::enter(app, &write, actor, id).await?.may_group()?;
    if matches!(group, Group::Text(hash) if !hash.chars().all(|c| c.is_ascii_hexdigit())) {
        return Err(Problem::invalid("text_hash", "不是有效的文字摘要", "Not a hash of a text"));
    }
    let opinions = members(&*write, id, group).await?;
    if opinions.is_empty() {
        return Err(Problem::conflict(
            "这一组意见已经归并，请刷新页面",
            "These opinions were grouped meanwhile; reload the page",
        ));
    }
    let topic = resolve(app, &write, actor, id, place).await?;
    put(app, &write, actor, id, topic, &opinions).await?;
    write.commit().await?;
    Ok((topic, opinions.len()))
}

async fn named(write: &Write, id: ConsultationId, numbers: &[String]) -> Result<Vec<OpinionId>, Problem> {
    if numbers.is_empty() {
        return Err(Problem::invalid("opinions", "请先勾选意见", "Pick at least one opinion"));
    }
    if numbers.len() > MOST {
        return Err(Problem::invalid(
            "opinions",
            format!("一次最多 {MOST} 条"),
            format!("{MOST} opinions at most in one go"),
        ));
    }
    // PostgreSQL takes no NUL; nothing with one is a number of ours.
    let possible: Vec<String> = numbers.iter().filter(|n| !n.contains('\0')).cloned().collect();
    let found = store::by_numbers(&**write, id, &possible).await?;
    let unknown: Vec<&str> =
        numbers.iter().filter(|n| !found.iter().any(|o| o.number == **n)).map(String::as_str).collect();
    if !unknown.is_empty() {
        let list: String = unknown.join("、").chars().filter(|c| !c.is_control()).take(200).collect();
        return Err(Problem::invalid(
            "opinions",
            format!("本次征求意见没有这些意见：{list}"),
            format!("Not opinions of this consultation: {list}"),
        ));
    }
    let not_counted: Vec<&str> =
        found.iter().filter(|o| !o.state.is_counted()).map(|o| o.number.as_str()).collect();
    if !not_counted.is_empty() {
        let list = not_counted.join("、");
        return Err(Problem::invalid(
            "opinions",
            format!("不予受理和作者撤回的意见不计入办理，不能归并：{list}"),
            format!("Opinions rejected or withdrawn are not counted and cannot be grouped: {list}"),
        ));
    }
    Ok(found.into_iter().map(|o| o.id).collect())
}

async fn resolve(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: ConsultationId,
    place: &Place,
) -> Result<TopicId, Problem> {
    match place {
        Place::New(new) => arrange::insert(app, write, actor, id, new).await,
        Place::Topic(topic) => {
            let topic = store::find(&**write, *topic).await?;
            if topic.consultation_id == id { Ok(topic.id) } else { Err(Problem::not_found()) }
        }
    }
}

async fn put(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: ConsultationId,
    topic: TopicId,
    opinions: &[OpinionId],
) -> Result<(), Problem> {
    let (by, now) = (actor.require_staff()?.id, app.now());
    tally::regroup(write, id, opinions, Some(topic)).await?;
    for chunk in opinions.chunks(CHUNK) {
        let rows = chunk.iter().map(|opinion| ActiveModel {
            opinion_id: Set(*opinion),
            topic_id: Set(topic),
            added_by: Set(by),
            added_at: Set(now),
        });
        let moved = OnConflict::column(Column::OpinionId)
            .update_columns([Column::TopicId, Column::AddedBy, Column::AddedAt])
            .to_owned();
        Entity::insert_many(rows).on_conflict(moved).exec_without_returning(&**write).await?;
    }
    let subject = audit::subject(SubjectKind::Topic, topic);
    audit::record(app, write, actor, "topic.join", subject, json!({ "opinions": opinions.len() })).await
}

#[derive(FromQueryResult)]
struct IdRow {
    id: OpinionId,
}

const UNGROUPED: &str = "FROM opinion o LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
     LEFT JOIN clause c ON c.id = o.clause_id \
     WHERE o.consultation_id = $1 AND o.state NOT IN ('rejected', 'withdrawn') AND m.topic_id IS NULL";

async fn members(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    group: &Group,
) -> Result<Vec<OpinionId>, Problem> {
    let (which, value) = match group {
        Group::Clause(lineage) => ("c.lineage_id = $2", lineage.0.into()),
        Group::Text(hash) => ("o.text_hash = $2", hash.as_str().into()),
    };
    let sql = format!("SELECT o.id {UNGROUPED} AND {which} ORDER BY o.number");
    let found: Vec<IdRow> = store::rows(db, &sql, [id.0.into(), value]).await?;
    Ok(found.into_iter().map(|r| r.id).collect())
}

/// A group that is worth a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub group: Group,
    pub opinions: u64,
    /// The clause's path, or the common words.
    pub label: String,
}

#[derive(FromQueryResult)]
struct ClauseRow {
    lineage_id: LineageId,
    label: String,
    n: i64,
}

#[derive(FromQueryResult)]
struct TextRow {
    text_hash: String,
    label: String,
    n: i64,
}

/// Suggestions shown at once.
const SHOWN: u64 = 8;

/// The oldest opinions without a topic that are looked through for the same words; what is left comes up once
/// these have topics.
const LOOKED_AT: u64 = 2_000;

/// Groups of at least two opinions without a topic: the same words first, then the same clause, the
/// largest first.
///
/// # Errors
/// The database's own.
pub async fn suggestions(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Vec<Suggestion>, Problem> {
    let sql = format!(
        "SELECT x.text_hash, MIN(x.text) AS label, COUNT(*) AS n FROM \
         (SELECT o.text_hash, o.text {UNGROUPED} ORDER BY o.number LIMIT {LOOKED_AT}) x \
         GROUP BY x.text_hash HAVING COUNT(*) > 1 ORDER BY n DESC, x.text_hash LIMIT {SHOWN}"
    );
    let same: Vec<TextRow> = store::rows(db, &sql, [id.0.into()]).await?;
    let sql = format!(
        "SELECT c.lineage_id, MIN(c.path) AS label, CAST(SUM(t.n) AS bigint) AS n \
         FROM opinion_tally t JOIN clause c ON c.id = t.clause_id \
         WHERE t.consultation_id = $1 AND t.topic_id = $2 AND t.state NOT IN ('rejected', 'withdrawn') \
         GROUP BY c.lineage_id HAVING SUM(t.n) > 1 ORDER BY n DESC, c.lineage_id LIMIT {SHOWN}"
    );
    let nil = uuid::Uuid::nil();
    let clause: Vec<ClauseRow> = store::rows(db, &sql, [id.0.into(), nil.into()]).await?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let same = same.into_iter().map(|r| Suggestion {
        group: Group::Text(r.text_hash),
        opinions: count(r.n),
        label: r.label,
    });
    let clause = clause.into_iter().map(|r| Suggestion {
        group: Group::Clause(r.lineage_id),
        opinions: count(r.n),
        label: r.label,
    });
    Ok(same.chain(clause).collect())
}
