//! A small world with one of everything, known by its codes: departments, people in every role, a decision
//! that is public and open for opinions, one that waits for its summary, one that was answered, and one
//! that nobody outside may see.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{
    Channel, DecisionKind, DocumentKind, DutyKind, EventKind, JobState, MessageKind, MessageState,
    OpinionState, Outcome, PersonKind, QuestionState, ReasonCode, RegistrationState, ReviewAction,
    ReviewState, Role, SeatMethod, ShowAs, StaffRequestKind, StepKind, SubjectKind, SummaryState,
    VersionState,
};
use entity::id::{
    AttachmentId, CatalogueId, CatalogueVersionId, ClauseId, ConsultationId, DecisionId, DepartmentId,
    DocumentId, DutyId, FileId, FloodId, JobId, LineageId, MessageId, NoticeId, OpinionId, ResponseId,
    StaffId, StaffRequestId, StepId, SubmissionId, SummaryId, TopicId, WorkPlanItemId,
};
use entity::{
    catalogue, catalogue_entry, catalogue_version, clause, consultation, decision, document, event,
    event_draw, event_registration, event_session, file, flood, job, message, notice, opinion, qa_guest,
    qa_question, qa_session, questionnaire, questionnaire_response, response, review, staff, staff_request,
    step, submission_part, summary, topic, topic_opinion, work_plan_item,
};
use jianyan::account::{session, token};
use jianyan::actor::Actor;
use jianyan::db::Write;
use jianyan::duty::{self, Begin, Term};
use jianyan::event::lot;
use jianyan::opinion::tally;
use jianyan::publication::{self, Release};
use jianyan::receipt;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::attachment::attach;
use crate::harness::{Person, Site, at, day};

/// Whether the public may see the thing that an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Shown,
    Hidden,
}

/// The decision and what hangs on it.
#[derive(Clone)]
pub struct Dossier {
    pub decision: DecisionId,
    pub code: &'static str,
    pub document: DocumentId,
    pub clause: ClauseId,
    /// Of a document; an attachment of the opinion has the same.
    pub file: FileId,
    /// Beside the event's report.
    pub picture: AttachmentId,
    pub consultation: ConsultationId,
    pub window: String,
    pub opinion: OpinionId,
    pub number: String,
    /// The flood it came in.
    pub flood: FloodId,
    /// The lookup code of the submission it came in.
    pub submission: String,
    /// The lookup code of what somebody answered to the questionnaire.
    pub answers: String,
    pub topic: TopicId,
    pub step: StepId,
    pub response: ResponseId,
    pub duty: DutyId,
    pub lookup: String,
    pub catalogue: CatalogueId,
    pub catalogue_version: CatalogueVersionId,
    /// Code of an event with the public, and the lookup code of a registration for it.
    pub event: String,
    pub seat: String,
    /// A message on the board: answered and public, or accepted by `sports`.
    pub message: MessageId,
    pub message_number: String,
    pub message_lookup: String,
    /// A session of online questions and answers under way, and the lookup code of its one question.
    pub qa: String,
    pub question_lookup: String,
}

pub struct World {
    pub site: Site,
    pub sports: DepartmentId,
    pub people: People,
    pub shown: Dossier,
    pub hidden: Dossier,
    pub notice: NoticeId,
    /// Given up.
    pub job: JobId,
    pub publication: Uuid,
    /// What the supervisor, once an administrator, asked about the owner.
    pub request: StaffRequestId,
    /// Secrets by caller: of a session and of a token.
    secrets: BTreeMap<&'static str, (String, String)>,
}

/// Everybody by the name of the caller in the matrix.
#[derive(Clone, Copy)]
pub struct People {
    pub moderator: StaffId,
    pub owner: StaffId,
    pub other_owner: StaffId,
    pub head: StaffId,
    pub disclosure: StaffId,
    pub supervisor: StaffId,
    pub admin: StaffId,
    pub disabled: StaffId,
    pub expired: StaffId,
}

async fn put<M, A>(write: &Write, row: M)
where
    M: IntoActiveModel<A> + Send,
    A: sea_orm::ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<A>,
{
    row.into_active_model().insert(&**write).await.unwrap();
}

/// A world that is built once and copied for every use, sessions and tokens included.
pub struct Template(World);

impl Template {
    pub async fn new() -> Self {
        // Who may do what does not depend on the database; a file is quickly copied.
        let site = Site::with(|config| {
            let file = config.data_dir.join("jianyan.db");
            config.database_url = Some(format!("sqlite://{}", file.display()).into());
        });
        let mut world = World::on(site.await).await;
        world.let_everybody_in().await;
        world.site.app.db.close().await;
        Self(world)
    }

