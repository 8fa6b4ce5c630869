//! A request about personal data that the site cannot carry out by itself: what is done with the data and why, that it
//! be done no more, a copy in another form, a correction of the record (个人信息保护法 Art. 44 to 48). Whoever proved a
//! contact asks; a person of the bureau answers within a duty, with the reason of a refusal (Art. 50).

use chrono::NaiveDate;
use entity::data_inquiry::Model;
use entity::enums::{DataRight, DutyKind, DutyState, SubjectKind};
use entity::id::DataRequestId;
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::policy::may_answer;
use super::session::Person;
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::{Inserts, Write};
use crate::duty::{self, Begin, Term};
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, department, sequence, text};

/// Characters of a request and of its answer.
pub const LONGEST: usize = 2000;

/// What is asked.
#[derive(Clone, Debug, Default, Validate)]
pub struct Inquiry {
    pub kind: Option<DataRight>,
    #[validate(custom(function = text::several_lines))]
    pub text: String,
}

/// How it was answered.
#[derive(Clone, Debug, Default, Validate)]
pub struct Answer {
    /// Whether it was done as asked.
    pub granted: Option<bool>,
    #[validate(custom(function = text::several_lines))]
    pub text: String,
}

/// A request with what only the two sides know.
#[derive(Clone, Debug)]
pub struct Opened {
    pub inquiry: Model,
    pub text: String,
    pub answer: Option<String>,
    pub contact_masked: Option<String>,
    /// Last day for the answer, as counted; none once it was answered.
    pub due_on: Option<NaiveDate>,
}

fn length(problem: Problem, text: &str) -> Problem {
    let n = text.chars().count();
    match n {
        0 => problem.field("text", "请填写", "Please fill this in"),
        n if n > LONGEST => problem.field(
            "text",
            format!("最多 {LONGEST} 字，现有 {n} 字"),
            format!("At most {LONGEST} characters, there are {n}"),
        ),
        _ => problem,
    }
}

fn found(checked: Result<(), validator::ValidationErrors>) -> Problem {
    checked.err().map_or_else(|| Problem::new(Code::Invalid), Problem::from)
}

/// Receives a request; gives the lookup code of its page.
///
/// # Errors
/// `invalid`; `too_many_requests`; the database's own.
pub async fn ask(
    app: &App,
    actor: &Actor,
    person: &Person,
    input: &Inquiry,
    lang: &str,
) -> Result<(Model, LookupCode), Problem> {
    let input = Inquiry { text: text::tidy(&input.text), ..input.clone() };
    let problem = length(found(input.validate()), &input.text);
    let Some(kind) = input.kind else {
        return Err(problem.field("kind", "请选择请求的类别", "Please choose what you ask for"));
    };
    if !problem.fields.is_empty() {
        return Err(problem);
    }
    rate::check(app, Act::Message, &actor.address).await?;
    let now = app.now();
    let write = app.write().await?;
    write.unseen();
    let year = civil::local_date(now).format("%Y").to_string();
    let seq = sequence::next(&write, &format!("data_request:{year}")).await?;
    let row = Model {
        id: app.id(),
        number: format!("GX{year}-{seq:06}"),
        kind,
        text_enc: Some(app.keys.encrypt(&input.text, &app.rng)),
        contact_enc: Some(app.keys.encrypt(&person.contact, &app.rng)),
        person_hash: Some(person.hash.clone()),
        received_at: now,
        answered_at: None,
        answered_by: None,
        granted: None,
        answer_enc: None,
        lang: if lang == "en" { "en".into() } else { "zh".into() },
    };
    let mut rows = Inserts::default();
    rows.add(row.clone());
    let code = receipt::issue(app, &mut rows, SubjectKind::DataRequest, row.id.0);
    rows.run(&write).await?;
    let detail = json!({ "number": row.number, "kind": row.kind });
    audit::record(app, &write, actor, "my_data.ask", subject(&row), detail).await?;
    let due = begin(app, &write, actor, &row).await?;
    tell::received(app, &write, &row, due).await?;
    write.commit().await?;
    Ok((row, code))
}

fn subject(row: &Model) -> audit::Subject {
    audit::subject(SubjectKind::DataRequest, row.id)
}

