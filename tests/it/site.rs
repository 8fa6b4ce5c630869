//! The site as a whole: home, rules, statements, addresses for machines.

use crate::harness::{Site, at, day};
use crate::matrix_fixture::{World, answered, promulgated};

#[tokio::test]
async fn an_empty_site_says_what_to_do() {
    let site = Site::new().await;
    let page = site.guest().get("/").await.expect(200);
    page.contains("目前没有正在征求意见的事项")
        .contains("还没有公布采纳情况")
        .contains("action=\"/receipts\"");
    let english = site.guest().get("/?lang=en").await.expect(200);
    english.contains("Nothing is open for opinions at the moment").contains("lang=\"en\"");
}

#[tokio::test]
async fn home_tells_what_is_open_and_what_became_of_it() {
    let world = World::new().await;
    let late = promulgated(&world, "2025-003", day("2026-01-12")).await;
    promulgated(&world, "2025-004", day("2026-02-26")).await;
    let guest = world.site.guest();
    let page = guest.get("/").await.expect(200);
    page.contains("公共体育场馆开放服务办法（2026-001）公开征求意见").contains("<strong>29</strong>");
    page.contains("意见 1 条 · 1 人").contains("<dd>1<span> 条").lacks("2026-002");
    page.contains("2026年度重大行政决策事项目录").contains("2026年3月2日公布").contains("1 项任务");
    // Saturday, 28 February is a make-up working day, so ten working days from 26 February end on 11 March.
    page.contains("已逾期").contains("应于 3月11日 前");
    let (first, second) = (page.text.find("已逾期").unwrap(), page.text.find("应于").unwrap());
    assert!(first < second, "the overdue one stands first");
    page.contains("/decisions/2025-003").contains("/decisions/2025-004");

    answered(&world, &late, at("2026-03-02", 9, 0)).await;
    let page = guest.get("/").await.expect(200);
    page.contains("/summaries/2025-003-1").contains("逾期公布").lacks("/decisions/2025-003\"");
    for number in ["64", "21", "13", "17", "11"] {
        page.contains(&format!(">{number}</div></td>"));
    }

    // The last day is still open, the next is not.
    world.site.clock.set(at("2026-03-31", 23, 59));
    guest.get("/").await.expect(200).contains("即将截止");
    world.site.clock.set(at("2026-04-01", 0, 0));
    guest.get("/").await.expect(200).contains("目前没有正在征求意见的事项");
}

#[tokio::test]
async fn the_rules_tell_the_numbers_of_the_settings_and_every_reason() {
    let site = Site::with(|config| {
        config.limits.opinion_chars = 1234;
        config.rules.review_working_days = 7;
        config.rules.contact_required = true;
        config.site.email = "web@example.invalid".into();
    })
    .await;
    let page = site.guest().get("/notice").await.expect(200);
    page.contains("每条意见不超过 1234 字").contains("7 个工作日内审核").contains("web@example.invalid");
    page.contains("商业广告").contains("同一人重复提交相同的意见").contains("《个人信息保护法》第二十五条");
    let english = site.guest().get("/notice?lang=en").await.expect(200);
    english.contains("1234 characters at most").contains("within 7 working days").lacks("不予受理");
}

#[tokio::test]
async fn every_fixed_page_is_there_in_both_languages() {
    let site = Site::new().await;
    for (path, zh, en) in [
        ("/accessibility", "无障碍声明", "Accessibility"),
        ("/site-map", "订阅与数据接口", "Feeds and data"),
        ("/notice", "留言须知", "Your rights"),
    ] {
        let page = site.guest().get(path).await.expect(200);
        page.contains(zh).contains("name=\"SiteIDCode\"").contains("name=\"ColumnName\"");
        site.guest().get(&format!("{path}?lang=en")).await.expect(200).contains(en);
    }
    let large = site.guest().get("/accessibility?mode=large").await.expect(200);
    large.contains("回到标准模式").contains("class=\"large\"");
}

#[tokio::test]
async fn machines_are_told_what_to_leave_and_whom_to_tell() {
    let site = Site::with(|config| config.site.email = "security@example.invalid".into()).await;
    let robots = site.guest().get("/robots.txt").await.expect(200);
    robots.contains("Disallow: /desk\n").contains("Disallow: /receipts\n");
    assert_eq!(robots.headers["content-type"], "text/plain; charset=utf-8");
    let security = site.guest().get("/.well-known/security.txt").await.expect(200);
    security
        .contains("Contact: mailto:security@example.invalid\n")
        .contains("Expires: 2027-02-25T00:00:00Z\n");
    let none = Site::new().await.guest().get("/.well-known/security.txt").await.expect(200);
    none.contains("Contact: http://localhost:8080/notice#contact\n");
}
