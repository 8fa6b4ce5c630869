//! Pages that are the same for every guest are kept ready in memory, for less than a second.
//!
//! A page that was withdrawn must be gone everywhere within a second, whoever withdrew it: this process,
//! another one, or midnight. So the rule is time: a page is given as long as its making began less than
//! [`LONGEST`] ago. That holds on every instance without a word between them, and when the database is slow.
//! What this process changed itself, a new calendar and a new day make its pages old at once, see [`Stamp`].
//! Opinions that come in do not ([`crate::db::Write::unseen`]): a popular draft stays ready, and its count
//! follows.
//!
//! Only pages added by `Pages::shared` are kept; asked for without a session, answered with 200 and without
//! cookies. A page is made once however many wait for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use moka::future::Cache;
use moka::ops::compute::Op;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response};

use crate::app::App;
use crate::http::packed::{Asked, Packed};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use web::lang::Lang;

/// Longest age of a page that is given. With its way to the reader it stays below a second.
const LONGEST: Duration = Duration::from_millis(800);
/// What nobody asked for again is dropped after this time.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// The pages kept by one process; cheap to clone.
#[derive(Clone)]
pub struct PageCache(Option<Cache<String, Arc<Kept>>>);

struct Kept {
    page: Arc<Packed>,
    stamp: Stamp,
}

/// The moment before the first thing was read for a page.
#[derive(Clone, Copy)]
struct Stamp {
    at: Duration,
    changes: u64,
    calendar: u64,
    day: NaiveDate,
}

impl Stamp {
    fn now(app: &App) -> Self {
        Self {
            at: app.clock.elapsed(),
            changes: app.db.changes(),
            calendar: app.calendar_version(),
            day: app.today(),
        }
    }

    fn holds(&self, now: &Self) -> bool {
        let young = now.at.checked_sub(self.at).is_some_and(|age| age < LONGEST);
        young && (self.changes, self.calendar, self.day) == (now.changes, now.calendar, now.day)
    }
}

impl PageCache {
    /// Holds at most so many bytes; none for 0.
    pub fn new(bytes: u64) -> Self {
        Self((bytes > 0).then(|| {
            Cache::builder()
                .max_capacity(bytes)
                .weigher(|key: &String, kept: &Arc<Kept>| {
                    u32::try_from(key.len() + kept.page.weight()).unwrap_or(u32::MAX)
                })
                .time_to_idle(FORGOTTEN)
                .build()
        }))
    }
}

/// One guest's question for a page that may be shared.
#[derive(Clone)]
pub struct Ask {
    cache: PageCache,
    key: String,
    asked: Asked,
}

impl Ask {
    /// None where the answer may be for one person only: a session, or an address that tells what was done.
    pub fn of(cache: &PageCache, request: &Request, visitor: &Visitor, session: bool) -> Option<Self> {
        let told = visitor.path.split_once('?').is_some_and(|(_, query)| query.contains("done="));
        if session || told || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let lang = if visitor.lang == Lang::En { 'e' } else { 'z' };
        let size = if visitor.large { 'l' } else { 'n' };
        let key = format!("{lang}{size}{}", visitor.path);
        Some(Self { cache: cache.clone(), key, asked: Asked::of(request) })
    }

    /// The page, if it is ready.
    pub async fn ready(&self, app: &App) -> Option<Response> {
        let kept = self.cache.0.as_ref()?.get(&self.key).await?;
        kept.stamp.holds(&Stamp::now(app)).then(|| kept.page.answer(&self.asked))
    }

    async fn make<E>(self, app: &App, request: Request, page: &E) -> poem::Result<Response>
    where
        E: Endpoint,
        E::Output: IntoResponse,
    {
        let Some(cache) = &self.cache.0 else {
            return Ok(match ask(page, request, None).await {
                Ok(packed) => packed.answer(&self.asked),
                Err(other) => return other.into_inner().unwrap_or_else(PoisonError::into_inner),
            });
        };
        // Whoever comes while the page is made waits here, and finds it ready if it is still true.
        let made = cache.entry_by_ref(&self.key).and_try_compute_with(|old| async move {
            let stamp = Stamp::now(app);
            let old = old.map(moka::Entry::into_value);
            if old.as_ref().is_some_and(|kept| kept.stamp.holds(&stamp)) {
                return Ok(Op::Nop);
            }
            let page = ask(page, request, old.map(|kept| kept.page.clone())).await?;
            Ok(Op::Put(Arc::new(Kept { page, stamp })))
        });
        match made.await {
            Ok(made) => match made.into_entry() {
                Some(kept) => Ok(kept.value().page.answer(&self.asked)),
                None => Err(Problem::internal("a page that was made is not there").into()),
            },
            Err(other) => {
                let other: Other = other;
                other.into_inner().unwrap_or_else(PoisonError::into_inner)
            }
        }
    }
}

/// An answer that is not kept; in a mutex because it passes between threads.
type Other = Mutex<poem::Result<Response>>;

/// Asks for a page and packs it, or takes the old one when it says the same: then it is packed already.
async fn ask<E>(page: &E, request: Request, old: Option<Arc<Packed>>) -> Result<Arc<Packed>, Other>
where
    E: Endpoint,
    E::Output: IntoResponse,
{
    let other = |answer| Mutex::new(answer);
    let mut response = page.call(request).await.map_err(|e| other(Err(e)))?.into_response();
    let headers = response.headers();
    let personal = [header::SET_COOKIE, header::CONTENT_ENCODING].iter().any(|n| headers.contains_key(n));
    if response.status() != StatusCode::OK || personal {
        return Err(other(Ok(response)));
    }
    let bytes = response.take_body().into_bytes().await.map_err(|e| other(Err(e.into())))?;
    Ok(match old {
        Some(old) if old.is(response.headers(), &bytes) => old,
        _ => Arc::new(Packed::new(std::mem::take(response.headers_mut()), bytes)),
    })
}

/// A page that is the same for every guest.
pub struct Shared<E>(pub E);

impl<E> Endpoint for Shared<E>
where
    E: Endpoint,
    E::Output: IntoResponse,
{
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let ask = request.extensions_mut().remove::<Ask>();
        let app = request.extensions().get::<App>().cloned();
        match ask.zip(app) {
            Some((ask, app)) => ask.make(&app, request, &self.0).await,
            None => Ok(self.0.call(request).await?.into_response()),
        }
    }
}
