//! The consent text (个人信息处理告知同意书): what people agree to when they send something (个人信息保护法 Art. 13, 14,
//! 17). It comes in versions that never change; administrators publish the next one, and what was sent keeps the
//! version that was shown with it.

use chrono::{DateTime, Utc};
use entity::consent;
use entity::enums::{Role, SubjectKind};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;
use validator::Validate;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::text;

/// The version that comes with the program.
const FIRST: i32 = 1;
const FIRST_ZH: &str = include_str!("consent.zh.txt");
const FIRST_EN: &str = include_str!("consent.en.txt");

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub version: i32,
    pub zh: String,
    pub en: String,
    /// None for the version that comes with the program.
    pub published_at: Option<DateTime<Utc>>,
}

impl Text {
    fn first() -> Self {
        Self { version: FIRST, zh: FIRST_ZH.trim().into(), en: FIRST_EN.trim().into(), published_at: None }
    }
}

impl From<entity::consent_text::Model> for Text {
    fn from(row: entity::consent_text::Model) -> Self {
        Self { version: row.version, zh: row.zh, en: row.en, published_at: Some(row.published_at) }
    }
}

/// The version that is agreed to now.
///
/// # Errors
/// The database's own.
pub async fn current_version(db: &impl ConnectionTrait) -> Result<i32, Problem> {
    Ok(store::newest(db).await?.unwrap_or(FIRST))
}

/// The record of a consent to the newest text, where no more is asked of the author.
///
/// # Errors
/// The database's own.
pub async fn agreed(
    app: &App,
    write: &Write,
    subject_kind: SubjectKind,
    subject_id: Uuid,
) -> Result<consent::Model, Problem> {
    let text_version = current_version(&**write).await?;
    Ok(consent::Model {
        subject_kind,
        subject_id,
        text_version,
        verified_at: None,
        agreed_at: app.now(),
        guardian_enc: None,
    })
}

/// The same for somebody under fourteen, with the name of the guardian who agrees (个保法 Art. 31).
///
/// # Errors
/// The database's own.
pub async fn agreed_by_guardian(
    app: &App,
    write: &Write,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    guardian: &str,
) -> Result<consent::Model, Problem> {
    let consent = agreed(app, write, subject_kind, subject_id).await?;
    Ok(consent::Model { guardian_enc: Some(app.keys.encrypt(guardian, &app.rng)), ..consent })
}

/// Every version, the newest first.
///
/// # Errors
/// The database's own.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Text>, Problem> {
    let written = store::texts(db).await?.into_iter().map(Text::from);
    Ok(written.chain([Text::first()]).collect())
}

/// One version; without a number the newest.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn of(db: &impl ConnectionTrait, version: Option<i32>) -> Result<Text, Problem> {
    let version = match version {
        Some(version) => version,
        None => current_version(db).await?,
    };
    if version == FIRST {
        return Ok(Text::first());
    }
    store::text(db, version).await?.map(Text::from).ok_or_else(Problem::not_found)
}

/// The next version.
#[derive(Clone, Debug, Default, Validate)]
pub struct Publish {
    /// The version that the writer saw.
    pub after: i32,
    #[validate(length(min = 1, max = 10_000), custom(function = text::several_lines))]
    pub zh: String,
    #[validate(length(min = 1, max = 10_000), custom(function = text::several_lines))]
    pub en: String,
}

/// Publishes the next version; gives its number.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid`; `conflict` when nothing was changed; `stale`; the database's own.
pub async fn publish(app: &App, actor: &Actor, input: &Publish) -> Result<i32, Problem> {
    let staff = actor.require(Role::Admin)?.id;
    let input = Publish { zh: text::tidy(&input.zh), en: text::tidy(&input.en), ..*input };
    input.validate()?;
    let write = app.write().await?;
    let before = of(&*write, None).await?;
    if before.version != input.after {
        return Err(Problem::new(Code::Stale));
    }
    if (&before.zh, &before.en) == (&input.zh, &input.en) {
        return Err(Problem::conflict("文字没有改动，不需要新的版本", "Nothing was changed"));
    }
    let version = before.version + 1;
    // Two at once: the second finds the number taken.
    store::add_text(&write, version, &input.zh, &input.en, app.now(), staff).await?;
    let subject = Subject { kind: SubjectKind::ConsentText, id: None };
    audit::record(app, &write, actor, "consent.publish", subject, json!({ "version": version })).await?;
    write.commit().await?;
    Ok(version)
}
