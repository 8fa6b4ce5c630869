//! What the API of consultations takes and gives.

use chrono::{DateTime, NaiveDate, Utc};
use entity::consultation::Model;
use entity::consultation_extension as extension;
use entity::enums::IdentityLevel;
use entity::id::DocumentId;
use poem_openapi::{Enum, Object};

use super::{Content, Listed, Stage, days, days_left, explain, stage};
use crate::app::App;
use crate::calendar::civil;
use crate::document::api::{ClauseOut, VersionOut};

/// Where a consultation stands.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "ConsultationStage", rename_all = "snake_case")]
pub enum StageOut {
    /// Not published.
    Draft,
    /// 即将开始
    Upcoming,
    /// 征集中
    Open,
    /// 已结束
    Closed,
    /// 已反馈
    Answered,
}

impl StageOut {
    fn of(app: &App, c: &Model, answered: bool) -> Self {
        match stage(c, app.now()) {
            _ if answered => Self::Answered,
            Stage::Draft => Self::Draft,
            Stage::Announced => Self::Upcoming,
            Stage::Open => Self::Open,
            Stage::Closed => Self::Closed,
        }
    }
}

/// Which consultations to list.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "ConsultationFilter", rename_all = "snake_case")]
pub enum FilterIn {
    Open,
    Closed,
    Answered,
}

/// The end, and how it was counted.
#[derive(Object)]
#[oai(rename = "ConsultationDeadline")]
pub struct Deadline {
    /// Last day, Asia/Shanghai.
    closes_on: NaiveDate,
    /// The first instant at which opinions are no longer taken.
    closes_at: DateTime<Utc>,
    /// Length in days; the first day does not count.
    days: i64,
    /// Days left; the last day is 0. Missing once it is over.
    #[oai(skip_serializing_if_is_none)]
    days_left: Option<i64>,
    /// 还剩 N 天，截止 2026年3月5日 24:00（北京时间）
    words: String,
    words_en: String,
    explanation: String,
    explanation_en: String,
}

impl Deadline {
    fn of(app: &App, c: &Model) -> Self {
        let left = days_left(c, app.today());
        let (zh, en) = (civil::zh_deadline(c.closes_on), civil::en_deadline(c.closes_on));
        let (words, words_en) = match (stage(c, app.now()), left) {
            (Stage::Closed, _) => (format!("已于 {zh} 截止"), format!("Closed: {en}")),
            (Stage::Announced, _) => (
                format!("{} 开始，截止 {zh}", civil::zh_date(c.opens_on)),
                format!("Opens on {}, until {en}", civil::en_date(c.opens_on)),
            ),
            (_, 0) => (format!("今天截止，{zh}"), format!("Closes today, {en}")),
            (_, left) => (format!("还剩 {left} 天，截止 {zh}"), format!("{left} day(s) left, until {en}")),
        };
        let why = explain(c.opens_on, c.closes_on);
        Self {
            closes_on: c.closes_on,
            closes_at: civil::end_of_day(c.closes_on),
            days: days(c.opens_on, c.closes_on),
            days_left: (left >= 0).then_some(left),
            words,
            words_en,
            explanation: why.zh.into_owned(),
            explanation_en: why.en.into_owned(),
        }
    }
}

/// A consultation in a list.
#[derive(Object)]
#[oai(rename = "ConsultationItem")]
pub struct ItemOut {
    code: String,
    title: String,
    stage: StageOut,
    decision_code: String,
    department: String,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    closes_at: DateTime<Utc>,
}

impl ItemOut {
    pub fn new(app: &App, listed: &Listed) -> Self {
        let c = &listed.consultation;
        let about = listed.about.as_ref();
        Self {
            code: c.code.clone(),
            title: c.title.clone(),
            stage: StageOut::of(app, c, listed.answered),
            decision_code: about.map(|a| a.decision_code.clone()).unwrap_or_default(),
            department: about.map(|a| a.department.clone()).unwrap_or_default(),
            opens_on: c.opens_on,
            closes_on: c.closes_on,
            closes_at: civil::end_of_day(c.closes_on),
        }
    }
}

