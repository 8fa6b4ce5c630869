//! Giving an opinion online. Open to anybody until 24:00:00 of the closing day; sent twice, it is received
//! once.

use entity::consent;
use entity::enums::{Channel, DutyKind, IdentityLevel, OpinionState, SubjectKind};
use entity::id::{ClauseId, DocumentId, OpinionId};
use serde_json::json;

use super::content::{Content, code};
use super::quote::{Place, place, quote};
use super::receive::{Incoming, Receipt, receive};
use super::{store, wording};
use crate::actor::Actor;
use crate::app::App;
use crate::attachment;
use crate::challenge::{self, Gate, Pass};
use crate::config::When;
use crate::consultation;
use crate::db::Write;
use crate::identity::{self, Asked, Given, Proved, Use};
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::LookupCode;

/// Shorter keys of programs could be met by chance by somebody else's.
const SHORTEST_KEY: usize = 16;
const LONGEST_KEY: usize = 200;
const SCOPE: &str = "opinion";

/// An opinion as a form or a program sends it.
#[derive(Clone, Debug, Default)]
pub struct Submit {
    /// Code of the consultation.
    pub consultation: String,
    /// None speaks on the whole draft.
    pub clause_id: Option<ClauseId>,
    pub content: Content,
    /// Tickets of uploads (附件).
    pub files: Vec<String>,
    /// 已阅读《留言须知》
    pub consent: bool,
    /// The proof of the contact, where the consultation asks for one; the consent text that was shown.
    pub identity: Given,
    /// A second request with the same key is the same request.
    pub idempotency_key: Option<String>,
    /// Language of the author's pages and mails: "zh" or "en".
    pub lang: &'static str,
}

/// Receives an opinion and gives its receipt.
///
/// # Errors
/// `invalid`; `not_found` for a consultation that is not public; `consultation_closed`; `contact_unproven`;
/// `challenge_required`; `key_reused`; `too_many_requests`; the database's own.
pub async fn submit(app: &App, actor: &Actor, input: &Submit) -> Result<Receipt, Problem> {
    // The moment of arrival decides, not the moment when the database had time.
    let now = app.now();
    code(&input.consultation)?;
    let given = &input.identity;
    let asked = contact_required(app, &input.consultation).await?;
    // Everything that is written is right before a try at a code counts.
    check(app, input, asked && given.visit.is_none())?;
    rate::check(app, Act::Opinion, &actor.address).await?;
    let pass = gate(app, actor, &input.identity)?;
    let files = attachment::contents(app, &input.files).await?;
    let about = Use::Opinion(&input.consultation);
    let Proved { contact, tried } = identity::prove(app, about, &input.content.contact, given).await?;
    let input = &with_contact(input, contact);
    let checked = check(app, input, asked)?;
    let id = app.id::<OpinionId>();
    let write = app.write().await?;
    write.unseen();
    if let Some(key) = &input.idempotency_key {
        let hash = request_hash(app, input, &files);
        let answer = json!({ "opinion": id });
        if let Some(first) = store::first_answer(app, &write, SCOPE, key, &hash, answer).await? {
            let first: OpinionId =
                serde_json::from_value(first["opinion"].clone()).map_err(Problem::internal)?;
            let receipt = repeated(app, &write, first).await?;
            // The first may be on its way to the disk: its receipt is not given before it is there.
            write.commit().await?;
            return Ok(receipt);
        }
    }
    let (target, department) = store::target(&*write, &input.consultation).await?;
    consultation::open_at(&target, now)?;
    let clause_id = match input.clause_id {
        Some(chosen) => Some(clause(&write, target.document_id, chosen).await?),
        None => None,
    };
    let consent =
        identity::admit(app, &write, target.identity, tried, given, SubjectKind::Opinion, id.0).await?;
    proposes(&write, clause_id, &input.content.wording).await?;
    go_through(app, actor, &write, pass, given, &consent).await?;
    let incoming = Incoming {
        id,
        consultation: &target,
        department,
        clause_id,
        channel: Channel::Site,
        content: &checked,
        received_at: now,
        review_from: crate::calendar::civil::local_date(now),
        received_by: None,
        consent: Some(consent),
        lang: input.lang,
        part: false,
    };
    let receipt = receive(app, &write, actor, &incoming).await?;
    attachment::claim(app, &write, SubjectKind::Opinion, id.0, &input.files).await?;
    write.commit().await?;
    Ok(receipt)
}

