//! Bad input for every operation and every form: wrong types, missing and unknown fields, too much, too
//! deep, invisible characters, other people's ids. The answer is a clear 4xx (or a success where the input
//! is fine after all), never a 5xx, and in the API always a problem document.

use std::collections::{BTreeMap, BTreeSet};

use entity::enums::Role;
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::authz::spec::{self, Operation, example, fill};
use crate::harness::{Answer, Person, Site, encode};
use crate::matrix_fixture::{Thing, World};

/// Somebody whom no role holds back, so that the input itself is judged.
async fn almighty(site: &Site, world: &World) -> &'static str {
    let id = site.staff("almighty", world.sports, Role::ALL).await;
    site.set_head(world.sports, id).await;
    "almighty"
}

#[track_caller]
fn is_clear(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}\n{}", answer.status, answer.text);
    if !answer.status.is_client_error() {
        return;
    }
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}: {}", answer.text);
    let problem = answer.json();
    assert!(problem["code"].is_string() && problem["title"].is_string(), "{what}: {}", answer.text);
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    assert_eq!(problem["request_id"], answer.headers["x-request-id"].to_str().unwrap(), "{what}");
}

/// Values that do not fit, whatever is asked for.
fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(1e300),
        json!([]),
        json!([{}]),
        json!({}),
        json!({ "a": { "b": [] } }),
        json!(""),
        json!(" \u{3000}\n "),
        json!("a\u{0}b"),
        json!("\u{1}\u{1b}[31m"),
        json!("\u{200b}\u{feff}"),
        json!("甲\u{202e}乙"),
        json!("长".repeat(30_000)),
        json!("'; DROP TABLE opinion; --"),
        json!("<script>alert(1)</script>"),
        json!("00000000-0000-7000-8000-000000000001"),
        json!("9999-12-31"),
        json!("-262143-01-01"),
        json!("0000-00-00"),
        json!("👨‍👩‍👧"),
    ]
}

fn odd_bodies() -> Vec<Vec<u8>> {
    let deep =
        |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n)).into_bytes();
    vec![
        b"".to_vec(),
        b"{".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"\"text\"".to_vec(),
        b"{\"a\":\"\\ud800\"}".to_vec(),
        b"{\"a\":1,\"a\":2}".to_vec(),
        b"{} {}".to_vec(),
        b"\xff\xfe".to_vec(),
        deep("[", "]", 20_000),
        deep("{\"a\":", "}", 20_000),
    ]
}

fn bodies(world: &World, schema: &Value) -> Vec<(String, Value)> {
    let whole = example(world, "", schema, Thing::Shown);
    let mut all = Vec::new();
    let mut with = |what: String, field: &str, value: Option<Value>| {
        let mut body = whole.clone();
        let fields = body.as_object_mut().unwrap();
        match value {
            Some(value) => fields.insert(field.to_owned(), value),
            None => fields.remove(field),
        };
        all.push((what, body));
    };
    with("an unknown field".into(), "unknown_field", Some(json!(1)));
    for name in schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
        with(format!("{name} missing"), name, None);
        for value in odd_values() {
            let short: String = value.to_string().chars().take(30).collect();
            with(format!("{name} = {short}"), name, Some(value));
        }
    }
    all
}

/// The one refusal whose status is known beforehand.
fn must_refuse(what: &str, status: StatusCode, context: &str) {
    if what == "an unknown field" {
        assert!(status.is_client_error(), "{context}: an unknown field was taken: {status}");
    }
}

async fn fuzz_body(world: &World, person: &Person, operation: &Operation) {
    let Some((media, schema)) = &operation.body else { return };
    let name = format!("{} {}", operation.method, operation.path);
    let path = fill(world, &operation.path, Thing::Shown);
    for media in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json;charset=gbk",
        "x",
    ] {
        let answer =
            person.raw(&operation.method, &path, &[("content-type", media)], b"{\"a\":1}".to_vec()).await;
        is_clear(&answer, &format!("{name} as {media}"));
        assert!(answer.status.is_client_error(), "{name} as {media}: {}", answer.status);
    }
    let answer = person.raw(&operation.method, &path, &[], b"{}".to_vec()).await;
    is_clear(&answer, &format!("{name} as nothing"));
    if media != "application/json" {
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        for body in odd_bodies() {
            is_clear(
                &person.raw(&operation.method, &path, &headers, body).await,
                &format!("{name} cut wrongly"),
            );
        }
        return;
    }
    let headers = [("content-type", "application/json")];
    for body in odd_bodies() {
        let short = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
        let answer = person.raw(&operation.method, &path, &headers, body).await;
        is_clear(&answer, &format!("{name} with {short:?}"));
        assert!(answer.status.is_client_error(), "{name} with {short:?}: {}", answer.status);
    }
    for (what, body) in bodies(world, schema) {
        let answer = person.raw(&operation.method, &path, &headers, body.to_string().into_bytes()).await;
        let context = format!("{name} with {what}");
        is_clear(&answer, &context);
        must_refuse(&what, answer.status, &context);
    }
}

