//! My data, and mails that are stopped by one click.

use entity::enums::{EventKind, OpinionState, Role, SubjectKind};
use jianyan::{message, opinion};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::event::Hosts;
use crate::fixture;
use crate::harness::{Answer, Person, Site};
use crate::opinion::decoded;

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const ZHANG: &str = "zhang@example.invalid";

async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    site
}

/// Sends an opinion; its lookup code.
async fn sent(site: &Site, text: &str, contact: &str) -> String {
    let body = json!({ "text": text, "name": "张三丰", "contact": contact,
        "person_kind": "individual", "show_as": "named", "consent": true });
    let receipt = site.guest().json("POST", API, body).await.expect(201).json();
    receipt["lookup_code"].as_str().unwrap().to_owned()
}

/// The code of the newest message with one.
async fn newest_code(site: &Site) -> String {
    let rows = entity::contact_code::Entity::find().all(site.app.db.read()).await.unwrap();
    let newest = rows.iter().max_by_key(|row| row.created_at).unwrap();
    jianyan::identity::code(&site.app.keys, newest.id)
}

/// A minute later, for the next code.
fn later(site: &Site) {
    site.clock.set(site.app.now() + chrono::TimeDelta::minutes(1));
}

/// A browser that proved a contact on the page.
async fn inside(site: &Site, contact: &str) -> Person {
    later(site);
    let person = site.guest();
    let page = person.post("/my-data", &[("contact", contact), ("step", "code")]).await.expect(200);
    let ticket = page.input("contact_ticket").unwrap();
    let code = newest_code(site).await;
    let fields = [("contact", contact), ("contact_ticket", &ticket), ("contact_code", &code)];
    let done = person.post("/my-data", &fields).await.expect(303);
    assert_eq!(done.location(), "/my-data");
    person
}

async fn moderate(site: &Site, number: &str) {
    let moderator = site.sign_in("mod1").await;
    let path = format!("/desk/review/{number}");
    moderator.post(&path, &[("revision", "1"), ("action", "publish")]).await.expect(303);
}

/// Everything the database holds as text.
async fn dump(site: &Site) -> String {
    use sea_orm::{FromQueryResult as _, Statement};
    let mut all = String::new();
    for table in
        ["opinion", "opinion_revision", "message", "notice", "mail", "audit", "data_request", "data_inquiry"]
    {
        let db = site.app.db.read();
        let statement = Statement::from_string(db.get_database_backend(), format!("SELECT * FROM {table}"));
        let rows = sea_orm::JsonValue::find_by_statement(statement).all(db).await.unwrap();
        all.extend(rows.iter().map(Value::to_string));
    }
    all
}

async fn figures(site: &Site) -> Value {
    site.guest().get("/api/v1/consultations/2026-001-1/fairness").await.expect(200).json()
}

async fn people(site: &Site) -> Answer {
    site.guest().get("/consultations/2026-001-1").await.expect(200)
}

