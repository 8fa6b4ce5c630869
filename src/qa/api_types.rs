//! What the API says of sessions and questions, and takes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::department::Model as Department;
use entity::enums::{MessageReason, QuestionState};
use entity::id::DepartmentId;
use entity::qa_guest::Model as GuestRow;
use entity::qa_question::Model as Question;
use entity::qa_session::Model;
use poem_openapi::{Enum, Object};

use super::read::{Case, Counts, Shown};
use super::state::State;
use super::words::{reason_words, state_words};
use super::{Content, Guest, Receipt, Stage, stage};
use crate::app::App;
use crate::moderation::advice::Finding;
use crate::problem::Problem;

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum QaStage {
    Draft,
    /// Questions are not taken yet.
    Announced,
    Collecting,
    Live,
    Ended,
    Cancelled,
}

impl From<Stage> for QaStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Draft => Self::Draft,
            Stage::Announced => Self::Announced,
            Stage::Collecting => Self::Collecting,
            Stage::Live => Self::Live,
            Stage::Ended => Self::Ended,
            Stage::Cancelled => Self::Cancelled,
        }
    }
}

/// A department at the table.
#[derive(Object)]
pub struct QaGuestOut {
    pub department_id: DepartmentId,
    pub department: String,
    /// Who speaks for it; may be empty.
    pub person: String,
}

/// A session of online questions and answers (网络问政).
#[derive(Object)]
pub struct QaSessionOut {
    pub code: String,
    pub stage: QaStage,
    pub department_id: DepartmentId,
    pub title: String,
    pub theme: String,
    pub guests: Vec<QaGuestOut>,
    /// From when on questions are taken.
    pub opens_at: DateTime<Utc>,
    pub begins_at: DateTime<Utc>,
    /// Questions are taken until then.
    pub ends_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    pub cancelled_reason: Option<String>,
    /// Questions received.
    pub received: i32,
    /// Counts what changed for the public.
    pub version: i32,
    /// Give it back with a change.
    pub revision: i32,
    /// The page for people.
    pub url: String,
}

pub fn session_out(
    app: &App,
    s: &Model,
    guests: &[GuestRow],
    names: &HashMap<DepartmentId, String>,
) -> QaSessionOut {
    let guest = |g: &GuestRow| QaGuestOut {
        department_id: g.department_id,
        department: names.get(&g.department_id).cloned().unwrap_or_default(),
        person: g.person.clone(),
    };
    QaSessionOut {
        code: s.code.clone(),
        stage: stage(s, app.now()).into(),
        department_id: s.department_id,
        title: s.title.clone(),
        theme: s.theme.clone(),
        guests: guests.iter().map(guest).collect(),
        opens_at: s.opens_at,
        begins_at: s.begins_at,
        ends_at: s.ends_at,
        published_at: s.published_at,
        cancelled_reason: s.cancelled_reason.clone(),
        received: s.issued,
        version: s.version,
        revision: s.revision,
        url: format!("{}{}", app.config.base_url(), super::path(&s.code)),
    }
}

/// A question as everybody reads it, with its answer once there is one.
#[derive(Object)]
pub struct QaPublicQuestion {
    /// In the order of arrival; numbers between are not public.
    pub number: i32,
    /// 张*, or 匿名.
    pub name: String,
    /// 【已隐去】 stands for what was removed.
    pub text: String,
    pub received_at: DateTime<Utc>,
    /// The department that answers.
    pub department: String,
    #[oai(skip_serializing_if_is_none)]
    pub answer: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub answered_at: Option<DateTime<Utc>>,
}

/// A session with its public questions, in the order of arrival.
#[derive(Object)]
pub struct QaTranscript {
    pub session: QaSessionOut,
    pub counts: QaCounts,
    pub questions: Vec<QaPublicQuestion>,
}

/// How many questions stand where.
#[derive(Object)]
pub struct QaCounts {
    pub pending: u64,
    pub published: u64,
    pub answered: u64,
    pub rejected: u64,
}

