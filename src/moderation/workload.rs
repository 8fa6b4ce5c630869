//! What the moderators did in a time, and how often a second one agreed: to divide the work and to see where the
//! rules are read differently. Numbers of the team's own work, for moderators and supervisors; never published.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::enums::{AppealState, DutyKind, DutyState, ReviewAction, ReviewState, Role};
use entity::id::StaffId;
use entity::{appeal, duty, review, staff};
use sea_orm::sea_query::{Asterisk, Expr, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};

use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::problem::Problem;

/// Longest time that is looked back over, days.
pub const LONGEST: u32 = 366;

/// One moderator's share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Decisions by kind, proposals that wait and those that were overruled or taken back included.
    pub decided: BTreeMap<ReviewAction, u64>,
    /// Rejections of this moderator that a second one confirmed.
    pub confirmed: u64,
    /// Those that a second one did not confirm.
    pub overruled: u64,
    /// Decisions taken back by the moderator within the minute.
    pub taken_back: u64,
    /// Second looks at others' rejections.
    pub seconds: u64,
    /// Reviews of this moderator that an appeal set aside.
    pub set_aside: u64,
}

impl Share {
    pub fn total(&self) -> u64 {
        self.decided.values().sum()
    }
}

/// The team's work since a day.
#[derive(Clone, Debug)]
pub struct Workload {
    /// First day that is counted, in the bureau's time.
    pub since: NaiveDate,
    /// By name; only who did something.
    pub shares: Vec<(String, Share)>,
    /// Reviews that were finished in the time.
    pub finished: u64,
    /// Those of them that were finished by their day.
    pub in_time: u64,
    /// Those that wait past their day now.
    pub overdue: u64,
}

impl Workload {
    pub fn sum(&self, of: fn(&Share) -> u64) -> u64 {
        self.shares.iter().map(|(_, s)| of(s)).sum()
    }

    /// How many of a hundred proposed rejections the second moderator confirmed; none where nothing was proposed.
    pub fn agreement(&self) -> Option<u64> {
        let confirmed = self.sum(|s| s.confirmed);
        let all = confirmed + self.sum(|s| s.overruled);
        (all > 0).then(|| confirmed * 100 / all)
    }
}

/// The work of the last `days` days, today included.
///
/// # Errors
/// `unauthenticated`, `forbidden` for who neither reviews nor supervises; the database's own.
pub async fn workload(app: &App, actor: &Actor, days: u32) -> Result<Workload, Problem> {
    let who = actor.require_staff()?;
    if !(who.has(Role::Moderator) || who.has(Role::Supervisor)) {
        return Err(Problem::forbidden());
    }
    let days = days.clamp(1, LONGEST);
    let today = app.today();
    let since = today.checked_sub_days(Days::new(u64::from(days) - 1)).unwrap_or(today);
    let from = civil::start_of_day(since);
    let db = app.db.read();
    let mut shares = Vec::new();
    for person in staff::Entity::find().all(db).await? {
        let share = share(db, person.id, from).await?;
        if share != Share::default() {
            shares.push((person.display_name, share));
        }
    }
    shares.sort_by(|a, b| b.1.total().cmp(&a.1.total()).then_with(|| a.0.cmp(&b.0)));
    let reviews = || duty::Entity::find().filter(duty::Column::Kind.eq(DutyKind::OpinionReview));
    let finished = reviews()
        .filter(duty::Column::State.eq(DutyState::Done))
        .filter(duty::Column::CompletedOn.gte(since));
    let in_time =
        finished.clone().filter(Expr::col(duty::Column::CompletedOn).lte(Expr::col(duty::Column::DueOn)));
    let overdue =
        reviews().filter(duty::Column::State.eq(DutyState::Open)).filter(duty::Column::DueOn.lt(today));
    Ok(Workload {
        since,
        shares,
        finished: finished.count(db).await?,
        in_time: in_time.count(db).await?,
        overdue: overdue.count(db).await?,
    })
}

/// One person's reviews are read from their index by person and time.
async fn share(db: &impl ConnectionTrait, id: StaffId, from: DateTime<Utc>) -> Result<Share, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        action: ReviewAction,
        state: ReviewState,
        seconded: i64,
        n: i64,
    }
    let rows: Vec<Row> = review::Entity::find()
        .select_only()
        .columns([review::Column::Action, review::Column::State])
        .column_as(review::Column::SecondId.count(), "seconded")
        .column_as(Expr::col(Asterisk).count(), "n")
        .filter(review::Column::ModeratorId.eq(id))
        .filter(review::Column::CreatedAt.gte(from))
        .group_by(review::Column::Action)
        .group_by(review::Column::State)
        .into_model()
        .all(db)
        .await?;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut share = Share::default();
    for row in rows {
        *share.decided.entry(row.action).or_default() += number(row.n);
        match row.state {
            ReviewState::Proposed => {}
            ReviewState::Final => share.confirmed += number(row.seconded),
            ReviewState::Overruled => {
                share.overruled += number(row.seconded);
                share.taken_back += number(row.n - row.seconded);
            }
        }
    }
    let seconds = review::Entity::find()
        .filter(review::Column::SecondId.eq(id))
        .filter(review::Column::DecidedAt.gte(from));
    share.seconds = seconds.count(db).await?;
    // From the few appeals to their reviews, not from all reviews of a person.
    let its_moderator = Query::select()
        .column(review::Column::ModeratorId)
        .from(review::Entity)
        .and_where(
            Expr::col((review::Entity, review::Column::Id))
                .equals((appeal::Entity, appeal::Column::ReviewId)),
        )
        .take();
    let set_aside = appeal::Entity::find()
        .filter(appeal::Column::State.eq(AppealState::Overturned))
        .filter(appeal::Column::DecidedAt.gte(from))
        .filter(Expr::SubQuery(None, Box::new(its_moderator.into())).eq(id));
    share.set_aside = set_aside.count(db).await?;
    Ok(share)
}
