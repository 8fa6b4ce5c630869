//! Duties: reminders walked through day by day with a clock that stands still in between.

mod mail;
mod page;
mod standing;
pub mod together;
mod urge;

use std::collections::BTreeMap;

use chrono::Days;
use entity::enums::{DutyKind, DutyState, Role, StageState, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use entity::{duty, duty_change, duty_stage, notice, staff};
use jianyan::actor::Actor;
use jianyan::duty::{Begin, Standing, Term};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::harness::{Site, at, day};

/// A department with an owner, a head and a supervisor from elsewhere.
pub struct House {
    pub site: Site,
    pub department: DepartmentId,
    pub owner: StaffId,
}

pub async fn house(start: &str) -> House {
    let site = Site::new().await;
    site.clock.set(at(start, 10, 0));
    let department = site.department("sports", "群众体育处").await;
    let office = site.department("office", "办公室").await;
    let owner = site.staff("owner", department, &[Role::Owner]).await;
    let head = site.staff("head", department, &[]).await;
    site.set_head(department, head).await;
    site.staff("watch", office, &[Role::Supervisor]).await;
    House { site, department, owner }
}

impl House {
    pub async fn open(&self, kind: DutyKind, start: &str, term: Term) -> duty::Model {
        self.open_for(Uuid::from_u128(7), kind, start, term).await
    }

    pub async fn open_for(&self, subject: Uuid, kind: DutyKind, start: &str, term: Term) -> duty::Model {
        let begin = self.begin(subject, kind, start, term);
        let write = self.site.app.write().await.unwrap();
        let row = jianyan::duty::open(&self.site.app, &write, &Actor::system(), begin).await.unwrap();
        write.commit().await.unwrap();
        row
    }

    pub fn begin(&self, subject: Uuid, kind: DutyKind, start: &str, term: Term) -> Begin {
        Begin {
            kind,
            subject_kind: SubjectKind::Decision,
            subject_id: subject,
            title: "体育场馆开放办法".into(),
            path: "/desk/decisions/2026-001".into(),
            department_id: self.department,
            owner_id: Some(self.owner),
            start_on: day(start),
            term,
        }
    }

    pub async fn summary(&self, start: &str) -> duty::Model {
        self.open(DutyKind::AdoptionSummary, start, Term::WorkingDays(10)).await
    }

    /// Each notice so far: when it was written, to whom, which stage.
    pub async fn notices(&self) -> Vec<(String, String, String)> {
        let logins: BTreeMap<StaffId, String> = staff::Entity::find()
            .all(self.site.app.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|p| (p.id, p.login))
            .collect();
        let rows = notice::Entity::find().order_by_asc(notice::Column::CreatedAt);
        let mut found: Vec<_> = rows
            .all(self.site.app.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|n| {
                let local = jianyan::calendar::civil::local_time(n.created_at);
                let stage = n.stage.split(':').next().unwrap().to_owned();
                (local.format("%m-%d %H:%M").to_string(), logins[&n.staff_id.unwrap()].clone(), stage)
            })
            .collect();
        found.sort();
        found
    }

    /// Sets the clock to several hours of each day and does what is due.
    pub async fn walk(&self, from: &str, to: &str) {
        let mut date = day(from);
        while date <= day(to) {
            for (hour, minute) in [(0, 0), (8, 59), (9, 0), (9, 1), (23, 59)] {
                self.site.at(&date.to_string(), hour, minute).await;
            }
            date = date + Days::new(1);
        }
    }

    pub async fn stages(&self, id: entity::id::DutyId) -> Vec<duty_stage::Model> {
        jianyan::duty::stages(self.site.app.db.read(), id).await.unwrap()
    }

    /// Stage names in a state, with the reason.
    pub async fn in_state(&self, id: entity::id::DutyId, state: StageState) -> Vec<(String, String)> {
        let rows = self.stages(id).await.into_iter().filter(|s| s.state == state);
        rows.map(|s| (s.stage, s.reason.unwrap_or_default())).collect()
    }

    pub async fn reload(&self, id: entity::id::DutyId) -> duty::Model {
        jianyan::duty::find(self.site.app.db.read(), id).await.unwrap()
    }

    pub async fn complete(&self, kind: DutyKind) {
        let write = self.site.app.write().await.unwrap();
        jianyan::duty::complete(&self.site.app, &write, &Actor::system(), kind, Uuid::from_u128(7))
            .await
            .unwrap();
        write.commit().await.unwrap();
    }
}

pub fn row(when: &str, who: &str, stage: &str) -> (String, String, String) {
    (when.into(), who.into(), stage.into())
}

#[tokio::test]
async fn ten_working_days_over_the_spring_festival_are_told_once_a_stage_and_person() {
    let house = house("2026-02-13").await;
    let duty = house.summary("2026-02-13").await;
    assert_eq!(duty.due_on, day("2026-03-05"));
    assert!(!duty.provisional);
    house.walk("2026-02-13", "2026-03-12").await;
    let mut expected = vec![
        // Saturday, but a make-up working day; the festival from the 15th to the 23rd is silent.
        row("02-14 09:00", "owner", "assigned"),
        row("02-27 09:00", "owner", "left_5"),
        row("03-02 09:00", "owner", "left_3"),
        row("03-04 09:00", "owner", "left_1"),
        row("03-05 09:00", "owner", "due_today"),
    ];
    for (n, when) in ["03-06", "03-09", "03-10", "03-11", "03-12"].into_iter().enumerate() {
        let (when, stage) = (format!("{when} 09:00"), format!("overdue_{}", n + 1));
        expected.push(row(&when, "owner", &stage));
        expected.push(row(&when, "head", &stage));
        if n >= 2 {
            expected.push(row(&when, "watch", &stage));
        }
    }
    expected.sort();
    assert_eq!(house.notices().await, expected);
    // One mail for each notice, written as a file because no server is set.
    let mut to: BTreeMap<String, usize> = BTreeMap::new();
    let mails = house.site.mails();
    for text in &mails {
        let line = text.lines().find(|l| l.starts_with("To: ")).unwrap();
        *to.entry(line[4..].trim().to_owned()).or_default() += 1;
        assert!(text.contains("Message-ID: <") && text.contains("Auto-Submitted: auto-generated"));
    }
    assert_eq!(
        to.into_iter().collect::<Vec<_>>(),
        [
            ("head@example.invalid".to_owned(), 5),
            ("owner@example.invalid".to_owned(), 10),
            ("watch@example.invalid".to_owned(), 3)
        ]
    );
    assert_eq!(house.in_state(duty.id, StageState::Skipped).await, []);
}

#[tokio::test]
async fn after_a_week_without_service_only_the_highest_stage_is_sent() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    assert_eq!(duty.due_on, day("2026-03-16"));
    house.site.at("2026-03-03", 9, 0).await;
    // left_5 on the 9th and left_3 on the 11th are missed; back on the afternoon of the 12th.
    house.site.at("2026-03-12", 15, 0).await;
    let told = house.notices().await;
    assert_eq!(told, [row("03-03 09:00", "owner", "assigned"), row("03-12 15:00", "owner", "left_3")]);
    assert_eq!(
        house.in_state(duty.id, StageState::Skipped).await,
        [("left_5".to_owned(), "downtime".to_owned())]
    );
    // The words tell what is true now, not what was planned.
    let rows = notice::Entity::find().filter(notice::Column::Stage.starts_with("left_3"));
    let title = rows.one(house.site.app.db.read()).await.unwrap().unwrap().title;
    assert!(title.contains("还剩 2 个工作日"), "{title}");
}

