//! Staff who sign in at a provider: linked by themselves, never by what a provider calls them.

use chrono::TimeDelta;
use entity::enums::Role;
use entity::id::StaffId;
use jianyan::config::SecondFactor;
use serde_json::json;

use super::provider::{Asked, Provider};
use super::{callback, led, site};
use crate::factor::app::Phone;
use crate::harness::{Answer, PASSWORD, Person, Site};

const WITH: &str = "/desk/sign-in/with/city";

async fn world() -> (Site, Provider, StaffId) {
    let (site, provider) = site(|_| {}).await;
    let department = site.department("mass", "群众体育处").await;
    site.staff("root", department, &[Role::Admin]).await;
    let zhang = site.staff("zhang", department, &[Role::Owner]).await;
    site.staff("li", department, &[Role::Owner]).await;
    (site, provider, zhang)
}

/// Goes on from a page that led to the provider, as `subject`, to where it ends.
async fn through(
    site: &Site,
    provider: &Provider,
    person: &Person,
    page: &Answer,
    subject: &str,
    amr: &[&str],
) -> Answer {
    let asked = Asked::read(&led(page));
    let mut claims = provider.claims(&asked, subject, site.app.now());
    claims["amr"] = json!(amr);
    let arrived = person.get(&callback(provider, &asked, &provider.code(&asked, &claims))).await.expect(200);
    person.get(&led(&arrived)).await
}

async fn link(site: &Site, provider: &Provider, person: &Person, subject: &str) -> Answer {
    let page = person.post("/desk/account/providers/city", &[("link_password", PASSWORD)]).await.expect(200);
    through(site, provider, person, &page, subject, &[]).await
}

async fn sign_in(site: &Site, provider: &Provider, subject: &str, amr: &[&str]) -> (Person, Answer) {
    let person = site.guest();
    let page = person.post(WITH, &[("next", "/desk/inbox")]).await.expect(200);
    let answer = through(site, provider, &person, &page, subject, amr).await;
    (person, answer)
}

async fn is_in(person: &Person) -> bool {
    person.get("/desk/inbox").await.status.as_u16() == 200
}

#[tokio::test]
async fn an_account_is_linked_by_its_person_and_signed_in_by_the_provider_until_it_is_unlinked() {
    let (site, provider, zhang) = world().await;
    let offered = site.guest().get("/desk/sign-in").await.expect(200);
    offered.contains("用示例市统一身份认证登录");
    // The provider knows an address and a name of an account: that opens nothing, and makes no account.
    let (person, answer) = sign_in(&site, &provider, "zhang", &[]).await;
    answer.expect(401).contains("没有关联可以使用的工作人员账号");
    assert!(!is_in(&person).await);

    let zhang_here = site.sign_in("zhang").await;
    let wrong =
        zhang_here.post("/desk/account/providers/city", &[("link_password", "wrong")]).await.expect(422);
    wrong.contains("密码不正确");
    zhang_here.post("/desk/account/providers/nobody", &[("link_password", PASSWORD)]).await.expect(404);
    let done = link(&site, &provider, &zhang_here, "s-1").await.expect(303);
    assert_eq!(done.location(), "/desk/account?done=provider_linked");
    zhang_here.get("/desk/account").await.expect(200).contains("s-***").contains("解除关联");
    zhang_here.get("/desk/inbox").await.expect(200).contains("已关联统一身份认证");
    // One subject is one account, one account has one link.
    let li = site.sign_in("li").await;
    link(&site, &provider, &li, "s-1").await.expect(409).contains("已经关联另一个账号");
    zhang_here.post("/desk/account/providers/city", &[("link_password", PASSWORD)]).await.expect(409);

    let (person, answer) = sign_in(&site, &provider, "s-1", &[]).await;
    assert_eq!(answer.expect(303).location(), "/desk/inbox");
    person.get("/desk/account").await.expect(200).contains("测试-zhang").contains("示例市统一身份认证");
    // Nowhere but to the desk.
    let guest = site.guest();
    let page = guest.post(WITH, &[("next", "https://evil.example/desk")]).await.expect(200);
    assert_eq!(through(&site, &provider, &guest, &page, "s-1", &[]).await.expect(303).location(), "/desk");
    // Signing out tells of the provider's own session.
    let out = guest.post("/desk/sign-out", &[]).await.expect(303).location().to_owned();
    guest.get(&out).await.expect(200).contains("同时退出示例市统一身份认证").contains("client_id=jianyan");

    // Unlinking ends what was begun by it; the password still opens.
    let again = site.sign_in("zhang").await;
    again.post("/desk/account/providers/city/remove", &[]).await.expect(303);
    assert!(!is_in(&person).await && is_in(&again).await);
    sign_in(&site, &provider, "s-1", &[]).await.1.expect(401);
    again.post("/desk/account/providers/city/remove", &[]).await.expect(404);

    // An administrator takes a link away, and everything that was begun ends.
    link(&site, &provider, &again, "s-1").await.expect(303);
    let (person, _) = sign_in(&site, &provider, "s-1", &[]).await;
    let root = site.sign_in("root").await;
    root.get(&format!("/desk/admin/staff/{zhang}"))
        .await
        .expect(200)
        .contains("统一身份认证")
        .contains("s-***");
    let remove = format!("/desk/admin/staff/{zhang}/providers/city/remove");
    li.post(&remove, &[]).await.expect(403);
    root.post(&remove, &[]).await.expect(303);
    assert!(!is_in(&person).await && !is_in(&again).await);
}

