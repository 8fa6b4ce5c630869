//! The year's counters as duties: opened by themselves, reminded of, done by themselves in time.

use entity::enums::{DutyKind, DutyState, EventKind, Role, StageState};
use jianyan::event::{self, Report};
use sea_orm::EntityTrait as _;

use super::{Hosts, session};
use crate::fixture;
use crate::harness::day;

async fn of_year(hosts: &Hosts, year: i32) -> Vec<entity::duty::Model> {
    jianyan::duty::of_subject(hosts.site.app.db.read(), event::year_subject(year)).await.unwrap()
}

async fn one(hosts: &Hosts, kind: DutyKind) -> entity::duty::Model {
    of_year(hosts, 2026).await.into_iter().find(|d| d.kind == kind).unwrap()
}

async fn hosts() -> Hosts {
    let hosts = Hosts::new().await;
    let office = hosts.site.department("office", "办公室").await;
    hosts.site.staff("discloser", office, &[Role::Disclosure]).await;
    hosts
}

#[tokio::test]
async fn each_year_opens_its_duties_once_for_the_office_with_source_and_stages() {
    let hosts = hosts().await;
    hosts.site.work().await;
    hosts.site.at("2026-03-03", 9, 0).await;
    let mut kinds: Vec<_> =
        of_year(&hosts, 2026).await.into_iter().map(|d| (d.kind, d.due_on.to_string())).collect();
    kinds.sort();
    let due = || "2026-12-31".to_owned();
    assert_eq!(kinds, [(DutyKind::OpenDays, due()), (DutyKind::OpenMeetings, due())]);
    let open = one(&hosts, DutyKind::OpenDays).await;
    let stages = jianyan::duty::stages(hosts.site.app.db.read(), open.id).await.unwrap();
    let planned: Vec<_> =
        stages.iter().filter(|s| s.state == StageState::Planned).map(|s| s.stage.as_str()).collect();
    assert!(planned.contains(&"left_60") && planned.contains(&"due_today"), "{planned:?}");
    let office = hosts.site.sign_in("discloser").await;
    office.get("/desk/duties").await.expect(200).contains("2026年政府开放日、开放周").contains("会议开放");
    let page = office.get(&format!("/desk/duties/{}", open.id)).await.expect(200);
    page.contains("表二第8项").contains("不少于3次");
    hosts.site.at("2027-01-04", 9, 0).await;
    assert_eq!(of_year(&hosts, 2027).await.len(), 2);
    assert_eq!(
        one(&hosts, DutyKind::OpenDays).await.state,
        DutyState::Open,
        "what was not held stays overdue"
    );
}

#[tokio::test]
async fn they_are_done_by_themselves_once_the_counters_are_reached() {
    let hosts = hosts().await;
    hosts.site.work().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    fixture::consultation(&hosts.site, "2026-001", hosts.department, hosts.owner).await;
    let hold = async |kind: EventKind, on: &str| {
        let decision = if kind == EventKind::Meeting { "2026-001" } else { "" };
        let content = event::Content { decision: decision.into(), ..hosts.content(kind) };
        let draft = event::create(app, &actor, &content).await.unwrap();
        let session = event::SessionContent { held_on: day(on), ..session(5) };
        event::add_session(app, &actor, draft.id, &session).await.unwrap();
        event::publish(app, &actor, draft.id).await.unwrap().id
    };
    hold(EventKind::OpenDay, "2026-03-05").await;
    hold(EventKind::OpenDay, "2026-03-06").await;
    hold(EventKind::OpenDay, "2026-12-31").await;
    let meetings =
        [hold(EventKind::Meeting, "2026-03-05").await, hold(EventKind::Meeting, "2026-03-06").await];
    hosts.site.at("2026-03-09", 9, 0).await;
    assert_eq!(one(&hosts, DutyKind::OpenDays).await.state, DutyState::Open, "two of three");
    assert_eq!(
        one(&hosts, DutyKind::OpenMeetings).await.state,
        DutyState::Open,
        "held, and nothing published"
    );
    for id in meetings {
        let report = Report {
            text: "讨论了开放办法。".into(),
            outcome: "原则通过。".into(),
            said: "建议延长开放时间，会议采纳。".into(),
            attended: Some(3),
            ..Report::default()
        };
        event::report(app, &actor, id, &report).await.unwrap();
    }
    hosts.site.at("2026-03-10", 9, 0).await;
    assert_eq!(one(&hosts, DutyKind::OpenMeetings).await.state, DutyState::Done);
    // The third open day ends on the last evening of the year, and is in time.
    hosts.site.at("2026-12-31", 11, 0).await;
    assert_eq!(one(&hosts, DutyKind::OpenDays).await.state, DutyState::Open);
    hosts.site.at("2026-12-31", 12, 0).await;
    let done = one(&hosts, DutyKind::OpenDays).await;
    assert_eq!((done.state, done.completed_on), (DutyState::Done, Some(day("2026-12-31"))));
    jianyan::audit::verify(app.db.read()).await.unwrap();
}

#[tokio::test]
async fn without_an_office_of_open_government_there_is_nobody_to_remind() {
    let hosts = Hosts::new().await;
    hosts.site.work().await;
    assert!(of_year(&hosts, 2026).await.is_empty());
    let jobs = entity::job::Entity::find().all(hosts.site.app.db.read()).await.unwrap();
    assert!(jobs.iter().all(|j| j.last_error.is_none()));
    hosts.site.staff("later", hosts.department, &[Role::Disclosure]).await;
    hosts.site.at("2026-03-03", 9, 0).await;
    assert_eq!(of_year(&hosts, 2026).await.len(), 2);
}

#[tokio::test]
async fn the_report_of_a_meeting_tells_who_sat_in_and_what_they_said() {
    let hosts = hosts().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    fixture::consultation(&hosts.site, "2026-001", hosts.department, hosts.owner).await;
    let content = event::Content { decision: "2026-001".into(), ..hosts.content(EventKind::Meeting) };
    let draft = event::create(app, &actor, &content).await.unwrap();
    event::add_session(app, &actor, draft.id, &session(5)).await.unwrap();
    event::publish(app, &actor, draft.id).await.unwrap();
    hosts.site.at("2026-03-21", 9, 0).await;
    let owner = hosts.site.sign_in("owner").await;
    let desk = "/desk/events/E2026-001/report";
    let mut fields = vec![("text", "讨论了开放办法。"), ("outcome", "原则通过。"), ("said", "")];
    owner.post(desk, &fields).await.expect(422).contains("列席人员的意见");
    fields[2].1 = "建议延长开放时间。";
    fields.extend([("attended_citizen", "2"), ("attended_expert", "1"), ("attended", "4")]);
    owner.post(desk, &fields).await.expect(422).contains("与各组人数之和不符");
    fields[5].1 = "3";
    owner.post(desk, &fields).await.expect(303);
    let page = hosts.site.guest().get("/events/E2026-001").await.expect(200);
    page.contains("市民 2 · 专家 1").contains("建议延长开放时间").contains("3 人");
    let api = hosts.site.guest().get("/api/v1/events/E2026-001").await.expect(200).json();
    assert_eq!(api["attendance"][1], serde_json::json!({ "group": "expert", "seats": 1 }));
}