    pub async fn world(&self) -> World {
        let site = Site::copy_of(&self.0.site).await;
        World {
            site,
            shown: self.0.shown.clone(),
            hidden: self.0.hidden.clone(),
            secrets: self.0.secrets.clone(),
            ..self.0
        }
    }
}

impl World {
    pub async fn new() -> Self {
        Self::on(Site::with(|config| config.site.email = "web@example.invalid".into()).await).await
    }

    async fn on(site: Site) -> Self {
        let sports = site.department("sports", "群众体育处").await;
        let culture = site.department("culture", "青少年体育处").await;
        let office = site.department("office", "办公室").await;
        let people = People {
            moderator: site.staff("moderator", office, &[Role::Moderator]).await,
            owner: site.staff("owner", sports, &[Role::Owner]).await,
            other_owner: site.staff("other", culture, &[Role::Owner]).await,
            head: site.staff("head", sports, &[]).await,
            disclosure: site.staff("disclosure", office, &[Role::Disclosure]).await,
            supervisor: site.staff("supervisor", office, &[Role::Supervisor]).await,
            admin: site.staff("admin", office, &[Role::Admin]).await,
            disabled: site.staff("disabled", sports, &[Role::Owner, Role::Moderator, Role::Admin]).await,
            expired: site.staff("expired", sports, &[Role::Owner, Role::Moderator, Role::Admin]).await,
        };
        site.set_head(sports, people.head).await;
        let write = site.app.write().await.unwrap();
        let shown = dossier(&site, &write, &people, sports, "2026-001", Some(at("2026-02-24", 9, 0))).await;
        let hidden = dossier(&site, &write, &people, sports, "2026-002", None).await;
        review(&site, &write, &people, shown.opinion).await;
        let notice = inbox(&site, &write, people.owner, &shown).await;
        let release = Release {
            subject_kind: SubjectKind::CatalogueVersion,
            subject_id: shown.catalogue_version.0,
            column: publication::CATALOGUE,
            title: "2026年度重大行政决策事项目录",
            body: "公共体育场馆开放服务办法",
            path: "/catalogues/sports/2026",
            source: "群众体育处",
        };
        let row = publication::publish(&site.app, &write, &Actor::system(), &release).await.unwrap();
        put(&write, plan_item(&site)).await;
        let job = parked_job(&site, &write).await;
        let request = staff_request(&site, &write, &people).await;
        write.commit().await.unwrap();
        let publication = row.id.0;
        let secrets = BTreeMap::new();
        Self { site, sports, people, shown, hidden, notice, job, publication, request, secrets }
    }

    /// Begins a session and issues a token for everybody: for one a day too early, and one is disabled
    /// afterwards.
    async fn let_everybody_in(&mut self) {
        let p = self.people;
        let people = [
            ("moderator", "moderator", p.moderator),
            ("owner", "owner", p.owner),
            ("other_owner", "other", p.other_owner),
            ("head", "head", p.head),
            ("disclosure", "disclosure", p.disclosure),
            ("supervisor", "supervisor", p.supervisor),
            ("admin", "admin", p.admin),
            ("disabled", "disabled", p.disabled),
            ("expired", "expired", p.expired),
        ];
        let app = &self.site.app;
        for (caller, login, id) in people {
            self.site.clock.set(if caller == "expired" {
                at("2026-03-01", 8, 0)
            } else {
                at("2026-03-02", 10, 0)
            });
            let write = app.write().await.unwrap();
            let session = session::begin(app, &write, id, "", "").await.unwrap();
            write.commit().await.unwrap();
            let (token, _) = token::issue(app, &Actor::system(), login, 1, "test").await.unwrap();
            self.secrets.insert(caller, (session, token));
        }
        let write = app.write().await.unwrap();
        let disabled = staff::ActiveModel {
            id: Set(p.disabled),
            disabled_at: Set(Some(app.now())),
            ..Default::default()
        };
        disabled.update(&*write).await.unwrap();
        write.commit().await.unwrap();
    }

    /// Somebody with a session, or with a token for the API.
    pub fn caller(&self, name: &str, is_api: bool) -> Person {
        match self.secrets.get(name) {
            None => self.site.guest(),
            Some((_, token)) if is_api => self.site.bearer(token),
            Some((session, _)) => self.site.in_session(session),
        }
    }

