//! Writing a message. Sent twice, it is received once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DutyKind, MessageKind, MessageState, SubjectKind};
use entity::id::{DepartmentId, MessageId};
use entity::message::Model;
use entity::message_page;
use serde_json::json;

use super::content::Content;
use super::{answer_days, place, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::challenge::{self, Gate};
use crate::db::{Inserts, Write};
use crate::duty::{self, Begin, Term};
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, department, identity, opinion, sequence, text};

const SCOPE: &str = "message";

/// A message as a form or a program sends it.
#[derive(Clone, Debug, Default)]
pub struct Submit {
    pub content: Content,
    /// Address of the page under which it is left; empty for the board itself.
    pub page: String,
    /// 已阅读《留言须知》
    pub consent: bool,
    /// A second request with the same key is the same request.
    pub idempotency_key: Option<String>,
    /// Language of the author's pages and mails: "zh" or "en".
    pub lang: &'static str,
}

/// What the author gets.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub number: String,
    pub code: LookupCode,
    pub received_at: DateTime<Utc>,
    /// Last day for the answer, if it is accepted.
    pub answer_by: NaiveDate,
    /// The same request had been received before.
    pub repeated: bool,
}

/// Receives a message and gives its receipt.
///
/// # Errors
/// `invalid`; `key_reused`; `too_many_requests`; the database's own.
pub async fn submit(app: &App, actor: &Actor, input: &Submit) -> Result<Receipt, Problem> {
    let now = app.now();
    let content = check(app, input)?;
    rate::check(app, Act::Message, &actor.address).await?;
    let pass = challenge::check(app, actor, Gate::Message)?;
    let place = place::for_message(app, &input.page).await?;
    let id = app.id::<MessageId>();
    let write = app.write().await?;
    write.unseen();
    if let Some(key) = &input.idempotency_key {
        let (hash, answer) = (request_hash(app, &content, place.as_ref()), json!({ "message": id }));
        if let Some(first) = opinion::first_answer(app, &write, SCOPE, key, &hash, answer).await? {
            let first: MessageId =
                serde_json::from_value(first["message"].clone()).map_err(Problem::internal)?;
            let row = store::find(&*write, first).await?;
            write.commit().await?;
            return receipt_of(app, &row, true);
        }
    }
    pass.spend(app, actor, &write).await?;
    let addressed_to = addressed(&write, &content.department).await?;
    let year = civil::local_date(now).format("%Y").to_string();
    let seq = sequence::next(&write, &format!("message:{year}")).await?;
    let row = Model {
        page_id: place.as_ref().map(|p| p.id),
        ..row(app, &content, id, format!("LY{year}-{seq:06}"), addressed_to, now, input.lang)
    };
    let mut rows = Inserts::default();
    rows.add(row.clone());
    rows.add(identity::consent::agreed(app, &write, SubjectKind::Message, id.0).await?);
    receipt::issue(app, &mut rows, SubjectKind::Message, id.0);
    rows.run(&write).await?;
    let detail = json!({ "number": row.number, "kind": row.kind, "page": place.map(|p| p.path) });
    audit::record(app, &write, actor, "message.submit", audit::subject(SubjectKind::Message, id), detail)
        .await?;
    begin_intake(app, &write, actor, &row).await?;
    let receipt = receipt_of(app, &row, false)?;
    tell::received(app, &write, &row, receipt.answer_by).await?;
    write.commit().await?;
    Ok(receipt)
}

fn check(app: &App, input: &Submit) -> Result<Content, Problem> {
    let checked = identity::own_name(app, &input.content.name, input.content.check(&app.config));
    if !input.consent {
        let problem = checked.err().unwrap_or_else(|| Problem::new(Code::Invalid));
        return Err(problem.field("consent", "请先阅读并同意留言须知", "Please read and accept the rules"));
    }
    if let Some(key) = &input.idempotency_key {
        opinion::check_key(key)?;
    }
    checked
}

