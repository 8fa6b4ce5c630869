//! The message board: written, accepted, answered, published; followed, rated and asked once more.

use entity::enums::{DutyKind, DutyState, Role};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Site};
use crate::opinion::decoded;

const API: &str = "/api/v1/messages";
const NUMBER: &str = "LY2026-000001";
const TEXT: &str = "暑假游泳馆几点开放？我的电话是13800001234。";
const REDACTED: &str = "暑假游泳馆几点开放？我的电话是【已隐去】。";

struct Board {
    site: Site,
    clerk: Person,
    owner: Person,
    head: Person,
    stranger: Person,
}

impl Board {
    async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    async fn on(site: Site) -> Self {
        let office = site.department("office", "办公室").await;
        let sports = site.department("sports", "群众体育处").await;
        let youth = site.department("youth", "青少年体育处").await;
        site.staff("clerk", office, &[Role::Moderator]).await;
        site.staff("owner", sports, &[Role::Owner]).await;
        let head = site.staff("head", sports, &[]).await;
        site.set_head(sports, head).await;
        site.staff("stranger", youth, &[Role::Owner]).await;
        site.staff("supervisor", office, &[Role::Supervisor]).await;
        let (clerk, owner) = (site.sign_in("clerk").await, site.sign_in("owner").await);
        let (head, stranger) = (site.sign_in("head").await, site.sign_in("stranger").await);
        Self { site, clerk, owner, head, stranger }
    }

    /// A question with everything in it, over the form; gives the lookup code.
    async fn write(&self) -> String {
        self.write_with(&[]).await
    }

    async fn write_with(&self, more: &[(&str, &str)]) -> String {
        let mut fields = vec![
            ("kind", "question"),
            ("title", "游泳馆开放时间"),
            ("text", TEXT),
            ("name", "张三丰"),
            ("contact", "zhang@example.invalid"),
            ("may_publish", "yes"),
            ("consent", "yes"),
        ];
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more);
        let sent = self.site.guest().post("/messages/new", &fields).await.expect(303);
        let code = sent.location().strip_prefix("/receipts/messages/").unwrap();
        code.strip_suffix("?new=1").unwrap().to_owned()
    }

    async fn act(&self, person: &Person, act: &str, fields: &[(&str, &str)]) -> Answer {
        person.post(&format!("/desk/messages/{NUMBER}/{act}"), fields).await
    }

    async fn state(&self, code: &str) -> Answer {
        self.site.guest().get(&format!("/receipts/messages/{code}")).await.expect(200)
    }

    async fn duty(&self, kind: DutyKind) -> entity::duty::Model {
        let all = entity::duty::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().find(|d| d.kind == kind).unwrap()
    }

    /// Titles and texts of what people were told.
    async fn told(&self) -> Vec<String> {
        let all = entity::notice::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().map(|n| format!("{}\n{}", n.title, n.body)).collect()
    }

    async fn audited(&self, action: &str) -> bool {
        let all = entity::audit::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.iter().any(|a| a.action == action)
    }

    async fn figures(&self) -> Value {
        self.site.guest().get("/api/v1/message-figures").await.expect(200).json()
    }
}

