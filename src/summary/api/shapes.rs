//! What the API of summaries takes and gives.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Channel, Outcome, PersonKind, StepKind, SummaryState};
use entity::id::TopicId;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object};

use crate::app::App;
use crate::problem::Problem;
use crate::summary::draft::Work;
use crate::summary::gate::{Check, Link, Needed};
use crate::summary::list::{self, Line, Punctual};
use crate::summary::{Content, Row, Snapshot};

/// 公布是否按期: whether the answer came in time.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
pub enum SummaryPunctual {
    NotDue,
    Waiting,
    Overdue,
    InTime,
    Late,
}

/// So many of a channel.
#[derive(Object)]
pub struct SummaryChannelCount {
    pub channel: Channel,
    pub count: u64,
}

/// So many of a kind of author.
#[derive(Object)]
pub struct SummaryKindCount {
    pub kind: PersonKind,
    pub count: u64,
}

/// The numbers: received = published + not_shown + rejected + withdrawn + pending; counted = adopted + partly_adopted +
/// not_adopted + explained + unanswered.
#[derive(Object)]
pub struct SummaryFigures {
    pub received: u64,
    pub published: u64,
    pub not_shown: u64,
    pub rejected: u64,
    /// By their authors.
    pub withdrawn: u64,
    pub pending: u64,
    pub counted: u64,
    pub adopted: u64,
    pub partly_adopted: u64,
    pub not_adopted: u64,
    pub explained: u64,
    pub unanswered: u64,
    /// Different people; opinions without a contact count each as one.
    pub people: u64,
    pub by_channel: Vec<SummaryChannelCount>,
    pub by_kind: Vec<SummaryKindCount>,
}

/// A line of the table: a topic, or an opinion answered on its own.
#[derive(Object)]
pub struct SummaryRow {
    pub number: u32,
    /// 意见来源
    pub source: String,
    #[oai(skip_serializing_if_is_none)]
    pub topic: Option<String>,
    /// 意见建议
    pub text: String,
    pub opinions: u64,
    pub people: u64,
    /// 较为集中
    pub concentrated: bool,
    #[oai(skip_serializing_if_is_none)]
    pub outcome: Option<Outcome>,
    pub reason: String,
    /// The clause of the final text.
    #[oai(skip_serializing_if_is_none)]
    pub final_clause: Option<String>,
}

/// Another way by which people were heard.
#[derive(Object)]
pub struct SummaryWay {
    pub kind: StepKind,
    pub on: NaiveDate,
    pub note: String,
}

/// Why a published summary was corrected.
#[derive(Object)]
pub struct SummaryCorrection {
    pub version: i32,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// A line of the public list.
#[derive(Object)]
pub struct SummaryListItem {
    /// The consultation's code.
    pub code: String,
    pub decision_title: String,
    pub received: u64,
    pub punctual: SummaryPunctual,
    #[oai(skip_serializing_if_is_none)]
    pub due_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
pub struct SummaryList {
    pub total: u64,
    pub items: Vec<SummaryListItem>,
}

/// A published summary.
#[derive(Object)]
pub struct SummaryPublic {
    pub code: String,
    pub decision: String,
    pub version: i32,
    pub title: String,
    pub department: String,
    pub participation: String,
    pub overview: String,
    pub ways: Vec<SummaryWay>,
    pub figures: SummaryFigures,
    pub rows: Vec<SummaryRow>,
    pub corrections: Vec<SummaryCorrection>,
    pub punctual: SummaryPunctual,
    #[oai(skip_serializing_if_is_none)]
    pub due_on: Option<NaiveDate>,
    pub published_at: DateTime<Utc>,
    /// SHA-256 of title and text, hex.
    pub content_hash: String,
}

/// A summary being written.
#[derive(Object)]
pub struct SummaryDraft {
    pub state: SummaryState,
    pub title: String,
    pub participation: String,
    pub overview: String,
    /// Edited by hand: not written again from the facts unless asked.
    pub participation_edited: bool,
    pub overview_edited: bool,
    /// What was submitted, for the approval.
    #[oai(skip_serializing_if_is_none)]
    pub submitted_hash: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub returned_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub correction_reason: Option<String>,
    pub revision: i32,
    pub figures: SummaryFigures,
    pub rows: Vec<SummaryRow>,
}

/// From which step on a condition holds.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
pub enum SummaryStep {
    Submit,
    Publish,
}

/// Where to mend it: an opinion or a topic.
#[derive(Object)]
pub struct SummaryLink {
    #[oai(skip_serializing_if_is_none)]
    pub opinion: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub topic: Option<TopicId>,
}

/// One condition, with the exact difference.
#[derive(Object)]
pub struct SummaryCheck {
    pub key: String,
    pub needed_for: SummaryStep,
    pub ok: bool,
    pub message: String,
    pub message_en: String,
    pub links: Vec<SummaryLink>,
}

/// Whether the summary may be submitted and published, and what is missing.
#[derive(Object)]
pub struct SummaryGate {
    pub may_submit: bool,
    pub may_publish: bool,
    pub checks: Vec<SummaryCheck>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SummaryGenerateIn {
    /// Also write over what was edited by hand.
    #[oai(default)]
    pub overwrite: bool,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SummaryPatch {
    #[oai(validator(min_length = 1, max_length = 20000))]
    pub participation: Option<String>,
    #[oai(validator(min_length = 1, max_length = 20000))]
    pub overview: Option<String>,
    /// The revision that was read; another one is answered with 412.
    pub revision: Option<i32>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SummaryApproveIn {
    /// `submitted_hash` of what was read; another one is answered with 412.
    pub hash: Option<String>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SummaryReasonIn {
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub reason: String,
}

pub fn figures(c: &Content) -> SummaryFigures {
    let (f, o) = (&c.figures, &c.figures.outcomes);
    SummaryFigures {
        received: f.received,
        published: f.published,
        not_shown: f.not_shown,
        rejected: f.rejected,
        withdrawn: f.withdrawn,
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

pub fn row(r: &Row) -> SummaryRow {
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

pub fn in_time(p: Punctual) -> SummaryPunctual {
    match p {
        Punctual::NotDue => SummaryPunctual::NotDue,
        Punctual::Waiting => SummaryPunctual::Waiting,
        Punctual::Overdue => SummaryPunctual::Overdue,
        Punctual::InTime => SummaryPunctual::InTime,
        Punctual::Late => SummaryPunctual::Late,
    }
}

pub fn item(app: &App, line: Line) -> SummaryListItem {
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

pub fn public(found: list::Public, snapshot: Snapshot) -> SummaryPublic {
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

pub fn draft_out(work: &Work) -> Result<Json<SummaryDraft>, Problem> {
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

pub fn check(c: &Check) -> SummaryCheck {
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
