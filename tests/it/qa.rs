//! Online questions and answers: announced, asked, reviewed, answered live and afterwards, followed as it happens.

use entity::enums::{DutyKind, DutyState, Role, SubjectKind};
use futures_util::StreamExt as _;
use poem::Endpoint as _;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Site};

const API: &str = "/api/v1/qa/sessions";
const CODE: &str = "Q2026-001";
const TEXT: &str = "游泳馆几点开放？我的电话是13800001234。";
const REDACTED: &str = "游泳馆几点开放？我的电话是【已隐去】。";

/// A bureau in which `mass` holds sessions and `finance` sits at the table too.
struct Table {
    site: Site,
    organiser: Person,
    clerk: Person,
    finance: Person,
    stranger: Person,
}

impl Table {
    async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    async fn on(site: Site) -> Self {
        let office = site.department("office", "办公室").await;
        let mass = site.department("mass", "群众体育处").await;
        let finance = site.department("finance", "计划财务处").await;
        let youth = site.department("youth", "青少年体育处").await;
        site.staff("clerk", office, &[Role::Moderator]).await;
        site.staff("organiser", mass, &[Role::Owner]).await;
        site.staff("payer", finance, &[Role::Owner]).await;
        site.staff("stranger", youth, &[Role::Owner]).await;
        let (organiser, clerk) = (site.sign_in("organiser").await, site.sign_in("clerk").await);
        let (finance, stranger) = (site.sign_in("payer").await, site.sign_in("stranger").await);
        Self { site, organiser, clerk, finance, stranger }
    }

    /// Moves the clock on, and signs in anew: nobody's session lasts so long.
    async fn at(&mut self, date: &str, hour: u32, minute: u32) {
        self.site.at(date, hour, minute).await;
        self.organiser = self.site.sign_in("organiser").await;
        self.clerk = self.site.sign_in("clerk").await;
        self.finance = self.site.sign_in("payer").await;
        self.stranger = self.site.sign_in("stranger").await;
    }

    /// Announced for Monday, 9 March, 14:00 to 16:00; questions from the 3rd, 09:00.
    async fn announce(&self) {
        let fields = session(&[]);
        let saved = self.organiser.post("/desk/qa/new", &fields).await.expect(303);
        assert_eq!(saved.location(), format!("/desk/qa/{CODE}?done=saved"));
        self.organiser.post(&format!("/desk/qa/{CODE}/publish"), &[]).await.expect(303);
    }

    /// Asks over the form; gives the lookup code.
    async fn ask(&self, text: &str, contact: &str) -> String {
        let fields = [("text", text), ("name", "张三丰"), ("contact", contact), ("consent", "yes")];
        let sent = self.site.guest().post(&format!("/qa/{CODE}/ask"), &fields).await.expect(303);
        let code = sent.location().strip_prefix("/receipts/qa/").unwrap();
        code.strip_suffix("?new=1").unwrap().to_owned()
    }

    async fn act(&self, person: &Person, number: i32, act: &str, fields: &[(&str, &str)]) -> Answer {
        person.post(&format!("/desk/qa/{CODE}/questions/{number}/{act}"), fields).await
    }

    async fn publish(&self, number: i32, department: &str, text: &str) {
        let fields = [("department", department), ("public_text", text)];
        self.done(&self.clerk, number, "publish", &fields).await;
    }

    /// Does it, and it was done: not sent to sign in.
    async fn done(&self, person: &Person, number: i32, act: &str, fields: &[(&str, &str)]) {
        let answer = self.act(person, number, act, fields).await.expect(303);
        assert!(answer.location().contains("done="), "{act}: {}", answer.location());
    }

    async fn page(&self) -> Answer {
        self.site.guest().get(&format!("/qa/{CODE}")).await.expect(200)
    }

    async fn state(&self, code: &str) -> Answer {
        self.site.guest().get(&format!("/receipts/qa/{code}")).await.expect(200)
    }

    async fn duties(&self) -> Vec<entity::duty::Model> {
        let all = entity::duty::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().filter(|d| d.kind == DutyKind::QaAnswer).collect()
    }

    /// Titles of what the people who asked were told.
    async fn told(&self) -> Vec<String> {
        let all = entity::notice::Entity::find().all(self.site.app.db.read()).await.unwrap();
        let of = all.into_iter().filter(|n| n.subject_kind == SubjectKind::QaQuestion);
        of.map(|n| n.title).collect()
    }

