//! Rate limits per network address (IPv6 by /64) and per kind of act; the numbers are settings.
//!
//! Two gates. The first is in the memory of this process (governor): it costs nothing and refuses most of what
//! has to be refused. On SQLite it is the only one: one process serves one file, and a row written for every
//! act would be a second commit. On PostgreSQL many instances serve one site and each would grant the whole
//! limit, so the second gate keeps one row a key in the table `rate_limit`: the moment at which its bucket is
//! full again (GCRA), moved on by one upsert that writes only when the act is allowed. The table is unlogged:
//! the upsert waits for no disk, and after a crash of the server counting begins anew. Rows that say nothing
//! any more are swept by the worker. The key is a keyed hash, so that the database holds no addresses.
//!
//! Times of the second gate are the instances' clocks; clocks that differ by a second shift a limit by that.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::rate_limit::{Column, Entity};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sea_orm::sea_query::{CaseStatement, Expr, OnConflict, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _,
};

use crate::app::App;
use crate::config::Limits;
use crate::keys::Purpose;
use crate::problem::{Code, Problem};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    Opinion,
    Message,
    SignIn,
    Lookup,
    Search,
    Registration,
    Support,
    Questionnaire,
    Upload,
    /// Asking for a one-time code.
    ContactCode,
    /// Asking for a ticket that opens a gate after a wait.
    Wait,
    /// Going to a provider (OpenID Connect) or coming back from one.
    Visit,
}

/// So many times in a period.
#[derive(Clone, Copy, Debug)]
struct Rate {
    act: Act,
    times: u32,
    per: Duration,
}

impl Rate {
    fn of(limits: &Limits) -> Vec<Self> {
        let minute = Duration::from_secs(60);
        vec![
            Self { act: Act::Opinion, times: limits.opinions_per_minute, per: minute },
            Self { act: Act::Message, times: limits.opinions_per_minute, per: minute },
            Self { act: Act::SignIn, times: limits.sign_ins_per_five_minutes, per: minute * 5 },
            Self { act: Act::Lookup, times: limits.lookups_per_minute, per: minute },
            Self { act: Act::Search, times: limits.searches_per_minute, per: minute },
            Self { act: Act::Registration, times: limits.registrations_per_minute, per: minute },
            Self { act: Act::Support, times: limits.supports_per_minute, per: minute },
            Self { act: Act::Questionnaire, times: limits.responses_per_minute, per: minute },
            Self { act: Act::Upload, times: limits.uploads_per_hour, per: minute * 60 },
            Self { act: Act::ContactCode, times: limits.codes_per_day, per: minute * 60 * 24 },
            Self { act: Act::Wait, times: limits.waits_per_hour, per: minute * 60 },
            Self { act: Act::Visit, times: limits.visits_per_five_minutes, per: minute * 5 },
        ]
    }
}

/// The gate in memory.
#[derive(Clone)]
pub struct Limiter(Arc<[(Rate, DefaultKeyedRateLimiter<String>)]>);

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        Self(Rate::of(limits).into_iter().map(|rate| (rate, limiter(rate.times, rate.per))).collect())
    }

    /// # Errors
    /// `too_many_requests` with the seconds to wait.
    pub fn check(&self, act: Act, address: &str) -> Result<(), Problem> {
        let Some((_, limiter)) = self.0.iter().find(|(rate, _)| rate.act == act) else { return Ok(()) };
        if limiter.len() > 50_000 {
            limiter.retain_recent();
        }
        limiter
            .check_key(&bucket(address))
            .map_err(|until| too_many(until.wait_time_from(DefaultClock::default().now()).as_secs() + 1))
    }

    fn rate(&self, act: Act) -> Option<Rate> {
        self.0.iter().map(|(rate, _)| *rate).find(|rate| rate.act == act)
    }
}

