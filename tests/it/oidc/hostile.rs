//! Answers that no honest provider gives, and browsers that were never sent: nothing comes of them, and what was typed
//! is not lost.

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::provider::{Asked, Provider, SECRET, unsigned};
use super::{TEXT, ask, callback, led, opinions, press, sent, site, written};
use crate::harness::{Answer, Person, Site, encode};

/// The way back of a refusal shows what was typed.
async fn keeps_the_text(person: &Person, refused: &Answer) {
    let html = scraper::Html::parse_document(&refused.text);
    let back = scraper::Selector::parse("main .actions a").unwrap();
    let back = html.select(&back).next().and_then(|a| a.attr("href")).unwrap().to_owned();
    assert!(back.starts_with("/consultations/2026-001-1/opinion/arrived?"), "{back}");
    person.get(&back).await.expect(200).contains("周末开门太晚").contains("下一步：统一身份认证");
}

/// Tokens that are wrong in one way each.
fn lies(provider: &Provider, asked: &Asked, site: &Site) -> Vec<(&'static str, String, u16)> {
    let good = provider.claims(asked, "zhang", site.app.now());
    let now = site.app.now().timestamp();
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        provider.sign(&json!({}), &claims)
    };
    let mac = |alg: &str| {
        let said = unsigned(&json!({ "alg": alg, "typ": "JWT" }), &good);
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(said.as_bytes());
        format!("{said}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
    };
    let whole = provider.sign(&json!({}), &good);
    let (head, rest) = whole.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let other = unsigned(&json!({}), &with_subject(&good, "li"));
    let swapped = format!("{head}.{}.{signature}", other.split_once('.').unwrap().1);
    vec![
        ("nonce", with("nonce", json!("another")), 403),
        ("no nonce", with("nonce", Value::Null), 403),
        ("audience", with("aud", json!("another client")), 403),
        ("two audiences", with("aud", json!(["jianyan", "another client"])), 403),
        ("party", with("azp", json!("another client")), 403),
        ("issuer", with("iss", json!("https://id.example.invalid")), 403),
        ("expired", with("exp", json!(now - 61)), 503),
        ("of the future", with("iat", json!(now + 61)), 503),
        ("no algorithm", format!("{}.", unsigned(&json!({ "alg": "none", "typ": "JWT" }), &good)), 403),
        ("a shared key", mac("HS256"), 403),
        ("a key nobody has", provider.sign(&json!({ "kid": "unknown" }), &good), 403),
        ("claims of another", swapped, 403),
        ("subject", with("sub", json!("")), 403),
        ("contact", with("email_verified", json!(false)), 403),
        ("no token at all", "nonsense".to_owned(), 503),
    ]
}

fn with_subject(claims: &Value, subject: &str) -> Value {
    let mut claims = claims.clone();
    claims["sub"] = json!(subject);
    claims
}

#[tokio::test]
async fn answers_that_are_not_to_be_believed_are_refused_and_nothing_typed_is_lost() {
    let (site, provider) = site(|_| {}).await;
    ask(&site).await;
    provider.say_of_user(json!({ "sub": "zhang" }));
    let probe = site.guest();
    let count = lies(&provider, &sent(&probe).await, &site).len();
    for i in 0..count {
        let person = site.guest();
        let asked = sent(&person).await;
        let (what, token, status) = lies(&provider, &asked, &site).swap_remove(i);
        let refused = person.get(&callback(&provider, &asked, &provider.code_for(&asked, token))).await;
        assert_eq!(refused.status.as_u16(), status, "{what}: {}", refused.text);
        assert!(refused.headers.get("refresh").is_none(), "{what}");
        keeps_the_text(&person, &refused).await;
    }
    // Userinfo of somebody else (the contact is not in the token).
    let person = site.guest();
    let asked = sent(&person).await;
    let mut claims = provider.claims(&asked, "zhang", site.app.now());
    claims["email"] = Value::Null;
    provider.say_of_user(json!({ "sub": "li", "email": "li@example.invalid", "email_verified": true }));
    let refused = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(403);
    refused.contains("认证结果无效");
    assert_eq!(opinions(&site).await, 0);

    // Clocks may differ by a little.
    let person = site.guest();
    let asked = sent(&person).await;
    let mut claims = provider.claims(&asked, "zhang", site.app.now() + TimeDelta::seconds(50));
    claims["exp"] = json!(site.app.now().timestamp() - 50);
    let arrived = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(200);
    // English too.
    let person = site.guest();
    let asked = sent(&person).await;
    let denied = format!(
        "/oidc/callback?error=access_denied&state={}&iss={}&lang=en",
        encode(asked.get("state")),
        encode(&provider.issuer())
    );
    person.get(&denied).await.expect(403).contains("The sign-in was cancelled").contains("Go back");
    assert!(led(&arrived).contains("/opinion/arrived?visit="));
}

