//! Opinions on several clauses in one go: one submission with one receipt and one person.
//!
//! Each part is an opinion of its own: it has its number, its duty of review, its decision, its place in a topic
//! and its answer. So it is counted where every opinion is counted, and everything adds up without a second rule;
//! a list of texts inside one opinion would have to be taken apart again wherever something is counted by clause
//! or decided. What the parts share is kept beside them: the submission they came in. Its lookup code opens the
//! list of them. All parts are by one person, also without a contact: they then share a keyed hash of the
//! submission in place of that of the contact.

use std::collections::HashSet;

use entity::enums::{Channel, SubjectKind};
use entity::id::{ClauseId, OpinionId, SubmissionId};
use entity::{consent, consultation, opinion, submission_part};
use serde_json::json;

use super::content::{Checked, Content, code};
use super::receive::{Incoming, Receipt, receive};
use super::{store, submit, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::db::{Inserts, Write};
use crate::identity::{self, Given, Use};
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, calendar};

/// More parts than anybody writes at one sitting.
pub const MOST: usize = 40;
const SCOPE: &str = "submission";

/// What is said on one clause, or on the whole draft.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub clause_id: Option<ClauseId>,
    pub text: String,
    /// The words the clause should have.
    pub wording: String,
}

impl Part {
    /// The name under which this part's errors are told.
    pub fn field(&self) -> String {
        self.clause_id.map_or_else(|| "text.all".to_owned(), |id| format!("text.{id}"))
    }
}

/// A submission as a form or a program sends it.
#[derive(Clone, Debug, Default)]
pub struct Several {
    /// Code of the consultation.
    pub consultation: String,
    pub parts: Vec<Part>,
    /// Name, contact, kind and showing, for all parts; its text is not read.
    pub person: Content,
    /// 已阅读《留言须知》
    pub consent: bool,
    /// The proof of the contact, where the consultation asks for one; it holds for all parts.
    pub identity: Given,
    pub idempotency_key: Option<String>,
    pub lang: &'static str,
}

/// What the author gets.
#[derive(Debug)]
pub struct Submitted {
    /// 查询码 of the submission.
    pub code: LookupCode,
    /// One receipt a part, in the order they were sent.
    pub parts: Vec<Receipt>,
    pub repeated: bool,
}

/// Everything that is wrong with a submission, at once; the parts as they are to be kept.
///
/// # Errors
/// `invalid`.
fn check(app: &App, input: &Several) -> Result<Vec<Checked>, Problem> {
    let mut problem = Problem::new(Code::Invalid);
    let mut checked = Vec::with_capacity(input.parts.len());
    if input.parts.is_empty() {
        problem = problem.field("parts", "请至少对一处写下意见", "Please write on one clause at least");
    }
    if input.parts.len() > MOST {
        let zh = format!("一次最多 {MOST} 条，请分两次提交");
        problem = problem.field("parts", zh, format!("At most {MOST} at a time; please send them in two"));
    }
    let mut seen = HashSet::new();
    for part in input.parts.iter().take(MOST) {
        if !seen.insert(part.clause_id) {
            problem = problem.field(part.field(), "同一条款请合在一起写", "Write on each clause once");
        }
        let content =
            Content { text: part.text.clone(), wording: part.wording.clone(), ..input.person.clone() };
        let whole = content.check(&app.config, &app.keys, app.config.rules.contact_required);
        let whole = identity::own_name(app, &input.person.name, whole);
        match input.identity.check(whole) {
            Ok(one) => checked.push(one),
            Err(wrong) => add(&mut problem, part, wrong),
        }
    }
    if input.parts.is_empty() {
        // The rest of the form is told all the same.
        let content = Content { text: "。".into(), ..input.person.clone() };
        if let Err(wrong) = content.check(&app.config, &app.keys, app.config.rules.contact_required) {
            add(&mut problem, &Part::default(), wrong);
        }
    }
    if !input.consent {
        problem = problem.field("consent", "请先阅读并同意留言须知", "Please read and accept the rules");
    }
    if let Some(key) = &input.idempotency_key {
        submit::check_key(key)?;
    }
    if problem.fields.is_empty() { Ok(checked) } else { Err(problem) }
}