    /// What stands for a parameter of an address, found by the segment before it and its name.
    pub fn parameter(&self, before: &str, name: &str, thing: Thing) -> Option<String> {
        let of = if thing == Thing::Shown { &self.shown } else { &self.hidden };
        Some(match (before, name) {
            ("decisions", _) => of.code.to_owned(),
            ("consultations" | "summaries" | "c", _) => of.window.clone(),
            ("consent", _) => if thing == Thing::Shown { "1" } else { "9" }.into(),
            ("stop", _) => {
                jianyan::notice::stop_token(&self.site.app.keys, SubjectKind::Opinion, of.opinion.0)
            }
            ("floods" | "review-floods", _) => of.flood.to_string(),
            ("challenges", _) => "opinion".into(),
            ("receipts" | "mails", _) => of.lookup.clone(),
            ("submissions", _) => of.submission.clone(),
            ("questionnaires" | "questionnaire-receipts", _) => of.answers.clone(),
            ("messages", "code") => of.message_lookup.clone(),
            ("messages" | "desk-messages", _) => of.message_number.clone(),
            ("opinions" | "review" | "reviews", _) => of.number.clone(),
            ("documents" | "drafts", _) => of.document.to_string(),
            ("clauses", _) => of.clause.to_string(),
            ("files" | "pictures", "picture") => of.picture.to_string(),
            ("files", _) => of.file.to_string(),
            ("topics", _) => of.topic.to_string(),
            ("steps", "kind") => "hearing".into(),
            ("steps", _) => of.step.to_string(),
            ("responses", _) => of.response.to_string(),
            ("duties" | "urgings", _) => of.duty.to_string(),
            ("staff-requests", _) => self.request.to_string(),
            ("jobs", _) => self.job.to_string(),
            ("inbox" | "notices", _) => self.notice.to_string(),
            ("catalogues", "department") => "sports".into(),
            ("catalogues", _) => of.catalogue.to_string(),
            ("versions", _) => "1".into(),
            (_, "year") => "2026".into(),
            ("departments", "key") => "sports".into(),
            ("departments", _) => self.sports.to_string(),
            ("staff", "login") => "owner".into(),
            ("staff" | "people", _) => self.people.owner.to_string(),
            ("events", _) => of.event.clone(),
            ("qa", "lookup") | ("questions", "code") => of.question_lookup.clone(),
            ("qa", _) | ("sessions", "code") => of.qa.clone(),
            ("sessions" | "questions", _) => "1".into(),
            ("registrations", _) => of.seat.clone(),
            ("publications", _) => self.publication.to_string(),
            ("static", _) => "site.css".into(),
            ("working-days" | "days", _) => "2026-03-02".into(),
            _ => return None,
        })
    }
}

/// A decision with a draft of one clause and a file, an open consultation, an opinion, a topic with its
/// response, a step, a duty, a catalogue that lists it; public when `shown` says since when.
async fn dossier(
    site: &Site,
    write: &Write,
    people: &People,
    department: DepartmentId,
    code: &'static str,
    shown: Option<DateTime<Utc>>,
) -> Dossier {
    let app = &site.app;
    let window = format!("{code}-1");
    let d = Dossier {
        decision: app.id(),
        code,
        document: app.id(),
        clause: app.id(),
        file: app.id(),
        picture: app.id(),
        consultation: app.id(),
        number: format!("{window}-000001"),
        submission: String::new(),
        answers: String::new(),
        window,
        opinion: app.id(),
        flood: app.id(),
        topic: app.id(),
        step: app.id(),
        response: app.id(),
        duty: DutyId(Uuid::nil()),
        lookup: String::new(),
        catalogue: app.id(),
        catalogue_version: app.id(),
        event: format!("E{code}"),
        seat: String::new(),
        message: app.id(),
        message_number: format!("LY{code}"),
        message_lookup: String::new(),
        qa: format!("Q{code}"),
        question_lookup: String::new(),
    };
    put(write, message_row(site, &d, department, shown)).await;
    put(write, decision_row(site, &d, people, department, shown)).await;
    put(write, document_row(site, &d, shown)).await;
    put(write, clause_row(site, &d)).await;
    put(write, file_row(site, &d)).await;
    put(write, consultation_row(site, &d, shown)).await;
    put(write, flood_row(site, &d)).await;
    let opinion = opinion_row(site, &d, shown);
    put(write, opinion.clone()).await;
    let attached = (AttachmentId(d.file.0), shown.is_some());
    attach(site, write, (SubjectKind::Opinion, d.opinion.0), attached).await;
    let mut counted = jianyan::db::Inserts::default();
    tally::received(&mut counted, &opinion);
    counted.run(write).await.unwrap();
    tally::regroup(write, d.consultation, &[d.opinion], Some(d.topic)).await.unwrap();
    put(write, step_row(site, &d)).await;
    put(write, topic_row(site, &d, people)).await;
    put(
        write,
        topic_opinion::Model {
            opinion_id: d.opinion,
            topic_id: d.topic,
            added_by: people.owner,
            added_at: site.app.now(),
        },
    )
    .await;
    put(write, response_row(site, &d, people)).await;
    catalogue(site, write, &d, department, shown).await;
    let begin = Begin {
        kind: DutyKind::ConsultationCloses,
        subject_kind: SubjectKind::Consultation,
        subject_id: d.consultation.0,
        title: "公共体育场馆开放服务办法".into(),
        path: format!("/desk/consultations/{}", d.window),
        department_id: department,
        owner_id: Some(people.owner),
        start_on: day("2026-02-24"),
        term: Term::Day(day("2026-03-31")),
    };
    let duty = duty::open(app, write, &Actor::system(), begin).await.unwrap();
    let mut rows = jianyan::db::Inserts::default();
    let lookup = receipt::issue(app, &mut rows, SubjectKind::Opinion, d.opinion.0);
    let message = receipt::issue(app, &mut rows, SubjectKind::Message, d.message.0);
    let submission_id: SubmissionId = app.id();
    rows.add(submission_part::Model { opinion_id: d.opinion, submission_id, position: 0 });
    let submission = receipt::issue(app, &mut rows, SubjectKind::Submission, submission_id.0);
    rows.run(write).await.unwrap();
    let answers = questionnaire(site, write, &d).await;
    let seat = event(site, write, &d, people, department, shown).await;
    let submission = submission.grouped();
    let question_lookup = qa(site, write, &d, people, department, shown).await;
    let message_lookup = message.grouped();
    Dossier {
        duty: duty.id,
        lookup: lookup.grouped(),
        submission,
        answers,
        seat,
        message_lookup,
        question_lookup,
        ..d
    }
}

