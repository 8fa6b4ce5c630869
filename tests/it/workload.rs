//! The figures of the moderators' work.

use entity::enums::Role;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site};

const API: &str = "/api/v1/review-workload";

async fn decide(person: &Person, n: u32, body: Value) {
    person.json("POST", &format!("/api/v1/review/2026-001-1-00000{n}"), body).await.expect(200);
}

fn of<'a>(found: &'a Value, name: &str) -> &'a Value {
    let all = found["moderators"].as_array().unwrap();
    all.iter().find(|m| m["name"].as_str().unwrap().ends_with(name)).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn it_counts_who_did_what_and_how_often_a_second_one_agreed() {
    let site = Site::new().await;
    fixture::open(&site).await;
    for text in ["第一条", "第二条", "第三条", "第四条"] {
        let body =
            json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
        site.guest().json("POST", "/api/v1/consultations/2026-001-1/opinions", body).await.expect(201);
    }
    let (one, two) = (site.api("mod1").await, site.api("mod2").await);
    let empty = one.get(API).await.expect(200).json();
    assert_eq!((&empty["moderators"], &empty["finished"]), (&json!([]), &json!(0)));
    assert_eq!(empty.get("agreement_percent"), None);

    decide(&one, 1, json!({ "revision": 1, "action": "publish" })).await;
    let reject = json!({ "revision": 1, "action": "reject", "reason_code": "advertising" });
    decide(&one, 2, reject.clone()).await;
    decide(&one, 3, reject).await;
    for (n, confirm) in [(2, true), (3, false)] {
        let path = format!("/api/v1/review/2026-001-1-00000{n}/second");
        two.json("POST", &path, json!({ "revision": 2, "confirm": confirm })).await.expect(200);
    }
    let withhold = json!({ "revision": 1, "action": "withhold", "reason_code": "insult" });
    decide(&two, 4, withhold).await;

    let found = one.get(API).await.expect(200).json();
    assert_eq!(found["agreement_percent"], 50);
    assert_eq!((&found["finished"], &found["in_time"], &found["overdue"]), (&json!(3), &json!(3), &json!(0)));
    let mine = of(&found, "mod1");
    assert_eq!((&mine["total"], &mine["confirmed"], &mine["overruled"]), (&json!(3), &json!(1), &json!(1)));
    let decided = json!([{ "action": "publish", "n": 1 }, { "action": "reject", "n": 2 }]);
    assert_eq!(mine["decided"], decided);
    let theirs = of(&found, "mod2");
    assert_eq!((&theirs["total"], &theirs["seconds"]), (&json!(1), &json!(2)));

    // The third waits again, past its day; what was done falls out of the time.
    site.at("2026-04-20", 9, 0).await;
    let one = site.api("mod1").await;
    let later = one.get(&format!("{API}?days=7")).await.expect(200).json();
    assert_eq!((&later["moderators"], &later["overdue"]), (&json!([]), &json!(1)));
    let all = one.get(&format!("{API}?days=9999")).await.expect(200).json();
    assert_eq!(of(&all, "mod1")["total"], 3);
    let page = site.sign_in("mod1").await;
    page.get("/desk/workload?days=366").await.expect(200).contains("50%").contains("测试-mod1");
    page.get("/desk/workload?days=x").await.expect(200).contains("这段时间没有审核");
}

#[tokio::test]
async fn moderators_and_supervisors_read_it_and_nobody_else() {
    let site = Site::new().await;
    let department = fixture::open(&site).await.department;
    site.staff("supervisor", department, &[Role::Supervisor]).await;
    site.staff("clerk", department, &[Role::Admin]).await;
    for (login, status) in [("mod1", 200), ("supervisor", 200), ("owner", 403), ("clerk", 403)] {
        site.api(login).await.get(API).await.expect(status);
        site.sign_in(login).await.get("/desk/workload").await.expect(status);
    }
    site.guest().get(API).await.expect(401);
}
