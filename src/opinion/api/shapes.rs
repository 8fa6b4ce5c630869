//! What the API of opinions takes and gives.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AppealState, Channel, OpinionState, Outcome, PersonKind, ReasonCode, ShowAs};
use entity::id::{ClauseId, OpinionId};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};

use crate::app::App;
use crate::attachment::api::{AttachmentOut, attachment_out};
use crate::opinion::batch::{Found, Wrong};
use crate::opinion::state::State;
use crate::opinion::words::{reason_words, state_words};
use crate::opinion::{Counts, Quote, Receipt, wording};

/// Where to send the code that an opinion needs.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct OpinionContactIn {
    /// E-mail address, or mobile number of 11 digits.
    pub contact: String,
    /// It is the contact of the guardian of somebody under fourteen.
    #[oai(default)]
    pub guardian: bool,
}

/// An opinion on a draft.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct OpinionIn {
    /// The clause it speaks on; without it, the whole draft.
    pub clause_id: Option<ClauseId>,
    /// Counted in characters; the limit is a setting (2000 by default).
    pub text: String,
    /// The words the clause should have (修改建议稿); `text` may then be empty. Counted for itself; needs `clause_id`.
    #[oai(default)]
    pub wording: String,
    /// Name or alias.
    #[oai(default)]
    pub name: String,
    /// E-mail address or phone number; encrypted, never shown.
    #[oai(default)]
    pub contact: String,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
    /// Tickets of uploads, in their order.
    #[oai(default)]
    pub files: Vec<String>,
    /// The rules and the privacy notice were read and accepted (留言须知).
    pub consent: bool,
    /// The version of the consent text that was shown; without it the newest is agreed to.
    #[oai(skip_serializing_if_is_none)]
    pub consent_version: Option<i32>,
    /// Where the consultation asks for a verified contact: what asking for the code gave.
    #[oai(skip_serializing_if_is_none)]
    pub contact_ticket: Option<String>,
    /// For somebody under fourteen: the name of the guardian who agrees (个保法 Art. 31). The contact is the
    /// guardian's and must be verified.
    #[oai(skip_serializing_if_is_none)]
    pub guardian: Option<String>,
    /// The six digits that were sent.
    #[oai(skip_serializing_if_is_none)]
    pub contact_code: Option<String>,
}

/// What is said on one clause, or on the whole draft.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SubmissionPartIn {
    /// Each clause once; without it, the whole draft.
    pub clause_id: Option<ClauseId>,
    #[oai(default)]
    pub text: String,
    /// The words the clause should have; needs `clause_id`.
    #[oai(default)]
    pub wording: String,
}

/// Opinions on several clauses by one person.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SubmissionIn {
    /// At most 40.
    pub parts: Vec<SubmissionPartIn>,
    #[oai(default)]
    pub name: String,
    /// E-mail address or phone number; encrypted, never shown.
    #[oai(default)]
    pub contact: String,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
    /// The rules and the privacy notice were read and accepted (留言须知).
    pub consent: bool,
    /// The version of the consent text that was shown; without one, the newest is meant.
    #[oai(skip_serializing_if_is_none)]
    pub consent_version: Option<i32>,
    /// Where the consultation asks for a verified contact: what asking for the code gave.
    #[oai(skip_serializing_if_is_none)]
    pub contact_ticket: Option<String>,
    /// The six digits that were sent.
    #[oai(skip_serializing_if_is_none)]
    pub contact_code: Option<String>,
    /// For somebody under fourteen: the name of the guardian who agrees (个保法 Art. 31).
    #[oai(skip_serializing_if_is_none)]
    pub guardian: Option<String>,
}

/// Proof of receipt of several opinions.
#[derive(Object)]
pub struct SubmissionReceipt {
    /// Lookup code (查询码) of all of them together.
    pub lookup_code: String,
    /// One a part, in the order they were sent.
    pub opinions: Vec<OpinionReceipt>,
}

#[derive(ApiResponse)]
pub enum SubmissionReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<SubmissionReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<SubmissionReceipt>),
}

