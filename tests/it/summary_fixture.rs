//! A decision with a consultation that has closed, its opinions, and the people who answer them. Rows are
//! written directly, so that these stories do not depend on the features that make them.

use chrono::{DateTime, Utc};
use entity::enums::{
    Channel, DecisionKind, DocumentKind, DutyKind, OpinionState, PersonKind, Role, ShowAs, StepKind,
    SubjectKind,
};
use entity::id::{
    ClauseId, ConsultationId, DecisionId, DepartmentId, DocumentId, LineageId, OpinionId, StaffId,
};
use entity::{clause, consultation, decision, document, opinion, step};
use jianyan::actor::Actor;
use jianyan::duty::{self, Begin, Term};
use jianyan::keys::{Purpose, sha256_hex};
use jianyan::text;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

use crate::harness::{Person, Site, at, day};

pub struct Case {
    pub site: Site,
    pub department: DepartmentId,
    pub owner: StaffId,
    pub decision: DecisionId,
    pub consultation: ConsultationId,
    pub code: &'static str,
    /// Clauses of the draft.
    pub clauses: Vec<ClauseId>,
}

/// An opinion to receive.
#[derive(Clone)]
pub struct Said<'a> {
    pub text: &'a str,
    pub contact: Option<&'a str>,
    pub state: OpinionState,
    pub channel: Channel,
    pub clause: Option<usize>,
    pub lang: &'a str,
}

/// A published opinion through the site, without a contact.
pub fn said(text: &str) -> Said<'_> {
    Said {
        text,
        contact: None,
        state: OpinionState::Published,
        channel: Channel::Site,
        clause: None,
        lang: "zh",
    }
}

impl Case {
    /// Opened on 1 January, closed on 31 January 2026; the clock stands at 2 March. Not issued yet.
    pub async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    pub async fn on(site: Site) -> Self {
        let department = site.department("qunti", "群众体育处").await;
        let owner = site.staff("owner", department, &[Role::Owner]).await;
        let head = site.staff("head", department, &[]).await;
        site.set_head(department, head).await;
        let (decision, document) = (site.app.id::<DecisionId>(), site.app.id::<DocumentId>());
        let consultation = site.app.id::<ConsultationId>();
        let mut case =
            Self { site, department, owner, decision, consultation, code: "2026-007-1", clauses: vec![] };
        case.dossier().await;
        case.clauses = case.document(document, DocumentKind::Draft).await;
        case.consult(document, "2026-007-1", consultation).await;
        case
    }

    async fn dossier(&self) {
        let opened = at("2026-01-01", 9, 0);
        let row = decision::Model {
            id: self.decision,
            code: "2026-007".into(),
            year: 2026,
            title: "示例市公共体育场馆开放管理办法".into(),
            kind: DecisionKind::PublicMeasure,
            department_id: self.department,
            owner_id: Some(self.owner),
            summary: String::new(),
            basis: String::new(),
            doc_number: None,
            promulgated_on: None,
            not_disclosed_basis: None,
            published_at: Some(opened),
            created_at: opened,
            updated_at: opened,
            revision: 1,
        };
        let write = self.site.app.write().await.unwrap();
        row.into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
    }

    async fn document(&self, id: DocumentId, kind: DocumentKind) -> Vec<ClauseId> {
        let app = &self.site.app;
        let write = app.write().await.unwrap();
        let row = document::Model {
            id,
            decision_id: self.decision,
            kind,
            version: 1,
            title: "示例市公共体育场馆开放管理办法".into(),
            body: "第一条\n第二条".into(),
            content_hash: sha256_hex(b"x"),
            correction_notice: None,
            published_at: Some(app.now()),
            created_by: None,
            created_at: app.now(),
        };
        row.into_active_model().insert(&*write).await.unwrap();
        let mut ids = Vec::new();
        for (position, number) in ["第一条", "第二条"].into_iter().enumerate() {
            let clause = clause::Model {
                id: app.id(),
                document_id: id,
                lineage_id: app.id::<LineageId>(),
                position: position as i32,
                parent_id: None,
                path: format!("第一章/{number}"),
                kind: "article".into(),
                number: Some(number.into()),
                text: format!("{number} 正文"),
            };
            ids.push(clause.id);
            clause.into_active_model().insert(&*write).await.unwrap();
        }
        write.commit().await.unwrap();
        ids
    }

    async fn consult(&self, document: DocumentId, code: &str, id: ConsultationId) {
        let opened = at("2026-01-01", 9, 0);
        let row = consultation::Model {
            id,
            code: code.into(),
            decision_id: self.decision,
            document_id: document,
            title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
            plain: String::new(),
            notice: "现公开征求意见。".into(),
            opens_on: day("2026-01-01"),
            closes_on: day("2026-01-31"),
            short_reason: None,
            contact_name: "群众体育处".into(),
            address: "体育路1号".into(),
            postcode: "200000".into(),
            email: "qunti@example.invalid".into(),
            phone: "000-12345678".into(),
            identity: entity::enums::IdentityLevel::Unverified,
            published_at: Some(opened),
            published_by: Some(self.owner),
            result_published_at: None,
            created_at: opened,
            revision: 1,
        };
        let write = self.site.app.write().await.unwrap();
        row.into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
    }

    /// A second consultation of the same decision, closed on the same day.
    pub async fn second(&self) -> ConsultationId {
        let document = consultation_row(self).await.document_id;
        let id = self.site.app.id();
        self.consult(document, "2026-007-2", id).await;
        id
    }

    /// The final text; gives its clauses.
    pub async fn final_text(&self) -> Vec<ClauseId> {
        self.document(self.site.app.id(), DocumentKind::Final).await
    }

