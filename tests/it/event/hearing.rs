//! Hearings by law: what must be public before, the list, the materials, the record, and what was said.

use entity::enums::{
    Channel, DocumentKind, DutyKind, DutyState, EventKind, OpinionState, PersonKind, SeatGroup,
};
use entity::id::EventId;
use jianyan::actor::Actor;
use jianyan::event::{self, CheckIn, Delivery, Receipt, Register, Selection, SessionContent, Voice};
use jianyan::problem::{Code, Problem};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::{Hosts, form, session};
use crate::fixture;
use crate::harness::{at, day};

const DESK: &str = "/desk/events/E2026-001";

/// A hearing on a decision whose consultation is open; without its explanation.
async fn drafted() -> (Hosts, EventId) {
    let hosts = Hosts::new().await;
    fixture::consultation(&hosts.site, "2026-001", hosts.department, hosts.owner).await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let content = event::Content { decision: "2026-001".into(), ..hosts.content(EventKind::Hearing) };
    let draft = event::create(app, &actor, &content).await.unwrap();
    event::add_session(app, &actor, draft.id, &session(4)).await.unwrap();
    (hosts, draft.id)
}

async fn explain(hosts: &Hosts) {
    let app = &hosts.site.app;
    let all = entity::document::Entity::find().all(app.db.read()).await.unwrap();
    let id: entity::id::DocumentId = app.id();
    let draft = all.into_iter().next().unwrap();
    let explanation = entity::document::Model { id, kind: DocumentKind::Explanation, ..draft };
    let write = app.write().await.unwrap();
    explanation.into_active_model().insert(&*write).await.unwrap();
    write.commit().await.unwrap();
}

async fn published() -> (Hosts, EventId) {
    let (hosts, id) = drafted().await;
    explain(&hosts).await;
    event::publish(&hosts.site.app, &hosts.organiser().await, id).await.unwrap();
    (hosts, id)
}

async fn comes(hosts: &Hosts, who: &str, name_public: bool) -> Receipt {
    let input = Register {
        group: Some(SeatGroup::Stakeholder),
        name_public,
        ..form(&format!("{who}@example.invalid"), 1)
    };
    event::register(&hosts.site.app, &Actor::guest(), &input).await.unwrap()
}

async fn duty(hosts: &Hosts) -> entity::duty::Model {
    let all = entity::duty::Entity::find().all(hosts.site.app.db.read()).await.unwrap();
    all.into_iter().find(|d| d.kind == DutyKind::HearingMaterials).unwrap()
}