#[tokio::test]
async fn after_a_long_pause_the_overdue_stage_is_the_one_that_is_true_now() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    house.site.at("2026-03-20", 9, 30).await;
    assert_eq!(
        house.notices().await,
        [
            row("03-20 09:30", "head", "overdue_4"),
            row("03-20 09:30", "owner", "overdue_4"),
            row("03-20 09:30", "watch", "overdue_4")
        ]
    );
    let skipped: Vec<String> =
        house.in_state(duty.id, StageState::Skipped).await.into_iter().map(|(s, _)| s).collect();
    assert_eq!(skipped, ["assigned", "left_5", "left_3", "left_1", "due_today", "overdue_1"]);
    house.walk("2026-03-21", "2026-03-23").await;
    assert_eq!(house.notices().await.last(), Some(&row("03-23 09:00", "watch", "overdue_5")));
}

#[tokio::test]
async fn nothing_is_sent_at_night_or_on_days_off_even_after_a_pause() {
    let house = house("2026-02-13").await;
    house.summary("2026-02-13").await;
    // Up again at the festival: the assignment of the 14th waits for the first working morning.
    house.walk("2026-02-16", "2026-02-23").await;
    house.site.at("2026-02-24", 8, 59).await;
    assert_eq!(house.notices().await, []);
    house.site.at("2026-02-24", 9, 0).await;
    assert_eq!(house.notices().await, [row("02-24 09:00", "owner", "assigned")]);
}

