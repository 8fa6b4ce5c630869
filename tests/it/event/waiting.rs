//! The waiting list: in the order of arrival, promotion on cancellation, offers that run out.

use entity::enums::{EventKind, RegistrationState as S};
use jianyan::actor::Actor;
use jianyan::event::{self, Register, SessionContent};
use jianyan::problem::Code;
use sea_orm::EntityTrait as _;

use super::{Hosts, adds_up, form, session, set};
use crate::opinion::decoded;

#[tokio::test]
async fn seats_go_to_the_first_in_line_who_fits() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::Seminar, &[3]).await;
    let app = &hosts.site.app;
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    let c = hosts.register("c@example.invalid", 3).await.unwrap();
    let d = hosts.register("d@example.invalid", 1).await.unwrap();
    let e = hosts.register("e@example.invalid", 1).await.unwrap();
    assert_eq!(hosts.states().await, [S::Confirmed, S::Confirmed, S::Waiting, S::Waiting, S::Waiting]);

    // One seat: the party of three keeps its place, the next one who fits moves up.
    event::give_up(app, &Actor::guest(), b.id).await.unwrap();
    assert_eq!(hosts.states().await, [S::Confirmed, S::Cancelled, S::Waiting, S::Confirmed, S::Waiting]);
    // The party becomes smaller, but is not before who arrived earlier and fits: nobody else fits now.
    event::shrink(app, &Actor::guest(), c.id, 1).await.unwrap();
    adds_up(&hosts.site).await;
    // Fewer people of a confirmed party: the first in line moves up.
    event::shrink(app, &Actor::guest(), a.id, 1).await.unwrap();
    assert_eq!(hosts.states().await, [S::Confirmed, S::Cancelled, S::Confirmed, S::Confirmed, S::Waiting]);
    assert_eq!(hosts.told(&c).await, set(&["已列入候补", "候补转正：您已有名额"]));
    assert_eq!(hosts.told(&a).await, set(&["报名成功"]));
    assert_eq!(hosts.told(&b).await, set(&["报名成功", "报名已取消"]));
    assert_eq!(hosts.told(&e).await, set(&["已列入候补"]));
    for wrong in [0, 2, -1] {
        let problem = event::shrink(app, &Actor::guest(), d.id, wrong).await.unwrap_err();
        assert_eq!(problem.code, Code::Invalid);
    }
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn the_mail_has_the_code_and_the_language_of_its_reader_and_the_database_has_neither_code_nor_contact()
{
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[3]).await;
    let english = Register { lang: "en", ..form("jane@example.invalid", 1) };
    let receipt = event::register(&hosts.site.app, &Actor::guest(), &english).await.unwrap();
    hosts.register("13800001234", 1).await.unwrap();
    hosts.site.work().await;
    let mails = hosts.site.mails();
    assert_eq!(mails.len(), 1, "a telephone gets none");
    let mail = decoded(&mails[0]);
    let code = receipt.code.grouped();
    for part in ["Your seats are confirmed", "20 March 2026, 09:30", "示例市体育馆南门", "E2026-001-1-0001"]
    {
        assert!(mail.contains(part), "no {part} in {mail}");
    }
    assert!(mail.contains(&format!("/registrations/{code}")));
    let db = hosts.site.app.db.read();
    let kept = format!(
        "{:?}{:?}{:?}",
        entity::mail::Entity::find().all(db).await.unwrap(),
        entity::notice::Entity::find().all(db).await.unwrap(),
        hosts.everybody().await
    );
    for secret in [code.as_str(), "jane@example.invalid", "13800001234", "王小明"] {
        assert!(!kept.contains(secret), "{secret} lies in the database");
    }
}

/// A session whose freed seats must be taken up within two hours.
async fn with_offers(hosts: &Hosts) {
    let actor = hosts.organiser().await;
    let app = &hosts.site.app;
    let draft = event::create(app, &actor, &hosts.content(EventKind::Seminar)).await.unwrap();
    let content = SessionContent { offer_hours: 2, ..session(1) };
    event::add_session(app, &actor, draft.id, &content).await.unwrap();
    event::publish(app, &actor, draft.id).await.unwrap();
}