/// The duty stands with the bureau itself, which comes first in the organisation.
async fn begin(app: &App, write: &Write, actor: &Actor, row: &Model) -> Result<Option<NaiveDate>, Problem> {
    let Some(bureau) = department::all(&**write).await?.into_iter().next() else { return Ok(None) };
    let begin = Begin {
        kind: DutyKind::DataInquiry,
        subject_kind: SubjectKind::DataRequest,
        subject_id: row.id.0,
        // Never what was asked.
        title: row.number.clone(),
        path: format!("{}/{}", web::path::DESK_DATA_REQUESTS, row.number),
        department_id: bureau.id,
        owner_id: None,
        start_on: civil::local_date(row.received_at),
        term: Term::WorkingDays(app.config.rules.data_inquiry_working_days),
    };
    Ok(Some(duty::open(app, write, actor, begin).await?.due_on))
}

async fn opened(app: &App, db: &impl ConnectionTrait, inquiry: Model) -> Result<Opened, Problem> {
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|s| app.keys.decrypt(s));
    let duties = duty::of_subject(db, inquiry.id.0).await?;
    let due = duties.iter().find(|d| d.kind == DutyKind::DataInquiry && d.state == DutyState::Open);
    Ok(Opened {
        text: open(&inquiry.text_enc).unwrap_or_default(),
        answer: open(&inquiry.answer_enc),
        contact_masked: open(&inquiry.contact_enc).map(|c| text::mask_contact(&c)),
        due_on: due.map(|d| d.due_on),
        inquiry,
    })
}

/// The request that a lookup code stands for; none for one that the site carried out by itself.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn by_code(app: &App, address: &str, typed: &str) -> Result<Option<Opened>, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let db = app.db.read();
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(db, &code).await?;
    if receipt.subject_kind != SubjectKind::DataRequest {
        return Err(Problem::not_found());
    }
    match store::inquiry(db, DataRequestId(receipt.subject_id)).await? {
        Some(inquiry) => Ok(Some(opened(app, db, inquiry).await?)),
        None => Ok(None),
    }
}

/// What one person asked, the newest first.
///
/// # Errors
/// The database's own.
pub async fn of_person(app: &App, person: &str) -> Result<Vec<Opened>, Problem> {
    let db = app.db.read();
    let mut all = Vec::new();
    for inquiry in store::inquiries_of(db, person).await? {
        all.push(opened(app, db, inquiry).await?);
    }
    Ok(all)
}

/// A part of the list on the desk: what waits by its age, or what is done the newest first; and how many there are.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn list(
    app: &App,
    actor: &Actor,
    done: bool,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Opened>, u64), Problem> {
    may_answer(actor)?;
    let db = app.db.read();
    let (rows, all) = store::inquiries(db, done, limit, offset).await?;
    let mut items = Vec::with_capacity(rows.len());
    for inquiry in rows {
        items.push(opened(app, db, inquiry).await?);
    }
    Ok((items, all))
}

/// One request on the desk.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; the database's own.
pub async fn case(app: &App, actor: &Actor, number: &str) -> Result<Opened, Problem> {
    may_answer(actor)?;
    let db = app.db.read();
    let inquiry = store::inquiry_by_number(db, number).await?;
    opened(app, db, inquiry).await
}
/// How many wait for an answer.
///
/// # Errors
/// The database's own.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(store::inquiries(db, false, 0, 0).await?.1)
}

/// Answers a request, once: done as asked or not, and why.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when it was answered; the database's own.
pub async fn answer(app: &App, actor: &Actor, number: &str, input: &Answer) -> Result<(), Problem> {
    let staff = may_answer(actor)?.id;
    let input = Answer { text: text::tidy(&input.text), ..input.clone() };
    let mut problem = length(found(input.validate()), &input.text);
    if input.granted.is_none() {
        problem = problem.field("granted", "请选择办理结果", "Please choose the outcome");
    }
    if !problem.fields.is_empty() {
        return Err(problem);
    }
    let write = app.write().await?;
    write.unseen();
    let before = store::lock_inquiry(&write, number).await?;
    if before.answered_at.is_some() {
        return Err(Problem::conflict("这项请求已经答复", "This request was answered"));
    }
    let after = Model {
        answered_at: Some(app.now()),
        answered_by: Some(staff),
        granted: input.granted,
        answer_enc: Some(app.keys.encrypt(&input.text, &app.rng)),
        ..before
    };
    store::update_inquiry(&write, &after).await?;
    duty::complete(app, &write, actor, DutyKind::DataInquiry, after.id.0).await?;
    let detail = json!({ "granted": after.granted });
    audit::record(app, &write, actor, "my_data.answer", subject(&after), detail).await?;
    tell::answered(app, &write, &after).await?;
    write.commit().await
}