#[tokio::test]
async fn a_closed_or_waiting_account_and_a_missing_second_factor_are_no_less_closed_to_a_provider() {
    let (site, provider, zhang) = world().await;
    let person = site.sign_in("zhang").await;
    link(&site, &provider, &person, "s-1").await.expect(303);
    // Guesses at the password make the account wait for everybody.
    for _ in 0..5 {
        site.guest().post("/desk/sign-in", &[("login", "zhang"), ("password", "wrong")]).await.expect(401);
    }
    sign_in(&site, &provider, "s-1", &[]).await.1.expect(401).contains("次数过多");
    site.clock.set(site.app.now() + TimeDelta::minutes(16));
    sign_in(&site, &provider, "s-1", &[]).await.1.expect(303);

    // The second factor is asked for, unless the provider says that it asked itself.
    let person = site.sign_in("zhang").await;
    person.post("/desk/account/second-factor", &[("password", PASSWORD)]).await.expect(303);
    let phone = Phone::reading(&person.get("/desk/account/second-factor").await.expect(200));
    let code = phone.code(site.app.now());
    person.post("/desk/account/second-factor/confirm", &[("code", &code)]).await.expect(200);
    let (halfway, answer) = sign_in(&site, &provider, "s-1", &["pwd"]).await;
    assert_eq!(answer.expect(303).location(), "/desk/sign-in/code?next=/desk/inbox");
    assert!(!is_in(&halfway).await);
    site.clock.set(site.app.now() + TimeDelta::minutes(1));
    let code = phone.code(site.app.now());
    let next = [("code", code.as_str()), ("next", "/desk/inbox")];
    assert_eq!(halfway.post("/desk/sign-in/code", &next).await.expect(303).location(), "/desk/inbox");
    assert!(is_in(&halfway).await);
    halfway.get("/desk/account").await.expect(200).contains("示例市统一身份认证");
    let (covered, answer) = sign_in(&site, &provider, "s-1", &["pwd", "mfa"]).await;
    assert_eq!(answer.expect(303).location(), "/desk/inbox");
    assert!(is_in(&covered).await);

    // Where everybody needs one, the provider's counts, and its lack does not.
    let strict = site.beside_with(|config| config.security.second_factor = SecondFactor::Required).await;
    let li = site.sign_in("li").await;
    link(&site, &provider, &li, "s-2").await.expect(303);
    let (covered, answer) = sign_in(&strict, &provider, "s-2", &["mfa"]).await;
    answer.expect(303);
    assert!(is_in(&covered).await);
    let (bare, answer) = sign_in(&strict, &provider, "s-2", &[]).await;
    answer.expect(303);
    assert_eq!(bare.get("/desk/inbox").await.expect(303).location(), "/desk/account/second-factor");

    // Closed is closed, for sessions that are open too.
    let root = site.api("root").await;
    root.json("PATCH", &format!("/api/v1/staff/{zhang}"), json!({ "disabled": true })).await.expect(200);
    assert!(!is_in(&halfway).await);
    sign_in(&site, &provider, "s-1", &["mfa"]).await.1.expect(401).contains("没有关联可以使用的工作人员账号");
    let log = site.sign_in("root").await.get("/desk/admin/audit").await.expect(200);
    log.contains("sign_in.failed").contains("visit.arrive").contains("provider.link");
}
