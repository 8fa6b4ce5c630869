//! Writing a consultation before anybody sees it.

use chrono::{Days, NaiveDate};
use entity::consultation::Model;
use entity::document;
use entity::enums::{DocumentKind, IdentityLevel, SubjectKind};
use entity::id::{ConsultationId, DecisionId, DocumentId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem};
use crate::{decision, document as documents, sequence, text};

/// A window further away or longer than this is a slip of the pen.
const FARTHEST: u64 = 400;

/// What a consultation says.
#[derive(Clone, Debug, Validate)]
pub struct Content {
    /// The version of the draft; without one the newest.
    pub document_id: Option<DocumentId>,
    /// Empty: 关于公开征求《…》意见的公告.
    #[validate(length(max = 200), custom(function = text::one_line))]
    pub title: String,
    /// 征集公告; empty: the usual words.
    #[validate(length(max = 20_000), custom(function = text::several_lines))]
    pub notice: String,
    /// 通俗解读: paragraphs, and lines of a list that begin with a dash; may be empty.
    #[validate(length(max = 3000), custom(function = text::several_lines))]
    pub plain: String,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    /// Why the window is shorter than the rule asks for; published.
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub short_reason: Option<String>,
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub contact_name: String,
    #[validate(length(max = 200), custom(function = text::one_line))]
    pub address: String,
    #[validate(length(max = 10), custom(function = text::one_line))]
    pub postcode: String,
    #[validate(custom(function = email))]
    pub email: String,
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub phone: String,
    /// What is verified of who speaks.
    pub identity: IdentityLevel,
}

fn email(text: &str) -> Result<(), validator::ValidationError> {
    if text.is_empty() || text::is_email(text) {
        return Ok(());
    }
    Err(validator::ValidationError::new("请填写正确的电子邮箱|Please give a valid e-mail address"))
}

/// The title that a notice of this draft usually has.
pub fn usual_title(draft: &str) -> String {
    let draft = draft.trim_start_matches('《').trim_end_matches('》');
    format!("关于公开征求《{draft}》意见的公告")
}

/// The words that a notice of this draft usually has; dates and addresses stand beside it on the page.
pub fn usual_notice(draft: &str) -> String {
    let draft = draft.trim_start_matches('《').trim_end_matches('》');
    format!(
        "为了提高决策的科学性和民主性，现将《{draft}》及其起草说明、决策依据全文公布，向社会公开征求意见。\n\
         公众可以在征求意见期限内通过本网站、来信、电子邮件或者电话提出意见和建议，请尽量写明所针对的条款和理由。以各种方式提出的意见同样登记、同样研究。\n\
         征求意见结束后，我们将逐条研究收到的意见，并公布意见采纳情况；未采纳较为集中的意见的，说明理由。"
    )
}

/// Creates the draft of a consultation; a decision has one draft at a time.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict`; the database's own.
pub async fn create(
    app: &App,
    actor: &Actor,
    decision: DecisionId,
    content: &Content,
) -> Result<Model, Problem> {
    content.validate()?;
    let write = app.write().await?;
    let decision = decision::find(&*write, decision).await?;
    decision::may_run(actor, &decision)?;
    // The counter's row lock keeps two creations of one decision in line on PostgreSQL.
    let number = sequence::next(&write, &format!("consultation:{}", decision.code)).await?;
    if store::of_decision(&*write, decision.id).await?.iter().any(|c| c.published_at.is_none()) {
        return Err(Problem::conflict(
            "该事项已有一份尚未发布的征求意见，请直接修改",
            "This decision has an unpublished consultation already; change that one",
        ));
    }
    let draft = draft_version(&*write, decision.id, content.document_id).await?;
    let row = Model {
        id: app.id(),
        code: format!("{}-{number}", decision.code),
        decision_id: decision.id,
        document_id: draft.id,
        title: String::new(),
        notice: String::new(),
        plain: String::new(),
        opens_on: content.opens_on,
        closes_on: content.closes_on,
        short_reason: None,
        contact_name: String::new(),
        address: String::new(),
        postcode: String::new(),
        email: String::new(),
        phone: String::new(),
        identity: content.identity,
        published_at: None,
        published_by: None,
        result_published_at: None,
        created_at: app.now(),
        revision: 1,
    };
    let row = filled(row, content, &draft, app.today())?;
    store::insert(&write, &row).await?;
    let subject = audit::subject(SubjectKind::Consultation, row.id);
    audit::record(app, &write, actor, "consultation.create", subject, json!({ "code": row.code })).await?;
    write.commit().await?;
    Ok(row)
}

