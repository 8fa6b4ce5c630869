//! Signing in at a provider (OpenID Connect): residents, who come back with a verified contact and what they typed, and
//! staff, whose accounts are linked. The provider is the tests' own; a real one is asked by `tests/oidc/run`.

mod hostile;
mod provider;
mod staff;

use chrono::TimeDelta;
use entity::enums::{IdentityLevel, SubjectKind};
use entity::provider_visit;
use jianyan::config::{Audience, ContactClaim, Oidc};
use jianyan::keys::Purpose;
use jianyan::{identity, opinion};
use provider::{Asked, CLIENT, Provider, SECRET};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::fixture::{self, CODE};
use crate::harness::{Answer, Person, Site, encode};

const FORM: &str = "/consultations/2026-001-1/opinion";
const TEXT: &str = "第一行：周末开门太晚。\n第二行：“希望”提前 <一小时>。";

/// A site whose settings know the provider as `city`.
async fn site(change: impl FnOnce(&mut Oidc)) -> (Site, Provider) {
    let provider = Provider::start().await;
    let mut settings = Oidc {
        issuer: provider.issuer(),
        client_id: CLIENT.into(),
        client_secret_file: None,
        client_auth: jianyan::config::ClientAuth::Basic,
        name: "示例市统一身份认证".into(),
        name_en: "Shili City ID".into(),
        audiences: vec![Audience::Residents, Audience::Staff],
        scopes: None,
        contact: ContactClaim::Email,
        acr_values: vec![],
        second_factor: vec!["mfa".into()],
        hosts: vec![],
        ca_file: None,
    };
    change(&mut settings);
    let site = Site::with(|config| {
        let secret = config.data_dir.join("oidc.secret");
        write_private(&secret, &format!("{SECRET}\n"));
        settings.client_secret_file = Some(secret);
        config.oidc.insert("city".into(), settings);
    })
    .await;
    (site, provider)
}

