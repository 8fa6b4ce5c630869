//! The one door: every opinion gets its number, its row, its receipt, the duty to review it, its audit
//! record and, where there is an e-mail address, its letter of thanks.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Channel, DutyKind, IdentityLevel, OpinionState, SubjectKind};
use entity::id::{ClauseId, DepartmentId, OpinionId, StaffId};
use entity::opinion::Model;
use entity::{consent, consultation};
use serde_json::json;

use super::content::Checked;
use super::flood::{self, Arriving};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::db::{Inserts, Write};
use crate::duty::{self, Begin, Term};
use crate::problem::{Code, Problem};
use crate::receipt::{self, LookupCode};
use crate::{audit, sequence};

/// What the author gets.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: OpinionId,
    /// 受理编号
    pub number: String,
    /// 查询码
    pub code: LookupCode,
    pub state: OpinionState,
    pub received_at: DateTime<Utc>,
    /// Last day of the review.
    pub review_by: NaiveDate,
    /// The same request had been received before.
    pub repeated: bool,
}

pub(super) struct Incoming<'a> {
    pub id: OpinionId,
    pub consultation: &'a consultation::Model,
    pub department: DepartmentId,
    pub clause_id: Option<ClauseId>,
    pub channel: Channel,
    pub content: &'a Checked,
    pub received_at: DateTime<Utc>,
    /// The day the period of review starts from; it does not count.
    pub review_from: NaiveDate,
    pub received_by: Option<StaffId>,
    /// What its author agreed to; none for what staff took down.
    pub consent: Option<consent::Model>,
    pub lang: &'a str,
    /// Came with others: one letter of thanks goes for all of them.
    pub part: bool,
}

/// # Errors
/// `contact_unproven` for what comes online without the proof that the consultation asks for, by whatever way;
/// the database's own.
pub(super) async fn receive(
    app: &App,
    write: &Write,
    actor: &Actor,
    x: &Incoming<'_>,
) -> Result<Receipt, Problem> {
    let proved = x.consent.as_ref().is_some_and(|c| c.verified_at.is_some());
    if x.consultation.identity != IdentityLevel::Unverified && x.received_by.is_none() && !proved {
        return Err(Problem::new(Code::ContactUnproven));
    }
    let seq = sequence::next(write, &format!("opinion:{}", x.consultation.code)).await?;
    let flood_id = match x.received_by {
        // Staff who take down a hundred letters are no flood.
        Some(_) => None,
        None => {
            let (consultation, address) = (x.consultation, actor.address.as_str());
            let text = x.content.text.as_str();
            flood::joins(app, write, &Arriving { consultation, place: seq, address, text }).await?
        }
    };
    let row = Model { flood_id, ..row(app, x, format!("{}-{seq:06}", x.consultation.code)) };
    let mut rows = Inserts::default();
    rows.add(row.clone());
    store::tally::received(&mut rows, &row);
    if let Some(consent) = &x.consent {
        rows.add(consent.clone());
    }
    let code = receipt::issue(app, &mut rows, SubjectKind::Opinion, x.id.0);
    let duty = duty::open_first(app, write, actor, review_duty(app, x, &row), &mut rows).await?;
    rows.run(write).await?;
    let detail = json!({ "number": row.number, "channel": row.channel });
    let action = if x.received_by.is_some() { "opinion.record" } else { "opinion.submit" };
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Opinion, x.id), detail).await?;
    if !x.part {
        tell::received(app, write, &row, x.consultation, x.content.contact.as_deref(), duty.due_on).await?;
    }
    Ok(Receipt {
        id: x.id,
        number: row.number,
        code,
        state: row.state,
        received_at: row.received_at,
        review_by: duty.due_on,
        repeated: false,
    })
}

fn row(app: &App, x: &Incoming<'_>, number: String) -> Model {
    let seal = |plain: &Option<String>| plain.as_deref().map(|p| app.keys.encrypt(p, &app.rng));
    Model {
        id: x.id,
        number,
        consultation_id: x.consultation.id,
        clause_id: x.clause_id,
        channel: x.channel,
        person_kind: x.content.person_kind,
        show_as: x.content.show_as,
        name_enc: seal(&x.content.name),
        contact_enc: seal(&x.content.contact),
        person_hash: x.content.person_hash.clone(),
        text: x.content.text.clone(),
        text_hash: x.content.text_hash.clone(),
        state: OpinionState::Pending,
        public_text: None,
        public_name: None,
        received_at: x.received_at,
        received_by: x.received_by,
        reviewed_at: None,
        published_at: None,
        lang: if x.lang == "en" { "en".into() } else { "zh".into() },
        revision: 1,
        flood_id: None,
    }
}

fn review_duty(app: &App, x: &Incoming<'_>, row: &Model) -> Begin {
    Begin {
        kind: DutyKind::OpinionReview,
        subject_kind: SubjectKind::Opinion,
        subject_id: x.id.0,
        title: row.number.clone(),
        path: format!("/desk/review?consultation={}", x.consultation.code),
        department_id: x.department,
        owner_id: None,
        start_on: x.review_from,
        term: Term::WorkingDays(app.config.rules.review_working_days),
    }
}
