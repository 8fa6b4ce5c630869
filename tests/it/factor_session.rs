//! Sessions of staff: how long they last, who may send their cookie, the page of one's own account.

use entity::enums::Role;
use jianyan::config::Security;

use crate::harness::{Answer, PASSWORD, Person, Site};

const NEW_PASSWORD: &str = "a quite different sentence";

/// A site with the product's own settings for staff accounts.
async fn site() -> Site {
    let site = Site::with(|config| config.security = Security::default()).await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    site.staff("li", office, &[Role::Owner, Role::Admin]).await;
    site
}

async fn is_in(person: &Person) -> bool {
    person.get("/desk/account").await.status == 200
}

/// The addresses of the buttons that end one session.
fn ends(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let forms = scraper::Selector::parse("form[action$=\"/end\"]").unwrap();
    let actions = html.select(&forms).filter_map(|f| f.attr("action").map(str::to_owned));
    actions.filter(|a| !a.ends_with("/others/end")).collect()
}

#[tokio::test]
async fn a_session_ends_after_a_quarter_of_an_hour_without_a_request_and_not_before() {
    let site = site().await;
    let busy = site.sign_in("zhang").await;
    let idle = site.sign_in("zhang").await;
    site.at("2026-03-02", 10, 14).await;
    assert!(is_in(&busy).await);
    site.at("2026-03-02", 10, 16).await;
    assert!(is_in(&busy).await);
    assert!(!is_in(&idle).await);
    let longer = Site::with(|config| config.security.staff_idle_minutes = 30).await;
    let office = longer.department("office", "办公室").await;
    longer.staff("zhang", office, &[Role::Owner]).await;
    let person = longer.sign_in("zhang").await;
    longer.at("2026-03-02", 10, 29).await;
    assert!(is_in(&person).await);
    longer.at("2026-03-02", 11, 0).await;
    assert!(!is_in(&person).await);
}

#[tokio::test]
async fn the_cookie_is_strict_and_a_link_from_elsewhere_still_leads_to_its_page() {
    let site = site().await;
    let guest = site.guest();
    let fields = [("login", "zhang"), ("password", PASSWORD)];
    let answer = guest.post("/desk/sign-in", &fields).await.expect(303);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");

    // A browser that follows a link in a mail keeps the cookie back: the site sees a guest from elsewhere.
    let stranger = site.guest();
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let bridge = stranger.raw("GET", "/desk/inbox", &elsewhere, vec![]).await.expect(200);
    assert_eq!(bridge.headers["refresh"], "0; url=/desk/sign-in?next=/desk/inbox");
    assert_eq!(bridge.headers["cache-control"], "no-store");
    bridge.contains("href=\"/desk/sign-in?next=/desk/inbox\"");
    // From our own page the cookie comes along …
    let here = [("sec-fetch-site", "same-origin")];
    let onward = guest.raw("GET", "/desk/sign-in?next=/desk/inbox", &here, vec![]).await.expect(303);
    assert_eq!(onward.location(), "/desk/inbox");
    // … and whoever has none signs in; nothing goes round in circles, whatever the browser says.
    for site in ["same-origin", "cross-site"] {
        let headers = [("sec-fetch-site", site)];
        let form = stranger.raw("GET", "/desk/sign-in?next=/desk/inbox", &headers, vec![]).await.expect(200);
        assert_eq!(form.input("next").as_deref(), Some("/desk/inbox"));
        assert!(!form.headers.contains_key("refresh"));
    }
    // A link on our own site, or one typed, needs no bridge; a form from elsewhere gets none.
    for site in ["same-origin", "none"] {
        let headers = [("sec-fetch-site", site)];
        stranger.raw("GET", "/desk/inbox", &headers, vec![]).await.expect(303);
    }
    stranger.raw("POST", "/desk/inbox/read", &elsewhere, vec![]).await.expect(403);
    // The way on stays on this site, whatever the link asks for.
    let odd = guest.raw("GET", "/desk/sign-in?next=//evil.example", &here, vec![]).await.expect(303);
    assert_eq!(odd.location(), "/desk");
}

