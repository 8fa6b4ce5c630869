//! Answering: without an account, once a person, while the consultation is open.
//!
//! Who a person is depends on what the consultation verifies of those who speak. Where it verifies a contact, the
//! contact answers once; only a keyed hash of it is kept. Where it verifies nothing, the browser answers once, known by
//! the signed cookie that also counts support: clearing cookies makes a new one, therefore the rate is limited and one
//! network (IPv6 /64, IPv4 /24) gives so many answers at most. Pages say that this is no vote and no sample.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::{IdentityLevel, SubjectKind};
use entity::id::{QuestionnaireId, QuestionnaireResponseId};
use entity::questionnaire_response::Model;
use serde_json::json;

use super::answer::{self, Answer, Checked};
use super::question;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::consultation;
use crate::db::{Inserts, Write};
use crate::identity::{self, Asked, Given, Use};
use crate::keys::Purpose;
use crate::opinion::flood::network;
use crate::opinion::support::Device;
use crate::opinion::{check_key, first_answer};
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, opinion, text};

const SCOPE: &str = "questionnaire";

/// Answers as a form or a program sends them.
#[derive(Clone, Debug)]
pub struct Respond {
    /// Code of the consultation.
    pub consultation: String,
    /// The revision of the questionnaire that was shown; without it the one in force is meant.
    pub revision: Option<i32>,
    pub answers: Vec<Answer>,
    /// 已阅读《留言须知》
    pub consent: bool,
    /// What is verified, where the consultation asks for it.
    pub contact: String,
    pub identity: Given,
    pub device: Device,
    /// A second request with the same key is the same request.
    pub idempotency_key: Option<String>,
}

/// Proof of receipt.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: QuestionnaireResponseId,
    pub code: LookupCode,
    pub received_at: DateTime<Utc>,
    /// The same request had been received before.
    pub repeated: bool,
}

/// Takes what somebody answers.
///
/// # Errors
/// `forbidden` for staff; `not_found`; `consultation_closed`; `invalid` as [`answer::check`]; `stale` when the
/// questionnaire was changed meanwhile; `conflict` for a second answer and for a network that gave enough;
/// `contact_unproven`; `key_reused`; `too_many_requests`; the database's own.
pub async fn respond(app: &App, actor: &Actor, input: &Respond) -> Result<Receipt, Problem> {
    let now = app.now();
    let (target, row) = visible(app, &input.consultation).await?;
    consultation::open_at(&target, now)?;
    let checked = check(actor, &row, input)?;
    rate::check(app, Act::Questionnaire, &actor.address).await?;
    let given = &input.identity;
    let about = Use::Questionnaire(&target.code);
    let tried = identity::try_out(app, about, &input.contact, given.proof.as_ref()).await?;
    let id = app.id::<QuestionnaireResponseId>();
    let write = app.write().await?;
    write.unseen();
    if let Some(key) = &input.idempotency_key {
        let hash = request_hash(app, &target.code, &checked);
        if let Some(first) = first_answer(app, &write, SCOPE, key, &hash, json!({ "response": id })).await? {
            let first = serde_json::from_value(first["response"].clone()).map_err(Problem::internal)?;
            let receipt = repeated(app, &write, first).await?;
            write.commit().await?;
            return Ok(receipt);
        }
    }
    // Read again within the transaction: the last day may have been moved meanwhile.
    let target = consultation::find(&*write, target.id).await?;
    consultation::open_at(&target, now)?;
    let (subject, level) = (SubjectKind::QuestionnaireResponse, asked(target.identity));
    let consent = identity::admit(app, &write, level, tried, given, subject, id.0).await?;
    let texts = Some(&checked.texts).filter(|t| !t.is_empty());
    let answer = Model {
        id,
        questionnaire_id: row.id,
        person: person(app, row.id, level, input),
        network: (level == IdentityLevel::Unverified)
            .then(|| mark(app, row.id, "network", &network(&actor.address))),
        answers: json!(checked.choices),
        texts_enc: texts.map(|t| app.keys.encrypt(&json!(t).to_string(), &app.rng)),
        received_at: now,
    };
    keep(app, &write, &row, &answer, &checked).await?;
    let mut rows = Inserts::default();
    rows.add(consent);
    let code = receipt::issue(app, &mut rows, subject, id.0);
    rows.run(&write).await?;
    let detail = json!({ "consultation": target.code, "masked": checked.masked });
    audit::record(app, &write, actor, "questionnaire.respond", audit::subject(subject, id), detail).await?;
    write.commit().await?;
    Ok(Receipt { id, code, received_at: now, repeated: false })
}

/// The consultation and its questionnaire, if both are public.
pub(super) async fn visible(
    app: &App,
    code: &str,
) -> Result<(entity::consultation::Model, entity::questionnaire::Model), Problem> {
    let db = app.db.read();
    let target = consultation::by_code(db, opinion::code(code)?).await?;
    let row = store::of(db, target.id).await?.filter(|q| q.ready_at.is_some());
    let row = row.filter(|_| target.published_at.is_some()).ok_or_else(Problem::not_found)?;
    Ok((target, row))
}

fn check(actor: &Actor, row: &entity::questionnaire::Model, input: &Respond) -> Result<Checked, Problem> {
    if actor.staff().is_some() {
        return Err(Problem::forbidden().because(
            "问卷面向公众，工作人员登录时不能填写",
            "The questionnaire is for the public; staff who are signed in do not answer it",
        ));
    }
    if input.revision.is_some_and(|seen| seen != row.revision) {
        return Err(changed());
    }
    let checked = answer::check(&question::questions(row)?, &input.answers);
    if let Some(key) = &input.idempotency_key {
        check_key(key)?;
    }
    if input.consent {
        return checked;
    }
    let problem = checked.err().unwrap_or_else(|| Problem::new(Code::Invalid));
    Err(problem.field("consent", "请先阅读并同意留言须知", "Please read and accept the rules"))
}