/// A page of consultations.
#[derive(Object)]
#[oai(rename = "ConsultationPage")]
pub struct PageOut {
    pub items: Vec<ItemOut>,
    /// The next page, if there is one.
    #[oai(skip_serializing_if_is_none)]
    pub next_page: Option<u64>,
    pub total: i64,
}

/// The ways to speak beside this site; letters and calls count the same.
#[derive(Object)]
#[oai(rename = "ConsultationChannels")]
pub struct ChannelsOut {
    /// Where opinions are sent online.
    site: String,
    address: String,
    postcode: String,
    email: String,
    phone: String,
    contact_name: String,
}

/// The end moved later.
#[derive(Object)]
#[oai(rename = "ConsultationExtension")]
pub struct ExtensionOut {
    old_closes_on: NaiveDate,
    new_closes_on: NaiveDate,
    reason: String,
    published_at: DateTime<Utc>,
}

impl From<&extension::Model> for ExtensionOut {
    fn from(e: &extension::Model) -> Self {
        Self {
            old_closes_on: e.old_closes_on,
            new_closes_on: e.new_closes_on,
            reason: e.reason.clone(),
            published_at: e.published_at,
        }
    }
}

/// The texts of a consultation.
#[derive(Object)]
#[oai(rename = "ConsultationDocuments")]
pub struct DocumentsOut {
    pub draft: VersionOut,
    #[oai(skip_serializing_if_is_none)]
    pub explanation: Option<VersionOut>,
    #[oai(skip_serializing_if_is_none)]
    pub basis: Option<VersionOut>,
}

/// A consultation with everything it says.
#[derive(Object)]
#[oai(rename = "Consultation")]
pub struct ConsultationOut {
    code: String,
    title: String,
    stage: StageOut,
    decision_code: String,
    department: String,
    notice: String,
    /// 通俗解读: what it means in plain words; paragraphs, and lines of a list that begin with a dash. May be empty.
    plain: String,
    opens_on: NaiveDate,
    deadline: Deadline,
    /// Why the window is shorter than the rule asks for.
    #[oai(skip_serializing_if_is_none)]
    short_reason: Option<String>,
    /// What is verified of who speaks.
    identity: IdentityLevel,
    channels: ChannelsOut,
    extensions: Vec<ExtensionOut>,
    documents: DocumentsOut,
    /// The draft, clause by clause.
    clauses: Vec<ClauseOut>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
    /// Counts changes, for `revision` in a PATCH.
    revision: i32,
}

/// The parts a consultation is told from.
pub struct Whole {
    pub listed: Listed,
    pub extensions: Vec<extension::Model>,
    pub documents: DocumentsOut,
    pub clauses: Vec<ClauseOut>,
}

impl ConsultationOut {
    pub fn new(app: &App, whole: Whole) -> Self {
        let Whole { listed, extensions, documents, clauses } = whole;
        let c = &listed.consultation;
        let about = listed.about.as_ref();
        Self {
            code: c.code.clone(),
            title: c.title.clone(),
            stage: StageOut::of(app, c, listed.answered),
            decision_code: about.map(|a| a.decision_code.clone()).unwrap_or_default(),
            department: about.map(|a| a.department.clone()).unwrap_or_default(),
            notice: c.notice.clone(),
            plain: c.plain.clone(),
            opens_on: c.opens_on,
            deadline: Deadline::of(app, c),
            short_reason: c.short_reason.clone(),
            identity: c.identity,
            channels: ChannelsOut {
                site: format!("{}/consultations/{}", app.config.base_url(), c.code),
                address: c.address.clone(),
                postcode: c.postcode.clone(),
                email: c.email.clone(),
                phone: c.phone.clone(),
                contact_name: c.contact_name.clone(),
            },
            extensions: extensions.iter().map(ExtensionOut::from).collect(),
            documents,
            clauses,
            published_at: c.published_at,
            revision: c.revision,
        }
    }
}