#[tokio::test]
async fn a_proved_contact_opens_what_was_sent_with_it_and_nothing_else() {
    let site = site().await;
    sent(&site, "周末开门太晚", ZHANG).await;
    sent(&site, "门口停车太乱", "li@example.invalid").await;
    let letter = json!({ "kind": "question", "title": "几点开门", "text": "周日几点开门？", "contact": ZHANG,
        "may_publish": true, "consent": true });
    site.guest().json("POST", "/api/v1/messages", letter).await.expect(201);

    let stranger = site.guest();
    stranger.get("/my-data").await.expect(200).contains("发送验证码").lacks("2026-001-1-000001");
    for path in ["/my-data/export", "/my-data/erase", "/my-data/contact", "/my-data/leave"] {
        assert_eq!(stranger.post(path, &[("confirm", "yes")]).await.expect(303).location(), "/my-data");
    }
    // A wrong code lets nobody in, and the contact stays in the form.
    later(&site);
    let page = stranger.post("/my-data", &[("contact", ZHANG), ("step", "code")]).await.expect(200);
    let ticket = page.input("contact_ticket").unwrap();
    let wrong = format!("{:06}", (newest_code(&site).await.parse::<u32>().unwrap() + 1) % 1_000_000);
    let fields = [("contact", ZHANG), ("contact_ticket", ticket.as_str()), ("contact_code", wrong.as_str())];
    let again = stranger.post("/my-data", &fields).await.expect(422);
    again.contains("还可以再试 4 次");
    assert_eq!(again.input("contact").unwrap(), ZHANG);
    stranger.post("/my-data", &[("contact", "nobody"), ("step", "code")]).await.expect(422);

    let person = inside(&site, "ZHANG@example.invalid").await;
    let page = person.get("/my-data").await.expect(200);
    page.contains("2026-001-1-000001").contains("几点开门").contains("Z***@example.invalid");
    page.lacks("2026-001-1-000002").contains("删除我的数据").contains("第三十三条");
    assert_eq!(page.headers["cache-control"], "no-store");
    let file = person.post("/my-data/export", &[]).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("my-data.json"));
    let file = file.json();
    assert_eq!(file["opinions"].as_array().unwrap().len(), 1);
    assert_eq!(file["opinions"][0]["text"], "周末开门太晚");
    assert_eq!(file["opinions"][0]["name"], "张三丰");
    assert_eq!(file["messages"][0]["text"], "周日几点开门？");
    let requests = entity::data_request::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(requests[0].outcome, json!({ "opinions": 1, "messages": 1, "registrations": 0 }));
    person.post("/my-data/leave", &[]).await.expect(303);
    person.get("/my-data").await.expect(200).lacks("2026-001-1-000001");

    // Half an hour, then anew.
    let person = inside(&site, ZHANG).await;
    site.clock.set(site.app.now() + chrono::TimeDelta::minutes(30));
    person.get("/my-data").await.expect(200).contains("发送验证码");
    let english = inside(&site, "wu@example.invalid").await;
    english.get("/my-data?lang=en").await.expect(200).contains("Nothing was sent with this contact");
}

#[tokio::test]
async fn erasing_takes_person_and_unpublished_text_and_keeps_the_numbers() {
    let site = site().await;
    let first = sent(&site, "一号意见要公开", ZHANG).await;
    let second = sent(&site, "二号意见还没审核", ZHANG).await;
    sent(&site, "旁人的意见", "li@example.invalid").await;
    moderate(&site, "2026-001-1-000001").await;
    site.work().await;
    people(&site).await.contains("来自 2 人").contains("张三丰");
    let person = inside(&site, ZHANG).await;
    person.post("/my-data/erase", &[]).await.expect(422).contains("请确认您明白删除不能恢复");
    let done = person.post("/my-data/erase", &[("confirm", "yes")]).await.expect(303);
    let receipt = site.guest().get(done.location()).await.expect(200);
    receipt.contains("GX2026-000001").contains("意见，文字已删除：1 条").contains("去名保留文字：1 条");
    // The receipt is found by its code like any other.
    let code = done.location().rsplit('/').next().unwrap();
    let found = site.guest().post("/receipts", &[("code", code)]).await.expect(303);
    assert_eq!(found.location(), done.location());
    let api = site.guest().get(&format!("/api/v1/data-requests/{code}")).await.expect(200).json();
    assert_eq!((&api["kind"], &api["outcome"]["opinions_taken_back"]), (&json!("erase"), &json!(1)));

    let all = dump(&site).await;
    for gone in ["二号意见还没审核", "张三丰", "zhang@example"] {
        assert!(!all.contains(gone), "{gone} is still in the database");
    }
    let rows = entity::opinion::Entity::find().all(site.app.db.read()).await.unwrap();
    let mine: Vec<_> = rows.iter().filter(|o| o.number != "2026-001-1-000003").collect();
    assert!(mine.iter().all(|o| o.contact_enc.is_none() && o.name_enc.is_none()));
    // Published it stays, without a name; the numbers add up as before.
    people(&site).await.contains("一号意见要公开").lacks("张三丰").contains("来自 2 人");
    let f = figures(&site).await;
    assert_eq!((&f["counts"]["received"], &f["counts"]["withdrawn"]), (&json!(3), &json!(1)));
    site.guest().get(&format!("/receipts/{first}")).await.expect(200).contains("一号意见要公开");
    site.guest().get(&format!("/receipts/{second}")).await.expect(200).contains("已按作者要求删除");
    // Nothing is found by the contact any more, and no session outlives the request.
    person.get("/my-data").await.expect(200).contains("发送验证码");
    later(&site);
    inside(&site, ZHANG).await.get("/my-data").await.expect(200).contains("没有找到用这个联系方式");
    jianyan::audit::verify(site.app.db.read()).await.unwrap();
}

