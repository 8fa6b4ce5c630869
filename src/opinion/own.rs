//! What one person sent, found by their contact, and what they may have done to it (个人信息保护法 Art. 45 to 47).
//!
//! Erasing takes name, contact and the link between the person's opinions, and every text that is not published.
//! What can still be taken back is taken back, for without its text it cannot be dealt with. A published text is
//! part of the public record of the decision (国令713 Art. 33): it stays, without a name, unless its author takes it
//! back too. Numbers stay: a pseudonym stands for the person, so that as many people are counted as before.

use std::collections::HashMap;

use entity::consultation::Model as Consultation;
use entity::enums::{AppealState, AttachmentState, DutyKind, OpinionState, SubjectKind};
use entity::id::{ConsultationId, OpinionId};
use entity::opinion::Model;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::near;
use super::settle::{Verdict, settle};
use super::store::{self, own as rows};
use super::withdraw;
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::Problem;
use crate::{attachment, audit, duty, identity, notice};

/// Stands for a text that its author had erased.
pub const ERASED: &str = "【已按作者要求删除】";

/// An opinion and what it is about.
#[derive(Clone, Debug)]
pub struct Own {
    pub opinion: Model,
    pub consultation: Consultation,
    /// The words that count now.
    pub text: String,
}

/// How many were erased whole, and how many keep their text, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    pub erased: u32,
    /// Taken back on the way; they are among those erased.
    pub withdrawn: u32,
    /// Published: the text stays, without a name.
    pub published: u32,
    /// An appeal of theirs waits for its decision.
    pub in_appeal: u32,
}

/// Everything a person sent, the newest first.
///
/// # Errors
/// The database's own.
pub async fn of_person(db: &impl ConnectionTrait, person: &str) -> Result<Vec<Own>, Problem> {
    let found = rows::of_person(db, person).await?;
    let ids: Vec<OpinionId> = found.iter().map(|(o, _)| o.id).collect();
    let revised = store::revised_texts(db, &ids).await?;
    Ok(found
        .into_iter()
        .map(|(opinion, consultation)| {
            let text = revised.get(&opinion.id).cloned().unwrap_or_else(|| opinion.text.clone());
            Own { opinion, consultation, text }
        })
        .collect())
}

/// Another contact from now on, for the same person.
///
/// # Errors
/// `conflict` when the new contact has spoken in one of the same consultations: two people would become one; the
/// database's own.
pub async fn move_contact(
    app: &App,
    write: &Write,
    from: &str,
    to: &str,
    contact: &str,
) -> Result<u32, Problem> {
    let own = rows::of_person(&**write, from).await?;
    let there: Vec<ConsultationId> = own.iter().map(|(o, _)| o.consultation_id).collect();
    if rows::speaks_in(&**write, to, &there).await? {
        return Err(Problem::conflict(
            "新的联系方式已在同一征集中提交过意见，两份记录不能合并",
            "The new contact has sent opinions to the same consultation; the two cannot be made one",
        ));
    }
    let mut moved = 0;
    for (opinion, _) in own {
        rows::set_contact(write, opinion.id, to, app.keys.encrypt(contact, &app.rng)).await?;
        moved += 1;
    }
    Ok(moved)
}

/// Erases what a person sent; see the module.
///
/// # Errors
/// `stale` when a review came in between; the database's own.
pub async fn erase(
    app: &App,
    write: &Write,
    actor: &Actor,
    person: &str,
    take_back_published: bool,
) -> Result<Erasure, Problem> {
    let mut ids: Vec<OpinionId> =
        rows::of_person(&**write, person).await?.iter().map(|(o, _)| o.id).collect();
    // In one order, whoever holds them: two erasures never wait for each other.
    ids.sort();
    let mut done = Erasure::default();
    let mut pseudonyms: HashMap<ConsultationId, String> = HashMap::new();
    for id in &ids {
        let (opinion, consultation) = store::hold(write, *id).await?;
        let appeal = store::appeal::of(&**write, *id).await?;
        let in_appeal = appeal.as_ref().is_some_and(|a| a.state == AppealState::Open);
        let wanted = opinion.state != OpinionState::Published || take_back_published;
        let after = if wanted && withdraw::possible(&opinion, appeal.as_ref(), &consultation) {
            done.withdrawn += 1;
            duty::cancel(app, write, actor, DutyKind::OpinionReview, id.0).await?;
            settle(app, write, &opinion, Verdict::Withdraw).await?
        } else {
            opinion
        };
        let keeps = after.state == OpinionState::Published || in_appeal;
        match (after.state, in_appeal) {
            (_, true) => done.in_appeal += 1,
            (OpinionState::Published, _) => done.published += 1,
            _ => done.erased += 1,
        }
        let pseudonym =
            pseudonyms.entry(after.consultation_id).or_insert_with(|| sha256_hex(&app.rng.bytes::<32>()));
        rows::forget_person(write, &after, pseudonym).await?;
        // A published text keeps its published files; whatever else was attached goes.
        let files = attachment::of(&**write, SubjectKind::Opinion, id.0).await?;
        let gone = files.iter().filter(|f| !keeps || !in_appeal && f.state != AttachmentState::Published);
        attachment::erase(write, &gone.map(|f| f.id).collect::<Vec<_>>()).await?;
        if !keeps {
            near::forget(write, *id).await?;
            rows::forget_text(write, *id, ERASED, &sha256_hex(&app.rng.bytes::<32>())).await?;
        }
        let detail = json!({ "text": if keeps { "kept" } else { "erased" }, "state": after.state });
        audit::record(app, write, actor, "opinion.erase", audit::subject(SubjectKind::Opinion, *id), detail)
            .await?;
    }
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    identity::forget_guardians(write, SubjectKind::Opinion, &ids).await?;
    notice::erase(write, SubjectKind::Opinion, &ids).await?;
    Ok(done)
}