#[tokio::test]
async fn an_offer_is_taken_up_or_runs_out_and_goes_on() {
    let hosts = Hosts::new().await;
    with_offers(&hosts).await;
    let app = &hosts.site.app;
    let guest = Actor::guest();
    let a = hosts.register("a@example.invalid", 1).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    let c = hosts.register("c@example.invalid", 1).await.unwrap();
    let early = event::accept(app, &guest, b.id).await.unwrap_err();
    assert_eq!(early.code, Code::Conflict);

    event::give_up(app, &guest, a.id).await.unwrap();
    assert_eq!(hosts.states().await, [S::Cancelled, S::Offered, S::Waiting]);
    let page = format!("/registrations/{}", b.code.grouped());
    hosts.site.guest().get(&page).await.expect(200).contains("2026年3月2日 12:00").contains("确认参加");
    hosts.site.at("2026-03-02", 11, 59).await;
    assert_eq!(hosts.states().await, [S::Cancelled, S::Offered, S::Waiting]);

    // At the hour it is over, also for who presses the button before the worker comes by.
    hosts.site.clock.set(crate::harness::at("2026-03-02", 12, 0));
    let late = event::accept(app, &guest, b.id).await.unwrap_err();
    assert_eq!(late.code, Code::Conflict);
    hosts.site.work().await;
    assert_eq!(hosts.states().await, [S::Cancelled, S::Expired, S::Offered]);
    assert!(hosts.told(&b).await.contains("未在期限内确认，名额已让出"));
    hosts.site.guest().post(&format!("/registrations/{}/accept", c.code.grouped()), &[]).await.expect(303);
    event::accept(app, &guest, c.id).await.unwrap();
    hosts.site.at("2026-03-02", 15, 0).await;
    assert_eq!(hosts.states().await, [S::Cancelled, S::Expired, S::Confirmed], "what is taken up stays");
    adds_up(&hosts.site).await;

    // Who cannot be mailed would lose every offer: the seat is given at once.
    hosts.register("13800001234", 1).await.unwrap();
    event::give_up(app, &guest, c.id).await.unwrap();
    assert_eq!(hosts.states().await.last(), Some(&S::Confirmed));
}

#[tokio::test]
async fn registration_opens_and_closes_with_its_window_and_the_session() {
    let hosts = Hosts::new().await;
    let actor = hosts.organiser().await;
    let app = &hosts.site.app;
    let draft = event::create(app, &actor, &hosts.content(EventKind::OpenDay)).await.unwrap();
    let content = SessionContent {
        registration_opens_at: Some(crate::harness::at("2026-03-03", 9, 0)),
        registration_closes_at: Some(crate::harness::at("2026-03-19", 18, 0)),
        ..session(2)
    };
    event::add_session(app, &actor, draft.id, &content).await.unwrap();
    let hidden = hosts.register("a@example.invalid", 1).await.unwrap_err();
    assert_eq!(hidden.code, Code::NotFound, "a draft does not exist");
    event::publish(app, &actor, draft.id).await.unwrap();
    let path = "/events/E2026-001/sessions/1/register";
    hosts.site.guest().get(path).await.expect(200).contains("2026年3月3日 09:00").lacks("提交报名");
    assert_eq!(hosts.register("a@example.invalid", 1).await.unwrap_err().code, Code::Conflict);
    hosts.site.clock.set(crate::harness::at("2026-03-03", 9, 0));
    let receipt = hosts.register("a@example.invalid", 1).await.unwrap();
    hosts.site.clock.set(crate::harness::at("2026-03-19", 18, 0));
    let late = hosts.register("b@example.invalid", 1).await.unwrap_err();
    assert!(late.detail.unwrap().zh.contains("截止"));
    hosts.site.guest().get(path).await.expect(200).contains("已经截止");
    // Cancelling is possible until it begins.
    hosts.site.clock.set(crate::harness::at("2026-03-20", 9, 30));
    let begun = event::give_up(app, &Actor::guest(), receipt.id).await.unwrap_err();
    assert!(begun.detail.unwrap().zh.contains("已经开始"));
}
