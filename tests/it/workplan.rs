//! The work plan: imported from its table, read on its page and through the API.

use jianyan::workplan;

use crate::harness::Site;

const PLAN: &str = include_str!("../../src/demo/content/work_plan_2020.csv");

async fn import(site: &Site, csv: &str) -> Result<usize, String> {
    let write = site.app.write().await.unwrap();
    let rows =
        workplan::import(&site.app, &write, csv).await.map_err(|p| p.fields[0].message.en.to_string())?;
    write.commit().await.unwrap();
    Ok(rows)
}

#[tokio::test]
async fn the_founding_plan_is_shown_row_by_row() {
    let site = Site::new().await;
    let guest = site.guest();
    guest.get("/work-plan").await.expect(200).contains("今年的工作计划尚未公布");
    guest.get("/work-plan/plan.csv").await.expect(404);
    assert_eq!(guest.get("/api/v1/work-plan").await.expect(200).json()["items"], serde_json::json!([]));

    assert_eq!(import(&site, PLAN).await, Ok(37));
    // Imported again, the plan of the year is replaced.
    assert_eq!(import(&site, PLAN).await, Ok(37));
    let page = guest.get("/work-plan").await.expect(200);
    page.contains("2020年示例市体育局政务公开工作计划表").contains("37 项工作");
    page.contains("动态拓展主动公开范围").contains("10个工作日").contains("4月23日");
    let html = scraper::Html::parse_document(&page.text);
    let count = |css: &str| html.select(&scraper::Selector::parse(css).unwrap()).count();
    assert_eq!(count("section.section"), 6);
    assert_eq!(count("section.section tbody tr"), 37);

    let json = guest.get("/api/v1/work-plan").await.expect(200).json();
    assert_eq!(json["items"].as_array().unwrap().len(), 37);
    assert_eq!((&json["year"], &json["items"][0]["deadline_on"]), (&2020.into(), &"2020-06-30".into()));
    guest.get("/work-plan/plan.csv").await.expect(200).contains("宣教中心");
    for odd in ["/work-plan?year=2019", "/work-plan?year=x", "/api/v1/work-plan?year=1"] {
        guest.get(odd).await.expect(404);
    }
}

#[tokio::test]
async fn a_broken_table_names_its_line_and_changes_nothing() {
    let site = Site::new().await;
    import(&site, PLAN).await.unwrap();
    let head = PLAN.lines().next().unwrap();
    for (row, said) in [
        ("一、甲,（一）乙,1,做,办,处,查,年底,2020-12-32", "Line 2: the deadline date"),
        ("一、甲,（一）乙,1,,办,处,查,年底,2020-12-31", "Line 2: section and requirement"),
        ("一、甲,（一）乙,1", "Line 2"),
        ("一、甲,（一）乙,1,做\u{0},办,处,查,年底,2020-12-31", "Line 2: too long, or control"),
        ("", "Line 2: the table is empty"),
        ("一、甲,（一）乙,1,做,办,处,查,年底,", "no row has a deadline"),
    ] {
        let problem = import(&site, &format!("{head}\n{row}\n")).await.unwrap_err();
        assert!(problem.contains(said), "{row}: {problem}");
    }
    site.guest().get("/work-plan").await.expect(200).contains("37 项工作");
}