/// A questionnaire of one question, answered by one; gives the lookup code of what was answered.
async fn questionnaire(site: &Site, write: &Write, d: &Dossier) -> String {
    let app = &site.app;
    let row = questionnaire::Model {
        id: app.id(),
        consultation_id: d.consultation,
        title: "场馆开放情况问卷".into(),
        intro: String::new(),
        questions: json!([{ "kind": "text", "number": 1, "text": "说说您的想法", "hint": "", "required": false }]),
        open_results: true,
        ready_at: Some(app.now()),
        responses: 1,
        revision: 1,
        created_at: app.now(),
        updated_at: app.now(),
    };
    let answer = questionnaire_response::Model {
        id: app.id(),
        questionnaire_id: row.id,
        person: "somebody".into(),
        network: None,
        answers: json!({}),
        texts_enc: None,
        received_at: app.now(),
    };
    let id = answer.id.0;
    put(write, row).await;
    put(write, answer).await;
    let mut rows = jianyan::db::Inserts::default();
    let code = receipt::issue(app, &mut rows, SubjectKind::QuestionnaireResponse, id);
    rows.run(write).await.unwrap();
    code.grouped()
}

/// A session of questions and answers that is live, with one question that waits for review; gives its lookup code.
async fn qa(
    site: &Site,
    write: &Write,
    d: &Dossier,
    people: &People,
    department: DepartmentId,
    shown: Option<DateTime<Utc>>,
) -> String {
    let app = &site.app;
    let session = qa_session::Model {
        id: app.id(),
        code: d.qa.clone(),
        department_id: department,
        title: format!("场馆开放问答（{}）", d.code),
        theme: "回答场馆开放的问题。".into(),
        opens_at: at("2026-02-24", 9, 0),
        begins_at: at("2026-03-02", 8, 0),
        ends_at: at("2026-03-02", 18, 0),
        published_at: shown,
        published_by: None,
        cancelled_at: None,
        cancelled_reason: None,
        transcript_at: None,
        issued: 1,
        version: 1,
        created_by: people.owner,
        created_at: app.now(),
        revision: 1,
    };
    let guest = qa_guest::Model {
        id: app.id(),
        session_id: session.id,
        position: 1,
        department_id: department,
        person: String::new(),
    };
    let question = qa_question::Model {
        id: app.id(),
        session_id: session.id,
        number: 1,
        text_enc: app.keys.encrypt("游泳馆几点开放？", &app.rng),
        name_enc: None,
        contact_enc: None,
        state: QuestionState::Pending,
        department_id: None,
        received_at: app.now(),
        decided_at: None,
        decided_by: None,
        reason: None,
        reason_note: String::new(),
        public_text: None,
        public_name: None,
        answer: None,
        answered_at: None,
        answered_by: None,
        lang: "zh".into(),
        revision: 1,
    };
    let id = question.id.0;
    put(write, session).await;
    put(write, guest).await;
    put(write, question).await;
    let mut rows = jianyan::db::Inserts::default();
    let lookup = receipt::issue(app, &mut rows, SubjectKind::QaQuestion, id);
    rows.run(write).await.unwrap();
    lookup.grouped()
}

