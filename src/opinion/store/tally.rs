//! The tally: how many opinions agree in everything that is counted. Whatever adds an opinion or moves one
//! moves the tally in the same transaction, after it holds the opinion's row: two acts on one opinion then
//! come one after the other, and rows of the tally are always taken in the order of their keys.

mod people;

use std::collections::BTreeMap;

use entity::enums::{Channel, OpinionState, PersonKind};
use entity::id::{ClauseId, ConsultationId, OpinionId, TopicId};
use entity::opinion::Model;
use entity::opinion_tally::{ActiveModel, Column, Entity};
use entity::{opinion, topic_opinion};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};
use uuid::Uuid;

use crate::db::{Inserts, Write};
use crate::problem::Problem;

use people::Step;
pub use people::recount;

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// What an opinion is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub topic: Option<TopicId>,
    pub clause: Option<ClauseId>,
    pub state: OpinionState,
    pub channel: Channel,
    pub person_kind: PersonKind,
}

impl Cell {
    pub fn of(o: &Model, topic: Option<TopicId>) -> Self {
        let Model { clause_id: clause, state, channel, person_kind, .. } = *o;
        Self { topic, clause, state, channel, person_kind }
    }
}

/// So many more opinions, or fewer, and people first heard, in each cell.
pub type Changes = BTreeMap<Cell, (i64, i64)>;

/// Counts a new opinion, which has no topic yet, beside its row. Its number must be taken: that makes two
/// opinions of one person wait for each other.
pub fn received(rows: &mut Inserts, o: &Model) {
    let people = match &o.person_hash {
        None => Expr::value(1_i64),
        Some(person) => {
            let before = Query::select()
                .expr(Expr::value(1_i64))
                .from(opinion::Entity)
                .and_where(Expr::col(opinion::Column::PersonHash).eq(person.clone()))
                .and_where(Expr::col(opinion::Column::ConsultationId).eq(o.consultation_id))
                .and_where(Expr::col(opinion::Column::Id).ne(o.id))
                .to_owned();
            Expr::case(Expr::exists(before), 0_i64).finally(1_i64).into()
        }
    };
    let mut insert = Query::insert();
    let columns = KEY.into_iter().chain([Column::N, Column::People]);
    insert.into_table(Entity).columns(columns).on_conflict(adding());
    insert.values_panic([
        o.consultation_id.into(),
        Uuid::nil().into(),
        o.clause_id.map_or(Uuid::nil(), |c| c.0).into(),
        Expr::value(o.state),
        Expr::value(o.channel),
        Expr::value(o.person_kind),
        Expr::value(1_i64),
        people,
    ]);
    rows.push(insert);
}

/// What makes a cell, in the order of the table's key.
const KEY: [Column; 6] = [
    Column::ConsultationId,
    Column::TopicId,
    Column::ClauseId,
    Column::State,
    Column::Channel,
    Column::PersonKind,
];

/// A cell that is there already takes the numbers on top.
fn adding() -> OnConflict {
    let sum = |column| Expr::col((Entity, column)).add(Expr::col(("excluded", column)));
    OnConflict::columns(KEY)
        .value(Column::N, sum(Column::N))
        .value(Column::People, sum(Column::People))
        .to_owned()
}

/// The opinion stands elsewhere now. Its row must be held.
pub(in crate::opinion) async fn moved(write: &Write, before: &Model, after: &Model) -> Result<(), Problem> {
    let topic = topic_opinion::Entity::find_by_id(before.id).one(&**write).await?.map(|m| m.topic_id);
    let counts = |o: &Model| topic.filter(|_| o.state.is_counted());
    let (from, to) = (counts(before), counts(after));
    let step = Step { id: before.id, person: before.person_hash.clone(), from, to };
    people::walked(write, before.consultation_id, &[step]).await?;
    let mut changes = Changes::new();
    changes.entry(Cell::of(before, topic)).or_default().0 -= 1;
    changes.entry(Cell::of(after, topic)).or_default().0 += 1;
    change(write, before.consultation_id, changes).await
}

/// Opinions about to get the topic `to`, or to lose theirs: holds their rows, and counts them there. To be
/// called before their places in topics are written.
///
/// # Errors
/// The database's own.
pub async fn regroup(
    write: &Write,
    consultation: ConsultationId,
    opinions: &[OpinionId],
    to: Option<TopicId>,
) -> Result<(), Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OpinionId,
        clause_id: Option<ClauseId>,
        state: OpinionState,
        channel: Channel,
        person_kind: PersonKind,
        person_hash: Option<String>,
    }
    let mut changes = Changes::new();
    let mut steps = Vec::new();
    for chunk in opinions.chunks(CHUNK) {
        let held: Vec<Row> = opinion::Entity::find()
            .select_only()
            .columns([opinion::Column::Id, opinion::Column::ClauseId, opinion::Column::State])
            .columns([opinion::Column::Channel, opinion::Column::PersonKind, opinion::Column::PersonHash])
            .filter(opinion::Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(opinion::Column::Id)
            .lock_exclusive()
            .into_model()
            .all(&**write)
            .await?;
        let places = topic_opinion::Entity::find()
            .filter(topic_opinion::Column::OpinionId.is_in(chunk.iter().copied()))
            .all(&**write)
            .await?;
        let places: BTreeMap<OpinionId, TopicId> =
            places.into_iter().map(|m| (m.opinion_id, m.topic_id)).collect();
        for Row { id, clause_id: clause, state, channel, person_kind, person_hash: person } in held {
            let from = places.get(&id).copied();
            if state.is_counted() {
                steps.push(Step { id, person, from, to });
            }
            let cell = |topic| Cell { topic, clause, state, channel, person_kind };
            changes.entry(cell(from)).or_default().0 -= 1;
            changes.entry(cell(to)).or_default().0 += 1;
        }
    }
    people::walked(write, consultation, &steps).await?;
    change(write, consultation, changes).await
}

