//! What follows by itself: reminder, cancellation, report, the year's counters, erasure.

use entity::enums::{DutyKind, DutyState, EventKind, RegistrationState as S};
use jianyan::actor::Actor;
use jianyan::event::{self, CheckIn, Report, SessionContent};
use jianyan::problem::Code;
use sea_orm::EntityTrait as _;

use super::{Hosts, adds_up, session, set};
use crate::harness::{at, day};

async fn duty(hosts: &Hosts) -> entity::duty::Model {
    let all = entity::duty::Entity::find().all(hosts.site.app.db.read()).await.unwrap();
    all.into_iter().find(|d| d.kind == DutyKind::EventReport).unwrap()
}

#[tokio::test]
async fn visitors_are_reminded_on_the_day_before_once_and_for_the_right_day() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[1]).await;
    let a = hosts.register("a@example.invalid", 1).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    // Moved by a week: everybody is told, and the reminder moves along.
    let moved = SessionContent { held_on: day("2026-03-27"), ..session(1) };
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    event::change_session(app, &actor, id, 1, &moved).await.unwrap();
    hosts.site.work().await;
    let changed = "活动时间或地点有变化";
    assert_eq!(hosts.told(&a).await, set(&["报名成功", changed]));
    assert_eq!(hosts.told(&b).await, set(&["已列入候补", changed]));
    hosts.site.at("2026-03-19", 9, 0).await;
    assert_eq!(hosts.told(&a).await, set(&["报名成功", changed]), "the old day is nobody's");
    hosts.site.at("2026-03-26", 8, 59).await;
    assert_eq!(hosts.told(&a).await.len(), 2);
    hosts.site.at("2026-03-26", 9, 0).await;
    hosts.site.at("2026-03-26", 9, 1).await;
    assert_eq!(hosts.told(&a).await, set(&["报名成功", changed, "活动提醒"]));
    assert_eq!(hosts.told(&b).await.len(), 2, "who waits needs no reminder");
    assert_eq!(duty(&hosts).await.due_on.to_string(), "2026-04-13", "ten working days after 27 March");
}

#[tokio::test]
async fn a_cancelled_event_says_why_everywhere_and_takes_nobody_any_more() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[1]).await;
    let a = hosts.register("a@example.invalid", 1).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    assert_eq!(event::cancel(app, &actor, id, "  ").await.unwrap_err().code, Code::Invalid);
    event::cancel(app, &actor, id, "场馆临时检修").await.unwrap();
    assert_eq!(event::cancel(app, &actor, id, "再来").await.unwrap_err().code, Code::Conflict);
    hosts.site.work().await;
    assert_eq!(hosts.told(&a).await, set(&["报名成功", "活动取消通知"]));
    assert_eq!(hosts.told(&b).await, set(&["已列入候补", "活动取消通知"]));
    assert_eq!(hosts.register("c@example.invalid", 1).await.unwrap_err().code, Code::Conflict);
    assert!(event::give_up(app, &Actor::guest(), a.id).await.is_err());
    assert_eq!(hosts.states().await, [S::Confirmed, S::Waiting], "nobody moves up into nothing");
    let guest = hosts.site.guest();
    guest.get("/events/E2026-001").await.expect(200).contains("活动已取消").contains("场馆临时检修");
    let page = guest.get(&format!("/registrations/{}", a.code.grouped())).await.expect(200);
    page.contains("场馆临时检修").lacks("取消报名").lacks("class=\"square-code\"");
    guest.get("/events/E2026-001/calendar.ics").await.expect(200).contains("STATUS:CANCELLED");
    assert_eq!(duty(&hosts).await.state, DutyState::Cancelled);
    let edit = event::edit(app, &actor, id, None, &hosts.content(EventKind::OpenDay)).await;
    assert_eq!(edit.unwrap_err().code, Code::Conflict);
    hosts.site.at("2026-03-19", 9, 1).await;
    assert_eq!(hosts.told(&a).await.len(), 2, "no reminder of what does not take place");
}

