//! Near-equal texts: how many are found, how often others are taken for them, and what a moderator sees.

use chrono::TimeDelta;
use jianyan::screening::{ALIKE, Shingles};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site};
use crate::near_corpus::{WAYS, beginning, changed};
use crate::screening_corpus::Dice;
use crate::shared;

const API: &str = "/api/v1/consultations/2026-001-1/opinions";

struct Text(Shingles, Vec<i64>);

impl Text {
    fn of(text: &str) -> Option<Self> {
        let shingles = Shingles::of(text)?;
        let bands = shingles.bands().to_vec();
        Some(Self(shingles, bands))
    }

    /// As the program finds them: a band in common, then compared.
    fn finds(&self, other: &Self) -> bool {
        self.1.iter().any(|band| other.1.contains(band)) && self.0.alike(&other.0) >= ALIKE
    }
}

#[test]
fn nearly_all_near_equal_texts_are_found_and_hardly_any_other() {
    let Some(messages) = shared::messages() else { return };
    let mut dice = Dice(2026);
    for letters in [40, 80, 400] {
        let texts: Vec<String> = messages.iter().map(|m| beginning(m, letters)).collect();
        let known: Vec<Text> = texts.iter().filter_map(|t| Text::of(t)).collect();
        let mut all = 0;
        let mut found = 0;
        for way in WAYS {
            let (mut hits, mut tries) = (0_u32, 0_u32);
            for text in &texts {
                let (Some(first), Some(second)) = (Text::of(text), Text::of(&changed(&mut dice, way, text)))
                else {
                    continue;
                };
                (hits, tries) = (hits + u32::from(first.finds(&second)), tries + 1);
            }
            let share = f64::from(hits) / f64::from(tries);
            eprintln!("| {letters} | {way} | {:.1} % | {tries} |", 100.0 * share);
            // A template with another name is what a campaign sends.
            let least = if ["name", "greeting", "marks"].contains(&way) { 0.97 } else { 0.85 };
            assert!(share >= least, "{way} at {letters}: {share}");
            (found, all) = (found + hits, all + tries);
        }
        assert!(f64::from(found) / f64::from(all) >= 0.95, "{letters}: {found} of {all}");
        // Some messages were sent twice; any other pair is an error, of which there is at most one among 50,000.
        let pairs = known.iter().enumerate().flat_map(|(i, a)| known[..i].iter().map(move |b| (a, b)));
        let (wrong, right): (Vec<_>, Vec<_>) =
            pairs.filter(|(a, b)| a.finds(b)).partition(|(a, b)| a.0.alike(&b.0) < 0.75);
        eprintln!("| {letters} | other messages | {} wrong, {} sent twice | |", wrong.len(), right.len());
        assert!(
            wrong.len() <= 2 && right.len() <= 4,
            "{letters}: {} wrong, {} twice",
            wrong.len(),
            right.len()
        );
    }
}

async fn give(site: &Site, text: &str) -> String {
    let body = json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
    let receipt = site.guest().json("POST", API, body).await.expect(201).json();
    receipt["lookup_code"].as_str().unwrap().to_owned()
}

fn template(name: &str) -> String {
    format!("我是{name}，建议周末延长开放到晚上九点，方便上班的人锻炼，也希望夜间照明能够跟上。")
}

async fn sketch(site: &Site) {
    site.clock.advance(TimeDelta::seconds(10));
    site.work().await;
}

async fn case(program: &Person, n: u32) -> Value {
    program.get(&format!("/api/v1/review/2026-001-1-{n:06}")).await.expect(200).json()
}

#[tokio::test]
async fn a_campaign_is_read_together() {
    let site = Site::new().await;
    fixture::open(&site).await;
    for name in ["张三", "李四", "王小明", "欧阳静"] {
        give(&site, &template(name)).await;
    }
    give(&site, "游泳池的水质应当每天公布检测结果，让家长放心。").await;
    give(&site, "同意").await;
    give(&site, "同意").await;
    let (moderator, program) = (site.sign_in("mod1").await, site.api("mod1").await);
    // Nothing is compared while an opinion is received.
    assert_eq!(case(&program, 1).await["near_total"], 0);
    sketch(&site).await;

    let one = case(&program, 1).await;
    assert_eq!((&one["near_total"], one["near"].as_array().unwrap().len()), (&json!(3), 3));
    assert!(one["near"][0]["alike"].as_u64().unwrap() > 70, "{one}");
    // Other words on another matter, and texts too short to compare.
    assert_eq!(case(&program, 5).await["near_total"], 0);
    assert_eq!(case(&program, 6).await["near_total"], 0);
    let queue = program.get("/api/v1/review/queue").await.expect(200).json();
    let near: Vec<u64> =
        queue["items"].as_array().unwrap().iter().map(|o| o["near"].as_u64().unwrap()).collect();
    assert_eq!(near, [4, 4, 4, 4, 0, 0, 0]);
    moderator.get("/desk/review").await.expect(200).contains("相近 4 条").contains("相同 2 条");
    moderator
        .get("/desk/review/2026-001-1-000002")
        .await
        .expect(200)
        .contains("另有 3 条文字相近的意见，其中 0 条已公开");

    // Side by side, with what tells them apart; those with other words are ticked by hand.
    let path = "/desk/review/2026-001-1-000001/near";
    let page = moderator.get(path).await.expect(200);
    page.contains("一并审核 4 条相近的意见").contains("<ins>").contains("李四");
    assert_eq!(page.text.matches(" checked").count(), 1);
    let two = [
        ("action", "publish"),
        ("opinions", "2026-001-1-000001:1"),
        ("opinions", "2026-001-1-000002:1"),
        ("opinions", "2026-001-1-000003:1"),
    ];
    moderator.post(path, &two).await.expect(303);
    let four = case(&program, 4).await;
    assert_eq!((&four["near_total"], &four["near"][0]["state"]), (&json!(3), &json!("published")));
    moderator.get("/desk/review/2026-001-1-000004").await.expect(200).contains("其中 3 条已公开");
    // What is not of the group is not decided with it.
    let mixed =
        [("action", "publish"), ("opinions", "2026-001-1-000004:1"), ("opinions", "2026-001-1-000005:1")];
    moderator.post("/desk/review/2026-001-1-000004/near", &mixed).await.expect(422);
    site.sign_in("owner").await.get(path).await.expect(403);
}

#[tokio::test]
async fn a_revised_text_is_compared_anew() {
    let site = Site::new().await;
    fixture::open(&site).await;
    give(&site, &template("张三")).await;
    // The first of a group leads it.
    site.clock.advance(TimeDelta::seconds(1));
    let code = give(&site, &template("李四")).await;
    sketch(&site).await;
    let program = site.api("mod1").await;
    assert_eq!(case(&program, 1).await["near_total"], 1);
    let back =
        json!({ "revision": 1, "action": "return", "reason_code": "unclear", "reason_text": "请说明理由" });
    let path = "/api/v1/review/2026-001-1-000002";
    program.json("POST", path, back).await.expect(200);
    let words = json!({ "text": "游泳池的水质应当每天公布检测结果，让家长放心。" });
    site.guest().json("POST", &format!("/api/v1/receipts/{code}/revision"), words).await.expect(200);
    assert_eq!(
        (&case(&program, 1).await["near_total"], &case(&program, 2).await["near_total"]),
        (&json!(0), &json!(0))
    );
    let rows = entity::opinion_near::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(rows.len(), 2);
}
