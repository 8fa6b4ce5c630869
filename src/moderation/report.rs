//! Readers' reports of published opinions (举报, 跟帖评论服务管理规定 2022): anybody may say what is wrong with one;
//! a moderator without a stake keeps it, removes personal data from it, or shows it no longer. All reports of an
//! opinion are decided together. It stays counted in any case, so this may be done after the summary too.

use entity::enums::{
    DutyKind, OpinionState, ReasonCode, ReportState, ReviewAction, ReviewState, Role, SubjectKind,
};
use entity::id::{ReportId, ReviewId};
use entity::report::Model;
use entity::{opinion, review};
use serde_json::json;
use validator::Validate;

use super::policy::{Denied, Facts, may_decide_report};
use super::review::{facts, facts_of};
use super::{reason, redaction, report_store as rows, store};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::keys::Purpose;
use crate::opinion::settle::{Verdict, settle};
use crate::opinion::{self as opinions, tell};
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::{audit, text};

/// What can be wrong with an opinion in a reader's eyes.
pub const REASONS: [ReasonCode; 6] = [
    ReasonCode::PersonalData,
    ReasonCode::Insult,
    ReasonCode::Illegal,
    ReasonCode::Advertising,
    ReasonCode::OffTopic,
    ReasonCode::Other,
];
/// Characters of a reader's note.
pub const LONGEST: u64 = 500;
/// More reported opinions than a bureau has open at once.
const MOST: u64 = 200;

/// What a reader says.
#[derive(Clone, Debug, Default, Validate)]
pub struct Report {
    /// Number of the opinion.
    pub number: String,
    pub reason: Option<ReasonCode>,
    #[validate(length(max = "LONGEST"), custom(function = text::several_lines))]
    pub note: String,
}

/// Takes a report. A second one of the same reader, while the first is open, is the same.
///
/// # Errors
/// `invalid`; `not_found` for an opinion that is not public; `too_many_requests`; the database's own.
pub async fn report(app: &App, actor: &Actor, input: &Report) -> Result<(), Problem> {
    let input = Report { note: text::tidy(&input.note), ..input.clone() };
    input.validate()?;
    let Some(why) = input.reason.filter(|r| REASONS.contains(r)) else {
        return Err(Problem::invalid("reason", "请选择举报原因", "Please choose a reason"));
    };
    if why == ReasonCode::Other && input.note.is_empty() {
        return Err(Problem::invalid("note", "请说明问题所在", "Please say what is wrong"));
    }
    // As often as one may give an opinion.
    rate::check(app, Act::Opinion, &actor.address).await?;
    let write = app.write().await?;
    write.unseen();
    let opinion = store::lock(&write, &input.number).await?;
    if opinion.state != OpinionState::Published {
        return Err(Problem::not_found());
    }
    let reporter = app.keys.mac_hex(Purpose::Rate, &format!("report:{}", actor.address));
    let open = rows::open_of(&*write, opinion.id).await?;
    if open.iter().any(|r| r.reporter == reporter) {
        return write.commit().await;
    }
    let row = Model {
        id: app.id::<ReportId>(),
        opinion_id: opinion.id,
        reason: why,
        note: input.note,
        reporter,
        state: ReportState::Open,
        created_at: app.now(),
        decided_by: None,
        decided_at: None,
    };
    rows::insert(&write, row).await?;
    if open.is_empty() {
        begin(app, &write, actor, &opinion).await?;
    }
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    audit::record(app, &write, actor, "opinion.report", subject, json!({ "reason": why })).await?;
    write.commit().await
}

/// The duty to decide: opened by the first report, and again by the first one after a decision.
async fn begin(app: &App, write: &Write, actor: &Actor, o: &opinion::Model) -> Result<(), Problem> {
    let term = Term::WorkingDays(app.config.rules.report_working_days);
    let there = duty::of_subject(&**write, o.id.0).await?.iter().any(|d| d.kind == DutyKind::Report);
    if there {
        duty::reopen(app, write, actor, DutyKind::Report, o.id.0).await?;
        return duty::restart(app, write, actor, DutyKind::Report, o.id.0, app.today(), term, "再次收到举报")
            .await;
    }
    let decision = store::decision_of(&**write, o.consultation_id).await?.ok_or_else(Problem::not_found)?;
    let begin = Begin {
        kind: DutyKind::Report,
        subject_kind: SubjectKind::Opinion,
        subject_id: o.id.0,
        title: o.number.clone(),
        path: format!("/desk/reports/{}", o.number),
        department_id: decision.department_id,
        owner_id: None,
        start_on: app.today(),
        term,
    };
    duty::open(app, write, actor, begin).await?;
    Ok(())
}

/// A reported opinion with its open reports.
#[derive(Debug)]
pub struct Reported {
    pub opinion: opinion::Model,
    pub reports: Vec<Model>,
}

