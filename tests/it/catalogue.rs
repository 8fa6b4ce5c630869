//! The catalogue from its first draft to an adjustment, through the API and the pages.

use entity::enums::Role;
use entity::id::DepartmentId;
use serde_json::{Value, json};

use crate::harness::{Person, Site};

struct Bureau {
    site: Site,
    mass: DepartmentId,
    law: DepartmentId,
    owner: Person,
    officer: Person,
}

async fn bureau() -> Bureau {
    let site = Site::new().await;
    let mass = site.department("mass", "群众体育处").await;
    let law = site.department("law", "政策法规处").await;
    site.staff("xu", mass, &[Role::Owner]).await;
    site.staff("gao", law, &[Role::Owner]).await;
    site.staff("tang", law, &[Role::Disclosure]).await;
    let (owner, officer) = (site.api("xu").await, site.api("tang").await);
    Bureau { site, mass, law, owner, officer }
}

impl Bureau {
    fn entry(&self, title: &str, planned: &str) -> Value {
        json!({
            "title": title, "kind": "public_measure", "department_id": self.mass, "planned_time": planned,
            "basis": "《体育法》第八十七条",
            "steps": [
                { "kind": "consultation", "foreseen": true },
                { "kind": "risk_assessment", "foreseen": false, "reason": "不涉及社会稳定风险" },
            ],
        })
    }

