//! Decisions from their beginning to the day they are issued, through the API and the pages.

use entity::enums::{Channel, DocumentKind, DutyKind, OpinionState, Outcome, PersonKind, Role, ShowAs};
use entity::id::{ConsultationId, DecisionId, DepartmentId, DocumentId, OpinionId, StaffId};
use entity::{consultation, document, opinion, response};
use jianyan::decision;
use jianyan::duty;
use jianyan::opinion::tally;
use jianyan::publication;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use crate::harness::{Person, Site, day};

struct Bureau {
    site: Site,
    mass: DepartmentId,
    owner: StaffId,
    api: Person,
}

/// A department with its owner, who has a token.
async fn bureau() -> Bureau {
    let site = Site::new().await;
    let mass = site.department("mass", "群众体育处").await;
    let owner = site.staff("xu", mass, &[Role::Owner]).await;
    let api = site.api("xu").await;
    Bureau { site, mass, owner, api }
}

impl Bureau {
    /// Moves the clock; tokens live for a day, so there is a new one.
    async fn at(&mut self, date: &str) {
        self.site.at(date, 9, 0).await;
        self.api = self.site.api("xu").await;
    }

    async fn create(&self, title: &str) -> Value {
        let body = json!({
            "title": title, "kind": "public_measure", "year": 2026, "department_id": self.mass,
            "owner_id": self.owner, "summary": "场馆每周开放多少小时。", "basis": "《体育法》第八十七条",
        });
        self.api.json("POST", "/api/v1/decisions", body).await.expect(200).json()
    }

    async fn step(&self, code: &str, kind: &str, on: &str) -> crate::harness::Answer {
        let body = json!({ "kind": kind, "happened_on": on, "note": "已完成。" });
        self.api.json("POST", &format!("/api/v1/decisions/{code}/steps"), body).await
    }

    async fn promulgate(&self, code: &str, number: &str, on: &str) -> crate::harness::Answer {
        let body = json!({ "doc_number": number, "promulgated_on": on });
        self.api.json("POST", &format!("/api/v1/decisions/{code}/promulgation"), body).await
    }

    async fn status(&self, code: &str) -> Value {
        let answer = self.api.get(&format!("/api/v1/desk/decisions/{code}")).await.expect(200);
        answer.json()["status"].clone()
    }

    /// A published consultation as its own feature leaves it behind.
    async fn consultation(&self, decision: &Value, opens: &str, closes: &str) -> ConsultationId {
        let decision_id: DecisionId = decision["id"].as_str().unwrap().parse().unwrap();
        let app = &self.site.app;
        let write = app.write().await.unwrap();
        let document = document::Model {
            id: app.id::<DocumentId>(),
            decision_id,
            kind: DocumentKind::Draft,
            version: 1,
            title: "草案".into(),
            body: "第一条 测试。".into(),
            content_hash: String::new(),
            correction_notice: None,
            published_at: Some(app.now()),
            created_by: None,
            created_at: app.now(),
        };
        document.clone().into_active_model().insert(&*write).await.unwrap();
        let row = consultation::Model {
            id: app.id(),
            code: format!("{}-1", decision["code"].as_str().unwrap()),
            decision_id,
            document_id: document.id,
            title: "征求意见".into(),
            plain: String::new(),
            notice: "公告".into(),
            opens_on: day(opens),
            closes_on: day(closes),
            short_reason: None,
            contact_name: String::new(),
            address: String::new(),
            postcode: String::new(),
            email: String::new(),
            phone: String::new(),
            identity: entity::enums::IdentityLevel::Unverified,
            published_at: Some(app.now()),
            published_by: None,
            result_published_at: None,
            created_at: app.now(),
            revision: 1,
        };
        row.clone().into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
        row.id
    }