#[tokio::test]
async fn a_message_is_accepted_answered_published_and_rated() {
    let mut b = Board::new().await;
    let guest = b.site.guest();
    guest.get("/messages").await.expect(200).contains("还没有公开的留言").contains("我要留言");
    let form = guest.get("/messages/new").await.expect(200);
    form.contains("信访事项")
        .contains("网站找错")
        .contains("建议 7 个、咨询和投诉 15 个、网站找错 3 个工作日");

    // Received on Monday, 2 March: fifteen working days end on 23 March.
    let code = b.write().await;
    let slip = guest.get(&format!("/receipts/messages/{code}?new=1")).await.expect(200);
    slip.contains("您的留言已登记")
        .contains(NUMBER)
        .contains("2026年3月23日")
        .contains("z***@example.invalid");
    // The lookup form leads there too, and so does the address of other receipts.
    let found = guest.post("/receipts", &[("code", &code)]).await.expect(303);
    assert_eq!(found.location(), format!("/receipts/messages/{code}"));
    guest.get(&format!("/receipts/{code}")).await.expect(303);
    b.state(&code).await.contains("待受理").lacks("clerk");
    assert_eq!(b.duty(DutyKind::MessageIntake).await.due_on.to_string(), "2026-03-03");

    // What is not routed yet is the clerk's; the machine's advice is shown.
    b.clerk.get("/desk/messages").await.expect(200).contains(NUMBER).contains("游泳馆开放时间");
    b.clerk.get(&format!("/desk/messages/{NUMBER}")).await.expect(200).contains("疑似手机号").contains("张*");
    b.owner.get(&format!("/desk/messages/{NUMBER}")).await.expect(404);
    b.act(&b.owner, "accept", &[("department", "sports")]).await.expect(403);
    b.act(&b.clerk, "accept", &[("department", "nowhere")]).await.expect(422).contains("请选择承办单位");
    b.act(&b.clerk, "accept", &[("department", "youth")]).await.expect(303);
    b.act(&b.clerk, "accept", &[("department", "sports")]).await.expect(409);
    assert_eq!(b.duty(DutyKind::MessageIntake).await.state, DutyState::Done);
    let answering = b.duty(DutyKind::MessageAnswer).await;
    assert_eq!(
        (answering.start_on.to_string(), answering.due_on.to_string()),
        ("2026-03-02".into(), "2026-03-23".into())
    );
    assert!(!answering.title.contains("游泳馆"), "the author's words stay out of notices");

    // To the right department: it goes with the duty, and the first one no longer sees it.
    b.act(&b.clerk, "route", &[("department", "youth")]).await.expect(422);
    b.act(&b.clerk, "route", &[("department", "sports")]).await.expect(303);
    assert_ne!(b.duty(DutyKind::MessageAnswer).await.department_id, answering.department_id);
    b.stranger.get(&format!("/desk/messages/{NUMBER}")).await.expect(404);
    b.act(&b.stranger, "answer", &[("answer", "不是我们的事")]).await.expect(404);
    b.act(&b.clerk, "answer", &[("answer", "六点")]).await.expect(403);
    b.owner.get("/desk/messages").await.expect(200).contains(NUMBER).contains("待答复").lacks("待受理");

    // An answer is needed; the public reads the author's words or less, never others. What was typed stays.
    b.act(&b.owner, "answer", &[("answer", " ")]).await.expect(422).contains("请填写");
    let other =
        [("answer", "早上六点。"), ("publish", "yes"), ("public_title", "游泳馆"), ("public_text", REDACTED)];
    b.act(&b.owner, "answer", &other).await.expect(422).contains("一字不差").contains("早上六点。");
    b.site.at("2026-03-05", 10, 0).await;
    let [clerk, owner, head] =
        [b.site.sign_in("clerk").await, b.site.sign_in("owner").await, b.site.sign_in("head").await];
    (b.clerk, b.owner, b.head) = (clerk, owner, head);
    let good = [
        ("answer", "暑假每天早上六点开放。"),
        ("publish", "yes"),
        ("public_title", "游泳馆开放时间"),
        ("public_text", REDACTED),
    ];
    b.act(&b.owner, "answer", &good).await.expect(303);
    b.act(&b.owner, "answer", &good).await.expect(409);
    assert_eq!(b.duty(DutyKind::MessageAnswer).await.state, DutyState::Done);

    let board = guest.get("/messages").await.expect(200);
    board.contains("游泳馆开放时间").contains("张*").contains("2026年3月2日").contains("2026年3月5日");
    board.contains("群众体育处").lacks("13800001234").lacks("张三丰");
    let page = guest.get(&format!("/messages/{NUMBER}")).await.expect(200);
    page.contains("受理日期")
        .contains("答复日期")
        .contains("答复部门")
        .contains("早上六点")
        .lacks("13800001234");
    guest.get("/messages?kind=complaint").await.expect(200).contains("没有符合条件的留言");
    guest.get("/messages?department=sports&kind=question").await.expect(200).contains("早上六点");
    guest.get("/search?q=游泳馆开放时间").await.expect(200).contains(&format!("/messages/{NUMBER}"));

    // The author reads it, rates it once, and everybody sees the figure.
    let path = format!("/receipts/messages/{code}/vote");
    b.state(&code).await.contains("早上六点").contains("您对答复满意吗");
    guest.post(&path, &[("satisfaction", "wonderful")]).await.expect(422).contains("请选择一项");
    guest.post(&path, &[("satisfaction", "satisfied")]).await.expect(303);
    guest.post(&path, &[("satisfaction", "satisfied")]).await.expect(303);
    guest.post(&path, &[("satisfaction", "dissatisfied")]).await.expect(409).contains("您已经评价过");
    b.state(&code).await.contains("您的评价：").lacks("您对答复满意吗");
    let f = b.figures().await;
    let counts = json!({"received": 1, "answered": 1, "answered_in_time": 1, "rejected": 0, "waiting": 0});
    assert_eq!(f["counts"], counts);
    assert_eq!(f["months"], json!([{ "month": "2026-03", "counts": counts }]));
    assert_eq!(f["satisfaction"][0], json!({ "satisfaction": "satisfied", "messages": 1 }));
    guest.get("/messages/figures").await.expect(200).contains("2026年3月").contains("按期答复");
    guest.get("/messages/figures?lang=en").await.expect(200).contains("Answered in time");

    // It was told of every step, never with what was written.
    let told = b.told().await;
    for step in ["留言回执", "已受理", "已答复"] {
        assert!(told.iter().any(|t| t.contains(step)), "{step}: {told:?}");
    }
    assert!(told.iter().all(|t| !t.contains("几点开放") && !t.contains("早上六点")), "{told:?}");
    for action in ["message.submit", "message.decide", "message.route", "message.answer", "message.vote"] {
        assert!(b.audited(action).await, "{action}");
    }
}