impl From<Counts> for QaCounts {
    fn from(c: Counts) -> Self {
        Self { pending: c.pending, published: c.published, answered: c.answered, rejected: c.rejected }
    }
}

pub fn transcript_out(app: &App, s: &Shown) -> QaTranscript {
    let question = |q: &Question| QaPublicQuestion {
        number: q.number,
        name: q.public_name.clone().unwrap_or_default(),
        text: q.public_text.clone().unwrap_or_default(),
        received_at: q.received_at,
        department: q.department_id.and_then(|d| s.names.get(&d).cloned()).unwrap_or_default(),
        answer: q.answer.clone(),
        answered_at: q.answered_at,
    };
    QaTranscript {
        session: session_out(app, &s.session, &s.guests, &s.names),
        counts: s.counts.into(),
        questions: s.questions.iter().map(question).collect(),
    }
}

/// Sessions to come and under way, or past ones.
#[derive(Object)]
pub struct QaSessions {
    pub items: Vec<QaSessionOut>,
    /// The number of the next page of past sessions; missing on the last.
    #[oai(skip_serializing_if_is_none)]
    pub next: Option<u64>,
}

/// A question of one's own.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaAskIn {
    /// At most 500 characters; one matter.
    pub text: String,
    #[oai(default)]
    pub name: String,
    /// E-mail address, to be told of every step; encrypted, never shown.
    #[oai(default)]
    pub contact: String,
    /// The rules and the privacy notice were read and accepted (留言须知).
    pub consent: bool,
}

/// Proof of receipt.
#[derive(Object)]
pub struct QaReceipt {
    pub number: String,
    /// Lookup code (查询码): the key to its state and answer.
    pub lookup_code: String,
    pub received_at: DateTime<Utc>,
    pub state_url: String,
}

pub fn receipt_out(app: &App, r: &Receipt) -> QaReceipt {
    let code = r.code.grouped();
    QaReceipt {
        number: r.number.clone(),
        received_at: r.received_at,
        state_url: format!("{}{}/{code}", app.config.base_url(), web::path::QA_RECEIPTS),
        lookup_code: code,
    }
}

/// Why a question was not published.
#[derive(Object)]
pub struct QaRefusal {
    pub code: MessageReason,
    pub words: String,
    pub words_en: String,
    pub note: String,
}

fn refusal(q: &Question) -> Option<QaRefusal> {
    let words = reason_words(q.reason?);
    Some(QaRefusal {
        code: q.reason?,
        words: words.zh.into_owned(),
        words_en: words.en.into_owned(),
        note: q.reason_note.clone(),
    })
}

/// Where a question stands, for who holds its lookup code.
#[derive(Object)]
pub struct QaStateOut {
    pub number: String,
    pub session: String,
    pub session_title: String,
    pub text: String,
    pub received_at: DateTime<Utc>,
    pub state: QuestionState,
    pub state_words: String,
    pub state_words_en: String,
    #[oai(skip_serializing_if_is_none)]
    pub department: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub refusal: Option<QaRefusal>,
    #[oai(skip_serializing_if_is_none)]
    pub answer: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub answered_at: Option<DateTime<Utc>>,
    /// Last day for the answer, where the session left it open.
    #[oai(skip_serializing_if_is_none)]
    pub answer_by: Option<NaiveDate>,
}

pub fn state_out(s: &State) -> QaStateOut {
    let (q, words) = (&s.question, state_words(s.question.state));
    QaStateOut {
        number: super::number(&s.session.code, q.number),
        session: s.session.code.clone(),
        session_title: s.session.title.clone(),
        text: s.text.clone(),
        received_at: q.received_at,
        state: q.state,
        state_words: words.zh.into_owned(),
        state_words_en: words.en.into_owned(),
        department: s.department.clone(),
        refusal: refusal(q),
        answer: q.answer.clone(),
        answered_at: q.answered_at,
        answer_by: s.answer_by,
    }
}

/// A department at the table, as the organiser writes it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaGuestIn {
    /// Key of the department.
    pub department: String,
    #[oai(default)]
    pub person: String,
}