#[tokio::test]
async fn the_report_counts_and_fulfils_its_duty() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[3]).await;
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let report = Report { text: "参观了器材库。".into(), ..Report::default() };
    let early = event::report(app, &actor, id, &report).await.unwrap_err();
    assert_eq!(early.code, Code::Conflict);
    let counters = async || event::counters(app, 2026).await.unwrap();
    assert_eq!((counters().await.open_days.done, counters().await.open_days.planned), (0, 1));

    hosts.site.clock.set(at("2026-03-20", 9, 0));
    let input = CheckIn { event: "E2026-001".into(), session: 1, typed: a.code.grouped(), people: Some(1) };
    event::check_in(app, &actor, &input).await.unwrap();
    hosts.site.clock.set(at("2026-03-20", 11, 30));
    assert_eq!((counters().await.open_days.done, counters().await.open_days.planned), (1, 0));
    assert_eq!(duty(&hosts).await.due_on.to_string(), "2026-04-03");
    event::report(app, &actor, id, &report).await.unwrap();
    assert_eq!(duty(&hosts).await.state, DutyState::Done);
    let page = hosts.site.guest().get("/events/E2026-001").await.expect(200);
    page.contains("参观了器材库").contains("名额 3 个，报名成功 2 人，签到 1 人，未到 1 人");
    hosts.site.guest().get("/events").await.expect(200).contains("已公布活动情况").contains("1 人参加");
    hosts.site.guest().get("/search?q=器材库").await.expect(200).contains("走进体育馆");
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn the_year_is_counted_with_days_or_weeks_and_meetings_only_with_their_report() {
    let hosts = Hosts::new().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    crate::fixture::consultation(&hosts.site, "2026-001", hosts.department, hosts.owner).await;
    let hold = async |kind: EventKind, decision: &str| {
        let content = event::Content { decision: decision.into(), ..hosts.content(kind) };
        let draft = event::create(app, &actor, &content).await.unwrap();
        event::add_session(app, &actor, draft.id, &session(5)).await.unwrap();
        event::publish(app, &actor, draft.id).await.map(|e| e.id)
    };
    let alone = hold(EventKind::Meeting, "").await.unwrap_err();
    assert_eq!(alone.code, Code::AgainstRule, "a meeting is opened for a matter of the catalogue");
    let (first, second) = (
        hold(EventKind::Meeting, "2026-001").await.unwrap(),
        hold(EventKind::Meeting, "2026-001").await.unwrap(),
    );
    hold(EventKind::OpenWeek, "").await.unwrap();
    hosts.site.at("2026-03-21", 9, 0).await;
    let c = event::counters(app, 2026).await.unwrap();
    assert!(c.open_is_met(), "one week stands for three days");
    assert_eq!((c.meetings.done, c.meetings.without_report), (0, 2));
    let told = |outcome: &str, attended| Report {
        text: "利益相关方代表 3 人列席。".into(),
        outcome: outcome.into(),
        said: "建议补充保险条款，会议同意。".into(),
        attendance: Vec::new(),
        attended: Some(attended),
    };
    let silent = event::report(app, &actor, first, &told("", 3)).await.unwrap_err();
    assert_eq!(silent.fields[0].field, "outcome");
    event::report(app, &actor, first, &told("原则通过，修改后印发。", 3)).await.unwrap();
    event::report(app, &actor, second, &told("暂不提交表决。", 0)).await.unwrap();
    let c = event::counters(app, 2026).await.unwrap();
    assert_eq!(
        (c.meetings.done, c.meetings.without_report),
        (1, 1),
        "nobody from outside is no opened meeting"
    );
    assert!(!c.meetings_are_met());
    let other = event::counters(app, 2025).await.unwrap();
    assert_eq!(other.meetings.done + other.open_weeks.done, 0);
    hosts.site.guest().get("/decisions/2026-001").await.expect(200).contains("/events/E2026-002");
}

