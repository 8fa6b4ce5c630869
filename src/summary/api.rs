//! The API of adoption summaries.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Channel, Outcome, PersonKind, StepKind, SummaryState};
use entity::id::TopicId;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::draft::{self, Texts, Work};
use super::gate::{Check, Link, Needed};
use super::list::{self, Line, Punctual};
use super::{Content, Row, Snapshot, approve, correct, policy, publish};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;
use crate::{consultation, decision, text};

pub struct Api;

/// 公布是否按期: whether the answer came in time.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum SummaryPunctual {
    NotDue,
    Waiting,
    Overdue,
    InTime,
    Late,
}

/// So many of a channel.
#[derive(Object)]
struct SummaryChannelCount {
    channel: Channel,
    count: u64,
}

/// So many of a kind of author.
#[derive(Object)]
struct SummaryKindCount {
    kind: PersonKind,
    count: u64,
}

/// The numbers: received = published + not_shown + rejected + pending; counted = adopted + partly_adopted +
/// not_adopted + explained + unanswered.
#[derive(Object)]
struct SummaryFigures {
    received: u64,
    published: u64,
    not_shown: u64,
    rejected: u64,
    pending: u64,
    counted: u64,
    adopted: u64,
    partly_adopted: u64,
    not_adopted: u64,
    explained: u64,
    unanswered: u64,
    /// Different people; opinions without a contact count each as one.
    people: u64,
    by_channel: Vec<SummaryChannelCount>,
    by_kind: Vec<SummaryKindCount>,
}

/// A line of the table: a topic, or an opinion answered on its own.
#[derive(Object)]
struct SummaryRow {
    number: u32,
    /// 意见来源
    source: String,
    #[oai(skip_serializing_if_is_none)]
    topic: Option<String>,
    /// 意见建议
    text: String,
    opinions: u64,
    people: u64,
    /// 较为集中
    concentrated: bool,
    #[oai(skip_serializing_if_is_none)]
    outcome: Option<Outcome>,
    reason: String,
    /// The clause of the final text.
    #[oai(skip_serializing_if_is_none)]
    final_clause: Option<String>,
}

/// Another way by which people were heard.
#[derive(Object)]
struct SummaryWay {
    kind: StepKind,
    on: NaiveDate,
    note: String,
}

/// Why a published summary was corrected.
#[derive(Object)]
struct SummaryCorrection {
    version: i32,
    at: DateTime<Utc>,
    reason: String,
}

/// A line of the public list.
#[derive(Object)]
struct SummaryListItem {
    /// The consultation's code.
    code: String,
    decision_title: String,
    received: u64,
    punctual: SummaryPunctual,
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct SummaryList {
    total: u64,
    items: Vec<SummaryListItem>,
}

/// A published summary.
#[derive(Object)]
struct SummaryPublic {
    code: String,
    decision: String,
    version: i32,
    title: String,
    department: String,
    participation: String,
    overview: String,
    ways: Vec<SummaryWay>,
    figures: SummaryFigures,
    rows: Vec<SummaryRow>,
    corrections: Vec<SummaryCorrection>,
    punctual: SummaryPunctual,
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    published_at: DateTime<Utc>,
    /// SHA-256 of title and text, hex.
    content_hash: String,
}

/// A summary being written.
#[derive(Object)]
struct SummaryDraft {
    state: SummaryState,
    title: String,
    participation: String,
    overview: String,
    /// Edited by hand: not written again from the facts unless asked.
    participation_edited: bool,
    overview_edited: bool,
    /// What was submitted, for the approval.
    #[oai(skip_serializing_if_is_none)]
    submitted_hash: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    returned_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    correction_reason: Option<String>,
    revision: i32,
    figures: SummaryFigures,
    rows: Vec<SummaryRow>,
}

/// From which step on a condition holds.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum SummaryStep {
    Submit,
    Publish,
}

/// Where to mend it: an opinion or a topic.
#[derive(Object)]
struct SummaryLink {
    #[oai(skip_serializing_if_is_none)]
    opinion: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    topic: Option<TopicId>,
}

/// One condition, with the exact difference.
#[derive(Object)]
struct SummaryCheck {
    key: String,
    needed_for: SummaryStep,
    ok: bool,
    message: String,
    message_en: String,
    links: Vec<SummaryLink>,
}

