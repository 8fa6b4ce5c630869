//! Opinions counted and listed.

use chrono::{DateTime, Utc};
use entity::enums::{Channel, OpinionState, PersonKind};
use entity::id::{ConsultationId, OpinionId};
use entity::opinion::{Column, Entity, Model};
use entity::{opinion_tally, questionnaire};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::tally::sum;
use crate::problem::Problem;

/// How many opinions of a consultation stand where: received = published + withheld + rejected +
/// withdrawn + pending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub published: u64,
    /// 不予公开（已计入办理）, and those sent back for changes.
    pub withheld: u64,
    pub rejected: u64,
    /// 作者撤回
    pub withdrawn: u64,
    /// 待审核, second reviews included.
    pub pending: u64,
}

impl Counts {
    /// Counts `n` more that stand in `state`.
    pub fn add(&mut self, state: OpinionState, n: u64) {
        match state {
            OpinionState::Published => self.published += n,
            OpinionState::Withheld | OpinionState::Returned => self.withheld += n,
            OpinionState::Rejected => self.rejected += n,
            OpinionState::Withdrawn => self.withdrawn += n,
            OpinionState::Pending | OpinionState::AwaitingSecond => self.pending += n,
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        Self {
            published: self.published + other.published,
            withheld: self.withheld + other.withheld,
            rejected: self.rejected + other.rejected,
            withdrawn: self.withdrawn + other.withdrawn,
            pending: self.pending + other.pending,
        }
    }

    pub fn received(&self) -> u64 {
        self.published + self.withheld + self.rejected + self.withdrawn + self.pending
    }

    /// What must be dealt with in the summary: everything that is neither rejected nor withdrawn.
    pub fn counted(&self) -> u64 {
        self.published + self.withheld + self.pending
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    state: OpinionState,
    n: i64,
}

/// # Errors
/// The database's own.
pub async fn counts(db: &impl ConnectionTrait, consultation: ConsultationId) -> Result<Counts, Problem> {
    let rows: Vec<CountRow> = opinion_tally::Entity::find()
        .select_only()
        .column(opinion_tally::Column::State)
        .column_as(sum(opinion_tally::Column::N), "n")
        .filter(opinion_tally::Column::ConsultationId.eq(consultation))
        .group_by(opinion_tally::Column::State)
        .into_model()
        .all(db)
        .await?;
    let mut counts = Counts::default();
    for row in rows {
        counts.add(row.state, u64::try_from(row.n).unwrap_or(0));
    }
    Ok(counts)
}

/// The opinions of a consultation that must be dealt with: all that are neither rejected nor withdrawn, oldest first.
///
/// # Errors
/// The database's own.
pub async fn counted_ids(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
) -> Result<Vec<OpinionId>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OpinionId,
    }
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::State.is_not_in(OpinionState::NOT_COUNTED))
        .order_by_asc(Column::Number)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// What everybody may read of a consultation's opinions, newest first; `after` is the number of the last one
/// already read.
///
/// # Errors
/// The database's own.
pub async fn published_page(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find()
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::State.eq(OpinionState::Published));
    if let Some(after) = after {
        let number = super::super::code(after)?;
        let last = Entity::find().filter(Column::ConsultationId.eq(consultation));
        let last = last.filter(Column::Number.eq(number)).one(db).await?;
        let Some(last) = last else { return Ok(Vec::new()) };
        query = query.filter(older(last.received_at, &last.number));
    }
    let query = query.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Number);
    Ok(query.limit(limit).all(db).await?)
}

/// What comes after an opinion in a list that shows the newest first. Within one moment the number decides,
/// for ids of the same millisecond are in no order. The first condition says nothing new; it lets the index
/// begin there.
pub fn older(received_at: DateTime<Utc>, number: &str) -> Condition {
    let same = Column::ReceivedAt.eq(received_at).and(Column::Number.lt(number));
    Condition::all().add(Column::ReceivedAt.lte(received_at)).add(Column::ReceivedAt.lt(received_at).or(same))
}

/// How many opinions came in one way from one kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub received: u64,
    /// Those that are neither rejected nor withdrawn.
    pub counted: u64,
}

/// Where the opinions of a consultation stand, by the way they came.
///
/// # Errors
/// The database's own.
pub async fn by_channel(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
) -> Result<Vec<(Channel, Counts)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        channel: Channel,
        state: OpinionState,
        n: i64,
    }
    use opinion_tally::Column as T;
    let rows: Vec<Row> = opinion_tally::Entity::find()
        .select_only()
        .columns([T::Channel, T::State])
        .column_as(sum(T::N), "n")
        .filter(T::ConsultationId.eq(consultation))
        .group_by(T::Channel)
        .group_by(T::State)
        .into_model()
        .all(db)
        .await?;
    let counts = |channel| {
        let mut counts = Counts::default();
        for row in rows.iter().filter(|r| r.channel == channel) {
            counts.add(row.state, u64::try_from(row.n).unwrap_or(0));
        }
        (channel, counts)
    };
    Ok(Channel::ALL.iter().copied().map(counts).filter(|(_, c)| c.received() > 0).collect())
}

/// The opinions of a consultation by channel and kind of person; groups without any are left out.
///
/// # Errors
/// The database's own.
pub async fn by_channel_and_kind(
    db: &impl ConnectionTrait,
    consultation: ConsultationId,
) -> Result<Vec<Group>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        channel: Channel,
        person_kind: PersonKind,
        state: OpinionState,
        n: i64,
    }
    use opinion_tally::Column as T;
    let rows: Vec<Row> = opinion_tally::Entity::find()
        .select_only()
        .columns([T::Channel, T::PersonKind, T::State])
        .column_as(sum(T::N), "n")
        .filter(T::ConsultationId.eq(consultation))
        .group_by(T::Channel)
        .group_by(T::PersonKind)
        .group_by(T::State)
        .into_model()
        .all(db)
        .await?;
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let n = u64::try_from(row.n).unwrap_or(0);
        let counted = if row.state.is_counted() { n } else { 0 };
        let same = |g: &&mut Group| g.channel == row.channel && g.person_kind == row.person_kind;
        match groups.iter_mut().find(same) {
            Some(group) => {
                group.received += n;
                group.counted += counted;
            }
            None => groups.push(Group {
                channel: row.channel,
                person_kind: row.person_kind,
                received: n,
                counted,
            }),
        }
    }
    groups.sort_by_key(|g| (g.channel, g.person_kind));
    Ok(groups)
}

/// How many filled in the questionnaire beside a consultation; none where there is none.
pub async fn questionnaire_responses(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Option<u64>, Problem> {
    let row = questionnaire::Entity::find()
        .filter(questionnaire::Column::ConsultationId.eq(id))
        .filter(questionnaire::Column::ReadyAt.is_not_null());
    Ok(row.one(db).await?.map(|q| u64::try_from(q.responses).unwrap_or(0)))
}
