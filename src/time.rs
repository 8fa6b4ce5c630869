//! The clock, passed in and never fetched. Instants are UTC, cut to microseconds, so that both databases
//! give back what was stored. Civil days are [`crate::calendar::civil`]'s business.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is set: for tests and for the example site's history.
    Fixed(FixedClock),
}

/// Microseconds since the epoch, shared by all clones.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl Clock {
    /// A clock that stands at `instant`.
    pub fn fixed(instant: DateTime<Utc>) -> (Self, FixedClock) {
        let hand = FixedClock(Arc::new(AtomicI64::new(instant.timestamp_micros())));
        (Self::Fixed(hand.clone()), hand)
    }

    /// The instant, UTC, whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            Self::System => {
                #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
                let now = Utc::now();
                now.timestamp_micros()
            }
            Self::Fixed(hand) => hand.0.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl Clock {
    /// Time that passed since some moment, the same for the whole process. It tells an age, and never goes
    /// back when somebody sets the machine's clock.
    pub fn elapsed(&self) -> Duration {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::System => BEGAN.elapsed(),
            Self::Fixed(hand) => {
                Duration::from_micros(u64::try_from(hand.0.load(Ordering::SeqCst)).unwrap_or(0))
            }
        }
    }
}

impl FixedClock {
    pub fn set(&self, instant: DateTime<Utc>) {
        self.0.store(instant.timestamp_micros(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }
}