/// What is wrong with a part is told at its field, what is wrong with the person once.
fn add(problem: &mut Problem, part: &Part, wrong: Problem) {
    for mut field in wrong.fields {
        if matches!(field.field.as_ref(), "text" | "wording") {
            field.field = part.field().into();
        } else if problem.fields.iter().any(|f| f.field == field.field) {
            continue;
        }
        problem.fields.push(field);
    }
}

/// Whether a submission could be sent as it is, before its author is asked once more.
///
/// # Errors
/// `invalid`; `consultation_closed`.
pub fn look(app: &App, target: &consultation::Model, input: &Several) -> Result<(), Problem> {
    check(app, input)?;
    crate::consultation::open_at(target, app.now()).map(drop)
}

/// Receives all parts, or none, and gives the receipt.
///
/// # Errors
/// `invalid`; `not_found` for a consultation that is not public; `consultation_closed`; `contact_unproven`;
/// `key_reused`; `too_many_requests`; the database's own.
pub async fn submit_several(app: &App, actor: &Actor, input: &Several) -> Result<Submitted, Problem> {
    let now = app.now();
    code(&input.consultation)?;
    let mut checked = check(app, input)?;
    rate::check(app, Act::Opinion, &actor.address).await?;
    let pass = submit::gate(app, actor, &input.identity)?;
    let given = &input.identity;
    let about = Use::Opinion(&input.consultation);
    // The form knows no way to a provider, and a program none at all.
    let tried = identity::try_out(app, about, &input.person.contact, given.proof.as_ref()).await?;
    let id = app.id::<SubmissionId>();
    let write = app.write().await?;
    write.unseen();
    if let Some(key) = &input.idempotency_key {
        let (hash, answer) = (request_hash(app, input), json!({ "submission": id }));
        if let Some(first) = store::first_answer(app, &write, SCOPE, key, &hash, answer).await? {
            let first = serde_json::from_value(first["submission"].clone()).map_err(Problem::internal)?;
            let answer = repeated(app, &write, first).await?;
            write.commit().await?;
            return Ok(answer);
        }
    }
    let (target, department) = store::target(&*write, &input.consultation).await?;
    crate::consultation::open_at(&target, now)?;
    let clauses = clauses(&write, &target, &input.parts).await?;
    let ids: Vec<OpinionId> = checked.iter().map(|_| app.id()).collect();
    let first = ids.first().map_or(id.0, |id| id.0);
    // One code proves the contact of all parts; each keeps what was agreed to for itself.
    let agreed =
        identity::admit(app, &write, target.identity, tried, given, SubjectKind::Opinion, first).await?;
    submit::go_through(app, actor, &write, pass, given, &agreed).await?;
    let alone = app.keys.mac_hex(Purpose::Contact, &format!("{SCOPE}:{id}"));
    let (mut rows, mut receipts) = (Inserts::default(), Vec::new());
    for (position, ((content, clause_id), part)) in checked.iter_mut().zip(clauses).zip(ids).enumerate() {
        content.person_hash.get_or_insert_with(|| alone.clone());
        let incoming = Incoming {
            id: part,
            consultation: &target,
            department,
            clause_id,
            channel: Channel::Site,
            content,
            received_at: now,
            review_from: calendar::civil::local_date(now),
            received_by: None,
            consent: Some(consent::Model { subject_id: part.0, ..agreed.clone() }),
            lang: input.lang,
            part: true,
        };
        let receipt = receive(app, &write, actor, &incoming).await?;
        let position = i32::try_from(position).map_err(Problem::internal)?;
        rows.add(submission_part::Model { opinion_id: receipt.id, submission_id: id, position });
        receipts.push(receipt);
    }
    let code = receipt::issue(app, &mut rows, SubjectKind::Submission, id.0);
    rows.run(&write).await?;
    let numbers: Vec<&str> = receipts.iter().map(|r| r.number.as_str()).collect();
    let subject = audit::subject(SubjectKind::Submission, id);
    audit::record(app, &write, actor, "submission.receive", subject, json!({ "numbers": numbers })).await?;
    let contact = checked.first().and_then(|c| c.contact.as_deref());
    let by = receipts.iter().map(|r| r.review_by).max();
    tell::received_several(app, &write, id, &target, contact, (receipts.len(), by), input.lang).await?;
    write.commit().await?;
    Ok(Submitted { code, parts: receipts, repeated: false })
}

