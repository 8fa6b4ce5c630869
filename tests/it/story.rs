//! The main job as another system would do it, through the API alone: a real law is the draft, real messages
//! of residents are the opinions, from the catalogue to the published adoption summary.

use std::collections::BTreeMap;

use entity::enums::Role;
use serde_json::{Value, json};

use crate::harness::{Person, Site};
use crate::shared;

const CONSULTATION: &str = "/api/v1/consultations/2026-001-1";
const DECISION: &str = "/api/v1/decisions/2026-001";
const DRAFT: &str = "laws/d005_全民健身条例.txt";
const MESSAGES: usize = 60;

/// A message of the shared data.
struct Message {
    text: String,
    category: String,
}

fn messages() -> Option<Vec<Message>> {
    let mut reader = csv::Reader::from_path(shared::path("messages/messages.csv")?).unwrap();
    let rows = reader.records().map(Result::unwrap).take(MESSAGES);
    let whole = rows.map(|row| (format!("{}\n{}", &row[1], row[3].trim()), row[4].to_owned()));
    // What is longer than an opinion may be goes in several, as the form advises.
    let cut = |(text, category): (String, String)| {
        let chars: Vec<char> = text.chars().collect();
        let parts: Vec<String> = chars.chunks(2000).map(|part| part.iter().collect()).collect();
        parts.into_iter().map(move |text| Message { text, category: category.clone() })
    };
    Some(whole.flat_map(cut).collect())
}

/// What was answered to an opinion that was sent.
struct Sent {
    number: String,
    lookup_code: String,
    category: String,
}

struct Story {
    site: Site,
    department: String,
    /// Articles of the draft: (clause id, label).
    articles: Vec<(String, String)>,
    sent: Vec<Sent>,
}

impl Story {
    /// Tokens live for hours, the story for months.
    async fn program(&self, login: &str) -> Person {
        self.site.api(login).await
    }