    async fn begin(&self) -> String {
        let new = json!({ "department_id": self.mass, "year": 2026 });
        let made = self.owner.json("POST", "/api/v1/catalogues", new).await.expect(200).json();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn add(&self, id: &str, entry: Value) -> Value {
        let path = format!("/api/v1/desk/catalogues/{id}/entries");
        self.owner.json("POST", &path, entry).await.expect(200).json()
    }

    async fn publish(&self, id: &str, reason: &str) -> crate::harness::Answer {
        let path = format!("/api/v1/desk/catalogues/{id}/publication");
        self.owner.json("POST", &path, json!({ "reason": reason })).await
    }
}

#[tokio::test]
async fn a_catalogue_is_published_adjusted_and_compared() {
    let b = bureau().await;
    let guest = b.site.guest();
    let id = b.begin().await;
    assert_eq!(guest.get("/api/v1/catalogues").await.json()["total"], 0);
    guest.get("/catalogues/mass/2026").await.expect(404);
    b.publish(&id, "").await.expect(409);

    b.add(&id, b.entry("甲办法", "第三季度")).await;
    let draft = b.add(&id, b.entry("乙规划", "第三季度")).await;
    assert_eq!(draft["entries"][1]["decision_code"], "2026-002");
    guest.get("/api/v1/decisions/2026-001").await.expect(404);
    b.publish(&id, "").await.expect(200);
    guest.get("/catalogues/mass/2026").await.expect(200).contains("甲办法").contains("不适用：风险评估");
    let dossier = guest.get("/api/v1/decisions/2026-001").await.expect(200).json();
    assert_eq!((&dossier["status"], &dossier["steps"][0]["kind"]), (&json!("listed"), &json!("listed")));
    assert_eq!(dossier["basis"], "《体育法》第八十七条");

    // Published means unchangeable.
    let first = draft["entries"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/desk/catalogues/{id}/entries/{first}");
    b.owner.json("PUT", &path, b.entry("偷偷改", "明天")).await.expect(409);
    b.owner.raw("DELETE", &path, &[], vec![]).await.expect(409);

    let adjustment = format!("/api/v1/desk/catalogues/{id}/adjustment");
    let copy = b.owner.json("POST", &adjustment, json!({})).await.expect(200).json();
    b.owner.json("POST", &adjustment, json!({})).await.expect(409);
    assert_eq!((&copy["version"]["number"], &copy["version"]["state"]), (&json!(2), &json!("draft")));
    b.publish(&id, "没有任何变化的调整").await.expect(409);
    // The entries of the old version do not belong to the draft.
    b.owner.json("PUT", &path, b.entry("偷偷改", "明天")).await.expect(404);

    let entry = |n: usize| copy["entries"][n]["id"].as_str().unwrap();
    let at = |n: usize| format!("/api/v1/desk/catalogues/{id}/entries/{}", entry(n));
    b.owner.json("PUT", &at(0), b.entry("甲办法（修订）", "第四季度")).await.expect(200);
    b.owner.raw("DELETE", &at(1), &[], vec![]).await.expect(200);
    b.add(&id, b.entry("丙措施", "全年")).await;
    guest.get("/catalogues/mass/2026").await.lacks("丙措施");
    b.publish(&id, " ").await.expect(422);
    b.publish(&id, "新增丙措施，乙规划并入全市规划").await.expect(200);

    let now = guest.get("/api/v1/catalogues/mass/2026").await.expect(200).json();
    assert_eq!(now["version"]["number"], 2);
    assert_eq!(now["entries"][0]["title"], "甲办法（修订）");
    let old = guest.get("/api/v1/catalogues/mass/2026?version=1").await.expect(200).json();
    assert_eq!(old["entries"][1]["title"], "乙规划");
    guest.get("/api/v1/catalogues/mass/2026?version=3").await.expect(404);
    let diff = guest.get("/api/v1/catalogues/mass/2026/comparison").await.expect(200).json();
    assert_eq!(diff["added"][0]["title"], "丙措施");
    assert_eq!(diff["removed"][0]["title"], "乙规划");
    assert_eq!(
        diff["changed"][0]["fields"][1],
        json!({ "field": "planned_time", "old": "第三季度", "new": "第四季度" })
    );
    assert_eq!(diff["kept"], 0);
    // The adjustment renames the dossier; the removed decision stays readable.
    assert_eq!(guest.get("/api/v1/decisions/2026-001").await.json()["title"], "甲办法（修订）");
    guest.get("/api/v1/decisions/2026-002").await.expect(200);

    let page = guest.get("/catalogues/mass/2026").await.expect(200);
    page.contains("第 2 版").contains("新增丙措施").contains("调出").contains("第三季度 → 第四季度");
    guest.get("/catalogues/mass/2026?version=1").await.expect(200).contains("这是旧版本").contains("乙规划");
    guest
        .get("/catalogues/mass/2026/compare?from=2&to=1")
        .await
        .expect(200)
        .contains("<del>")
        .contains("丙措施");
    guest.get("/catalogues/mass/2026/compare?from=1&to=9").await.expect(404);
    guest.get("/catalogues/mass/2026/compare?from=x").await.expect(404);
    for odd in ["/catalogues/mass/abc", "/catalogues/nobody/2026", "/catalogues/mass/99999999999"] {
        guest.get(odd).await.expect(404);
    }
}

#[tokio::test]
async fn the_table_to_take_away_is_safe_to_open() {
    let b = bureau().await;
    let id = b.begin().await;
    b.add(&id, b.entry("=HYPERLINK(\"http://evil\")", "第三季度")).await;
    b.publish(&id, "").await.expect(200);
    let csv = b.site.guest().get("/catalogues/mass/2026/catalogue.csv").await.expect(200);
    assert!(csv.text.starts_with('\u{feff}'));
    csv.contains("序号,决策事项名称").contains("'=HYPERLINK").contains("已列入目录");
    let name = csv.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(name.starts_with("attachment"));
}

#[tokio::test]
async fn only_those_it_belongs_to_write_a_catalogue() {
    let b = bureau().await;
    let id = b.begin().await;
    let stranger = b.site.api("gao").await;
    let new = json!({ "department_id": b.mass, "year": 2026 });
    stranger.json("POST", "/api/v1/catalogues", new.clone()).await.expect(403);
    b.owner.json("POST", "/api/v1/catalogues", new).await.expect(409);
    b.owner
        .json("POST", "/api/v1/catalogues", json!({ "department_id": b.mass, "year": 26 }))
        .await
        .expect(422);
    let desk = format!("/api/v1/desk/catalogues/{id}");
    stranger.get(&desk).await.expect(404);
    let entries = format!("{desk}/entries");
    stranger.json("POST", &entries, b.entry("甲", "全年")).await.expect(404);
    b.officer.get(&desk).await.expect(200);
    b.officer.json("POST", &entries, b.entry("甲", "全年")).await.expect(200);

    // An owner reaches the own department, an officer all of them.
    let mut foreign = b.entry("乙", "全年");
    foreign["department_id"] = json!(b.law);
    b.owner.json("POST", &entries, foreign.clone()).await.expect(422);
    b.officer.json("POST", &entries, foreign).await.expect(200);
    // Picking a decision of somebody else is as if there were none.
    let mut pick = b.entry("乙", "全年");
    pick["decision"] = json!("2026-002");
    b.owner.json("POST", &entries, pick.clone()).await.expect(422);
    pick["decision"] = json!("2026-001");
    b.owner.json("POST", &entries, pick).await.expect(409);
    b.site.guest().get(&desk).await.expect(401);
    b.owner.get("/api/v1/desk/catalogues/not-an-id").await.expect(400);
}

#[tokio::test]
async fn a_plan_that_leaves_out_the_public_or_a_reason_is_refused() {
    let b = bureau().await;
    let id = b.begin().await;
    let path = format!("/api/v1/desk/catalogues/{id}/entries");
    for steps in [
        json!([{ "kind": "consultation", "foreseen": false, "reason": "时间来不及不征求" }]),
        json!([{ "kind": "risk_assessment", "foreseen": false }]),
        json!([{ "kind": "promulgated", "foreseen": true }]),
    ] {
        let mut entry = b.entry("甲", "全年");
        entry["steps"] = steps;
        b.owner.json("POST", &path, entry).await.expect(422);
    }
    let mut entry = b.entry("", "全年");
    b.owner.json("POST", &path, entry.clone()).await.expect(422);
    entry["title"] = json!("甲\n乙");
    b.owner.json("POST", &path, entry).await.expect(422);
}

#[tokio::test]
async fn entries_move_and_an_adjustment_can_be_given_up() {
    let b = bureau().await;
    let id = b.begin().await;
    for title in ["甲", "乙", "丙"] {
        b.add(&id, b.entry(title, "全年")).await;
    }
    let draft = b.owner.get(&format!("/api/v1/desk/catalogues/{id}")).await.json();
    let third = draft["entries"][2]["id"].as_str().unwrap();
    let up = format!("/api/v1/desk/catalogues/{id}/entries/{third}/move");
    let moved = b.owner.json("POST", &up, json!({ "way": "up" })).await.expect(200).json();
    let titles: Vec<_> = moved["entries"].as_array().unwrap().iter().map(|e| e["title"].clone()).collect();
    assert_eq!(titles, ["甲", "丙", "乙"]);
    let adjustment = format!("/api/v1/desk/catalogues/{id}/adjustment");
    b.owner.raw("DELETE", &adjustment, &[], vec![]).await.expect(409);
    b.publish(&id, "").await.expect(200);
    b.owner.json("POST", &adjustment, json!({})).await.expect(200);
    let back = b.owner.raw("DELETE", &adjustment, &[], vec![]).await.expect(200).json();
    assert_eq!((&back["version"]["number"], &back["version"]["state"]), (&json!(1), &json!("published")));
    assert_eq!(back["entries"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn without_catalogues_the_list_says_so() {
    let b = bureau().await;
    b.site.guest().get("/catalogues").await.expect(200).contains("今年的目录尚未公布");
    b.site.guest().get("/catalogues?lang=en").await.expect(200).contains("not yet published");
    let id = b.begin().await;
    b.add(&id, b.entry("甲", "全年")).await;
    b.publish(&id, "").await.expect(200);
    let page = b.site.guest().get("/catalogues").await.expect(200);
    page.contains("群众体育处2026年度重大行政决策事项目录").contains("/catalogues/mass/2026");
    b.site.guest().get("/catalogues?page=0").await.expect(200);
    b.site.guest().get("/catalogues?page=999999999999999999999").await.expect(200);
}

#[tokio::test]
async fn the_desk_writes_publishes_and_adjusts() {
    let b = bureau().await;
    let owner = b.site.sign_in("xu").await;
    let mass = b.mass.to_string();
    owner.get("/desk/catalogues").await.expect(200).contains("还没有目录");
    let begin = [("department_id", mass.as_str()), ("year", "2026")];
    let made = owner.post("/desk/catalogues", &begin).await.expect(303);
    let desk = made.location().split('?').next().unwrap().to_owned();
    owner.post("/desk/catalogues", &begin).await.expect(409).contains("已经建立");
    owner.post("/desk/catalogues", &[("department_id", "x"), ("year", "y")]).await.expect(422);
    owner.post(&format!("{desk}/publish"), &[]).await.expect(409).contains("还没有事项");

    let entries = format!("{desk}/entries");
    let page = owner.get(&format!("{entries}/new")).await.expect(200);
    page.contains("step_consultation").lacks("reason_consultation");
    let fields = |title: &'static str, reason: &'static str| {
        [
            ("title", title),
            ("kind", "public_measure"),
            ("department_id", mass.as_str()),
            ("planned_time", "第四季度"),
            ("basis", "《体育法》"),
            ("step_consultation", "yes"),
            ("step_risk_assessment", "no"),
            ("reason_risk_assessment", reason),
        ]
    };
    let wrong = owner.post(&entries, &fields("甲办法", "")).await.expect(422);
    wrong.contains("f-reason_risk_assessment-error").contains("甲办法");
    owner.post(&entries, &fields("甲办法", "不涉及社会稳定风险")).await.expect(303);
    // A decision that exists is picked and fills the form.
    let new = json!({ "title": "已有事项", "kind": "plan", "year": 2026, "department_id": b.mass });
    b.owner.json("POST", "/api/v1/decisions", new).await.expect(200);
    owner.get(&format!("{entries}/new?decision=2026-002")).await.expect(200).contains("value=\"已有事项\"");
    owner.get(&format!("{entries}/new?decision=2099-999")).await.expect(200);
    let mut picked = fields("已有事项", "不涉及社会稳定风险").to_vec();
    picked.push(("decision", "2026-002"));
    owner.post(&entries, &picked).await.expect(303);
    owner.post(&entries, &picked).await.expect(409).contains("已在目录中");
    owner.post(&format!("{desk}/publish"), &[("reason", "")]).await.expect(303);
    let page = owner.get(&desk).await.expect(200);
    page.contains("现行").contains("开始调整").lacks("/remove\"");

    owner.post(&format!("{desk}/adjust"), &[]).await.expect(303);
    owner.post(&format!("{desk}/adjust"), &[]).await.expect(409);
    let page = owner.get(&desk).await.expect(200);
    let html = scraper::Html::parse_document(&page.text);
    let of = |end: &str| {
        let css = format!("form[action$='{end}']");
        let form = html.select(&scraper::Selector::parse(&css).unwrap()).next();
        form.and_then(|f| f.attr("action")).unwrap().to_owned()
    };
    owner.post(&of("/up"), &[]).await.expect(303);
    owner.post(&of("/remove"), &[]).await.expect(303);
    owner.get(&desk).await.expect(200).contains("本次调出");
    owner.post(&format!("{desk}/publish"), &[("reason", "")]).await.expect(422).contains("f-reason-error");
    let reason = [("reason", "并入全市规划，不再单独决策")];
    owner.post(&format!("{desk}/publish"), &reason).await.expect(303);
    b.site.guest().get("/catalogues/mass/2026").await.expect(200).contains("并入全市规划");

    let stranger = b.site.sign_in("gao").await;
    stranger.get(&desk).await.expect(404);
    stranger.post(&format!("{desk}/adjust"), &[]).await.expect(404);
    for odd in ["/desk/catalogues/x", "/desk/catalogues/00000000-0000-0000-0000-000000000000"] {
        owner.get(odd).await.expect(404);
    }
}