#[tokio::test]
async fn the_author_asks_once_more_and_only_the_author_reads_the_answer() {
    let b = Board::new().await;
    let code = b.write().await;
    let guest = b.site.guest();
    let ask = format!("/receipts/messages/{code}/follow-up");
    guest.post(&ask, &[("question", "那冬天呢？")]).await.expect(409).contains("那冬天呢？");
    b.act(&b.clerk, "accept", &[("department", "sports")]).await.expect(303);
    b.act(&b.owner, "answer", &[("answer", "六点。")]).await.expect(303);
    guest.get(&format!("/messages/{NUMBER}")).await.expect(404);
    b.state(&code).await.contains("可以追问一次").contains("2026年4月1日").contains("六点。");
    guest.post(&ask, &[("question", "")]).await.expect(422).contains("请填写");
    guest.post(&ask, &[("question", &"长".repeat(501))]).await.expect(422);
    guest.post(&ask, &[("question", "那冬天呢？")]).await.expect(303);
    guest.post(&ask, &[("question", "那冬天呢？")]).await.expect(303);
    guest.post(&ask, &[("question", "还有秋天？")]).await.expect(409);
    let duty = b.duty(DutyKind::MessageFollowUp).await;
    assert_eq!((duty.state, duty.due_on.to_string()), (DutyState::Open, "2026-03-11".into()));
    b.owner.get("/desk/messages?tray=follow_up").await.expect(200).contains(NUMBER).contains("那冬天呢？");

    // Published later, the further question stays out of it; taken down again with a reason.
    b.act(&b.clerk, "follow-up", &[("follow_up_answer", "七点。")]).await.expect(403);
    b.act(&b.owner, "follow-up", &[("follow_up_answer", "七点。")]).await.expect(303);
    b.act(&b.owner, "follow-up", &[("follow_up_answer", "八点。")]).await.expect(409);
    assert_eq!(b.duty(DutyKind::MessageFollowUp).await.state, DutyState::Done);
    b.state(&code).await.contains("七点。");
    let public = [("public_title", "游泳馆开放时间"), ("public_text", REDACTED)];
    b.act(&b.owner, "publish", &public).await.expect(303);
    b.act(&b.owner, "publish", &public).await.expect(409);
    guest.get(&format!("/messages/{NUMBER}")).await.expect(200).contains("六点。").lacks("七点。");
    b.act(&b.owner, "take-down", &[("take_down", "")]).await.expect(422);
    b.act(&b.owner, "take-down", &[("take_down", "含有个人信息")]).await.expect(303);
    guest.get(&format!("/messages/{NUMBER}")).await.expect(404);
    guest.get("/search?q=游泳馆开放时间").await.expect(200).lacks(&format!("/messages/{NUMBER}"));
    b.state(&code).await.contains("六点。").contains("七点。");
    assert!(b.told().await.iter().any(|t| t.contains("含有个人信息")));

    // Another one, too late: thirty days after the answer.
    b.site.at("2026-04-02", 0, 1).await;
    b.state(&code).await.lacks("可以追问一次");
}

