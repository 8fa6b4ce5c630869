//! Randomness, passed in and never fetched: the operating system's in service, seeded in tests.

use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, SeedableRng, TryRng};
use uuid::{Builder, Uuid};

/// A source of random bytes; cheap to clone.
#[derive(Clone)]
pub struct Rng(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng")
    }
}

impl Rng {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes for the same seed. Never for anything that has to stay secret.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Source::System => {
                #[expect(
                    clippy::expect_used,
                    reason = "without entropy no secret may be made: stopping is right"
                )]
                SysRng.try_fill_bytes(bytes).expect("the operating system gives random bytes");
            }
            Source::Seeded(rng) => {
                let mut rng = rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                rng.fill_bytes(bytes);
            }
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// 256 random bits as URL-safe text: session ids, tokens, form keys.
    pub fn secret(&self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes::<32>())
    }

    /// A UUIDv7 of `now`: ids sort by the time they were made.
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