#[tokio::test]
async fn a_published_opinion_may_be_taken_back_with_the_rest() {
    let site = site().await;
    sent(&site, "公开了也要撤回", ZHANG).await;
    moderate(&site, "2026-001-1-000001").await;
    let person = inside(&site, ZHANG).await;
    let fields = [("confirm", "yes"), ("take_back_published", "yes")];
    person.post("/my-data/erase", &fields).await.expect(303);
    people(&site).await.lacks("公开了也要撤回");
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000001").await.unwrap();
    assert_eq!(row.state, OpinionState::Withdrawn);
    assert!(!dump(&site).await.contains("公开了也要撤回"));
}

#[tokio::test]
async fn messages_lose_name_and_contact_at_once_and_their_words_when_answered() {
    let site = site().await;
    let write = |text: &str| {
        json!({ "kind": "question", "title": "问题", "text": text, "contact": ZHANG, "name": "张三丰",
            "may_publish": false, "consent": true })
    };
    site.guest().json("POST", "/api/v1/messages", write("还没有答复的话")).await.expect(201);
    let person = inside(&site, ZHANG).await;
    let done = person.post("/my-data/erase", &[("confirm", "yes")]).await.expect(303);
    site.guest().get(done.location()).await.contains("尚未办结的留言，保留文字：1 条");
    let row = entity::message::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert!(row.contact_enc.is_none() && row.name_enc.is_none());
    assert_eq!(site.app.keys.decrypt(&row.text_enc).as_deref(), Some("还没有答复的话"));
    assert_eq!(row.state, entity::enums::MessageState::Pending);
    let found = message::own::of_person(&site.app, site.app.db.read(), "nobody").await.unwrap();
    assert!(found.is_empty());
}

#[tokio::test]
async fn erasing_gives_the_seats_of_visits_to_come_to_others_and_keeps_the_figures() {
    let hosts = Hosts::new().await;
    let site = &hosts.site;
    hosts.event(EventKind::OpenDay, &[2]).await;
    let mine = hosts.register(ZHANG, 1).await.unwrap();
    jianyan::event::give_up(&site.app, &jianyan::actor::Actor::guest(), mine.id).await.unwrap();
    hosts.register(ZHANG, 2).await.unwrap();
    hosts.register("li@example.invalid", 1).await.unwrap();
    site.work().await;
    let person = inside(site, ZHANG).await;
    person.get("/my-data").await.expect(200).contains("E2026-001-1-0002").contains("名额让给别人");
    let copy = person.post("/my-data/export", &[]).await.expect(200).json();
    assert_eq!(copy["registrations"][0]["consent_version"], 1);
    let done = person.post("/my-data/erase", &[("confirm", "yes")]).await.expect(303);
    let receipt = site.guest().get(done.location()).await.expect(200);
    receipt.contains("姓名和联系方式已删除：2 条").contains("名额已退回的报名：1 条");
    let states = hosts.states().await;
    use entity::enums::RegistrationState::{Cancelled, Confirmed};
    assert_eq!(states, [Cancelled, Cancelled, Confirmed], "who waited has the seat");
    let everybody = hosts.everybody().await;
    assert!(everybody[..2].iter().all(|r| r.contact_enc.is_none() && r.name_enc.is_none()));
    assert!(everybody[..2].iter().all(|r| r.person_hash.is_none()) && everybody[2].contact_enc.is_some());
    crate::event::adds_up(site).await;
    assert!(!dump(site).await.contains(ZHANG));
    jianyan::audit::verify(site.app.db.read()).await.unwrap();
}