/// A draw in which somebody took part.
fn protocol(event: &str) -> lot::Protocol {
    let now = at("2026-03-01", 14, 0);
    let secret = "00".repeat(32);
    let protocol = lot::Protocol {
        format: lot::FORMAT.into(),
        session: format!("{event}-1"),
        title: "座谈会".into(),
        closed_at: now,
        drawn_at: now,
        seats: 30,
        quotas: Vec::new(),
        list: vec![lot::Entry { number: 1, group: None, seats: 1 }],
        list_hash: String::new(),
        commitment: lot::hash(&secret),
        secret,
        seed: String::new(),
        result: Vec::new(),
    };
    protocol.filled()
}

/// An event this afternoon with one session and somebody who registered; gives that lookup code.
async fn event(
    site: &Site,
    write: &Write,
    d: &Dossier,
    people: &People,
    department: DepartmentId,
    shown: Option<DateTime<Utc>>,
) -> String {
    let app = &site.app;
    let event = event::Model {
        id: app.id(),
        code: d.event.clone(),
        kind: EventKind::Seminar,
        department_id: department,
        decision_id: Some(d.decision),
        title: format!("座谈会（{}）", d.code),
        summary: "听取意见。".into(),
        conditions: String::new(),
        accessibility: String::new(),
        contact_name: "群众体育处".into(),
        phone: "000-12345678".into(),
        email: String::new(),
        published_at: shown,
        published_by: None,
        cancelled_at: None,
        cancelled_reason: None,
        report: None,
        outcome: None,
        said: None,
        attendance: None,
        attended: None,
        report_published_at: None,
        erased_at: None,
        created_by: people.owner,
        created_at: app.now(),
        revision: 1,
    };
    let session = event_session::Model {
        id: app.id(),
        event_id: event.id,
        number: 1,
        place: "一楼会议室".into(),
        directions: String::new(),
        begins_at: at("2026-03-02", 14, 0),
        ends_at: at("2026-03-02", 16, 0),
        capacity: 30,
        registration_opens_at: at("2026-02-24", 9, 0),
        registration_closes_at: at("2026-03-02", 14, 0),
        party_max: 4,
        offer_hours: 0,
        taken: 1,
        present: 0,
        issued: 1,
        method: SeatMethod::Draw,
        by_group: false,
    };
    let draw = event_draw::Model {
        session_id: session.id,
        commitment: "00".repeat(32),
        secret_enc: None,
        committed_at: app.now(),
        drawn_at: Some(app.now()),
        protocol: Some(serde_json::to_string(&protocol(&d.event)).unwrap()),
    };
    let seat = event_registration::Model {
        id: app.id(),
        session_id: session.id,
        number: 1,
        seats: 1,
        state: RegistrationState::Confirmed,
        walk_in: false,
        name_enc: Some(app.keys.encrypt("王小明", &app.rng)),
        contact_enc: None,
        person_hash: None,
        form_hash: None,
        lang: "zh".into(),
        registered_at: app.now(),
        offered_until: None,
        ended_at: None,
        came_at: None,
        came: 0,
        let_in_by: None,
        seat_group: None,
        drawn: Some(1),
        name_public: false,
        confirmed_record_at: None,
        signature_noted_by: None,
    };
    let id = seat.id.0;
    attach(site, write, (SubjectKind::Event, event.id.0), (d.picture, true)).await;
    put(write, event).await;
    put(write, session).await;
    put(write, draw).await;
    put(write, seat).await;
    let mut rows = jianyan::db::Inserts::default();
    let lookup = receipt::issue(app, &mut rows, SubjectKind::EventRegistration, id);
    rows.run(write).await.unwrap();
    lookup.grouped()
}

pub fn decision_row(
    site: &Site,
    d: &Dossier,
    people: &People,
    department: DepartmentId,
    shown: Option<DateTime<Utc>>,
) -> decision::Model {
    decision::Model {
        id: d.decision,
        code: d.code.into(),
        year: 2026,
        title: format!("公共体育场馆开放服务办法（{}）", d.code),
        kind: DecisionKind::PublicMeasure,
        department_id: department,
        owner_id: Some(people.owner),
        summary: "让更多的人在更多的时间用上体育场馆。".into(),
        basis: "公共文化体育设施条例".into(),
        doc_number: None,
        promulgated_on: None,
        not_disclosed_basis: None,
        published_at: shown,
        created_at: site.app.now(),
        updated_at: site.app.now(),
        revision: 1,
    }
}

const TEXT: &str = "第一条　公共体育场馆应当向社会开放。";

fn document_row(site: &Site, d: &Dossier, shown: Option<DateTime<Utc>>) -> document::Model {
    document::Model {
        id: d.document,
        decision_id: d.decision,
        kind: DocumentKind::Draft,
        version: 1,
        title: "公共体育场馆开放服务办法（征求意见稿）".into(),
        body: TEXT.into(),
        content_hash: jianyan::keys::sha256_hex(TEXT.as_bytes()),
        correction_notice: None,
        published_at: shown,
        created_by: None,
        created_at: site.app.now(),
    }
}