    /// Receives an opinion; gives its number.
    pub async fn hear(&self, said: Said<'_>) -> String {
        let mut numbers = self.hear_all(&[said]).await;
        numbers.remove(0)
    }

    pub async fn hear_all(&self, all: &[Said<'_>]) -> Vec<String> {
        let app = &self.site.app;
        let write = app.write().await.unwrap();
        let mut numbers = Vec::new();
        for said in all {
            let n = jianyan::sequence::next(&write, self.code).await.unwrap();
            let number = format!("{}-{n:06}", self.code);
            let public = said.state == OpinionState::Published;
            let received: DateTime<Utc> = at("2026-01-15", 9, 0);
            let row = opinion::Model {
                id: app.id(),
                number: number.clone(),
                consultation_id: self.consultation,
                clause_id: said.clause.map(|i| self.clauses[i]),
                channel: said.channel,
                person_kind: PersonKind::Individual,
                show_as: ShowAs::Masked,
                name_enc: Some(app.keys.encrypt("张三丰", &app.rng)),
                contact_enc: said.contact.map(|c| app.keys.encrypt(c, &app.rng)),
                person_hash: said.contact.map(|c| app.keys.mac_hex(Purpose::Contact, &text::contact_key(c))),
                text: said.text.into(),
                text_hash: sha256_hex(text::essence(said.text).as_bytes()),
                state: said.state,
                public_text: public.then(|| said.text.into()),
                public_name: public.then(|| "张*".into()),
                received_at: received,
                received_by: None,
                reviewed_at: public.then_some(received),
                published_at: public.then_some(received),
                lang: said.lang.into(),
                revision: 1,
                flood_id: None,
            };
            row.clone().into_active_model().insert(&*write).await.unwrap();
            let mut counted = jianyan::db::Inserts::default();
            jianyan::opinion::tally::received(&mut counted, &row);
            counted.run(&write).await.unwrap();
            numbers.push(number);
        }
        write.commit().await.unwrap();
        numbers
    }

    pub async fn opinion(&self, number: &str) -> OpinionId {
        jianyan::opinion::by_number(self.site.app.db.read(), number).await.unwrap().id
    }

    /// Issues the decision on a day and opens the duties that follow, counted from that day.
    pub async fn issue(&self, on: &str) {
        let app = &self.site.app;
        let mut row =
            jianyan::decision::find(app.db.read(), self.decision).await.unwrap().into_active_model();
        row.promulgated_on = sea_orm::Set(Some(day(on)));
        let write = app.write().await.unwrap();
        row.update(&*write).await.unwrap();
        for (kind, subject_kind, id, start, days) in [
            (DutyKind::AdoptionSummary, SubjectKind::Decision, self.decision.0, day(on), 10),
            (
                DutyKind::ConsultationResult,
                SubjectKind::Consultation,
                self.consultation.0,
                day("2026-01-31"),
                20,
            ),
        ] {
            let begin = Begin {
                kind,
                subject_kind,
                subject_id: id,
                title: "示例市公共体育场馆开放管理办法".into(),
                path: "/desk/consultations/2026-007-1/summary".into(),
                department_id: self.department,
                owner_id: Some(self.owner),
                start_on: start,
                term: Term::WorkingDays(days),
            };
            duty::open(app, &write, &Actor::system(), begin).await.unwrap();
        }
        write.commit().await.unwrap();
    }

    pub async fn step(&self, kind: StepKind, on: &str, note: &str) {
        let app = &self.site.app;
        let row = step::Model {
            id: app.id(),
            decision_id: self.decision,
            kind,
            happened_on: Some(day(on)),
            note: note.into(),
            skipped_reason: None,
            document_id: None,
            recorded_by: None,
            created_at: app.now(),
        };
        let write = app.write().await.unwrap();
        row.into_active_model().insert(&*write).await.unwrap();
        write.commit().await.unwrap();
    }

    /// `path` below the consultation in the API.
    pub fn api(&self, path: &str) -> String {
        format!("/api/v1/consultations/{}/{path}", self.code)
    }

    pub fn desk(&self, path: &str) -> String {
        format!("/desk/consultations/{}/{path}", self.code)
    }

    /// A topic with these opinions; gives its id.
    pub async fn topic(&self, who: &Person, title: &str, numbers: &[String]) -> String {
        let body = serde_json::json!({ "title": title });
        let topic = who.json("POST", &self.api("topics"), body).await.expect(200).json();
        let id = topic["id"].as_str().unwrap().to_owned();
        if !numbers.is_empty() {
            let body = serde_json::json!({ "opinions": numbers });
            who.json("POST", &format!("/api/v1/topics/{id}/opinions"), body).await.expect(200);
        }
        id
    }

    /// Generates, submits and approves the summary.
    pub async fn approved(&self) {
        let (owner, head) = (self.site.api("owner").await, self.site.api("head").await);
        let none = serde_json::json!({});
        owner.json("POST", &self.api("summary/generate"), none.clone()).await.expect(200);
        owner.json("POST", &self.api("summary/submit"), none.clone()).await.expect(200);
        head.json("POST", &self.api("summary/approve"), none).await.expect(200);
    }

    /// Generates the summary only.
    pub async fn drafted(&self) {
        let owner = self.site.api("owner").await;
        owner.json("POST", &self.api("summary/generate"), serde_json::json!({})).await.expect(200);
    }

    /// Publishes it from nothing.
    pub async fn published(&self) {
        self.approved().await;
        let owner = self.site.api("owner").await;
        owner.json("POST", &self.api("summary/publish"), serde_json::json!({})).await.expect(200);
    }
}

pub async fn consultation_row(case: &Case) -> consultation::Model {
    jianyan::consultation::find(case.site.app.db.read(), case.consultation).await.unwrap()
}