#[tokio::test]
async fn what_the_site_cannot_do_is_asked_and_answered_by_the_office() {
    let site = site().await;
    let office = site.department("office", "办公室").await;
    site.staff("officer", office, &[Role::Disclosure]).await;
    sent(&site, "周末开门太晚", ZHANG).await;
    let person = inside(&site, ZHANG).await;
    let ask = |kind: &'static str, text: &'static str| [("kind", kind), ("text", text)];
    person
        .post("/my-data/ask", &ask("", ""))
        .await
        .expect(422)
        .contains("请选择请求的类别")
        .contains("请填写");
    assert_eq!(site.guest().post("/my-data/ask", &ask("explain", "?")).await.location(), "/my-data");
    let words = "请说明我的手机号码用在哪里、保存多久。";
    let page = person.post("/my-data/ask", &ask("explain", words)).await.expect(303).location().to_owned();
    let code = page.rsplit('/').next().unwrap().to_owned();
    // Fifteen working days, for who asked and for the desk.
    let guest = site.guest();
    guest.get(&page).await.expect(200).contains("等待答复").contains("2026年3月23日").contains("保存多久");
    assert!(!dump(&site).await.contains("保存多久"), "the words are encrypted");
    let [officer, owner] = [site.sign_in("officer").await, site.sign_in("owner").await];
    owner.get("/desk/data-requests").await.expect(403);
    officer.get("/desk").await.expect(200).contains("个人信息请求");
    officer.get("/desk/data-requests").await.expect(200).contains("GX2026-000001").contains("3月23日");
    let case = "/desk/data-requests/GX2026-000001";
    officer.get(case).await.expect(200).contains("保存多久").contains("z***@example.invalid");
    let answer = format!("{case}/answer");
    owner.post(&answer, &[("granted", "yes"), ("text", "用于核验。")]).await.expect(403);
    officer.post(&answer, &[("text", "用于核验。")]).await.expect(422).contains("请选择办理结果");
    officer.post(&answer, &[("granted", "yes"), ("text", "只用于核验和通知。")]).await.expect(303);
    officer.post(&answer, &[("granted", "no"), ("text", "再答")]).await.expect(409);
    guest.get(&page).await.expect(200).contains("已按请求办理").contains("只用于核验和通知");
    let api = guest.get(&format!("/api/v1/data-inquiries/{code}")).await.expect(200).json();
    assert_eq!((&api["granted"], &api["kind"]), (&json!(true), &json!("explain")));
    officer.get("/desk/data-requests?tray=answered").await.expect(200).contains("GX2026-000001");
    let copy = person.post("/my-data/export", &[]).await.expect(200).json();
    assert_eq!(copy["inquiries"][0]["answer"], "只用于核验和通知。");
    officer.get("/desk/data-requests?tray=by_itself").await.expect(200).contains("已提供副本");
    // Erased with the rest once it is answered; the number stays.
    person.post("/my-data/erase", &[("confirm", "yes")]).await.expect(303);
    guest.get(&page).await.expect(200).contains("内容已按要求删除").lacks("保存多久");
    let row = entity::data_inquiry::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert!(row.contact_enc.is_none() && row.answer_enc.is_none() && row.person_hash.is_none());
}