/// A file that its owner alone may read.
fn write_private(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// The open consultation asks for a sign-in from now on.
async fn ask(site: &Site) {
    let open = fixture::open(site).await;
    let write = site.app.write().await.unwrap();
    entity::consultation::Entity::update_many()
        .col_expr(entity::consultation::Column::Identity, Expr::value(IdentityLevel::Oidc))
        .filter(entity::consultation::Column::Id.eq(open.consultation))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// Everything a page's form would send, with some fields changed.
async fn press(person: &Person, page: &Answer, changed: &[(&str, &str)]) -> Answer {
    let html = scraper::Html::parse_document(&page.text);
    let inputs = scraper::Selector::parse("form.opinion-form input").unwrap();
    let mut fields: Vec<(String, String)> = html
        .select(&inputs)
        .filter_map(|e| Some((e.attr("name")?.to_owned(), e.attr("value").unwrap_or_default().to_owned())))
        .filter(|(name, _)| name != "csrf" && !changed.iter().any(|(n, _)| n == name))
        .collect();
    fields.extend(changed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    person.post(FORM, &fields).await
}

/// The page between writing and sending.
async fn written(person: &Person) -> Answer {
    let page = person.get(FORM).await.expect(200);
    page.contains("下一步：统一身份认证").contains("后台实名、前台自愿");
    let (key, version) = (page.input("key").unwrap(), page.input("consent_version").unwrap());
    let fields = [
        ("text", TEXT),
        ("name", "张三丰"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", &key),
        ("consent_version", &version),
    ];
    let page = person.post(FORM, &fields).await.expect(200);
    page.contains("用示例市统一身份认证登录").lacks("发送验证码").lacks("还不能提交");
    page
}

/// Where a page goes on to by itself.
fn led(page: &Answer) -> String {
    let refresh = page.headers.get("refresh").unwrap_or_else(|| panic!("goes nowhere: {}", page.text));
    refresh.to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned()
}

/// Goes to the provider by a page's button; how the provider reads it.
async fn sent(person: &Person) -> Asked {
    let page = written(person).await;
    Asked::read(&led(&press(person, &page, &[("step", "provider:city")]).await.expect(200)))
}

fn callback(provider: &Provider, asked: &Asked, code: &str) -> String {
    let iss = encode(&provider.issuer());
    format!("/oidc/callback?code={}&state={}&iss={iss}", encode(code), encode(asked.get("state")))
}

async fn opinions(site: &Site) -> u64 {
    entity::opinion::Entity::find().count(site.app.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_resident_comes_back_with_a_verified_contact_and_what_was_typed() {
    let (site, provider) = site(|_| {}).await;
    ask(&site).await;
    let beside = site.beside().await;
    site.guest().get("/consultations/2026-001-1").await.contains("提交前通过统一身份认证核验");
    let person = site.guest();
    let page = written(&person).await;
    let away = press(&person, &page, &[("step", "provider:city")]).await.expect(200);
    let address = led(&away);
    assert!(address.starts_with(&format!("{}/authorize?", provider.issuer())), "{address}");
    let asked = Asked::read(&address);
    assert_eq!((asked.get("client_id"), asked.get("response_type")), (CLIENT, "code"));
    assert_eq!((asked.get("code_challenge_method"), asked.get("scope")), ("S256", "openid email"));
    assert!(asked.get("redirect_uri").ends_with("/oidc/callback"));
    let cookie = away.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age="));
    // What was typed lies here sealed, and nothing by which somebody could answer in the person's place.
    let row = provider_visit::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    let lies = String::from_utf8_lossy(&row.going_enc).into_owned() + &row.id + &row.browser_hash;
    assert!(
        !lies.contains("周末") && !lies.contains(asked.get("state")) && !lies.contains(asked.get("nonce"))
    );

    // Another instance takes the answer and goes on.
    let there = beside.guest();
    there.take_cookies(&person);
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let arrived = there.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(200);
    assert_eq!(arrived.headers.get("referrer-policy").unwrap(), "no-referrer");
    assert_eq!(arrived.headers.get("cache-control").unwrap(), "no-store");
    let page = there.get(&led(&arrived)).await.expect(200);
    page.contains("z***@example.invalid")
        .contains("示例市统一身份认证已核验您的身份")
        .lacks("zhang@example.invalid");
    assert_eq!(page.input("text").unwrap(), TEXT);
    // Read again, and back to the text and forth, without another way to the provider.
    there.get(&led(&arrived)).await.expect(200).contains("z***@example.invalid");
    let edit = press(&there, &page, &[("step", "edit")]).await.expect(200);
    edit.contains("第二行：“希望”提前 &lt;一小时&gt;。").contains("张三丰");
    assert_eq!(edit.input("visit_ticket"), page.input("visit_ticket"));

    // A contact that is typed all the same does not count.
    let done = press(&there, &page, &[("contact", "li@example.invalid")]).await.expect(303);
    let slip = there.get(done.location()).await.expect(200);
    slip.contains("您的意见已登记").contains("z***@example.invalid");
    let again = press(&person, &page, &[("contact", "li@example.invalid")]).await.expect(303);
    assert_eq!(again.location(), done.location(), "sent twice, received once");
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000001").await.unwrap();
    assert_eq!(row.text, TEXT);
    assert_eq!(row.person_hash, Some(site.app.keys.mac_hex(Purpose::Contact, "zhang@example.invalid")));
    let consent =
        identity::consented(site.app.db.read(), SubjectKind::Opinion, row.id.0).await.unwrap().unwrap();
    assert_eq!((consent.text_version, consent.verified_at), (1, Some(site.app.now())));

    // One visit, one opinion; what was typed is gone with it.
    let second = press(&there, &page, &[("key", "another-key-of-16-chars")]).await.expect(422);
    second.contains("请重新认证").contains("用示例市统一身份认证登录");
    assert_eq!(opinions(&site).await, 1);
    there.get(&led(&arrived)).await.expect(409).contains("已经用过");
    let row = provider_visit::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert!(row.going_enc.is_empty() && row.used_at.is_some());
    site.clock.set(site.app.now() + TimeDelta::minutes(61));
    site.work().await;
    assert_eq!(provider_visit::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_sign_in_opens_ones_data_and_the_way_out_of_the_provider() {
    let (site, provider) = site(|settings| settings.contact = ContactClaim::PhoneNumber).await;
    let open = fixture::open(&site).await;
    fixture::verify_contacts(&site, open.consultation).await;
    // Where a code would do, the provider does as well; it tells the contact only when it is asked.
    let person = site.guest();
    let page = person.get(FORM).await.expect(200);
    let key = page.input("key").unwrap();
    let fields = [
        ("text", TEXT),
        ("contact", "li@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", &key),
    ];
    let page = person.post(FORM, &fields).await.expect(200);
    page.contains("发送验证码").contains("用示例市统一身份认证登录");
    let asked = Asked::read(&led(&press(&person, &page, &[("step", "provider:city")]).await.expect(200)));
    assert_eq!(asked.get("scope"), "openid phone");
    let told = |verified: Value| json!({ "sub": "zhang", "phone_number": "+86 138-0000-1234", "phone_number_verified": verified });
    provider.say_of_user(told(json!("true")));
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let arrived = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(200);
    let page = person.get(&led(&arrived)).await.expect(200);
    page.contains("138****1234").lacks("13800001234");
    press(&person, &page, &[]).await.expect(303);

    let enter = person.get("/my-data").await.expect(200);
    enter.contains("用示例市统一身份认证登录");
    let asked = Asked::read(&led(&person.post("/my-data/with/city", &[]).await.expect(200)));
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let arrived = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(200);
    let to = led(&arrived);
    // Another browser with the address gets nowhere.
    assert_eq!(site.guest().get(&to).await.expect(303).location(), "/my-data");
    assert_eq!(person.get(&to).await.expect(303).location(), "/my-data");
    person.get("/my-data").await.expect(200).contains(&format!("{CODE}-000001")).contains("138****1234");
    let left = person.post("/my-data/leave", &[]).await.expect(303).location().to_owned();
    let page = person.get(&left).await.expect(200);
    page.contains("同时退出示例市统一身份认证").contains(&format!("{}/end?", provider.issuer()));
    person.get(&to).await.expect(303);
    person.get("/my-data").await.expect(200).lacks(&format!("{CODE}-000001"));
    // Not for anything else, and not for nobody.
    person.post("/my-data/with/nobody", &[]).await.expect(404);
    person.get("/my-data?by=nobody").await.expect(200).lacks("同时退出");
}

#[tokio::test]
async fn a_consultation_that_asks_for_a_provider_is_published_only_where_there_is_one() {
    let (site, _provider) = site(|_| {}).await;
    let open = fixture::open(&site).await;
    let write = site.app.write().await.unwrap();
    let consultation = entity::consultation::Entity::find_by_id(open.consultation);
    let row = consultation.one(site.app.db.read()).await.unwrap().unwrap();
    entity::consultation::Entity::update_many()
        .col_expr(entity::consultation::Column::Identity, Expr::value(IdentityLevel::Oidc))
        .col_expr(
            entity::consultation::Column::PublishedAt,
            Expr::value(None::<chrono::DateTime<chrono::Utc>>),
        )
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let without = site.beside_with(|config| config.oidc.clear()).await;
    let publish = format!("/api/v1/consultations/{}/publish", row.code);
    let refused = without.api("owner").await.json("POST", &publish, json!({})).await.expect(422);
    refused.contains("还没有配置供市民使用的认证平台").contains("identity");
    let page =
        without.sign_in("owner").await.get(&format!("/desk/consultations/{}", row.code)).await.expect(200);
    page.contains("还没有配置供市民使用的认证平台");
    // Where there is one, that is no hindrance (others there are: the fixture's draft has no explanation).
    let with = site.api("owner").await.json("POST", &publish, json!({})).await.expect(422);
    with.contains("起草说明").lacks("认证平台");
    // A program cannot bring a browser, and a code does not replace the provider.
    let write = site.app.write().await.unwrap();
    entity::consultation::Entity::update_many()
        .col_expr(entity::consultation::Column::PublishedAt, Expr::value(Some(site.app.now())))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let body = json!({ "text": "好", "person_kind": "individual", "show_as": "masked", "consent": true });
    let api = format!("/api/v1/consultations/{CODE}");
    let refused = site.guest().json("POST", &format!("{api}/opinions"), body).await.expect(422);
    assert_eq!(refused.json()["code"], "contact_unproven");
    let contact = json!({ "contact": "zhang@example.invalid" });
    site.guest().json("POST", &format!("{api}/contact-codes"), contact).await.expect(409);
    // Nor is anybody left without a word where the provider is gone meanwhile.
    let person = without.guest();
    let fields = [("text", TEXT), ("person_kind", "individual"), ("show_as", "masked"), ("consent", "yes")];
    person.post(FORM, &fields).await.expect(200).contains("统一身份认证暂时不可用").contains("周末开门太晚");
    person.post(FORM, &[&fields[..], &[("step", "provider:city")]].concat()).await.expect(404);
}