/// A session as its organiser writes it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaSessionIn {
    /// Key of the department that holds it.
    pub department: String,
    pub title: String,
    pub theme: String,
    pub guests: Vec<QaGuestIn>,
    /// From when on questions are taken; without it, at once.
    pub opens_at: Option<DateTime<Utc>>,
    pub begins_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// The revision that was read; without it, whatever stands now is changed.
    pub revision: Option<i32>,
}

impl QaSessionIn {
    /// # Errors
    /// `invalid` for a department that is not there.
    pub fn content(self, all: &[Department]) -> Result<Content, Problem> {
        let find = |field: &'static str, key: &str| {
            let found = all.iter().find(|d| d.key == key).map(|d| d.id);
            found.ok_or_else(|| Problem::invalid(field, "没有这个单位", "There is no such department"))
        };
        let guests = self.guests.into_iter().map(|g| {
            Ok(Guest { department_id: find("guests", &g.department)?, person: crate::text::tidy(&g.person) })
        });
        Ok(Content {
            department_id: find("department", &self.department)?,
            title: crate::text::tidy(&self.title),
            theme: crate::text::tidy(&self.theme),
            guests: guests.collect::<Result<_, Problem>>()?,
            opens_at: self.opens_at,
            begins_at: self.begins_at,
            ends_at: self.ends_at,
        })
    }
}

/// Why a session is called off.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaCancelIn {
    /// Published, and mailed to who asked.
    pub reason: String,
}

/// A question in the list of the desk.
#[derive(Object)]
pub struct QaDeskItem {
    pub number: i32,
    pub state: QuestionState,
    pub text: String,
    pub received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub department: Option<String>,
}

/// The questions of a session.
#[derive(Object)]
pub struct QaDeskOut {
    pub counts: QaCounts,
    pub items: Vec<QaDeskItem>,
}

/// A passage that a machine noticed; characters of the text.
#[derive(Object)]
pub struct QaFinding {
    pub kind: String,
    pub start: u32,
    pub end: u32,
}

/// A question on the desk.
#[derive(Object)]
pub struct QaDeskQuestion {
    pub number: i32,
    pub state: QuestionState,
    pub text: String,
    pub findings: Vec<QaFinding>,
    #[oai(skip_serializing_if_is_none)]
    pub name_masked: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub contact_masked: Option<String>,
    pub received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub public_text: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub refusal: Option<QaRefusal>,
    #[oai(skip_serializing_if_is_none)]
    pub answer: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub due_on: Option<NaiveDate>,
}

pub fn case_out(c: Case) -> QaDeskQuestion {
    let chars = |bytes: usize| u32::try_from(c.text[..bytes].chars().count()).unwrap_or(u32::MAX);
    let finding = |f: &Finding| QaFinding {
        kind: format!("{:?}", f.kind).to_lowercase(),
        start: chars(f.start),
        end: chars(f.end),
    };
    QaDeskQuestion {
        number: c.question.number,
        state: c.question.state,
        findings: c.findings.iter().map(finding).collect(),
        name_masked: c.name_masked,
        contact_masked: c.contact_masked,
        received_at: c.question.received_at,
        public_text: c.question.public_text.clone(),
        refusal: refusal(&c.question),
        answer: c.question.answer.clone(),
        due_on: c.duty.map(|d| d.due_on),
        text: c.text,
    }
}

/// A question is published and given to a department at the table.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaPublishQuestionIn {
    /// Key of the department that answers.
    pub department: String,
    /// The author's words, with passages replaced by 【已隐去】 at most; without it, as they are.
    pub public_text: Option<String>,
}

/// A question is not published, or taken down.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaRejectIn {
    pub reason: MessageReason,
    /// Told to the author; needed where the reason alone does not help on.
    #[oai(default)]
    pub note: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaRouteIn {
    /// Key of the department that answers.
    pub department: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QaAnswerIn {
    /// Public at once.
    pub answer: String,
}