#[tokio::test]
async fn a_head_extends_once_and_lateness_is_told_and_counted() {
    let mut b = Board::new().await;
    let code = b.write_with(&[("kind", "suggestion")]).await;
    b.act(&b.clerk, "accept", &[("department", "sports")]).await.expect(303);
    assert_eq!(b.duty(DutyKind::MessageAnswer).await.due_on.to_string(), "2026-03-11");
    b.act(&b.owner, "extend", &[("extension", "需要会商")]).await.expect(403);
    b.act(&b.clerk, "extend", &[("extension", "需要会商")]).await.expect(403);
    b.act(&b.stranger, "extend", &[("extension", "需要会商")]).await.expect(404);
    b.act(&b.head, "extend", &[("extension", "")]).await.expect(422).contains("请填写");
    b.act(&b.head, "extend", &[("extension", "需要与场馆会商")]).await.expect(303);
    b.act(&b.head, "extend", &[("extension", "再来一次")]).await.expect(409).contains("再来一次");
    // Seven and eight working days make fifteen.
    assert_eq!(b.duty(DutyKind::MessageAnswer).await.due_on.to_string(), "2026-03-23");
    b.state(&code).await.contains("需要与场馆会商").contains("2026年3月23日");
    assert!(b.told().await.iter().any(|t| t.contains("延长至 2026年3月23日")));

    // Reminders go to the department's owners, then to its head and the supervisors.
    b.site.at("2026-03-20", 9, 1).await;
    let due = |t: &String| t.contains("答复留言") && t.contains(NUMBER);
    let before = b.told().await.into_iter().filter(due).count();
    b.site.at("2026-03-26", 9, 1).await;
    let told: Vec<String> = b.told().await.into_iter().filter(due).collect();
    assert!(before > 0 && told.len() > before, "{told:?}");
    assert!(told.iter().any(|t| t.contains("监督员")), "{told:?}");
    assert_eq!(b.figures().await["overdue"], 1);
    b.owner = b.site.sign_in("owner").await;
    b.owner.get("/desk/messages").await.expect(200).contains("已逾期");
    b.act(&b.owner, "answer", &[("answer", "已经开放。")]).await.expect(303);
    let f = b.figures().await;
    assert_eq!(
        (&f["counts"]["answered"], &f["counts"]["answered_in_time"], &f["overdue"]),
        (&json!(1), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn a_petition_is_not_accepted_and_its_author_learns_where_to_go() {
    let b = Board::new().await;
    let code = b.write_with(&[("kind", "complaint"), ("may_publish", "")]).await;
    b.act(&b.clerk, "reject", &[("note", "请向信访部门提出")])
        .await
        .expect(422)
        .contains("请选择原因")
        .contains("请向信访部门提出");
    b.act(&b.clerk, "reject", &[("reason", "petition")]).await.expect(422).contains("应当向哪个机关提出");
    b.act(&b.owner, "reject", &[("reason", "advertising")]).await.expect(403);
    b.act(&b.clerk, "reject", &[("reason", "petition"), ("note", "请向市信访办提出。")]).await.expect(303);
    b.state(&code).await.contains("不予受理").contains("属于信访事项").contains("请向市信访办提出。");
    assert!(b.told().await.iter().any(|t| t.contains("属于信访事项") && t.contains("市信访办")));
    b.act(&b.clerk, "accept", &[("department", "sports")]).await.expect(409);
    let f = b.figures().await;
    assert_eq!((&f["counts"]["received"], &f["counts"]["rejected"]), (&json!(1), &json!(1)));
    assert_eq!(b.duty(DutyKind::MessageIntake).await.state, DutyState::Done);
    b.clerk.get("/desk/messages?tray=rejected").await.expect(200).contains(NUMBER);
}

#[tokio::test]
async fn what_its_author_keeps_private_cannot_be_published_and_lies_encrypted() {
    let b = Board::new().await;
    b.write_with(&[("may_publish", "")]).await;
    b.act(&b.clerk, "accept", &[("department", "sports")]).await.expect(303);
    let page = b.owner.get(&format!("/desk/messages/{NUMBER}")).await.expect(200);
    page.contains("不同意公开").lacks("name=\"publish\"");
    let forced =
        [("answer", "六点。"), ("publish", "yes"), ("public_title", "游泳馆开放时间"), ("public_text", TEXT)];
    b.act(&b.owner, "answer", &forced).await.expect(422).contains("不能公开");
    b.act(&b.owner, "answer", &[("answer", "六点。")]).await.expect(303);
    b.act(&b.owner, "publish", &forced[2..]).await.expect(422);
    let row = entity::message::Entity::find().one(b.site.app.db.read()).await.unwrap().unwrap();
    let stored = format!("{row:?}");
    for secret in ["游泳馆", "13800001234", "张三丰", "example.invalid", "六点"] {
        assert!(!stored.contains(secret), "{secret} in {stored}");
    }
    let sealed = [Some(row.title_enc), Some(row.text_enc), row.name_enc, row.contact_enc, row.answer_enc];
    for bytes in sealed.into_iter().map(Option::unwrap) {
        assert!(!String::from_utf8_lossy(&bytes).contains("游泳馆"));
    }
}

#[tokio::test]
async fn the_receipt_goes_by_mail_with_the_code_and_without_the_words() {
    let b = Board::new().await;
    let code = b.write().await;
    b.site.work().await;
    let mails: Vec<String> =
        b.site.mails().into_iter().filter(|m| m.contains("zhang@example.invalid")).collect();
    assert_eq!(mails.len(), 1);
    let body = decoded(&mails[0]);
    assert!(body.contains(&format!("查询码：{code}")), "{body}");
    assert!(body.contains(&format!("http://localhost:8080/receipts/messages/{code}")), "{body}");
    assert!(!body.contains("游泳馆"), "{body}");
}

#[tokio::test]
async fn the_form_says_what_is_missing_and_takes_a_message_once() {
    let b = Board::new().await;
    let guest = b.site.guest();
    let empty = guest.post("/messages/new", &[("text", "留着")]).await.expect(422);
    empty.contains("请选择留言类别").contains("请先阅读并同意").contains("留着");
    let fields = [("kind", "question"), ("title", "标题"), ("text", "内容"), ("consent", "yes")];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut all = fields.to_vec();
        all.retain(|(n, _)| !more.iter().any(|(m, _)| m == n));
        all.extend(more);
        all
    };
    guest.post("/messages/new", &with(&[("contact", "13800001234")])).await.expect(422).contains("电子邮箱");
    guest
        .post("/messages/new", &with(&[("department", "nowhere")]))
        .await
        .expect(422)
        .contains("没有这个单位");
    guest.post("/messages/new", &with(&[("kind", "petition")])).await.expect(422);
    // A program that fills in every field.
    guest
        .post("/messages/new", &with(&[("website", "http://spam")]))
        .await
        .expect(422)
        .contains("由程序填写");
    // The same page sent twice is one message; its key with other words is none.
    let page = guest.get("/messages/new?kind=site_error").await.expect(200);
    let key: &'static str = page.input("key").unwrap().leak();
    let first = guest.post("/messages/new", &with(&[("key", key)])).await.expect(303);
    let second = guest.post("/messages/new", &with(&[("key", key)])).await.expect(303);
    assert_eq!(first.location(), second.location());
    guest
        .post("/messages/new", &with(&[("key", key), ("title", "另一条")]))
        .await
        .expect(422)
        .contains("已经提交过");
    assert_eq!(b.figures().await["counts"]["received"], 1);
    guest.get("/messages/new?lang=en").await.expect(200).contains("Petitions");
    guest.get("/receipts/messages/0000-0000-0000-0000").await.expect(404);
    guest.get("/messages/LY2026-999999").await.expect(404);
    b.clerk.get("/desk/messages/LY2026-999999").await.expect(404);
    guest.get("/desk/messages").await.expect(303);
}

#[tokio::test]
async fn messages_are_limited_by_address() {
    let site = Site::with(|c| c.limits.opinions_per_minute = 2).await;
    let body = json!({ "kind": "question", "title": "标题", "text": "内容", "consent": true });
    for _ in 0..2 {
        site.guest().json("POST", API, body.clone()).await.expect(201);
    }
    let refused = site.guest().json("POST", API, body).await.expect(429);
    assert!(refused.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn programs_do_all_of_it() {
    let b = Board::new().await;
    let guest = b.site.guest();
    let (clerk, owner, head) =
        (b.site.api("clerk").await, b.site.api("owner").await, b.site.api("head").await);
    let body = |title: &str| {
        json!({ "kind": "suggestion", "title": title, "text": "请延长开放时间", "department": "sports",
            "may_publish": true, "consent": true })
    };
    guest
        .json("POST", API, json!({ "kind": "suggestion", "title": "", "text": "a", "consent": true }))
        .await
        .expect(422);
    guest
        .json("POST", API, json!({ "kind": "x", "title": "a", "text": "a", "consent": true }))
        .await
        .expect(400);
    for n in 1..=3 {
        let receipt = guest.json("POST", API, body(&format!("建议{n}"))).await.expect(201).json();
        assert_eq!(receipt["answer_by"], "2026-03-11");
        let code = receipt["lookup_code"].as_str().unwrap().to_owned();
        let desk = format!("/api/v1/desk-messages/{}", receipt["number"].as_str().unwrap());
        let tray = clerk.get("/api/v1/desk-messages?tray=intake").await.expect(200).json();
        assert_eq!((&tray["total"], &tray["items"][0]["due_on"]), (&json!(1), &json!("2026-03-03")));
        owner.get("/api/v1/desk-messages?tray=intake").await.expect(200).contains("\"total\":0");
        clerk.json("POST", &format!("{desk}/accept"), json!({ "department": "youth" })).await.expect(200);
        clerk.json("POST", &format!("{desk}/route"), json!({ "department": "sports" })).await.expect(200);
        let extended = head
            .json("POST", &format!("{desk}/extension"), json!({ "reason": "会商" }))
            .await
            .expect(200)
            .json();
        assert_eq!(extended["due_on"], "2026-03-23");
        let public = json!({ "title": format!("建议{n}"), "text": "请延长开放时间" });
        let answer = json!({ "answer": format!("第{n}条已采纳"), "publish": public });
        let answered = owner.json("POST", &format!("{desk}/answer"), answer).await.expect(200).json();
        assert_eq!(answered["state"], "answered");
        let mine = format!("/api/v1/receipts/messages/{code}");
        guest.json("POST", &format!("{mine}/vote"), json!({ "satisfaction": "fair" })).await.expect(200);
        let asked = guest
            .json("POST", &format!("{mine}/follow-up"), json!({ "question": "何时？" }))
            .await
            .expect(200)
            .json();
        assert_eq!((&asked["satisfaction"], &asked["follow_up_by"]), (&json!("fair"), &json!("2026-03-11")));
        owner.json("POST", &format!("{desk}/follow-up"), json!({ "answer": "下月。" })).await.expect(200);
        assert_eq!(guest.get(&mine).await.expect(200).json()["follow_up_answer"], "下月。");
        owner.json("POST", &format!("{desk}/take-down"), json!({ "reason": "有误" })).await.expect(200);
        owner.json("PUT", &format!("{desk}/publication"), public).await.expect(200);
        b.site.clock.set(b.site.app.now() + chrono::TimeDelta::minutes(1));
    }
    guest.json("POST", &format!("{API}?x=1"), body("建议4")).await.expect(201);
    clerk
        .json("POST", "/api/v1/desk-messages/LY2026-000004/reject", json!({ "reason_code": "duplicate" }))
        .await
        .expect(200);

    // The newest first, in pages that go on from a cursor.
    let page = guest.get(&format!("{API}?limit=2")).await.expect(200).json();
    let titles = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|i| i["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&page), ["建议3", "建议2"]);
    let next = page["next"].as_str().unwrap();
    let rest = guest.get(&format!("{API}?limit=2&cursor={next}")).await.expect(200).json();
    assert_eq!((titles(&rest), &rest["next"]), (vec!["建议1".to_owned()], &Value::Null));
    assert_eq!(rest["items"][0]["answer"], "第1条已采纳");
    guest.get(&format!("{API}?department=nowhere")).await.expect(404);
    guest.get(&format!("{API}?cursor=nothing")).await.expect(200).contains("\"items\":[]");
    let f = b.figures().await;
    assert_eq!(
        f["counts"],
        json!({"received": 4, "answered": 3, "answered_in_time": 3, "rejected": 1, "waiting": 0})
    );
    assert_eq!((&f["published"], &f["satisfaction"][1]["messages"]), (&json!(3), &json!(3)));
}
