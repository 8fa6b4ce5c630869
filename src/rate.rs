//! Rate limits per network address (IPv6 by /64) and per kind of act. In memory of one process; the
//! numbers are settings.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Limits;
use crate::problem::{Code, Problem};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    Opinion,
    SignIn,
    Lookup,
    Search,
}

#[derive(Clone)]
pub struct Limiter(Arc<[(Act, DefaultKeyedRateLimiter<String>); 4]>);

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        let minute = Duration::from_secs(60);
        Self(Arc::new([
            (Act::Opinion, limiter(limits.opinions_per_minute, minute)),
            (Act::SignIn, limiter(limits.sign_ins_per_five_minutes, minute * 5)),
            (Act::Lookup, limiter(limits.lookups_per_minute, minute)),
            (Act::Search, limiter(limits.searches_per_minute, minute)),
        ]))
    }

    /// # Errors
    /// `too_many_requests` with the seconds to wait.
    pub fn check(&self, act: Act, address: &str) -> Result<(), Problem> {
        let Some((_, limiter)) = self.0.iter().find(|(a, _)| *a == act) else { return Ok(()) };
        if limiter.len() > 50_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&bucket(address)).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            Problem::new(Code::TooMany)
                .because(
                    format!("同一网络地址提交过于频繁，请在 {wait} 秒后再试"),
                    format!("Too many requests from your address; try again in {wait} seconds"),
                )
                .retry_after(wait)
        })
    }
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
