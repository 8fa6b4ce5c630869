//! Taking down an opinion that came by letter, e-mail or telephone, at a seminar, a hearing or a visit. It
//! is numbered, reviewed and answered like any other, also when it is entered after the closing day but was
//! received before it.

use chrono::NaiveDate;
use entity::consultation::Model;
use entity::enums::{Channel, Role, SubjectKind};
use entity::id::{ClauseId, DepartmentId, StaffId};

use super::content::{Checked, Content, code};
use super::receive::{Incoming, Receipt, receive};
use super::{store, submit};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::attachment;
use crate::calendar::civil;
use crate::consultation::{Stage, stage};
use crate::db::Write;
use crate::problem::{Code, Problem};

/// An opinion as a clerk takes it down.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Code of the consultation.
    pub consultation: String,
    pub clause_id: Option<ClauseId>,
    pub content: Content,
    /// Tickets of uploads: scans of the letter, photographs.
    pub files: Vec<String>,
    pub channel: Option<Channel>,
    /// The day it reached the bureau.
    pub received_on: Option<NaiveDate>,
}

/// Whether this person may take down opinions for a department's consultations: its owners and head, and
/// moderators.
///
/// # Errors
/// `unauthenticated`; `forbidden`.
pub fn may_record(actor: &Actor, department: DepartmentId) -> Result<&Staff, Problem> {
    let staff = actor.require_staff()?;
    if staff.runs(department) || staff.has(Role::Moderator) { Ok(staff) } else { Err(Problem::forbidden()) }
}

/// Takes down an opinion and gives the receipt to hand over.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` once the result is published; the
/// database's own.
pub async fn record(app: &App, actor: &Actor, input: &Record) -> Result<Receipt, Problem> {
    actor.require_staff()?;
    let write = app.write().await?;
    write.unseen();
    let receipt = take_down(app, &write, actor, input).await?;
    write.commit().await?;
    Ok(receipt)
}

/// The same within a larger act, which commits it.
///
/// # Errors
/// As [`record`].
pub async fn take_down(app: &App, write: &Write, actor: &Actor, input: &Record) -> Result<Receipt, Problem> {
    // A visitor to a seminar may leave no contact, whatever the form on the site asks for.
    let checked = input.content.check(&app.config, &app.keys, false);
    let channel = input
        .channel
        .filter(|c| *c != Channel::Site)
        .ok_or_else(|| Problem::invalid("channel", "请选择意见来源", "Please choose how it reached you"));
    let (checked, channel) = match (checked, channel) {
        (Ok(checked), Ok(channel)) => (checked, channel),
        (Err(mut a), Err(b)) => {
            a.fields.extend(b.fields);
            return Err(a);
        }
        (Err(p), _) | (_, Err(p)) => return Err(p),
    };
    let (target, department) = store::target(&**write, code(&input.consultation)?).await?;
    let staff = may_record(actor, department)?;
    let received_on = received_on(&target, input.received_on, app)?;
    let clause_id = match input.clause_id {
        Some(chosen) => Some(submit::clause(write, target.document_id, chosen).await?),
        None => None,
    };
    submit::proposes(write, clause_id, &input.content.wording).await?;
    let incoming = incoming(app, &target, department, clause_id, channel, &checked, received_on, staff.id);
    let receipt = receive(app, write, actor, &incoming).await?;
    attachment::claim(app, write, SubjectKind::Opinion, receipt.id.0, &input.files).await?;
    Ok(receipt)
}

/// What a clerk took down, ready for the one door.
#[expect(clippy::too_many_arguments, reason = "each is a part of the opinion and stands for itself")]
pub(super) fn incoming<'a>(
    app: &App,
    target: &'a Model,
    department: DepartmentId,
    clause_id: Option<ClauseId>,
    channel: Channel,
    content: &'a Checked,
    received_on: NaiveDate,
    by: StaffId,
) -> Incoming<'a> {
    let now = app.now();
    let today = civil::local_date(now);
    Incoming {
        id: app.id(),
        consultation: target,
        department,
        clause_id,
        channel,
        content,
        // A day has no hour: its first moment stands for it.
        received_at: if received_on == today { now } else { civil::start_of_day(received_on) },
        // Review can begin only when there is something to review.
        review_from: today,
        received_by: Some(by),
        consent: None,
        lang: "zh",
        part: false,
    }
}

/// The day of receipt lies in the window, and not in the future.
pub(super) fn received_on(target: &Model, day: Option<NaiveDate>, app: &App) -> Result<NaiveDate, Problem> {
    let wrong = |zh: String, en: String| Err(Problem::invalid("received_on", zh, en));
    match stage(target, app.now()) {
        Stage::Draft => return Err(Problem::not_found()),
        Stage::Announced => {
            return Err(Problem::new(Code::ConsultationClosed)
                .because("征求意见尚未开始", "The consultation has not opened yet"));
        }
        Stage::Open | Stage::Closed => {}
    }
    if target.result_published_at.is_some() {
        return Err(Problem::conflict(
            "采纳情况已经公布，不能再补录意见",
            "The result is published; no more opinions can be entered",
        ));
    }
    let Some(day) = day else {
        return wrong("请填写收到日期".into(), "Please give the day it was received".into());
    };
    if day > app.today() {
        return wrong("收到日期不能晚于今天".into(), "The day of receipt cannot lie in the future".into());
    }
    if day < target.opens_on || day > target.closes_on {
        return wrong(
            format!(
                "应在征集期内：{} 至 {}",
                civil::zh_date(target.opens_on),
                civil::zh_date(target.closes_on)
            ),
            format!(
                "It must lie within the consultation: {} to {}",
                civil::en_date(target.opens_on),
                civil::en_date(target.closes_on)
            ),
        );
    }
    Ok(day)
}