async fn token(site: &Site, contact: &str) -> Person {
    later(site);
    let guest = site.guest();
    let asked =
        guest.json("POST", "/api/v1/my-data/codes", json!({ "contact": contact })).await.expect(202).json();
    let proof = json!({ "contact": contact, "contact_ticket": asked["ticket"],
        "contact_code": newest_code(site).await });
    let session = guest.json("POST", "/api/v1/my-data/sessions", proof.clone()).await.expect(200).json();
    guest.json("POST", "/api/v1/my-data/sessions", proof).await.expect(422);
    site.bearer(session["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_contact_is_corrected_with_a_code_of_its_own() {
    let site = site().await;
    sent(&site, "周末开门太晚", ZHANG).await;
    sent(&site, "门口停车太乱", "li@example.invalid").await;
    site.guest().get("/api/v1/my-data").await.expect(401);
    let person = token(&site, ZHANG).await;
    let own = person.get("/api/v1/my-data").await.expect(200).json();
    assert_eq!(own["opinions"].as_array().unwrap().len(), 1);
    let prove = async |contact: &str| {
        later(&site);
        let asked = person.json("POST", "/api/v1/my-data/contact-codes", json!({ "contact": contact })).await;
        json!({ "contact": contact, "contact_ticket": asked.expect(202).json()["ticket"],
            "contact_code": newest_code(&site).await })
    };
    // Somebody who speaks there already stays somebody else.
    let taken = prove("li@example.invalid").await;
    person.json("PUT", "/api/v1/my-data/contact", taken).await.expect(409).contains("不能合并");
    // A code for coming in proves no new contact.
    later(&site);
    let asked = site.guest().json("POST", "/api/v1/my-data/codes", json!({ "contact": "13800001234" })).await;
    let other = json!({ "contact": "13800001234", "contact_ticket": asked.expect(202).json()["ticket"],
        "contact_code": newest_code(&site).await });
    person.json("PUT", "/api/v1/my-data/contact", other).await.expect(422);
    let good = prove("13800001234").await;
    let done = person.json("PUT", "/api/v1/my-data/contact", good).await.expect(200).json();
    assert_eq!(done["outcome"], json!({ "opinions": 1, "messages": 0 }));
    person.get("/api/v1/my-data").await.expect(401);
    let own = token(&site, "13800001234").await.get("/api/v1/my-data").await.expect(200).json();
    assert_eq!(own["opinions"][0]["text"], "周末开门太晚");
    let again = token(&site, "13800001234").await;
    let erased = again.json("POST", "/api/v1/my-data/erasure", json!({})).await.expect(200).json();
    assert_eq!(erased["outcome"]["opinions_erased"], 1);
}

/// The link in a mail that stops more of them, without the host.
fn stop_link(mail: &str) -> String {
    let body = decoded(mail);
    let at = body.find("/receipts/stop/").unwrap_or_else(|| panic!("no link in {body}"));
    body[at..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn one_click_stops_the_mails_about_one_thing_and_the_state_page_starts_them_again() {
    let site = site().await;
    let code = sent(&site, "周末开门太晚", ZHANG).await;
    site.work().await;
    let mail = site.mails().pop().unwrap();
    let link = stop_link(&mail);
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", "");
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
    assert!(
        head.replace(' ', "").contains(&format!("List-Unsubscribe:<http://localhost:8080{link}>")),
        "{head}"
    );

    // Looking changes nothing; a mail program's click does, from no page and with no cookie.
    site.guest().get(&link).await.expect(200).contains("停止接收邮件");
    assert_eq!(entity::notice_stop::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    let click = [("content-type", "application/x-www-form-urlencoded")];
    for _ in 0..2 {
        let answer = site.guest().raw("POST", &link, &click, b"List-Unsubscribe=One-Click".to_vec()).await;
        answer.expect(200).contains("已停止");
    }
    assert_eq!(entity::notice_stop::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    let forged = format!("{}0", &link[..link.len() - 1]);
    let forged = if forged == link { format!("{}1", &link[..link.len() - 1]) } else { forged };
    site.guest().raw("POST", &forged, &click, Vec::new()).await.expect(404);
    // Elsewhere a form from no page is refused as ever.
    site.guest().raw("POST", &format!("/receipts/mails/{code}"), &click, Vec::new()).await.expect(403);

    moderate(&site, "2026-001-1-000001").await;
    site.work().await;
    assert_eq!(site.mails().len(), 1, "no mail about the review");
    let page = site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    page.contains("邮件通知").contains("已公开");
    let page = site.guest().get(&format!("/receipts/mails/{code}")).await.expect(200);
    page.contains("已停止").contains("重新接收邮件");
    site.guest().post(&format!("/receipts/mails/{code}"), &[("wanted", "yes")]).await.expect(303);
    let api = format!("/api/v1/receipts/{code}/mails");
    let out = site.guest().json("PUT", &api, json!({ "wanted": false })).await.expect(200).json();
    assert_eq!(out["wanted"], false);
    site.guest().json("PUT", &api, json!({ "wanted": true })).await.expect(200);
    // The next news come again.
    site.guest().post(&format!("/receipts/{code}/withdraw"), &[]).await.expect(303);
    site.work().await;
    assert_eq!(site.mails().len(), 2);
    let audit = entity::audit::Entity::find().all(site.app.db.read()).await.unwrap();
    let acts = |action: &str| audit.iter().filter(|a| a.action == action).count();
    assert_eq!((acts("mail.stop"), acts("mail.resume")), (2, 2));
    // Mails to staff and codes carry no such link.
    later(&site);
    site.guest()
        .json("POST", "/api/v1/my-data/codes", json!({ "contact": "wu@example.invalid" }))
        .await
        .expect(202);
    site.work().await;
    let code_mail = site.mails().into_iter().find(|m| m.contains("wu@example.invalid")).unwrap();
    assert!(!code_mail.contains("List-Unsubscribe"));
    let stops = entity::notice::Entity::find().all(site.app.db.read()).await.unwrap();
    assert!(stops.iter().any(|n| n.subject_kind == SubjectKind::ContactCode));
}