    async fn audited(&self) -> Vec<String> {
        let all = entity::audit::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().map(|a| a.action).filter(|a| a.starts_with("qa.")).collect()
    }
}

fn session<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("title", "公共体育场馆开放"),
        ("theme", "回答开放时间和收费的问题。"),
        ("department", "mass"),
        ("guests", "mass"),
        ("guests", "finance"),
        ("person-finance", "副处长出席"),
        ("opens_at", "2026-03-03T09:00"),
        ("begins_at", "2026-03-09T14:00"),
        ("ends_at", "2026-03-09T16:00"),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    fields
}

#[tokio::test]
async fn a_question_is_asked_reviewed_answered_and_what_is_open_becomes_a_duty() {
    let mut t = Table::new().await;
    let guest = t.site.guest();
    guest.get("/qa").await.expect(200).contains("目前没有预告的网络问政").contains("还没有举行过");
    guest.get(&format!("/qa/{CODE}")).await.expect(404);
    t.announce().await;
    guest.get("/qa").await.expect(200).contains("公共体育场馆开放").contains("预告");
    let page = t.page().await;
    page.contains("群众体育处").contains("副处长出席").contains("2026年3月9日 14:00—16:00").lacks("/ask\"");
    // Not yet: the form says from when on, and a request is refused.
    guest.get(&format!("/qa/{CODE}/ask")).await.expect(200).contains("2026年3月3日 09:00");
    let early = [("text", TEXT), ("consent", "yes")];
    guest.post(&format!("/qa/{CODE}/ask"), &early).await.expect(409).contains("提问将于").contains(TEXT);

    t.at("2026-03-03", 9, 0).await;
    t.page().await.contains("征集问题").contains(&format!("/qa/{CODE}/ask"));
    let first = t.ask(TEXT, "zhang@example.invalid").await;
    let slip = guest.get(&format!("/receipts/qa/{first}?new=1")).await.expect(200);
    slip.contains("您的提问已登记").contains("Q2026-001-0001").contains("z***@example.invalid");
    let found = guest.post("/receipts", &[("code", &first)]).await.expect(303);
    assert_eq!(found.location(), format!("/receipts/qa/{first}"));
    t.ask("低收费的补助怎样算？", "").await;
    t.ask("学校操场开放吗？", "c@example.invalid").await;
    // A page that is kept ready counts them a moment later.
    t.site.clock.set(crate::harness::at("2026-03-03", 9, 1));
    // Nobody reads it before it was looked at; not in the page, not in the API, not in the table.
    t.page().await.contains("收到 3 个问题").contains("待审核 3 个").lacks("游泳馆").lacks("张");
    assert_eq!(guest.get(&format!("{API}/{CODE}")).await.expect(200).json()["questions"], json!([]));
    let row = entity::qa_question::Entity::find().one(t.site.app.db.read()).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&row.text_enc).contains("游泳馆"));

    // The moderator sees what the machine noticed, and gives it on with the number taken out.
    t.clerk.get("/desk").await.expect(200).contains("网络问政");
    t.clerk.get(&format!("/desk/qa/{CODE}")).await.expect(200).contains("游泳馆几点开放");
    let case = t.clerk.get(&format!("/desk/qa/{CODE}/questions/1")).await.expect(200);
    case.contains("疑似手机号").contains("张*").contains("计划财务处").lacks("青少年体育处");
    t.publish(1, "mass", REDACTED).await;
    t.publish(2, "finance", "低收费的补助怎样算？").await;
    t.page().await.contains("游泳馆几点开放").contains("已隐去").contains("张*").lacks("13800001234");
    t.state(&first).await.contains("待答复").contains("群众体育处").lacks("clerk");

    // Live: each department answers its own, nobody else's.
    t.at("2026-03-09", 14, 0).await;
    t.page().await.contains("正在进行");
    t.act(&t.finance, 1, "answer", &[("answer", "不归我们")]).await.expect(403);
    t.act(&t.stranger, 1, "answer", &[("answer", "也不归我们")]).await.expect(403);
    t.act(&t.organiser, 1, "answer", &[("answer", "")]).await.expect(422).contains("请填写");
    t.done(&t.organiser, 1, "answer", &[("answer", "早上六点。")]).await;
    t.page().await.contains("群众体育处答：").contains("早上六点。").contains("已答复 1 个");
    t.state(&first).await.contains("早上六点。").contains("在本场问答中查看");
    assert!(t.duties().await.is_empty(), "nothing is owed while the session runs");

    // It ends: one answer is owed, and one review, by seven working days later.
    t.at("2026-03-09", 16, 0).await;
    t.site.work().await;
    let duties = t.duties().await;
    assert_eq!(duties.len(), 2);
    assert!(duties.iter().all(|d| d.state == DutyState::Open && d.due_on.to_string() == "2026-03-18"));
    t.page().await.contains("以下问题未能当场答复").contains("第 2 号提问").lacks("/ask\"");
    guest.post(&format!("/qa/{CODE}/ask"), &early).await.expect(409).contains("已经结束");
    guest.get("/search?q=早上六点").await.expect(200).contains("公共体育场馆开放");
    t.finance.get(&format!("/desk/qa/{CODE}/questions/2")).await.expect(200).contains("3月18日 24:00 前");

    // Afterwards: the answer ends the duty; what is not taken up ends it too, with its reason.
    t.at("2026-03-12", 10, 0).await;
    t.done(&t.finance, 2, "answer", &[("answer", "按开放时长核算。")]).await;
    let reject = [("reason", "duplicate"), ("note", "请看第 1 号提问")];
    t.done(&t.clerk, 3, "reject", &reject).await;
    assert!(t.duties().await.iter().all(|d| d.state == DutyState::Done));
    t.page().await.contains("按开放时长核算。").lacks("以下问题未能当场答复").lacks("学校操场");
    guest.get("/search?q=按开放时长核算").await.expect(200).contains("公共体育场馆开放");
    guest.get("/qa").await.expect(200).contains("收到 3 个问题，已答复 2 个");
    let told = t.told().await;
    for title in ["您的提问已登记", "已公开，待答复", "已答复", "未采用"] {
        assert!(told.iter().any(|t| t.contains(title)), "{title}: {told:?}");
    }
    // A month later nobody knows any more who asked; what is public stays.
    t.at("2026-04-09", 9, 0).await;
    let rows = entity::qa_question::Entity::find().all(t.site.app.db.read()).await.unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|q| q.name_enc.is_none() && q.contact_enc.is_none()));
    t.page().await.contains("早上六点。").contains("张*");
    for action in ["qa.create", "qa.publish", "qa.ask", "qa.decide", "qa.answer", "qa.end", "qa.erase"] {
        assert!(t.audited().await.iter().any(|a| a == action), "{action}");
    }
}

