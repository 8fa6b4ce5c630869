//! What the public reads of a message: published with the answer or later, and taken down again with a reason.
//! Only where the author agreed; in the author's words or their redaction, the name masked.

use chrono::{DateTime, Utc};
use entity::enums::{MessageState, SubjectKind};
use entity::message::Model;
use serde_json::json;

use super::answer::allowed;
use super::content::Opened;
use super::decide::{LONGEST_NOTE, Note, check_note};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::moderation::redaction;
use crate::problem::{Code, Problem};
use crate::publication::{self, Release};
use crate::{audit, department, text};

/// The author's words as the public reads them: with passages replaced by 【已隐去】 at most.
#[derive(Clone, Debug, Default)]
pub struct Public {
    pub title: String,
    pub text: String,
}

impl Public {
    pub(super) fn tidy(&self) -> Self {
        Self { title: text::tidy(&self.title), text: text::tidy(&self.text) }
    }
}

/// Adds what stands against publishing a message in these words.
pub(super) fn check_public(
    mut problem: Problem,
    message: &Model,
    opened: &Opened,
    public: &Public,
) -> Problem {
    if !message.may_publish {
        problem =
            problem.field("publish", "留言人不同意公开，不能公开", "The author did not agree to publication");
    }
    let of_author =
        [("public_title", &public.title, &opened.title), ("public_text", &public.text, &opened.text)];
    for (field, public, original) in of_author {
        if public != original && redaction::verify(original, public).is_err() {
            problem = problem.field(
                field,
                "除了用【已隐去】代替的部分，其余文字必须与原文一字不差",
                "Apart from what 【已隐去】 replaces, the text must be the author's, to the letter",
            );
        }
    }
    problem
}

/// Puts the public words beside the sealed ones.
pub(super) fn lay_open(app: &App, after: &mut Model, public: &Public, answer: &str, now: DateTime<Utc>) {
    let name = after.name_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    after.public_title = Some(public.title.clone());
    after.public_text = Some(public.text.clone());
    after.public_name = Some(name.as_deref().map_or_else(|| "匿名".into(), text::mask_name).into_owned());
    after.public_answer = Some(answer.to_owned());
    after.published_at = Some(now);
}

/// Publishes what is laid open.
pub(super) async fn release(app: &App, write: &Write, actor: &Actor, message: &Model) -> Result<(), Problem> {
    let names = department::names(&**write).await?;
    let source = message.department_id.and_then(|id| names.get(&id)).map_or("", String::as_str);
    let body = format!(
        "{}\n{}",
        message.public_text.as_deref().unwrap_or_default(),
        message.public_answer.as_deref().unwrap_or_default()
    );
    let release = Release {
        subject_kind: SubjectKind::Message,
        subject_id: message.id.0,
        column: publication::MESSAGES,
        title: message.public_title.as_deref().unwrap_or_default(),
        body: &body,
        path: &format!("{}/{}", web::path::MESSAGES, message.number),
        source,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}

/// Publishes a message that was answered before.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for who may not see it; `invalid`; `conflict` when it is not
/// answered or public already; the database's own.
pub async fn publish(app: &App, actor: &Actor, number: &str, public: &Public) -> Result<(), Problem> {
    let staff = actor.require_staff()?;
    let now = app.now();
    let write = app.write().await?;
    let mut message = store::lock(&write, number).await?;
    allowed(staff, &message)?;
    if message.state != MessageState::Answered || message.published_at.is_some() {
        return Err(Problem::conflict(
            "这条留言还没有答复，或者已经公开",
            "This message is not answered yet, or public already",
        ));
    }
    let (opened, public) = (Opened::of(app, &message), public.tidy());
    let problem = check_public(Problem::new(Code::Invalid), &message, &opened, &public);
    if !problem.fields.is_empty() {
        return Err(problem);
    }
    lay_open(app, &mut message, &public, opened.answer.as_deref().unwrap_or_default(), now);
    message.revision += 1;
    store::update(&write, &message).await?;
    release(app, &write, actor, &message).await?;
    let subject = audit::subject(SubjectKind::Message, message.id);
    audit::record(app, &write, actor, "message.publish", subject, json!({})).await?;
    tell::published(app, &write, &message).await?;
    write.commit().await
}

/// Takes a message from the public; question and answer stay between the bureau and the author.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for who may not see it; `invalid`; `conflict` when it is not
/// public; the database's own.
pub async fn take_down(app: &App, actor: &Actor, number: &str, reason: &str) -> Result<(), Problem> {
    let staff = actor.require_staff()?;
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    allowed(staff, &message)?;
    if message.published_at.is_none() {
        return Err(Problem::conflict("这条留言没有公开", "This message is not public"));
    }
    let Note { note: reason } = check_note("take_down", &Note { note: text::tidy(reason) }, LONGEST_NOTE)?;
    let after = Model {
        public_title: None,
        public_text: None,
        public_name: None,
        public_answer: None,
        published_at: None,
        revision: message.revision + 1,
        ..message
    };
    store::update(&write, &after).await?;
    publication::withdraw(app, &write, actor, SubjectKind::Message, after.id.0, &reason).await?;
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.take_down", subject, json!({ "reason": reason })).await?;
    tell::taken_down(app, &write, &after, &reason).await?;
    write.commit().await
}
