//! More requests than can be worked on: what is refused first, and how.

use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use jianyan::http;
use poem::web::Data;
use poem::{EndpointExt as _, Response, Route, get, handler};
use tokio::sync::Semaphore;

use super::is_unavailable;
use crate::harness::{Person, Site};

/// Works until it is let go.
#[handler]
async fn hold(Data(gate): Data<&Arc<Semaphore>>) -> Response {
    let _turn = gate.acquire().await;
    Response::from("held")
}

#[handler]
fn quick() -> &'static str {
    "quick"
}

/// One address of each rank, lowest first.
const RANKS: [&str; 5] =
    ["/search", "/work-plan/plan.csv", "/work-plan", "/desk/review", "/consultations/2026-001-1"];

fn house(site: &Site, gate: &Arc<Semaphore>) -> Person {
    let routes = RANKS[..4].iter().fold(Route::new(), |routes, path| routes.at(*path, get(quick)));
    let routes = routes
        .at("/consultations/:code", get(quick))
        .at("/receipts/:code", get(hold.data(gate.clone())))
        .at("/livez", get(quick));
    site.guest_of(Arc::new(http::guarded(site.app.clone(), routes)))
}

#[tokio::test]
async fn what_residents_need_is_given_up_last() {
    let site = Site::with(|config| config.limits.requests_at_once = 8).await;
    let gate = Arc::new(Semaphore::new(0));
    let guest = house(&site, &gate);
    let mut held: Vec<_> = (0..8).map(|_| Box::pin(guest.get("/receipts/x"))).collect();
    for (busy, held) in held.iter_mut().enumerate() {
        // Every rank has its share: from the fourth eighth on, one more goes with each.
        for (i, path) in RANKS.iter().enumerate() {
            let answer = guest.get(path).await;
            if busy < i + 4 {
                assert_eq!(answer.status, 200, "{path} with {busy}");
            } else {
                is_unavailable(&answer, path);
                answer.contains("访问量过大");
            }
        }
        assert!(held.now_or_never().is_none(), "it waits inside");
    }
    is_unavailable(&guest.get(RANKS[4]).await, "a full house");
    guest.get("/livez").await.expect(200);
    gate.add_permits(8);
    for held in held {
        held.await.expect(200);
    }
    for path in RANKS {
        guest.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn who_gives_up_leaves_the_place() {
    let site = Site::with(|config| config.limits.requests_at_once = 1).await;
    let gate = Arc::new(Semaphore::new(0));
    let guest = house(&site, &gate);
    {
        let mut held = pin!(guest.get("/receipts/x"));
        assert!(held.as_mut().now_or_never().is_none());
        is_unavailable(&guest.get(RANKS[4]).await, "one place, taken");
    }
    guest.get(RANKS[4]).await.expect(200);
}

#[tokio::test]
async fn programs_are_told_in_json() {
    let site = Site::with(|config| config.limits.requests_at_once = 1).await;
    let gate = Arc::new(Semaphore::new(0));
    let guest = house(&site, &gate);
    let mut held = pin!(guest.get("/receipts/x"));
    assert!(held.as_mut().now_or_never().is_none());
    let answer = guest.get("/api/v1/search?q=x").await;
    is_unavailable(&answer, "API");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.json()["code"], "unavailable");
}
