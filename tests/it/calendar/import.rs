//! A new year's notice comes in: through the API, the command and the page; by several processes.

use entity::enums::{DutyChangeKind, DutyKind, Role};
use jianyan::duty::{self, Term};
use serde_json::json;

use crate::duty::{House, house};
use crate::harness::{at, day};

/// The first days of a notice for 2027: New Year's Day on a Friday.
pub const NOTICE: &str = "date,kind,name,source\n\
    2027-01-01,off,元旦,https://www.gov.cn/example\n\
    2027-01-02,off,元旦,https://www.gov.cn/example\n\
    2027-01-03,off,元旦,https://www.gov.cn/example\n\
    2027-10-01,off,国庆节,https://www.gov.cn/example\n";

/// A summary that falls due over the turn of the year: on 4 January as far as weekends tell.
async fn over_new_year() -> (House, entity::duty::Model) {
    let house = house("2026-12-21").await;
    let row = house.summary("2026-12-21").await;
    assert_eq!(row.due_on, day("2027-01-04"));
    assert!(row.provisional);
    (house, row)
}

#[tokio::test]
async fn an_import_moves_a_provisional_duty_and_says_from_when_to_when() {
    let (house, row) = over_new_year().await;
    house.walk("2026-12-22", "2026-12-28").await;
    house.site.staff("root", house.department, &[Role::Admin]).await;
    let admin = house.site.api("root").await;
    let path = "/api/v1/calendar/import";

    let would = admin.json("POST", path, json!({ "csv": NOTICE, "dry_run": true })).await.expect(200).json();
    assert_eq!(would["moved_count"], 1);
    assert_eq!(house.reload(row.id).await, row, "a preview changes nothing");

    let did = admin.json("POST", path, json!({ "csv": NOTICE })).await.expect(200).json();
    assert_eq!(did["rows"], 4);
    assert_eq!(did["years"], json!([2027]));
    assert_eq!(did["moved"][0]["old_due"], "2027-01-04");
    assert_eq!(did["moved"][0]["new_due"], "2027-01-05");
    assert_eq!(did["moved"], would["moved"]);
    let moved = house.reload(row.id).await;
    assert_eq!((moved.due_on, moved.provisional), (day("2027-01-05"), false));
    let app = &house.site.app;
    let log = duty::history(app.db.read(), row.id).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].kind, DutyChangeKind::Recalculated);
    assert_eq!((log[0].old_due_on, log[0].new_due_on), (day("2027-01-04"), day("2027-01-05")));
    assert!(log[0].changed_by.is_some());

    house.walk("2026-12-29", "2027-01-06").await;
    let told: Vec<String> = house
        .notices()
        .await
        .into_iter()
        .filter(|(_, who, _)| who == "owner")
        .map(|(when, _, stage)| format!("{when} {stage}"))
        .collect();
    // Sorted by month, so January comes first. The five-days notice of the old due day was sent on the 28th;
    // no reminder falls on the 1st, which is now a holiday.
    assert_eq!(
        told,
        [
            "01-04 09:00 left_1",
            "01-05 09:00 due_today",
            "01-06 09:00 overdue_1",
            "12-22 09:00 assigned",
            "12-28 09:00 left_5",
            "12-29 09:00 changed",
            "12-30 09:00 left_3",
        ]
    );

    // The same table once more moves nothing.
    let admin = house.site.api("root").await;
    let again = admin.json("POST", path, json!({ "csv": NOTICE })).await.expect(200).json();
    assert_eq!(again["moved_count"], 0);
    let answer = house.site.guest().get("/api/v1/calendar/years").await.expect(200).json();
    assert_eq!(answer.as_array().unwrap().last().unwrap(), &json!({ "year": 2027, "days": 4 }));
}