/// The moderators' duty to accept it or not. It stands with the department that was written to, else with the
/// bureau itself, which comes first in the organisation.
async fn begin_intake(app: &App, write: &Write, actor: &Actor, row: &Model) -> Result<(), Problem> {
    let bureau = department::all(&**write).await?.first().map(|d| d.id);
    let Some(department_id) = row.addressed_to.or(bureau) else { return Ok(()) };
    let begin = Begin {
        kind: DutyKind::MessageIntake,
        subject_kind: SubjectKind::Message,
        subject_id: row.id.0,
        title: super::duty_title(row),
        path: super::desk_path(row),
        department_id,
        owner_id: None,
        start_on: civil::local_date(row.received_at),
        term: Term::WorkingDays(app.config.rules.message_intake_working_days),
    };
    duty::open(app, write, actor, begin).await?;
    Ok(())
}

async fn addressed(write: &Write, key: &str) -> Result<Option<DepartmentId>, Problem> {
    if key.is_empty() {
        return Ok(None);
    }
    match department::all(&**write).await?.into_iter().find(|d| d.key == key) {
        Some(department) => Ok(Some(department.id)),
        None => Err(Problem::invalid("department", "没有这个单位", "There is no such department")),
    }
}

fn row(
    app: &App,
    c: &Content,
    id: MessageId,
    number: String,
    addressed_to: Option<DepartmentId>,
    received_at: DateTime<Utc>,
    lang: &str,
) -> Model {
    let seal = |plain: &str| (!plain.is_empty()).then(|| app.keys.encrypt(plain, &app.rng));
    let sealed = |plain: &str| app.keys.encrypt(plain, &app.rng);
    let person_hash =
        (!c.contact.is_empty()).then(|| app.keys.mac_hex(Purpose::Contact, &text::contact_key(&c.contact)));
    Model {
        id,
        number,
        kind: c.kind.unwrap_or(MessageKind::Question),
        title_enc: sealed(&c.title),
        text_enc: sealed(&c.text),
        addressed_to,
        name_enc: seal(&c.name),
        contact_enc: seal(&c.contact),
        person_hash,
        may_publish: c.may_publish,
        state: MessageState::Pending,
        department_id: None,
        received_at,
        month: civil::local_date(received_at).format("%Y-%m").to_string(),
        decided_at: None,
        decided_by: None,
        reason: None,
        reason_note: String::new(),
        extended_at: None,
        extension_reason: String::new(),
        answer_enc: None,
        answered_at: None,
        answered_by: None,
        in_time: None,
        public_title: None,
        public_text: None,
        public_name: None,
        public_answer: None,
        published_at: None,
        satisfaction: None,
        follow_up_enc: None,
        followed_up_at: None,
        follow_up_answer_enc: None,
        follow_up_answered_at: None,
        page_id: None,
        lang: if lang == "en" { "en".into() } else { "zh".into() },
        revision: 1,
    }
}

/// Keyed, because it covers a contact that could be guessed.
fn request_hash(app: &App, c: &Content, place: Option<&message_page::Model>) -> String {
    let page = place.map(|p| p.id);
    let request = json!([c.kind, c.title, c.text, c.department, c.name, c.contact, c.may_publish, page]);
    app.keys.mac_hex(Purpose::Form, &request.to_string())
}

fn receipt_of(app: &App, row: &Model, repeated: bool) -> Result<Receipt, Problem> {
    Ok(Receipt {
        number: row.number.clone(),
        code: LookupCode::of(&app.keys, SubjectKind::Message, row.id.0),
        received_at: row.received_at,
        answer_by: answer_by(app, row)?,
        repeated,
    })
}

/// The last day for the answer as it would be counted now: from the day the message came, which does not
/// count, so that waiting for acceptance costs the author nothing.
pub(super) fn answer_by(app: &App, row: &Model) -> Result<NaiveDate, Problem> {
    let days = answer_days(&app.config.rules, row.kind);
    Ok(app.calendar().nth_working_day_after(civil::local_date(row.received_at), days)?.date)
}
