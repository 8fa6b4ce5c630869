//! Who follows a session is told that something changed, within about a second, by whichever instance it happened:
//! each process asks the database for the version of a session that somebody follows, once for all its followers and
//! at most every [`PULSE`]. What is sent is the version alone; the page itself comes from the page cache, so that a
//! thousand followers cost one making of it.
//!
//! Followers are bounded, in all and for one address; whoever is refused asks for the page from time to time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entity::id::QaSessionId;
use entity::qa_session::Model;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::sync::Mutex as Turn;

use super::{Stage, stage, store};
use crate::app::App;
use crate::problem::{Code, Problem};

/// Between two looks at a session.
const PULSE: Duration = Duration::from_millis(800);
/// A follower's connection ends after so long; a browser that still follows comes again by itself.
const LONGEST: Duration = Duration::from_secs(900);
/// Who was refused may try again after so many seconds.
const WAIT: u64 = 30;

/// The followers of this process; cheap to clone.
#[derive(Clone, Debug)]
pub struct Live {
    places: Arc<Places>,
    seen: Arc<Turn<HashMap<QaSessionId, Seen>>>,
}

/// The last look at a session.
#[derive(Clone, Debug)]
struct Seen {
    /// When it was begun, and what this process had changed by then.
    at: Duration,
    changes: u64,
    version: String,
}

#[derive(Debug)]
struct Places {
    most: u32,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: u32,
    by_address: HashMap<String, u32>,
}

/// A follower's place; given back when it is dropped.
#[derive(Debug)]
struct Place {
    places: Arc<Places>,
    address: String,
}

impl Places {
    /// A place, if there is one in all and for this address: a tenth, at least four.
    fn take(self: &Arc<Self>, address: &str) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = taken.by_address.get(address).copied().unwrap_or(0);
        if taken.all >= self.most || here >= Ord::max(self.most / 10, 4) {
            return None;
        }
        taken.all += 1;
        taken.by_address.insert(address.to_owned(), here + 1);
        drop(taken);
        Some(Place { places: self.clone(), address: address.to_owned() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        let left = taken.by_address.get(&self.address).map_or(0, |n| n.saturating_sub(1));
        if left == 0 {
            taken.by_address.remove(&self.address);
        } else {
            taken.by_address.insert(self.address.clone(), left);
        }
    }
}

impl Live {
    /// For at most so many followers.
    pub fn new(most: u32) -> Self {
        let places = Arc::new(Places { most, taken: Mutex::default() });
        Self { places, seen: Arc::default() }
    }

    /// How many follow now.
    pub fn followers(&self) -> u32 {
        self.places.taken.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// The versions of a session from now on, each when it is new; the first at once. It ends with the session, when
    /// the process stops, and after a while anyway.
    ///
    /// # Errors
    /// `not_found`; `unavailable` when too many follow; the database's own.
    pub async fn follow(
        &self,
        app: &App,
        code: &str,
        address: &str,
    ) -> Result<BoxStream<'static, String>, Problem> {
        let session = store::by_code(app.db.read(), code).await?;
        if session.published_at.is_none() {
            return Err(Problem::not_found());
        }
        let Some(place) = self.places.take(address) else {
            return Err(Problem::new(Code::Unavailable)
                .because(
                    "同时在线人数已满，页面会定时刷新",
                    "Too many follow at the moment; the page is asked for from time to time instead",
                )
                .retry_after(WAIT));
        };
        let follower = Follower {
            live: self.clone(),
            app: app.clone(),
            session: session.id,
            until: app.clock.elapsed() + LONGEST,
            last: None,
            over: false,
            _place: place,
        };
        Ok(stream::unfold(follower, Follower::next).boxed())
    }

    /// The version of a session as it was a moment ago. Whoever comes while somebody looks waits for that look.
    async fn version(&self, app: &App, session: QaSessionId) -> Result<String, Problem> {
        let mut seen = self.seen.lock().await;
        let (at, changes) = (app.clock.elapsed(), app.db.changes());
        let young = |s: &Seen| s.changes == changes && at.checked_sub(s.at).is_some_and(|age| age < PULSE);
        if let Some(known) = seen.get(&session).filter(|s| young(s)) {
            return Ok(known.version.clone());
        }
        let version = look(app, session).await?;
        // Sessions that nobody follows any more are forgotten.
        seen.retain(|_, s| at.checked_sub(s.at).is_some_and(|age| age < LONGEST));
        seen.insert(session, Seen { at, changes, version: version.clone() });
        Ok(version)
    }
}

async fn look(app: &App, session: QaSessionId) -> Result<String, Problem> {
    let row = store::find(app.db.read(), session).await?;
    Ok(version_of(&row, stage(&row, app.now())))
}

/// What tells one look of the page from another: what was changed, and where the session stands by the clock. The
/// last word is the stage.
pub(super) fn version_of(session: &Model, stage: Stage) -> String {
    let word = match stage {
        Stage::Draft => "draft",
        Stage::Announced => "announced",
        Stage::Collecting => "collecting",
        Stage::Live => "live",
        Stage::Ended => ENDED,
        Stage::Cancelled => "cancelled",
    };
    format!("{}-{word}", session.version)
}

const ENDED: &str = "ended";

struct Follower {
    live: Live,
    app: App,
    session: QaSessionId,
    until: Duration,
    last: Option<String>,
    over: bool,
    _place: Place,
}

impl Follower {
    async fn next(mut self) -> Option<(String, Self)> {
        loop {
            if self.over || self.app.health.is_stopping() {
                return None;
            }
            // A database that is away for a moment is not the end of it.
            if let Ok(version) = self.live.version(&self.app, self.session).await
                && self.last.as_ref() != Some(&version)
            {
                self.over = version.ends_with(ENDED);
                self.last = Some(version.clone());
                return Some((version, self));
            }
            if self.app.clock.elapsed() >= self.until {
                return None;
            }
            tokio::time::sleep(PULSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_in_all_and_for_one_address_and_given_back() {
        let live = Live::new(6);
        let mut held: Vec<_> = (0..4).filter_map(|_| live.places.take("10.0.0.1")).collect();
        assert_eq!((held.len(), live.followers()), (4, 4));
        assert!(live.places.take("10.0.0.1").is_none(), "four of one address");
        held.extend(live.places.take("10.0.0.2"));
        held.extend(live.places.take("10.0.0.3"));
        assert!(live.places.take("10.0.0.4").is_none(), "six in all");
        held.clear();
        assert_eq!(live.followers(), 0);
        assert!(live.places.take("10.0.0.1").is_some());
    }
}