#[tokio::test]
async fn bad_questions_are_told_what_is_wrong_and_keep_their_words() {
    let mut t = Table::new().await;
    t.announce().await;
    t.at("2026-03-03", 9, 0).await;
    let guest = t.site.guest();
    let path = format!("/qa/{CODE}/ask");
    guest.post(&path, &[("text", ""), ("consent", "yes")]).await.expect(422).contains("请填写");
    let long = "长".repeat(501);
    let too_long = guest.post(&path, &[("text", long.as_str()), ("consent", "yes")]).await.expect(422);
    too_long.contains("最多 500 字").contains(&long);
    guest.post(&path, &[("text", TEXT)]).await.expect(422).contains("请先阅读并同意").contains(TEXT);
    let odd = [("text", TEXT), ("contact", "13800001234"), ("consent", "yes")];
    guest.post(&path, &odd).await.expect(422).contains("正确的电子邮箱");
    let trap = [("text", TEXT), ("website", "x"), ("consent", "yes")];
    guest.post(&path, &trap).await.expect(422).contains("由程序填写");
    guest.post("/qa/Q2026-009/ask", &[("text", TEXT), ("consent", "yes")]).await.expect(404);
    guest.get("/qa/%00/ask").await.expect(404);

    // Sent twice with one key it is one question; with the key of another it is refused.
    let key = [("Idempotency-Key", "0123456789abcdef"), ("content-type", "application/json")];
    let body = json!({ "text": TEXT, "consent": true });
    let send = async |body: &Value| {
        guest.raw("POST", &format!("{API}/{CODE}/questions"), &key, body.to_string().into_bytes()).await
    };
    let (first, again) = (send(&body).await.expect(201).json(), send(&body).await.expect(200).json());
    assert_eq!(first["lookup_code"], again["lookup_code"]);
    send(&json!({ "text": "别的问题", "consent": true })).await.expect(422);
    let code = first["lookup_code"].as_str().unwrap();
    let state = guest.get(&format!("/api/v1/qa/questions/{code}")).await.expect(200).json();
    assert_eq!((&state["state"], &state["number"]), (&json!("pending"), &json!("Q2026-001-0001")));
    guest.get("/api/v1/qa/questions/7K3M-Q9TX-2HDV-0ABC").await.expect(404);
    // English pages for who asks for them.
    guest.get(&format!("/qa/{CODE}?lang=en")).await.expect(200).contains("Questions and answers");
    guest.get(&format!("/receipts/qa/{code}?lang=en")).await.expect(200).contains("Waiting for review");
}