#[tokio::test]
async fn a_new_owner_gets_the_next_stage_and_the_old_one_no_more() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    house.site.at("2026-03-03", 9, 0).await;
    let heir = house.site.staff("heir", house.department, &[Role::Owner]).await;
    let write = house.site.app.write().await.unwrap();
    let (app, subject) = (&house.site.app, Uuid::from_u128(7));
    jianyan::duty::reassign(app, &write, &Actor::system(), subject, house.department, Some(heir))
        .await
        .unwrap();
    write.commit().await.unwrap();
    house.walk("2026-03-04", "2026-03-11").await;
    let told = house.notices().await;
    assert_eq!(
        told,
        [
            row("03-03 09:00", "owner", "assigned"),
            row("03-09 09:00", "heir", "left_5"),
            row("03-11 09:00", "heir", "left_3")
        ]
    );
    let log = jianyan::duty::history(app.db.read(), duty.id).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].kind, entity::enums::DutyChangeKind::OwnerChanged);
}

#[tokio::test]
async fn completion_ends_the_reminders_and_a_result_taken_back_begins_them_again() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    house.walk("2026-03-03", "2026-03-09").await;
    house.complete(DutyKind::AdoptionSummary).await;
    house.walk("2026-03-10", "2026-03-18").await;
    assert_eq!(house.notices().await.len(), 2);
    let dropped = house.in_state(duty.id, StageState::Skipped).await;
    assert!(dropped.iter().all(|(_, why)| why == "ended"), "{dropped:?}");
    assert_eq!(dropped.len(), 4);
    let done = house.reload(duty.id).await;
    let calendar = house.site.app.calendar();
    let standing = jianyan::duty::standing(&calendar, &done, day("2026-03-18"));
    assert_eq!(standing, Standing::DoneInTime { on: day("2026-03-09") });

    let write = house.site.app.write().await.unwrap();
    jianyan::duty::reopen(
        &house.site.app,
        &write,
        &Actor::system(),
        DutyKind::AdoptionSummary,
        Uuid::from_u128(7),
    )
    .await
    .unwrap();
    write.commit().await.unwrap();
    // Due on the 16th, taken back on the 18th: the 19th is the third working day late.
    house.walk("2026-03-19", "2026-03-20").await;
    let late: Vec<_> = house.notices().await.into_iter().filter(|(.., s)| s.starts_with("overdue")).collect();
    assert_eq!(late.iter().filter(|(.., s)| s == "overdue_3").count(), 3);
    assert_eq!(late.iter().filter(|(.., s)| s == "overdue_4").count(), 3);
    assert_eq!(late.len(), 6);
}