    async fn post(&self, login: &str, path: &str, body: Value) -> Value {
        let answer = self.program(login).await.json("POST", path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
        answer.json()
    }

    async fn read(&self, path: &str) -> Value {
        self.site.guest().get(path).await.expect(200).json()
    }

    /// The administrator adds the department and its people.
    async fn begin() -> Self {
        let site = Site::new().await;
        let office = site.department("office", "办公室").await;
        site.staff("admin", office, &[Role::Admin]).await;
        let mut story = Self { site, department: String::new(), articles: vec![], sent: vec![] };
        let mass = json!({ "key": "mass", "name": "群众体育处", "short_name": "群体处", "email": "mass@example.invalid",
            "address": "示例市体育路1号", "postcode": "200000", "phone": "000-12345678" });
        let made = story.post("admin", "/api/v1/departments", mass.clone()).await;
        story.department = made["id"].as_str().unwrap().to_owned();
        for (login, name, roles) in [
            ("owner", "许浩天", vec!["owner"]),
            ("head", "周文静", vec![]),
            ("first", "叶晓萌", vec!["moderator"]),
            ("second", "唐敏", vec!["moderator"]),
        ] {
            let person = json!({ "login": login, "name": name, "email": format!("{login}@example.invalid"),
                "department": story.department, "roles": roles });
            let staff = story.post("admin", "/api/v1/staff", person).await["staff"].clone();
            if login == "head" {
                let mut details = mass.clone();
                details["head"] = staff["id"].clone();
                let path = format!("/api/v1/departments/{}", story.department);
                story.program("admin").await.json("PUT", &path, details).await.expect(200);
            }
        }
        story
    }

    async fn list_it_in_the_catalogue(&self) {
        let new = json!({ "department_id": self.department, "year": 2026 });
        let catalogue = self.post("owner", "/api/v1/catalogues", new).await;
        let desk = format!("/api/v1/desk/catalogues/{}", catalogue["id"].as_str().unwrap());
        let entry = json!({ "title": "示例市全民健身条例实施办法", "kind": "public_measure", "planned_time": "第二季度",
            "department_id": self.department, "basis": "《体育法》《全民健身条例》",
            "steps": [{ "kind": "consultation", "foreseen": true },
                { "kind": "hearing", "foreseen": false, "reason": "不涉及依法应当听证的事项" }] });
        self.post("owner", &format!("{desk}/entries"), entry).await;
        self.site.guest().get(DECISION).await.expect(404);
        self.post("owner", &format!("{desk}/publication"), json!({ "reason": "" })).await;
        assert_eq!(self.read(DECISION).await["status"], "listed");
    }

    async fn add(&self, kind: &str, text: &str) -> Value {
        let body = json!({ "kind": kind, "title": format!("全民健身条例（{kind}）"), "text": text });
        self.post("owner", &format!("{DECISION}/documents"), body).await
    }

    async fn ask_the_public(&mut self, law: &str) {
        let draft = self.add("draft", law).await;
        assert_eq!(draft["text"].as_str().unwrap().lines().count(), law.lines().count());
        self.add("explanation", "起草说明\n一、必要性\n居民反映健身场地不足。").await;
        self.add("basis", "《中华人民共和国体育法》").await;
        let window = json!({ "opens_on": "2026-03-02", "closes_on": "2026-03-31" });
        self.post("owner", &format!("{DECISION}/consultations"), window).await;
        // Twenty-nine days need a published reason, and the answer names the law.
        let owner = self.program("owner").await;
        let publish = format!("{CONSULTATION}/publish");
        let refused = owner.json("POST", &publish, json!({})).await.expect(422);
        refused.contains("against_rule").contains("第十五条");
        owner.json("PATCH", CONSULTATION, json!({ "closes_on": "2026-04-01" })).await.expect(200);
        owner.json("POST", &publish, json!({})).await.expect(200);

        let shown = self.read(CONSULTATION).await;
        assert_eq!((&shown["stage"], &shown["deadline"]["days"]), (&json!("open"), &json!(30)));
        let clauses = shown["clauses"].as_array().unwrap();
        let articles = clauses.iter().filter(|c| c["kind"] == "article");
        let said = |c: &Value, field: &str| c[field].as_str().unwrap().to_owned();
        self.articles = articles.map(|c| (said(c, "id"), said(c, "label"))).collect();
        assert_eq!(self.articles.len(), 40, "the articles of the law");
    }

    /// Residents write: every other one on an article, every third with a contact.
    async fn residents_write(&mut self, messages: &[Message]) {
        let guest = self.site.guest();
        let path = format!("{CONSULTATION}/opinions");
        for (i, message) in messages.iter().enumerate() {
            let mut opinion = json!({ "text": message.text, "person_kind": "individual", "show_as": "masked",
                "name": "赵小川", "consent": true });
            if i % 2 == 0 {
                opinion["clause_id"] = json!(self.articles[i % self.articles.len()].0);
            }
            if i % 3 == 0 {
                opinion["contact"] = json!(format!("resident{i}@example.invalid"));
            }
            let key = format!("\"key-{i:08}-of-the-story\"");
            let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
            let answer = guest.raw("POST", &path, &headers, opinion.to_string().into_bytes()).await;
            let receipt = answer.expect(201).json();
            // The network was slow and the program asks again: the same answer, no second opinion.
            let again = guest.raw("POST", &path, &headers, opinion.to_string().into_bytes()).await.json();
            assert_eq!(again, receipt);
            assert_eq!(receipt["number"], format!("2026-001-1-{:06}", i + 1));
            self.sent.push(Sent {
                number: receipt["number"].as_str().unwrap().into(),
                lookup_code: receipt["lookup_code"].as_str().unwrap().into(),
                category: message.category.clone(),
            });
        }
        let public = self.read(&path).await;
        assert_eq!(public["items"], json!([]), "nothing is public before its review");
        let state = self.state(0).await;
        assert_eq!((&state["state"], &state["text"]), (&json!("pending"), &json!(messages[0].text)));
    }

    async fn state(&self, i: usize) -> Value {
        self.read(&format!("/api/v1/receipts/{}", self.sent[i].lookup_code)).await
    }

    /// All but four are published as they are: one is redacted, one withheld, one rejected by two moderators,
    /// one waits until the decision is issued.
    async fn moderators_review(&self) {
        let first = self.program("first").await;
        for (i, sent) in self.sent.iter().enumerate() {
            let case = first.get(&format!("/api/v1/review/{}", sent.number)).await.expect(200).json();
            let mut act = json!({ "revision": case["revision"], "action": "publish" });
            let text = case["text"].as_str().unwrap();
            match i {
                0 => {
                    act["action"] = json!("publish_redacted");
                    let hidden: String = text.chars().skip(4).collect();
                    act["public_text"] = json!(format!("【已隐去】{hidden}"));
                    act["reason_code"] = json!("personal_data");
                }
                1 => {
                    act["action"] = json!("withhold");
                    act["reason_code"] = json!("personal_data");
                }
                2 => {
                    act["action"] = json!("reject");
                    act["reason_code"] = json!("advertising");
                }
                3 => continue,
                _ => {}
            }
            let path = format!("/api/v1/review/{}", sent.number);
            first.json("POST", &path, act).await.expect(200);
        }
        let path = format!("/api/v1/review/{}", self.sent[2].number);
        let case = first.get(&path).await.json();
        assert_eq!(case["state"], "awaiting_second");
        let yes = json!({ "revision": case["revision"], "confirm": true });
        first.json("POST", &format!("{path}/second"), yes.clone()).await.expect(403);
        self.post("second", &format!("{path}/second"), yes).await;
        for (i, state) in
            ["published", "withheld", "rejected", "pending", "published"].into_iter().enumerate()
        {
            assert_eq!(self.state(i).await["state"], state, "{i}");
        }
        let shown = self.read(&format!("{CONSULTATION}/opinions?limit=100")).await;
        assert_eq!(shown["items"].as_array().unwrap().len(), self.sent.len() - 3);
    }

    /// The owner groups them by what they are about, and answers group by group.
    async fn owner_answers(&self, final_articles: &[String]) {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (i, sent) in self.sent.iter().enumerate() {
            if ![2, 3].contains(&i) {
                groups.entry(&sent.category).or_default().push(&sent.number);
            }
        }
        assert!(groups.len() >= 4, "{:?}", groups.keys());
        for (n, (category, numbers)) in groups.iter().enumerate() {
            let body = json!({ "title": category, "gist": format!("关于{category}的意见") });
            let topic = self.post("owner", &format!("{CONSULTATION}/topics"), body).await;
            let topic = format!("/api/v1/topics/{}", topic["id"].as_str().unwrap());
            let topic_now =
                self.post("owner", &format!("{topic}/opinions"), json!({ "opinions": numbers })).await;
            assert_eq!(topic_now["opinions"], numbers.len());
            let answer = match n % 4 {
                0 => json!({ "outcome": "adopted", "final_clause_id": final_articles[n] }),
                1 => {
                    json!({ "outcome": "partly_adopted", "reason": "部分内容已有规定。", "final_clause_id": final_articles[n] })
                }
                2 => json!({ "outcome": "not_adopted", "reason": "不属于本办法规范的事项，已转有关部门。" }),
                _ => json!({ "outcome": "explained", "reason": "已在起草说明中说明。" }),
            };
            let owner = self.program("owner").await;
            owner.json("PUT", &format!("{topic}/response"), answer).await.expect(200);
        }
    }

    async fn record(&self, kind: &str, on: &str) {
        let step = json!({ "kind": kind, "happened_on": on });
        self.post("owner", &format!("{DECISION}/steps"), step).await;
    }

    async fn skip(&self, kind: &str) {
        let skip = json!({ "kind": kind, "reason": "本事项不适用" });
        self.post("owner", &format!("{DECISION}/skips"), skip).await;
    }

    /// The final text, not published yet: its id and its articles.
    async fn final_text(&self, law: &str) -> (String, Vec<String>) {
        let text = self.add("final", law).await;
        let id = text["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/documents/{id}/clauses");
        let clauses = self.program("owner").await.get(&path).await.expect(200).json();
        let articles = clauses.as_array().unwrap().iter().filter(|c| c["kind"] == "article");
        (id, articles.map(|c| c["id"].as_str().unwrap().to_owned()).collect())
    }

    /// The one that was left over: reviewed and answered on its own.
    async fn deal_with(&self, number: &str) {
        let case = self.program("first").await.get(&format!("/api/v1/review/{number}")).await.json();
        let act = json!({ "revision": case["revision"], "action": "publish" });
        self.post("first", &format!("/api/v1/review/{number}"), act).await;
        let answer = json!({ "outcome": "explained", "reason": "已在起草说明中说明。" });
        let path = format!("/api/v1/opinions/{number}/response");
        self.program("owner").await.json("PUT", &path, answer).await.expect(200);
    }

    /// Through the gates to the issued decision.
    async fn decide(&self, final_text: &str) {
        for kind in ["expert_review", "risk_assessment", "fair_competition"] {
            self.skip(kind).await;
        }
        self.record("legality_review", "2026-04-10").await;
        // What was heard is studied before the draft is discussed.
        let discussion = json!({ "kind": "collective_discussion", "happened_on": "2026-04-15" });
        let owner = self.program("owner").await;
        let refused = owner.json("POST", &format!("{DECISION}/steps"), discussion).await.expect(422);
        refused.contains("还有 1 条意见没有研究处理结果").contains("第十八条");
        self.deal_with(&self.sent[3].number).await;
        self.record("collective_discussion", "2026-04-15").await;
        self.record("decided", "2026-04-16").await;
        let issue = json!({ "doc_number": "沪体规(2026)1号", "promulgated_on": "2026-04-20", "final_document_id": final_text });
        let dossier = self.post("owner", &format!("{DECISION}/promulgation"), issue).await;
        assert_eq!(dossier["doc_number"], "沪体规〔2026〕1号");
        self.post("owner", &format!("/api/v1/documents/{final_text}/publish"), json!({})).await;
    }

    /// A letter that turns up late keeps the summary back, with the exact difference; then it goes out.
    async fn publish_the_summary(&mut self) {
        let summary = format!("{CONSULTATION}/summary");
        self.post("owner", &format!("{summary}/generate"), json!({})).await;
        let letter = json!({ "text": "希望社区健身点晚上也开灯。", "person_kind": "individual", "show_as": "masked",
            "channel": "letter", "received_on": "2026-03-30" });
        let receipt = self.post("owner", &format!("{CONSULTATION}/recorded-opinions"), letter).await;
        let number = receipt["number"].as_str().unwrap().to_owned();
        let owner = self.program("owner").await;
        let refused = owner.json("POST", &format!("{summary}/submit"), json!({})).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
        refused.contains("1 条");
        self.deal_with(&number).await;
        let lookup_code = receipt["lookup_code"].as_str().unwrap().to_owned();
        self.sent.push(Sent { number, lookup_code, category: String::new() });
        self.post("owner", &format!("{summary}/generate"), json!({ "overwrite": true })).await;
        self.post("owner", &format!("{summary}/submit"), json!({})).await;
        owner.json("POST", &format!("{summary}/approve"), json!({})).await.expect(403);
        self.post("head", &format!("{summary}/approve"), json!({})).await;
        self.post("owner", &format!("{summary}/publish"), json!({})).await;
    }

    async fn everybody_can_see_what_became_of_it(&self) {
        let all = self.sent.len() as u64;
        let summary = self.read("/api/v1/summaries/2026-001-1").await;
        let figure = |name: &str| summary["figures"][name].as_u64().unwrap();
        assert_eq!((figure("received"), figure("rejected"), figure("pending")), (all, 1, 0));
        assert_eq!((figure("published"), figure("not_shown")), (all - 2, 1));
        let outcomes = ["adopted", "partly_adopted", "not_adopted", "explained"].map(figure);
        assert_eq!(outcomes.iter().sum::<u64>(), all - 1, "every counted opinion has its outcome");
        assert!(outcomes.iter().all(|n| *n > 0), "{outcomes:?}");
        assert_eq!((&summary["punctual"], &summary["due_on"]), (&json!("in_time"), &json!("2026-05-07")));
        for i in 0..self.sent.len() {
            let state = self.state(i).await;
            assert_eq!(state["outcome"].is_object(), i != 2, "{state}");
        }
        let dossier = self.read(DECISION).await;
        assert_eq!(dossier["status"], "answered");
        let duty =
            dossier["duties"].as_array().unwrap().iter().find(|d| d["kind"] == "adoption_summary").unwrap();
        assert_eq!((&duty["state"], &duty["completed_on"]), (&json!("done"), &json!("2026-04-30")));
        let feed = self.site.guest().get("/feeds/summaries.atom").await.expect(200);
        feed.contains("2026-001-1");
        let check = self.post("admin", "/api/v1/audit/check", json!({})).await;
        assert_eq!(check["whole"], true);
    }
}

#[tokio::test]
async fn a_decision_from_the_catalogue_to_the_summary_through_the_api() {
    let (Some(messages), Some(law)) = (messages(), shared::path(DRAFT)) else { return };
    let law = std::fs::read_to_string(law).unwrap();
    let mut story = Story::begin().await;
    story.list_it_in_the_catalogue().await;
    story.ask_the_public(&law).await;
    story.residents_write(&messages).await;
    story.site.at("2026-03-05", 14, 0).await;
    story.moderators_review().await;
    // One minute too late: refused, and the words come back.
    story.site.at("2026-04-02", 0, 0).await;
    let late =
        json!({ "text": "我来晚了", "person_kind": "individual", "show_as": "hidden", "consent": true });
    let path = format!("{CONSULTATION}/opinions");
    let late = story.site.guest().json("POST", &path, late).await.expect(409).json();
    assert_eq!(late["code"], "consultation_closed");
    story.site.at("2026-04-20", 10, 0).await;
    let (final_text, articles) = story.final_text(&law).await;
    story.owner_answers(&articles).await;
    story.decide(&final_text).await;
    // Ten working days over the holiday of 1 May, counted from the day after the issue.
    story.site.at("2026-04-21", 9, 0).await;
    let inbox = story.program("owner").await.get("/api/v1/inbox").await.expect(200);
    inbox.contains("2026年5月7日");
    story.site.at("2026-04-30", 10, 0).await;
    story.publish_the_summary().await;
    story.everybody_can_see_what_became_of_it().await;
}
