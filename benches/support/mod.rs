//! What the benchmarks through HTTP share: a site with one consultation and published opinions, made by the
//! operations that people use; a client that costs next to nothing; and the floor of SQLite.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]
#![allow(dead_code, reason = "each benchmark uses a part")]
#![allow(clippy::allow_attributes, reason = "whether a part is used depends on the benchmark")]

pub mod client;
pub mod floor;
pub mod load;

use std::path::Path;

use chrono::Days;
use entity::enums::{
    DecisionKind, DocumentKind, EventKind, PersonKind, ReviewAction, Role, SeatMethod, ShowAs,
};
use entity::id::{DepartmentId, StaffId};
use jianyan::account::people::{self, NewStaff};
use jianyan::actor::{Actor, Staff, Who};
use jianyan::app::App;
use jianyan::config::Config;
use jianyan::consultation;
use jianyan::decision::{self, NewDecision};
use jianyan::department::{self, Details};
use jianyan::document::{self, NewVersion};
use jianyan::event::{self, SessionContent};
use jianyan::moderation::review::{self, Decide};
use jianyan::opinion::{self, submit};

const DRAFT: &str = include_str!("../../src/demo/content/drafts/venue_opening.txt");
const EXPLANATION: &str = include_str!("../../src/demo/content/drafts/venue_opening_explanation.txt");
const BASIS: &str = include_str!("../../src/demo/content/drafts/venue_opening_basis.txt");

/// What everybody writes in a benchmark: of the length that people write.
pub const OPINION: &str = "建议把晚间开放时间延长到二十二时，方便上班族下班以后锻炼；周末上午人多，可以分时段预约，\
    给老年人留出一部分不用手机预约的名额，现场登记即可。";

/// Settings in which no limit bites the one address that stands for everybody.
pub fn config(dir: &Path) -> Config {
    let mut config = Config::in_dir(dir).unwrap();
    config.limits.opinions_per_minute = 100_000;
    config
}

fn staff(department_id: DepartmentId, id: StaffId, roles: &[Role]) -> Actor {
    let staff = Staff {
        id,
        login: String::new(),
        name: String::new(),
        department_id,
        department: String::new(),
        roles: roles.to_vec(),
        heads: Vec::new(),
    };
    Actor { who: Who::Staff(staff), ..Actor::system() }
}

async fn person(app: &App, login: &str, department_id: DepartmentId, roles: &[Role]) -> Actor {
    let write = app.write().await.unwrap();
    let new = NewStaff {
        login: login.to_owned(),
        display_name: login.to_owned(),
        email: format!("{login}@example.invalid"),
        department_id,
        roles: roles.to_vec(),
    };
    let id = people::insert(app, &write, &new, None, None).await.unwrap();
    write.commit().await.unwrap();
    staff(department_id, id, roles)
}

/// A decision with its draft, open for opinions from today; gives the code of its consultation, on whose page
/// `opinions` are published.
pub async fn consultation(app: &App, opinions: usize) -> String {
    let nobody = (DepartmentId(uuid::Uuid::nil()), StaffId(uuid::Uuid::nil()));
    let root = staff(nobody.0, nobody.1, &[Role::Admin]);
    let details = Details {
        key: "sports".into(),
        name: "群众体育处".into(),
        short_name: "群体处".into(),
        address: "示例市体育路1号".into(),
        postcode: "200000".into(),
        email: "sports@example.invalid".into(),
        phone: "000-12345678".into(),
        ..Details::default()
    };
    let department = department::add(app, &root, &details).await.unwrap();
    let owner = person(app, "owner", department, &[Role::Owner]).await;
    let moderator = person(app, "moderator", department, &[Role::Moderator]).await;
    let code = open(app, &owner, department).await;
    for _ in 0..opinions {
        publish_opinion(app, &moderator, &code).await;
    }
    code
}