#[tokio::test]
async fn a_moved_due_day_is_told_and_has_stages_of_its_own() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    house.walk("2026-03-03", "2026-03-11").await;
    let write = house.site.app.write().await.unwrap();
    jianyan::duty::restart(
        &house.site.app,
        &write,
        &Actor::system(),
        DutyKind::AdoptionSummary,
        Uuid::from_u128(7),
        day("2026-03-10"),
        Term::WorkingDays(10),
        "决策文件重新印发",
    )
    .await
    .unwrap();
    write.commit().await.unwrap();
    assert_eq!(house.reload(duty.id).await.due_on, day("2026-03-24"));
    house.walk("2026-03-12", "2026-03-25").await;
    let told: Vec<String> = house
        .notices()
        .await
        .into_iter()
        .filter(|(_, who, _)| who == "owner")
        .map(|(when, _, stage)| format!("{} {stage}", &when[..5]))
        .collect();
    assert_eq!(
        told,
        [
            "03-03 assigned",
            "03-09 left_5",
            "03-11 left_3",
            "03-12 changed",
            "03-17 left_5",
            "03-19 left_3",
            "03-23 left_1",
            "03-24 due_today",
            "03-25 overdue_1"
        ]
    );
    let log = jianyan::duty::history(house.site.app.db.read(), duty.id).await.unwrap();
    assert_eq!((log[0].old_due_on, log[0].new_due_on), (day("2026-03-16"), day("2026-03-24")));
    assert_eq!(log[0].reason, "决策文件重新印发");
}

#[tokio::test]
async fn a_duty_entered_late_does_not_pretend_that_days_are_left() {
    let house = house("2026-03-16").await;
    // Issued on the 2nd, entered on the 16th, which is the due day.
    let duty = house.summary("2026-03-02").await;
    house.site.work().await;
    assert_eq!(house.notices().await, [row("03-16 10:00", "owner", "due_today")]);
    let passed = house.in_state(duty.id, StageState::Skipped).await;
    assert_eq!(passed.len(), 3);
    assert!(passed.iter().all(|(_, why)| why == "passed_before"));
    house.walk("2026-03-17", "2026-03-17").await;
    // The assignment and the overdue stage fall on one morning: one message says it all.
    assert_eq!(house.notices().await.len(), 3);
    let together = house.in_state(duty.id, StageState::Skipped).await;
    assert!(together.contains(&("assigned".into(), "together".into())), "{together:?}");
}

#[tokio::test]
async fn a_consultation_closes_by_itself_and_is_never_overdue() {
    let house = house("2026-02-10").await;
    // Closes on Sunday, 15 March.
    let duty = house.open(DutyKind::ConsultationCloses, "2026-02-13", Term::Day(day("2026-03-15"))).await;
    house.walk("2026-02-11", "2026-03-14").await;
    assert_eq!(
        house.notices().await,
        [row("03-11 09:00", "owner", "left_3"), row("03-13 09:00", "owner", "left_1")]
    );
    house.site.at("2026-03-15", 23, 59).await;
    assert_eq!(house.reload(duty.id).await.state, DutyState::Open);
    // 24:00 has come; before anything ran it already counts as closed.
    house.site.clock.set(at("2026-03-16", 0, 0));
    let open = house.reload(duty.id).await;
    let calendar = house.site.app.calendar();
    let standing = jianyan::duty::standing(&calendar, &open, day("2026-03-16"));
    assert_eq!(standing, Standing::DoneInTime { on: day("2026-03-15") });
    house.site.work().await;
    let closed = house.reload(duty.id).await;
    assert_eq!((closed.state, closed.completed_on), (DutyState::Done, Some(day("2026-03-15"))));
    assert_eq!(closed.completed_at, Some(at("2026-03-16", 0, 0)));
    assert_eq!(house.notices().await.len(), 2);
    house.walk("2026-03-16", "2026-03-20").await;
    let told = house.notices().await;
    assert_eq!(told.len(), 3);
    assert_eq!(told[2], row("03-16 09:00", "owner", "closed"));
}