fn clause_row(site: &Site, d: &Dossier) -> clause::Model {
    clause::Model {
        id: d.clause,
        document_id: d.document,
        lineage_id: site.app.id::<LineageId>(),
        position: 0,
        parent_id: None,
        path: "第一条".into(),
        kind: "article".into(),
        number: Some("第一条".into()),
        text: TEXT.into(),
    }
}

fn file_row(site: &Site, d: &Dossier) -> file::Model {
    file::Model {
        id: d.file,
        document_id: d.document,
        name: "起草说明.txt".into(),
        media_type: "text/plain".into(),
        size: 3,
        content_hash: jianyan::keys::sha256_hex(b"abc"),
        bytes: b"abc".to_vec(),
        created_at: site.app.now(),
    }
}

fn consultation_row(site: &Site, d: &Dossier, shown: Option<DateTime<Utc>>) -> consultation::Model {
    consultation::Model {
        id: d.consultation,
        code: d.window.clone(),
        decision_id: d.decision,
        document_id: d.document,
        title: format!("公共体育场馆开放服务办法（{}）公开征求意见", d.code),
        plain: String::new(),
        notice: "欢迎提出意见。".into(),
        opens_on: day("2026-02-24"),
        closes_on: day("2026-03-31"),
        short_reason: None,
        contact_name: "群众体育处".into(),
        address: "示例市体育路1号".into(),
        postcode: "200000".into(),
        email: "sports@example.invalid".into(),
        phone: "000-12345678".into(),
        identity: entity::enums::IdentityLevel::Unverified,
        published_at: shown,
        published_by: None,
        result_published_at: None,
        created_at: site.app.now(),
        revision: 1,
    }
}

fn opinion_row(site: &Site, d: &Dossier, shown: Option<DateTime<Utc>>) -> opinion::Model {
    let text = "希望延长晚间开放时间。";
    let state = if shown.is_some() { OpinionState::Published } else { OpinionState::Pending };
    opinion::Model {
        id: d.opinion,
        number: d.number.clone(),
        consultation_id: d.consultation,
        clause_id: Some(d.clause),
        channel: Channel::Site,
        person_kind: PersonKind::Individual,
        show_as: ShowAs::Masked,
        name_enc: Some(site.app.keys.encrypt("王小明", &site.app.rng)),
        contact_enc: None,
        person_hash: None,
        text: text.into(),
        text_hash: jianyan::keys::sha256_hex(text.as_bytes()),
        state,
        public_text: shown.map(|_| text.into()),
        public_name: shown.map(|_| "王*".into()),
        received_at: at("2026-02-25", 9, 0),
        received_by: None,
        reviewed_at: shown,
        published_at: shown,
        lang: "zh".into(),
        revision: 1,
        flood_id: Some(d.flood),
    }
}

fn flood_row(site: &Site, d: &Dossier) -> flood::Model {
    flood::Model {
        id: d.flood,
        consultation_id: d.consultation,
        kind: entity::enums::FloodKind::Network,
        key: "x".into(),
        threshold: 5,
        window_minutes: 10,
        began_at: at("2026-02-25", 9, 0),
        last_at: at("2026-02-25", 9, 0),
        ended_at: Some(site.app.now()),
        received: 1,
        released_at: None,
        released_by: None,
    }
}

fn message_row(
    site: &Site,
    d: &Dossier,
    sports: DepartmentId,
    shown: Option<DateTime<Utc>>,
) -> message::Model {
    let sealed = |text: &str| site.app.keys.encrypt(text, &site.app.rng);
    let public = |text: &str| shown.map(|_| text.to_owned());
    message::Model {
        id: d.message,
        number: d.message_number.clone(),
        kind: MessageKind::Question,
        title_enc: sealed("游泳馆开放时间"),
        text_enc: sealed("暑假几点开放？"),
        addressed_to: None,
        name_enc: Some(sealed("王小明")),
        contact_enc: None,
        person_hash: None,
        may_publish: true,
        state: if shown.is_some() { MessageState::Answered } else { MessageState::Accepted },
        department_id: Some(sports),
        received_at: at("2026-02-25", 9, 0),
        month: "2026-02".into(),
        decided_at: Some(at("2026-02-25", 15, 0)),
        decided_by: None,
        reason: None,
        reason_note: String::new(),
        extended_at: None,
        extension_reason: String::new(),
        answer_enc: shown.map(|_| sealed("早上六点。")),
        answered_at: shown,
        answered_by: None,
        in_time: shown.map(|_| true),
        public_title: public("游泳馆开放时间"),
        public_text: public("暑假几点开放？"),
        public_name: public("王*"),
        public_answer: public("早上六点。"),
        published_at: shown,
        satisfaction: None,
        follow_up_enc: None,
        followed_up_at: None,
        follow_up_answer_enc: None,
        follow_up_answered_at: None,
        page_id: None,
        lang: "zh".into(),
        revision: 1,
    }
}