#[tokio::test]
async fn review_redacts_rejects_routes_and_takes_down() {
    let mut t = Table::new().await;
    t.announce().await;
    t.at("2026-03-03", 9, 0).await;
    let code = t.ask(TEXT, "").await;
    // Words that are not the author's are refused, so is a department that does not sit there.
    let changed = [("department", "mass"), ("public_text", "游泳馆八点开放吗？")];
    t.act(&t.clerk, 1, "publish", &changed).await.expect(422).contains("一字不差");
    let absent = [("department", "youth"), ("public_text", REDACTED)];
    t.act(&t.clerk, 1, "publish", &absent).await.expect(422).contains("请选择参加本场的单位");
    t.act(&t.organiser, 1, "publish", &changed).await.expect(403);
    t.act(&t.clerk, 1, "reject", &[("reason", "other")]).await.expect(422).contains("请向提问人说明");
    t.act(&t.clerk, 1, "reject", &[]).await.expect(422).contains("请选择原因");
    t.act(&t.clerk, 9, "reject", &[("reason", "insult")]).await.expect(404);
    t.stranger.get(&format!("/desk/qa/{CODE}")).await.expect(403);
    t.site.guest().get(&format!("/desk/qa/{CODE}")).await.expect(303);

    t.publish(1, "mass", REDACTED).await;
    let again = [("department", "mass"), ("public_text", REDACTED)];
    t.act(&t.clerk, 1, "publish", &again).await.expect(409).contains("已经处理过");
    t.done(&t.clerk, 1, "route", &[("department", "finance")]).await;
    t.page().await.contains("等待答复：").contains("计划财务处");
    t.act(&t.organiser, 1, "answer", &[("answer", "六点")]).await.expect(403);
    t.done(&t.finance, 1, "answer", &[("answer", "六点")]).await;
    t.done(&t.finance, 1, "answer", &[("answer", "六点半（更正）")]).await;
    t.page().await.contains("六点半（更正）");
    // A department with questions stays at the table.
    let fields = session(&[("guests", "mass"), ("revision", "2")]);
    let gone = t.organiser.post(&format!("/desk/qa/{CODE}/edit"), &fields).await.expect(422);
    gone.contains("已经分到问题的单位不能去掉");
    // Taken down it is nowhere, and its author reads why.
    let down = [("reason", "insult")];
    t.done(&t.clerk, 1, "reject", &down).await;
    t.page().await.lacks("游泳馆").lacks("六点半");
    t.state(&code).await.contains("未采用").contains("侮辱").lacks("六点半");
}