#[tokio::test]
async fn only_the_browser_that_was_sent_comes_back_once_and_in_time() {
    let (site, provider) = site(|_| {}).await;
    ask(&site).await;
    let (person, thief) = (site.guest(), site.guest());
    let asked = sent(&person).await;
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let back = callback(&provider, &asked, &provider.code(&asked, &claims));
    // A browser without a cookie, one with a cookie of its own, one with a forged cookie.
    thief.get(&back).await.expect(403).contains("同一浏览器").lacks("visit=");
    let own = sent(&thief).await;
    thief.get(&back).await.expect(403).contains("同一浏览器");
    let forged = site.with_cookie("visit", &format!("{}.99999999999.{}", "a".repeat(43), "0".repeat(64)));
    forged.get(&back).await.expect(403);
    // What was stolen in the other direction: somebody else's answer under one's own state.
    let foreign = callback(&provider, &own, &provider.code(&asked, &claims));
    thief.get(&foreign).await.expect(403).contains("认证结果无效");

    // The right browser is not hurt by any of this, once.
    let asked = sent(&person).await;
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let code = provider.code(&asked, &claims);
    let back = callback(&provider, &asked, &code);
    let arrived = person.get(&back).await.expect(200);
    person.get(&back).await.expect(409).contains("已经用过");
    // The code is spent at the provider as well: under a state of its own it is refused there.
    let other = sent(&person).await;
    person.get(&callback(&provider, &other, &code)).await.expect(403);
    let page = person.get(&led(&arrived)).await.expect(200);
    thief.get(&led(&arrived)).await.expect(409).lacks("z***@example.invalid").lacks("周末开门太晚");
    // The ticket is for this consultation's opinions and stays good for half an hour.
    site.clock.set(site.app.now() + TimeDelta::minutes(31));
    press(&person, &page, &[]).await.expect(422).contains("请重新认证");

    // Too late; what was typed is still there.
    let asked = sent(&person).await;
    let claims = provider.claims(&asked, "zhang", site.app.now());
    site.clock.set(site.app.now() + TimeDelta::minutes(16));
    let late = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(409);
    late.contains("已过期").contains("visit=");
    // Nothing that anybody can make up does harm.
    for made_up in [
        "",
        "?",
        "?code=a&code=b&state=c&state=d",
        "?state=%00",
        "?code=x",
        "?error=access_denied",
        "?state=none&code=x",
    ] {
        let answer = person.get(&format!("/oidc/callback{made_up}")).await;
        assert!((400..=409).contains(&answer.status.as_u16()), "{made_up}: {}", answer.status);
    }
    person.get("/consultations/2026-001-1/opinion/arrived?visit=../../x").await.expect(409);
    assert_eq!(opinions(&site).await, 0);
}