fn step_row(site: &Site, d: &Dossier) -> step::Model {
    step::Model {
        id: d.step,
        decision_id: d.decision,
        kind: StepKind::Draft,
        happened_on: Some(day("2026-02-20")),
        note: String::new(),
        skipped_reason: None,
        document_id: Some(d.document),
        recorded_by: None,
        created_at: site.app.now(),
    }
}

fn topic_row(site: &Site, d: &Dossier, people: &People) -> topic::Model {
    topic::Model {
        id: d.topic,
        consultation_id: d.consultation,
        title: "延长开放时间".into(),
        gist: "希望晚间延长开放。".into(),
        position: 0,
        people: 1,
        created_by: people.owner,
        created_at: site.app.now(),
    }
}

fn response_row(site: &Site, d: &Dossier, people: &People) -> response::Model {
    response::Model {
        id: d.response,
        consultation_id: d.consultation,
        topic_id: Some(d.topic),
        opinion_id: None,
        outcome: Outcome::Adopted,
        reason: "已在第一条中写明。".into(),
        final_clause_id: None,
        public_outcome: None,
        public_reason: None,
        public_clause_id: None,
        public_version: None,
        created_by: people.owner,
        created_at: site.app.now(),
        updated_at: site.app.now(),
    }
}

async fn catalogue(
    site: &Site,
    write: &Write,
    d: &Dossier,
    department: DepartmentId,
    shown: Option<DateTime<Utc>>,
) {
    // One catalogue a department and year: the hidden one is of another year.
    let year = if shown.is_some() { 2026 } else { 2027 };
    let now = site.app.now();
    put(write, catalogue::Model { id: d.catalogue, department_id: department, year, created_at: now }).await;
    put(
        write,
        catalogue_version::Model {
            id: d.catalogue_version,
            catalogue_id: d.catalogue,
            number: 1,
            state: if shown.is_some() { VersionState::Published } else { VersionState::Draft },
            reason: None,
            published_at: shown,
            published_by: None,
            created_at: now,
        },
    )
    .await;
    put(
        write,
        catalogue_entry::Model {
            id: site.app.id(),
            version_id: d.catalogue_version,
            decision_id: d.decision,
            position: 1,
            title: "公共体育场馆开放服务办法".into(),
            kind: DecisionKind::PublicMeasure,
            department_id: department,
            basis: "公共文化体育设施条例".into(),
            planned_time: "第四季度".into(),
            steps: json!([]),
        },
    )
    .await;
}

async fn review(site: &Site, write: &Write, people: &People, opinion: OpinionId) {
    let row = review::Model {
        id: site.app.id(),
        opinion_id: opinion,
        action: ReviewAction::Publish,
        reason_code: None::<ReasonCode>,
        reason_text: String::new(),
        public_text: None,
        moderator_id: people.moderator,
        second_id: None,
        state: ReviewState::Final,
        created_at: site.app.now(),
        decided_at: Some(site.app.now()),
    };
    put(write, row).await;
}

async fn inbox(site: &Site, write: &Write, staff: StaffId, d: &Dossier) -> NoticeId {
    let id = site.app.id();
    let row = notice::Model {
        id,
        staff_id: Some(staff),
        recipient: staff.to_string(),
        contact_enc: None,
        subject_kind: SubjectKind::Duty,
        subject_id: d.duty.0,
        stage: "left_5".into(),
        title: "征求意见将于 2026年3月31日 截止".into(),
        body: "请及时办理。".into(),
        path: format!("/desk/consultations/{}", d.window),
        created_at: site.app.now(),
        read_at: None,
    };
    put(write, row).await;
    id
}

async fn parked_job(site: &Site, write: &Write) -> JobId {
    let id = site.app.id();
    let row = job::Model {
        id,
        kind: "nobody.knows".into(),
        unique_key: "nobody.knows".into(),
        payload: json!({}),
        run_at: site.app.now(),
        state: JobState::Parked,
        attempts: 10,
        lease_until: None,
        last_error: Some("internal".into()),
        created_at: site.app.now(),
        finished_at: None,
    };
    put(write, row).await;
    id
}

async fn staff_request(site: &Site, write: &Write, people: &People) -> StaffRequestId {
    let id = site.app.id();
    let row = staff_request::Model {
        id,
        kind: StaffRequestKind::Roles,
        staff_id: people.owner,
        roles: json!(["moderator"]),
        requested_by: people.supervisor,
        requested_at: site.app.now(),
        outcome: None,
        decided_by: None,
        decided_at: None,
    };
    put(write, row).await;
    id
}