/// An opinion of a submission.
#[derive(Object)]
pub struct SubmissionPartOut {
    pub number: String,
    /// Its own lookup code: the key to its whole state.
    pub lookup_code: String,
    #[oai(skip_serializing_if_is_none)]
    pub clause: Option<String>,
    pub state: OpinionState,
    pub text: String,
}

/// What came in one submission.
#[derive(Object)]
pub struct SubmissionOut {
    pub consultation: String,
    pub opinions: Vec<SubmissionPartOut>,
}

/// An opinion taken down by staff.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct RecordedOpinionIn {
    pub clause_id: Option<ClauseId>,
    pub text: String,
    /// The words the clause should have; needs `clause_id`.
    #[oai(default)]
    pub wording: String,
    #[oai(default)]
    pub name: String,
    #[oai(default)]
    pub contact: String,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
    /// Tickets of uploads: scans, photographs.
    #[oai(default)]
    pub files: Vec<String>,
    /// How it came; not `site`.
    pub channel: Channel,
    /// The day it reached the bureau, within the consultation.
    pub received_on: NaiveDate,
}

/// A returned opinion, revised.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct OpinionRevisionIn {
    pub text: String,
}

/// An objection to a review.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct AppealIn {
    /// At most 1000 characters.
    pub reason: String,
}

/// An objection that was made.
#[derive(Object)]
pub struct AppealOut {
    pub state: AppealState,
    pub reason: String,
    pub created_at: DateTime<Utc>,
    /// Last day for deciding it, while it waits.
    #[oai(skip_serializing_if_is_none)]
    pub decide_by: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub decided_at: Option<DateTime<Utc>>,
    /// What the author is told.
    pub answer: String,
}

/// How many opinions stand where.
#[derive(Object)]
pub struct OpinionCounts {
    pub received: u64,
    pub published: u64,
    /// Waiting for review.
    pub pending: u64,
    /// Not shown, or sent back for changes; counted and dealt with all the same.
    pub withheld: u64,
    /// Not accepted.
    pub rejected: u64,
    /// Taken back by their authors (作者撤回); no longer counted.
    pub withdrawn: u64,
}

#[derive(Object)]
pub struct ChannelFigures {
    pub channel: Channel,
    pub counts: OpinionCounts,
}

#[derive(Object)]
pub struct NotShownFigures {
    /// Left out where reasons with fewer than 3 cases stand together, until the consultation closes.
    #[oai(skip_serializing_if_is_none)]
    pub reason_code: Option<ReasonCode>,
    /// Dealt with all the same; otherwise not accepted.
    pub counted: bool,
    pub opinions: u64,
}

#[derive(Object)]
pub struct AppealFigures {
    pub open: u64,
    pub upheld: u64,
    pub overturned: u64,
}

/// How the opinions of a consultation were handled; it adds up.
#[derive(Object)]
pub struct FairnessOut {
    pub counts: OpinionCounts,
    /// Of those published, how many without their personal data (隐去个人信息).
    pub redacted: u64,
    /// Of all, how many came in floods (集中涌入); they are reviewed and counted like all others.
    pub in_floods: u64,
    pub channels: Vec<ChannelFigures>,
    pub not_shown: Vec<NotShownFigures>,
    pub appeals: AppealFigures,
    /// Who filled in the questionnaire beside it; in no other figure here. Missing where there is none.
    #[oai(skip_serializing_if_is_none)]
    pub questionnaire_responses: Option<u64>,
}

/// A table of opinions that did not come over the site.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct OpinionBatchIn {
    /// CSV, or cells with tabs between them; the first row names the columns: `text` (意见内容), `name`,
    /// `contact`, `person_kind`, `show_as`, `channel`, `received_on`, `clause`.
    pub table: String,
    /// How those came that do not say it themselves.
    #[oai(skip_serializing_if_is_none)]
    pub channel: Option<Channel>,
    /// When those came that do not say it themselves.
    #[oai(skip_serializing_if_is_none)]
    pub received_on: Option<NaiveDate>,
    /// Only say what would be registered.
    #[oai(default = "yes")]
    pub dry_run: bool,
}

/// A row that is left out, and why.
#[derive(Object)]
pub struct OpinionBatchWrong {
    pub row: u32,
    pub messages: Vec<String>,
    pub messages_en: Vec<String>,
}