/// Sends the one-time code that proves a contact for an opinion on a consultation: the author's, or that of the
/// guardian of somebody under fourteen.
///
/// # Errors
/// `not_found`; `consultation_closed`; `conflict` where no contact is verified; as [`identity::ask`].
pub async fn ask_code(
    app: &App,
    actor: &Actor,
    consultation: &str,
    contact: &str,
    guardian: bool,
    lang: &str,
) -> Result<Asked, Problem> {
    let (target, _) = store::target(app.db.read(), code(consultation)?).await?;
    consultation::open_at(&target, app.now())?;
    if target.identity == IdentityLevel::Oidc {
        return Err(Problem::conflict(
            "本次征集须通过统一身份认证核验，验证码不能代替",
            "This consultation asks for a sign-in at an identity provider; a code does not replace it",
        ));
    }
    if target.identity == IdentityLevel::Unverified && !guardian {
        return Err(Problem::conflict(
            "本次征集不需要核验联系方式，可以直接提交",
            "This consultation verifies no contact; the opinion can be sent at once",
        ));
    }
    identity::ask(app, actor, Use::Opinion(&target.code), contact, lang).await
}

/// Whether something comes along that may prove who speaks.
fn proves(given: &Given) -> bool {
    given.proof.is_some() || given.visit.is_some()
}

/// The way in. Who proves a contact was asked when the code was sent, or signed in elsewhere.
pub(super) fn gate(app: &App, actor: &Actor, given: &Given) -> Result<Pass, Problem> {
    if proves(given) { Ok(Pass::unasked()) } else { challenge::check(app, actor, Gate::Opinion) }
}

/// Uses the way up. A proof that nothing asked for proves nothing, and opens nothing.
pub(super) async fn go_through(
    app: &App,
    actor: &Actor,
    write: &Write,
    pass: Pass,
    given: &Given,
    consent: &consent::Model,
) -> Result<(), Problem> {
    let idle = proves(given) && consent.verified_at.is_none();
    let pass = if idle { challenge::check(app, actor, Gate::Opinion)? } else { pass };
    pass.spend(app, actor, write).await
}

/// Whether a contact is proved before anything else, so that who sends the form is not asked for a task twice.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn proves_first(app: &App, input: &Submit) -> Result<bool, Problem> {
    if app.config.challenge.opinion == When::Off || proves(&input.identity) {
        return Ok(false);
    }
    let (target, _) = store::target(app.db.read(), code(&input.consultation)?).await?;
    let open = consultation::open_at(&target, app.now()).is_ok();
    Ok(open && input.identity.level(target.identity) != IdentityLevel::Unverified)
}

/// The contact that a provider has verified takes the place of what was typed.
fn with_contact(input: &Submit, contact: Option<String>) -> Submit {
    let mut input = input.clone();
    if let Some(contact) = contact {
        input.content.contact = contact;
    }
    input
}

/// Whether a contact has to be typed: not where a provider tells it.
async fn contact_required(app: &App, consultation: &str) -> Result<bool, Problem> {
    if !app.config.rules.contact_required {
        return Ok(false);
    }
    match store::target(app.db.read(), consultation).await {
        Ok((target, _)) => Ok(target.identity != IdentityLevel::Oidc),
        Err(problem) if problem.code == Code::NotFound => Ok(true),
        Err(problem) => Err(problem),
    }
}

/// Whether everything that is written is right, before a code is sent for it.
///
/// # Errors
/// `invalid`; the database's own.
pub async fn ready(app: &App, input: &Submit) -> Result<(), Problem> {
    let asked = contact_required(app, &input.consultation).await?;
    check(app, input, asked).map(drop)
}

