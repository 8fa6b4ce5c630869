//! The messages of one person, found by their contact, and erasing them (个人信息保护法 Art. 45 to 47).
//!
//! Name and contact go at once. The words of a message that is dealt with and not published go too; those of one
//! that is still being answered are needed for that and stay until the person asks again after the answer; a
//! published message stays, without a name.

use entity::enums::{MessageState, SubjectKind};
use entity::message::Model;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::Problem;
use crate::{audit, notice};

/// Stands for words that their author had erased.
const ERASED: &str = "【已按作者要求删除】";

/// How many were erased whole, and how many keep their words, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    pub erased: u32,
    pub published: u32,
    /// Not answered yet.
    pub open: u32,
}

/// A message as its author wrote it.
#[derive(Clone, Debug)]
pub struct Own {
    pub message: Model,
    pub title: String,
    pub text: String,
}

/// Everything a person wrote to the board, the newest first.
///
/// # Errors
/// The database's own.
pub async fn of_person(app: &App, db: &impl ConnectionTrait, person: &str) -> Result<Vec<Own>, Problem> {
    let open = |sealed: &[u8]| app.keys.decrypt(sealed).unwrap_or_default();
    let rows = store::of_person(db, person).await?;
    Ok(rows
        .into_iter()
        .map(|message| Own { title: open(&message.title_enc), text: open(&message.text_enc), message })
        .collect())
}

/// Another contact from now on.
///
/// # Errors
/// The database's own.
pub async fn move_contact(
    app: &App,
    write: &Write,
    from: &str,
    to: &str,
    contact: &str,
) -> Result<u32, Problem> {
    let mut moved = 0;
    for known in store::of_person(&**write, from).await? {
        let row = store::lock_by_id(write, known.id).await?;
        let after = Model {
            person_hash: Some(to.to_owned()),
            contact_enc: Some(app.keys.encrypt(contact, &app.rng)),
            revision: row.revision + 1,
            ..row
        };
        store::update(write, &after).await?;
        moved += 1;
    }
    Ok(moved)
}

/// Erases what a person wrote; see the module.
///
/// # Errors
/// The database's own.
pub async fn erase(app: &App, write: &Write, actor: &Actor, person: &str) -> Result<Erasure, Problem> {
    let mut done = Erasure::default();
    let pseudonym = sha256_hex(&app.rng.bytes::<32>());
    let mut ids = Vec::new();
    for known in store::of_person(&**write, person).await? {
        let row = store::lock_by_id(write, known.id).await?;
        let unanswered_question = row.follow_up_enc.is_some() && row.follow_up_answered_at.is_none();
        let open = matches!(row.state, MessageState::Pending | MessageState::Accepted) || unanswered_question;
        let published = row.published_at.is_some();
        match (open, published) {
            (true, _) => done.open += 1,
            (false, true) => done.published += 1,
            (false, false) => done.erased += 1,
        }
        let erased = !open && !published;
        let words = |sealed: Vec<u8>| if erased { app.keys.encrypt(ERASED, &app.rng) } else { sealed };
        let after = Model {
            person_hash: Some(pseudonym.clone()),
            name_enc: None,
            contact_enc: None,
            public_name: row.public_name.as_ref().map(|_| "匿名".to_owned()),
            title_enc: words(row.title_enc.clone()),
            text_enc: words(row.text_enc.clone()),
            follow_up_enc: row.follow_up_enc.clone().map(words),
            revision: row.revision + 1,
            ..row
        };
        store::update(write, &after).await?;
        let detail = json!({ "text": if erased { "erased" } else { "kept" } });
        let subject = audit::subject(SubjectKind::Message, after.id);
        audit::record(app, write, actor, "message.erase", subject, detail).await?;
        ids.push(after.id.0);
    }
    notice::erase(write, SubjectKind::Message, &ids).await?;
    Ok(done)
}
