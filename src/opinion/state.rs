//! The whole way of one opinion, as its author may see it: received, reviewed, published or not shown and
//! why, dealt with, and what became of it. Opened by the lookup code; staff are never named.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AppealState, DutyKind, OpinionState, ReasonCode, SubjectKind};
use entity::id::OpinionId;
use entity::opinion::Model;
use entity::{appeal, attachment, consultation};

use super::quote::{Quote, quote};
use super::store::{self, Answer};
use crate::app::App;
use crate::calendar::civil;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::text;

/// Where an opinion stands, with everything its author may know.
#[derive(Debug)]
pub struct State {
    pub code: LookupCode,
    pub opinion: Model,
    pub consultation: consultation::Model,
    pub clause: Option<Quote>,
    /// The words that count now; differs from `opinion.text` after a revision.
    pub text: String,
    /// Told so that a wrong number is noticed.
    pub contact_masked: Option<String>,
    /// Last day of the review.
    pub review_by: NaiveDate,
    /// Why it is not shown, was returned or not accepted.
    pub reason: Option<Reason>,
    pub answer: Answer,
    /// 附件
    pub files: Vec<attachment::Model>,
    /// The author's objection to the review.
    pub appeal: Option<appeal::Model>,
    /// The last day for deciding it, while it waits.
    pub appeal_due: Option<NaiveDate>,
    /// Until when the author may object, where that is possible.
    pub may_appeal_until: Option<NaiveDate>,
    /// Whether the author may take it back.
    pub may_withdraw: bool,
}

#[derive(Clone, Debug)]
pub struct Reason {
    pub code: ReasonCode,
    /// What the moderator added; may be empty.
    pub note: String,
    pub at: DateTime<Utc>,
}

impl State {
    /// Published in other words than the author's.
    pub fn is_redacted(&self) -> bool {
        self.opinion.public_text.as_ref().is_some_and(|public| *public != self.text)
    }
}

/// Opens the state of the opinion that a lookup code stands for. A code that was mistyped and a code that
/// was never issued get the same answer.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn open(app: &App, address: &str, typed: &str) -> Result<State, Problem> {
    let id = find(app, address, typed).await?;
    load(app, id).await
}

/// The opinion that a lookup code stands for.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn find(app: &App, address: &str, typed: &str) -> Result<OpinionId, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(app.db.read(), &code).await?;
    if receipt.subject_kind != SubjectKind::Opinion {
        return Err(Problem::not_found());
    }
    Ok(OpinionId(receipt.subject_id))
}

/// Where the page behind a lookup code is, whatever it stands for.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn page_of(app: &App, address: &str, typed: &str) -> Result<String, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let base = match receipt::find(app.db.read(), &code).await?.subject_kind {
        SubjectKind::Opinion => web::path::LOOKUP,
        SubjectKind::Message => web::path::MESSAGE_RECEIPTS,
        SubjectKind::EventRegistration => web::path::REGISTRATIONS,
        SubjectKind::DataRequest => web::path::DATA_REQUESTS,
        SubjectKind::QaQuestion => web::path::QA_RECEIPTS,
        SubjectKind::Submission => web::path::SUBMISSIONS,
        SubjectKind::QuestionnaireResponse => web::path::QUESTIONNAIRE_RECEIPTS,
        _ => return Err(Problem::not_found()),
    };
    Ok(format!("{base}/{}", code.grouped()))
}

async fn load(app: &App, id: OpinionId) -> Result<State, Problem> {
    let db = app.db.read();
    let opinion = store::find(db, id).await?;
    let consultation = crate::consultation::find(db, opinion.consultation_id).await?;
    let clause = match opinion.clause_id {
        Some(clause) => Some(quote(db, clause).await?),
        None => None,
    };
    let decided = [OpinionState::Withheld, OpinionState::Returned, OpinionState::Rejected];
    let reason = if decided.contains(&opinion.state) {
        store::last_review(db, id).await?.and_then(|review| {
            Some(Reason {
                code: review.reason_code?,
                note: review.reason_text,
                at: review.decided_at.unwrap_or(review.created_at),
            })
        })
    } else {
        None
    };
    let text = store::current_text(db, &opinion).await?;
    let appeal = store::appeal::of(db, id).await?;
    let contact = opinion.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    Ok(State {
        code: LookupCode::of(&app.keys, SubjectKind::Opinion, id.0),
        may_appeal_until: match &appeal {
            None => super::appeal::until(app, &opinion, &text, &consultation),
            Some(_) => None,
        },
        appeal_due: match appeal.as_ref().filter(|a| a.state == AppealState::Open) {
            Some(_) => store::due(db, DutyKind::Appeal, id).await?,
            None => None,
        },
        may_withdraw: super::withdraw::possible(&opinion, appeal.as_ref(), &consultation),
        appeal,
        text,
        contact_masked: contact.map(|c| text::mask_contact(&c)),
        review_by: store::due(db, DutyKind::OpinionReview, id)
            .await?
            .unwrap_or_else(|| civil::local_date(opinion.received_at)),
        answer: store::answer(db, &consultation, id).await?,
        files: crate::attachment::of(db, SubjectKind::Opinion, id.0).await?,
        reason,
        clause,
        consultation,
        opinion,
    })
}

/// The lookup code of an opinion, for whoever has just proved to hold it.
pub fn code(app: &App, id: OpinionId) -> LookupCode {
    LookupCode::of(&app.keys, SubjectKind::Opinion, id.0)
}