/// # Errors
/// The database's own.
pub async fn change(write: &Write, consultation: ConsultationId, changes: Changes) -> Result<(), Problem> {
    let row = |(cell, (n, people)): (Cell, (i64, i64))| ActiveModel {
        consultation_id: Set(consultation),
        topic_id: Set(cell.topic.map_or(Uuid::nil(), |t| t.0)),
        clause_id: Set(cell.clause.map_or(Uuid::nil(), |c| c.0)),
        state: Set(cell.state),
        channel: Set(cell.channel),
        person_kind: Set(cell.person_kind),
        n: Set(n),
        people: Set(people),
    };
    let add = adding();
    let rows: Vec<ActiveModel> = changes.into_iter().filter(|(_, c)| *c != (0, 0)).map(row).collect();
    for chunk in rows.chunks(CHUNK) {
        Entity::insert_many(chunk.to_vec()).on_conflict(add.clone()).exec_without_returning(&**write).await?;
    }
    Ok(())
}

/// Different people who spoke in some consultations, and the opinions they received. Those without a contact
/// count each as one.
///
/// # Errors
/// The database's own.
pub async fn voices(
    db: &impl ConnectionTrait,
    consultations: &[ConsultationId],
) -> Result<BTreeMap<ConsultationId, Voices>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        consultation_id: ConsultationId,
        received: i64,
        people: i64,
    }
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .column(Column::ConsultationId)
        .column_as(sum(Column::N), "received")
        .column_as(sum(Column::People), "people")
        .filter(Column::ConsultationId.is_in(consultations.iter().copied()))
        .group_by(Column::ConsultationId)
        .into_model()
        .all(db)
        .await?;
    let unsigned = |n| u64::try_from(n).unwrap_or(0);
    let voices = |r: &Row| Voices { received: unsigned(r.received), people: unsigned(r.people) };
    Ok(rows.iter().map(|r| (r.consultation_id, voices(r))).collect())
}

/// How many opinions came, from how many people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    pub received: u64,
    pub people: u64,
}

/// The sum of a counter; PostgreSQL makes a `numeric` of it otherwise.
pub fn sum(column: Column) -> Expr {
    Expr::expr(Expr::col((Entity, column)).sum()).cast_as("bigint")
}

/// Consultations whose tally differs from what counting their opinions gives; there are none unless the tables
/// were changed from outside.
///
/// # Errors
/// The database's own.
pub async fn drifted(db: &impl ConnectionTrait) -> Result<Vec<ConsultationId>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        consultation_id: ConsultationId,
    }
    let sql = "WITH counted AS (SELECT o.consultation_id, COALESCE(m.topic_id, $1) AS topic_id, \
         COALESCE(o.clause_id, $1) AS clause_id, o.state, o.channel, o.person_kind, COUNT(*) AS n \
         FROM opinion o LEFT JOIN topic_opinion m ON m.opinion_id = o.id GROUP BY 1, 2, 3, 4, 5, 6), \
         kept AS (SELECT consultation_id, topic_id, clause_id, state, channel, person_kind, n \
         FROM opinion_tally WHERE n <> 0), \
         people AS (SELECT consultation_id, COUNT(DISTINCT COALESCE(person_hash, number)) AS n \
         FROM opinion GROUP BY consultation_id), \
         known AS (SELECT consultation_id, CAST(SUM(people) AS bigint) AS n FROM opinion_tally \
         GROUP BY consultation_id HAVING SUM(people) <> 0) \
         SELECT consultation_id FROM (SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) a \
         UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted) b) x \
         UNION SELECT consultation_id FROM (SELECT * FROM (SELECT * FROM people EXCEPT SELECT * FROM known) c \
         UNION ALL SELECT * FROM (SELECT * FROM known EXCEPT SELECT * FROM people) d) y \
         UNION SELECT consultation_id FROM topic WHERE people <> \
         (SELECT COUNT(DISTINCT COALESCE(o.person_hash, o.number)) FROM topic_opinion m \
         JOIN opinion o ON o.id = m.opinion_id \
         WHERE m.topic_id = topic.id AND o.state NOT IN ('rejected', 'withdrawn'))";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [Uuid::nil().into()]);
    let rows: Vec<Row> = Row::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|r| r.consultation_id).collect())
}