/// The clauses of all parts in the text that is asked about now; every one that is not there is told.
async fn clauses(
    write: &Write,
    target: &consultation::Model,
    parts: &[Part],
) -> Result<Vec<Option<ClauseId>>, Problem> {
    let mut found = Vec::with_capacity(parts.len());
    let mut wrong = Problem::new(Code::Invalid);
    for part in parts {
        let clause = match part.clause_id {
            Some(chosen) => submit::clause(write, target.document_id, chosen).await.map(Some),
            None => Ok(None),
        };
        let clause = match clause {
            Ok(clause) => submit::proposes(write, clause, &part.wording).await.map(|()| clause),
            Err(problem) => Err(problem),
        };
        match clause {
            Ok(clause) => found.push(clause),
            Err(problem) if problem.code == Code::Invalid => {
                wrong.fields.extend(problem.fields.into_iter().map(|mut field| {
                    field.field = part.field().into();
                    field
                }));
            }
            Err(problem) => return Err(problem),
        }
    }
    if wrong.fields.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Keyed, because it covers a contact that could be guessed.
fn request_hash(app: &App, input: &Several) -> String {
    let p = &input.person;
    let parts: Vec<_> = input.parts.iter().map(|x| json!([x.clause_id, x.text, x.wording])).collect();
    let request = json!([input.consultation, parts, p.name, p.contact, p.person_kind, p.show_as]);
    app.keys.mac_hex(Purpose::Form, &request.to_string())
}

async fn repeated(app: &App, write: &Write, id: SubmissionId) -> Result<Submitted, Problem> {
    let mut parts = Vec::new();
    for o in store::submission::opinions(&**write, id).await? {
        parts.push(submit::repeated(app, write, o.id).await?);
    }
    Ok(Submitted { code: LookupCode::of(&app.keys, SubjectKind::Submission, id.0), parts, repeated: true })
}

/// A submission as its author may see it.
#[derive(Debug)]
pub struct Submission {
    pub code: LookupCode,
    pub consultation: consultation::Model,
    /// Each with the label of its clause and the code of its own page.
    pub parts: Vec<(opinion::Model, Option<String>, LookupCode)>,
}

/// Opens the list of what came in one submission.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn open(app: &App, address: &str, typed: &str) -> Result<Submission, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let db = app.db.read();
    let receipt = receipt::find(db, &code).await?;
    if receipt.subject_kind != SubjectKind::Submission {
        return Err(Problem::not_found());
    }
    let opinions = store::submission::opinions(db, SubmissionId(receipt.subject_id)).await?;
    let of = opinions.first().ok_or_else(Problem::not_found)?.consultation_id;
    let consultation = crate::consultation::find(db, of).await?;
    let labels = super::labels(db, opinions.iter().filter_map(|o| o.clause_id)).await?;
    let part = |o: opinion::Model| {
        let label = o.clause_id.and_then(|id| labels.get(&id).cloned());
        let code = own_code(app, o.id);
        (o, label, code)
    };
    Ok(Submission { code, consultation, parts: opinions.into_iter().map(part).collect() })
}

fn own_code(app: &App, id: OpinionId) -> LookupCode {
    LookupCode::of(&app.keys, SubjectKind::Opinion, id.0)
}
