//! Sending a one-time code to a contact.
//!
//! Six digits, ten minutes, five tries, one use (`check.rs`). At most one code a contact and minute, and so many
//! a day to one contact and at the asking of one network address (settings). The answer is the same whoever the
//! contact belongs to.

use chrono::{DateTime, TimeDelta, Utc};
use entity::contact_code::Model;
use entity::enums::SubjectKind;
use entity::id::ContactCodeId;
use serde_json::json;

use super::{ERASE_JOB, Use, store};
use crate::actor::Actor;
use crate::app::App;
use crate::challenge::{self, Gate};
use crate::keys::{Keys, Purpose, sha256_hex};
use crate::notice::{self, ONE_TIME_CODE, Recipient};
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::{audit, job, text};

/// How long a code is good.
const LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long the limit of a day looks back; what it looks at is erased after that.
pub(super) const DAY: TimeDelta = TimeDelta::days(1);

/// A code that is on its way.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: ContactCodeId,
    /// The form gives it back together with the code.
    pub ticket: String,
    /// `138****1234`
    pub sent_to: String,
    pub by_mail: bool,
    pub expires_at: DateTime<Utc>,
}

/// The code of a row.
pub fn code(keys: &Keys, id: ContactCodeId) -> String {
    keys.digits(Purpose::ContactCode, id.0.as_bytes())
}

/// Sends a code to a contact.
///
/// # Errors
/// `invalid` for a contact that no message reaches; `too_many_requests`; the database's own.
pub async fn ask(
    app: &App,
    actor: &Actor,
    purpose: Use<'_>,
    contact: &str,
    lang: &str,
) -> Result<Asked, Problem> {
    let contact = text::tidy(contact);
    let by_mail = text::is_email(&contact);
    if !by_mail && !text::is_mobile(&contact) {
        return Err(unreachable_contact());
    }
    rate::check(app, Act::ContactCode, &actor.address).await?;
    let pass = challenge::check(app, actor, Gate::Code)?;
    let now = app.now();
    let (id, ticket) = (app.id::<ContactCodeId>(), app.rng.secret());
    let contact_hash = app.keys.mac_hex(Purpose::Contact, &text::contact_key(&contact));
    let row = Model {
        id,
        ticket_hash: sha256_hex(ticket.as_bytes()),
        purpose: purpose.to_string(),
        minute: now.timestamp() / 60,
        contact_enc: app.keys.seal(Purpose::ContactCode, id.0.as_bytes(), contact.as_bytes(), &app.rng),
        created_at: now,
        expires_at: now + LIFE,
        tries: 0,
        used_at: None,
        contact_hash,
    };
    let write = app.write().await?;
    write.unseen();
    let times = store::sent_since(&write, &row.contact_hash, now - DAY).await?;
    let newest = times.iter().max().copied();
    if let Some(wait) = newest.map(|at| at + TimeDelta::minutes(1) - now).filter(|w| *w > TimeDelta::zero()) {
        return Err(too_soon(wait));
    }
    if times.len() >= app.config.limits.codes_per_contact_and_day as usize {
        return Err(too_often());
    }
    pass.spend(app, actor, &write).await?;
    // Two instances may have looked at the same moment: the table itself takes one a minute.
    if !store::add(&write, &row).await? {
        return Err(too_soon(TimeDelta::minutes(1)));
    }
    let message = message(app, purpose, id, by_mail, lang);
    notice::send_now(app, &write, &Recipient::Contact(contact.clone()), &message).await?;
    job::enqueue(app, &write, ERASE_JOB, &format!("code:{id}"), json!({ "code": id }), now + DAY).await?;
    let detail = json!({ "for": row.purpose, "way": if by_mail { "mail" } else { "sms" } });
    audit::record(app, &write, actor, "code.send", audit::subject(SubjectKind::ContactCode, id), detail)
        .await?;
    write.commit().await?;
    let sent_to = text::mask_contact(&contact);
    Ok(Asked { id, ticket, sent_to, by_mail, expires_at: row.expires_at })
}

fn unreachable_contact() -> Problem {
    Problem::invalid(
        "contact",
        "请填写能收到验证码的手机号码（11 位）或电子邮箱",
        "Please give a mobile number (11 digits) or an e-mail address that can receive a code",
    )
}

fn too_soon(wait: TimeDelta) -> Problem {
    let seconds = u64::try_from(wait.num_seconds()).unwrap_or(0) + 1;
    Problem::new(Code::TooMany)
        .because(
            format!("刚刚发送过验证码，请在 {seconds} 秒后再获取"),
            format!("A code was sent just now; ask again in {seconds} seconds"),
        )
        .retry_after(seconds)
}

fn too_often() -> Problem {
    Problem::new(Code::TooMany)
        .because(
            "今天发往这个号码或邮箱的验证码已达上限，请明天再试，或者来信、来电提出意见",
            "Too many codes were sent to this contact today; try again tomorrow, or write or call",
        )
        .retry_after(3600)
}

fn message<'a>(
    app: &App,
    purpose: Use<'_>,
    id: ContactCodeId,
    by_mail: bool,
    lang: &str,
) -> notice::Message<'a> {
    let (site, minutes, what) = (&app.config.site, LIFE.num_minutes(), purpose.words());
    let english = lang == "en";
    let title = if english {
        format!("Your code ({})", site.name_en)
    } else {
        format!("验证码（{}）", site.name)
    };
    let body = match (by_mail, english) {
        (true, false) => format!(
            "您好！\n\n您正在{}，验证码：{ONE_TIME_CODE}\n\n{minutes} 分钟内有效，请填写在刚才的页面上，不要告诉任何人。如果不是您本人操作，不必理会这封邮件。",
            what.zh
        ),
        (true, true) => format!(
            "You are {}. Your code: {ONE_TIME_CODE}\n\nIt is good for {minutes} minutes on the page you came from. Tell it to nobody. If this was not you, you can ignore this mail.",
            what.en
        ),
        (false, false) => format!(
            "【{}】验证码 {ONE_TIME_CODE}，用于{}，{minutes} 分钟内有效，请勿告诉他人。",
            site.name, what.zh
        ),
        (false, true) => format!(
            "[{}] Code {ONE_TIME_CODE} for {}, good for {minutes} minutes. Tell it to nobody.",
            site.name_en, what.en
        ),
    };
    let path = String::new();
    notice::Message {
        subject_kind: SubjectKind::ContactCode,
        subject_id: id.0,
        stage: "code",
        title,
        body,
        path,
    }
}