/// Both gates: asked by every operation that is limited, before it opens its transaction.
///
/// # Errors
/// `too_many_requests` with the seconds to wait; the database's own.
pub async fn check(app: &App, act: Act, address: &str) -> Result<(), Problem> {
    app.limiter.check(act, address)?;
    if app.db.backend() != DbBackend::Postgres {
        return Ok(());
    }
    let Some(rate) = app.limiter.rate(act) else { return Ok(()) };
    let key = app.keys.mac_hex(Purpose::Rate, &format!("{act:?} {}", bucket(address)));
    match take(app.db.direct(), &key, rate, app.now()).await? {
        None => Ok(()),
        Some(wait) => Err(too_many(wait)),
    }
}

/// Takes one turn from a key's bucket; the seconds to wait when it is empty.
async fn take(
    db: &impl ConnectionTrait,
    key: &str,
    rate: Rate,
    now: DateTime<Utc>,
) -> Result<Option<u64>, DbErr> {
    let now = now.timestamp_millis();
    let per = i64::try_from(rate.per.as_millis()).unwrap_or(i64::MAX);
    let turn = per / i64::from(Ord::max(rate.times, 1));
    let stored = || Expr::col((Entity, Column::FullAt));
    let from = || Expr::Case(Box::new(CaseStatement::new().case(stored().gt(now), stored()).finally(now)));
    let upsert = Query::insert()
        .into_table(Entity)
        .columns([Column::Key, Column::FullAt])
        .values_panic([key.into(), (now + turn).into()])
        .on_conflict(
            OnConflict::column(Column::Key)
                .value(Column::FullAt, from().add(turn))
                .action_and_where(from().add(turn).lte(now + per))
                .to_owned(),
        )
        .returning_col(Column::FullAt)
        .to_owned();
    if db.query_one(&upsert).await?.is_some() {
        return Ok(None);
    }
    let row = Entity::find_by_id(key).one(db).await?;
    let over = row.map_or(0, |row| row.full_at + turn - now - per);
    Ok(Some(u64::try_from(over).unwrap_or(0) / 1000 + 1))
}

/// Forgets buckets that are full again.
///
/// # Errors
/// The database's own.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    if app.db.backend() == DbBackend::Postgres {
        let now = app.now().timestamp_millis();
        Entity::delete_many().filter(Column::FullAt.lt(now)).exec(app.db.direct()).await?;
    }
    Ok(())
}

fn too_many(wait: u64) -> Problem {
    Problem::new(Code::TooMany)
        .because(
            format!("同一网络地址提交过于频繁，请在 {wait} 秒后再试"),
            format!("Too many requests from your address; try again in {wait} seconds"),
        )
        .retry_after(wait)
}

fn limiter(times: u32, per: Duration) -> DefaultKeyedRateLimiter<String> {
    let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(per / times.get()).unwrap_or(Quota::per_second(times)).allow_burst(times);
    RateLimiter::keyed(quota)
}

/// An IPv6 user holds a whole /64, so it counts as one.
fn bucket(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => v6.segments()[..4].iter().map(|s| format!("{s:x}")).collect::<Vec<_>>().join(":"),
        },
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_share_a_bucket() {
        assert_eq!(bucket("2001:db8:1:2:3::1"), bucket("2001:db8:1:2:ffff::9"));
        assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
        assert_eq!(bucket("::ffff:10.0.0.1"), bucket("10.0.0.1"));
    }

    #[test]
    fn the_limit_bites_one_address_only() {
        let limiter = Limiter::new(&Limits { opinions_per_minute: 2, ..Limits::default() });
        assert!(limiter.check(Act::Opinion, "10.0.0.1").is_ok());
        assert!(limiter.check(Act::Opinion, "10.0.0.1").is_ok());
        let problem = limiter.check(Act::Opinion, "10.0.0.1").unwrap_err();
        assert!(problem.retry_after.is_some_and(|s| (1..=31).contains(&s)));
        assert!(limiter.check(Act::Opinion, "10.0.0.2").is_ok());
        assert!(limiter.check(Act::Lookup, "10.0.0.1").is_ok());
    }
}