/// Texts for a segment of an address or a value of a query, encoded.
fn odd_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "0",
        "-1",
        "99999999999999999999",
        "1e9",
        "not-an-id",
        "2026-999",
        "2026-999-9-999999",
        "a,b",
        "null",
        "'",
        "\"",
        "../..",
        "；",
        "👨‍👩‍👧",
        "\u{1}",
        "\u{202e}",
        "00000000-0000-7000-8000-000000000001",
        "9999-12-31",
        "-262143-01-01",
        "2026-02-30",
    ]
    .map(encode)
    .into();
    texts.extend(["%00", "%ff", "%", "%E5%BC", "+"].map(str::to_owned));
    texts.push("a".repeat(4000));
    texts
}

async fn fuzz_address(world: &World, person: &Person, operation: &Operation) {
    let name = format!("{} {}", operation.method, operation.path);
    let send = async |path: &str| {
        let headers = [("content-type", "application/json")];
        let body = if operation.body.is_some() { b"{}".to_vec() } else { vec![] };
        let answer = person.raw(&operation.method, path, &headers, body).await;
        is_clear(&answer, &format!("{name} at {path}"));
    };
    let segments: Vec<&str> = operation.path.split('/').collect();
    for (at, _) in segments.iter().enumerate().filter(|(_, s)| s.starts_with('{')) {
        for text in odd_texts() {
            let filled = fill(world, &operation.path, Thing::Shown);
            let mut path: Vec<&str> = filled.split('/').collect();
            path[at] = &text;
            send(&path.join("/")).await;
        }
    }
    let path = fill(world, &operation.path, Thing::Shown);
    let query = operation.parameters.iter().filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
    for parameter in query {
        for text in odd_texts() {
            send(&format!("{path}?{parameter}={text}")).await;
        }
        send(&format!("{path}?{parameter}=1&{parameter}=2&unknown=3")).await;
    }
}

#[tokio::test]
async fn no_operation_breaks_on_bad_input() {
    let world = World::new().await;
    let login = almighty(&world.site, &world).await;
    let staff = world.site.api(login).await;
    let guest = world.site.guest();
    for operation in spec::operations() {
        fuzz_address(&world, &staff, &operation).await;
        fuzz_body(&world, &staff, &operation).await;
        // Whoever has no token learns nothing but that.
        let path = fill(&world, &operation.path, Thing::Shown);
        is_clear(&guest.raw(&operation.method, &path, &[], b"\xff".to_vec()).await, &path);
    }
}

#[tokio::test]
async fn headers_of_the_api_are_checked_as_well() {
    let world = World::new().await;
    let login = almighty(&world.site, &world).await;
    let staff = world.site.api(login).await;
    for operation in spec::operations() {
        let names =
            operation.parameters.iter().filter(|p| p["in"] == "header").filter_map(|p| p["name"].as_str());
        for name in names {
            for value in ["", "x", "-1", "\"", "99999999999999999999", "长", &"a".repeat(3000)] {
                let path = fill(&world, &operation.path, Thing::Shown);
                let body =
                    operation.body.as_ref().map(|(_, s)| example(&world, "", s, Thing::Shown).to_string());
                let headers = [("content-type", "application/json"), (name, value)];
                let body = body.unwrap_or_default().into_bytes();
                let answer = staff.raw(&operation.method, &path, &headers, body).await;
                is_clear(
                    &answer,
                    &format!("{} {} with {name}: {value:.20}", operation.method, operation.path),
                );
            }
        }
    }
}

