//! The edge: headers on every kind of answer, where forms come from, limits, methods, problems.

use std::sync::Arc;

use entity::enums::Role;
use jianyan::http;
use jianyan::http::pages::Pages;
use jianyan::http::render;
use jianyan::problem::{Code, Problem};
use poem::web::Path;
use poem::{Response, Route, handler};

use crate::harness::{Answer, Person, Site, encode};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

#[handler]
fn boom() -> Response {
    panic!("secret words of a handler")
}

#[handler]
fn file() -> Response {
    render::download("草案 \"1\".txt", "text/plain; charset=utf-8", b"abc".to_vec())
}

#[handler]
fn fails(Path(code): Path<String>) -> poem::Result<Response> {
    let code = Code::ALL.iter().find(|c| c.as_str() == code).copied().unwrap_or(Code::NotFound);
    let inner = "SELECT secret FROM staff";
    Err(Problem { source: Some(inner.into()), ..Problem::new(code) }.into())
}

/// The site with handlers that go wrong in every way.
fn with_odd_handlers(site: &Site) -> Person {
    let pages = || Pages::default().get("/boom", boom).get("/file", file).get("/problem/:code", fails);
    let routes = pages().into_route(Route::new().nest("/api/v1", pages().into_route(Route::new())));
    site.guest_of(Arc::new(http::guarded(site.app.clone(), routes)))
}

