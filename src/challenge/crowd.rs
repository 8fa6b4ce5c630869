//! How many came to each gate of this process: buckets that run empty with time. What is counted elsewhere, each
//! instance learns for itself.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use super::Gate;
use crate::config::Challenge;

const MINUTE: i64 = 60_000;

/// For each gate, when its bucket is empty again: milliseconds since 1970.
#[derive(Debug)]
pub struct Crowd {
    turn: i64,
    empty_at: [AtomicI64; Gate::ALL.len()],
}

impl Crowd {
    pub fn new(settings: &Challenge) -> Self {
        Self { turn: MINUTE / i64::from(settings.busy_per_minute.max(1)), empty_at: Default::default() }
    }

    /// Somebody came; whether there is a crowd now. It lasts until what comes is less than the limit for two minutes.
    pub(super) fn came(&self, gate: Gate, now: DateTime<Utc>) -> bool {
        let now = now.timestamp_millis();
        let fill = |empty: i64| Some((empty.max(now) + self.turn).min(now + 2 * MINUTE));
        // The function always gives a value.
        let before = self.of(gate).fetch_update(Ordering::SeqCst, Ordering::SeqCst, fill).unwrap_or(now);
        fill(before).is_some_and(|empty| empty > now + MINUTE)
    }

    pub(super) fn is_busy(&self, gate: Gate, now: DateTime<Utc>) -> bool {
        self.of(gate).load(Ordering::SeqCst) > now.timestamp_millis() + MINUTE
    }

    fn of(&self, gate: Gate) -> &AtomicI64 {
        &self.empty_at[gate as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_noticed_and_goes_by_itself() {
        let crowd = Crowd::new(&Challenge { busy_per_minute: 3, ..Challenge::default() });
        let at = |second: i64| DateTime::from_timestamp(1_000_000 + second, 0).unwrap();
        assert_eq!([0, 1, 2].map(|s| crowd.came(Gate::Opinion, at(s))), [false; 3]);
        assert!(crowd.came(Gate::Opinion, at(3)) && crowd.is_busy(Gate::Opinion, at(4)));
        assert!(!crowd.is_busy(Gate::Message, at(4)));
        for second in 5..300 {
            crowd.came(Gate::Opinion, at(second));
        }
        assert!(crowd.is_busy(Gate::Opinion, at(300)));
        assert!(!crowd.is_busy(Gate::Opinion, at(300 + 61)));
        assert!(!crowd.came(Gate::Opinion, at(300 + 90)));
    }
}