fn plan_item(site: &Site) -> work_plan_item::Model {
    work_plan_item::Model {
        id: site.app.id::<WorkPlanItemId>(),
        year: 2026,
        position: 1,
        section: "一、决策公开".into(),
        subsection: String::new(),
        requirement: "公布目录".into(),
        responsible: "办公室".into(),
        implementing: "各处室".into(),
        measure: "及时公布。".into(),
        deadline_text: "全年".into(),
        deadline_on: None,
    }
}

/// A decision that was promulgated on a day, with a consultation long closed and its duty to answer.
pub struct Promulgated {
    pub decision: DecisionId,
    pub consultation: ConsultationId,
}

pub async fn promulgated(world: &World, code: &'static str, on: NaiveDate) -> Promulgated {
    let site = &world.site;
    let write = site.app.write().await.unwrap();
    let known = Some(at("2025-11-03", 9, 0));
    let d = dossier_rows(world, &write, code, known, on).await;
    let begin = Begin {
        kind: DutyKind::AdoptionSummary,
        subject_kind: SubjectKind::Decision,
        subject_id: d.decision.0,
        title: "健身步道建设规划".into(),
        path: format!("/desk/decisions/{code}"),
        department_id: world.sports,
        owner_id: Some(world.people.owner),
        start_on: on,
        term: Term::WorkingDays(10),
    };
    duty::open(&site.app, &write, &Actor::system(), begin).await.unwrap();
    write.commit().await.unwrap();
    d
}

async fn dossier_rows(
    world: &World,
    write: &Write,
    code: &'static str,
    shown: Option<DateTime<Utc>>,
    on: NaiveDate,
) -> Promulgated {
    let site = &world.site;
    let app = &site.app;
    let window = format!("{code}-1");
    let d = Dossier {
        decision: app.id(),
        code,
        document: app.id(),
        clause: app.id(),
        file: app.id(),
        picture: app.id(),
        consultation: app.id(),
        number: format!("{window}-000001"),
        submission: String::new(),
        answers: String::new(),
        window,
        opinion: app.id(),
        flood: app.id(),
        topic: app.id(),
        step: app.id(),
        response: app.id(),
        duty: DutyId(Uuid::nil()),
        lookup: String::new(),
        catalogue: app.id(),
        catalogue_version: app.id(),
        event: format!("E{code}"),
        seat: String::new(),
        message: app.id(),
        message_number: String::new(),
        message_lookup: String::new(),
        qa: format!("Q{code}"),
        question_lookup: String::new(),
    };
    let decision = decision_row(site, &d, &world.people, world.sports, shown);
    put(write, decision::Model { title: "健身步道建设规划".into(), promulgated_on: Some(on), ..decision })
        .await;
    put(write, document_row(site, &d, shown)).await;
    put(write, clause_row(site, &d)).await;
    let window = consultation_row(site, &d, shown);
    put(write, consultation::Model { opens_on: day("2025-11-03"), closes_on: day("2025-12-05"), ..window })
        .await;
    let opinion = opinion_row(site, &d, shown);
    put(write, opinion.clone()).await;
    let mut counted = jianyan::db::Inserts::default();
    tally::received(&mut counted, &opinion);
    counted.run(write).await.unwrap();
    Promulgated { decision: d.decision, consultation: d.consultation }
}

/// Publishes a summary with its numbers, as far as the public sees it.
pub async fn answered(world: &World, d: &Promulgated, at: DateTime<Utc>) {
    let site = &world.site;
    let write = site.app.write().await.unwrap();
    let row = summary::Model {
        id: site.app.id::<SummaryId>(),
        decision_id: d.decision,
        consultation_id: d.consultation,
        state: SummaryState::Published,
        title: "关于《健身步道建设规划》公众意见建议收集和采纳情况".into(),
        participation: String::new(),
        overview: String::new(),
        participation_edited: false,
        overview_edited: false,
        submitted_hash: None,
        correction_reason: None,
        snapshot: Some(
            json!({ "figures": { "received": 64, "adopted": 21, "partly_adopted": 13, "not_adopted": 17, "explained": 11 } }),
        ),
        submitted_by: None,
        submitted_at: None,
        approved_by: None,
        approved_at: None,
        returned_reason: None,
        published_at: Some(at),
        published_by: None,
        created_at: at,
        updated_at: at,
        revision: 1,
    };
    put(&write, row).await;
    duty::complete(&site.app, &write, &Actor::system(), DutyKind::AdoptionSummary, d.decision.0)
        .await
        .unwrap();
    write.commit().await.unwrap();
}