/// What a table brought, or would bring.
#[derive(Object)]
pub struct OpinionBatchOut {
    pub new: usize,
    /// Registered before.
    pub known: usize,
    pub wrong: Vec<OpinionBatchWrong>,
    pub dry_run: bool,
}

/// Proof of receipt.
#[derive(Object)]
pub struct OpinionReceipt {
    /// Acceptance number (受理编号).
    pub number: String,
    /// Lookup code (查询码): the key to the state of the opinion.
    pub lookup_code: String,
    pub received_at: DateTime<Utc>,
    /// Last day of the review, until 24:00 in Asia/Shanghai.
    pub review_by: NaiveDate,
    /// Where to follow it.
    pub state_url: String,
}

#[derive(ApiResponse)]
pub enum OpinionReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<OpinionReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<OpinionReceipt>),
}

/// What everybody may read of an opinion.
#[derive(Object)]
pub struct PublishedOpinion {
    pub id: OpinionId,
    pub number: String,
    #[oai(skip_serializing_if_is_none)]
    pub clause_id: Option<ClauseId>,
    /// By the author's choice: a name, 张*, or 匿名.
    pub name: String,
    pub person_kind: PersonKind,
    pub channel: Channel,
    pub received_on: NaiveDate,
    pub published_at: DateTime<Utc>,
    /// 赞同: how many devices support it; neither votes nor people.
    pub supports: u64,
    /// 【已隐去】 stands for what was removed.
    pub text: String,
    /// Those that everybody may see.
    pub attachments: Vec<AttachmentOut>,
    /// The words it proposes for its clause; `text` holds them too, under 【建议修改为】.
    #[oai(skip_serializing_if_is_none)]
    pub wording: Option<String>,
}

/// A reader's support of an opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SupportIn {
    /// `false` takes it back.
    #[oai(default = "yes")]
    pub support: bool,
    /// What an earlier answer called `device`; left out for a new one.
    #[oai(skip_serializing_if_is_none)]
    pub device: Option<String>,
}

/// How an opinion is supported: devices are counted, neither votes nor people.
#[derive(Object)]
pub struct SupportOut {
    pub supports: u64,
    /// By this device.
    pub mine: bool,
    /// Signed by this site; needed to take the support back.
    pub device: String,
}

/// Published opinions, newest first.
#[derive(Object)]
pub struct PublishedOpinions {
    pub items: Vec<PublishedOpinion>,
    /// The cursor of the next page; missing on the last.
    #[oai(skip_serializing_if_is_none)]
    pub next: Option<String>,
}

/// Why an opinion is not shown, was returned or not accepted.
#[derive(Object)]
pub struct OpinionReason {
    pub code: ReasonCode,
    pub words: String,
    pub words_en: String,
    pub note: String,
    pub at: DateTime<Utc>,
}

/// What became of an opinion.
#[derive(Object)]
pub struct OpinionOutcome {
    pub outcome: Outcome,
    pub reason: String,
    #[oai(skip_serializing_if_is_none)]
    pub topic: Option<String>,
    /// The clause of the final text that changed.
    #[oai(skip_serializing_if_is_none)]
    pub final_clause: Option<String>,
}

/// Where an opinion stands, for who holds its lookup code.
#[derive(Object)]
pub struct OpinionStateOut {
    pub number: String,
    pub consultation: String,
    pub consultation_title: String,
    #[oai(skip_serializing_if_is_none)]
    pub clause: Option<String>,
    pub channel: Channel,
    pub show_as: ShowAs,
    pub received_at: DateTime<Utc>,
    pub state: OpinionState,
    pub state_words: String,
    pub state_words_en: String,
    pub review_by: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub reviewed_at: Option<DateTime<Utc>>,
    /// As received; never changed.
    pub text: String,
    /// The words it proposes for its clause now; the text holds them too, under 【建议修改为】.
    #[oai(skip_serializing_if_is_none)]
    pub wording: Option<String>,
    /// The author's last revision.
    #[oai(skip_serializing_if_is_none)]
    pub revised_text: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub public_text: Option<String>,
    pub attachments: Vec<AttachmentOut>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<OpinionReason>,
    /// The author's objection to the review.
    #[oai(skip_serializing_if_is_none)]
    pub appeal: Option<AppealOut>,
    /// Last day for an objection, where one is possible.
    #[oai(skip_serializing_if_is_none)]
    pub may_appeal_until: Option<NaiveDate>,
    /// Whether its author may take it back.
    pub may_withdraw: bool,
    /// Whether it was grouped with others or is being studied.
    pub taken_up: bool,
    /// Once the answer is published.
    #[oai(skip_serializing_if_is_none)]
    pub outcome: Option<OpinionOutcome>,
}