#[tokio::test]
async fn names_and_contacts_are_erased_on_schedule_and_the_numbers_stay() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[2]).await;
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    hosts.register("b@example.invalid", 1).await.unwrap();
    hosts.site.at("2026-04-19", 11, 29).await;
    assert!(hosts.everybody().await.iter().all(|r| r.contact_enc.is_some()));
    hosts.site.at("2026-04-19", 11, 30).await;
    let all = hosts.everybody().await;
    assert!(all.iter().all(|r| {
        r.name_enc.is_none() && r.contact_enc.is_none() && r.person_hash.is_none() && r.form_hash.is_none()
    }));
    assert_eq!(all.iter().map(|r| r.seats).collect::<Vec<_>>(), [2, 1]);
    let db = hosts.site.app.db.read();
    let notices = entity::notice::Entity::find().all(db).await.unwrap();
    let of_visitors = notices.iter().filter(|n| n.staff_id.is_none());
    assert!(of_visitors.clone().count() >= 3);
    for notice in of_visitors {
        assert_eq!((notice.recipient.as_str(), &notice.contact_enc), ("erased", &None));
        let mails = entity::mail::Entity::find().all(db).await.unwrap();
        assert!(mails.iter().filter(|m| m.notice_id == notice.id).all(|m| m.to_enc.is_empty()));
    }
    let page = hosts.site.guest().get(&format!("/registrations/{}", a.code.grouped())).await.expect(200);
    page.contains("已按期删除").lacks("王小明");
    let event = event::find(db, id).await.unwrap();
    assert!(event.erased_at.is_some());
    adds_up(&hosts.site).await;
    jianyan::audit::verify(db).await.unwrap();
}

#[tokio::test]
async fn past_events_stand_with_the_latest_held_first() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[1]).await;
    // Published later, held earlier.
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let early = SessionContent { held_on: day("2026-03-10"), ..session(1) };
    hosts.site.clock.set(at("2026-03-03", 9, 0));
    let draft = event::create(app, &actor, &hosts.content(EventKind::Seminar)).await.unwrap();
    event::add_session(app, &actor, draft.id, &early).await.unwrap();
    event::publish(app, &actor, draft.id).await.unwrap();
    let codes = |cards: Vec<event::Card>| cards.into_iter().map(|c| c.event.code).collect::<Vec<_>>();
    assert_eq!(codes(event::upcoming(app).await.unwrap()), ["E2026-002", "E2026-001"]);
    hosts.site.clock.set(at("2026-03-15", 9, 0));
    assert_eq!(codes(event::upcoming(app).await.unwrap()), ["E2026-001"]);
    assert_eq!(codes(event::past(app, 9, 0).await.unwrap()), ["E2026-002"]);
    hosts.site.clock.set(at("2026-03-20", 11, 30));
    assert_eq!(codes(event::past(app, 9, 0).await.unwrap()), ["E2026-001", "E2026-002"]);
    assert_eq!(codes(event::past(app, 1, 1).await.unwrap()), ["E2026-002"]);
}

#[tokio::test]
async fn a_session_that_was_taken_away_leaves_no_job_behind() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[1, 1]).await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    event::remove_session(app, &actor, id, 2).await.unwrap();
    let last = event::remove_session(app, &actor, id, 1).await.unwrap_err();
    assert_eq!(last.code, Code::Conflict);
    hosts.site.at("2026-03-19", 9, 0).await;
    let jobs = entity::job::Entity::find().all(app.db.read()).await.unwrap();
    let reminders: Vec<_> = jobs.iter().filter(|j| j.kind == event::REMIND_JOB).collect();
    assert_eq!(reminders.len(), 2);
    assert!(reminders.iter().all(|j| j.state == entity::enums::JobState::Done), "{reminders:?}");
}