#[track_caller]
fn is_safe(answer: &Answer, what: &str) {
    for (name, wanted) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ] {
        assert_eq!(answer.headers.get(name).and_then(|v| v.to_str().ok()), Some(wanted), "{what}: {name}");
    }
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    for loose in ["unsafe-inline", "unsafe-eval", "*", "http:"] {
        assert!(!policy.contains(loose), "{what}: {policy}");
    }
    assert_eq!(answer.headers["x-request-id"].len(), 32, "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(name), "{what}: {name}");
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_headers() {
    let site = Site::new().await;
    let odd = with_odd_handlers(&site);
    let guest = site.guest();
    let asset = guest
        .get("/")
        .await
        .text
        .split("/static/site-")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let answers = [
        ("page", guest.get("/").await.expect(200)),
        ("missing page", guest.get("/nothing").await.expect(404)),
        (
            "wrong method",
            guest.raw("PUT", "/", &[("sec-fetch-site", "same-origin")], vec![]).await.expect(405),
        ),
        ("foreign form", guest.raw("POST", "/receipts", &[], vec![]).await.expect(403)),
        ("form again", guest.post("/desk/sign-in", &[("login", "x"), ("password", "y")]).await.expect(401)),
        ("redirect", guest.get("/desk").await.expect(303)),
        ("asset", guest.get(&format!("/static/site-{asset}")).await.expect(200)),
        ("json", guest.get(&format!("/api/v1/search?q={}", encode("开放"))).await.expect(200)),
        ("json problem", guest.get("/api/v1/search?q=").await.expect(422)),
        ("missing operation", guest.get("/api/v1/nothing").await.expect(404)),
        ("no token", guest.get("/api/v1/me").await.expect(401)),
        ("spec", guest.get("/openapi.json").await.expect(200)),
        ("robots", guest.get("/robots.txt").await.expect(200)),
        ("alive", guest.get("/livez").await.expect(200)),
        ("ready", guest.get("/readyz").await.expect(200)),
        ("download", odd.get("/file").await.expect(200)),
        ("panic", odd.get("/boom").await.expect(500)),
        ("panic in the API", odd.get("/api/v1/boom").await.expect(500)),
    ];
    for (what, answer) in &answers {
        is_safe(answer, what);
        assert!(!answer.headers.contains_key("strict-transport-security"), "{what}");
    }
    // The reference page alone may run its own scripts.
    let reference = guest.get("/api/docs").await.expect(200);
    assert!(reference.headers["content-security-policy"].to_str().unwrap().contains("'unsafe-inline'"));
    let download = &answers[15].1;
    assert_eq!(download.headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(
        download.headers["content-disposition"],
        "attachment; filename*=UTF-8''%E8%8D%89%E6%A1%88%20%221%22.txt"
    );
}

#[tokio::test]
async fn over_tls_the_browser_is_told_to_stay_there() {
    let site = Site::with(|config| config.base_url = Some("https://sports.example.gov.cn".into())).await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let page = site.guest().get("/?lang=en").await.expect(200);
    assert_eq!(page.headers["strict-transport-security"], "max-age=63072000; includeSubDomains");
    assert_eq!(
        page.headers["set-cookie"],
        "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure"
    );
    let body = format!("login=zhang&password={}", encode(crate::harness::PASSWORD));
    let headers = [FORM, ("origin", "https://sports.example.gov.cn")];
    let answer = site.guest().raw("POST", "/desk/sign-in", &headers, body.into_bytes()).await.expect(303);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-sid="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    for part in ["Domain", "Max-Age", "Expires"] {
        assert!(!cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_form_must_come_from_a_page_of_this_site() {
    let site = Site::new().await;
    let guest = site.guest();
    let send = async |headers: &[(&str, &str)]| {
        let mut all = vec![FORM];
        all.extend_from_slice(headers);
        guest.raw("POST", "/desk/sign-in", &all, b"login=a&password=b".to_vec()).await.status.as_u16()
    };
    for good in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://localhost:8080")],
        &[("referer", "http://localhost:8080/desk/sign-in")],
    ] {
        assert_eq!(send(good).await, 401, "{good:?}");
    }
    for bad in [
        &[][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
        &[("origin", "null")],
        &[("origin", "http://evil.example")],
        &[("origin", "http://localhost:8080.evil.example")],
        &[("origin", "http://localhost:80801")],
        &[("referer", "http://evil.example/?http://localhost:8080/")],
        &[("referer", "http://localhost:8080@evil.example/")],
        &[("origin", "http://evil.example"), ("referer", "http://localhost:8080/")],
    ] {
        assert_eq!(send(bad).await, 403, "{bad:?}");
    }
    let refused = guest.raw("POST", "/desk/sign-in", &[FORM], vec![]).await.expect(403);
    refused.contains("error-code");
    // The API takes no cookies, so nobody can be made to use it.
    let answer = guest.raw("POST", "/api/v1/me", &[("origin", "http://evil.example")], vec![]).await;
    assert_eq!(answer.status.as_u16(), 405);
}

#[tokio::test]
async fn a_signed_in_form_carries_the_token_of_its_session() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let zhang = site.sign_in("zhang").await;
    for csrf in ["", "wrong", "csrf"] {
        zhang.post("/desk/sign-out", &[("csrf", csrf)]).await.expect(403);
    }
    zhang.post("/desk/sign-out", &[]).await.expect(303);
}

#[tokio::test]
async fn bodies_and_addresses_have_limits() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let guest = site.guest();
    let from_here = ("sec-fetch-site", "same-origin");
    let large = vec![b'a'; 300 * 1024];
    guest.raw("POST", "/receipts", &[FORM, from_here], large.clone()).await.expect(413);
    guest.raw("POST", "/desk/sign-in", &[FORM, from_here], large.clone()).await.expect(413);
    let answer = guest.raw("POST", "/api/v1/nothing", &[JSON], large.clone()).await.expect(413);
    assert_eq!(answer.json()["code"], "too_large");
    // A token nobody issued opens nothing.
    let forged = ("authorization", "Bearer jy_forged");
    guest.raw("POST", "/api/v1/nothing", &[JSON, forged], large.clone()).await.expect(413);
    let told = ("content-length", "999999999999");
    guest.raw("POST", "/receipts", &[FORM, from_here, told], vec![]).await.expect(413);
    // Staff may send files.
    site.api("zhang").await.raw("POST", "/api/v1/nothing", &[JSON], large).await.expect(404);
    // What would be unpacked after its size was checked.
    let packed = ("content-encoding", "gzip");
    guest.raw("POST", "/receipts", &[FORM, from_here, packed], vec![0; 10]).await.expect(415);

    let page = guest.get(&format!("/search?q={}", "a".repeat(9000))).await.expect(414);
    page.contains("error-code");
    let answer = guest.get(&format!("/api/v1/search?q={}", "a".repeat(9000))).await.expect(414);
    assert_eq!(answer.json()["code"], "url_too_long");
}

#[tokio::test]
async fn odd_addresses_are_answered_plainly() {
    let site = Site::new().await;
    let guest = site.guest();
    for path in [
        "/%",
        "/%zz",
        "/%00",
        "/decisions/%00",
        "/decisions/%ff",
        "/decisions/%E5%BC",
        "/decisions/..%2f..%2fetc",
        "/decisions/'",
        "/decisions/%22%3E%3Cscript%3E",
        "/consultations/2026-001-1%00",
        "//",
        "//evil.example",
        "/.",
        "/..",
        "/decisions//",
        "/static/../Cargo.toml",
        "/static/..%2f..%2fCargo.toml",
        "/static/%00",
        "/files/not-an-id",
        "/files/00000000-0000-0000-0000-000000000000",
        "/catalogues/a/b",
        "/catalogues/a/99999999999",
        "/receipts/%00",
        "/receipts/%F0%9F%8F%9F",
        "/api",
        "/desk/duties/not-an-id",
    ] {
        let answer = guest.get(path).await;
        let status = answer.status.as_u16();
        assert!(matches!(status, 303 | 400..=499), "{path}: {status}");
        is_safe(&answer, path);
        answer.lacks("<script>");
    }
    guest.get("/search?q=%00").await.expect(400);
    guest.get("/?lang=%00").await.expect(400);
    for path in [
        "/api/v1/%00",
        "/api/v1/decisions/%00",
        "/api/v1/decisions/%ff",
        "/api/v1//",
        "/api/v1/../v1/me",
        "/api/",
    ] {
        let answer = guest.get(path).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let site = Site::new().await;
    let guest = site.guest();
    for path in ["/", "/search", "/nothing", "/openapi.json", "/api/v1/me", "/livez"] {
        let (get, head) = (guest.get(path).await, guest.raw("HEAD", path, &[], vec![]).await);
        assert_eq!(get.status, head.status, "{path}");
        assert_eq!(get.headers["content-type"], head.headers["content-type"], "{path}");
        assert!(head.bytes.is_empty() || !head.status.is_success(), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let site = Site::new().await;
    let guest = site.guest();
    let from_here = [("sec-fetch-site", "same-origin")];
    for (method, path, allow) in [
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/search", "GET, HEAD"),
        ("PUT", "/desk/sign-in", "GET, HEAD, POST"),
        ("OPTIONS", "/", "GET, HEAD"),
        ("POST", "/static/site.css", "GET, HEAD"),
        ("PATCH", "/openapi.json", "GET, HEAD"),
        ("DELETE", "/api/v1/me", "GET, HEAD"),
        ("POST", "/api/v1/search", "GET, HEAD"),
    ] {
        let answer = guest.raw(method, path, &from_here, vec![]).await.expect(405);
        assert_eq!(answer.headers["allow"], allow, "{method} {path}");
    }
    let answer = guest.raw("BREW", "/", &from_here, vec![]).await;
    assert_eq!(answer.status.as_u16(), 405);
}

#[tokio::test]
async fn a_program_reads_problems_and_a_person_reads_pages() {
    let site = Site::new().await;
    let guest = site.guest();
    let answer = guest.get("/api/v1/nothing").await.expect(404);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let problem = answer.json();
    assert_eq!((&problem["code"], &problem["status"]), (&"not_found".into(), &404.into()));
    assert_eq!((&problem["title"], &problem["title_en"]), (&"没有找到".into(), &"Not found".into()));
    assert_eq!(problem["request_id"], answer.headers["x-request-id"].to_str().unwrap());

    let page = guest.get("/nothing").await.expect(404);
    page.contains("没有找到这个页面")
        .contains("lang=\"zh-CN\"")
        .contains(page.headers["x-request-id"].to_str().unwrap());
    let page = guest.get("/nothing?lang=en").await.expect(404);
    page.contains("This page was not found").contains("lang=\"en\"");

    let no_token = guest.get("/api/v1/me").await.expect(401);
    assert_eq!(no_token.headers["www-authenticate"], "Bearer");
    assert_eq!(no_token.json()["code"], "unauthenticated");
    for token in ["Bearer", "Bearer ", "Bearer jy_x", "Basic YTpi", "Bearer \u{7f}"] {
        let answer = guest.raw("GET", "/api/v1/me", &[("authorization", token)], vec![]).await;
        assert_eq!(answer.status.as_u16(), 401, "{token:?}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn what_went_wrong_inside_stays_inside() {
    let site = Site::new().await;
    let odd = with_odd_handlers(&site);
    let page = odd.get("/boom").await.expect(500);
    page.contains("系统出了问题").lacks("secret words").lacks("panicked");
    let answer = odd.get("/api/v1/boom").await.expect(500);
    assert_eq!(answer.json()["code"], "internal");
    answer.lacks("secret words");
    for code in Code::ALL {
        let status = code.status();
        let answer = odd.get(&format!("/api/v1/problem/{}", code.as_str())).await.expect(status);
        let problem = answer.json();
        assert_eq!(problem["code"], code.as_str());
        assert!(
            problem["title"].is_string()
                && problem["title_en"].is_string()
                && problem["request_id"].is_string()
        );
        answer.lacks("SELECT");
        let page = odd.get(&format!("/problem/{}", code.as_str())).await;
        page.lacks("SELECT");
        if *code == Code::Unauthenticated {
            assert_eq!(page.location(), "/desk/sign-in?next=/problem/unauthenticated");
        } else if *code == Code::SecondFactorRequired {
            assert_eq!(page.location(), "/desk/account/second-factor");
        } else {
            assert_eq!(page.status.as_u16(), status);
            page.contains(&format!("<p class=\"error-code\" aria-hidden=\"true\">{status}</p>"));
        }
    }
}

#[tokio::test]
async fn language_and_type_size_are_remembered() {
    let site = Site::new().await;
    let guest = site.guest();
    guest.get("/search").await.expect(200).contains("lang=\"zh-CN\"");
    let page = guest.get("/search?lang=en&mode=large").await.expect(200);
    page.contains("lang=\"en\"").contains("class=\"large\"");
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    assert_eq!(
        cookies,
        [
            "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
            "mode=large; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
        ]
    );
    let page = guest.get("/search").await.expect(200);
    page.contains("lang=\"en\"").contains("class=\"large\"");
    assert_eq!(page.headers["vary"], "Accept-Encoding, Cookie");
    guest.get("/?lang=zh&mode=normal").await.expect(200).contains("lang=\"zh-CN\"").lacks("class=\"large\"");
    guest.get("/").await.expect(200).contains("lang=\"zh-CN\"");
    for odd in ["/?lang=fr", "/?lang=", "/?lang", "/?lang=en%0d%0aset-cookie:x=y"] {
        let page = site.guest().get(odd).await.expect(200);
        page.contains("lang=\"zh-CN\"");
        assert!(!page.headers.contains_key("set-cookie"), "{odd}");
    }
}

#[tokio::test]
async fn pages_of_one_person_are_not_stored() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let zhang = site.sign_in("zhang").await;
    assert_eq!(site.guest().get("/").await.headers["cache-control"], "no-cache");
    assert_eq!(zhang.get("/").await.headers["cache-control"], "no-store");
    for path in ["/desk", "/desk/sign-in", "/receipts"] {
        assert_eq!(site.guest().get(path).await.headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_who_asks() {
    let site = Site::new().await;
    let guest = site.guest();
    let plain = guest.get("/notice").await.expect(200);
    assert!(!plain.headers.contains_key("content-encoding"));
    for coding in ["gzip", "br"] {
        let packed = guest.raw("GET", "/notice", &[("accept-encoding", coding)], vec![]).await.expect(200);
        assert_eq!(packed.headers["content-encoding"], coding);
        assert!(packed.bytes.len() * 2 < plain.bytes.len(), "{coding}: {}", packed.bytes.len());
    }
    assert_eq!(guest.get("/openapi.json").await.headers["vary"], "Accept-Encoding");
}