    async fn opinion(&self, consultation: ConsultationId, n: u32, state: OpinionState) -> OpinionId {
        let app = &self.site.app;
        let row = opinion::Model {
            id: app.id(),
            number: format!("2026-001-1-{n:06}"),
            consultation_id: consultation,
            clause_id: None,
            channel: Channel::Site,
            person_kind: PersonKind::Individual,
            show_as: ShowAs::Anonymous,
            name_enc: None,
            contact_enc: None,
            person_hash: None,
            text: "建议延长开放时间".into(),
            text_hash: String::new(),
            state,
            public_text: None,
            public_name: None,
            received_at: app.now(),
            received_by: None,
            reviewed_at: None,
            published_at: None,
            lang: "zh".into(),
            revision: 1,
            flood_id: None,
        };
        let write = app.write().await.unwrap();
        row.clone().into_active_model().insert(&*write).await.unwrap();
        let mut counted = jianyan::db::Inserts::default();
        tally::received(&mut counted, &row);
        counted.run(&write).await.unwrap();
        write.commit().await.unwrap();
        row.id
    }

    async fn respond(&self, consultation: ConsultationId, opinion: OpinionId) {
        let app = &self.site.app;
        let row = response::Model {
            id: app.id(),
            consultation_id: consultation,
            topic_id: None,
            opinion_id: Some(opinion),
            outcome: Outcome::Adopted,
            reason: "采纳".into(),
            final_clause_id: None,
            public_outcome: None,
            public_reason: None,
            public_clause_id: None,
            public_version: None,
            created_by: self.owner,
            created_at: app.now(),
            updated_at: app.now(),
        };
        let write = app.write().await.unwrap();
        row.into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
    }

    async fn topic_response(&self, consultation: ConsultationId, opinion: OpinionId) {
        let app = &self.site.app;
        let write = app.write().await.unwrap();
        let topic = entity::topic::Model {
            id: app.id(),
            consultation_id: consultation,
            title: "时间".into(),
            gist: "延长".into(),
            position: 1,
            people: 0,
            created_by: self.owner,
            created_at: app.now(),
        };
        topic.clone().into_active_model().insert(&*write).await.unwrap();
        tally::regroup(&write, consultation, &[opinion], Some(topic.id)).await.unwrap();
        let place = entity::topic_opinion::Model {
            opinion_id: opinion,
            topic_id: topic.id,
            added_by: self.owner,
            added_at: app.now(),
        };
        place.into_active_model().insert(&*write).await.unwrap();
        let answer = response::Model {
            id: app.id(),
            consultation_id: consultation,
            topic_id: Some(topic.id),
            opinion_id: None,
            outcome: Outcome::NotAdopted,
            reason: "条件不具备".into(),
            final_clause_id: None,
            public_outcome: None,
            public_reason: None,
            public_clause_id: None,
            public_version: None,
            created_by: self.owner,
            created_at: app.now(),
            updated_at: app.now(),
        };
        answer.into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
    }
}

