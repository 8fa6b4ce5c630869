//! Events with the public, lived as organiser, visitor and door staff.

mod after;
mod door;
mod draw;
mod hearing;
mod kept;
mod pages;
mod quota;
mod seats;
mod waiting;
mod year;

use std::collections::BTreeSet;

use entity::enums::{EventKind, RegistrationState, Role, SeatMethod, SubjectKind};
use entity::event_registration as rows;
use entity::event_session::{self, Model as Session};
use entity::event_share;
use entity::id::{DepartmentId, EventId, StaffId};
use jianyan::actor::Actor;
use jianyan::event::{self, Content, Receipt, Register, SessionContent};
use jianyan::problem::Problem;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::harness::{Site, day};

/// A site with a department, its organiser, and the people around.
pub struct Hosts {
    pub site: Site,
    pub department: DepartmentId,
    pub owner: StaffId,
}

impl Hosts {
    pub async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    pub async fn on(site: Site) -> Self {
        let department = site.department("mass", "群众体育处").await;
        let other = site.department("youth", "青少年体育处").await;
        let owner = site.staff("owner", department, &[Role::Owner]).await;
        site.staff("usher", department, &[]).await;
        site.staff("other", other, &[Role::Owner]).await;
        site.staff("watcher", other, &[Role::Supervisor]).await;
        Self { site, department, owner }
    }

    pub async fn organiser(&self) -> Actor {
        self.site.actor(self.owner).await
    }

    pub fn content(&self, kind: EventKind) -> Content {
        Content {
            kind,
            department_id: self.department,
            decision: String::new(),
            title: "走进体育馆".into(),
            summary: "参观场馆后台，了解场馆开放安排。".into(),
            conditions: "未成年人须由监护人陪同".into(),
            accessibility: "正门有坡道，馆内有电梯。".into(),
            contact_name: "群众体育处".into(),
            phone: "000-12345678".into(),
            email: String::new(),
        }
    }

    /// A published event on 20 March 2026 with sessions of so many seats: 09:30 to 11:30.
    pub async fn event(&self, kind: EventKind, seats: &[i32]) -> EventId {
        let actor = self.organiser().await;
        let draft = event::create(&self.site.app, &actor, &self.content(kind)).await.unwrap();
        for capacity in seats {
            event::add_session(&self.site.app, &actor, draft.id, &session(*capacity)).await.unwrap();
        }
        event::publish(&self.site.app, &actor, draft.id).await.unwrap();
        draft.id
    }

    pub async fn session(&self, event: EventId) -> Session {
        event::find_session(self.site.app.db.read(), event, 1).await.unwrap()
    }

    /// Registers so many people for the first session of E2026-001.
    pub async fn register(&self, contact: &str, seats: i32) -> Result<Receipt, Problem> {
        event::register(&self.site.app, &Actor::guest(), &form(contact, seats)).await
    }

    /// Everybody of the first session of E2026-001, in the order of arrival.
    pub async fn everybody(&self) -> Vec<rows::Model> {
        let db = self.site.app.db.read();
        let event = event::by_code(db, "E2026-001").await.unwrap();
        of(&self.site, &event::find_session(db, event.id, 1).await.unwrap()).await
    }

    /// The states in the order of arrival.
    pub async fn states(&self) -> Vec<RegistrationState> {
        self.everybody().await.into_iter().map(|r| r.state).collect()
    }

    /// What a person was told: the titles without the event's name.
    pub async fn told(&self, receipt: &Receipt) -> BTreeSet<String> {
        let all = entity::notice::Entity::find()
            .filter(entity::notice::Column::SubjectKind.eq(SubjectKind::EventRegistration))
            .filter(entity::notice::Column::SubjectId.eq(receipt.id.0));
        let all = all.all(self.site.app.db.read()).await.unwrap();
        all.into_iter().map(|n| n.title.rsplit_once('：').unwrap().0.to_owned()).collect()
    }
}

pub fn set(titles: &[&str]) -> BTreeSet<String> {
    titles.iter().map(|t| (*t).to_owned()).collect()
}

pub fn session(capacity: i32) -> SessionContent {
    let time = |text: &str| chrono::NaiveTime::parse_from_str(text, "%H:%M").unwrap();
    SessionContent {
        place: "示例市体育馆南门".into(),
        directions: "地铁1号线体育馆站".into(),
        held_on: day("2026-03-20"),
        begins: time("09:30"),
        ends: time("11:30"),
        capacity,
        registration_opens_at: None,
        registration_closes_at: None,
        party_max: Ord::min(capacity, 6),
        offer_hours: 0,
        method: SeatMethod::FirstCome,
        quotas: Vec::new(),
    }
}

pub fn form(contact: &str, seats: i32) -> Register {
    Register {
        event: "E2026-001".into(),
        session: 1,
        name: "王小明".into(),
        contact: contact.into(),
        seats,
        group: None,
        name_public: false,
        guardian: None,
        consent: true,
        idempotency_key: None,
        lang: "zh",
    }
}

pub async fn of(site: &Site, session: &Session) -> Vec<rows::Model> {
    let query = rows::Entity::find().filter(rows::Column::SessionId.eq(session.id));
    query.order_by_asc(rows::Column::Number).all(site.app.db.read()).await.unwrap()
}

/// What must hold of every session at every moment: the counters are what the registrations add up to, and
/// nobody waits who would fit.
pub async fn adds_up(site: &Site) {
    for session in event_session::Entity::find().all(site.app.db.read()).await.unwrap() {
        let all = of(site, &session).await;
        let holds =
            |r: &&rows::Model| matches!(r.state, RegistrationState::Confirmed | RegistrationState::Offered);
        let taken: i32 = all.iter().filter(holds).map(|r| r.seats).sum();
        assert_eq!(taken, session.taken, "seats given in session {}", session.number);
        assert!((0..=session.capacity).contains(&taken));
        assert_eq!(all.iter().map(|r| r.came).sum::<i32>(), session.present);
        let free = session.capacity - taken;
        let shares = event_share::Entity::find().filter(event_share::Column::SessionId.eq(session.id));
        let shares = shares.all(site.app.db.read()).await.unwrap();
        let of_group = |r: &rows::Model| {
            let own = r.seat_group.and_then(|g| shares.iter().find(|s| s.share == g.as_str()));
            own.or_else(|| shares.iter().find(|s| s.share == "open"))
        };
        for share in &shares {
            let holders = all.iter().filter(|r| holds(r) && !r.walk_in);
            let given = holders.filter(|r| of_group(r) == Some(share)).map(|r| r.seats).sum::<i32>();
            assert_eq!(given, share.taken, "seats given in the share {}", share.share);
        }
        let room = |r: &rows::Model| of_group(r).map_or(free, |s| Ord::min(free, s.seats - s.taken));
        // Before a draw everybody waits; afterwards everybody has a place in its order.
        let in_line = |r: &rows::Model| session.method == SeatMethod::FirstCome || r.drawn.is_some();
        let waits = |r: &&rows::Model| r.state == RegistrationState::Waiting && in_line(r);
        let fits = all.iter().filter(waits).find(|r| r.seats <= room(r));
        assert!(fits.is_none(), "{fits:?} waits while {free} seats are free");
    }
}