fn said(problem: &Problem) -> String {
    problem.detail.as_ref().map(|d| d.zh.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn it_is_not_published_without_texts_rules_and_time_for_the_materials() {
    let (hosts, id) = drafted().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let owner = hosts.site.sign_in("owner").await;
    owner.get(DESK).await.expect(200).contains("第16条第2款");
    let bare = event::publish(app, &actor, id).await.unwrap_err();
    assert!(bare.code == Code::AgainstRule && said(&bare).contains("草案及其说明"));
    explain(&hosts).await;
    let by_group = SessionContent {
        quotas: vec![event::lot::Quota { group: SeatGroup::Expert, seats: 1 }],
        ..session(4)
    };
    event::change_session(app, &actor, id, 1, &by_group).await.unwrap();
    let unruled = event::publish(app, &actor, id).await.unwrap_err();
    assert!(unruled.code == Code::AgainstRule && said(&unruled).contains("遴选办法"));
    owner.post(&format!("{DESK}/hearing/selection"), &[("selects", "yes"), ("rules", "")]).await.expect(422);
    let rules = [("selects", "yes"), ("rules", "各组按报名先后确定。")];
    owner.post(&format!("{DESK}/hearing/selection"), &rules).await.expect(303);
    hosts.site.sign_in("other").await.post(&format!("{DESK}/hearing/selection"), &rules).await.expect(404);
    // Thirteen March is the last day for the materials of a hearing on the twentieth.
    hosts.site.clock.set(at("2026-03-14", 0, 0));
    let late = event::publish(app, &actor, id).await.unwrap_err();
    assert!(late.code == Code::AgainstRule && said(&late).contains("7日前"));
    hosts.site.clock.set(at("2026-03-13", 23, 59));
    event::publish(app, &actor, id).await.unwrap();
    hosts.site.guest().get("/events/E2026-001").await.expect(200).contains("各组按报名先后确定");
    hosts.site.guest().get("/search?q=报名先后确定").await.expect(200).contains("走进体育馆");
    let stays = event::set_selection(app, &actor, id, &Selection::default()).await.unwrap_err();
    assert_eq!(stays.code, Code::Conflict);
}

#[tokio::test]
async fn materials_are_a_duty_of_calendar_days_that_moves_and_ends_with_the_delivery() {
    let (hosts, id) = published().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    assert_eq!(duty(&hosts).await.due_on.to_string(), "2026-03-13");
    let later = SessionContent { held_on: day("2026-03-27"), ..session(4) };
    event::change_session(app, &actor, id, 1, &later).await.unwrap();
    assert_eq!(duty(&hosts).await.due_on.to_string(), "2026-03-20");
    let too_soon = SessionContent { held_on: day("2026-03-05"), ..session(4) };
    assert_eq!(
        event::change_session(app, &actor, id, 1, &too_soon).await.unwrap_err().code,
        Code::AgainstRule
    );
    hosts.site.clock.set(at("2026-03-16", 10, 0));
    let deliver = async |on: &str| {
        event::record_delivery(app, &actor, id, &Delivery { on: day(on), how: "快递".into() }).await
    };
    assert_eq!(deliver("2026-03-17").await.unwrap_err().fields[0].field, "delivered_on");
    assert_eq!(deliver("2026-03-01").await.unwrap_err().fields[0].field, "delivered_on");
    let owner = hosts.site.sign_in("owner").await;
    owner.get("/desk/duties").await.expect(200).contains("送达听证材料");
    let wrong = [("delivered_on", "x"), ("how", "快递")];
    owner.post(&format!("{DESK}/hearing/materials"), &wrong).await.expect(422);
    let right = [("delivered_on", "2026-03-16"), ("how", "快递")];
    owner.post(&format!("{DESK}/hearing/materials"), &right).await.expect(303);
    assert_eq!(duty(&hosts).await.state, DutyState::Done);
    hosts.site.guest().get("/events/E2026-001").await.expect(200).contains("2026年3月16日送达");
    // Another hearing that is called off needs none.
    let other = event::Content { decision: "2026-001".into(), ..hosts.content(EventKind::Hearing) };
    let other = event::create(app, &actor, &other).await.unwrap();
    event::add_session(app, &actor, other.id, &later).await.unwrap();
    event::publish(app, &actor, other.id).await.unwrap();
    event::cancel(app, &actor, other.id, "另行安排").await.unwrap();
    let all = entity::duty::Entity::find().all(app.db.read()).await.unwrap();
    let cancelled = all.iter().find(|d| d.subject_id == other.id.0 && d.kind == DutyKind::HearingMaterials);
    assert_eq!(cancelled.unwrap().state, DutyState::Cancelled);
}

#[tokio::test]
async fn the_list_names_only_who_agreed_and_the_record_is_confirmed_by_who_took_part() {
    let (hosts, id) = published().await;
    let (app, actor, guest) = (&hosts.site.app, hosts.organiser().await, hosts.site.guest());
    let nobody = event::publish_participants(app, &actor, id).await.unwrap_err();
    assert_eq!(nobody.code, Code::Conflict);
    guest.get("/events/E2026-001/sessions/1/register").await.expect(200).contains("我同意公布全名");
    let a = comes(&hosts, "a", false).await;
    let b = comes(&hosts, "b", true).await;
    let c = comes(&hosts, "c", false).await;
    let owner = hosts.site.sign_in("owner").await;
    owner.post(&format!("{DESK}/hearing/participants"), &[]).await.expect(303);
    let page = guest.get("/events/E2026-001").await.expect(200);
    page.contains("王*").contains("王小明").contains("利益相关方").contains("E2026-001-1-0003");
    let list = guest.get("/api/v1/events/E2026-001/hearing").await.expect(200).json();
    let names: Vec<_> = list["participants"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    assert_eq!(names, [json!("王*"), json!("王小明"), json!("王*")]);

    let early = event::publish_record(app, &actor, id, "记录").await.unwrap_err();
    assert_eq!(early.code, Code::Conflict);
    hosts.site.clock.set(at("2026-03-20", 9, 0));
    for who in [&a, &b] {
        let input =
            CheckIn { event: "E2026-001".into(), session: 1, typed: who.code.grouped(), people: None };
        event::check_in(app, &actor, &input).await.unwrap();
    }
    hosts.site.clock.set(at("2026-03-20", 11, 30));
    let none = event::confirm_record(app, &Actor::guest(), a.id).await.unwrap_err();
    assert_eq!(none.code, Code::Conflict, "there is no record yet");
    let owner = hosts.site.sign_in("owner").await;
    owner.post(&format!("{DESK}/hearing/record"), &[("record", "")]).await.expect(422);
    owner.post(&format!("{DESK}/hearing/record"), &[("record", "甲方陈述意见。")]).await.expect(303);
    let own = |r: &Receipt| format!("/registrations/{}", r.code.grouped());
    guest.get(&own(&a)).await.expect(200).contains("待您确认");
    guest.get(&own(&c)).await.expect(200).lacks("待您确认");
    guest.post(&format!("{}/record", own(&a)), &[]).await.expect(303);
    guest.post(&format!("{}/record", own(&a)), &[]).await.expect(303);
    guest.post(&format!("{}/record", own(&c)), &[]).await.expect(409);
    guest.get("/events/E2026-001").await.expect(200).contains("到场 2 组参加人，1 组已确认或签字");
    let sign = format!("{DESK}/hearing/signature");
    owner.post(&sign, &[("session", "1"), ("place", "9")]).await.expect(422);
    owner.post(&sign, &[("session", "1"), ("place", "2")]).await.expect(303);
    guest.get("/events/E2026-001").await.expect(200).contains("2 组已确认或签字").contains("甲方陈述意见");
    // A corrected record is confirmed anew; the same one sent again is not.
    event::publish_record(app, &actor, id, "甲方陈述意见。").await.unwrap();
    guest.get("/events/E2026-001").await.expect(200).contains("2 组已确认或签字");
    event::publish_record(app, &actor, id, "甲方、乙方陈述意见。").await.unwrap();
    guest.get("/events/E2026-001").await.expect(200).contains("0 组已确认或签字");
    jianyan::audit::verify(app.db.read()).await.unwrap();
}

#[tokio::test]
async fn what_was_said_enters_the_consultation_once_the_hearing_began() {
    let (hosts, id) = published().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let words = Voice {
        text: "停赛条件应当写明风力等级。".into(),
        name: "李华".into(),
        person_kind: PersonKind::Individual,
        on: None,
    };
    assert_eq!(event::voice(app, &actor, id, &words).await.unwrap_err().code, Code::Conflict);
    hosts.site.clock.set(at("2026-03-20", 12, 0));
    let owner = hosts.site.sign_in("owner").await;
    owner.get(DESK).await.expect(200).contains("录入会上意见");
    let fields = |text: &'static str| [("voice", text), ("person_kind", "individual"), ("speaker", "李华")];
    owner.post(&format!("{DESK}/opinions"), &fields("")).await.expect(422).contains("f-voice-error");
    let slip =
        owner.post(&format!("{DESK}/opinions"), &fields("停赛条件应当写明风力等级。")).await.expect(303);
    assert!(slip.location().starts_with("/receipts/"));
    let all = entity::opinion::Entity::find().all(app.db.read()).await.unwrap();
    assert_eq!((all.len(), all[0].channel), (1, Channel::Hearing));
    assert_eq!(jianyan::calendar::civil::local_date(all[0].received_at), day("2026-03-20"));
    let page = hosts.site.guest().get("/events/E2026-001").await.expect(200);
    page.contains("1 条意见已录入征求意见").lacks("停赛条件").lacks(&all[0].number);
    let write = app.write().await.unwrap();
    let mut row = all[0].clone().into_active_model();
    row.state = sea_orm::ActiveValue::Set(OpinionState::Published);
    row.update(&*write).await.unwrap();
    write.commit().await.unwrap();
    hosts.site.guest().get("/events/E2026-001").await.expect(200).contains(&all[0].number);
    let api = hosts.site.api("owner").await;
    let body = json!({ "text": "补给点应当加密。", "person_kind": "company" });
    let second = api.json("POST", "/api/v1/events/E2026-001/opinions", body.clone()).await.expect(200).json();
    assert!(second["lookup_code"].is_string());
    hosts.site.api("other").await.json("POST", "/api/v1/events/E2026-001/opinions", body).await.expect(403);
    hosts.site.guest().get("/api/v1/events/E2026-001/hearing").await.expect(200);
}
