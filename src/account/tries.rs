//! Tries at a password or a code: from the fifth failure on the account waits, twice as long each time, up to
//! 15 minutes.
//!
//! A try is counted before what was typed is looked at, by one statement that counts only while the account does
//! not wait: of guesses sent at the same moment, to any number of instances, no more are looked at than if they
//! had come in turn.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::StaffId;
use entity::staff::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _};

use crate::app::App;
use crate::db::Write;
use crate::problem::{Code, Problem};

/// So many failures cost nothing.
pub const FREE: i32 = 5;
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// A try that counts as a failure until it turns out right.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub failures: i32,
    /// Until when the account waits because of it.
    locked_until: Option<DateTime<Utc>>,
}

/// Counts a try; none when the account has to wait.
///
/// # Errors
/// The database's own.
pub async fn count(app: &App, person: StaffId) -> Result<Option<Counted>, Problem> {
    let now = app.now();
    let write = app.write().await?;
    write.unseen();
    let free = Column::LockedUntil.is_null().or(Column::LockedUntil.lte(now));
    let counted = Entity::update_many()
        .col_expr(Column::FailedCount, Expr::col(Column::FailedCount).add(1))
        .filter(Column::Id.eq(person))
        .filter(free)
        .exec(&*write)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(None);
    }
    // The row is ours until the commit.
    let row = Entity::find_by_id(person).one(&*write).await?;
    let failures = row.map_or(1, |row| row.failed_count);
    let mut locked_until = None;
    if failures >= FREE {
        let wait = TimeDelta::seconds(30 << (failures - FREE).clamp(0, 5)).min(LONGEST_WAIT);
        locked_until = Some(now + wait);
        Entity::update_many()
            .col_expr(Column::LockedUntil, Expr::value(locked_until))
            .filter(Column::Id.eq(person))
            .exec(&*write)
            .await?;
    }
    write.commit().await?;
    Ok(Some(Counted { failures, locked_until }))
}

/// The same for somebody who is signed in and need not be kept in the dark about it.
///
/// # Errors
/// `too_many_requests` while the account has to wait; the database's own.
pub async fn count_known(app: &App, person: StaffId) -> Result<Counted, Problem> {
    count(app, person).await?.ok_or_else(|| {
        Problem::new(Code::TooMany)
            .because(
                "尝试次数过多，请稍后再试（最长 15 分钟）",
                "Too many tries; wait a while, 15 minutes at most",
            )
            .retry_after(60)
    })
}

/// A try was right but does not end the counting: undoes what [`count`] did, and no more.
///
/// # Errors
/// The database's own.
pub async fn take_back(write: &Write, person: StaffId, counted: &Counted) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::FailedCount, Expr::col(Column::FailedCount).sub(1))
        .filter(Column::Id.eq(person))
        .filter(Column::FailedCount.gt(0))
        .exec(&**write)
        .await?;
    if let Some(until) = counted.locked_until {
        Entity::update_many()
            .col_expr(Column::LockedUntil, Expr::value(None::<DateTime<Utc>>))
            .filter(Column::Id.eq(person))
            .filter(Column::LockedUntil.eq(until))
            .exec(&**write)
            .await?;
    }
    Ok(())
}

/// Somebody signed in, or proved to be who they are: counting begins anew.
///
/// # Errors
/// The database's own.
pub async fn forget(write: &Write, person: StaffId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::FailedCount, Expr::value(0))
        .col_expr(Column::LockedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(person))
        .exec(&**write)
        .await?;
    Ok(())
}
