//! Pages kept ready: the same bytes, never another person's, and old ones gone within a second everywhere.

use chrono::TimeDelta;
use entity::enums::Role;
use jianyan::consultation::{self, Extend};
use jianyan::moderation::review::{self, Decide};
use jianyan::moderation::undo;
use poem::http::header;
use serde_json::json;

use crate::fixture::{self, CODE, Open};
use crate::harness::{Answer, Person, Site, at, day};

const PAGE: &str = "/consultations/2026-001-1";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const NUMBER: &str = "2026-001-1-000001";
const WORDS: &str = "建议夜间延长开放";

/// Longer than a page is ever given, measured at the reader.
const A_SECOND: TimeDelta = TimeDelta::seconds(1);

struct Case {
    site: Site,
    open: Open,
    /// A guest of this instance.
    here: Person,
    /// A guest of another instance over the same database.
    there: Person,
}

impl Case {
    async fn new() -> Self {
        let site = Site::new().await;
        let open = fixture::open(&site).await;
        let (here, there) = (site.guest(), site.beside().await.guest());
        Self { site, open, here, there }
    }

    async fn send(&self) {
        let body =
            json!({ "text": WORDS, "person_kind": "individual", "show_as": "anonymous", "consent": true });
        self.here.json("POST", API, body).await.expect(201);
    }

    async fn publish(&self) {
        let moderator = self.moderator().await;
        let decide = Decide {
            number: NUMBER.into(),
            revision: 1,
            action: entity::enums::ReviewAction::Publish,
            reason_code: None,
            reason_text: String::new(),
            public_text: None,
        };
        review::review(&self.site.app, &moderator, &decide).await.unwrap();
    }

    async fn moderator(&self) -> jianyan::actor::Actor {
        let row = jianyan::account::store::by_login(self.site.app.db.read(), "mod1").await.unwrap().unwrap();
        self.site.actor(row.id).await
    }
}