fn detail(answer: &crate::harness::Answer) -> String {
    let body = answer.json();
    let field = body["errors"][0]["message"].as_str().unwrap_or_default();
    format!("{} {field}", body["detail"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_decision_is_issued_only_through_every_gate() {
    let mut b = bureau().await;
    let decision = b.create("制定《公共体育场馆开放办法》").await;
    assert_eq!(decision["code"], "2026-001");
    assert_eq!(b.create("第二项").await["code"], "2026-002");
    let code = "2026-001";
    assert_eq!(b.status(code).await, "preparing");
    b.step(code, "draft", "2026-02-20").await.expect(200);
    assert_eq!(b.status(code).await, "drafting");

    let refused = b.promulgate(code, "沪体规〔2026〕1号", "2026-03-02").await.expect(422);
    assert!(detail(&refused).contains("第十五条"), "{}", refused.text);
    assert_eq!(refused.json()["code"], "against_rule");

    let c = b.consultation(&decision, "2026-02-01", "2026-03-04").await;
    assert_eq!(b.status(code).await, "consulting");
    b.step(code, "legality_review", "2026-02-27").await.expect(200);
    let refused = b.step(code, "collective_discussion", "2026-03-02").await.expect(422);
    assert!(detail(&refused).contains("第十五条"));

    let counted = b.opinion(c, 1, OpinionState::Withheld).await;
    let together = b.opinion(c, 2, OpinionState::Published).await;
    b.opinion(c, 3, OpinionState::Rejected).await;
    b.at("2026-03-05").await;
    assert_eq!(b.status(code).await, "reviewing");
    let refused = b.step(code, "collective_discussion", "2026-03-05").await.expect(422);
    assert!(detail(&refused).contains("2 条意见"), "{}", refused.text);
    b.respond(c, counted).await;
    let refused = b.step(code, "collective_discussion", "2026-03-05").await.expect(422);
    assert!(detail(&refused).contains("1 条意见"));
    b.topic_response(c, together).await;
    b.step(code, "collective_discussion", "2026-03-05").await.expect(200);
    // The same record sent twice is one record.
    b.step(code, "collective_discussion", "2026-03-05").await.expect(409);

    let refused = b.promulgate(code, "沪体规2026年1号", "2026-03-05").await.expect(422);
    assert!(detail(&refused).contains("机关代字"));
    b.promulgate(code, "沪体规〔2026〕1号", "2026-03-06").await.expect(422);
    let issued = b.promulgate(code, " 沪体规[2026]1号", "2026-03-05").await.expect(200).json();
    assert_eq!(issued["doc_number"], "沪体规〔2026〕1号");
    assert_eq!(issued["status"], "promulgated");
    // Thursday 5 March + 10 working days.
    assert_eq!(issued["duties"][0]["due_on"], "2026-03-19");
    assert_eq!(issued["duties"][0]["kind"], "adoption_summary");
    b.promulgate(code, "沪体规〔2026〕2号", "2026-03-05").await.expect(409);
    b.step(code, "interpretation", "2026-03-05").await.expect(200);

    let row = decision::by_code(b.site.app.db.read(), code).await.unwrap();
    let duties = duty::of_subject(b.site.app.db.read(), row.id.0).await.unwrap();
    assert_eq!(duties.len(), 1);
    assert_eq!((duties[0].kind, duties[0].owner_id), (DutyKind::AdoptionSummary, Some(b.owner)));
    assert!(matches!(
        jianyan::audit::verify(b.site.app.db.read()).await.unwrap(),
        jianyan::audit::Finding::Whole { .. }
    ));
}

#[tokio::test]
async fn a_waiting_opinion_is_undecided_even_with_an_answer() {
    let b = bureau().await;
    let decision = b.create("事项").await;
    let c = b.consultation(&decision, "2026-01-01", "2026-02-05").await;
    b.step("2026-001", "legality_review", "2026-02-10").await.expect(200);
    let waiting = b.opinion(c, 1, OpinionState::Pending).await;
    b.respond(c, waiting).await;
    b.step("2026-001", "collective_discussion", "2026-02-20").await.expect(422);
}

#[tokio::test]
async fn what_is_not_disclosed_by_law_needs_its_basis() {
    let b = bureau().await;
    b.create("依法不公开的事项").await;
    let path = "/api/v1/decisions/2026-001/non-disclosure";
    b.api.json("PUT", path, json!({ "basis": "不想" })).await.expect(422);
    let basis = "《政府信息公开条例》第十四条";
    let marked = b.api.json("PUT", path, json!({ "basis": basis })).await.expect(200).json();
    assert_eq!(marked["not_disclosed_basis"], basis);
    b.step("2026-001", "legality_review", "2026-02-10").await.expect(200);
    b.step("2026-001", "collective_discussion", "2026-02-20").await.expect(200);
    let issued = b.promulgate("2026-001", "示体〔2026〕9号", "2026-03-02").await.expect(200).json();
    // Nobody was asked, so nobody is answered.
    assert_eq!(issued["duties"], json!([]));
    b.create("另一项").await;
    b.step("2026-002", "legality_review", "2026-02-10").await.expect(200);
    b.step("2026-002", "collective_discussion", "2026-02-20").await.expect(200);
    b.api
        .json("PUT", "/api/v1/decisions/2026-002/non-disclosure", json!({ "basis": basis }))
        .await
        .expect(200);
    let taken = b.promulgate("2026-002", "示体（2026）9号", "2026-03-02").await.expect(422);
    assert!(detail(&taken).contains("已用于另一"));
}

#[tokio::test]
async fn steps_are_skipped_with_a_reason_and_taken_back() {
    let b = bureau().await;
    b.create("事项").await;
    let skips = "/api/v1/decisions/2026-001/skips";
    let skip = |kind: &str, reason: &str| json!({ "kind": kind, "reason": reason });
    b.api.json("POST", skips, skip("risk_assessment", "")).await.expect(422);
    let refused = b.api.json("POST", skips, skip("consultation", "时间来不及，不征求意见")).await.expect(422);
    assert!(detail(&refused).contains("第十四条"));
    let reason = "经研判不影响社会稳定";
    let id =
        b.api.json("POST", skips, skip("risk_assessment", reason)).await.expect(200).json()["id"].clone();
    b.step("2026-001", "risk_assessment", "2026-02-10").await.expect(409);
    let path = format!("/api/v1/decisions/2026-001/steps/{}", id.as_str().unwrap());
    b.api.raw("DELETE", &path, &[], vec![]).await.expect(200);
    b.api.raw("DELETE", &path, &[], vec![]).await.expect(404);
    b.step("2026-001", "risk_assessment", "2026-02-10").await.expect(200);
    for on in ["2026-03-03", "1999-01-01"] {
        b.step("2026-001", "draft", on).await.expect(422);
    }
    b.step("2026-001", "listed", "2026-02-01").await.expect(422);
    b.step("2026-001", "draft", "2026-02-30").await.expect(400);
    // A document of nobody, or of another decision.
    let nobody = uuid::Uuid::nil().to_string();
    let body = json!({ "kind": "draft", "happened_on": "2026-02-01", "document_id": nobody });
    b.api.json("POST", "/api/v1/decisions/2026-001/steps", body).await.expect(422);
}

#[tokio::test]
async fn a_stopped_matter_stays_readable_and_moves_no_more() {
    let mut b = bureau().await;
    let decision = b.create("事项").await;
    let path = "/api/v1/decisions/2026-001/withdrawal";
    b.consultation(&decision, "2026-02-25", "2026-03-30").await;
    let why = json!({ "reason": "上级已制定同类文件" });
    b.api.json("POST", path, why.clone()).await.expect(409);
    b.at("2026-03-31").await;
    b.api.json("POST", path, json!({ "reason": " " })).await.expect(422);
    b.api.json("POST", path, why.clone()).await.expect(200);
    assert_eq!(b.status("2026-001").await, "withdrawn");
    b.api.json("POST", path, why).await.expect(409);
    b.step("2026-001", "draft", "2026-03-31").await.expect(409);
}

#[tokio::test]
async fn the_dossier_is_edited_by_its_department_and_never_over_a_colleague() {
    let b = bureau().await;
    let other = b.site.department("law", "政策法规处").await;
    b.site.staff("gao", other, &[Role::Owner]).await;
    b.site.staff("lin", other, &[Role::Supervisor]).await;
    let colleague = b.site.staff("zhou", b.mass, &[Role::Owner]).await;
    let created = b.create("事项").await;
    let path = "/api/v1/decisions/2026-001";
    let patch = |person: &Person, revision: i64, body: Value| {
        let (person, body) = (person.clone(), body.to_string().into_bytes());
        async move {
            let tag = format!("\"{revision}\"");
            let headers = [("if-match", tag.as_str()), ("content-type", "application/json")];
            person.raw("PATCH", path, &headers, body).await
        }
    };
    assert_eq!(created["revision"], 1);
    let (foreign, supervisor) = (b.site.api("gao").await, b.site.api("lin").await);
    patch(&foreign, 1, json!({ "title": "别人的" })).await.expect(404);
    patch(&supervisor, 1, json!({ "title": "别人的" })).await.expect(403);
    supervisor.get("/api/v1/desk/decisions/2026-001").await.expect(200);
    foreign.get("/api/v1/desk/decisions/2026-001").await.expect(404);
    b.site.guest().get(path).await.expect(404);

    let after =
        patch(&b.api, 1, json!({ "owner_id": colleague, "summary": "新的说明" })).await.expect(200).json();
    assert_eq!((&after["revision"], &after["title"]), (&json!(2), &json!("事项")));
    patch(&b.api, 1, json!({ "title": "过时的" })).await.expect(412);
    b.api.json("PATCH", path, json!({ "title": "没有修订号" })).await.expect(400);
    patch(&b.api, 2, json!({ "title": "a\u{0}b" })).await.expect(422);
    patch(&b.api, 2, json!({ "title": "长".repeat(201) })).await.expect(422);
    patch(&b.api, 2, json!({ "unknown": 1 })).await.expect(400);
    // Somebody of another department cannot own it.
    let stranger = b.site.staff("wei", other, &[Role::Owner]).await;
    patch(&b.api, 2, json!({ "owner_id": stranger })).await.expect(422);
    patch(&b.api, 2, json!({ "owner_id": null })).await.expect(200);

    let body = json!({
        "title": "越权", "kind": "plan", "year": 2026, "department_id": other,
    });
    b.api.json("POST", "/api/v1/decisions", body).await.expect(403);
    b.site.guest().json("POST", "/api/v1/decisions", json!({})).await.expect(401);
    for odd in ["2026-999", "%00", "x%27--", "2026-001%2f.."] {
        let status = b.api.get(&format!("/api/v1/decisions/{odd}")).await.status.as_u16();
        assert_eq!(status, 404, "{odd}");
    }
}

#[tokio::test]
async fn a_new_owner_takes_the_open_duty_along() {
    let b = bureau().await;
    let colleague = b.site.staff("zhou", b.mass, &[Role::Owner]).await;
    let decision = b.create("事项").await;
    b.consultation(&decision, "2026-01-01", "2026-02-05").await;
    b.step("2026-001", "legality_review", "2026-02-10").await.expect(200);
    b.step("2026-001", "collective_discussion", "2026-02-20").await.expect(200);
    let issued = b.promulgate("2026-001", "示体规〔2026〕1号", "2026-03-02").await.expect(200).json();
    let body = json!({ "owner_id": colleague }).to_string().into_bytes();
    let tag = issued["revision"].to_string();
    let headers = [("if-match", tag.as_str()), ("content-type", "application/json")];
    b.api.raw("PATCH", "/api/v1/decisions/2026-001", &headers, body).await.expect(200);
    let row = decision::by_code(b.site.app.db.read(), "2026-001").await.unwrap();
    let duties = duty::of_subject(b.site.app.db.read(), row.id.0).await.unwrap();
    assert_eq!(duties[0].owner_id, Some(colleague));
}

#[tokio::test]
async fn the_filter_by_status_agrees_with_the_status() {
    let b = bureau().await;
    let stages: [(&str, &[&str]); 5] = [
        ("preparing", &[]),
        ("drafting", &["draft"]),
        ("reviewing", &["draft", "legality_review"]),
        ("discussed", &["legality_review", "collective_discussion"]),
        ("consulting", &["draft"]),
    ];
    for (n, (status, steps)) in stages.iter().enumerate() {
        let decision = b.create(&format!("事项{n}")).await;
        let code = decision["code"].as_str().unwrap();
        for step in *steps {
            b.step(code, step, "2026-02-20").await.expect(200);
        }
        if *status == "consulting" {
            b.consultation(&decision, "2026-02-25", "2026-03-30").await;
        }
    }
    for (n, (status, _)) in stages.iter().enumerate() {
        let page = b.api.get(&format!("/api/v1/desk/decisions?status={status}")).await.expect(200).json();
        assert_eq!(page["total"], 1, "{status}");
        assert_eq!(page["items"][0]["title"], format!("事项{n}"));
        assert_eq!(page["items"][0]["status"], *status);
    }
    let page = b.api.get("/api/v1/desk/decisions?limit=2&offset=1").await.expect(200).json();
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(5), 2));
    assert_eq!(page["items"][0]["code"], "2026-004");
    b.api.get("/api/v1/desk/decisions?limit=101").await.expect(422);
    b.api.get("/api/v1/decisions?status=nonsense").await.expect(400);
    // Nothing of it is public yet.
    let public = b.site.guest().get("/api/v1/decisions").await.expect(200).json();
    assert_eq!(public["total"], 0);
}

#[tokio::test]
async fn a_public_dossier_is_published_anew_with_every_step() {
    let b = bureau().await;
    b.create("事项").await;
    let row = decision::by_code(b.site.app.db.read(), "2026-001").await.unwrap();
    let versions = || async {
        let kind = entity::enums::SubjectKind::Decision;
        publication::versions(b.site.app.db.read(), kind, row.id.0).await.unwrap()
    };
    b.step("2026-001", "draft", "2026-02-10").await.expect(200);
    assert!(versions().await.is_empty());
    let actor = b.site.actor(b.owner).await;
    let write = b.site.app.write().await.unwrap();
    decision::enter(&b.site.app, &write, &actor, row.id, &decision::Listing::default()).await.unwrap();
    // Entered twice, listed once.
    decision::enter(&b.site.app, &write, &actor, row.id, &decision::Listing::default()).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(versions().await.len(), 1);
    b.step("2026-001", "expert_review", "2026-02-15").await.expect(200);
    let all = versions().await;
    assert_eq!(all.len(), 2);
    assert!(all[0].current && all[0].body.contains("专家论证") && !all[1].body.contains("专家论证"));
    let public = b.site.guest().get("/api/v1/decisions/2026-001").await.expect(200).json();
    let kinds: Vec<_> = public["steps"].as_array().unwrap().iter().map(|s| s["kind"].clone()).collect();
    assert_eq!(kinds, ["draft", "expert_review", "listed"]);
}

#[tokio::test]
async fn the_desk_leads_through_the_steps_and_shows_the_due_day_before_it_counts() {
    let b = bureau().await;
    let owner = b.site.sign_in("xu").await;
    owner.get("/desk/decisions").await.expect(200).contains("没有在办的决策事项");
    let department = b.mass.to_string();
    let mut fields = vec![
        ("title", ""),
        ("kind", "plan"),
        ("year", "2026"),
        ("department_id", department.as_str()),
        ("owner_id", ""),
        ("summary", "写给市民的话"),
        ("basis", ""),
    ];
    let wrong = owner.post("/desk/decisions", &fields).await.expect(422);
    wrong.contains("写给市民的话").contains("f-title-error");
    fields[0].1 = "编制《健身步道计划》";
    let made = owner.post("/desk/decisions", &fields).await.expect(303);
    assert_eq!(made.location(), "/desk/decisions/2026-001?done=saved");
    let desk = owner.get("/desk/decisions/2026-001").await.expect(200);
    desk.contains("列入决策事项目录").contains("未公开").contains("出台前还需要").contains("第二十五条");
    owner.get("/desk/decisions?status=consulting").await.expect(200).contains("没有符合条件的事项");
    owner.get("/desk/decisions?q=%E6%AD%A5%E9%81%93").await.expect(200).contains("健身步道计划");
    owner.get("/desk/decisions?year=abc&page=x&status=y&q=%25_'").await.expect(200);

    let step = "/desk/decisions/2026-001/step";
    owner.get("/desk/decisions/2026-001/step?kind=legality_review").await.expect(200).contains("7 个工作日");
    owner.get("/desk/decisions/2026-001/step?kind=odd").await.expect(200);
    let future = [("kind", "draft"), ("happened_on", "2026-03-03"), ("note", "已拟订")];
    owner.post(step, &future).await.expect(422).contains("不能晚于今天").contains("已拟订");
    owner.post(step, &[("kind", "draft"), ("happened_on", "三月"), ("note", "")]).await.expect(422);
    let draft = [("kind", "draft"), ("happened_on", "2026-02-20"), ("note", "走访场馆21处")];
    owner.post(step, &draft).await.expect(303);
    let skip = "/desk/decisions/2026-001/skip";
    owner.post(skip, &[("kind", "risk_assessment"), ("reason", "无")]).await.expect(422);
    let reason = [("kind", "risk_assessment"), ("reason", "经研判不影响社会稳定")];
    owner.post(skip, &reason).await.expect(303);
    let desk = owner.get("/desk/decisions/2026-001").await.expect(200);
    desk.contains("走访场馆21处").contains("经研判不影响社会稳定");
    let html = scraper::Html::parse_document(&desk.text);
    let backs = scraper::Selector::parse("form[action$='/take-back']").unwrap();
    let actions: Vec<String> = html.select(&backs).map(|f| f.attr("action").unwrap().to_owned()).collect();
    assert_eq!(actions.len(), 2);
    owner.post(&actions[1], &[]).await.expect(303);
    owner.get("/desk/decisions/2026-001").await.expect(200).lacks("经研判不影响社会稳定");

    let row = b.api.get("/api/v1/desk/decisions/2026-001").await.json();
    b.consultation(&row, "2026-01-01", "2026-02-05").await;
    b.step("2026-001", "legality_review", "2026-02-25").await.expect(200);
    b.step("2026-001", "collective_discussion", "2026-02-26").await.expect(200);
    let issue = "/desk/decisions/2026-001/promulgation";
    let page = owner.get(issue).await.expect(200);
    // Monday 2 March + 10 working days.
    page.contains("2026年3月16日 24:00").contains("起算日，不计");
    assert_eq!(page.input("seen_due").as_deref(), Some("2026-03-16"));
    let number = ("doc_number", "示体规[2026]3号");
    // Saturday 28 February is a make-up working day of the Spring Festival.
    let counted = owner
        .post(
            issue,
            &[number, ("promulgated_on", "2026-02-27"), ("seen_due", "2026-03-16"), ("act", "count")],
        )
        .await
        .expect(200);
    assert_eq!(counted.input("seen_due").as_deref(), Some("2026-03-12"));
    // Another date than the one that was counted is shown first.
    let unseen = [number, ("promulgated_on", "2026-02-27"), ("seen_due", "2026-03-16"), ("act", "issue")];
    owner.post(issue, &unseen).await.expect(422).contains("请核对后再确认").contains("示体规[2026]3号");
    let seen = [number, ("promulgated_on", "2026-02-27"), ("seen_due", "2026-03-12"), ("act", "issue")];
    owner.post(issue, &seen).await.expect(303);
    owner
        .get("/desk/decisions/2026-001")
        .await
        .expect(200)
        .contains("示体规〔2026〕3号")
        .contains("2026年3月12日");
    owner.post(issue, &seen).await.expect(409).contains("已经出台");
}

#[tokio::test]
async fn the_dossier_form_never_overwrites_a_colleague() {
    let b = bureau().await;
    b.create("事项").await;
    let owner = b.site.sign_in("xu").await;
    let page = owner.get("/desk/decisions/2026-001/edit").await.expect(200);
    assert_eq!(page.input("revision").as_deref(), Some("1"));
    let department = b.mass.to_string();
    let edit = |title: &'static str, revision: &'static str| {
        let owner = owner.clone();
        let department = department.clone();
        async move {
            let fields = [
                ("title", title),
                ("kind", "plan"),
                ("department_id", department.as_str()),
                ("owner_id", ""),
                ("summary", ""),
                ("basis", ""),
                ("revision", revision),
            ];
            owner.post("/desk/decisions/2026-001/edit", &fields).await
        }
    };
    edit("第一次修改", "1").await.expect(303);
    let stale = edit("过时的修改", "1").await.expect(412);
    stale.contains("过时的修改").contains("已被他人修改");
    // Sent again unchanged, the form is as stale as before.
    assert_eq!(stale.input("revision").as_deref(), Some("1"));
    edit("没有修订号", "").await.expect(412);
    owner.get("/desk/decisions/2026-001").await.expect(200).contains("第一次修改");
}

#[tokio::test]
async fn stopping_and_secrecy_are_pages_of_their_own() {
    let b = bureau().await;
    b.create("事项").await;
    let owner = b.site.sign_in("xu").await;
    let secret = "/desk/decisions/2026-001/not-disclosed";
    owner.get(secret).await.expect(200).contains("第十四条");
    owner.post(secret, &[("basis", "不想")]).await.expect(422).contains("请写明法律依据");
    owner.post(secret, &[("basis", "《政府信息公开条例》第十四条")]).await.expect(303);
    let stop = "/desk/decisions/2026-001/withdrawal";
    owner.post(stop, &[("reason", "")]).await.expect(422);
    owner.post(stop, &[("reason", "上级已制定同类文件")]).await.expect(303);
    let desk = owner.get("/desk/decisions/2026-001").await.expect(200);
    desk.contains("已终止").contains("上级已制定同类文件").lacks("/withdrawal\"").lacks("/step?kind=");
}

#[tokio::test]
async fn the_desk_is_for_those_it_belongs_to() {
    let b = bureau().await;
    let law = b.site.department("law", "政策法规处").await;
    b.site.staff("gao", law, &[Role::Owner]).await;
    b.site.staff("mo", law, &[Role::Moderator]).await;
    b.site.staff("lin", law, &[Role::Supervisor]).await;
    b.create("事项").await;
    let guest = b.site.guest();
    for path in
        ["/desk/decisions", "/desk/decisions/2026-001", "/desk/decisions/2026-001/step", "/desk/catalogues"]
    {
        let answer = guest.get(path).await.expect(303);
        assert!(answer.location().starts_with("/desk/sign-in?next=/desk/"), "{}", answer.location());
    }
    let foreign = b.site.sign_in("gao").await;
    foreign.get("/desk/decisions").await.expect(200).lacks("2026-001");
    foreign.get("/desk/decisions/2026-001").await.expect(404);
    foreign.get("/desk/decisions/2026-001/promulgation").await.expect(404);
    foreign.post("/desk/decisions/2026-001/step", &[("kind", "draft")]).await.expect(404);
    let moderator = b.site.sign_in("mo").await;
    moderator.get("/desk/decisions").await.expect(403);
    moderator.get("/desk/decisions/new").await.expect(403);
    moderator.get("/desk/catalogues").await.expect(403);
    let supervisor = b.site.sign_in("lin").await;
    let desk = supervisor.get("/desk/decisions/2026-001").await.expect(200);
    desk.lacks("/step?kind=").lacks("/edit\"");
    supervisor.get("/desk/decisions/2026-001/step").await.expect(403);
    supervisor.get("/desk/decisions/2026-001/edit?lang=en").await.expect(403);
    b.site.sign_in("xu").await.get("/desk/decisions/2026-404").await.expect(404);
}

#[tokio::test]
async fn the_public_dossier_tells_the_whole_way() {
    let b = bureau().await;
    let guest = b.site.guest();
    guest
        .get("/decisions")
        .await
        .expect(200)
        .contains("没有符合条件的决策事项")
        .contains("今年的目录尚未公布");
    let decision = b.create("制定《场馆开放办法》").await;
    guest.get("/decisions/2026-001").await.expect(404);
    let actor = b.site.actor(b.owner).await;
    let row = decision::by_code(b.site.app.db.read(), "2026-001").await.unwrap();
    let write = b.site.app.write().await.unwrap();
    let listing = decision::Listing { note: "列入年度目录".into(), ..Default::default() };
    decision::enter(&b.site.app, &write, &actor, row.id, &listing).await.unwrap();
    write.commit().await.unwrap();
    let skip = json!({ "kind": "risk_assessment", "reason": "经研判不影响社会稳定" });
    b.api.json("POST", "/api/v1/decisions/2026-001/skips", skip).await.expect(200);
    b.consultation(&decision, "2026-01-20", "2026-02-25").await;
    b.step("2026-001", "legality_review", "2026-02-26").await.expect(200);
    b.step("2026-001", "collective_discussion", "2026-02-27").await.expect(200);
    let page = guest.get("/decisions/2026-001").await.expect(200);
    page.contains("已经集体讨论")
        .contains("不适用")
        .contains("经研判不影响社会稳定")
        .contains("场馆每周开放多少小时");
    page.contains("/consultations/2026-001-1")
        .contains("待进行")
        .contains("<meta name=\"ColumnName\" content=\"重大行政决策\">");

    b.promulgate("2026-001", "示体规〔2026〕1号", "2026-03-02").await.expect(200);
    let page = guest.get("/decisions/2026-001").await.expect(200);
    page.contains("示体规〔2026〕1号")
        .contains("还剩 10 个工作日")
        .contains("2026年3月16日")
        .contains("起算日，不计");
    b.site.guest().get("/decisions/2026-001?lang=en").await.expect(200).contains("10 working days left");
    guest.get("/decisions").await.expect(200).contains("制定《场馆开放办法》").contains("公布意见采纳情况");
    guest.get("/decisions?status=withdrawn").await.expect(200).contains("没有符合条件的决策事项");
    guest.get("/decisions?status=x&year=x&department=y&page=-1").await.expect(200);
    // Each version of the page stays readable.
    guest
        .get("/decisions/2026-001/versions/1")
        .await
        .expect(200)
        .lacks("合法性审查")
        .contains("当时公布的文字");
    for odd in ["/decisions/2026-001/versions/99", "/decisions/2026-001/versions/x", "/decisions/2026-002"] {
        guest.get(odd).await.expect(404);
    }
}