#[tokio::test]
async fn an_extended_consultation_reminds_before_its_new_end() {
    let house = house("2026-03-02").await;
    let kind = DutyKind::ConsultationCloses;
    house.open(kind, "2026-03-02", Term::Day(day("2026-04-01"))).await;
    house.walk("2026-03-27", "2026-03-31").await;
    let write = house.site.app.write().await.unwrap();
    let term = Term::Day(day("2026-04-15"));
    jianyan::duty::restart(
        &house.site.app,
        &write,
        &Actor::system(),
        kind,
        Uuid::from_u128(7),
        day("2026-03-02"),
        term,
        "延长征求意见期限",
    )
    .await
    .unwrap();
    write.commit().await.unwrap();
    house.walk("2026-04-01", "2026-04-16").await;
    let told: Vec<_> = house.notices().await.into_iter().map(|(when, _, stage)| (when, stage)).collect();
    let expected = [
        ("03-27 09:00", "left_3"),
        ("03-31 09:00", "left_1"),
        ("04-10 09:00", "left_3"),
        ("04-14 09:00", "left_1"),
        ("04-15 09:00", "due_today"),
        ("04-16 09:00", "closed"),
    ];
    assert_eq!(told, expected.map(|(when, stage)| (when.to_owned(), stage.to_owned())));
}

#[tokio::test]
async fn reviews_of_one_consultation_are_told_once_a_day_and_moderator() {
    let house = house("2026-03-02").await;
    house.site.staff("mod1", house.department, &[Role::Moderator]).await;
    house.site.staff("mod2", house.department, &[Role::Moderator]).await;
    for n in 1..=5 {
        house.open_for(Uuid::from_u128(n), DutyKind::OpinionReview, "2026-03-02", Term::WorkingDays(2)).await;
    }
    house.walk("2026-03-03", "2026-03-09").await;
    let told = house.notices().await;
    let of = |who: &str| told.iter().filter(|(_, w, _)| w == who).map(|(t, ..)| &t[..5]).collect::<Vec<_>>();
    // Due on the 4th, then every working day; the 7th and 8th are a weekend.
    assert_eq!(of("mod1"), ["03-04", "03-05", "03-06", "03-09"]);
    assert_eq!(of("mod2"), of("mod1"));
    assert_eq!(of("watch"), ["03-09"], "from the third working day the supervisors too");
    assert_eq!(told.len(), 9);
    let titles: Vec<String> = notice::Entity::find()
        .order_by_asc(notice::Column::CreatedAt)
        .all(house.site.app.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|n| n.title)
        .collect();
    assert!(titles[0].contains("5 条待审核，5 条今天到期"), "{}", titles[0]);
    assert!(titles[8].contains("5 条待审核，5 条已逾期"), "{}", titles[8]);
}

#[tokio::test]
async fn opening_twice_is_one_duty_and_an_ended_one_starts_anew() {
    let house = house("2026-03-02").await;
    let first = house.summary("2026-03-02").await;
    let again = house.summary("2026-03-04").await;
    assert_eq!(again, first);
    house.complete(DutyKind::AdoptionSummary).await;
    house.site.clock.set(at("2026-04-01", 10, 0));
    let anew = house.summary("2026-04-01").await;
    assert_eq!(anew.id, first.id);
    assert_eq!((anew.state, anew.due_on), (DutyState::Open, day("2026-04-16")));
    assert_eq!(house.reload(first.id).await, anew);
    let log = duty_change::Entity::find().all(house.site.app.db.read()).await.unwrap();
    assert_eq!((log[0].old_due_on, log[0].new_due_on), (first.due_on, anew.due_on));
    house.walk("2026-04-02", "2026-04-09").await;
    let told: Vec<String> = house.notices().await.into_iter().map(|(.., stage)| stage).collect();
    assert_eq!(told, ["assigned", "left_5"]);
}