fn tag(answer: &Answer) -> String {
    answer.headers[header::ETAG].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_published_or_withdrawn_here_shows_at_once_and_elsewhere_within_a_second() {
    let case = Case::new().await;
    case.send().await;
    case.there.get(PAGE).await.expect(200).lacks(WORDS);
    case.publish().await;
    case.here.get(PAGE).await.expect(200).contains(WORDS);
    // The other instance still has the page that it made: it is kept at all.
    case.there.get(PAGE).await.expect(200).lacks(WORDS);
    case.site.clock.advance(A_SECOND);
    case.there.get(PAGE).await.expect(200).contains(WORDS);

    undo::undo(&case.site.app, &case.moderator().await, NUMBER).await.unwrap();
    case.here.get(PAGE).await.expect(200).lacks(WORDS);
    case.there.get(PAGE).await.expect(200).contains(WORDS);
    case.site.clock.advance(A_SECOND);
    case.there.get(PAGE).await.expect(200).lacks(WORDS);
}

#[tokio::test]
async fn an_age_counts_from_before_the_page_was_made() {
    let case = Case::new().await;
    case.there.get(PAGE).await.expect(200);
    case.send().await;
    case.publish().await;
    // Asking does not make it younger.
    for _ in 0..4 {
        case.site.clock.advance(TimeDelta::milliseconds(199));
        case.there.get(PAGE).await.expect(200).lacks(WORDS);
    }
    case.site.clock.advance(TimeDelta::milliseconds(199));
    let last = case.there.get(PAGE).await.expect(200);
    last.contains(WORDS);
    // A page from the future is not young either.
    case.send().await;
    case.site.clock.advance(TimeDelta::milliseconds(-500));
    assert_ne!(tag(&case.there.get(PAGE).await.expect(200)), tag(&last));
}

#[tokio::test]
async fn an_extension_and_midnight_show_at_once() {
    let case = Case::new().await;
    let before = case.here.get(PAGE).await.expect(200);
    before.contains("还剩 <strong>30</strong> 天");
    let owner = case.site.actor(case.open.owner).await;
    let extend = Extend { new_closes_on: day("2026-04-11"), reason: "来信很多".into() };
    consultation::extend(&case.site.app, &owner, case.open.consultation, &extend).await.unwrap();
    case.here.get(PAGE).await.expect(200).contains("还剩 <strong>40</strong> 天");

    case.site.clock.set(at("2026-03-03", 0, 0) - TimeDelta::microseconds(1));
    for guest in [&case.here, &case.there] {
        guest.get(PAGE).await.expect(200).contains("还剩 <strong>40</strong> 天");
    }
    case.site.clock.set(at("2026-03-03", 0, 0));
    for guest in [&case.here, &case.there] {
        guest.get(PAGE).await.expect(200).contains("还剩 <strong>39</strong> 天");
    }
}

#[tokio::test]
async fn opinions_that_come_in_leave_the_page_ready_and_are_counted_within_a_second() {
    let case = Case::new().await;
    let before = case.here.get(PAGE).await.expect(200);
    case.send().await;
    assert_eq!(case.here.get(PAGE).await.expect(200).bytes, before.bytes);
    case.site.clock.advance(A_SECOND);
    let after = case.here.get(PAGE).await.expect(200);
    assert_ne!(after.bytes, before.bytes);
    assert_ne!(tag(&after), tag(&before));
}

#[tokio::test]
async fn guests_and_staff_never_see_each_others_pages() {
    let case = Case::new().await;
    let owner = case.site.sign_in("owner").await;
    for path in ["/", PAGE, "/notice"] {
        let first = case.here.get(path).await.expect(200);
        let signed_in = owner.get(path).await.expect(200);
        signed_in.contains("测试-owner");
        assert_eq!(signed_in.headers["cache-control"], "no-store");
        assert!(!signed_in.headers.contains_key(header::ETAG), "{path}");
        let again = case.here.get(path).await.expect(200);
        again.lacks("测试-owner");
        assert_eq!(again.bytes, first.bytes, "{path}");
        assert_eq!(again.headers["cache-control"], "no-cache");
        assert_ne!(again.headers["x-request-id"], first.headers["x-request-id"]);
        // Nobody's session is as good as somebody's for staying away from what is kept.
        let stranger = case.site.in_session("0000").get(path).await.expect(200);
        assert!(!stranger.headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn forms_with_a_key_of_their_own_are_new_each_time() {
    let case = Case::new().await;
    let form = format!("{PAGE}/opinion");
    let mut keys = Vec::new();
    for _ in 0..2 {
        keys.push(case.here.get(&form).await.expect(200).input("key").unwrap());
    }
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn languages_type_sizes_and_addresses_have_pages_of_their_own() {
    let case = Case::new().await;
    let zh = case.here.get(PAGE).await.expect(200);
    let english = case.site.guest();
    // The switch itself is remembered each time it is used.
    for _ in 0..2 {
        let switched = case.site.guest().get(&format!("{PAGE}?lang=en")).await.expect(200);
        assert!(switched.headers[header::SET_COOKIE].to_str().unwrap().starts_with("lang=en"));
    }
    english.get("/?lang=en").await.expect(200);
    let en = english.get(PAGE).await.expect(200);
    en.contains("lang=\"en\"");
    let large = case.site.guest();
    large.get("/?mode=large").await.expect(200);
    assert_ne!(large.get(PAGE).await.expect(200).bytes, zh.bytes);
    assert_eq!(case.here.get(PAGE).await.expect(200).bytes, zh.bytes);
    assert_eq!(english.get(PAGE).await.expect(200).bytes, en.bytes);
    case.here.get("/notice").await.expect(200);
    case.here.get("/notice?done=saved").await.expect(200).contains("已保存");
    case.here.get("/notice").await.expect(200).lacks("已保存");
}

#[tokio::test]
async fn who_has_the_bytes_is_told_so() {
    let case = Case::new().await;
    let mut tags = Vec::new();
    for coding in ["identity", "gzip", "br"] {
        let asks = |tag: Option<String>| {
            let mut headers = vec![("accept-encoding".to_owned(), coding.to_owned())];
            headers.extend(tag.map(|tag| ("if-none-match".to_owned(), tag)));
            headers
        };
        let get = async |method: &str, headers: Vec<(String, String)>| {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            case.here.raw(method, PAGE, &headers, Vec::new()).await
        };
        let first = get("GET", asks(None)).await.expect(200);
        let again = get("GET", asks(None)).await.expect(200);
        assert_eq!(first.bytes, again.bytes, "{coding}");
        let mine = tag(&first);
        assert!(!tags.contains(&mine), "each coding has a tag of its own");
        for known in [mine.clone(), format!("\"other\", W/{mine}"), "*".into()] {
            let none = get("GET", asks(Some(known))).await.expect(304);
            assert!(none.bytes.is_empty());
            for (name, value) in [("cache-control", "no-cache"), ("vary", "Accept-Encoding, Cookie")] {
                assert_eq!(none.headers[name], value);
            }
            assert_eq!(tag(&none), mine);
        }
        get("GET", asks(Some("\"other\"".into()))).await.expect(200);
        let head = get("HEAD", asks(None)).await.expect(200);
        assert!(head.bytes.is_empty());
        assert_eq!(
            (tag(&head), &head.headers["content-type"]),
            (mine.clone(), &first.headers["content-type"])
        );
        tags.push(mine);
    }
    case.send().await;
    case.publish().await;
    let headers = [("if-none-match", tags[0].as_str())];
    case.here.raw("GET", PAGE, &headers, Vec::new()).await.expect(200).contains(WORDS);
}

#[tokio::test]
async fn packed_pages_say_what_plain_ones_say() {
    use std::io::Read as _;
    let case = Case::new().await;
    let plain = case.here.get(PAGE).await.expect(200);
    // The first makes it, the second finds it.
    for _ in 0..2 {
        let (mut gzip, mut brotli) = (Vec::new(), Vec::new());
        let packed = case.here.raw("GET", PAGE, &[("accept-encoding", "gzip")], Vec::new()).await.expect(200);
        assert_eq!(packed.headers["content-encoding"], "gzip");
        flate2::read::GzDecoder::new(&packed.bytes[..]).read_to_end(&mut gzip).unwrap();
        let packed =
            case.here.raw("GET", PAGE, &[("accept-encoding", "gzip, br")], Vec::new()).await.expect(200);
        assert_eq!(packed.headers["content-encoding"], "br");
        brotli::Decompressor::new(&packed.bytes[..], 4096).read_to_end(&mut brotli).unwrap();
        assert!(gzip == plain.bytes && brotli == plain.bytes);
    }
}

#[tokio::test]
async fn what_was_not_there_is_asked_for_again() {
    let site = Site::new().await;
    let there = site.beside().await.guest();
    there.get(PAGE).await.expect(404);
    fixture::open(&site).await;
    there.get(PAGE).await.expect(200);
}

#[tokio::test]
async fn without_memory_for_it_nothing_is_kept() {
    let site = Site::with(|config| config.limits.page_cache_bytes = 0).await;
    let office = site.department("office", "办公室").await;
    let (here, there) = (site.guest(), site.beside().await.guest());
    there.get(PAGE).await.expect(404);
    let owner = site.staff("owner", office, &[Role::Owner]).await;
    fixture::consultation(&site, "2026-001", office, owner).await;
    let first = there.get(PAGE).await.expect(200);
    let body = json!({ "text": WORDS, "person_kind": "individual", "show_as": "anonymous", "consent": true });
    here.json("POST", &format!("/api/v1/consultations/{CODE}/opinions"), body).await.expect(201);
    let second = there.get(PAGE).await.expect(200);
    assert_ne!(first.bytes, second.bytes);
    let known = tag(&second);
    there.raw("GET", PAGE, &[("if-none-match", &known)], Vec::new()).await.expect(304);
}

/// The other way round: people who wait for one page wait for one making of it.
#[tokio::test]
async fn many_at_once_get_the_same_page() {
    let case = Case::new().await;
    let asks = (0..32).map(|_| case.here.get(PAGE));
    let answers = futures_util::future::join_all(asks).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), tag(answer)), (200, tag(&answers[0])));
    }
}