/// A new consultation. What is left out is filled with what is usual.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "ConsultationIn")]
pub struct ConsultationIn {
    /// Version of the draft; by default the newest.
    #[oai(default)]
    pub document_id: Option<DocumentId>,
    #[oai(default)]
    pub title: Option<String>,
    #[oai(default)]
    pub notice: Option<String>,
    /// 通俗解读
    #[oai(default)]
    pub plain: Option<String>,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    #[oai(default)]
    pub short_reason: Option<String>,
    #[oai(default)]
    pub contact_name: Option<String>,
    #[oai(default)]
    pub address: Option<String>,
    #[oai(default)]
    pub postcode: Option<String>,
    #[oai(default)]
    pub email: Option<String>,
    #[oai(default)]
    pub phone: Option<String>,
    /// What is verified of who speaks; by default as the settings say.
    #[oai(default)]
    pub identity: Option<IdentityLevel>,
}

impl ConsultationIn {
    pub fn content(self, department: entity::department::Model, identity: IdentityLevel) -> Content {
        Content {
            document_id: self.document_id,
            title: self.title.unwrap_or_default(),
            notice: self.notice.unwrap_or_default(),
            plain: self.plain.unwrap_or_default(),
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            short_reason: self.short_reason,
            contact_name: self.contact_name.unwrap_or(department.name),
            address: self.address.unwrap_or(department.address),
            postcode: self.postcode.unwrap_or(department.postcode),
            email: self.email.unwrap_or(department.email),
            phone: self.phone.unwrap_or(department.phone),
            identity: self.identity.unwrap_or(identity),
        }
    }
}

/// Changes to a consultation that is not published; what is left out stays.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "ConsultationPatch")]
pub struct ConsultationPatch {
    /// The revision you saw; another one is answered with 412.
    #[oai(default)]
    pub revision: Option<i32>,
    #[oai(default)]
    document_id: Option<DocumentId>,
    #[oai(default)]
    title: Option<String>,
    #[oai(default)]
    notice: Option<String>,
    #[oai(default)]
    plain: Option<String>,
    #[oai(default)]
    opens_on: Option<NaiveDate>,
    #[oai(default)]
    closes_on: Option<NaiveDate>,
    /// Empty: none.
    #[oai(default)]
    short_reason: Option<String>,
    #[oai(default)]
    contact_name: Option<String>,
    #[oai(default)]
    address: Option<String>,
    #[oai(default)]
    postcode: Option<String>,
    #[oai(default)]
    email: Option<String>,
    #[oai(default)]
    phone: Option<String>,
    #[oai(default)]
    identity: Option<IdentityLevel>,
}

impl ConsultationPatch {
    pub fn content(self, c: Model) -> Content {
        Content {
            document_id: Some(self.document_id.unwrap_or(c.document_id)),
            title: self.title.unwrap_or(c.title),
            notice: self.notice.unwrap_or(c.notice),
            plain: self.plain.unwrap_or(c.plain),
            opens_on: self.opens_on.unwrap_or(c.opens_on),
            closes_on: self.closes_on.unwrap_or(c.closes_on),
            short_reason: self.short_reason.or(c.short_reason),
            contact_name: self.contact_name.unwrap_or(c.contact_name),
            address: self.address.unwrap_or(c.address),
            postcode: self.postcode.unwrap_or(c.postcode),
            email: self.email.unwrap_or(c.email),
            phone: self.phone.unwrap_or(c.phone),
            identity: self.identity.unwrap_or(c.identity),
        }
    }
}

/// A later last day.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "ConsultationExtensionIn")]
pub struct ExtensionIn {
    pub new_closes_on: NaiveDate,
    /// Published.
    pub reason: String,
}

/// A new version of a text that corrects the published one.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "ConsultationCorrectionIn")]
pub struct CorrectionIn {
    pub document_id: DocumentId,
    /// What was corrected and why; published.
    pub notice: String,
}