fn check(app: &App, input: &Submit, contact: bool) -> Result<super::content::Checked, Problem> {
    let checked = input.content.check(&app.config, &app.keys, contact);
    let checked = identity::own_name(app, &input.content.name, checked);
    let checked = input.identity.check(checked);
    let consent = |problem: Problem| {
        if input.consent {
            return problem;
        }
        problem.field("consent", "请先阅读并同意留言须知", "Please read and accept the rules")
    };
    let checked = match (checked, input.consent) {
        (Ok(checked), true) => checked,
        (Ok(_), false) => return Err(consent(Problem::new(Code::Invalid))),
        (Err(problem), _) => return Err(consent(problem)),
    };
    if let Some(key) = &input.idempotency_key {
        check_key(key)?;
    }
    Ok(checked)
}

/// Whether a key of a request can be told from other people's.
///
/// # Errors
/// `invalid`.
pub fn check_key(key: &str) -> Result<(), Problem> {
    if !((SHORTEST_KEY..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(Problem::invalid(
            "Idempotency-Key",
            format!("提交编号应为 {SHORTEST_KEY} 至 {LONGEST_KEY} 个可见 ASCII 字符，例如 UUID"),
            format!(
                "The key must be {SHORTEST_KEY} to {LONGEST_KEY} visible ASCII characters, such as a UUID"
            ),
        ));
    }
    Ok(())
}

/// The chosen clause in the text that is asked about now.
pub(super) async fn clause(
    write: &Write,
    document: DocumentId,
    chosen: ClauseId,
) -> Result<ClauseId, Problem> {
    match place(&**write, document, chosen).await? {
        Place::Here(id) => Ok(id),
        Place::Changed(_) => Err(Problem::invalid(
            "clause_id",
            "这一条刚刚作了更正，请按最新的文字核对您的意见后再次提交",
            "This clause was corrected just now; please check your opinion against its new words and send it again",
        )),
        Place::Elsewhere => Err(Problem::invalid(
            "clause_id",
            "该条款不在本次征求意见的草案中，请从草案页面重新选择",
            "This clause is not part of the draft of this consultation",
        )),
    }
}

/// Other words can be proposed for a clause only, and have to be others.
pub(super) async fn proposes(write: &Write, clause: Option<ClauseId>, typed: &str) -> Result<(), Problem> {
    if typed.trim().is_empty() {
        return Ok(());
    }
    let Some(clause) = clause else {
        return Err(Problem::invalid(
            "wording",
            "请先选择要修改的条款",
            "Choose the clause that should have these words",
        ));
    };
    if wording::is_unchanged(&quote(&**write, clause).await?, typed) {
        let w = wording::unchanged();
        return Err(Problem::invalid("wording", w.zh, w.en));
    }
    Ok(())
}

/// Keyed, because it covers a contact that could be guessed.
fn request_hash(app: &App, input: &Submit, files: &[String]) -> String {
    let c = &input.content;
    let text = wording::join(&c.text, &c.wording);
    let request = json!([
        input.consultation,
        input.clause_id,
        text,
        c.name,
        c.contact,
        c.person_kind,
        c.show_as,
        files
    ]);
    app.keys.mac_hex(Purpose::Form, &request.to_string())
}

/// The first receipt again. The answer on file names only the opinion; the code is derived anew.
pub(super) async fn repeated(app: &App, write: &Write, id: OpinionId) -> Result<Receipt, Problem> {
    let opinion = store::find(&**write, id).await?;
    let review_by = store::due(&**write, DutyKind::OpinionReview, id).await?;
    Ok(Receipt {
        id,
        code: LookupCode::of(&app.keys, SubjectKind::Opinion, id.0),
        number: opinion.number,
        state: OpinionState::Pending,
        received_at: opinion.received_at,
        review_by: review_by.unwrap_or_else(|| app.today()),
        repeated: true,
    })
}