/// Changes a draft. `revision` is the one the writer saw.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` once published; `stale`; the database's own.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    revision: Option<i32>,
    content: &Content,
) -> Result<Model, Problem> {
    content.validate()?;
    let write = app.write().await?;
    let row = store::find_locked(&write, id).await?;
    decision::may_run(actor, &decision::find(&*write, row.decision_id).await?)?;
    still_draft(&row)?;
    if revision.is_some_and(|seen| seen != row.revision) {
        return Err(Problem::new(Code::Stale));
    }
    let draft = draft_version(&*write, row.decision_id, content.document_id).await?;
    let row = filled(row, content, &draft, app.today())?;
    store::set_content(&write, &row).await?;
    let row = store::find(&*write, id).await?;
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "consultation.edit", subject, json!({ "revision": row.revision }))
        .await?;
    write.commit().await?;
    Ok(row)
}

/// Throws a draft away; its number is not used again.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` once published; the database's own.
pub async fn discard(app: &App, actor: &Actor, id: ConsultationId) -> Result<(), Problem> {
    let write = app.write().await?;
    let row = store::find_locked(&write, id).await?;
    decision::may_run(actor, &decision::find(&*write, row.decision_id).await?)?;
    still_draft(&row)?;
    store::delete(&write, id).await?;
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "consultation.discard", subject, json!({ "code": row.code })).await?;
    write.commit().await
}

/// What was published stays as it was.
pub(super) fn still_draft(row: &Model) -> Result<(), Problem> {
    if row.published_at.is_none() {
        return Ok(());
    }
    Err(Problem::conflict(
        "征求意见已经发布，不能修改；可以延长期限，或者以新版本更正草案",
        "The consultation is published and cannot be changed; it can be extended, and its texts corrected by a new version",
    ))
}

async fn draft_version(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    wanted: Option<DocumentId>,
) -> Result<document::Model, Problem> {
    let found = match wanted {
        Some(id) => documents::find(db, id).await.ok(),
        None => documents::latest(db, decision, DocumentKind::Draft).await?,
    };
    found.filter(|d| d.decision_id == decision && d.kind == DocumentKind::Draft).ok_or_else(|| {
        Problem::invalid("document_id", "请先录入决策草案", "Write the draft of the decision first")
    })
}

fn filled(
    row: Model,
    content: &Content,
    draft: &document::Model,
    today: NaiveDate,
) -> Result<Model, Problem> {
    let farthest = |from: NaiveDate| from.checked_add_days(Days::new(FARTHEST)).unwrap_or(NaiveDate::MAX);
    if content.closes_on <= content.opens_on {
        return Err(Problem::invalid(
            "closes_on",
            "截止日期应当晚于开始日期",
            "The last day must be after the first",
        ));
    }
    if content.opens_on > farthest(today)
        || content.opens_on < today - chrono::TimeDelta::days(FARTHEST as i64)
    {
        return Err(Problem::invalid("opens_on", "请核对开始日期的年份", "Check the year of the first day"));
    }
    if content.closes_on > farthest(content.opens_on) {
        return Err(Problem::invalid("closes_on", "请核对截止日期的年份", "Check the year of the last day"));
    }
    let or = |given: &str, usual: fn(&str) -> String| {
        if given.is_empty() { usual(&draft.title) } else { given.to_owned() }
    };
    Ok(Model {
        document_id: draft.id,
        title: or(&content.title, usual_title),
        notice: or(&content.notice, usual_notice),
        plain: content.plain.clone(),
        opens_on: content.opens_on,
        closes_on: content.closes_on,
        short_reason: content.short_reason.clone().filter(|r| !r.trim().is_empty()),
        contact_name: content.contact_name.clone(),
        address: content.address.clone(),
        postcode: content.postcode.clone(),
        email: content.email.clone(),
        phone: content.phone.clone(),
        identity: content.identity,
        ..row
    })
}
