//! Who gets mail, and what happens when it cannot leave.

use entity::enums::{JobState, MailState, Role};
use entity::id::StaffId;
use entity::{job, mail};
use sea_orm::EntityTrait as _;

use super::{House, house, row};
use crate::harness::at;

#[tokio::test]
async fn a_closed_account_gets_nothing_and_the_duty_is_told_to_somebody_else() {
    let house = house("2026-03-02").await;
    house.summary("2026-03-02").await;
    house.site.staff("other", house.department, &[Role::Owner]).await;
    disable(&house, house.owner).await;
    house.site.at("2026-03-03", 9, 0).await;
    assert_eq!(house.notices().await, [row("03-03 09:00", "other", "assigned")]);
    let mails = house.site.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("other@example.invalid"));
}

#[tokio::test]
async fn a_mail_written_before_the_account_was_closed_does_not_leave() {
    let house = house("2026-03-02").await;
    house.summary("2026-03-02").await;
    house.site.clock.set(at("2026-03-03", 9, 0));
    jianyan::duty::sweep(&house.site.app).await.unwrap();
    disable(&house, house.owner).await;
    house.site.work().await;
    assert_eq!(house.site.mails().len(), 0);
    let rows = mail::Entity::find().all(house.site.app.db.read()).await.unwrap();
    assert_eq!(rows[0].state, MailState::Parked);
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_tried_again_and_then_parked() {
    let house = house("2026-03-02").await;
    house.summary("2026-03-02").await;
    // A file where the directory should be: every try fails.
    let blocked = house.site.dir.path().join("mail");
    std::fs::write(&blocked, b"in the way").unwrap();
    house.site.at("2026-03-03", 9, 0).await;
    let only = || async {
        let mut rows = job::Entity::find().all(house.site.app.db.read()).await.unwrap();
        rows.retain(|j| j.kind == jianyan::notice::MAIL_JOB);
        assert_eq!(rows.len(), 1);
        rows.into_iter().next().unwrap()
    };
    let mut last = only().await;
    assert_eq!((last.state, last.attempts), (JobState::Waiting, 1));
    for attempt in 2..=10 {
        house.site.clock.set(last.run_at - chrono::TimeDelta::seconds(1));
        house.site.work().await;
        assert_eq!(only().await.attempts, attempt - 1, "not before its time");
        house.site.clock.set(last.run_at);
        house.site.work().await;
        let now = only().await;
        assert_eq!(now.attempts, attempt);
        let (before, after) = (last.run_at - last.created_at, now.run_at - last.run_at);
        assert!(attempt == 2 || after > before / 2, "the pause grows: {before} then {after}");
        last = now;
    }
    assert_eq!(last.state, JobState::Parked);
    let row = mail::Entity::find().one(house.site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.state, MailState::Parked);
    assert_eq!(house.notices().await.len(), 1, "the inbox has it all the same");
}

#[tokio::test]
async fn a_second_copy_of_a_mail_carries_the_same_message_id() {
    let house = house("2026-03-02").await;
    house.summary("2026-03-02").await;
    house.site.at("2026-03-03", 9, 0).await;
    let first = house.site.mails();
    // The crash between the server's answer and our commit: the mail is still waiting and its job runs again.
    use sea_orm::sea_query::Expr;
    let write = house.site.app.write().await.unwrap();
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Waiting))
        .exec(&*write)
        .await
        .unwrap();
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Waiting))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    house.site.at("2026-03-03", 9, 5).await;
    assert_eq!(house.site.mails(), first, "the same file, byte for byte");
}

async fn disable(house: &House, id: StaffId) {
    let change = jianyan::account::people::ChangeStaff {
        display_name: "已调离".into(),
        email: "gone@example.invalid".into(),
        department_id: house.department,
        roles: vec![Role::Owner],
        disabled: true,
    };
    jianyan::account::people::change(&house.site.app, &house.site.system_admin(), id, &change).await.unwrap();
}