/// Opinions with open reports, the longest waiting first.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Vec<Reported>, Problem> {
    actor.require(Role::Moderator)?;
    let mut all: Vec<Reported> = Vec::new();
    for (report, opinion) in rows::open(app.db.read(), MOST).await? {
        match all.iter_mut().find(|r| r.opinion.id == opinion.id) {
            Some(r) => r.reports.push(report),
            None => all.push(Reported { opinion, reports: vec![report] }),
        }
    }
    Ok(all)
}

/// One of them, with the author's words.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` without an open report; the database's own.
pub async fn reported(app: &App, actor: &Actor, number: &str) -> Result<(Reported, String), Problem> {
    actor.require(Role::Moderator)?;
    let db = app.db.read();
    let opinion = opinions::by_number(db, number).await?;
    let reports = rows::open_of(db, opinion.id).await?;
    if reports.is_empty() {
        return Err(Problem::not_found());
    }
    let text = opinions::current_text(db, &opinion).await?;
    Ok((Reported { opinion, reports }, text))
}

/// What a moderator decides on the reports of an opinion.
#[derive(Clone, Debug, Default)]
pub struct Decide {
    pub number: String,
    /// The revision that was read.
    pub revision: i32,
    /// `publish_redacted` or `withhold`; none keeps it as it is shown.
    pub action: Option<ReviewAction>,
    /// For `withhold`.
    pub reason_code: Option<ReasonCode>,
    /// A note to the author.
    pub reason_text: String,
    /// For `publish_redacted`.
    pub public_text: String,
}

/// Decides on all open reports of an opinion; its author is told when something changes.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `stale`; `invalid`; `conflict` without an open report; the
/// database's own.
pub async fn decide(app: &App, actor: &Actor, input: &Decide) -> Result<ReportState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let opinion = store::lock(&write, &input.number).await?;
    if opinion.revision != input.revision {
        return Err(Problem::new(Code::Stale));
    }
    let seen: Facts = facts(&write, staff, &opinion, None).await?;
    may_decide_report(&seen)?;
    if rows::open_of(&*write, opinion.id).await?.is_empty() {
        return Err(Problem::conflict("没有待处理的举报", "No report waits for this opinion"));
    }
    // Withdrawn or taken up again meanwhile: there is nothing left to change.
    let shown = opinion.state == OpinionState::Published;
    let state = match input.action.filter(|_| shown) {
        None if shown => ReportState::Kept,
        None => ReportState::Acted,
        Some(action) => {
            change(app, &write, staff.id, &opinion, action, input).await?;
            ReportState::Acted
        }
    };
    rows::decide(&write, opinion.id, state, staff.id, app.now()).await?;
    duty::complete(app, &write, actor, DutyKind::Report, opinion.id.0).await?;
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    let detail = json!({ "state": state, "action": input.action });
    audit::record(app, &write, actor, "opinion.report_decide", subject, detail).await?;
    write.commit().await?;
    Ok(state)
}

/// Whether the actor may decide on this opinion's reports.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn may_decide(
    app: &App,
    actor: &Actor,
    opinion: &opinion::Model,
) -> Result<Result<(), Denied>, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let owner = store::decision_owner(app.db.read(), opinion.consultation_id).await?;
    Ok(may_decide_report(&facts_of(staff, opinion, owner, None, false)))
}

async fn change(
    app: &App,
    write: &Write,
    staff: entity::id::StaffId,
    opinion: &opinion::Model,
    action: ReviewAction,
    input: &Decide,
) -> Result<(), Problem> {
    let text = opinions::current_text(&**write, opinion).await?;
    let note = text::tidy(&input.reason_text);
    let (code, public, verdict) = match action {
        ReviewAction::PublishRedacted => {
            let public = text::tidy(&input.public_text);
            redaction::verify(&text, &public)?;
            (None, Some(public.clone()), Verdict::Publish(public))
        }
        ReviewAction::Withhold => {
            let code = reason::check(action, input.reason_code, &note, opinion.show_as)?;
            (code, None, Verdict::Withhold)
        }
        _ => return Err(Problem::invalid("action", "请选择处理方式", "Please choose what to do")),
    };
    let id = app.id::<ReviewId>();
    let note = if code.is_some() { note } else { String::new() };
    let row = review::Model {
        id,
        opinion_id: opinion.id,
        action,
        reason_code: code,
        reason_text: note.clone(),
        public_text: public,
        moderator_id: staff,
        second_id: None,
        state: ReviewState::Final,
        created_at: app.now(),
        decided_at: Some(app.now()),
    };
    store::insert(write, row).await?;
    let after = settle(app, write, opinion, verdict).await?;
    let told = code.map(|code| (code, note.as_str()));
    tell::changed(app, write, &after, &format!("review:{id}"), told).await
}