#[tokio::test]
async fn only_an_administrator_imports_and_bad_lines_are_all_named() {
    let (house, row) = over_new_year().await;
    house.site.staff("root", house.department, &[Role::Admin]).await;
    let path = "/api/v1/calendar/import";
    house.site.guest().json("POST", path, json!({ "csv": NOTICE })).await.expect(401);
    house.site.api("watch").await.json("POST", path, json!({ "csv": NOTICE })).await.expect(403);
    let admin = house.site.api("root").await;
    let bad = "date,kind,name\n2027-13-01,off,元旦\n2027-01-01,holiday,元旦\n";
    let answer = admin.json("POST", path, json!({ "csv": bad })).await.expect(422).json();
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("第2行") && message.contains("第3行"), "{message}");
    for bad in ["", "date,kind,name\n9999-01-01,off,元旦\n", "date,kind,name\n2027-01-01,off,\"元\n旦\"\n"]
    {
        admin.json("POST", path, json!({ "csv": bad })).await.expect(422);
    }
    let many: String =
        (0..2001).map(|n| format!("{},off,节\n", day("2027-01-01") + chrono::Days::new(n))).collect();
    let many = format!("date,kind,name\n{many}");
    admin.json("POST", path, json!({ "csv": many })).await.expect(422);
    assert_eq!(house.reload(row.id).await, row);
}

#[tokio::test]
async fn the_command_imports_without_a_person() {
    let (house, row) = over_new_year().await;
    let file = house.site.dir.path().join("2027.csv");
    std::fs::write(&file, NOTICE).unwrap();
    let mut out = Vec::new();
    jianyan::cli::workday::import(&house.site.app, &file, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, "imported 4 days of 2027; 1 duties moved\n2027-01-04 -> 2027-01-05  体育场馆开放办法\n");
    let log = duty::history(house.site.app.db.read(), row.id).await.unwrap();
    assert_eq!(log[0].changed_by, None);
}

#[tokio::test]
async fn another_process_notices_the_import_and_mends_what_it_counted_meanwhile() {
    let (house, _) = over_new_year().await;
    let other = crate::duty::together::twin(&house.site).await;
    let system = jianyan::actor::Actor::system();
    jianyan::calendar::import(&house.site.app, &system, NOTICE).await.unwrap();
    // The other process has not heard of it and counts a new duty by weekends alone.
    assert!(!other.calendar().covers(2027));
    let subject = uuid::Uuid::from_u128(9);
    let write = other.write().await.unwrap();
    let begin = house.begin(subject, DutyKind::AdoptionSummary, "2026-12-21", Term::WorkingDays(10));
    let stale = duty::open(&other, &write, &system, begin).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!((stale.due_on, stale.provisional), (day("2027-01-04"), true));
    jianyan::job::run_due(&other).await.unwrap();
    assert!(other.calendar().covers(2027));
    let mended = house.reload(stale.id).await;
    assert_eq!((mended.due_on, mended.provisional), (day("2027-01-05"), false));
    // A process that only serves pages takes it over as well.
    let third = crate::duty::together::twin(&house.site).await;
    jianyan::calendar::import(&house.site.app, &system, "date,kind,name\n2028-01-03,off,元旦\n")
        .await
        .unwrap();
    jianyan::calendar::refresh(&third).await.unwrap();
    assert!(third.calendar().covers(2028));
}

#[tokio::test]
async fn an_import_while_the_service_is_down_swallows_no_reminder() {
    let (house, row) = over_new_year().await;
    house.site.at("2026-12-22", 9, 0).await;
    // Down over the morning of left_5; the command is run before the service is up again.
    house.site.clock.set(at("2026-12-29", 7, 0));
    let system = jianyan::actor::Actor::system();
    // A notice that says nothing new about this duty: 1 January stays a working day.
    let other_days = "date,kind,name\n2027-10-01,off,国庆节\n";
    jianyan::calendar::import(&house.site.app, &system, other_days).await.unwrap();
    assert_eq!(house.reload(row.id).await.due_on, row.due_on);
    house.site.at("2026-12-29", 9, 0).await;
    let told: Vec<String> = house.notices().await.into_iter().map(|(.., stage)| stage).collect();
    assert_eq!(told, ["assigned", "left_5"]);
}

