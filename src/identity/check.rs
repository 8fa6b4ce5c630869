//! Taking a one-time code: five tries, once, for the contact and the thing it was asked for.
//!
//! A try is counted and committed before the code is looked at, so that of guesses sent at the same moment, to
//! any number of instances, no more are looked at than if they had come in turn.

use chrono::{DateTime, Utc};
use entity::consent::Model;
use entity::enums::{IdentityLevel, SubjectKind};
use entity::id::ContactCodeId;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::{Use, ask, consent, store};
use crate::app::App;
use crate::db::Write;
use crate::keys::{Purpose, sha256_hex};
use crate::oidc;
use crate::problem::{Code, Problem};
use crate::text;

/// Tries at one code.
const TRIES: i32 = 5;

/// What a form or a program gives of who speaks.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub proof: Option<Proof>,
    /// The ticket of a visit to a provider.
    pub visit: Option<String>,
    /// The version of the consent text that was shown; without one, the newest is meant.
    pub consent_version: Option<i32>,
    /// For somebody under fourteen: the guardian who agrees (个保法 Art. 31). The contact is then theirs, and is
    /// proved whatever the consultation asks.
    pub guardian: Option<String>,
}

impl Given {
    /// What has to be proved.
    pub fn level(&self, asked: IdentityLevel) -> IdentityLevel {
        match asked {
            IdentityLevel::Unverified if self.guardian.is_some() => IdentityLevel::Contact,
            asked => asked,
        }
    }

    /// Adds to what was checked that the guardian has a name.
    ///
    /// # Errors
    /// What was wrong before; `invalid` for the guardian.
    pub fn check<T>(&self, checked: Result<T, Problem>) -> Result<T, Problem> {
        let Some(name) = self.guardian.as_deref().map(text::tidy) else { return checked };
        let length = name.chars().count();
        if (1..=60).contains(&length) && text::one_line(&name).is_ok() {
            return checked;
        }
        let problem = checked.err().unwrap_or_else(|| Problem::new(Code::Invalid));
        Err(problem.field(
            "guardian",
            "请填写监护人姓名（不超过 60 字）",
            "Please give the guardian's name (60 characters at most)",
        ))
    }
}

/// A code as somebody typed it.
#[derive(Clone, Debug)]
pub struct Proof {
    pub ticket: String,
    pub code: String,
}

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    Right(ContactCodeId),
    /// A provider has verified the contact; which visit to it.
    Vouched(String),
    Wrong {
        /// Tries that are left.
        left: i32,
    },
    /// There is no such code, or no more.
    Over,
}

/// Tries the code that came, if one came. What a wrong one means is told by [`admit`], which knows whether the
/// request was answered before.
///
/// # Errors
/// The database's own.
pub async fn try_out(
    app: &App,
    purpose: Use<'_>,
    contact: &str,
    proof: Option<&Proof>,
) -> Result<Option<Tried>, Problem> {
    let Some(proof) = proof else { return Ok(None) };
    let ticket = sha256_hex(proof.ticket.as_bytes());
    let contact = app.keys.mac_hex(Purpose::Contact, &text::contact_key(&text::tidy(contact)));
    let write = app.write().await?;
    write.unseen();
    let counted = store::count_try(&write, &ticket, &purpose.to_string(), &contact, TRIES, app.now()).await?;
    write.commit().await?;
    let Some(row) = counted else { return Ok(Some(Tried::Over)) };
    let typed: String = proof.code.nfkc().filter(char::is_ascii_digit).collect();
    Ok(Some(if typed == ask::code(&app.keys, row.id) {
        Tried::Right(row.id)
    } else {
        Tried::Wrong { left: TRIES - row.tries }
    }))
}

/// Lets a thing be sent if what is asked of its author is there: spends the code, and gives the record of the
/// consent to be written with the thing.
///
/// # Errors
/// `contact_unproven`; `invalid` when the consent text is another by now; the database's own.
pub async fn admit(
    app: &App,
    write: &Write,
    level: IdentityLevel,
    tried: Option<Tried>,
    given: &Given,
    subject_kind: SubjectKind,
    subject_id: Uuid,
) -> Result<Model, Problem> {
    let verified_at = match given.level(level) {
        IdentityLevel::Unverified => None,
        IdentityLevel::Contact => Some(spend(app, write, tried).await?),
        IdentityLevel::Oidc if matches!(tried, Some(Tried::Vouched(_))) => {
            Some(spend(app, write, tried).await?)
        }
        IdentityLevel::Oidc => return Err(unvouched()),
    };
    let text_version = consent::current_version(&**write).await?;
    if given.consent_version.is_some_and(|seen| seen != text_version) {
        return Err(Problem::invalid(
            "consent",
            format!("个人信息处理同意书刚刚更新为第 {text_version} 版，请重新阅读后提交"),
            format!("The consent text was renewed just now (version {text_version}); please read it again"),
        ));
    }
    let guardian = given.guardian.as_deref().map(text::tidy);
    Ok(Model {
        subject_kind,
        subject_id,
        text_version,
        verified_at,
        agreed_at: app.now(),
        guardian_enc: guardian.map(|name| app.keys.encrypt(&name, &app.rng)),
    })
}

/// Uses up the code of a right try, or the visit to a provider.
///
/// # Errors
/// `contact_unproven`; the database's own.
pub async fn spend(app: &App, write: &Write, tried: Option<Tried>) -> Result<DateTime<Utc>, Problem> {
    match tried {
        None => Err(unproven()),
        Some(Tried::Wrong { left }) => Err(wrong(left)),
        Some(Tried::Over) => Err(over()),
        Some(Tried::Right(id)) if store::spend(write, id, app.now()).await? => Ok(app.now()),
        Some(Tried::Right(_)) => Err(over()),
        Some(Tried::Vouched(visit)) if oidc::spend(app, write, &visit).await? => Ok(app.now()),
        Some(Tried::Vouched(_)) => Err(unvouched()),
    }
}

fn unvouched() -> Problem {
    Problem::new(Code::ContactUnproven).because(
        "提交前需要通过统一身份认证核验；已经认证过的，认证已过期或已经用过，请重新认证",
        "Sign in at the identity provider before sending; if you did, that has expired or was used already",
    )
}

fn unproven() -> Problem {
    Problem::new(Code::ContactUnproven).because(
        "提交前需要核验手机号码或电子邮箱：先获取验证码，再连同验证码一起提交",
        "A mobile number or e-mail address must be verified first: ask for a code and send it along",
    )
}

fn wrong(left: i32) -> Problem {
    if left <= 0 {
        return over();
    }
    Problem::new(Code::ContactUnproven).field(
        "contact_code",
        format!("验证码不正确，还可以再试 {left} 次"),
        format!("The code is not right; {left} tries are left"),
    )
}

fn over() -> Problem {
    Problem::new(Code::ContactUnproven).field(
        "contact_code",
        "验证码已失效、已用过或尝试次数过多，请重新获取",
        "The code has expired, was used, or was tried too often; please ask for a new one",
    )
}