#[tokio::test]
async fn materials_come_with_the_announcement_and_pictures_with_the_report() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[5]).await;
    let site = &hosts.site;
    let code = event::find(site.app.db.read(), id).await.unwrap().code;
    let (desk, add) = (format!("/desk/events/{code}"), format!("/desk/events/{code}/pictures"));
    let owner = site.sign_in("owner").await;
    let png = crate::attachment::kit::png(30, 20);
    let file = [("files", "训练馆.png", png.as_slice())];
    let words = [("alt", "市民代表参观训练馆"), ("faces_checked", "yes")];
    owner.upload(&add, &words, &file).await.expect(409).contains("活动结束后才能添加照片");
    owner.get(&desk).await.expect(200).lacks("照片中的人脸请确认已征得同意");

    // Documents go up before, and everybody has them with the announcement.
    let (put, papers) = (format!("{desk}/materials"), format!("/api/v1/events/{code}/materials"));
    let agenda = [("material", "议程.txt", &b"09:30 begin"[..])];
    let titled = [("material_title", "活动议程")];
    owner.upload(&put, &[], &agenda).await.expect(422).contains("请用一行文字写明材料名称");
    owner.upload(&put, &titled, &[]).await.expect(422).contains("请选择文件").contains("活动议程");
    owner.upload(&put, &titled, &[("material", "图.png", &png)]).await.expect(422).contains("这里只接受文档");
    site.sign_in("usher").await.upload(&put, &titled, &agenda).await.expect(403);
    owner.upload(&put, &titled, &agenda).await.expect(303);
    site.guest().get(&format!("/events/{code}")).await.expect(200).contains("活动议程").contains("TXT");
    let listed = site.guest().get(&papers).await.expect(200).json();
    let paper = listed["items"][0]["path"].as_str().unwrap().to_owned();
    site.guest().get(&paper).await.expect(200).contains("09:30 begin");
    let id = listed["items"][0]["id"].as_str().unwrap();
    owner.post(&format!("{desk}/pictures/{id}/remove"), &[]).await.expect(404);
    let program = site.api("owner").await;
    program.raw("DELETE", &format!("{papers}/{id}"), &[], vec![]).await.expect(204);
    site.guest().get(&paper).await.expect(404);

    site.at("2026-03-20", 12, 0).await;
    let owner = site.sign_in("owner").await;
    owner.get(&desk).await.expect(200).contains("照片中的人脸请确认已征得同意");
    owner
        .upload(&add, &words[..1], &file)
        .await
        .expect(422)
        .contains("市民代表参观训练馆")
        .contains("已征得同意");
    owner.upload(&add, &words[1..], &file).await.expect(422).contains("请用一行文字说明照片内容");
    owner.upload(&add, &words, &[]).await.expect(422).contains("请选择照片");
    let text = [("files", "说明.txt", &b"words"[..])];
    owner.upload(&add, &words, &text).await.expect(422).contains("这里只接受图片");
    site.guest().upload(&add, &words, &file).await.expect(303);
    owner.upload(&add, &words, &file).await.expect(303);

    // With the report, and not before.
    let public = format!("/events/{code}");
    let list = format!("/api/v1/events/{code}/pictures");
    site.guest().get(&public).await.expect(200).lacks("市民代表参观训练馆");
    site.guest().get(&list).await.expect(404);
    owner.post(&format!("{desk}/report"), &[("text", "向市民开放了训练馆。")]).await.expect(303);
    let page = site.guest().get(&public).await.expect(200);
    page.contains("alt=\"市民代表参观训练馆\"");
    let items = site.guest().get(&list).await.expect(200).json();
    let path = items["items"][0]["path"].as_str().unwrap().to_owned();
    let picture = site.guest().get(&path).await.expect(200);
    assert_eq!(picture.headers["content-type"], "image/png");

    // A second one by the API; the first is taken away, for good.
    let api = site.api("owner").await;
    let kept = crate::attachment::send(&api, "二.png", &png).await.expect(201).json();
    let body = serde_json::json!({ "ticket": kept["ticket"], "alt": "第二张", "faces_checked": true });
    site.guest().json("POST", &list, body.clone()).await.expect(401);
    api.json("POST", &list, body).await.expect(201);
    let first = items["items"][0]["id"].as_str().unwrap();
    owner.post(&format!("{desk}/pictures/{first}/remove"), &[]).await.expect(303);
    site.guest().get(&path).await.expect(404);
    site.guest().get(&public).await.expect(200).lacks("市民代表参观训练馆").contains("第二张");
}