#[tokio::test]
async fn periods_are_counted_and_explained_for_anybody() {
    let house = house("2026-03-02").await;
    let guest = house.site.guest();
    let path = "/api/v1/workdays/due";
    let one = guest.get(&format!("{path}?start=2026-02-13&days=10")).await.expect(200).json();
    assert_eq!(one["due"], "2026-03-05");
    assert_eq!(one["ends_at"], "2026-03-05T16:00:00+00:00");
    assert_eq!(one["provisional"], false);
    let lines = one["explanation"].as_array().unwrap();
    assert_eq!(lines.len(), 21);
    assert_eq!(lines[0]["note"], "start");
    assert_eq!(lines[1]["text"], "2026年2月14日 周六：春节调休上班，第1个工作日");
    assert_eq!(lines[20]["text_en"], "5 March 2026, Thursday: working day 10, due date, ends at 24:00");
    assert_eq!(lines.iter().filter(|l| l.get("counted").is_some()).count(), 10);

    let days = guest.get(&format!("{path}?start=2026-09-30&days=2&calendar_days=true")).await.expect(200);
    let days = days.json();
    assert_eq!((&days["due"], &days["raw_last_day"]), (&json!("2026-10-08"), &json!("2026-10-02")));
    let later = guest.get(&format!("{path}?start=2031-01-01&days=3&explain=false")).await.expect(200).json();
    assert_eq!(later["provisional"], true);
    assert!(later.get("explanation").is_none());

    for bad in [
        "?start=2026-02-30&days=1",
        "?start=2026-02-13",
        "?start=2026-02-13&days=-1",
        "?start=2026-02-13&days=99999999999",
    ] {
        guest.get(&format!("{path}{bad}")).await.expect(400);
    }
    for bad in ["?start=2026-02-13&days=100000", "?start=2026-02-13&days=4294967295"] {
        guest.get(&format!("{path}{bad}")).await.expect(422);
    }

    let period = json!({ "start": "2026-02-13", "days": 10 });
    let many = guest.json("POST", path, json!(vec![period.clone(); 1000])).await.expect(200).json();
    assert_eq!(many.as_array().unwrap().len(), 1000);
    assert_eq!(many[999]["due"], "2026-03-05");
    guest.json("POST", path, json!(vec![period.clone(); 1001])).await.expect(422);
    let far = json!([period, { "start": "2026-02-13", "days": u32::MAX }]);
    let answer = guest.json("POST", path, far).await.expect(422).json();
    assert_eq!(answer["errors"][0]["field"], "[1].days");
    guest.json("POST", path, json!([{ "start": "2026-02-13", "days": 1, "x": 1 }])).await.expect(400);
}

#[tokio::test]
async fn an_administrator_sees_what_an_import_would_move_and_confirms() {
    let (house, row) = over_new_year().await;
    house.site.staff("root", house.department, &[Role::Admin]).await;
    let admin = house.site.sign_in("root").await;
    const PAGE: &str = "/desk/admin/calendar";
    let page = admin.get(PAGE).await.expect(200);
    page.contains("2027 年放假安排尚未导入").contains("2026-02-14").contains("调休上班");
    admin.get(&format!("{PAGE}?year=2014&lang=en")).await.expect(200).contains("2014-10-01");
    for odd in ["?year=x", "?year=99999999999", "?year=-1&lang=zh"] {
        admin.get(&format!("{PAGE}{odd}")).await.expect(200);
    }

    let again = admin.post(&format!("{PAGE}/preview"), &[("csv", "date,kind,name\n2027-02-30,off,x")]).await;
    again.expect(422).contains("第2行").contains("2027-02-30,off,x");
    admin.post(&format!("{PAGE}/preview"), &[("csv", "")]).await.expect(422);
    let preview = admin.post(&format!("{PAGE}/preview"), &[("csv", NOTICE)]).await.expect(200);
    preview.contains("1 项时限将变动").contains("体育场馆开放办法").contains("2027-01-05");
    assert_eq!(house.reload(row.id).await, row);
    // As a file from Excel in China: not UTF-8.
    let (bytes, _, _) = encoding_rs::GBK.encode(NOTICE);
    let file =
        admin.upload(&format!("{PAGE}/preview"), &[], &[("file", "2027.csv", &bytes)]).await.expect(200);
    let csv = file.input("csv").unwrap();
    assert!(csv.contains("元旦"), "{csv}");
    admin.post(&format!("{PAGE}/import"), &[("csv", &csv)]).await.expect(303);
    assert_eq!(house.reload(row.id).await.due_on, day("2027-01-05"));
    let page = admin.get(&format!("{PAGE}?year=2027&done=imported")).await.expect(200);
    page.contains("已导入").lacks("尚未导入").contains("测试-root").contains("通知原文");
    // What goes out comes in again.
    let out = admin.get(&format!("{PAGE}/days.csv?year=2027")).await.expect(200);
    assert_eq!(out.text.trim_start_matches('\u{feff}'), NOTICE);
    let preview = admin.post(&format!("{PAGE}/preview"), &[("csv", &out.text)]).await.expect(200);
    preview.contains("没有时限会变动");
}