/// The fields of every form by where it is sent to, from the pages that show them.
async fn forms(world: &World, person: &Person) -> BTreeMap<String, BTreeSet<String>> {
    let mut forms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (method, path) in jianyan::http::page_list() {
        if method != "GET" {
            continue;
        }
        for thing in [Thing::Shown, Thing::Hidden] {
            let address = fill(world, path, thing);
            let page = person.get(&address).await;
            let html = scraper::Html::parse_document(&page.text);
            let form = scraper::Selector::parse("form[method=post]").unwrap();
            let field = scraper::Selector::parse("[name]").unwrap();
            for form in html.select(&form) {
                let action = form.attr("action").filter(|a| !a.is_empty()).unwrap_or(&address);
                let names = form.select(&field).filter_map(|f| f.attr("name")).map(str::to_owned);
                forms.entry(action.to_owned()).or_default().extend(names);
            }
        }
    }
    forms
}

const ODD_FIELDS: [&str; 14] = [
    "",
    " ",
    "a\u{0}b",
    "\u{1}\u{1b}[31m",
    "\u{200b}",
    "甲\u{202e}乙",
    "-1",
    "99999999999999999999",
    "9999-12-31",
    "-262143-01-01",
    "2026-02-30",
    "00000000-0000-7000-8000-000000000001",
    "<script>alert(1)</script>",
    "'; DROP TABLE opinion; --",
];

#[track_caller]
fn is_page(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}\n{}", answer.status, answer.text);
    answer.lacks("<script>alert(1)");
}

#[tokio::test]
async fn no_form_breaks_on_bad_input() {
    let world = World::new().await;
    let login = almighty(&world.site, &world).await;
    let staff = world.site.sign_in(login).await;
    let forms = forms(&world, &staff).await;
    assert!(forms.len() >= 2, "{forms:?}");
    let long = "长".repeat(30_000);
    for (action, fields) in &forms {
        if action.starts_with("/desk/sign-") {
            continue;
        }
        let known: Vec<&str> = fields.iter().map(String::as_str).filter(|f| *f != "csrf").collect();
        for value in ODD_FIELDS.into_iter().chain([long.as_str()]) {
            let all: Vec<(&str, &str)> = known.iter().map(|name| (*name, value)).collect();
            let short: String = value.chars().take(20).collect();
            is_page(&staff.post(action, &all).await, &format!("{action} full of {short:?}"));
        }
        for name in &known {
            for value in ["", "a\u{0}b", "99999999999999999999", "-262143-01-01", "x"] {
                is_page(
                    &staff.post(action, &[(*name, value)]).await,
                    &format!("{action} with {name}={value:?}"),
                );
            }
        }
        let many: Vec<(String, String)> = (0..2500).map(|n| (format!("field_{n}"), String::new())).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        is_page(&staff.post(action, &many).await, &format!("{action} with 2500 fields"));
        is_page(
            &staff
                .upload(
                    action,
                    &[("file", "x")],
                    &[("file", "../../\u{0}e\u{301}.docx", b"PK\x03\x04 not a zip")],
                )
                .await,
            action,
        );
    }
}

#[tokio::test]
async fn no_page_breaks_on_a_bad_body_or_query() {
    let world = World::new().await;
    let login = almighty(&world.site, &world).await;
    let staff = world.site.sign_in(login).await;
    let names = [
        "page",
        "q",
        "column",
        "department",
        "kind",
        "state",
        "status",
        "year",
        "from",
        "to",
        "version",
        "cursor",
        "after",
        "before",
        "next",
        "done",
        "token",
        "owner",
        "sort",
        "clause",
        "topic",
        "lang",
        "mode",
    ];
    let queries: Vec<String> = odd_texts()
        .iter()
        .map(|text| names.iter().map(|name| format!("{name}={text}")).collect::<Vec<_>>().join("&"))
        .filter(|query| query.len() < 8000)
        .collect();
    for (method, path) in jianyan::http::page_list() {
        let path = fill(&world, path, Thing::Shown);
        if path.starts_with("/desk/sign-out") {
            continue;
        }
        if method == "GET" {
            for query in &queries {
                is_page(&staff.get(&format!("{path}?{query}")).await, &format!("{path}?{query}"));
            }
            continue;
        }
        let here = ("sec-fetch-site", "same-origin");
        for media in [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "x",
        ] {
            for body in [
                &b""[..],
                b"\xff=\xfe",
                b"%",
                b"a=%ff&b=%00",
                b"--x\r\n",
                b"--x\r\nContent-Disposition: form-data\r\n\r\n\xff\r\n--x--",
            ] {
                let answer = staff.raw("POST", &path, &[here, ("content-type", media)], body.to_vec()).await;
                is_page(&answer, &format!("POST {path} as {media} {body:?}"));
            }
        }
        is_page(&staff.raw("POST", &path, &[here], vec![]).await, &path);
    }
}
