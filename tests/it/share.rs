//! A consultation passed on, and explained in plain words.

use serde_json::json;

use crate::fixture;
use crate::harness::{Site, at};

const PAGE: &str = "/consultations/2026-001-1";

#[tokio::test]
async fn a_short_link_a_square_code_and_a_poster_lead_to_the_page() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let guest = site.guest();
    let page = guest.get(PAGE).await.expect(200);
    page.contains("http://localhost:8080/c/2026-001-1").contains("class=\"square-code\"");
    page.contains("<meta property=\"og:title\" content=\"示例市公共体育场馆开放管理办法（征求意见稿）\">");
    page.contains("<meta property=\"og:url\" content=\"http://localhost:8080/consultations/2026-001-1\">");
    page.contains("property=\"og:description\" content=\"群众体育处，截止 2026年4月1日。欢迎提出意见。\"");
    assert_eq!(guest.get("/c/2026-001-1").await.expect(303).location(), PAGE);
    guest.get("/c/2026-009-1").await.expect(404);
    guest.get("/c/%00").await.expect(404);

    let poster = guest.get(&format!("{PAGE}/poster")).await.expect(200);
    poster.contains("扫码看草案、提意见").contains("2026年4月1日 24:00").contains("mass@example.invalid");
    guest.get(&format!("{PAGE}/poster?lang=en")).await.expect(200).contains("Scan to read the draft");
    site.clock.set(at("2026-04-02", 9, 0));
    guest.get(&format!("{PAGE}/poster?lang=zh")).await.contains("征集已经截止").lacks("提意见截止");
    // A receipt's page is nobody else's.
    guest.get("/receipts").await.expect(200).contains("og:title");
    guest.get(&format!("{PAGE}/opinion")).await.lacks("og:title");
}

#[tokio::test]
async fn plain_words_are_written_with_the_draft_and_stand_above_it() {
    let site = Site::new().await;
    fixture::open(&site).await;
    // The first one was put in without its number.
    let write = site.app.write().await.unwrap();
    jianyan::sequence::next(&write, "consultation:2026-001").await.unwrap();
    write.commit().await.unwrap();
    let owner = site.sign_in("owner").await;
    let draft = "/desk/decisions/2026-001/consultations/new";
    let form = owner.get(draft).await.expect(200);
    form.contains("通俗解读");
    let plain = "晚上也开放。\n- 工作日到<b>九点</b>\n- 周末全天";
    let long = "字".repeat(3001);
    let fields = |plain| {
        [
            ("title", "再次征求意见"),
            ("notice", "欢迎提出意见。"),
            ("plain", plain),
            ("opens_on", "2026-04-02"),
            ("closes_on", "2026-05-06"),
            ("email", "mass@example.invalid"),
        ]
    };
    owner.post(draft, &fields(&long)).await.expect(422).contains("3000");
    let desk = owner.post(draft, &fields(plain)).await.expect(303);
    let shown = owner.get(desk.location()).await.expect(200);
    shown.contains("晚上也开放。").contains("<li>工作日到&lt;b&gt;九点&lt;/b&gt;</li>");
    // Its owner sees the page beforehand, nobody else, and there is no poster of a draft.
    let code = desk.location().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let preview = owner.get(&format!("/consultations/{code}")).await.expect(200);
    preview.contains("一看就懂").contains("<li>周末全天</li>").lacks("/poster");
    site.guest().get(&format!("/c/{code}")).await.expect(404);
    owner.get(&format!("/consultations/{code}/poster")).await.expect(404);

    let api = site.api("owner").await;
    let path = format!("/api/v1/consultations/{code}");
    assert_eq!(api.get(&path).await.expect(200).json()["plain"], plain);
    let patched = api.json("PATCH", &path, json!({ "plain": "只说一句。" })).await.expect(200).json();
    assert_eq!((&patched["plain"], &patched["notice"]), (&json!("只说一句。"), &json!("欢迎提出意见。")));
}
