//! Several workers over one database, and workers that die.

use entity::enums::{DutyKind, StageState};
use entity::{duty, duty_stage, notice};
use jianyan::app::App;
use jianyan::config::Config;
use jianyan::duty::Term;
use jianyan::random::Rng;
use jianyan::time::Clock;
use jianyan::{job, notice as notices};
use sea_orm::EntityTrait as _;
use uuid::Uuid;

use super::house;
use crate::harness::{Site, at};

/// Another process over the same database, at the same time.
pub async fn twin(site: &Site) -> App {
    let mut config = Config::in_dir(site.dir.path()).unwrap();
    config.database_url = site.app.config.database_url.clone();
    App::open(config, Clock::fixed(site.app.now()).0, Rng::seeded(99)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_at_once_send_each_stage_once() {
    let house = house("2026-03-02").await;
    for n in 1..=20 {
        house
            .open_for(Uuid::from_u128(n), DutyKind::AdoptionSummary, "2026-03-02", Term::WorkingDays(10))
            .await;
    }
    house.site.clock.set(at("2026-03-03", 9, 0));
    let other = twin(&house.site).await;
    let (a, b) = (&house.site.app, &other);
    let (r1, r2, r3, r4) = tokio::join!(job::run_due(a), job::run_due(b), job::run_due(a), job::run_due(b));
    for result in [r1, r2, r3, r4] {
        result.unwrap();
    }
    assert_eq!(notice::Entity::find().all(a.db.read()).await.unwrap().len(), 20);
    assert_eq!(house.site.mails().len(), 20);
    let sent = duty_stage::Entity::find().all(a.db.read()).await.unwrap();
    assert_eq!(sent.iter().filter(|s| s.state == StageState::Sent).count(), 20);
    assert!(matches!(
        jianyan::audit::verify(a.db.read()).await.unwrap(),
        jianyan::audit::Finding::Whole { .. }
    ));
}

#[tokio::test]
async fn a_change_that_is_not_committed_leaves_nothing_and_is_done_later_once() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    house.site.clock.set(at("2026-03-03", 9, 0));
    // A worker writes its notice and dies before the commit.
    let write = house.site.app.write().await.unwrap();
    let message = notices::Message {
        subject_kind: entity::enums::SubjectKind::Duty,
        subject_id: duty.id.0,
        stage: "assigned",
        title: "t".into(),
        body: "b".into(),
        path: "/desk".into(),
    };
    let to = notices::Recipient::Staff(house.owner);
    assert!(notices::send(&house.site.app, &write, &to, &message).await.unwrap());
    drop(write);
    house.site.work().await;
    house.site.work().await;
    assert_eq!(house.notices().await.len(), 1);
    assert_eq!(house.site.mails().len(), 1);
}

#[tokio::test]
async fn a_job_whose_worker_died_runs_again_after_its_lease() {
    use entity::enums::JobState;
    use sea_orm::sea_query::Expr;
    let house = house("2026-03-02").await;
    house.summary("2026-03-02").await;
    house.site.clock.set(at("2026-03-03", 9, 0));
    jianyan::duty::sweep(&house.site.app).await.unwrap();
    let write = house.site.app.write().await.unwrap();
    entity::job::Entity::update_many()
        .col_expr(entity::job::Column::State, Expr::value(JobState::Running))
        .col_expr(entity::job::Column::Attempts, Expr::value(1))
        .col_expr(entity::job::Column::LeaseUntil, Expr::value(Some(at("2026-03-03", 9, 5))))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    house.site.at("2026-03-03", 9, 5).await;
    assert_eq!(house.site.mails().len(), 0, "somebody may still be at it");
    house.site.at("2026-03-03", 9, 6).await;
    assert_eq!(house.site.mails().len(), 1);
}

#[tokio::test]
async fn a_duty_that_cannot_be_handled_does_not_hold_up_the_others() {
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait as _, QueryFilter as _};
    let house = house("2026-03-02").await;
    let first = house.summary("2026-03-02").await;
    let other = Uuid::from_u128(8);
    house.open_for(other, DutyKind::AdoptionSummary, "2026-03-02", Term::WorkingDays(10)).await;
    let set_kind = async |kind: &str| {
        let write = house.site.app.write().await.unwrap();
        duty::Entity::update_many()
            .col_expr(duty::Column::Kind, Expr::value(kind))
            .filter(duty::Column::Id.eq(first.id))
            .exec(&*write)
            .await
            .unwrap();
        write.commit().await.unwrap();
    };
    // A row that this version cannot read, as after a downgrade.
    set_kind("from_the_future").await;
    house.site.at("2026-03-03", 9, 0).await;
    assert_eq!(house.notices().await.len(), 1);
    set_kind(DutyKind::AdoptionSummary.as_str()).await;
    house.site.at("2026-03-03", 9, 5).await;
    assert_eq!(house.notices().await.len(), 2);
}
