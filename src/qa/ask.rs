//! Asking a question, without an account. Sent twice, it is received once.

use chrono::{DateTime, Utc};
use entity::enums::{QuestionState, SubjectKind};
use entity::id::QaQuestionId;
use entity::qa_question::Model;
use entity::qa_session::Model as Session;
use serde_json::json;
use validator::{Validate, ValidationError};

use super::content::length;
use super::store::question as rows;
use super::{Stage, stage, store, tell, words};
use crate::actor::Actor;
use crate::app::App;
use crate::challenge::{self, Gate};
use crate::db::Inserts;
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, opinion, text};

const SCOPE: &str = "qa_question";
/// Characters of a question: one matter, so that it can be answered at the table.
pub const LONGEST_QUESTION: usize = 500;

/// A question as a form or a program sends it.
#[derive(Clone, Debug, Default, Validate)]
pub struct Ask {
    /// Code of the session.
    pub session: String,
    #[validate(custom(function = text::several_lines))]
    pub text: String,
    /// May be empty.
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub name: String,
    /// May be empty; without it nobody is told.
    #[validate(custom(function = email))]
    pub contact: String,
    /// 已阅读《留言须知》
    pub consent: bool,
    /// A second request with the same key is the same request.
    pub idempotency_key: Option<String>,
    /// Language of the author's pages and mails: "zh" or "en".
    pub lang: &'static str,
}

fn email(contact: &str) -> Result<(), ValidationError> {
    if contact.is_empty() || text::is_email(contact) {
        return text::one_line(contact);
    }
    Err(ValidationError::new("请填写正确的电子邮箱|Please give a valid e-mail address"))
}

/// What the author gets.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub number: String,
    pub code: LookupCode,
    pub received_at: DateTime<Utc>,
    /// The same request had been received before.
    pub repeated: bool,
}

/// Receives a question and gives its receipt.
///
/// # Errors
/// `invalid`; `not_found` for a session that is not public; `conflict` when it takes no questions; `key_reused`;
/// `too_many_requests`; the database's own.
pub async fn ask(app: &App, actor: &Actor, input: &Ask) -> Result<Receipt, Problem> {
    let input = tidy(input);
    check(&input)?;
    rate::check(app, Act::Message, &actor.address).await?;
    let pass = challenge::check(app, actor, Gate::Question)?;
    let id = app.id::<QaQuestionId>();
    let write = app.write().await?;
    write.unseen();
    let session = store::lock_by_code(&write, &input.session).await?;
    if session.published_at.is_none() {
        return Err(Problem::not_found());
    }
    if let Some(key) = &input.idempotency_key {
        let (hash, answer) = (request_hash(app, &input), json!({ "question": id }));
        if let Some(first) = opinion::first_answer(app, &write, SCOPE, key, &hash, answer).await? {
            let first: QaQuestionId =
                serde_json::from_value(first["question"].clone()).map_err(Problem::internal)?;
            let row = rows::find(&*write, first).await?;
            write.commit().await?;
            return Ok(receipt_of(app, &session, &row, true));
        }
    }
    takes_questions(app, &session)?;
    pass.spend(app, actor, &write).await?;
    let number = store::issue(&write, &session).await?;
    let row = row(app, &input, id, &session, number);
    let mut inserts = Inserts::default();
    inserts.add(row.clone());
    receipt::issue(app, &mut inserts, SubjectKind::QaQuestion, id.0);
    inserts.run(&write).await?;
    let subject = audit::subject(SubjectKind::QaQuestion, id);
    let detail = json!({ "session": session.code, "number": number });
    audit::record(app, &write, actor, "qa.ask", subject, detail).await?;
    tell::received(app, &write, &session, &row).await?;
    write.commit().await?;
    Ok(receipt_of(app, &session, &row, false))
}

fn tidy(input: &Ask) -> Ask {
    Ask {
        text: text::tidy(&input.text),
        name: text::tidy(&input.name),
        contact: text::tidy(&input.contact),
        ..input.clone()
    }
}

fn check(input: &Ask) -> Result<(), Problem> {
    let mut problem = match input.validate() {
        Ok(()) => Problem::new(Code::Invalid),
        Err(errors) => Problem::from(errors),
    };
    problem = length(problem, "text", &input.text, LONGEST_QUESTION);
    if !input.consent {
        problem = problem.field("consent", "请先阅读并同意留言须知", "Please read and accept the rules");
    }
    if let Some(key) = &input.idempotency_key {
        opinion::check_key(key)?;
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Questions are taken now, or the reason why not.
fn takes_questions(app: &App, session: &Session) -> Result<(), Problem> {
    match stage(session, app.now()) {
        Stage::Collecting | Stage::Live => Ok(()),
        Stage::Announced | Stage::Draft => {
            let opens = words::moment(session.opens_at);
            Err(Problem::conflict(
                format!("提问将于 {} 开始", opens.zh),
                format!("Questions are taken from {}", opens.en),
            ))
        }
        Stage::Ended => Err(Problem::conflict(
            "本场网络问政已经结束，不再接受提问；可以到留言板留言",
            "This session is over and takes no more questions; please use the message board",
        )),
        Stage::Cancelled => Err(Problem::conflict("本场网络问政已取消", "This session is cancelled")),
    }
}

fn row(app: &App, input: &Ask, id: QaQuestionId, session: &Session, number: i32) -> Model {
    let seal = |plain: &str| (!plain.is_empty()).then(|| app.keys.encrypt(plain, &app.rng));
    Model {
        id,
        session_id: session.id,
        number,
        text_enc: app.keys.encrypt(&input.text, &app.rng),
        name_enc: seal(&input.name),
        contact_enc: seal(&input.contact),
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
        lang: if input.lang == "en" { "en".into() } else { "zh".into() },
        revision: 1,
    }
}

/// Keyed, because it covers a contact that could be guessed.
fn request_hash(app: &App, input: &Ask) -> String {
    let request = json!([input.session, input.text, input.name, input.contact]);
    app.keys.mac_hex(Purpose::Form, &request.to_string())
}

fn receipt_of(app: &App, session: &Session, row: &Model, repeated: bool) -> Receipt {
    Receipt {
        number: super::number(&session.code, row.number),
        code: LookupCode::of(&app.keys, SubjectKind::QaQuestion, row.id.0),
        received_at: row.received_at,
        repeated,
    }
}