/// Whether the summary may be submitted and published, and what is missing.
#[derive(Object)]
struct SummaryGate {
    may_submit: bool,
    may_publish: bool,
    checks: Vec<SummaryCheck>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SummaryGenerateIn {
    /// Also write over what was edited by hand.
    #[oai(default)]
    overwrite: bool,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SummaryPatch {
    #[oai(validator(min_length = 1, max_length = 20000))]
    participation: Option<String>,
    #[oai(validator(min_length = 1, max_length = 20000))]
    overview: Option<String>,
    /// The revision that was read; another one is answered with 412.
    revision: Option<i32>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SummaryApproveIn {
    /// `submitted_hash` of what was read; another one is answered with 412.
    hash: Option<String>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SummaryReasonIn {
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

fn figures(c: &Content) -> SummaryFigures {
    let (f, o) = (&c.figures, &c.figures.outcomes);
    SummaryFigures {
        received: f.received,
        published: f.published,
        not_shown: f.not_shown,
        rejected: f.rejected,
        pending: f.pending,
        counted: f.counted(),
        adopted: o.adopted,
        partly_adopted: o.partly_adopted,
        not_adopted: o.not_adopted,
        explained: o.explained,
        unanswered: f.unanswered,
        people: f.people,
        by_channel: f
            .by_channel
            .iter()
            .map(|(channel, count)| SummaryChannelCount { channel: *channel, count: *count })
            .collect(),
        by_kind: f
            .by_kind
            .iter()
            .map(|(kind, count)| SummaryKindCount { kind: *kind, count: *count })
            .collect(),
    }
}

fn row(r: &Row) -> SummaryRow {
    SummaryRow {
        number: r.number,
        source: r.source.clone(),
        topic: r.topic.clone(),
        text: r.text.clone(),
        opinions: r.opinions,
        people: r.people,
        concentrated: r.concentrated,
        outcome: r.outcome,
        reason: r.reason.clone(),
        final_clause: r.clause.clone(),
    }
}

fn in_time(p: Punctual) -> SummaryPunctual {
    match p {
        Punctual::NotDue => SummaryPunctual::NotDue,
        Punctual::Waiting => SummaryPunctual::Waiting,
        Punctual::Overdue => SummaryPunctual::Overdue,
        Punctual::InTime => SummaryPunctual::InTime,
        Punctual::Late => SummaryPunctual::Late,
    }
}

fn item(app: &App, line: Line) -> SummaryListItem {
    let due_on = line.duty.map(|d| d.due_on);
    let on = line.listed.result_published_at.map(crate::calendar::civil::local_date);
    SummaryListItem {
        punctual: in_time(list::punctual(on, due_on, app.today())),
        code: line.listed.code,
        decision_title: line.listed.decision_title,
        received: line.received,
        due_on,
        published_at: line.listed.result_published_at,
    }
}

fn public(found: list::Public, snapshot: Snapshot) -> SummaryPublic {
    let content = &snapshot.content;
    SummaryPublic {
        code: found.consultation.code.clone(),
        decision: found.decision.code.clone(),
        version: snapshot.version,
        figures: figures(content),
        rows: content.rows.iter().map(row).collect(),
        ways: content
            .ways
            .iter()
            .map(|w| SummaryWay { kind: w.kind, on: w.on, note: w.note.clone() })
            .collect(),
        corrections: snapshot
            .corrections
            .iter()
            .map(|c| SummaryCorrection { version: c.version, at: c.at, reason: c.reason.clone() })
            .collect(),
        punctual: in_time(found.punctual),
        due_on: found.duty.as_ref().map(|d| d.due_on),
        content_hash: found.current().map(|p| p.content_hash.clone()).unwrap_or_default(),
        published_at: snapshot.published_at,
        department: found.department,
        title: snapshot.title,
        participation: snapshot.participation,
        overview: snapshot.overview,
    }
}

async fn work(app: &App, actor: &Actor, code: &str) -> Result<Work, Problem> {
    actor.require_staff()?;
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    policy::may_see(actor, &decision::find(db, found.decision_id).await?)?;
    draft::read(app, found).await
}

fn draft_out(work: &Work) -> Result<Json<SummaryDraft>, Problem> {
    let row_ = work.summary.as_ref().ok_or_else(Problem::not_found)?;
    let content = work.content();
    Ok(Json(SummaryDraft {
        state: row_.state,
        title: row_.title.clone(),
        participation: row_.participation.clone(),
        overview: row_.overview.clone(),
        participation_edited: row_.participation_edited,
        overview_edited: row_.overview_edited,
        submitted_hash: row_.submitted_hash.clone(),
        returned_reason: row_.returned_reason.clone(),
        correction_reason: row_.correction_reason.clone(),
        revision: row_.revision,
        figures: figures(content),
        rows: content.rows.iter().map(row).collect(),
    }))
}

fn check(c: &Check) -> SummaryCheck {
    SummaryCheck {
        key: c.key.into(),
        needed_for: match c.needed {
            Needed::Submit => SummaryStep::Submit,
            Needed::Publish => SummaryStep::Publish,
        },
        ok: c.ok,
        message: c.words.zh.to_string(),
        message_en: c.words.en.to_string(),
        links: c
            .links
            .iter()
            .map(|l| match l {
                Link::Opinion(number) => SummaryLink { opinion: Some(number.clone()), topic: None },
                Link::Topic(id, _) => SummaryLink { opinion: None, topic: Some(*id) },
            })
            .collect(),
    }
}

#[OpenApi(tag = "Area::Summary")]
impl Api {
    /// 意见采纳情况列表 Published summaries, and those still due
    #[oai(path = "/summaries", method = "get", operation_id = "listSummaries")]
    async fn list(
        &self,
        app: Data<&App>,
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))] limit: Query<Option<u64>>,
        #[oai(validator(maximum(value = "1000000")))] offset: Query<Option<u64>>,
    ) -> Result<Json<SummaryList>, Problem> {
        let (lines, total) = list::list(&app, limit.0.unwrap_or(20), offset.0.unwrap_or(0)).await?;
        Ok(Json(SummaryList { total, items: lines.into_iter().map(|l| item(&app, l)).collect() }))
    }

    /// 已公布的意见采纳情况 The published summary of a consultation
    #[oai(path = "/summaries/:code", method = "get", operation_id = "getSummary")]
    async fn get(&self, app: Data<&App>, code: Path<String>) -> Result<Json<SummaryPublic>, Problem> {
        let mut found = list::find(&app, &code).await?;
        let snapshot = found.snapshot.take().ok_or_else(Problem::not_found)?;
        Ok(Json(public(found, snapshot)))
    }

    /// 起草中的采纳情况 The summary as it is being written
    #[oai(path = "/consultations/:code/summary", method = "get", operation_id = "getSummaryDraft")]
    async fn draft(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 送审和公布的条件 What is missing before it may be submitted and published
    #[oai(path = "/consultations/:code/summary/gate", method = "get", operation_id = "getSummaryGate")]
    async fn gate(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryGate>, Problem> {
        let work = work(&app, &token.0, &code).await?;
        let may = |step: Needed| work.checks.iter().all(|c| c.ok || c.needed > step);
        Ok(Json(SummaryGate {
            may_submit: may(Needed::Submit),
            may_publish: may(Needed::Publish),
            checks: work.checks.iter().map(check).collect(),
        }))
    }

    /// 生成采纳情况 Write the summary from the responses
    #[oai(path = "/consultations/:code/summary/generate", method = "post", operation_id = "generateSummary")]
    async fn generate(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryGenerateIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        draft::generate(&app, &token.0, before.consultation.id, body.overwrite).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 修改文字 Edit the two texts
    #[oai(path = "/consultations/:code/summary", method = "patch", operation_id = "editSummary")]
    async fn edit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryPatch>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        let now = before.summary.ok_or_else(Problem::not_found)?;
        let texts = Texts {
            participation: body.participation.as_deref().map_or(now.participation, text::tidy),
            overview: body.overview.as_deref().map_or(now.overview, text::tidy),
            // A text that was not sent is the one of this revision.
            revision: body.revision.or(Some(now.revision)),
        };
        draft::edit(&app, &token.0, before.consultation.id, &texts).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 送审 Submit to the department's head
    #[oai(path = "/consultations/:code/summary/submit", method = "post", operation_id = "submitSummary")]
    async fn submit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        approve::submit(&app, &token.0, before.consultation.id).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 审批通过 Approve what was submitted
    #[oai(path = "/consultations/:code/summary/approve", method = "post", operation_id = "approveSummary")]
    async fn approve(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryApproveIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        approve::approve(&app, &token.0, before.consultation.id, body.hash.as_deref()).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 退回修改 Send it back with a reason
    #[oai(path = "/consultations/:code/summary/return", method = "post", operation_id = "returnSummary")]
    async fn send_back(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        approve::send_back(&app, &token.0, before.consultation.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 公布 Publish what was approved
    #[oai(path = "/consultations/:code/summary/publish", method = "post", operation_id = "publishSummary")]
    async fn publish(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<SummaryPublic>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        publish::publish(&app, &token.0, before.consultation.id).await?;
        self.get(app, code).await
    }

    /// 发起更正 Open a correction of a published summary
    #[oai(path = "/consultations/:code/summary/correct", method = "post", operation_id = "correctSummary")]
    async fn correct(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        correct::correct(&app, &token.0, before.consultation.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }

    /// 撤下 Take a published summary from the public
    #[oai(path = "/consultations/:code/summary/withdraw", method = "post", operation_id = "withdrawSummary")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SummaryReasonIn>,
    ) -> Result<Json<SummaryDraft>, Problem> {
        let before = work(&app, &token.0, &code).await?;
        correct::withdraw(&app, &token.0, before.consultation.id, &text::tidy(&body.reason)).await?;
        draft_out(&work(&app, &token.0, &code).await?)
    }
}