async fn open(app: &App, owner: &Actor, department_id: DepartmentId) -> String {
    let new = NewDecision {
        title: "示例市公共体育场馆开放管理办法".into(),
        kind: DecisionKind::PublicMeasure,
        year: chrono::Datelike::year(&app.today()),
        department_id,
        owner_id: owner.staff_id(),
        summary: "规范公共体育场馆向社会开放。".into(),
        basis: "《全民健身条例》".into(),
    };
    let decision = decision::create(app, owner, &new).await.unwrap();
    let texts = [
        (DocumentKind::Draft, DRAFT),
        (DocumentKind::Explanation, EXPLANATION),
        (DocumentKind::Basis, BASIS),
    ];
    for (kind, body) in texts {
        let version = NewVersion {
            kind,
            title: String::new(),
            body: body.to_owned(),
            uploads: Vec::new(),
            correction_notice: None,
        };
        document::add_version(app, owner, decision.id, version).await.unwrap();
    }
    let content = consultation::Content {
        document_id: None,
        title: String::new(),
        notice: String::new(),
        plain: String::new(),
        opens_on: app.today(),
        closes_on: app.today() + Days::new(31),
        short_reason: None,
        contact_name: "群体处".into(),
        address: "示例市体育路1号".into(),
        postcode: "200000".into(),
        email: "sports@example.invalid".into(),
        phone: "000-12345678".into(),
        identity: entity::enums::IdentityLevel::Unverified,
    };
    let row = consultation::create(app, owner, decision.id, &content).await.unwrap();
    consultation::publish(app, owner, row.id).await.unwrap();
    row.code
}

/// A published open day with two sessions of as many seats as a session may have; gives its code.
pub async fn event(app: &App) -> String {
    let all = department::all(app.db.read()).await.unwrap();
    let department_id = all[0].id;
    let host = person(app, "host", department_id, &[Role::Owner]).await;
    let content = event::Content {
        kind: EventKind::OpenDay,
        department_id,
        decision: String::new(),
        title: "走进体育馆".into(),
        summary: "参观场馆后台。".into(),
        conditions: String::new(),
        accessibility: String::new(),
        contact_name: "群体处".into(),
        phone: "000-12345678".into(),
        email: String::new(),
    };
    let draft = event::create(app, &host, &content).await.unwrap();
    let hour = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    for _ in 0..2 {
        let session = SessionContent {
            place: "示例市体育馆".into(),
            directions: String::new(),
            held_on: app.today() + Days::new(30),
            begins: hour(9),
            ends: hour(11),
            capacity: 10_000,
            registration_opens_at: None,
            registration_closes_at: None,
            party_max: 1,
            offer_hours: 0,
            method: SeatMethod::FirstCome,
            quotas: Vec::new(),
        };
        event::add_session(app, &host, draft.id, &session).await.unwrap();
    }
    event::publish(app, &host, draft.id).await.unwrap();
    draft.code
}

async fn publish_opinion(app: &App, moderator: &Actor, code: &str) {
    let input = submit::Submit {
        consultation: code.to_owned(),
        clause_id: None,
        content: opinion::Content {
            text: OPINION.to_owned(),
            wording: String::new(),
            name: String::new(),
            contact: String::new(),
            person_kind: Some(PersonKind::Individual),
            show_as: Some(ShowAs::Anonymous),
        },
        files: Vec::new(),
        consent: true,
        identity: jianyan::identity::Given::default(),
        idempotency_key: None,
        lang: "zh",
    };
    let receipt = submit::submit(app, &Actor::guest(), &input).await.unwrap();
    let decide = Decide {
        number: receipt.number,
        revision: 1,
        action: ReviewAction::Publish,
        reason_code: None,
        reason_text: String::new(),
        public_text: None,
    };
    review::review(app, moderator, &decide).await.unwrap();
}

/// The opinion as a program sends it.
pub fn opinion_json() -> String {
    format!(r#"{{"text":"{OPINION}","person_kind":"individual","show_as":"anonymous","consent":true}}"#)
}
