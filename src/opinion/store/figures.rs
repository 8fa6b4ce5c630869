//! Opinions counted and listed.

use entity::enums::{Channel, OpinionState, PersonKind};
use entity::id::{ConsultationId, OpinionId};
use entity::opinion::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::problem::Problem;

/// How many opinions of a consultation stand where: received = published + withheld + rejected + pending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub published: u64,
    /// 不予公开（已计入办理）, and those sent back for changes.
    pub withheld: u64,
    pub rejected: u64,
    /// 待审核, second reviews included.
    pub pending: u64,
}

impl Counts {
    pub fn received(&self) -> u64 {
        self.published + self.withheld + self.rejected + self.pending
    }

    /// What must be dealt with in the summary: everything that is not rejected.
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
    let rows: Vec<CountRow> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "n")
        .filter(Column::ConsultationId.eq(consultation))
        .group_by(Column::State)
        .into_model()
        .all(db)
        .await?;
    let mut counts = Counts::default();
    for row in rows {
        let n = u64::try_from(row.n).unwrap_or(0);
        match row.state {
            OpinionState::Published => counts.published += n,
            OpinionState::Withheld | OpinionState::Returned => counts.withheld += n,
            OpinionState::Rejected => counts.rejected += n,
            OpinionState::Pending | OpinionState::AwaitingSecond => counts.pending += n,
        }
    }
    Ok(counts)
}

/// The opinions of a consultation that must be dealt with: all that are not rejected, oldest first.
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
        .filter(Column::State.ne(OpinionState::Rejected))
        .order_by_asc(Column::Number)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// What everybody may read of a consultation's opinions, newest first; `after` is the number of the last one
/// already read. Numbers keep the order of receipt also within a millisecond; ids do not.
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
        query = query.filter(Column::Number.lt(super::super::code(after)?));
    }
    Ok(query.order_by_desc(Column::Number).limit(limit).all(db).await?)
}

/// How many opinions came in one way from one kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub received: u64,
    /// Those that are not rejected.
    pub counted: u64,
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
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::Channel, Column::PersonKind, Column::State])
        .column_as(Column::Id.count(), "n")
        .filter(Column::ConsultationId.eq(consultation))
        .group_by(Column::Channel)
        .group_by(Column::PersonKind)
        .group_by(Column::State)
        .into_model()
        .all(db)
        .await?;
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let n = u64::try_from(row.n).unwrap_or(0);
        let counted = if row.state == OpinionState::Rejected { 0 } else { n };
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