#[tokio::test]
async fn a_provider_is_asked_only_where_the_settings_say_and_its_keys_are_followed() {
    let (site, provider) = site(|settings| settings.acr_values = vec!["real-name".into()]).await;
    ask(&site).await;
    let person = site.guest();
    let asked = sent(&person).await;
    assert_eq!(asked.get("acr_values"), "real-name");
    // Mixed up: another provider's name, or none where this one always names itself.
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let code = provider.code(&asked, &claims);
    let state = encode(asked.get("state"));
    let evil = encode("https://evil.example");
    person.get(&format!("/oidc/callback?code={code}&state={state}&iss={evil}")).await.expect(403);
    let asked = sent(&person).await;
    let (code, state) = (provider.code(&asked, &claims), encode(asked.get("state")));
    person
        .get(&format!("/oidc/callback?code={code}&state={state}"))
        .await
        .expect(403)
        .contains("认证结果无效");
    // Checked less well than asked for.
    let asked = sent(&person).await;
    let claims = provider.claims(&asked, "zhang", site.app.now());
    let weak = person.get(&callback(&provider, &asked, &provider.code(&asked, &claims))).await.expect(403);
    weak.contains("认证等级不够");

    // A new key is looked for once, and no more than once a minute.
    provider.rotate();
    site.clock.set(site.app.now() + TimeDelta::minutes(2));
    let before = provider.discoveries();
    let strong = |asked: &Asked| {
        let mut claims = provider.claims(asked, "zhang", site.app.now());
        claims["acr"] = json!("real-name");
        claims
    };
    let asked = sent(&person).await;
    person.get(&callback(&provider, &asked, &provider.code(&asked, &strong(&asked)))).await.expect(200);
    assert_eq!(provider.discoveries(), before + 1);
    for _ in 0..3 {
        let asked = sent(&person).await;
        let token = provider.sign(&json!({ "kid": "made up" }), &strong(&asked));
        person.get(&callback(&provider, &asked, &provider.code_for(&asked, token))).await.expect(403);
    }
    assert_eq!(provider.discoveries(), before + 1);

    // The token endpoint sends us on: nobody follows, and the code and our secret go nowhere else.
    let asked = sent(&person).await;
    provider.send_on(Some(&format!("{}/token", Provider::start().await.issuer())));
    let refused =
        person.get(&callback(&provider, &asked, &provider.code(&asked, &strong(&asked)))).await.expect(503);
    refused.contains("认证平台");
    provider.send_on(None);

    // An endpoint on a host that the settings do not name: the provider is of no use, and says why to those who run
    // the site; the form keeps what was typed.
    let elsewhere = site.beside().await;
    for (field, value) in [
        ("jwks_uri", "http://127.0.0.1:1/jwks"),
        ("token_endpoint", "https://evil.example/token"),
        ("authorization_endpoint", "http://evil.example/authorize"),
        ("issuer", "https://evil.example"),
    ] {
        let fresh = elsewhere.beside().await;
        let good = provider.issuer();
        provider.discover(field, json!(value));
        let person = fresh.guest();
        let page = written(&person).await;
        let away = press(&person, &page, &[("step", "provider:city")]).await.expect(503);
        away.contains("暂时无法连接").contains("周末开门太晚");
        assert_eq!(away.input("text").as_deref(), Some(TEXT), "{field}");
        let root = fresh.system_admin();
        let state = jianyan::system::read(&fresh.app, &root).await.unwrap();
        assert!(
            state.providers[0].seen.failed.is_some() && state.providers[0].seen.ok_at.is_none(),
            "{field}"
        );
        let well = match field {
            "issuer" => good,
            "jwks_uri" => format!("{good}/jwks"),
            "token_endpoint" => format!("{good}/token"),
            _ => format!("{good}/authorize"),
        };
        provider.discover(field, json!(well));
        let state = jianyan::system::read(&fresh.app, &root).await.unwrap();
        assert!(
            state.providers[0].seen.failed.is_none() && state.providers[0].seen.ok_at.is_some(),
            "{field}"
        );
    }
}