#[tokio::test]
async fn a_session_is_written_changed_cancelled_and_thrown_away() {
    let mut t = Table::new().await;
    t.organiser.get("/desk/qa/new").await.expect(200).contains("参加单位");
    t.clerk.get("/desk/qa/new").await.expect(403);
    let wrong = session(&[("ends_at", "2026-03-09T13:00"), ("title", "")]);
    let again = t.organiser.post("/desk/qa/new", &wrong).await.expect(422);
    again.contains("结束时间应当晚于开始时间").contains("回答开放时间和收费的问题。").contains("副处长出席");
    let past =
        session(&[("begins_at", "2026-03-01T14:00"), ("ends_at", "2026-03-01T16:00"), ("opens_at", "")]);
    t.organiser.post("/desk/qa/new", &past).await.expect(422).contains("开始时间应当在将来");
    let others = session(&[("department", "youth")]);
    t.organiser.post("/desk/qa/new", &others).await.expect(403);
    t.organiser.post("/desk/qa/new", &session(&[])).await.expect(303);
    // A draft is nobody else's.
    t.stranger.get(&format!("/desk/qa/{CODE}")).await.expect(404);
    t.organiser.post(&format!("/desk/qa/{CODE}/discard"), &[]).await.expect(303);
    t.organiser.get(&format!("/desk/qa/{CODE}")).await.expect(404);

    t.organiser.post("/desk/qa/new", &session(&[])).await.expect(303);
    let desk = "/desk/qa/Q2026-002";
    t.organiser.post(&format!("{desk}/publish"), &[]).await.expect(303);
    t.organiser.post(&format!("{desk}/discard"), &[]).await.expect(409);
    let form = t.organiser.get(&format!("{desk}/edit")).await.expect(200);
    form.contains("2026-03-09T14:00").contains("副处长出席");
    let moved =
        session(&[("begins_at", "2026-03-10T14:00"), ("ends_at", "2026-03-10T16:00"), ("revision", "2")]);
    t.organiser.post(&format!("{desk}/edit"), &moved).await.expect(303);
    t.organiser.post(&format!("{desk}/edit"), &moved).await.expect(412);
    t.site.guest().get("/qa/Q2026-002").await.expect(200).contains("2026年3月10日");
    // The plan of the first end comes and finds nothing to end.
    t.at("2026-03-09", 16, 30).await;
    t.site.work().await;
    t.site.guest().get("/qa/Q2026-002").await.expect(200).contains("征集问题");
    let fields = [("text", TEXT), ("contact", "a@example.invalid"), ("consent", "yes")];
    t.site.guest().post("/qa/Q2026-002/ask", &fields).await.expect(303);
    t.organiser.post(&format!("{desk}/cancel"), &[("reason", "")]).await.expect(422);
    t.organiser.post(&format!("{desk}/cancel"), &[("reason", "主讲人出差")]).await.expect(303);
    t.site.guest().get("/qa/Q2026-002").await.expect(200).contains("已取消").contains("主讲人出差");
    t.site.guest().post("/qa/Q2026-002/ask", &fields).await.expect(409).contains("已取消");
    let mails = entity::notice::Entity::find().all(t.site.app.db.read()).await.unwrap();
    assert!(mails.iter().any(|n| n.body.contains("主讲人出差")), "who asked is told");
}

/// The stream of a session's news, read piece by piece.
struct News(futures_util::stream::BoxStream<'static, String>);

impl News {
    async fn of(site: &Site, path: &str) -> Self {
        let request = poem::Request::builder().uri_str(path).header("host", "localhost:8080").finish();
        let response = jianyan::http::endpoint(site.app.clone()).get_response(request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.content_type(), Some("text/event-stream"));
        assert!(response.header("content-encoding").is_none(), "packed news would wait in the packer");
        let parts = response.into_body().into_bytes_stream();
        Self(parts.map(|part| String::from_utf8_lossy(&part.unwrap()).into_owned()).boxed())
    }

    /// The next version that is told; none when the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            let part = self.0.next().await?;
            if let Some(data) = part.lines().find_map(|l| l.strip_prefix("data: ")) {
                return Some(data.to_owned());
            }
        }
    }
}

#[tokio::test]
async fn who_follows_is_told_of_news_here_and_from_the_other_instance() {
    let mut t = Table::new().await;
    t.announce().await;
    t.at("2026-03-09", 14, 0).await;
    let beside = t.site.beside().await;
    let path = format!("/qa/{CODE}/live");
    let (mut here, mut there) = (News::of(&t.site, &path).await, News::of(&beside, &path).await);
    let first = here.next().await.unwrap();
    assert!(first.ends_with("-live"), "{first}");
    assert_eq!(there.next().await.unwrap(), first);
    let page = t.page().await;
    page.contains(&format!("data-version=\"{first}\"")).contains(&format!("data-live=\"{path}\""));
    // Without a script: a link that reads it anew, and one after which it does so by itself.
    page.contains(&format!("/qa/{CODE}?renew=30"));
    assert!(page.headers.get("refresh").is_none(), "nothing moves that nobody asked to move");
    let renewed = t.site.guest().get(&format!("/qa/{CODE}?renew=30")).await.expect(200);
    assert_eq!(renewed.headers["refresh"], "30");
    assert!(t.site.guest().get(&format!("/qa/{CODE}?renew=1")).await.headers.get("refresh").is_none());

    t.ask("开门吗？", "").await;
    t.publish(1, "mass", "开门吗？").await;
    // The other instance is told too; its clock must move on for it to look again.
    beside.clock.set(crate::harness::at("2026-03-09", 14, 1));
    let second = here.next().await.unwrap();
    assert_ne!(second, first);
    assert_eq!(there.next().await.unwrap(), second);
    beside.guest().get(&format!("/qa/{CODE}")).await.expect(200).contains("开门吗？");
    // The end is the last that is told.
    t.at("2026-03-09", 16, 0).await;
    beside.clock.set(crate::harness::at("2026-03-09", 16, 0));
    let last = here.next().await.unwrap();
    assert!(last.ends_with("-ended"), "{last}");
    assert_eq!(here.next().await, None);
}