/// Counts and writes the answer, once a person.
async fn keep(
    app: &App,
    write: &Write,
    row: &entity::questionnaire::Model,
    answer: &Model,
    checked: &Checked,
) -> Result<(), Problem> {
    if !store::count_one(write, row.id, row.revision).await? {
        return Err(changed());
    }
    if let Some(network) = &answer.network
        && store::of_network(write, row.id, network).await? >= app.config.limits.responses_per_network
    {
        return Err(Problem::conflict(
            "您所在的网络填写本问卷的次数已达上限，这一份没有计入。您可以直接提意见，每条意见都会登记、办理",
            "Your network has answered this questionnaire as often as it may; this one is not counted. You may give an opinion instead: each is registered and dealt with",
        ));
    }
    if !store::add(write, answer).await? {
        return Err(already());
    }
    store::tally(app, write, row.id, &checked.counted()).await
}

fn changed() -> Problem {
    Problem::new(Code::Stale).because(
        "问卷刚刚作了修改，请按最新的题目核对后再次提交",
        "The questionnaire was changed just now; please check your answers against it and send them again",
    )
}

fn already() -> Problem {
    Problem::conflict(
        "本问卷每人填写一次，您已经填写过；前一次的回答已计入",
        "Each person answers once and you did already; your first answers are counted",
    )
}

/// What is verified of who answers. Where opinions need a provider (统一身份认证), a proved contact will do here: it only
/// keeps people to one answer.
pub(super) fn asked(level: IdentityLevel) -> IdentityLevel {
    match level {
        IdentityLevel::Unverified => IdentityLevel::Unverified,
        IdentityLevel::Contact | IdentityLevel::Oidc => IdentityLevel::Contact,
    }
}

/// Who answered, as it is kept.
fn person(app: &App, id: QuestionnaireId, level: IdentityLevel, input: &Respond) -> String {
    match level {
        IdentityLevel::Contact | IdentityLevel::Oidc => {
            mark(app, id, "contact", &text::contact_key(&text::tidy(&input.contact)))
        }
        IdentityLevel::Unverified => of_device(app, id, &input.device),
    }
}

/// The mark of a device in one questionnaire.
fn of_device(app: &App, id: QuestionnaireId, device: &Device) -> String {
    mark(app, id, "device", device.id())
}

fn mark(app: &App, id: QuestionnaireId, kind: &str, value: &str) -> String {
    app.keys.mac_hex(Purpose::Questionnaire, &format!("{id}:{kind}:{value}"))
}

/// Keyed, because few answers could be guessed.
fn request_hash(app: &App, consultation: &str, checked: &Checked) -> String {
    let request = json!([consultation, checked.choices, checked.texts]);
    app.keys.mac_hex(Purpose::Form, &request.to_string())
}

async fn repeated(app: &App, write: &Write, id: QuestionnaireResponseId) -> Result<Receipt, Problem> {
    let row = store::response(&**write, id).await?;
    let code = LookupCode::of(&app.keys, SubjectKind::QuestionnaireResponse, id.0);
    Ok(Receipt { id, code, received_at: row.received_at, repeated: true })
}

/// Sends the one-time code that proves a contact for an answer.
///
/// # Errors
/// `not_found`; `consultation_closed`; `conflict` where no contact is verified; as [`identity::ask`].
pub async fn ask_code(
    app: &App,
    actor: &Actor,
    consultation: &str,
    contact: &str,
    lang: &str,
) -> Result<Asked, Problem> {
    let (target, _) = visible(app, consultation).await?;
    consultation::open_at(&target, app.now())?;
    if asked(target.identity) != IdentityLevel::Contact {
        return Err(Problem::conflict(
            "本问卷不需要核验联系方式，可以直接提交",
            "This questionnaire verifies no contact; it can be sent at once",
        ));
    }
    identity::ask(app, actor, Use::Questionnaire(&target.code), contact, lang).await
}

/// Whether everything that is written is right, before a code is sent for it.
///
/// # Errors
/// As [`respond`].
pub async fn ready(app: &App, actor: &Actor, input: &Respond) -> Result<(), Problem> {
    let (target, row) = visible(app, &input.consultation).await?;
    consultation::open_at(&target, app.now())?;
    check(actor, &row, input).map(drop)
}

/// Whether a browser has answered.
///
/// # Errors
/// The database's own.
pub async fn is_answered(app: &App, id: QuestionnaireId, device: &Device) -> Result<bool, Problem> {
    store::has_answered(app.db.read(), id, &of_device(app, id, device)).await
}

/// The choices and texts of an answer as they were stored.
///
/// # Errors
/// `internal` for a row that nobody of ours wrote.
pub(super) fn read(app: &App, row: &Model) -> Result<Checked, Problem> {
    let choices = serde_json::from_value(row.answers.clone()).map_err(Problem::internal)?;
    let texts: BTreeMap<i32, String> = match row.texts_enc.as_deref() {
        Some(sealed) => {
            let plain =
                app.keys.decrypt(sealed).ok_or_else(|| Problem::internal("an answer has another key"))?;
            serde_json::from_str(&plain).map_err(Problem::internal)?
        }
        None => BTreeMap::new(),
    };
    Ok(Checked { choices, texts, masked: false })
}