fn yes() -> bool {
    true
}

pub fn batch_out(found: Found, dry_run: bool) -> OpinionBatchOut {
    let say =
        |w: &Wrong, of: fn(&crate::problem::Words) -> &str| w.why.iter().map(|w| of(w).to_owned()).collect();
    let wrong = found.wrong.iter().map(|w| OpinionBatchWrong {
        row: w.line,
        messages: say(w, |w| &w.zh),
        messages_en: say(w, |w| &w.en),
    });
    OpinionBatchOut { new: found.new.len(), known: found.known, wrong: wrong.collect(), dry_run }
}

pub fn submission_part(
    o: entity::opinion::Model,
    clause: Option<String>,
    lookup_code: String,
) -> SubmissionPartOut {
    // Whether a second moderator looks at it is the house's business.
    let state = if o.state == OpinionState::AwaitingSecond { OpinionState::Pending } else { o.state };
    SubmissionPartOut { number: o.number, lookup_code, clause, state, text: o.text }
}

pub fn counts_out(c: Counts) -> OpinionCounts {
    OpinionCounts {
        received: c.received(),
        published: c.published,
        pending: c.pending,
        withheld: c.withheld,
        rejected: c.rejected,
        withdrawn: c.withdrawn,
    }
}

pub fn receipt_out(app: &App, receipt: Receipt) -> OpinionReceipt {
    let code = receipt.code.grouped();
    OpinionReceipt {
        number: receipt.number,
        state_url: format!("{}/receipts/{code}", app.config.base_url()),
        lookup_code: code,
        received_at: receipt.received_at,
        review_by: receipt.review_by,
    }
}

pub fn state_out(s: State) -> OpinionStateOut {
    // Whether a second moderator looks at it is the house's business.
    let state = match s.opinion.state {
        OpinionState::AwaitingSecond => OpinionState::Pending,
        state => state,
    };
    let words = state_words(state);
    let outcome = s.answer.response.map(|r| OpinionOutcome {
        outcome: r.outcome,
        reason: r.reason,
        topic: s.answer.topic.map(|t| t.title),
        final_clause: s.answer.final_clause,
    });
    let files = format!("/receipts/{}", s.code.grouped());
    OpinionStateOut {
        attachments: s.files.iter().map(|f| attachment_out(&files, f, true)).collect(),
        number: s.opinion.number,
        consultation: s.consultation.code,
        consultation_title: s.consultation.title,
        clause: s.clause.as_ref().map(Quote::label),
        channel: s.opinion.channel,
        show_as: s.opinion.show_as,
        received_at: s.opinion.received_at,
        state,
        state_words: words.zh.into_owned(),
        state_words_en: words.en.into_owned(),
        review_by: s.review_by,
        reviewed_at: s.opinion.reviewed_at,
        wording: s.clause.as_ref().and(wording::split(&s.text).1).map(str::to_owned),
        revised_text: Some(s.text).filter(|t| *t != s.opinion.text),
        text: s.opinion.text,
        public_text: s.opinion.public_text,
        published_at: s.opinion.published_at,
        reason: s.reason.map(|r| {
            let words = reason_words(r.code);
            OpinionReason {
                code: r.code,
                words: words.zh.into_owned(),
                words_en: words.en.into_owned(),
                note: r.note,
                at: r.at,
            }
        }),
        appeal: s.appeal.map(|a| AppealOut {
            state: a.state,
            reason: a.reason,
            created_at: a.created_at,
            decide_by: s.appeal_due,
            decided_at: a.decided_at,
            answer: a.answer,
        }),
        may_appeal_until: s.may_appeal_until,
        may_withdraw: s.may_withdraw,
        taken_up: s.answer.taken_up,
        outcome,
    }
}