#[tokio::test]
async fn followers_are_bounded_and_let_go_when_the_process_stops() {
    let mut t = Table::on(Site::with(|config| config.limits.live_connections = 1).await).await;
    t.announce().await;
    t.at("2026-03-09", 14, 0).await;
    let path = format!("/qa/{CODE}/live");
    t.site.guest().get("/qa/Q2026-009/live").await.expect(404);
    let endpoint = std::sync::Arc::new(jianyan::http::endpoint(t.site.app.clone()));
    let ask = || async {
        let request = poem::Request::builder().uri_str(&path).header("host", "localhost:8080").finish();
        endpoint.get_response(request).await
    };
    let held = ask().await;
    assert_eq!(held.status(), 200);
    let refused = ask().await;
    assert_eq!(refused.status(), 503);
    assert!(refused.header("retry-after").is_some());
    drop(held);
    let next = ask().await;
    assert_eq!(next.status(), 200);
    t.site.app.health.stop();
    let rest = next.into_body().into_vec().await.unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains("data:"), "it ends at once");
}

#[tokio::test]
async fn programs_do_it_all_with_tokens() {
    let t = Table::new().await;
    let organiser = t.site.api("organiser").await;
    let (clerk, payer) = (t.site.api("clerk").await, t.site.api("payer").await);
    let body = json!({ "department": "mass", "title": "问答", "theme": "主题",
        "guests": [{ "department": "mass" }, { "department": "finance", "person": "副处长" }],
        "begins_at": "2026-03-09T06:00:00Z", "ends_at": "2026-03-09T08:00:00Z" });
    let made = organiser.json("POST", API, body.clone()).await.expect(200).json();
    assert_eq!((&made["code"], &made["stage"]), (&json!(CODE), &json!("draft")));
    t.site.guest().get(&format!("{API}/{CODE}")).await.expect(404);
    let odd = json!({ "department": "nobody", "title": "问答", "theme": "主题", "guests": [],
        "begins_at": "2026-03-09T06:00:00Z", "ends_at": "2026-03-09T08:00:00Z" });
    organiser.json("POST", API, odd).await.expect(422);
    organiser.json("POST", &format!("{API}/{CODE}/publish"), json!({})).await.expect(200);
    let listed = t.site.guest().get(API).await.expect(200).json();
    assert_eq!(listed["items"][0]["guests"][1]["person"], "副处长");
    t.ask("补助怎样算？", "").await;
    let questions = clerk.get(&format!("{API}/{CODE}/questions?state=pending")).await.expect(200).json();
    assert_eq!(questions["items"][0]["text"], "补助怎样算？");
    let one = format!("{API}/{CODE}/questions/1");
    clerk.json("POST", &format!("{one}/publish"), json!({ "department": "finance" })).await.expect(200);
    payer.json("POST", &format!("{one}/answer"), json!({ "answer": "按时长。" })).await.expect(200);
    let read = t.site.guest().get(&format!("{API}/{CODE}")).await.expect(200).json();
    assert_eq!(read["questions"][0]["answer"], "按时长。");
    assert_eq!(read["counts"], json!({ "pending": 0, "published": 0, "answered": 1, "rejected": 0 }));
    clerk.json("POST", &format!("{one}/reject"), json!({ "reason": "insult" })).await.expect(200);
    let cancelled =
        organiser.json("POST", &format!("{API}/{CODE}/cancel"), json!({ "reason": "改期" })).await;
    assert_eq!(cancelled.expect(200).json()["stage"], "cancelled");
    organiser.json("PUT", &format!("{API}/{CODE}"), body).await.expect(409);
}
