//! One opinion with everything a moderator needs to decide on it.

use std::collections::HashMap;

use entity::enums::{AppealState, Role, SubjectKind};
use entity::id::{ConsultationId, StaffId};
use entity::opinion::Model;
use entity::{appeal, attachment, consultation, duty, flood, review};

use super::advice::{self, Finding};
use super::appeal::took_part;
use super::lexicon;
use super::policy::{Denied, may_decide_appeal, may_decide_attachments, may_review, may_second};
use super::review::{facts_of, overturned};
use super::store;
use crate::account;
use crate::actor::Actor;
use crate::app::App;
use crate::duty::{Standing, standing};
use crate::identity;
use crate::opinion::near::Near;
use crate::opinion::{self, Quote};
use crate::problem::Problem;
use crate::text;

/// More of one person's opinions than anybody reads beside one.
const OTHERS: u64 = 20;
/// As many as fit beside a case.
const NEAR: u64 = 5;

#[derive(Debug)]
pub struct Case {
    pub opinion: Model,
    pub consultation: consultation::Model,
    pub clause: Option<Quote>,
    /// The words that count now.
    pub text: String,
    pub findings: Vec<Finding>,
    /// What the public would read for a name.
    pub public_name: String,
    pub contact_masked: Option<String>,
    /// The guardian who agreed for an author under fourteen; the contact is theirs (个人信息保护法 Art. 31).
    pub guardian_masked: Option<String>,
    pub duty: Option<(duty::Model, Standing)>,
    /// Opinions that say the same and wait for a first review, this one included.
    pub equal: Vec<Model>,
    /// 近似重复: what is nearly the same.
    pub near: Near,
    /// The same person sent the same before: a machine has proved it.
    pub said_before: bool,
    /// 附件
    pub files: Vec<attachment::Model>,
    pub may_decide_files: bool,
    /// What the same person said elsewhere.
    pub others: Vec<Model>,
    /// Code and title of the consultations of `others`.
    pub elsewhere: HashMap<ConsultationId, (String, String)>,
    pub reviews: Vec<review::Model>,
    pub names: HashMap<StaffId, String>,
    /// The rejection that waits for a second moderator.
    pub proposal: Option<review::Model>,
    pub may_review: Result<(), Denied>,
    pub may_second: Result<(), Denied>,
    pub appeal: Option<appeal::Model>,
    /// The flood it came in.
    pub flood: Option<flood::Model>,
    /// Where an appeal waits: whether this moderator may decide it.
    pub may_appeal: Option<Result<(), Denied>>,
}

/// Opens the case of an opinion.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; the database's own.
pub async fn case(app: &App, actor: &Actor, number: &str) -> Result<Case, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let db = app.db.read();
    let opinion = opinion::by_number(db, number).await?;
    let consultation = crate::consultation::find(db, opinion.consultation_id).await?;
    let owner = store::decision_owner(db, opinion.consultation_id).await?;
    let reviews = store::history(db, opinion.id).await?;
    let proposal = store::proposal(db, opinion.id).await?;
    let appeal = opinion::appeals::of(db, opinion.id).await?;
    let granted = appeal.as_ref().is_some_and(|a| overturned(staff, a, &reviews));
    let facts = facts_of(staff, &opinion, owner, proposal.as_ref(), granted);
    let may_appeal = appeal.as_ref().filter(|a| a.state == AppealState::Open);
    let may_appeal = may_appeal.map(|a| may_decide_appeal(&facts, took_part(staff.id, a, &reviews)));
    let text = opinion::current_text(db, &opinion).await?;
    let others = store::by_person(db, &opinion, OTHERS).await?;
    let contact = opinion.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let consent = identity::consented(db, SubjectKind::Opinion, opinion.id.0).await?;
    let guardian = consent.and_then(|c| c.guardian_enc).and_then(|sealed| app.keys.decrypt(&sealed));
    let lexicon = lexicon::current(app).await?;
    let duty = store::duties(db, &[opinion.id]).await?.remove(&opinion.id.0);
    Ok(Case {
        clause: match opinion.clause_id {
            Some(clause) => Some(opinion::quote(db, clause).await?),
            None => None,
        },
        findings: advice::find(&text, &lexicon),
        public_name: opinion::settle::public_name(app, &opinion),
        contact_masked: contact.map(|c| text::mask_contact(&c)),
        guardian_masked: guardian.map(|name| text::mask_name(&name).into_owned()),
        duty: duty.map(|d| {
            let standing = standing(&app.calendar(), &d, app.today());
            (d, standing)
        }),
        equal: store::equal_waiting(db, &opinion, super::equal::MOST as u64).await?,
        near: opinion::near::near(app, opinion.id, &text, NEAR).await?,
        said_before: store::said_before(db, &opinion).await?,
        elsewhere: store::consultations(db, others.iter().map(|o| o.consultation_id)).await?,
        others,
        flood: opinion::flood::waiting_in(db, std::slice::from_ref(&opinion)).await?.into_values().next(),
        files: crate::attachment::of(db, SubjectKind::Opinion, opinion.id.0).await?,
        may_decide_files: may_decide_attachments(&facts).is_ok(),
        names: if reviews.is_empty() { HashMap::new() } else { account::names(db).await? },
        reviews,
        proposal,
        may_review: may_review(&facts),
        may_second: may_second(&facts),
        appeal,
        may_appeal,
        text,
        consultation,
        opinion,
    })
}