#[tokio::test]
async fn the_account_page_shows_the_own_sessions_and_ends_them_one_by_one() {
    let site = site().await;
    let here = site.sign_in("zhang").await;
    let there = site.sign_in("zhang").await;
    let other = site.sign_in("li").await;
    let page = here.get("/desk/account").await.expect(200);
    page.contains("本次登录").contains("zhang@example.invalid").contains("未知设备");
    let buttons = ends(&page);
    assert_eq!(buttons.len(), 1, "the present session has no button");

    // Nobody ends somebody else's session, and none twice.
    other.post(&buttons[0], &[]).await.expect(404);
    assert!(is_in(&there).await);
    assert_eq!(here.post(&buttons[0], &[]).await.expect(303).location(), "/desk/account?done=session_ended");
    assert!(!is_in(&there).await);
    assert!(is_in(&here).await && is_in(&other).await);
    here.post(&buttons[0], &[]).await.expect(404);
    here.post("/desk/account/sessions/nonsense/end", &[]).await.expect(404);
    // Without the token of the session a form does nothing.
    here.post("/desk/account/sessions/others/end", &[("csrf", "x")]).await.expect(403);

    let there = site.sign_in("zhang").await;
    here.post("/desk/account/sessions/others/end", &[]).await.expect(303);
    assert!(!is_in(&there).await);
    assert!(is_in(&here).await && is_in(&other).await);
    let english = here.get("/desk/account?lang=en").await.expect(200);
    english.contains("Where you are signed in").lacks("End all others");
    let record = other.get("/desk/admin/audit?action=session.end").await.expect(200);
    record.contains("session.end");
    site.guest().get("/desk/account").await.expect(303);
}

#[tokio::test]
async fn a_changed_password_ends_every_session_and_open_link_and_the_person_hears_of_it() {
    let site = site().await;
    let here = site.sign_in("zhang").await;
    let there = site.sign_in("zhang").await;
    let admin = site.sign_in("li").await;
    let before = here.cookie("sid").unwrap();
    let change = |present: &'static str, new: &'static str, again: &'static str| {
        [("present_password", present), ("password", new), ("password_again", again)]
    };
    let path = "/desk/account/password";
    here.post(path, &change("not my password", NEW_PASSWORD, NEW_PASSWORD))
        .await
        .expect(422)
        .contains("密码不正确")
        .lacks("not my password");
    here.post(path, &change(PASSWORD, NEW_PASSWORD, PASSWORD)).await.expect(422).contains("不一致");
    here.post(path, &change(PASSWORD, "short", "short")).await.expect(422).contains("至少 12 个字符");
    here.post(path, &change(PASSWORD, PASSWORD, PASSWORD)).await.expect(422).contains("不能与现在的密码相同");
    assert!(is_in(&there).await);

    let answer = here.post(path, &change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD)).await.expect(303);
    assert_eq!(answer.location(), "/desk/account?done=password_changed");
    assert!(is_in(&here).await && !is_in(&there).await);
    assert_ne!(here.cookie("sid").unwrap(), before, "the session has a new id");
    assert!(!is_in(&site.in_session(&before)).await);
    here.get("/desk/inbox").await.expect(200).contains("您的密码已修改");
    site.work().await;
    assert!(site.mails().iter().any(|mail| mail.contains("zhang@example.invalid")));
    admin.get("/desk/admin/audit?action=password.change").await.expect(200).contains("password.change");

    let fields = [("login", "zhang"), ("password", PASSWORD)];
    site.guest().post("/desk/sign-in", &fields).await.expect(401);
    site.sign_in_as("zhang", NEW_PASSWORD).await;
}

#[tokio::test]
async fn a_session_left_open_is_not_enough_to_guess_the_password() {
    let site = site().await;
    let here = site.sign_in("zhang").await;
    let path = "/desk/account/password";
    let guess = [
        ("present_password", "not my password"),
        ("password", NEW_PASSWORD),
        ("password_again", NEW_PASSWORD),
    ];
    for _ in 0..5 {
        here.post(path, &guess).await.expect(422);
    }
    let right =
        [("present_password", PASSWORD), ("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    here.post(path, &right).await.expect(429).contains("尝试次数过多");
    site.at("2026-03-02", 10, 1).await;
    here.post(path, &right).await.expect(303);
}
