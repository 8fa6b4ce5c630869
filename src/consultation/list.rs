//! The list of consultations as the public sees it.

use chrono::NaiveDate;
use entity::consultation::{Column, Entity, Model};
use entity::summary;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::store::{self, About};
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    /// 征集中
    Open,
    /// 已结束, not yet answered
    Closed,
    /// 已反馈: the summary is published
    Answered,
}

/// A consultation with what a list says of it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub consultation: Model,
    pub about: Option<About>,
    pub answered: bool,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub all: i64,
    pub open: i64,
    pub closed: i64,
    pub answered: i64,
}

fn is_answered() -> Expr {
    let answers = Query::select()
        .expr(Expr::value(1))
        .from(summary::Entity)
        .and_where(Expr::col((summary::Entity, summary::Column::ConsultationId)).equals((Entity, Column::Id)))
        .and_where(Expr::col((summary::Entity, summary::Column::PublishedAt)).is_not_null())
        .to_owned();
    Expr::exists(answers)
}

fn is_open(today: NaiveDate) -> Condition {
    Condition::all().add(Column::OpensOn.lte(today)).add(Column::ClosesOn.gte(today))
}

fn is_closed(today: NaiveDate) -> Condition {
    Condition::all().add(Column::ClosesOn.lt(today)).add(is_answered().not())
}

fn of(filter: Filter, today: NaiveDate) -> Condition {
    let published = Condition::all().add(Column::PublishedAt.is_not_null());
    match filter {
        Filter::All => published,
        Filter::Open => published.add(is_open(today)),
        Filter::Closed => published.add(is_closed(today)),
        Filter::Answered => published.add(is_answered()),
    }
}

/// A page of published consultations: the open ones first, the one that closes next on top; then those to
/// come; then those over, the latest first.
///
/// # Errors
/// The database's own.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: Filter,
    today: NaiveDate,
    limit: u64,
    offset: u64,
) -> Result<Vec<Listed>, Problem> {
    let group: Expr = Expr::case(is_open(today), 0).case(Column::OpensOn.gt(today), 1).finally(2).into();
    let soonest: Expr = Expr::case(is_open(today), Expr::col(Column::ClosesOn))
        .finally(Expr::value(None::<NaiveDate>))
        .into();
    let rows = Entity::find()
        .filter(of(filter, today))
        .order_by(group, Order::Asc)
        .order_by(soonest, Order::Asc)
        .order_by_desc(Column::ClosesOn)
        .order_by_desc(Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db)
        .await?;
    listed(db, rows).await
}

pub(super) async fn listed(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Listed>, Problem> {
    let ids: Vec<_> = rows.iter().map(|c| c.id).collect();
    let mut about = store::about(db, &ids).await?;
    let answered = store::answered(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|c| Listed { about: about.remove(&c.id), answered: answered.contains(&c.id), consultation: c })
        .collect())
}

/// How many published consultations there are of each filter, in one query.
///
/// # Errors
/// The database's own.
pub async fn totals(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Totals, Problem> {
    let sum = |when: Condition| {
        let one: Expr = Expr::case(when, 1).finally(0).into();
        one.sum().cast_as("BIGINT")
    };
    let found = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "all")
        .column_as(sum(is_open(today)), "open")
        .column_as(sum(is_closed(today)), "closed")
        .column_as(sum(Condition::all().add(is_answered())), "answered")
        .filter(Column::PublishedAt.is_not_null())
        .into_tuple::<(i64, Option<i64>, Option<i64>, Option<i64>)>()
        .one(db)
        .await?;
    let (all, open, closed, answered) = found.unwrap_or_default();
    let n = |n: Option<i64>| n.unwrap_or(0);
    Ok(Totals { all, open: n(open), closed: n(closed), answered: n(answered) })
}
